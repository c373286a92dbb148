"""Scenes of which a document tells one part and leaves out the public act beside it.

One text alone tells that police drove a crowd off; another tells the crowd, on that day, and not what
became of it. The crowd is known again by an event of both, or by the words of the sentence beside the
act. Invariant: only the document that tells an act vouches for it. This module must not know comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from storyledger.compare.index import (
    PileIndex,
    in_order,
    is_later,
    origin_of,
    plain_stems,
    public_since,
    sentence_number,
)
from storyledger.compare.occurrences import check_tellings, tellings_of
from storyledger.types import Event, Evidence, Omission

MIN_IMPORTANCE = 0.5
PUBLIC_TYPES = ("PROTEST", "COERCE", "ASSAULT", "MOBILIZE")  # anybody on the spot sees these
TELLING = 0.7  # of a stem, by sentence: "gate" is, "port" in a story about a port is not
MIN_SHARED = 2  # stems, one of them telling, by which a scene is known again
MAX_DAYS = 14  # a page of later does not tell the scene but looks back on it

Home = dict[tuple[str, int], list[Event]]  # events by document and sentence
Scenes = Mapping[str, Sequence[tuple[str, Event, frozenset[str]]]]  # document, event and its stems, by telling stem


def find_unseen(events: Sequence[Event], home: Home, fine: Mapping[str, float], index: PileIndex) -> list[Omission]:
    """Return the public acts that one text alone tells of a scene which others tell too.

    Args:
        events: the story's.
        home: events by document and sentence.
        fine: how much each stem tells (``rarity_by_sentence``).
        index: the pile.
    """
    scenes = _index_scenes(events, fine, index)
    return [omission for event in events for omission in _omit_act(event, home, scenes, fine, index)]


def _index_scenes(events: Iterable[Event], fine: Mapping[str, float], index: PileIndex) -> Scenes:
    found: dict[str, list[tuple[str, Event, frozenset[str]]]] = {}
    for event in events:
        if event.type in PUBLIC_TYPES and event.status == "reported" and event.when is not None:
            for place in event.mentions:
                stems = plain_stems(index, place.document, place.start, place.end)
                for stem in sorted(stems):
                    if fine.get(stem, 0.0) >= TELLING:
                        found.setdefault(stem, []).append((place.document, event, stems))
    return found


def _omit_act(
    event: Event, home: Home, scenes: Scenes, fine: Mapping[str, float], index: PileIndex
) -> Iterator[Omission]:
    """The act of one text, left out by those that tell the sentence beside it."""
    places = tellings_of(event, index)
    if event.type not in PUBLIC_TYPES or event.importance < MIN_IMPORTANCE or len(places) != 1:
        return
    place, day = places[0], event.when.earliest if event.when else None
    if day is None or event.status != "reported":
        return
    tellers = _tell_beside(event, place, day, home, index) | _tell_in_words(event, place, day, scenes, fine, index)
    omitted = {d for d in tellers if _could_tell(d, place, day, index)}
    if not omitted:
        return
    rows = tuple(d for d in in_order(index) if d in omitted)
    early = [d for d in in_order(index) if (p := public_since(index.articles[d])) is not None and is_later(day, p)]
    could_not = tuple(d for d in early if d not in rows)
    yield Omission(event.summary, (place,), day, (place.document,), rows, could_not, 0.55)


def _tell_beside(event: Event, place: Evidence, day: str, home: Home, index: PileIndex) -> set[str]:
    """The documents that tell an event of the same day which stands beside the act."""
    number = sentence_number(index, place.document, place.start)
    found: set[str] = set()
    for beside in (number - 1, number, number + 1):
        for other in home.get((place.document, beside), ()):
            if other.id == event.id or other.when is None or other.when.earliest != day or other.status != "reported":
                continue
            documents = {e.document for e in check_tellings(other, tellings_of(other, index), index)}
            found |= documents if place.document in documents else set()
    return found


def _tell_in_words(
    event: Event, place: Evidence, day: str, scenes: Scenes, fine: Mapping[str, float], index: PileIndex
) -> set[str]:
    """The documents that tell a public event of that day in the words of the sentence before or after the act."""
    number = sentence_number(index, place.document, place.start)
    found: set[str] = set()
    for beside in (number - 1, number + 1):
        if not 0 <= beside < len(index.sentences[place.document]):
            continue
        own = plain_stems(index, place.document, *index.sentences[place.document][beside])
        for stem in sorted(own):
            for document, other, stems in scenes.get(stem, ()) if fine.get(stem, 0.0) >= TELLING else ():
                if other.id != event.id and len(own & stems) >= MIN_SHARED and _holds(other, day):
                    found.add(document)
    return found


def _holds(event: Event, day: str) -> bool:
    """Whether the event may have been on ``day``; one without an end may have been on any."""
    when = event.when
    if when is None or when.earliest is None or when.latest is None:
        return False
    return not is_later(when.earliest, day) and not is_later(day, when.latest)


def _could_tell(document: str, place: Evidence, day: str, index: PileIndex) -> bool:
    """Whether a document of another origin came out in the days after the act and has not the act's own words."""
    if document not in index.compared or origin_of(index, document) == origin_of(index, place.document):
        return False
    published = public_since(index.articles[document])
    if published is None or is_later(day, published) or is_later(published, day, MAX_DAYS):
        return False
    act = plain_stems(index, place.document, place.start, place.end)
    return all(len(act & plain_stems(index, document, *sentence)) < 2 for sentence in index.sentences[document])

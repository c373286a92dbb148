"""What merged events say about the sources: who tells the same, and where day, place or whether differ.

Invariant: two tellings stand together only because the events room merged them; this room adds no
merge of its own. This module must not decide what is one event.
"""

from __future__ import annotations

import math
import re
from functools import cache

from storyledger.compare.index import (
    PileIndex,
    actors_within,
    describe_place,
    make_comparison,
    order_evidence,
    origin_of,
    pick_evidence,
    plain_stems,
    sentence_around,
)
from storyledger.compare.origins import count_origins
from storyledger.compare.words import content_stems, cue_set, meaning_stems, stem_word
from storyledger.types import Comparison, Event, EventMerge, Evidence, Side, Story, TimeExpression

MAX_TELLINGS = 6
_BOUND = re.compile(
    r"\b(?:by|until|till|before|after|since|from|through|between|and|to|due|of)\s+(?:the\s+)?$", re.IGNORECASE
)
_HAPPENED = ("reported", "claimed")


def compare_events(story: Story, index: PileIndex) -> list[Comparison]:
    """Return what the documents' tellings of each event agree and differ in."""
    found: list[Comparison] = []
    for event in story.events:
        places = tellings_of(event, index)
        if len({origin_of(index, e.document) for e in places}) < 2:
            continue
        found += _agree(event, check_tellings(event, places, index), index)
        found += _differ_in_day(event, index)
        found += _differ_in_status(event, places, index)
    return found


def tellings_of(event: Event, index: PileIndex) -> list[Evidence]:
    """Return for each document that tells the event the place that tells most of it, oldest first."""
    best: dict[str, tuple[tuple[int, int], Evidence]] = {}
    for place in order_evidence(index, event.mentions):
        if (place.document, sentence_around(index, place.document, place.start, place.end)[0]) in index.furniture:
            continue
        names = len(actors_within(index, place.document, place.start, place.end))
        weight = (names, len(content_stems(place.text)))
        if place.document not in best or weight > best[place.document][0]:
            best[place.document] = (weight, place)
    return [place for _, place in best.values()]


def check_tellings(event: Event, places: list[Evidence], index: PileIndex) -> list[Evidence]:
    """Return the tellings that share what happened with another text's; all, where no machine merged them.

    A machine's merge may rest on who and when alone. That two documents tell the same is said only where
    their tellings share a word of what happened, or a synonym, and a second such word or an actor; that
    somebody asked or denied something is not yet what. Of each document the place that shares most stands.
    """
    if not _joined(event):
        return places
    looks: dict[str, list[Look]] = {}
    for place in order_evidence(index, event.mentions):
        words = plain_stems(index, place.document, place.start, place.end) - _months() - _speech()
        named = actors_within(index, place.document, place.start, place.end)
        looks.setdefault(place.document, []).append((place, words, named))
    kept = []
    for document, own in looks.items():
        others = [
            look for d, rows in looks.items() if origin_of(index, d) != origin_of(index, document) for look in rows
        ]
        ranked = [(math.fsum(_likeness(look, other) for other in others), look[0]) for look in own]
        best = max(ranked, key=lambda row: (row[0], -row[1].start))
        if best[0] > 0:
            kept.append(best[1])
    return kept


Look = tuple[Evidence, frozenset[str], frozenset[str]]


def _likeness(a: Look, b: Look) -> int:
    """Return how many words and actors two tellings share, 0 where that is too little to be the same."""
    shared, named = a[1] & b[1], a[2] & b[2]
    return len(shared) + len(named) if shared and len(shared) + len(named) >= 2 else 0


@cache
def _months() -> frozenset[str]:
    return frozenset(stem_word(month) for month in cue_set("months"))


@cache
def _speech() -> frozenset[str]:
    """Return the meanings of verbs that say that something was said, asked, blamed or denied."""
    return frozenset(stem for word in cue_set("speech") for stem in meaning_stems(word))


def _agree(event: Event, places: list[Evidence], index: PileIndex) -> list[Comparison]:
    if len(places) < 2:
        return []
    chosen = pick_evidence(index, places, MAX_TELLINGS)
    sides = [Side(f"{shorten(e.text)} ({describe_place(index, e)})", (e,)) for e in chosen]
    origins = count_origins(index, places)
    number = len({e.document for e in places})
    about = event.summary if not _joined(event) else shorten(chosen[0].text)
    why = f"{number} documents tell this event ({about}); the tellings were merged for what they share."
    return [make_comparison("agreement", about, sides, 0.9 * _weakest_merge(event), why, origins)]


def _joined(event: Event) -> list[EventMerge]:
    return [merge for merge in event.merges if not merge.refused]


def _weakest_merge(event: Event) -> float:
    """Return how sure it is that the tellings are of one event: its confidence, or its weakest merge."""
    return min([event.confidence, *(merge.probability for merge in _joined(event))])


def _differ_in_day(event: Event, index: PileIndex) -> list[Comparison]:
    """A conflict where two documents put explicit, single, different days into their own tellings."""
    days: dict[str, list[Evidence]] = {}
    for place in order_evidence(index, event.mentions):
        day = _day_inside(index.times.get(place.document, ()), place)
        if day is not None:
            days.setdefault(day, []).append(place)
    documents = {e.document for group in days.values() for e in group}
    if len(days) != 2 or len({origin_of(index, d) for d in documents}) < 2:
        return []
    first, second = (sorted(group, key=lambda e: index.rank[e.document]) for _, group in sorted(days.items()))
    if {e.document for e in first} & {e.document for e in second} or not _same_telling(first, second):
        return []
    sides = [Side(day, pick_evidence(index, group, 3)) for day, group in sorted(days.items())]
    why = f"The sides tell one event ({event.summary}) and put it on different days."
    return [make_comparison("conflict", event.summary, sides, 0.6 * _weakest_merge(event), why)]


def _same_telling(first: list[Evidence], second: list[Evidence]) -> bool:
    """Return whether some two tellings share most of their words, so that the days are days of one thing."""
    for a in first[:3]:
        for b in second[:3]:
            one, two = content_stems(a.text), content_stems(b.text)
            if len(one & two) >= 2 and 2 * len(one & two) >= min(len(one), len(two)):
                return True
    return False


def _day_inside(times: tuple[TimeExpression, ...], place: Evidence) -> str | None:
    """Return the one day that a telling names, None where it names none or several."""
    inside = [t for t in times if place.start <= t.evidence.start and t.evidence.end <= place.end and t.type == "DATE"]
    if any(_BOUND.search(place.text[: t.evidence.start - place.start]) for t in inside):
        return None  # "by 30 November" is a bound, not the day
    days = {t.value[:10] for t in inside}
    return days.pop() if len(days) == 1 and all(_is_day(d) for d in days) else None


def _is_day(value: str) -> bool:
    return len(value) == 10 and value.replace("-", "").isdigit()


def _differ_in_status(event: Event, places: list[Evidence], index: PileIndex) -> list[Comparison]:
    """A conflict where one document denies what another reports; a complement where a plan was called off."""
    told = {place.document: place for place in places}
    by_status: dict[str, list[Evidence]] = {}
    for document, status in event.statuses:
        if document in told:
            by_status.setdefault(status, []).append(told[document])
    happened = [e for status in _HAPPENED for e in by_status.get(status, [])]
    planned, off, denied = (by_status.get(s, []) for s in ("planned", "called_off", "denied"))
    if denied and happened:
        sides = [Side("it happened", pick_evidence(index, happened)), Side("it did not", pick_evidence(index, denied))]
        why = f"One side reports what the other denies ({event.summary})."
        return [make_comparison("conflict", event.summary, sides, 0.6 * _weakest_merge(event), why)]
    if off and planned:
        sides = [Side("planned", pick_evidence(index, planned)), Side("called off", pick_evidence(index, off))]
        why = f"It was planned, and later called off ({event.summary})."
        return [make_comparison("complement", event.summary, sides, 0.8 * _weakest_merge(event), why)]
    return []


def shorten(text: str, limit: int = 90) -> str:
    """Return ``text`` on one line, cut between words at ``limit`` characters."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return line[: line.rfind(" ", 0, limit)].rstrip(",;:") + " …"

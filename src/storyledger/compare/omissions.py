"""Facts that a document leaves out though they were public: since when, who told, who could not know.

A document omits a fact only if it is about the same matter, was published when the fact was public,
and does not tell it. Three grounds, each with its own evidence: an event that others tell; a scene of
which a document tells the part beside it; a passage cut out of a copied text. Invariant: a document
is in one of the three lists at most. This module must not know comparisons.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from storyledger.compare.index import (
    PileIndex,
    actors_within,
    cut_evidence,
    in_order,
    is_later,
    is_whole,
    origin_of,
    outlet_of,
    pick_evidence,
    plain_stems,
    public_since,
    sentence_around,
    sentence_number,
)
from storyledger.compare.occurrences import check_tellings, shorten, tellings_of
from storyledger.compare.scenes import Home, find_unseen
from storyledger.compare.words import cue_set, meaning_stems
from storyledger.types import Article, Event, Evidence, Omission, Story

MIN_IMPORTANCE = 0.5
MAX_AGE_DAYS = 60  # a page published later than this after the last telling need not repeat a fact
MOST = 0.5  # of the words that tellings share, anywhere in a document: it tells the matter in its own order
MIN_CUT_SENTENCES = 3  # an editor shortens anywhere; a passage is a choice
DENIED_SENTENCES = 3  # what is denied stands at most so many sentences before the denial


def find_omissions(story: Story, index: PileIndex, fine: Mapping[str, float]) -> list[Omission]:
    """Return the omissions of the story, the surest first; ``fine`` is how much each stem tells, by sentence."""
    matter = _index_matter(index)
    home = _events_by_sentence(story.events, index)
    found = [o for event in story.events for o in _omit_event(event, home, matter, index)]
    found += find_unseen(story.events, home, fine, index)
    found += [o for article in story.documents for o in _omit_cut(article, story, index)]
    found = [told for o in found if (told := _excuse_cut(o, index)).omitted_by]
    return sorted(found, key=lambda o: (-o.confidence, o.about, o.evidence[0].document, o.evidence[0].start))


def _excuse_cut(omission: Omission, index: PileIndex) -> Omission:
    """Return the omission without the documents of which only a part is there: nobody knows what the rest told."""
    return replace(omission, omitted_by=tuple(d for d in omission.omitted_by if is_whole(index.articles[d])))


@dataclass(frozen=True, slots=True)
class Matter:
    """What decides whether a document is about an event: who is named where, and each document's words."""

    documents: Mapping[str, tuple[str, ...]]  # by actor
    stems: Mapping[str, frozenset[str]]  # by document


def _index_matter(index: PileIndex) -> Matter:
    named: dict[str, set[str]] = {}
    for document in index.compared:
        for row in index.mentions.get(document, ()):
            named.setdefault(row[2], set()).add(document)
    stems = {d: meaning_stems(index.articles[d].text) for d in index.compared}
    return Matter({actor: tuple(sorted(found)) for actor, found in named.items()}, stems)


def _omit_event(event: Event, home: Home, matter: Matter, index: PileIndex) -> list[Omission]:
    """The event is told by two or more independent texts: who else was due to tell it?"""
    every = tellings_of(event, index)
    places = every if len(check_tellings(event, every, index)) >= 2 else []
    denied = _find_denied(every, home, index)
    about, who = event.summary, {p.actor for p in event.participants}
    if places and denied is not None:  # the matter is what is denied; a denial without it tells it too
        event, about = denied, shorten(_nearest_telling(denied, places, index).text)
        places = _one_each([*tellings_of(denied, index), *places])
    happened = event.when.earliest if event.when is not None else None
    places = [e for e in places if happened is None or not _told_before(e.document, happened, index)]
    tellers = {e.document for e in places}
    if event.importance < MIN_IMPORTANCE or event.status in ("planned", "called_off"):
        return []
    if len({origin_of(index, d) for d in tellers}) < 3:
        return []
    known = min((d for t in tellers if (d := public_since(index.articles[t]))), default=None)
    if known is None:
        return []
    core = who | {p.actor for p in event.participants} | _common_actors(places, index)
    return _judge_silence(about, places, tellers, known, core, 0.45 + 0.1 * min(len(tellers), 4), matter, index)


def _find_denied(places: list[Evidence], home: Home, index: PileIndex) -> Event | None:
    """Return the event that most of the denials among the tellings turn on: told just before, in a word of theirs."""
    votes: Counter[str] = Counter()
    known: dict[str, Event] = {}
    for place in places:
        asked = plain_stems(index, place.document, place.start, place.end) - denial_stems()
        number = sentence_number(index, place.document, place.start)
        if not cue_set("plain_denials") & set(place.text.lower().split()):
            return None
        for before in range(max(0, number - DENIED_SENTENCES), number):
            for other in home.get((place.document, before), ()):
                if asked & _stems_in(other, place.document, index) and other.status in ("reported", "claimed"):
                    votes[other.id] += 1
                    known[other.id] = other
    best = min(votes, key=lambda i: (-votes[i], -known[i].importance, i), default=None)
    return known[best] if best is not None else None


def _nearest_telling(denied: Event, denials: list[Evidence], index: PileIndex) -> Evidence:
    """Return the telling of what is denied that has most of the denials' words, the first of several."""
    asked = frozenset().union(*(plain_stems(index, e.document, e.start, e.end) for e in denials))
    return max(tellings_of(denied, index), key=lambda e: len(asked & plain_stems(index, e.document, e.start, e.end)))


@cache
def denial_stems() -> frozenset[str]:
    """Return the stems of the verbs that deny a fact whatever their object."""
    return meaning_stems(" ".join(sorted(cue_set("plain_denials"))))


def _stems_in(event: Event, document: str, index: PileIndex) -> frozenset[str]:
    rows = [plain_stems(index, m.document, m.start, m.end) for m in event.mentions if m.document == document]
    return frozenset().union(*rows)


def _one_each(places: list[Evidence]) -> list[Evidence]:
    """Return the first place of each document."""
    first: dict[str, Evidence] = {}
    for place in places:
        first.setdefault(place.document, place)
    return list(first.values())


def _common_actors(places: list[Evidence], index: PileIndex) -> set[str]:
    """Return the actors, no places, that two or more tellings name in their sentence."""
    counts: dict[str, int] = {}
    for place in places:
        around = sentence_around(index, place.document, place.start, place.end)
        for actor in actors_within(index, place.document, *around):
            if index.actors[actor].type not in ("place", "country", "outlet"):
                counts[actor] = counts.get(actor, 0) + 1
    return {actor for actor, count in counts.items() if count >= 2}


def _tells_it(document: str, shared: frozenset[str], matter: Matter, index: PileIndex) -> bool:
    """Return whether a sentence of the document has two of the words that the tellings share: told after all."""
    needed = min(2, len(shared))
    known = len(shared & matter.stems[document])
    if needed == 0 or known < needed:
        return False
    if known >= MOST * len(shared):
        return True  # in other sentences of its own
    return any(
        len(shared & plain_stems(index, document, start, end)) >= needed for start, end in index.sentences[document]
    )


def _shared_words(places: list[Evidence], index: PileIndex) -> frozenset[str]:
    """Return the stems that two or more tellings have."""
    words = [plain_stems(index, e.document, e.start, e.end) for e in places]
    return frozenset(stem for telling in words for stem in telling if sum(stem in w for w in words) >= 2)


def _told_before(document: str, day: str, index: PileIndex) -> bool:
    """Return whether the document is from before the event: it announces, it does not tell."""
    published = public_since(index.articles[document])
    return published is not None and is_later(day, published)


def _judge_silence(
    about: str,
    places: list[Evidence],
    tellers: set[str],
    known: str,
    core: set[str],
    confidence: float,
    matter: Matter,
    index: PileIndex,
) -> list[Omission]:
    """Sort the documents that do not tell into those that omit and those that could not know."""
    last = max(d for t in tellers if (d := public_since(index.articles[t])))
    omitted, early = [], []
    outlets = {outlet_of(index, t) for t in tellers}
    shared = _shared_words(places, index)
    around = {document for actor in core for document in matter.documents.get(actor, ())}
    for document in sorted(around - tellers, key=lambda d: index.rank[d]):
        day = public_since(index.articles[document])
        if day is None:
            continue
        if is_later(known, day):
            early.append(document)
        elif outlet_of(index, document) in outlets:
            continue  # an outlet that told it once left nothing out; each page need not repeat it
        elif _tells_it(document, shared, matter, index):
            continue
        elif not is_later(day, last, MAX_AGE_DAYS):
            omitted.append(document)
    if not omitted:
        return []
    evidence = pick_evidence(index, places, 8)
    told = tuple(sorted(tellers, key=lambda d: index.rank[d]))
    return [Omission(about, evidence, known, told, tuple(omitted), tuple(early), round(min(0.9, confidence), 3))]


def _events_by_sentence(events: Sequence[Event], index: PileIndex) -> Home:
    home: Home = {}
    for event in events:
        for place in event.mentions:
            if place.document in index.compared:
                key = (place.document, sentence_number(index, place.document, place.start))
                home.setdefault(key, []).append(event)
    return home


def _omit_cut(article: Article, story: Story, index: PileIndex) -> list[Omission]:
    """What a trimmed copy left out of the text that it copies, as one omission per stretch of it."""
    copy = article.copy_of
    if copy is None or copy.kind != "wire_trimmed" or article.id not in index.compared:
        return []
    if copy.document not in index.compared:
        return []
    source = index.articles[copy.document]
    kept = [meaning_stems(article.text[s:e]) for s, e in index.sentences[article.id]]
    found = []
    for run in _missing_runs(source, kept, index):
        evidence = _evidence_in(run, source, index)
        if not evidence:
            continue
        others = _others_that_have(evidence, article, story, index)
        told = tuple(d for d in in_order(index) if d == source.id or d in others)
        about = f"Cut from the copied text: {shorten(source.text[run[0][0] : run[0][1]])}"
        day = public_since(source)
        found.append(Omission(about, evidence, day, told, (article.id,), (), 0.85))
    return found


def _missing_runs(source: Article, kept: list[frozenset[str]], index: PileIndex) -> list[list[tuple[int, int]]]:
    """Return the stretches of sentences of ``source`` that the copy lacks: three or more, one kept between at most."""
    runs: list[list[tuple[int, int]]] = [[]]
    have, gap = set(kept), 0
    furniture = [(b.start, b.end) for b in source.blocks if b.kind in ("title", "caption", "byline", "dateline")]
    for start, end in index.sentences[source.id]:
        stems = meaning_stems(source.text[start:end])
        aside = len(stems) < 2 or any(lo <= start < hi for lo, hi in furniture)
        if not aside and not (stems in have or any(len(stems & k) >= 0.7 * len(stems) for k in kept)):
            runs[-1].append((start, end))
            gap = 0
        elif not aside:
            gap += 1
            if gap == 2:
                runs.append([])
    return [run for run in runs if len(run) >= MIN_CUT_SENTENCES]


def _evidence_in(run: list[tuple[int, int]], source: Article, index: PileIndex) -> tuple[Evidence, ...]:
    """Return what was said in the stretch, or its sentences where nobody speaks."""
    lo, hi = run[0][0], run[-1][1]
    said = [s.content for s in index.statements.get(source.id, ()) if lo <= s.content.start and s.content.end <= hi]
    sentences = [cut_evidence(index, source.id, s, e) for s, e in run]
    return tuple(p for p in (said or sentences) if p.end - p.start <= 400)[:12]


def _others_that_have(evidence: tuple[Evidence, ...], article: Article, story: Story, index: PileIndex) -> set[str]:
    """Return the documents that tell part of the stretch: copies of the text, and versions of its statements."""
    spans = {(e.document, e.start, e.end) for e in evidence}
    groups = {
        s.version_group
        for s in story.statements
        if s.version_group and (s.content.document, s.content.start, s.content.end) in spans
    }
    versions = {s.content.document for s in story.statements if s.version_group in groups}
    texts = [meaning_stems(e.text) for e in evidence]
    copies = {
        d
        for d in index.compared
        if origin_of(index, d) == origin_of(index, article.id)
        and any(t <= meaning_stems(index.articles[d].text) for t in texts)
    }
    return ((versions & index.compared) | copies) - {article.id}

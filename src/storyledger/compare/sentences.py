"""Sentences of different documents that tell the same in nearly the same words: what one changed.

Catches what no earlier stage ties together: a figure altered in a rewritten copy, another speaker, a
"not". Invariant: candidates come from rare shared stems, so the work grows with what is shared, not
with pairs; a revision of a document is never set against it. This module must not know the ledger.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.compare.index import (
    MAX_EVIDENCE_CHARS,
    PileIndex,
    actor_name,
    cut_evidence,
    describe_place,
    first_day,
    make_comparison,
    origin_of,
    pick_evidence,
    published_on,
    sentence_around,
    statement_around,
)
from storyledger.compare.occurrences import shorten
from storyledger.compare.passages import Difference, compare_passages, dice
from storyledger.compare.words import content_stems
from storyledger.types import Comparison, Evidence, Figure, Side

MAX_POSTING = 24  # sentences; a stem in more of them is the story's subject, not this sentence's
MIN_SHARED = 3
MIN_LIKENESS = 0.55  # above what aligns within a passage: two documents have more ways to be alike by chance
SAME_DAYS = 1  # a number of another day is a later number, not a contrary one
WHO_HOLDS = 0.45  # of differences in who, on 29 training piles: names differ for more reasons than numbers do
LOOSE_HOLDS = 0.3  # of differences in why and whether: 1 of 3 there, none of 8 that were read on four timelines
HOLDS = 0.9  # share of these that held when read on the ferry and on reworded copies of open news


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with what it is found by."""

    document: str
    start: int
    end: int
    stems: frozenset[str]


def compare_sentences(
    index: PileIndex, known: Sequence[Comparison], figures: Sequence[Figure] = ()
) -> list[Comparison]:
    """Return the conflicts between near-equal sentences that ``known`` does not show already.

    Args:
        index: the pile's lookups.
        known: what the other comparers found.
        figures: the story's: numbers that they hold for equal, or for a sum and its parts, are no difference.
    """
    values = _index_values(figures)
    lines = _collect_lines(index)
    seen = {(e.document, sentence_around(index, e.document, e.start, e.end)) for c in known for e in _places(c)}
    found = []
    for a, b in _pair_lines(lines):
        one, two = lines[a], lines[b]
        shown = all((x.document, (x.start, x.end)) in seen for x in (one, two))
        if not shown and _may_conflict(one.document, two.document, index):
            found += _compare_lines(one, two, index, fit=_numbers_fit(_within(values, one), _within(values, two)))
    return _merge_repeated(found, index)


def _merge_repeated(found: Sequence[Comparison], index: PileIndex) -> list[Comparison]:
    """Return the comparisons with those of the same two wordings as one: a change is shown once, whoever copied it."""
    groups: dict[tuple[str, ...], list[Comparison]] = {}
    for comparison in found:
        wordings = sorted(" ".join(s.evidence[0].text.split()) for s in comparison.sides)
        groups.setdefault((comparison.about.split(":")[0], *wordings), []).append(comparison)
    return [_merge(group, index) if len(group) > 1 else group[0] for _, group in sorted(groups.items())]


def _merge(group: Sequence[Comparison], index: PileIndex) -> Comparison:
    first = max(group, key=lambda c: (c.confidence, c.id))
    places = [e for c in group for s in c.sides for e in s.evidence]
    sides = []
    for side in first.sides:
        wording = side.evidence[0].text.split()
        sides.append(Side(side.position, pick_evidence(index, (e for e in places if e.text.split() == wording))))
    return make_comparison(first.kind, first.about, sides, first.confidence, first.why or "")


def _places(comparison: Comparison) -> list[Evidence]:
    return [e for s in comparison.sides for e in s.evidence] if comparison.kind == "conflict" else []


def _collect_lines(index: PileIndex) -> list[Line]:
    lines = []
    for document in sorted(index.compared, key=lambda d: index.rank[d]):
        text = index.articles[document].text
        for start, end in index.sentences[document]:
            stems = content_stems(text[start:end])
            if len(stems) >= MIN_SHARED + 1 and end - start <= MAX_EVIDENCE_CHARS:
                lines.append(Line(document, start, end, stems))
    return lines


def _pair_lines(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Return the pairs of lines of different documents that are alike enough, not equal."""
    postings: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for stem in line.stems:
            postings.setdefault(stem, []).append(number)
    shared: dict[tuple[int, int], int] = {}
    for rows in postings.values():
        if 1 < len(rows) <= MAX_POSTING:
            for place, a in enumerate(rows):
                for b in rows[place + 1 :]:
                    if lines[a].document != lines[b].document:
                        shared[a, b] = shared.get((a, b), 0) + 1
    likely = sorted(pair for pair, count in shared.items() if count >= MIN_SHARED)
    return [(a, b) for a, b in likely if dice(lines[a].stems, lines[b].stems) >= MIN_LIKENESS]


def _may_conflict(a: str, b: str, index: PileIndex) -> bool:
    """Return whether one document was made from the other's text and is no version of it.

    Reports of two races or two days share a form and differ in all that fills it; what a revision changes it corrects.
    """
    if origin_of(index, a) != origin_of(index, b):
        return False
    for one, two in ((a, b), (b, a)):
        copy = index.articles[one].copy_of
        if copy is not None and copy.kind == "revision" and copy.document == two:
            return False
    return True


Values = dict[str, list[tuple[int, float]]]  # by document: where a figure starts, and its value


def _index_values(figures: Sequence[Figure]) -> Values:
    found: Values = {}
    for figure in figures:
        if figure.value is not None:
            found.setdefault(figure.evidence.document, []).append((figure.evidence.start, figure.value))
    return {document: sorted(rows) for document, rows in found.items()}


def _within(values: Values, line: Line) -> list[float]:
    rows = values.get(line.document, [])
    first, last = (bisect_left(rows, (place, -1.0)) for place in (line.start, line.end))
    return sorted({value for _, value in rows[first:last]})


def _numbers_fit(a: Sequence[float], b: Sequence[float]) -> bool:
    """Return whether two sentences hold the same numbers, or one the sum of the other's: 25, and 18 and 7."""
    if not a or not b or list(a) == list(b):
        return bool(a) and list(a) == list(b)
    return any(len(parts) > 1 and sum(parts) in whole for parts, whole in ((a, b), (b, a)))


def _compare_lines(a: Line, b: Line, index: PileIndex, *, fit: bool) -> list[Comparison]:
    first, second = index.articles[a.document].text, index.articles[b.document].text
    if first[a.start : a.end].split() == second[b.start : b.end].split():
        return []  # word for word: what differs is how their names were marked
    names = (_names_of(a, index), _names_of(b, index))
    pairing = compare_passages(first, [(a.start, a.end)], second, [(b.start, b.end)], names)
    sure = [d for d in pairing.differences if d.confidence >= 0.5 and _is_of_one_time(d, a, b, index)]
    sure = [d for d in sure if d.kind != "number" or not fit]
    if any(d.kind == "number" for d in pairing.differences if d not in sure):
        sure = [d for d in sure if d.kind != "participant"]  # other sums on another day for others: two events
    sure = [d for d in sure if d.kind != "participant" or _is_place(a, d.a, index) == _is_place(b, d.b, index)]
    if _count_words(first[a.start : a.end]) != _count_words(second[b.start : b.end]):
        sure = [d for d in sure if d.kind != "participant" or not _is_place(a, d.a, index)]  # a list, place by place
    if not sure:
        return []
    best = max(sure, key=lambda d: (d.confidence, d.kind))
    sides = [_side(best, a, best.a, index), _side(best, b, best.b, index)]
    about = f"{_LABELS[best.kind]}: {shorten(first[a.start : a.end], 70)}"
    why = f"Two sentences are nearly the same and differ in one thing ({_LABELS[best.kind].lower()})."
    holds = {"number": HOLDS, "date": HOLDS, "cause": LOOSE_HOLDS, "polarity": LOOSE_HOLDS}.get(best.kind, WHO_HOLDS)
    return [make_comparison("conflict", about, sides, holds * best.confidence, why)]


COUNTS = re.compile(r"\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE)


def _count_words(text: str) -> list[str]:
    return sorted(found.lower().rstrip(".,") for found in COUNTS.findall(text))


def _is_place(line: Line, span: tuple[int, int], index: PileIndex) -> bool:
    """Whether what differs is a place: somewhere is no rival of somebody."""
    rows = [r for r in index.mentions.get(line.document, ()) if r[0] < span[1] and span[0] < r[1]]
    return any(index.actors[row[2]].type in ("place", "country", "facility") for row in rows)


_LABELS = {
    "number": "Number", "date": "Date", "speaker": "Who said it", "participant": "Who", "polarity": "Whether",
    "cause": "Why",
}  # fmt: skip


def _names_of(line: Line, index: PileIndex) -> list[tuple[int, int]] | None:
    if not index.mentions.get(line.document):
        return None
    return [
        (s, e)
        for s, e, _, kind in index.mentions[line.document]
        if kind == "name" and line.start <= s and e <= line.end
    ]


def _is_of_one_time(difference: Difference, a: Line, b: Line, index: PileIndex) -> bool:
    if difference.kind in ("polarity", "cause"):
        return True
    days = [published_on(index.articles[line.document]) for line in (a, b)]
    if days[0] is None or days[1] is None:
        return difference.kind not in ("number", "date")
    limit = SAME_DAYS if difference.kind == "number" else 6 if difference.kind == "date" else 30
    return abs((first_day(days[0]) - first_day(days[1])).days) <= limit


def _side(difference: Difference, line: Line, span: tuple[int, int], index: PileIndex) -> Side:
    text = index.articles[line.document].text
    place = cut_evidence(index, line.document, line.start, line.end)
    spoken = statement_around(index, line.document, *span)
    holder = actor_name(index, spoken.speaker.actor) if spoken is not None else None
    name = f"{holder}; " if holder else ""
    told = shorten(text[slice(*span)], 60) if difference.kind not in ("polarity", "cause") else shorten(place.text, 60)
    return Side(f"{told} ({name}{describe_place(index, place)})", (place,))

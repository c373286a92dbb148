"""Which pairs of reports are worth comparing: those that share a key, never all.

Keys join a family of types with a participant and a month, with a rare word, or with a place.
Invariant: the number of pairs is linear in the number of reports (each begins at most ``MOST_PAIRS``, with
at most ``WINDOW`` neighbours per key), and independent of the order of the reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storyledger.events.similarity import FAMILIES, Telling

WINDOW = 8
MOST_PAIRS = 6  # pairs that a report begins, by its surest keys first: growth 1.5, all links of no bound (ferry)
_SURE = ("text", "lemma", "who", "sense", "place", "word", "month")
_RARE_WORDS = 3
_KEY_MONTHS = 4  # an interval over more months than this is no key in time
_DAYS_IN_MONTH = 30


def iter_keys(telling: Telling) -> Iterator[tuple[str, ...]]:
    """Yield the blocking keys of one report."""
    family = FAMILIES[telling.report.type]
    months = _months(telling)
    who = sorted(telling.actors | telling.recipients)
    for actor in who:
        yield "who", family, actor
        for month in months:
            yield "lemma", telling.report.predicate_lemma, actor, month
        for group in sorted(telling.groups):
            yield "sense", group, actor
    rare = sorted(telling.words, key=lambda row: (-row[1], row[0]))[:_RARE_WORDS]
    for word, _ in rare:
        yield "word", family, word
    for group in sorted(telling.groups):
        for month in months:
            yield "month", group, month
    if telling.report.place is not None:
        yield "place", family, telling.report.place
    yield "text", telling.report.evidence.text


def _months(telling: Telling) -> list[str]:
    first, last = telling.earliest // _DAYS_IN_MONTH, telling.latest // _DAYS_IN_MONTH
    return [str(month) for month in range(first, last + 1)] if last - first < _KEY_MONTHS else []


def iter_pairs(tellings: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Yield each pair of indices that shares a key, once, smaller first.

    In a block each report meets the ``WINDOW`` that follow it in order of date; over all its blocks, the
    surest kinds of key first, a report begins ``MOST_PAIRS`` pairs.
    """
    blocks: dict[tuple[str, ...], list[int]] = {}
    for number, telling in enumerate(tellings):
        for key in iter_keys(telling):
            blocks.setdefault(key, []).append(number)
    seen: set[tuple[int, int]] = set()
    begun = [0] * len(tellings)
    for _, block in sorted(blocks.items(), key=lambda row: (_SURE.index(row[0][0]), len(row[1]), row[0])):
        ordered = sorted(block, key=lambda number: (tellings[number].earliest, tellings[number].latest, number))
        for position, one in enumerate(ordered):
            for other in ordered[position + 1 : position + 1 + WINDOW]:
                pair = (min(one, other), max(one, other))
                if begun[one] < MOST_PAIRS and pair not in seen:
                    seen.add(pair)
                    begun[one] += 1
                    yield pair

"""Two values of a pile, each with all its tellings: the numbers by which they are found to be of one quantity.

A pair of figures of two values shares little ("27 were dead", "Thirty-five names"); all tellings of both, and whether a
page sets them beside each other, tell more. Invariant: the numbers of two values do not depend on their order, and cost
no more than their tellings. This module must not know labels.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from .credits import are_rivals
from .entries import BESIDE_CHARS, CONTRAST, Entry
from .likeness import UNKNOWN, Rarity, overlap
from .rounding import is_rounded

Floats = NDArray[np.float64]
SUREST = 3
FEW = 6  # tellings of a value whose vectors are compared
WORDED = 32  # tellings of a value whose words are compared: a toll is told a thousand times, in the same words
NOTABLE = 0.2  # of a pair's probability

FEATURES = (
    "surest", "mean of the surest", "sum", "pairs", "notable pairs", "share of pairs", "tellings of the rarer",
    "tellings of the other", "shared pages", "pages of the rarer", "beside", "beside with contrast",
    "rivals beside", "one credited beside", "one source beside", "refused beside", "better links",
    "better links of the other", "ahead of the next", "ahead of the other's next", "about", "near", "context", "names",
    "vectors", "kind", "ratio", "rounded", "people", "time", "money", "count", "percent", "speakers apart", "meanwhile",
    "one sentence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """All tellings of one value that are of one quantity, and what their words have together."""

    entries: tuple[Entry, ...]
    about: frozenset[str]
    near: frozenset[str]
    context: frozenset[str]
    names: frozenset[str]
    pages: Mapping[str, tuple[Entry, ...]]


def gather_value(entries: Sequence[Entry]) -> Value:
    """Return the entries of one value as one."""
    pages: dict[str, list[Entry]] = {}
    for entry in entries:
        pages.setdefault(entry.figure.evidence.document, []).append(entry)
    worded = entries[:WORDED]
    return Value(
        tuple(entries),
        frozenset().union(*(e.about for e in worded)),
        frozenset().union(*(e.near for e in worded)),
        frozenset().union(*(e.context for e in worded)),
        frozenset(f"#{n}" for e in worded for n in e.names),
        {page: tuple(found) for page, found in pages.items()},
    )


def measure_links(
    values: Sequence[Value], between: Mapping[tuple[int, int], Sequence[float]], rarity: Rarity
) -> Floats:
    """Return the numbers of ``FEATURES`` for each pair of values that has scored pairs, in the order of ``between``.

    Args:
        values: the pile's.
        between: by pair of places in ``values`` the probabilities of pairs of their entries.
        rarity: of stems and names.
    """
    means = {pair: _mean_of_surest(scores) for pair, scores in between.items()}
    others: dict[int, list[float]] = {}
    for (a, b), mean in means.items():
        others.setdefault(a, []).append(mean)
        others.setdefault(b, []).append(mean)
    for listed in others.values():
        listed.sort()
    rows = [
        [
            *_measure_scores(between[a, b], values[a], values[b]),
            *_measure_rank(means[a, b], others[a], others[b]),
            *_measure_words(values[a], values[b], rarity),
        ]
        for a, b in between
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(FEATURES))


def _mean_of_surest(scores: Sequence[float]) -> float:
    surest = sorted(scores)[-SUREST:]
    return math.fsum(surest) / len(surest)


def _measure_scores(scores: Sequence[float], a: Value, b: Value) -> list[float]:
    """Return ``surest`` to ``refused beside``."""
    shared = [p for p in a.pages if p in b.pages]
    near = [
        (x, y)
        for page in shared
        for x, y in product(a.pages[page], b.pages[page])
        if abs(x.figure.evidence.start - y.figure.evidence.start) < BESIDE_CHARS
    ]
    contrast = sum(bool(CONTRAST.search(x.beside) or CONTRAST.search(y.beside)) for x, y in near)
    rarer, other = sorted((len(a.entries), len(b.entries)))
    return [
        max(scores),
        _mean_of_surest(scores),
        math.fsum(scores),
        float(len(scores)),
        float(sum(s >= NOTABLE for s in scores)),
        len(scores) / (rarer * other),
        float(rarer),
        float(other),
        float(len(shared)),
        float(min(len(a.pages), len(b.pages))),
        float(len(near)),
        contrast / max(1, len(near)),
        *count_credits((x.credit, y.credit, x.refused or y.refused) for x, y in near),
    ]


def count_credits(near: Iterable[tuple[frozenset[str], frozenset[str], bool]]) -> tuple[float, float, float, float]:
    """Return in how many places two sources are credited, one alone, one with both, and one number is refused."""
    rivals = alone = same = refused = 0
    for a, b, no in near:
        rivals += are_rivals(a, b)
        alone += bool(a) != bool(b)
        same += bool(a & b)
        refused += no
    return float(rivals), float(alone), float(same), float(refused)


def _measure_rank(mean: float, of_a: Sequence[float], of_b: Sequence[float]) -> list[float]:
    """Return ``better links`` to ``ahead of the other's next``: whether a value's other links, in order, are surer."""
    better = sorted(float(len(listed) - bisect_right(listed, mean)) for listed in (of_a, of_b))
    ahead = sorted(mean - _next(mean, listed) for listed in (of_a, of_b))
    return [*better, *ahead]


def _next(mean: float, ordered: Sequence[float]) -> float:
    if ordered[-1] > mean:
        return ordered[-1]
    return ordered[-2] if len(ordered) > 1 else 0.0


def _measure_words(a: Value, b: Value, rarity: Rarity) -> list[float]:
    """Return ``about`` to ``one sentence``."""
    one, two = a.entries[0], b.entries[0]
    dimension = two.dimension if one.bare else one.dimension
    kinds = [{e.kind for e in v.entries if e.kind} for v in (a, b)]
    speakers = [{e.figure.attributed_to for e in v.entries if e.figure.attributed_to} for v in (a, b)]
    days = [sorted(e.published for e in v.entries if e.published) for v in (a, b)]
    vectors = [
        x.vector @ y.vector for x, y in product(a.entries[:FEW], b.entries[:FEW]) if len(x.vector) and len(y.vector)
    ]
    return [
        overlap(a.about, b.about, rarity)[0],
        overlap(a.near, b.near, rarity)[0],
        overlap(a.context, b.context, rarity)[0],
        rarity.weigh(a.names & b.names),
        float(max(vectors, default=UNKNOWN)),
        (1.0 if kinds[0] & kinds[1] else UNKNOWN) if all(kinds) else 0.0,
        min(9.0, abs(math.log((abs(one.value) + 1e-9) / (abs(two.value) + 1e-9)))),
        float(is_rounded(one.value, two.value)),
        float(dimension == "people"),
        float(dimension == "time"),
        float(len(dimension) == 3 and dimension.isupper()),
        float(dimension == "count"),
        float(dimension == "percent"),
        float(all(speakers) and not speakers[0] & speakers[1]),
        float(all(days) and days[0][0] <= days[1][-1] and days[1][0] <= days[0][-1]),
        float(
            any(x.sentence == y.sentence for p in a.pages if p in b.pages for x, y in product(a.pages[p], b.pages[p]))
        ),
    ]

"""How like two figures are: the numbers by which the ledger decides whether they count one thing.

Invariant: the numbers of a pair do not depend on its order. This module must not know groups or labels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from .credits import are_rivals
from .entries import BESIDE_CHARS, Entry
from .rounding import is_rounded

Floats = NDArray[np.float32]
UNKNOWN = -1.0  # where nothing was read, no date is known, no kind told

# in the weights' order: name -> what it says, and whether more of it can only speak for one quantity (1) or against it
FEATURES: dict[str, tuple[str, int]] = {
    "equal": ("the values are the same", 1),
    "ratio": ("how far apart the values are (natural logarithm of their quotient)", -1),
    "fits": ("one value lies within what the other allows", 1),
    "rounded": ("one value is the other with fewer digits", 1),
    "rivals": ("they stand beside each other and two sources are credited with them", 1),
    "refused": ("they stand beside each other and one of them is refused: not 31", 1),
    "rare_value": ("how few other figures of the pile have this value", 1),
    "size": ("decimal logarithm of the larger value", 0),
    "bare": ("how many of the two stand without their noun", 0),
    "open": ("how many of the two hold no noun in their own words", 0),
    "same_unit": ("both are of one dimension", 1),
    "people": ("both count people", 0),
    "money": ("both are money", 0),
    "percent": ("both are shares", 0),
    "count": ("both count things", 0),
    "span": ("both measure time", 0),
    "same_kind": ("both tell what befell people, and the same", 1),
    "other_kind": ("both tell what befell people, and not the same", -1),
    "kinds": ("how many topics the words beside both numbers tell", 1),
    "other_kinds": ("how many topics the words beside one number tell and not the other's", -1),
    "about": ("shared words of what is counted, weighted by rarity, over all of them", 1),
    "about_one": ("the share of the shorter one's words of what is counted that the other's sentence has", 1),
    "near": ("shared words beside the numbers, weighted by rarity, over all of them", 1),
    "near_weight": ("the weight of the shared words beside the numbers", 1),
    "rule": ("shared words that govern the numbers, over all of them", 1),
    "context": ("shared words of the sentences, weighted by rarity, over all of them", 1),
    "context_weight": ("the weight of the shared words of the sentences", 1),
    "around_weight": ("the weight of the shared words of the sentences and of those before them", 1),
    "names": ("shared names of the sentences, weighted by rarity", 1),
    "vectors": ("cosine of the sentences' vectors", 1),
    "one_page": ("both stand on one page", 0),
    "one_origin": ("the pages are copies of each other", 1),
    "one_sentence": ("both stand in one sentence", 0),
    "days": ("days between the pages, as logarithm", 0),
    "comparator": ("both are compared alike", 0),
}


class Rarity(dict[str, float]):
    """How rare each stem or name is; one that is not in it is as rare as can be."""

    def __missing__(self, stem: str) -> float:
        """Return 1 for a stem that was never counted."""
        return 1.0

    def weigh(self, stems: Iterable[str]) -> float:
        """Return the summed weight, rounded once whatever the order."""
        return math.fsum(map(self.__getitem__, stems))


def weigh_stems(entries: Iterable[Entry]) -> Rarity:
    """Return how rare each stem is in the sentences of the entries: 0 where all have it."""
    listed = list(entries)
    counts = Counter(s for e in listed for s in e.around | e.near | e.about | e.rule)
    counts.update(f"#{n}" for e in listed for n in e.names)
    total = max(8, len(listed))
    return Rarity({s: math.log(1 + total / n) / math.log(1 + total) for s, n in counts.items()})


def count_values(entries: Iterable[Entry]) -> Counter[float]:
    """Return how many entries have each value."""
    return Counter(e.value for e in entries)


def measure_pair(a: Entry, b: Entry, rarity: Rarity, values: Mapping[float, int]) -> list[float]:
    """Return the numbers of ``FEATURES`` for two entries, in that order."""
    equal = abs(a.value - b.value) <= (0.0 if a.figure.unit == b.figure.unit else 0.03) * abs(a.value) + 1e-9
    big, small = max(abs(a.value), abs(b.value)), min(abs(a.value), abs(b.value))
    one_page = a.figure.evidence.document == b.figure.evidence.document
    beside = one_page and abs(a.figure.evidence.start - b.figure.evidence.start) < BESIDE_CHARS
    dimensions = {a.dimension, b.dimension}
    near, near_weight = overlap(a.near, b.near, rarity)
    context, context_weight = overlap(a.context, b.context, rarity)
    return [
        float(equal),
        min(9.0, math.log((big + 1e-9) / (small + 1e-9))),
        float(a.low <= b.high and b.low <= a.high),
        float(not equal and is_rounded(a.value, b.value)),
        float(beside and are_rivals(a.credit, b.credit)),
        float(beside and (a.refused or b.refused)),
        1.0 / max(1, values.get(a.value, 1)) if equal else 0.0,
        math.log10(big + 1),
        float(a.bare) + float(b.bare),
        float(a.open) + float(b.open),
        float(len(dimensions) == 1),
        float(dimensions == {"people"}),
        float(all(len(d) == 3 and d.isupper() for d in dimensions)),
        float(dimensions == {"percent"}),
        float(dimensions == {"count"}),
        float(dimensions == {"time"}),
        float(a.kind is not None and a.kind == b.kind),
        float(a.kind is not None and b.kind is not None and a.kind != b.kind),
        float(len(a.kinds & b.kinds)),
        float(len(a.kinds ^ b.kinds)),
        overlap(a.about, b.about, rarity)[0],
        _contained(a, b),
        near,
        near_weight,
        overlap(a.rule, b.rule, rarity)[0],
        context,
        context_weight,
        overlap(a.around, b.around, rarity)[1],
        rarity.weigh(f"#{n}" for n in a.names & b.names),
        float(a.vector @ b.vector) if len(a.vector) and len(b.vector) else UNKNOWN,
        float(one_page),
        float(a.origin == b.origin),
        float(one_page and a.sentence == b.sentence),
        _days(a.published, b.published),
        float(a.figure.comparator == b.figure.comparator),
    ]


def overlap(a: frozenset[str], b: frozenset[str], rarity: Rarity) -> tuple[float, float]:
    """The shared weight over the whole, and the shared weight."""
    shared, whole = rarity.weigh(a & b), rarity.weigh(a | b)
    return (shared / whole if whole else 0.0), shared


def _contained(a: Entry, b: Entry) -> float:
    short, other = (a, b) if (len(a.about), a.value) <= (len(b.about), b.value) else (b, a)
    return len(short.about & (other.context | other.about)) / len(short.about) if short.about else 0.0


def _days(a: object, b: object) -> float:
    if a is None or b is None:
        return UNKNOWN
    return math.log1p(abs((a - b).days))  # type: ignore[operator]

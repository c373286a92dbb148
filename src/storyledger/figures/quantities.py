"""Bringing figures of one quantity together: candidates by what they share, a score for each pair, groups.

Invariant: the groups do not depend on the order of the figures; each entry is scored against a bounded number of
others, so the work is near-linear. This module must not know labels.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage import expect_fewer, load_weights
from storyledger.strangers import SHARED_NAMES

from . import links
from .entries import BESIDE_CHARS, Entry
from .likeness import FEATURES, count_values, measure_pair, weigh_stems

LATEST = 16  # how many entries with one key an entry is set beside; the same on every pile
CANDIDATES = 32  # the candidates of an entry that are scored: those with the most and rarest keys in common
SAME_VALUE = 0.1  # the mean probability from which two groups of one value are one; chosen in folds, .93 of them are
OTHER_VALUE = 0.15  # the same of links between values; in folds .59 of the pairs are one quantity, .65 of it found
UNSCORED = 0.02  # a pair that was no candidate
# Entries of one story up to which scores are taken as they are: the weights come from stories of 60 to 140. Of a public
# pile of 90 pages, 822 entries, 241 were else one quantity: deaths, pupils, countries and levels of alarm.
USUAL = 150


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one quantity in order of time; ``links``: two values set beside each other, the smaller first."""

    entries: tuple[Entry, ...]
    links: Mapping[tuple[float, float], float]

    def find_link(self, a: float, b: float) -> float:
        """Return how surely two values (in base units), or all tellings of one, are of the quantity."""
        return self.links.get((min(a, b), max(a, b)), 1.0 if a == b else UNSCORED)


def group_entries(entries: Sequence[Entry], stories: Mapping[str, int] = MappingProxyType({})) -> list[Group]:
    """Return the groups of entries that tell one quantity; single ones are left out.

    First the tellings of one value are brought together, then values, by the surest pairs between them. ``stories``:
    by document the number of its story; all pages are of one where it is not given.
    """
    ordered = sorted(entries, key=order_key)
    pairs = find_candidates(ordered)
    pages = _Pages(ordered, stories)
    return build_groups(ordered, pairs, pages.expect(score_pairs(ordered, pairs), pairs), pages)


class _Pages:
    """What pairs of a pile's entries are worth, where it is larger than those that the weights come from.

    The more pages tell of one matter, the more numbers are alike without being one; on one page they are no more.
    """

    def __init__(self, entries: Sequence[Entry], stories: Mapping[str, int]) -> None:
        known: dict[str, int] = {}
        documents = [entry.figure.evidence.document for entry in entries]
        self._page = np.array([known.setdefault(name, len(known)) for name in documents], np.int64)
        own = [stories.get(name, 0) for name in documents]
        sizes = Counter(own)
        self._share = np.array([min(1.0, USUAL / sizes[story]) for story in own])

    def expect(self, probabilities: NDArray[np.float64], pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
        """Return what pairs of entries are worth."""
        if not pairs or self._share.min() == 1:
            return probabilities
        left, right = np.array(pairs).T
        one_page = self._page[left] == self._page[right]
        share = np.where(one_page, 1.0, np.maximum(self._share[left], self._share[right]))
        return expect_fewer(probabilities, share)

    def expect_values(self, probabilities: NDArray[np.float64], values: Values) -> NDArray[np.float64]:
        """Return what pairs of values are worth; each stands for the pages of its tellings."""
        home = [int(self._page[told[0]]) if len({*self._page[list(told)]}) == 1 else -1 for told in values.told]
        share = [
            1.0 if home[a] == home[b] >= 0 else max(self._share[values.told[a][0]], self._share[values.told[b][0]])
            for a, b in values.pairs
        ]
        return expect_fewer(probabilities, np.array(share)) if min(share, default=1.0) < 1 else probabilities


@dataclass(frozen=True, slots=True)
class Values:
    """The pile's values: the places of each one's entries, pairs of values that may be one quantity, their numbers."""

    told: tuple[tuple[int, ...], ...]
    within: tuple[float, ...]  # the mean probability of the pairs of each
    pairs: tuple[tuple[int, int], ...]
    rows_PF: NDArray[np.float64]  # noqa: N815  (shapes in names, as for variables)


def build_groups(
    ordered: Sequence[Entry],
    pairs: Sequence[tuple[int, int]],
    scores: NDArray[np.float64],
    pages: _Pages | None = None,
) -> list[Group]:
    """Return the groups that ``scores`` of ``pairs`` of the entries make.

    ``pages``: where the entries stand, for piles larger than those of the weights.

    Raises:
        ValueError: the weights were fitted on other features than those of ``links.py``.
    """
    values = gather_values(ordered, pairs, scores)
    if not values.pairs:
        return join_values(ordered, values, np.zeros(0))
    weights = load_weights(__package__, "links.json")
    if weights.features != links.FEATURES:
        raise ValueError("links.json was fitted on other features: run python -m train.ledger")
    sure = weights.probabilities(values.rows_PF)
    return join_values(ordered, values, sure if pages is None else pages.expect_values(sure, values))


def gather_values(ordered: Sequence[Entry], pairs: Sequence[tuple[int, int]], scores: NDArray[np.float64]) -> Values:
    """Return the values that the surest pairs of equal ones make, with what is known of any two."""
    known = dict(zip(pairs, scores.tolist(), strict=True))
    like = {p: s for p, s in known.items() if ordered[p[0]].value == ordered[p[1]].value}
    told = join_pairs(len(ordered), like, SAME_VALUE)
    home = {i: number for number, group in enumerate(told) for i in group}
    between: dict[tuple[int, int], list[float]] = {}
    within: list[list[float]] = [[] for _ in told]
    for (i, j), score in known.items():
        a, b = sorted((home[i], home[j]))
        if a == b:
            within[a].append(score)
        else:
            between.setdefault((a, b), []).append(score)
    between = dict(sorted(between.items()))
    values = [links.gather_value([ordered[i] for i in group]) for group in told]
    rows_PF = links.measure_links(values, between, weigh_stems(ordered))
    means = tuple(math.fsum(scores) / len(scores) if scores else 1.0 for scores in within)
    return Values(tuple(map(tuple, told)), means, tuple(between), rows_PF)


def join_values(ordered: Sequence[Entry], values: Values, scores: NDArray[np.float64]) -> list[Group]:
    """Return the groups of entries that ``scores`` of the pairs of values make."""
    known = dict(zip(values.pairs, scores.tolist(), strict=True))
    told = values.told
    joined = join_pairs(len(told), known, OTHER_VALUE)
    quantity = {number: n for n, group in enumerate(joined) for number in group}
    sure: list[dict[tuple[float, float], float]] = [{} for _ in joined]
    for (a, b), link in known.items():
        if quantity[a] == quantity[b]:
            low, high = sorted((ordered[told[a][0]].value, ordered[told[b][0]].value))
            own = sure[quantity[a]]
            own[low, high] = max(own.get((low, high), UNSCORED), link)
    for number, group in enumerate(told):
        value, own = ordered[group[0]].value, sure[quantity[number]]
        own[value, value] = min(own.get((value, value), 1.0), values.within[number])
    groups = [sorted(i for number in group for i in told[number]) for group in joined]
    return [
        Group(tuple(ordered[i] for i in members), own)
        for members, own in zip(groups, sure, strict=True)
        if len(members) > 1
    ]


def order_key(entry: Entry) -> tuple[str, str, int]:
    """Order by as-of day, then by place: the order of a ledger's rows."""
    day = entry.first.isoformat() if entry.first else "9999"
    return day, entry.figure.evidence.document, entry.figure.evidence.start


def find_candidates(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Return the pairs (i < j) worth scoring: of one dimension, they share a value, a kind, words or a passage."""
    posted, asked = ([sorted(find(entry)) for entry in entries] for find in (_posted_keys, _asked_keys))
    frequency = Counter(key for listed in posted for key in listed)
    postings: dict[str, list[int]] = {}
    pairs: list[tuple[int, int]] = []
    for j, listed in enumerate(asked):
        shared: dict[int, float] = {}
        for key in listed:
            for i in postings.get(key, ())[-LATEST:]:
                shared[i] = shared.get(i, 0.0) + 1.0 / frequency[key]
        for key in posted[j]:
            postings.setdefault(key, []).append(j)
        best = sorted(shared, key=lambda i: (-shared[i], -i))
        fit = [i for i in best if may_be_one(entries[i], entries[j])]
        pairs += [(i, j) for i in sorted(fit[:CANDIDATES])]
    return sorted({*pairs, *_beside(entries)})


def _beside(entries: Sequence[Entry]) -> list[tuple[int, int]]:
    """Return the pairs that stand near each other on one page: what disputes a number stands beside it."""
    pages: dict[str, list[tuple[int, int]]] = {}
    for n, entry in enumerate(entries):
        pages.setdefault(entry.figure.evidence.document, []).append((entry.figure.evidence.start, n))
    found: list[tuple[int, int]] = []
    for rows in pages.values():
        rows.sort()
        for n, (start, i) in enumerate(rows):
            for place, j in rows[n + 1 : n + 1 + CANDIDATES]:
                if place - start >= BESIDE_CHARS:
                    break
                if may_be_one(entries[i], entries[j]):
                    found.append((min(i, j), max(i, j)))
    return found


def may_be_one(a: Entry, b: Entry) -> bool:
    """Return whether their units allow that two entries count one thing, and their pages are of one story."""
    one_page = a.figure.evidence.document == b.figure.evidence.document
    of_one_story = one_page or len(a.story & b.story) >= SHARED_NAMES
    return of_one_story and (_counted(a) == _counted(b) or a.open or b.open)


def _counted(entry: Entry) -> str:
    """The dimension by which entries are set beside each other: "names", "pairs" and "the number of" may be people."""
    return "count" if entry.dimension == "people" else entry.dimension


def _posted_keys(entry: Entry) -> set[str]:
    """What an entry is found by: its words with its dimension, with any, and with none of its own where it is open."""
    told = ("*", "?") if entry.open else ("*", _counted(entry))
    return _plain_keys(entry) | {f"{d}:{s}" for d in told for s in _words(entry)}


def _asked_keys(entry: Entry) -> set[str]:
    """What an entry looks for: all with its words where it is open, else those of its dimension and open ones."""
    asked = ("*",) if entry.open else (_counted(entry), "?")
    return _plain_keys(entry) | {f"{d}:{s}" for d in asked for s in _words(entry)}


def _plain_keys(entry: Entry) -> set[str]:
    return {f"={entry.value:.10g}", *((f"kind:{entry.kind}",) if entry.kind else ())}


def _words(entry: Entry) -> frozenset[str]:
    return entry.about | entry.near | entry.rule


def score_pairs(entries: Sequence[Entry], pairs: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    """Return the probability of each pair that its entries count one thing.

    Raises:
        ValueError: the weights were fitted on other features than ``FEATURES``.
    """
    if not pairs:
        return np.zeros(0)
    weights = load_weights(__package__, "likeness.json")
    if weights.features != tuple(FEATURES):
        raise ValueError("likeness.json was fitted on other features: run python -m train.ledger")
    rarity, values = weigh_stems(entries), count_values(entries)
    rows = [measure_pair(entries[i], entries[j], rarity, values) for i, j in pairs]
    return weights.probabilities(np.array(rows, np.float64))


def join_pairs(
    count: int,
    scores: Mapping[tuple[int, int], float],
    least: float,
) -> list[list[int]]:
    """Return groups of 0 to count - 1: the surest pairs first, two groups joined from ``least`` on.

    What is compared with ``least`` is the mean of all pairs between the groups.
    """
    members = [[i] for i in range(count)]
    home = list(range(count))
    known: list[dict[int, Between]] = [{} for _ in range(count)]
    for (i, j), score in scores.items():
        known[i][j] = known[j][i] = Between(score, 1)
    for (i, j), score in sorted(scores.items(), key=lambda row: (-row[1], row[0])):
        if score < least:
            break
        a, b = sorted((home[i], home[j]), key=lambda group: (-len(members[group]), group))
        if a == b:
            continue
        found = known[a].get(b, NOTHING)
        if found.mean(len(members[a]) * len(members[b])) >= least:
            _merge(a, b, known, members, home)
    return sorted(sorted(group) for group in members if group)


class Between(NamedTuple):
    """The scores of the pairs between two groups."""

    total: float
    pairs: int

    def mean(self, possible: int) -> float:
        """Return the mean over all ``possible`` pairs, those that were no candidates included."""
        return (self.total + UNSCORED * (possible - self.pairs)) / possible

    def add(self, other: Between) -> Between:
        """Return both together."""
        return Between(self.total + other.total, self.pairs + other.pairs)


NOTHING = Between(0.0, 0)


def _merge(a: int, b: int, known: list[dict[int, Between]], members: list[list[int]], home: list[int]) -> None:
    """Put group ``b``, the smaller, into group ``a``."""
    for i in members[b]:
        home[i] = a
    members[a] += members[b]
    members[b] = []
    known[a].pop(b, None)
    for other, scores in known[b].items():
        if other != a:
            known[a][other] = known[other][a] = known[a].get(other, NOTHING).add(scores)
            known[other].pop(b, None)
    known[b] = {}

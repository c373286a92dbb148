"""What all the pairs of a story say of each of them: the second look at who tells the same.

A pair of tellings that look alike may still be two events of one matter; that each is the other's best match on its
page, and that both resemble the same third tellings, speaks for one event more than the pair's own likeness does. The
features here are made from the first look's probabilities (``likeness.py``) and weighed, with its features, by trees
(``data/bonds.npz``, made by ``python -m train.event_links``). Invariant: linear in the pairs; independent of their
order. Shapes: N tellings, P pairs, K neighbours or participants of a telling.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.events.similarity import Telling
from storyledger.linkage.forest import Forest, predict_forest, read_forest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NEIGHBOURS = 24  # of a telling, the likeliest: an event that more pages tell needs no more of them to be known
TAKERS = 12  # of a telling's participants, the likeliest
LEAST_BOND = 0.02  # a pair below it ties nothing
_LIKELY = 0.3
_AT_ONCE = 4096  # pairs whose neighbours are compared together: some megabytes
FEATURES = (
    "first look", "least margin", "most margin", "lost to others", "ties in common", "ties alike", "fewer ties",
    "more ties", "less listed", "more listed", "less important", "more important", "sentences stand out",
    "clauses stand out", "earlier on its page", "later on its page", "tellings", "pages", "acting in both",
    "acting alike", "undergoing in both", "undergoing alike", "taking part in both", "taking part alike", "crossed",
)  # fmt: skip


@cache
def load_bonds(path: Path | None = None) -> Forest:
    """Return the trees of the second look; ``path``: not those that ship."""
    with (path or files(__package__) / "data" / "bonds.npz").open("rb") as file, np.load(file) as stored:
        kept: dict[str, Any] = {name: stored[name] for name in stored.files}
    return read_forest(kept, "bonds", tuple(map(str, kept["bonds_features"])))


def look_again(
    tellings: Sequence[Telling],
    pairs_P2: Ints,
    first_P: Floats,
    rows_PF: Floats,
    names: Sequence[str],
    forest: Forest | None = None,
) -> Floats:
    """Return the probability that each pair is one event, given all pairs: the geometric mean of both looks.

    The second alone has .69 of the links right where the mean has .75, at the same share found (29 piles kept out).

    Args:
        tellings: of one story.
        pairs_P2: positions in ``tellings``, each pair once.
        first_P: what the first look made of each pair.
        rows_PF: the first look's features, in the order of ``names``.
        names: of the first look's features.
        forest: others than the trees that ship.
    """
    known = forest or load_bonds()
    table = measure_bonds(tellings, pairs_P2, first_P, rows_PF, names)
    column = {name: at for at, name in enumerate((*names, *FEATURES))}
    whole = np.concatenate([rows_PF, table], axis=1)[:, [column[name] for name in known.features]]
    second = predict_forest(known, whole.astype(np.float32))
    both: Floats = np.sqrt(first_P * second)
    return both


def measure_bonds(
    tellings: Sequence[Telling], pairs_P2: Ints, first_P: Floats, rows_PF: Floats, names: Sequence[str]
) -> Floats:
    """Return ``FEATURES`` of the pairs, P by F."""
    if not len(pairs_P2):
        return np.zeros((0, len(FEATURES)))
    one, other = pairs_P2[:, 0], pairs_P2[:, 1]
    count = len(tellings)
    pages = {name: at for at, name in enumerate(sorted({telling.report.document for telling in tellings}))}
    page = np.array([pages[telling.report.document] for telling in tellings])
    margins, best = _measure_margins(one, other, first_P, page)
    ids, ties = _list_neighbours(one, other, first_P, count)
    common = _meet(ids, ties, ties, pairs_P2)
    norm = np.sqrt(np.maximum((ties**2).sum(axis=1), 1e-6))
    sums = ties.sum(axis=1)
    listed = np.array([telling.report.confidence for telling in tellings])
    weight = np.array([telling.report.importance for telling in tellings])
    place = np.array([float(telling.report.sentence) for telling in tellings])
    columns = [
        first_P,
        margins.min(axis=1),
        margins.max(axis=1),
        best[one] + best[other] - 2 * first_P,
        common,
        common / norm[one] / norm[other],
        *_sort_sides(sums, one, other),
        *_sort_sides(listed, one, other),
        *_sort_sides(weight, one, other),
        *(
            _stand_out(one, other, rows_PF[:, names.index(name)], count)
            for name in ("sentences_alike", "clauses_alike")
        ),
        *_sort_sides(place, one, other),
        np.full(len(one), math.log1p(count)),
        np.full(len(one), math.log1p(len(pages))),
        *_compare_takers(tellings, pairs_P2),
    ]
    return np.stack(columns, axis=1)


def _sort_sides(values_N: Floats, one: Ints, other: Ints) -> tuple[Floats, Floats]:
    return np.minimum(values_N[one], values_N[other]), np.maximum(values_N[one], values_N[other])


def _measure_margins(one: Ints, other: Ints, first_P: Floats, page_N: Ints) -> tuple[Floats, Floats]:
    """By how much each side is the other's best match on its page (below 0: another is), and each telling's best."""
    pairs = len(one)
    source, target = np.concatenate([one, other]), np.concatenate([other, one])
    chance = np.concatenate([first_P, first_P])
    order = np.lexsort((target, -chance, page_N[target], source))
    key = source[order] * (int(page_N.max()) + 1) + page_N[target[order]]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    group = np.cumsum(np.concatenate([[True], key[1:] != key[:-1]])) - 1
    ends = np.concatenate([starts[1:], [len(key)]])
    ranked = chance[order]
    top = ranked[starts]
    second = np.where(ends - starts > 1, ranked[np.minimum(starts + 1, len(ranked) - 1)], 0.0)
    margin = np.empty(2 * pairs)
    leads = np.zeros(2 * pairs, np.bool_)
    leads[starts] = True
    margin[order] = np.where(leads, ranked - second[group], ranked - top[group])
    best = np.zeros(len(page_N))
    np.maximum.at(best, source, chance)
    return np.stack([margin[:pairs], margin[pairs:]], axis=1), best


def _list_neighbours(one: Ints, other: Ints, first_P: Floats, count: int) -> tuple[Ints, Floats]:
    """Each telling's likeliest others with their probabilities, N by K; -1 where there are fewer."""
    tied = first_P > LEAST_BOND
    source = np.concatenate([one[tied], other[tied]])
    target = np.concatenate([other[tied], one[tied]])
    chance = np.concatenate([first_P[tied], first_P[tied]])
    order = np.lexsort((target, -chance, source))
    source, target, chance = source[order], target[order], chance[order]
    rank = np.arange(len(source)) - np.searchsorted(source, source)
    kept = rank < NEIGHBOURS
    ids, ties = np.full((count, NEIGHBOURS), -1, np.int64), np.zeros((count, NEIGHBOURS))
    ids[source[kept], rank[kept]] = target[kept]
    ties[source[kept], rank[kept]] = chance[kept]
    return ids, ties


def _meet(ids_NK: Ints, left_NK: Floats, right_NK: Floats, pairs_P2: Ints) -> Floats:
    """For each pair the sum over common ids of the one's ``left`` times the other's ``right``."""
    found = np.zeros(len(pairs_P2))
    for first in range(0, len(pairs_P2), _AT_ONCE):
        a, b = pairs_P2[first : first + _AT_ONCE].T
        same = (ids_NK[a][:, :, None] == ids_NK[b][:, None, :]) & (ids_NK[a] >= 0)[:, :, None]
        found[first : first + len(a)] = np.einsum("pk,pkl,pl->p", left_NK[a], same, right_NK[b])
    return found


def _stand_out(one: Ints, other: Ints, alike_P: Floats, count: int) -> Floats:
    """How far a pair's likeness stands above what each of its sides has with others, in standard deviations, summed."""
    source, values = np.concatenate([one, other]), np.concatenate([alike_P, alike_P])
    number = np.maximum(np.bincount(source, minlength=count), 1)
    mean = np.bincount(source, values, count) / number
    spread = np.sqrt(np.maximum(np.bincount(source, values**2, count) / number - mean**2, 0.0)) + 1e-3
    found: Floats = (alike_P - mean[one]) / spread[one] + (alike_P - mean[other]) / spread[other]
    return found


def _compare_takers(tellings: Sequence[Telling], pairs_P2: Ints) -> list[Floats]:
    """How likely the same rare actors act, are acted on, take part, or change sides in both."""
    names = {name: at for at, name in enumerate(sorted({c.actor for t in tellings for c in t.report.chances}))}
    count = len(tellings)
    ids = np.full((count, TAKERS), -1, np.int64)
    parts = np.zeros((3, count, TAKERS))
    for at, telling in enumerate(tellings):
        ranked = sorted(telling.report.chances, key=lambda c: (-max(c.acting, c.undergoing), c.actor))[:TAKERS]
        for place, chance in enumerate(ranked):
            ids[at, place] = names[chance.actor]
            both = (chance.acting, chance.undergoing, max(chance.acting, chance.undergoing))
            parts[:, at, place] = both
    told = np.bincount(ids[(ids >= 0) & (parts[2] > _LIKELY)], minlength=len(names))
    rarity = 1.0 / np.log(2.0 + told)
    parts *= np.sqrt(np.where(ids >= 0, rarity[ids], 0.0)) if names else 0.0
    found = []
    for own in parts:
        norm = np.sqrt(np.maximum((own**2).sum(axis=1), 1e-6))
        shared = _meet(ids, own, own, pairs_P2)
        found += [shared, shared / norm[pairs_P2[:, 0]] / norm[pairs_P2[:, 1]]]
    return [*found, _meet(ids, parts[0], parts[1], pairs_P2) + _meet(ids, parts[1], parts[0], pairs_P2)]

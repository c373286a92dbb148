"""Which pairs of tellings are worth comparing.

In a small pile all are. In a larger one each telling is compared with those that are most like it: by the meaning of
their sentences, by that of their clauses, by words and actors; on other pages and, fewer, on its own. Invariant: the
number of pairs is linear in the number of tellings, and independent of their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from storyledger.events.similarity import Telling
from storyledger.linkage import pair_nearest

SMALL = 400  # tellings of some twenty pages: 80,000 pairs, two seconds
# Of 3 to 20 the least that costs no link: six stories at once, links F1 .240 from 6 on; 13 pairs a telling.
NEAREST = 6
NEAREST_ON_PAGE = 2
MOST_SHARING = 1000  # tellings that a word or an actor may stand in: what more share tells nothing, and would cost most
_ACTOR = 0.5  # of an actor's rarity beside that of a word


def list_pairs(tellings: Sequence[Telling]) -> NDArray[np.int64]:
    """Return the pairs of positions to compare, smaller first, each once, in order: (P, 2)."""
    n = len(tellings)
    if n <= SMALL:
        low, high = np.triu_indices(n, k=1)
        return np.stack([low, high], axis=1)
    known: dict[str, int] = {}
    pages = np.array([known.setdefault(t.report.document, len(known)) for t in tellings], np.int64)
    looks = [_stack([t.vector for t in tellings]), _stack([t.clause for t in tellings]), _weigh(tellings)]
    found = [pair_nearest(rows, pages, NEAREST) for rows in looks if rows is not None]
    found += [_pair_on_page(rows, pages) for rows in looks[1:] if rows is not None]
    found.append(_pair_same_text(tellings))
    codes = np.unique(np.concatenate([pairs[:, 0] * n + pairs[:, 1] for pairs in found]))
    return np.stack(np.divmod(codes, n), axis=1)


def _stack(vectors: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    """Return the vectors as rows, none where there is none at all; who has none is like nobody."""
    size = next((len(vector) for vector in vectors if vector is not None), 0)
    if not size:
        return None
    rows = np.zeros((len(vectors), size), np.float32)
    for number, vector in enumerate(vectors):
        if vector is not None:
            rows[number] = vector
    return rows


def _weigh(tellings: Sequence[Telling]) -> sp.csr_matrix:
    """Return the weights of the tellings' words and actors, each row of length 1."""
    told = [
        {**{("word", word): weight for word, weight in telling.stems.items()}, **_weigh_actors(telling)}
        for telling in tellings
    ]
    shared = Counter(key for row in told for key in row)
    columns = {key: at for at, key in enumerate(sorted(key for key, n in shared.items() if 1 < n <= MOST_SHARING))}
    cells = [(at, columns[key], weight) for at, row in enumerate(told) for key, weight in row.items() if key in columns]
    lines, places, weights = (np.array(part) for part in zip(*cells, strict=True)) if cells else (np.zeros(0, int),) * 3
    rows = sp.csr_matrix(
        (weights.astype(np.float32), (lines, places)), shape=(len(tellings), max(1, len(columns))), dtype=np.float32
    )
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags(1 / np.maximum(lengths, 1e-6)) @ rows, dtype=np.float32)


def _weigh_actors(telling: Telling) -> dict[tuple[str, str], float]:
    return {("actor", actor): _ACTOR * telling.rarity.get(actor, 1.0) for actor in telling.present}


def _pair_on_page(rows: NDArray[np.float32] | sp.csr_matrix, pages: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the nearest pairs within each page."""
    found = []
    for members in np.split(np.argsort(pages, kind="stable"), np.cumsum(np.bincount(pages))[:-1]):
        pairs = pair_nearest(rows[members], np.arange(len(members), dtype=np.int64), NEAREST_ON_PAGE)
        found.append(members[pairs])
    return np.concatenate(found)


def _pair_same_text(tellings: Sequence[Telling]) -> NDArray[np.int64]:
    """Return each telling with the next that is told in the very same words: copies may be more than the nearest."""
    by_text: dict[str, list[int]] = {}
    for number, telling in enumerate(tellings):
        by_text.setdefault(telling.report.evidence.text, []).append(number)
    pairs = [pair for members in by_text.values() for pair in combinations(members[:NEAREST], 2)]
    return np.array(pairs, np.int64).reshape(-1, 2)

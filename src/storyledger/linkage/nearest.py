"""Which records are worth comparing: each with those that are most like it, by the cosine of their vectors.

For records that nearly all share their keys, as the tellings of one matter do: ``block`` then lets through all pairs or
hardly any. The work stays near linear: in more records than a cell holds, each looks only into the cells of the
landmarks nearest to it.

Source of cells: inverted files, Sivic & Zisserman 2003; landmarks are records themselves, evenly spaced.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

CELL = 4096  # records that are all looked at: 16 million cosines, a tenth of a second
CELLS_OF_ONE = 3  # cells that a record stands in, where there are several
_STRIPE = 1024  # rows of cosines that are held at once
_STEPS = 10_000  # cosines are told apart in so many steps: the last digits differ between processors
Rows: TypeAlias = NDArray[np.float32] | sp.csr_matrix


def pair_nearest(rows_ND: Rows, sides_N: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the pairs ``(i, j)``, ``i < j``, of which one is among the other's nearest, each once, in order: (P, 2).

    Args:
        rows_ND: a vector of length 1 a record, dense or sparse; of length 0 one that is like nothing.
        sides_N: records of one side are no pair (tellings of one page).
        most: how many each record has, of those with a cosine above 0.
    """
    n = len(sides_N)
    codes = [
        np.minimum(own, other) * n + np.maximum(own, other)
        for cell in _iter_cells(rows_ND, n)
        for own, other in _iter_nearest(rows_ND[cell], sides_N[cell], cell, most)
    ]
    found = np.unique(np.concatenate(codes)) if codes else np.zeros(0, np.int64)
    return np.stack(np.divmod(found, max(1, n)), axis=1)


def _iter_cells(rows_ND: Rows, n: int) -> Iterator[NDArray[np.int64]]:
    """Yield the records that are looked at together."""
    if n <= CELL:
        yield np.arange(n, dtype=np.int64)
        return
    landmarks = np.linspace(0, n - 1, CELLS_OF_ONE * -(-n // CELL), dtype=np.int64)
    near = [
        np.argsort(-alike, axis=1, kind="stable")[:, :CELLS_OF_ONE]
        for _, alike in _iter_stripes(rows_ND, rows_ND[landmarks])
    ]
    own = np.concatenate(near)
    for number in range(len(landmarks)):
        members = np.flatnonzero((own == number).any(axis=1)).astype(np.int64)
        for first in range(0, len(members), 2 * CELL):  # one landmark may draw most of the pile
            yield members[first : first + 2 * CELL]


def _iter_nearest(
    rows_MD: Rows, sides_M: NDArray[np.int64], names_M: NDArray[np.int64], most: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield, a stripe at a time, the records of a cell and their nearest, by name."""
    columns = np.arange(len(names_M), dtype=np.int64)
    for first, alike in _iter_stripes(rows_MD, rows_MD):
        sides = sides_M[first : first + len(alike)]
        alike[sides[:, None] == sides_M[None, :]] = 0
        rank = alike.astype(np.int64) * len(names_M) - columns  # of two alike the earlier: an order without ties
        kept = np.argpartition(-rank, min(most, len(names_M)) - 1, axis=1)[:, :most]
        row, column = np.nonzero(np.take_along_axis(alike, kept, axis=1) > 0)
        yield names_M[first + row], names_M[kept[row, column]]


def _iter_stripes(rows_ND: Rows, others_MD: Rows) -> Iterator[tuple[int, NDArray[np.int32]]]:
    """Yield the first row's number and the cosines, in steps, of some rows with all others."""
    turned = others_MD.T
    for first in range(0, rows_ND.shape[0], _STRIPE):
        cosines: Any = rows_ND[first : first + _STRIPE] @ turned
        dense = cosines.toarray() if sp.issparse(cosines) else cosines
        yield first, np.rint(dense * _STEPS).astype(np.int32)

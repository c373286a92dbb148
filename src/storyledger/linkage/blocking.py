"""Which records are worth comparing: those that share a key. Never all pairs.

Source: Fellegi & Sunter 1969 (blocking); Papadakis et al. 2020 (a survey).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")


def block(
    items: Sequence[Item],
    keys: Callable[[Item], Iterable[Hashable]],
    *,
    most: int | None = None,
    apart: Callable[[Item], Hashable] | None = None,
) -> NDArray[np.int64]:
    """Return the pairs of ``items`` that share a key, as rows ``(i, j)`` with ``i < j``, each once, in order.

    Args:
        items: the records.
        keys: the keys of a record; one without keys is in no pair.
        most: a key that more records share than this makes no pairs (it tells nothing); None: every key does. With it
            the work is linear in records and keys.
        apart: records for which it gives the same value are no pair (two mentions of one document).
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for number, item in enumerate(items):
        for key in set(keys(item)):
            members[key].append(number)
    codes = [
        _pair_all(rows, len(items)) for rows in members.values() if len(rows) > 1 and not (most and len(rows) > most)
    ]
    found = np.unique(np.concatenate(codes)) if codes else np.zeros(0, np.int64)
    pairs = np.stack(np.divmod(found, max(1, len(items))), axis=1)
    if apart is None or not len(pairs):
        return pairs
    side = _number([apart(item) for item in items])
    kept: NDArray[np.int64] = pairs[side[pairs[:, 0]] != side[pairs[:, 1]]]
    return kept


def _pair_all(rows: Sequence[int], n: int) -> NDArray[np.int64]:
    """Return all pairs of ascending numbers below ``n``, each as one number."""
    numbers = np.asarray(rows, np.int64)
    low, high = np.triu_indices(len(numbers), k=1)
    return numbers[low] * n + numbers[high]


def _number(values: Sequence[Hashable]) -> NDArray[np.int64]:
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(v, len(known)) for v in values], np.int64)

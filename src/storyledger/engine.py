"""The two operations that every stage across pages is written with, and nothing more.

``map_values`` applies a pure function to each value; ``reduce_groups`` groups values by a key and
applies a pure function to each group. Serial and process-pool engines give the same results in the
same order, so an export does not depend on the engine; a cluster engine can follow as an adapter.
This module must not know any stage.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Protocol, Self, TypeVar

V = TypeVar("V")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)


class Engine(Protocol):
    """What a stage may ask of the machine it runs on."""

    def map_values(self, function: Callable[[V], R], values: Iterable[V]) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in the order of the values."""
        ...

    def reduce_groups(
        self, key: Callable[[V], K], function: Callable[[K, list[V]], R], values: Iterable[V]
    ) -> Iterator[R]:
        """Yield ``function(key, group)`` for each key, in the order in which keys first appear."""
        ...


def group_values(key: Callable[[V], K], values: Iterable[V]) -> dict[K, list[V]]:
    """Return the values by their key; keys in order of first appearance, values in order."""
    groups: dict[K, list[V]] = {}
    for value in values:
        groups.setdefault(key(value), []).append(value)
    return groups


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the process that started us: a worker's traceback would tell nobody anything."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class SerialEngine:
    """Everything in this process, one after the other."""

    def map_values(self, function: Callable[[V], R], values: Iterable[V]) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in order."""
        return map(function, values)

    def reduce_groups(
        self, key: Callable[[V], K], function: Callable[[K, list[V]], R], values: Iterable[V]
    ) -> Iterator[R]:
        """Yield ``function(key, group)`` for each key, in order of first appearance."""
        for name, group in group_values(key, values).items():
            yield function(name, group)


class ProcessEngine:
    """A pool of processes; functions and values must be picklable. Use as a context manager."""

    def __init__(self, workers: int) -> None:
        """Start ``workers`` processes."""
        self._pool = ProcessPoolExecutor(max_workers=workers, initializer=_leave_interrupts)

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the processes, cancelling what has not begun."""
        self._pool.shutdown(cancel_futures=True)

    def map_values(self, function: Callable[[V], R], values: Iterable[V]) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in the order of the values."""
        return self._pool.map(function, values, chunksize=1)

    def reduce_groups(
        self, key: Callable[[V], K], function: Callable[[K, list[V]], R], values: Iterable[V]
    ) -> Iterator[R]:
        """Yield ``function(key, group)`` for each key, in order of first appearance."""
        groups = group_values(key, values)
        return self._pool.map(function, groups.keys(), groups.values(), chunksize=1)

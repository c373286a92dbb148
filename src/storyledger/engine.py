"""The two operations that every stage across pages is written with, and nothing more.

``map_values`` applies a pure function to each value; ``reduce_groups`` groups values by a key and
applies a pure function to each group. Serial and process-pool engines give the same results in the
same order, so an export does not depend on the engine; a cluster engine can follow as an adapter.
This module must not know any stage.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol, Self, TypeVar

V = TypeVar("V")
R = TypeVar("R")
K = TypeVar("K", bound=Hashable)
UNDER_WAY = 3  # values a process: one that is worked on, two that wait, so that no process waits for this one


class Engine(Protocol):
    """What a stage may ask of the machine it runs on."""

    def map_values(self, function: Callable[[V], R], values: Iterable[V], lost: R | None = None) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in the order of the values.

        Args:
            function: pure, and of a module, so that other processes find it.
            values: taken as they are needed, not all at once.
            lost: stands for the result of a value at which the process that had it died.
        """
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


def _begin_worker(parent: int) -> None:
    """Leave Ctrl-C to the process that started us (our traceback would tell nobody anything), and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """Hold Ctrl-C back while processes begin: one that is not yet deaf to it would die of it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with(parent: int) -> None:
    """Wait until ``parent`` is gone: a pool whose process was killed waits for its next task for ever."""
    while os.getppid() == parent:
        time.sleep(2)
    os._exit(1)


class SerialEngine:
    """Everything in this process, one after the other."""

    def map_values(self, function: Callable[[V], R], values: Iterable[V], lost: R | None = None) -> Iterator[R]:  # noqa: ARG002
        """Yield ``function(value)`` for each value, in order; there is no other process that could be lost."""
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
        self._workers = workers
        self._pool = self._start(workers)

    @staticmethod
    def _start(workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(max_workers=workers, initializer=_begin_worker, initargs=(os.getpid(),))

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the processes, cancelling what has not begun."""
        self._pool.shutdown(cancel_futures=True)

    def map_values(self, function: Callable[[V], R], values: Iterable[V], lost: R | None = None) -> Iterator[R]:
        """Yield ``function(value)`` for each value, in the order of the values.

        A few values a process are under way at once: all of a pile's pages would not fit into memory.
        """
        under_way: deque[tuple[V, Future[R]]] = deque()
        for value in values:
            under_way.append((value, self._submit(function, value)))
            if len(under_way) >= self._workers * UNDER_WAY:
                yield self._take(function, *under_way.popleft(), lost)
        while under_way:
            yield self._take(function, *under_way.popleft(), lost)

    def _submit(self, function: Callable[[V], R], value: V) -> Future[R]:
        with _ctrl_c_later():
            try:
                return self._pool.submit(function, value)
            except BrokenProcessPool:
                self._pool = self._start(self._workers)
                return self._pool.submit(function, value)

    def _take(self, function: Callable[[V], R], value: V, future: Future[R], lost: R | None) -> R:
        """Return the result; where a process died, whose value it was is told by doing each of them alone."""
        try:
            return future.result()
        except BrokenProcessPool:
            if lost is None:
                raise
        with self._start(1) as alone:
            try:
                with _ctrl_c_later():
                    waiting = alone.submit(function, value)
                return waiting.result()
            except BrokenProcessPool:
                return lost

    def reduce_groups(
        self, key: Callable[[V], K], function: Callable[[K, list[V]], R], values: Iterable[V]
    ) -> Iterator[R]:
        """Yield ``function(key, group)`` for each key, in order of first appearance."""
        groups = group_values(key, values)
        with _ctrl_c_later():
            return self._pool.map(function, groups.keys(), groups.values(), chunksize=1)

"""One stage over many pages: do what is not known yet, keep it, go on after a failure.

Invariant: a result is kept under a key made from all that it depends on, so that a run does again what
changed and nothing else; what fails costs its own page only and is recorded. This module must not know
any one stage.
"""

from __future__ import annotations

import functools
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from storyledger.engine import Engine
from storyledger.errors import StoryledgerError
from storyledger.guard import make_bug, make_failure, make_lost, run_guarded, without_culprits
from storyledger.ids import hash_parts
from storyledger.reach import digest_reach
from storyledger.store import Ledger
from storyledger.types import Failure, Reading

SAVE_EVERY_S = 2.0  # a killed run loses at most this much work; one commit costs about 2 ms
R = TypeVar("R")


class _Item(Protocol):
    """A page or an article: what a stage is run on."""

    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def record(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is: ``done`` of ``total`` pages, ``words`` read so far."""

    stage: str
    done: int
    total: int
    words: int


Listener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Stage(Generic[R]):
    """One step on one page or article: a function of a room and the type of its result, to read a kept one back."""

    name: str  # for progress, failures and the table of steps
    function: Callable[..., R]  # of a module, so that other processes can run it
    kind: Any

    def make_key(self, *inputs: Any) -> str:
        """Return the key of a result: of its inputs, and of all code and data that the function can reach."""
        return hash_parts(self.name, digest_reach(self.function), *inputs)


class PageWork:
    """The work of one run on its pages: what it did again, under which keys, and what failed."""

    def __init__(self, ledger: Ledger, engine: Engine, listener: Listener, failures: list[Failure]) -> None:
        """Work goes to ``ledger``, through ``engine``; what fails is appended to ``failures``."""
        self._ledger, self._engine, self._listener, self._failures = ledger, engine, listener, failures
        self.steps: dict[tuple[str, str], str] = {}
        self.redone: Counter[str] = Counter()
        self._across: dict[str, tuple[str, Any]] = {}  # key -> stage and result of what was done for several pages

    def run(
        self,
        stage: Stage[R],
        items: Sequence[Any],
        inputs: Mapping[str, Sequence[Any]],
        load: Callable[[Any], tuple[Any, ...]],
    ) -> dict[str, R]:
        """Return the result of ``stage.function(*load(item))`` by item id.

        Args:
            stage: what is done.
            items: pages or articles.
            inputs: by item id, all that the result depends on beside the stage's code.
            load: makes the function's arguments from an item, in this process.
        """
        keys = {item.id: stage.make_key(*inputs[item.id]) for item in items}
        alike: dict[str, list[_Item]] = {}  # items of one key are one piece of work, done and kept in memory once
        for item in items:
            alike.setdefault(keys[item.id], []).append(item)
        results: dict[str, Any] = self._ledger.load_work(list(alike), stage.kind)
        todo = [same[0] for key, same in alike.items() if key not in results]
        self.redone[stage.name] += len(todo)
        self._listener(Progress(stage.name, 0, len(todo), 0))
        guarded = functools.partial(run_guarded, stage.name, stage.function)
        outcomes = self._engine.map_values(guarded, _iter_loaded(stage.name, todo, load), lost=make_lost(stage.name))
        results |= self._keep(stage.name, [alike[keys[item.id]] for item in todo], keys, outcomes)
        found = {item.id: results[keys[item.id]] for item in items if keys[item.id] in results}
        self.steps.update({(ident, stage.name): keys[ident] for ident in found})
        return found

    def across(self, stage: str, function: Callable[[list[Any]], R], items: Sequence[_Item]) -> R:
        """Return ``function(items)``, a step across pages, without the pages that it fails on; each is recorded."""

        def refuse(item: _Item, error: Exception) -> None:
            self._failures.append(replace(make_bug(stage, error), path=item.path, record=item.record))

        return without_culprits(function, items, refuse)

    def once(self, stage: Stage[Any], given: Any, function: Callable[[], R]) -> R:
        """Return ``function()``, a step on several pages, or what an earlier run kept where ``given`` was the same.

        Args:
            stage: its name, the function whose code counts, the type of its result.
            given: values that hold all that the result depends on beside the code.
            function: takes nothing more.
        """
        key = stage.make_key(hashlib.sha256(msgspec.msgpack.encode(given)).hexdigest())
        if key not in self._across:
            found = self._ledger.load_work([key], stage.kind)
            self._across[key] = stage.name, found[key] if key in found else function()
            if key not in found:
                self._ledger.save_work(stage.name, [(key, self._across[key][1])])
        result: R = self._across[key][1]
        return result

    def list_keys(self) -> set[str]:
        """Return the keys of all work that this run's story rests on."""
        return {*self.steps.values(), *self._across}

    def _keep(
        self, stage: str, todo: Sequence[list[_Item]], keys: Mapping[str, str], outcomes: Iterator[Any]
    ) -> dict[str, Any]:
        """Return the results by key, written as they come; ``todo`` has the items that share each of them."""
        results: dict[str, Any] = {}
        unsaved: list[tuple[str, Any]] = []
        saved_at, words = time.monotonic(), 0
        for done, (same, outcome) in enumerate(zip(todo, outcomes, strict=True), 1):
            key = keys[same[0].id]
            if isinstance(outcome, Failure):
                self._failures += [replace(outcome, path=item.path, record=item.record) for item in same]
            else:
                results[key] = outcome
                unsaved.append((key, outcome))
                words += len(outcome.tokens) if isinstance(outcome, Reading) else 0
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self._ledger.save_work(stage, unsaved)
                unsaved, saved_at = [], time.monotonic()
            self._listener(Progress(stage, done, len(todo), words))
        self._ledger.save_work(stage, unsaved)
        return results


def _iter_loaded(stage: str, items: Sequence[Any], load: Callable[[Any], Any]) -> Iterator[Any]:
    for item in items:
        try:
            yield load(item)
        except StoryledgerError as error:
            yield make_failure(stage, error)

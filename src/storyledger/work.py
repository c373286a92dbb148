"""One stage over many pages: do what is not known yet, keep it, go on after a failure.

Invariant: a result is kept under a key made from all that it depends on, so that a run does again what
changed and nothing else; what fails costs its own page only and is recorded. This module must not know
any one stage.
"""

from __future__ import annotations

import errno
import functools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from threadpoolctl import ThreadpoolController

from storyledger.engine import Engine
from storyledger.errors import EnvironmentFault, StoryledgerError
from storyledger.ids import hash_parts
from storyledger.reach import digest_reach
from storyledger.store import Ledger
from storyledger.types import Failure, Reading

SAVE_EVERY_S = 2.0  # a killed run loses at most this much work; one commit costs about 2 ms
R = TypeVar("R")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a library may write a cache of its own, on a full disk too


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
        results = self._load_known(items, keys, stage.kind)
        todo = [item for item in items if item.id not in results]
        self.redone[stage.name] += len(todo)
        self._listener(Progress(stage.name, 0, len(todo), 0))
        guarded = functools.partial(run_guarded, stage.name, stage.function)
        outcomes = self._engine.map_values(guarded, _iter_loaded(stage.name, todo, load))
        results |= self._keep(stage.name, todo, keys, outcomes)
        self.steps.update({(ident, stage.name): keys[ident] for ident in results})
        return results

    def _load_known(self, items: Sequence[_Item], keys: Mapping[str, str], kind: Any) -> dict[str, Any]:
        known = self._ledger.load_work([keys[item.id] for item in items], kind)
        return {item.id: known[keys[item.id]] for item in items if keys[item.id] in known}

    def _keep(
        self, stage: str, todo: Sequence[_Item], keys: Mapping[str, str], outcomes: Iterator[Any]
    ) -> dict[str, Any]:
        results: dict[str, Any] = {}
        unsaved: list[tuple[str, Any]] = []
        saved_at, words = time.monotonic(), 0
        for done, (item, outcome) in enumerate(zip(todo, outcomes, strict=True), 1):
            if isinstance(outcome, Failure):
                self._failures.append(replace(outcome, path=item.path, record=item.record))
            else:
                results[item.id] = outcome
                unsaved.append((keys[item.id], outcome))
                words += len(outcome.tokens) if isinstance(outcome, Reading) else 0
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self._ledger.save_work(stage, unsaved)
                unsaved, saved_at = [], time.monotonic()
            self._listener(Progress(stage, done, len(todo), words))
        self._ledger.save_work(stage, unsaved)
        return results


def run_guarded(stage: str, function: Callable[..., Any], arguments: tuple[Any, ...] | Failure) -> Any:
    """Return ``function(*arguments)``, or the ``Failure`` that it ends in: one bad page stops nothing else."""
    if isinstance(arguments, Failure):
        return arguments
    try:
        with _blas().limit(limits=1, user_api="blas"):
            return function(*arguments)
    except EnvironmentFault:
        raise
    except StoryledgerError as error:
        return make_failure(stage, error)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except OSError as error:
        if error.errno not in FULL:
            return _make_bug(stage, error)
        advice = "free some space and run the same command again; what was done is kept"
        raise EnvironmentFault("E-DISK-FULL", f"stage {stage}: {error}", advice) from error
    except Exception as error:  # noqa: BLE001 - whatever a page does to us must cost that page only
        return _make_bug(stage, error)


def _make_bug(stage: str, error: Exception) -> Failure:
    message = f"{type(error).__name__} at {_last_line(error)}: {error}"
    return Failure("", None, stage, "E-BUG-STAGE", message, "the page was left out of this stage; please report it")


@functools.cache
def _blas() -> ThreadpoolController:
    """Return the hold on the arithmetic library's threads.

    Our matrices are small: on two cores a second thread doubled the time of reading (13.0 s against 6.0 s for
    five pages) and fights with the other processes.
    """
    return ThreadpoolController()


def make_failure(stage: str, error: StoryledgerError) -> Failure:
    """Return the record of an error of ours; whose page it was is filled in by who knows it."""
    return Failure("", None, stage, error.code, error.message, error.advice)


def _iter_loaded(stage: str, items: Sequence[Any], load: Callable[[Any], Any]) -> Iterator[Any]:
    for item in items:
        try:
            yield load(item)
        except StoryledgerError as error:
            yield make_failure(stage, error)


def _last_line(error: Exception) -> str:
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    return f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"

"""The border round every stage: whatever a page does to our code or a library costs that page, in that stage.

Invariant: what a stage raises on a page comes out as a ``Failure``; only the machine's faults and the user's own calls
pass. A step across pages loses the page that it fails on and no other. This module must not know any one stage.
"""

from __future__ import annotations

import errno
import functools
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
from threadpoolctl import ThreadpoolController

from storyledger.errors import EnvironmentFault, PageError, StoryledgerError, UsageError
from storyledger.spelling import clean_text
from storyledger.types import Failure

T = TypeVar("T")
R = TypeVar("R")
PAGE_TIME_S = 300.0  # a stage on one page: the longest page that is taken (400,000 characters) is read in 60 s
CULPRITS = 16  # pages that a step across pages may lose before it gives up
BUG_CHARS = 500
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # a library may write a cache of its own, on a full disk too


def run_guarded(stage: str, function: Callable[..., Any], arguments: tuple[Any, ...] | Failure) -> Any:
    """Return ``function(*arguments)``, or the ``Failure`` that it ends in: one bad page stops nothing else."""
    if isinstance(arguments, Failure):
        return arguments
    try:
        with _blas().limit(limits=1, user_api="blas"), time_limit(PAGE_TIME_S):
            result = function(*arguments)
        msgspec.msgpack.encode(result)  # what cannot be written costs this page here, not its neighbours at the commit
    except (KeyboardInterrupt, SystemExit, EnvironmentFault):
        raise
    except StoryledgerError as error:
        return make_failure(stage, error)
    except MemoryError:
        message = "the page takes more memory than there is"
        return Failure("", None, stage, "E-PAGE-MEMORY", message, "split it, or give the machine more")
    except OSError as error:
        if error.errno not in FULL:
            return make_bug(stage, error)
        advice = "free some space and run the same command again; what was done is kept"
        raise EnvironmentFault("E-DISK-FULL", f"stage {stage}: {error}", advice) from error
    except Exception as error:  # noqa: BLE001 - whatever a page does to us must cost that page only
        return make_bug(stage, error)
    return result


def make_bug(stage: str, error: Exception) -> Failure:
    """Return the record of an error that is none of ours: in which stage, where and what."""
    message = clean_text(f"{type(error).__name__} at {_last_line(error)}: {error}"[:BUG_CHARS])
    return Failure("", None, stage, "E-BUG-STAGE", message, "the page was left out of this stage; please report it")


def make_lost(stage: str) -> Failure:
    """Return the record of a page whose process died."""
    message = "the process that read it died (out of memory, or a fault in a library)"
    return Failure(
        "", None, stage, "E-PAGE-DIED", message, "the page was left out of this stage; split it if it is long"
    )


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop the block with a ``PageError`` after ``seconds``; in a thread that takes no signals it is not stopped."""

    def stop(*_: object) -> None:
        raise PageError(
            "E-PAGE-TIME", f"the page took more than {seconds:.0f} s", "split it: nothing of its size should"
        )

    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def without_culprits(function: Callable[[list[T]], R], items: Sequence[T], refuse: Callable[[T, Exception], None]) -> R:
    """Return ``function(items)`` without the items that make it fail; each of those is given to ``refuse``.

    Work across pages sees all of them at once: the one at fault is the last of the shortest list that fails, found
    by halving. Costs one run where nothing fails.
    """
    kept, error = list(items), None
    for _ in range(min(CULPRITS, len(kept))):
        result, error = _attempt(function, kept)
        if error is None:
            return cast("R", result)
        culprit, error = _find_culprit(function, kept, error)
        refuse(kept.pop(culprit), error)
    for item in kept:
        refuse(item, error or RuntimeError())
    return function([])


def _find_culprit(function: Callable[[list[T]], R], items: list[T], error: Exception) -> tuple[int, Exception]:
    good, bad = 0, len(items)  # function(items[:good]) works, function(items[:bad]) fails
    while bad - good > 1:
        middle = (good + bad) // 2
        _, found = _attempt(function, items[:middle])
        good, bad, error = (middle, bad, error) if found is None else (good, middle, found)
    return bad - 1, error


def _attempt(function: Callable[[list[T]], R], items: list[T]) -> tuple[R | None, Exception | None]:
    try:
        return function(items), None
    except (EnvironmentFault, UsageError):
        raise
    except Exception as error:  # noqa: BLE001 - as in run_guarded
        return None, error


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


def _last_line(error: Exception) -> str:
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    return f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"

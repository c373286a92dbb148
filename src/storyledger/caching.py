"""What functions keep of what they were asked: so many answers at most, and none once a build has ended.

Invariant: an answer that is kept is the one that would be given anew. Each of the caches is small beside a page's
reading, all of them together fill up with hundreds of megabytes in a process that builds for days. This module must
not know what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
_FORGETTING: list[Callable[[], None]] = []


def keep_answers(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator that keeps the ``most`` last asked answers until ``forget_answers``."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=most)(function)
        _FORGETTING.append(cached.cache_clear)
        return cast("Callable[P, R]", cached)

    return decorate


def forget_answers() -> None:
    """Forget every answer that is kept: the next page is another one."""
    for forget in _FORGETTING:
        forget()

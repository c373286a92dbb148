"""The border that every source crosses: whatever a file, record, member or name does costs that page alone.

Invariant: what comes through can be stored, printed and hashed (its strings are whole characters), has a name of
its own, and everything that does not come through is one ``Failure``. No exception of a page, a reader or a
library passes. This module must not know any kind of source.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from storyledger.errors import EnvironmentFault, PageError
from storyledger.ids import make_id
from storyledger.spelling import clean_text
from storyledger.types import Failure, Page

T = TypeVar("T")
OnFailure = Callable[[Failure], None]


class Border:
    """One walk's border; ``on_failure`` is called once for each source that gives no page."""

    def __init__(self, on_failure: OnFailure) -> None:
        """Failures go to ``on_failure``, their strings clean."""
        self._on_failure = on_failure
        self._names: set[tuple[str, str | None]] = set()
        self._refused = 0

    def refuse(self, failure: Failure) -> None:
        """Count a source that gives no page."""
        self._refused += 1
        self._on_failure(_clean(failure))

    def admit(self, pages: Callable[[], Iterator[Page]], label: str) -> Iterator[Page]:
        """Yield the pages of one source, clean and each of another name; what the source raises is its failure."""
        met = self._refused + len(self._names)
        with costs_only(label, None, self.refuse):
            for page in pages():
                clean = clean_page(page)
                name = (clean.path, clean.record)
                if name in self._names:
                    advice = "give each its own name"
                    self.refuse(Failure(*name, "pages", "W-PAGE-NAME", "a second page of this name", advice))
                    continue
                self._names.add(name)
                yield clean
        if met == self._refused + len(self._names):
            self.refuse(Failure(label, None, "pages", "W-PAGE-NONE", "nothing in it is a page", "nothing is lost"))


@contextmanager
def costs_only(label: str, record: str | None, on_failure: OnFailure) -> Iterator[None]:
    """Run a block that reads one source or one record; what it raises becomes that one's failure.

    A container puts it round each of its records, so that the next one is read.
    """
    try:
        yield
    except EnvironmentFault:
        raise
    except PageError as error:
        on_failure(Failure(label, record, "pages", error.code, error.message, error.advice))
    except Exception as error:  # noqa: BLE001 - a library that reads what others wrote may raise anything
        on_failure(Failure(label, record, "pages", "E-PAGE-UNREADABLE", _describe(error), _ADVICE))


_ADVICE = "see whether it is whole and may be read"
_EXPECTED = (OSError, EOFError, zlib.error)


def _describe(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"cannot read: {error.strerror}"
    told = str(error)[:200] if not isinstance(error, _EXPECTED) else ""
    return f"cannot read: {type(error).__name__}" + (f": {told}" if told else "")


def clean_page(page: Page) -> Page:
    """Return ``page`` with every string whole; the same page where all are."""
    clean = _clean(page)
    if clean == page:
        return page
    return dataclasses.replace(clean, id=make_id("page", clean.path, clean.record, page.sha256))


def _clean(value: T) -> T:
    """Return ``value`` with every string in it, at any depth, as it can be encoded."""
    if isinstance(value, str):
        return cast("T", clean_text(value))
    if isinstance(value, tuple):
        return cast("T", tuple(map(_clean, value)))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return cast("T", dataclasses.replace(value, **{k: _clean(v) for k, v in _fields(value)}))
    return value


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    for field in dataclasses.fields(value):
        yield field.name, getattr(value, field.name)

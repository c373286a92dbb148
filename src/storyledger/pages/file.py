"""A file to be read as pages, wherever it lies: on disk, in an archive, in a record of a crawl.

This module must not know any format.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

from storyledger.errors import PageError
from storyledger.pages.border import OnFailure, costs_only
from storyledger.pages.limits import PAGE_BYTES
from storyledger.types import Failure, SourceNote


@dataclass(frozen=True, slots=True)
class File:
    """Bytes with the place where they stand.

    Attributes:
        path: of the pages that are made of it.
        record: which member of an archive it is; None for a file on disk.
        size: in bytes, as far as is known without reading it.
        open: gives the bytes from their start.
        on_failure: called once for each part that gives no page.
        sidecar: what a person states of it.
        declared: what its container states of it.
        depth: in how many archives it lies.
    """

    path: str
    record: str | None
    size: int
    open: Callable[[], BinaryIO]
    on_failure: OnFailure
    sidecar: SourceNote | None = None
    declared: SourceNote | None = None
    depth: int = 0

    @property
    def name(self) -> str:
        """The name that its suffix is read from."""
        return self.record if self.record is not None else self.path

    @property
    def label(self) -> str:
        """The path of the pages that are records in it."""
        return self.path if self.record is None else f"{self.path}!{self.record}"

    def guard(self, record: str | None) -> AbstractContextManager[None, bool | None]:
        """Return a block that reads a part of it: what that raises is the part's failure, and the next part is read."""
        return costs_only(self.label, record, self.on_failure)

    def fail(self, record: str | None, error: PageError) -> None:
        """Record that a part of it gave no page."""
        self.on_failure(Failure(self.label, record, "pages", error.code, error.message, error.advice))


def file_of_bytes(data: bytes, path: str, record: str | None, on_failure: OnFailure, **more: SourceNote | None) -> File:
    """Return ``data`` as a file."""
    return File(
        path, record, len(data), lambda: io.BytesIO(data), on_failure, more.get("sidecar"), more.get("declared")
    )


def read_whole(file: File) -> bytes:
    """Return all bytes of ``file``.

    Raises:
        PageError: they are more than a page may have.
    """
    if file.size <= PAGE_BYTES:
        with file.open() as stream:
            data = stream.read(PAGE_BYTES + 1)
        if len(data) <= PAGE_BYTES:
            return data
    size = max(file.size, PAGE_BYTES + 1)
    raise PageError("E-PAGE-TOO-LARGE", f"the file has {size} bytes", f"the limit is {PAGE_BYTES}", path=file.path)

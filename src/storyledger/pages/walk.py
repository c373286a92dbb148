"""Walk what the caller named and yield its pages.

Invariant: pages come in the order of their paths, whatever the order of the arguments and of the
file system; each file is read once; a link that leads back above itself is named and not followed.
This module must not know how an archive or a feed is built.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from storyledger.errors import PageError
from storyledger.pages.containers import iter_container, tell_container
from storyledger.pages.limits import CONTAINER_BYTES, PAGE_BYTES
from storyledger.pages.make import HTML_SUFFIXES, TEXT_SUFFIXES, make_page
from storyledger.pages.sidecar import SIDECAR_NAME, parse_sidecar
from storyledger.types import Failure, Page, SourceNote

STDIN = "-"
OnFailure = Callable[[Failure], None]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file met on the walk: where it is, and what it is called relative to what was named."""

    file: Path
    label: str


def iter_pages(paths: Sequence[str], on_failure: OnFailure, stdin: BinaryIO | None = None) -> Iterator[Page]:
    """Yield the pages of ``paths``: files, folders with all below them, "-" for standard input.

    A page that cannot be used is given to ``on_failure`` and the walk goes on. A ``sources.csv``
    beside a page supplies its ``sidecar``.

    Args:
        paths: what the caller named; the same file twice is one page.
        on_failure: called once for each file or record that gives no page.
        stdin: read for "-".
    """
    notes = _Sidecars(on_failure)
    found = _name_uniquely(_find_files(paths, on_failure))
    if STDIN in paths and stdin is not None:
        yield from _guard(lambda: iter([make_page(STDIN, None, stdin.read(PAGE_BYTES + 1))]), STDIN, on_failure)
    for item in sorted(found, key=lambda one: one.label):
        if item.file.name != SIDECAR_NAME:
            yield from _guard(lambda item=item: _iter_file(item, notes, on_failure), item.label, on_failure)  # type: ignore[misc]


def _guard(pages: Callable[[], Iterator[Page]], label: str, on_failure: OnFailure) -> Iterator[Page]:
    """Yield what ``pages`` yields; what it raises becomes a failure of ``label``."""
    try:
        yield from pages()
    except PageError as error:
        on_failure(make_failure(error, label))
    except (OSError, EOFError, zlib.error) as error:
        advice = "see whether it is whole and may be read"
        on_failure(
            Failure(label, None, "pages", "E-PAGE-UNREADABLE", f"cannot read: {error.__class__.__name__}", advice)
        )


def make_failure(error: PageError, path: str, record: str | None = None) -> Failure:
    """Return the row that records ``error``."""
    return Failure(path, record, "pages", error.code, error.message, error.advice)


def _iter_file(item: _Found, notes: _Sidecars, on_failure: OnFailure) -> Iterator[Page]:
    kind = tell_container(item.file.name)
    size = item.file.stat().st_size
    if kind is not None:
        if size > CONTAINER_BYTES:
            raise PageError("E-PAGE-TOO-LARGE", f"the file has {size} bytes", f"the limit is {CONTAINER_BYTES}")
        with item.file.open("rb") as stream:
            yield from iter_container(kind, stream, item.label, on_failure)
        return
    if size > PAGE_BYTES:
        raise PageError("E-PAGE-TOO-LARGE", f"the page has {size} bytes", f"the limit is {PAGE_BYTES}")
    if not item.file.name.lower().removesuffix(".gz").endswith(HTML_SUFFIXES + TEXT_SUFFIXES):
        raise PageError("W-PAGE-KIND", "not a kind of page that is read", "name it .html or .txt if it is one")
    yield make_page(item.label, None, _read_bytes(item.file), sidecar=notes.find_note(item.file))


def _read_bytes(file: Path) -> bytes:
    if file.suffix.lower() != ".gz":
        return file.read_bytes()
    with gzip.open(file) as stream:
        return stream.read(PAGE_BYTES + 1)


def _find_files(paths: Sequence[str], on_failure: OnFailure) -> list[_Found]:
    found: dict[Path, _Found] = {}
    for name in paths:
        path = Path(name)
        if name == STDIN:
            continue
        if path.is_dir():
            for file in _iter_folder(path, on_failure):
                found.setdefault(file.resolve(), _Found(file, file.relative_to(path).as_posix()))
        elif path.is_file():
            found.setdefault(path.resolve(), _Found(path, path.name))
        else:
            on_failure(Failure(name, None, "pages", "E-PAGE-MISSING", "there is no such file", "see the spelling"))
    return list(found.values())


def _iter_folder(folder: Path, on_failure: OnFailure) -> Iterator[Path]:
    """Yield the files below ``folder``; a link to a folder is followed once, a loop named."""
    stack, seen = [folder], {folder.resolve()}
    while stack:
        here = stack.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda one: one.name)
        except OSError:
            label = here.relative_to(folder).as_posix()
            on_failure(Failure(label, None, "pages", "E-PAGE-UNREADABLE", "cannot open the folder", "see its rights"))
            continue
        for entry in entries:
            path = Path(entry.path)
            label = path.relative_to(folder).as_posix()
            if entry.is_symlink() and not path.exists():
                message = "the link leads nowhere or to itself"
                on_failure(Failure(label, None, "pages", "E-PAGE-LOOP", message, "remove the link"))
            elif path.is_dir():
                real = path.resolve()
                if real in seen:
                    message = "the link leads to a folder that is read already"
                    on_failure(Failure(label, None, "pages", "E-PAGE-LOOP", message, "remove the link"))
                else:
                    seen.add(real)
                    stack.append(path)
            elif path.is_file():
                yield path


def _name_uniquely(found: list[_Found]) -> list[_Found]:
    """Lengthen labels that two files share by their folders until no two are alike."""
    for _ in range(32):
        counts = Counter(item.label for item in found)
        if all(n == 1 for n in counts.values()):
            return found
        found = [_Found(i.file, _lengthen(i)) if counts[i.label] > 1 else i for i in found]
    return [_Found(i.file, i.file.resolve().as_posix().lstrip("/")) for i in found]


def _lengthen(item: _Found) -> str:
    parts = PurePosixPath(item.file.resolve().as_posix()).parts[1:]
    return "/".join(parts[-(len(PurePosixPath(item.label).parts) + 1) :])


class _Sidecars:
    """The ``sources.csv`` files met, each read once."""

    def __init__(self, on_failure: OnFailure) -> None:
        self._on_failure = on_failure
        self._notes: dict[Path, dict[str, SourceNote]] = {}

    def find_note(self, file: Path) -> SourceNote | None:
        """Return what the ``sources.csv`` beside ``file``, or in one of two folders above, says of it."""
        for folder in [file.parent, *file.parent.parents][:3]:
            note = self._read(folder).get(file.relative_to(folder).as_posix())
            if note is not None:
                return note
        return None

    def _read(self, folder: Path) -> dict[str, SourceNote]:
        if folder not in self._notes:
            self._notes[folder] = {}
            path = folder / SIDECAR_NAME
            try:
                if path.is_file():
                    self._notes[folder] = parse_sidecar(path.read_bytes(), SIDECAR_NAME)
            except PageError as error:
                self._on_failure(make_failure(error, SIDECAR_NAME))
            except OSError:
                message = "cannot read the sidecar"
                self._on_failure(Failure(SIDECAR_NAME, None, "pages", "E-PAGE-UNREADABLE", message, "see its rights"))
        return self._notes[folder]

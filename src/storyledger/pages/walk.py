"""Walk what the caller named and yield its pages.

Invariant: pages come in the order of their paths, whatever the order of the arguments and of the
file system; each file is read once; a link that leads back above itself is named and not followed.
This module must not know how an archive or a feed is built.
"""

from __future__ import annotations

import functools
import io
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from storyledger.errors import PageError
from storyledger.pages.archives import LITTER
from storyledger.pages.attendants import find_attendants
from storyledger.pages.border import Border, OnFailure, costs_only
from storyledger.pages.file import File
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.mirrors import guess_address
from storyledger.pages.readers import iter_file
from storyledger.pages.sidecar import SIDECAR_NAME, parse_sidecar
from storyledger.pages.zotero import parse_library
from storyledger.types import Failure, Page, SourceNote

STDIN = "-"
DATABASE_PARTS = ("wal", "shm", "journal", "lock")  # beside an SQLite file while it is written
SQLITE, LEDGER_MARK = b"SQLite format 3\0", b"StLg"  # how a ledger begins, and what stands at 68 in it
MAX_LIBRARIES = 20  # in one folder


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
    border = Border(on_failure)
    notes = _Sidecars(border.refuse)
    found = _name_uniquely(_find_files(paths, border.refuse))
    if STDIN in paths and stdin is not None:
        yield from border.admit(functools.partial(_iter_stdin, stdin, border.refuse), STDIN)
    files = {item.file.as_posix(): item.file for item in found}
    parts: frozenset[str] = frozenset()
    with costs_only("", None, border.refuse):
        parts = find_attendants(list(files), lambda name: _read_page(files[name]))
    for item in sorted(found, key=lambda one: one.label):
        if not _is_beside(item.file, parts):
            yield from border.admit(functools.partial(_iter_file, item, notes, border.refuse), item.label)


def _iter_stdin(stdin: BinaryIO, on_failure: OnFailure) -> Iterator[Page]:
    data = stdin.read(PAGE_BYTES + 1)
    yield from iter_file(File(STDIN, None, len(data), lambda: io.BytesIO(data), on_failure))


def _is_beside(file: Path, parts: frozenset[str]) -> bool:
    """Return whether a file is no page but stands beside one: its parts, notes on it, the file system's own."""
    if file.name == SIDECAR_NAME or file.as_posix() in parts or file.name.lower() in LITTER:
        return True
    if file.name.startswith((".zotero-ft", ".~lock.")) or file.suffix.lower() == ".rdf":
        return True
    return _is_of_database(file)


def _is_of_database(file: Path) -> bool:
    """Return whether a file is a ledger, or what an SQLite file keeps beside it while it is written."""
    base, dash, kind = file.name.rpartition("-")
    if dash and kind in DATABASE_PARTS and file.with_name(base).is_file():
        return _read_head(file.with_name(base))[:16] in (SQLITE, b"")
    head = _read_head(file)
    own = head[68:72] == LEDGER_MARK or file.with_name(f"{file.name}-lock").is_file()
    return head[:16] == SQLITE and own


def _read_head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(100)
    except OSError:
        return b"unreadable"


def _read_page(file: Path) -> bytes:
    if file.stat().st_size > PAGE_BYTES:
        return b""
    return file.read_bytes()


def _iter_file(item: _Found, notes: _Sidecars, on_failure: OnFailure) -> Iterator[Page]:
    file = File(
        item.label,
        None,
        item.file.stat().st_size,
        lambda: item.file.open("rb"),
        on_failure,
        notes.find_note(item.file),
        guess_address(item.file),
    )
    yield from iter_file(file)


def _find_files(paths: Sequence[str], on_failure: OnFailure) -> list[_Found]:
    found: dict[Path, _Found] = {}
    for name in paths:
        if name != STDIN:
            with costs_only(name, None, on_failure):  # a name may be too long for any file system
                _find_named(Path(name), found, on_failure)
    return list(found.values())


def _find_named(path: Path, found: dict[Path, _Found], on_failure: OnFailure) -> None:
    if path.is_dir():
        for file in _iter_folder(path, on_failure):
            found.setdefault(file.resolve(), _Found(file, file.relative_to(path).as_posix()))
    elif path.is_file():
        found.setdefault(path.resolve(), _Found(path, path.name))
    else:
        on_failure(Failure(str(path), None, "pages", "E-PAGE-MISSING", "there is no such file", "see the spelling"))


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
            with costs_only(Path(entry.path).relative_to(folder).as_posix(), None, on_failure):
                yield from _iter_entry(entry, stack, seen)


def _iter_entry(entry: os.DirEntry[str], stack: list[Path], seen: set[Path]) -> Iterator[Path]:
    """Yield the entry if it is a file; put it on the ``stack`` of folders to open if it is one."""
    path = Path(entry.path)
    if entry.is_symlink() and not path.exists():
        raise PageError("E-PAGE-LOOP", "the link leads nowhere or to itself", "remove the link")
    if path.is_dir():
        real = path.resolve()
        if real in seen:
            raise PageError("E-PAGE-LOOP", "the link leads to a folder that is read already", "remove the link")
        seen.add(real)
        stack.append(path)
    elif path.is_file():
        yield path
    else:
        raise PageError("W-PAGE-KIND", "neither a file nor a folder", "save the page as a file")


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
        self._libraries: dict[Path, dict[str, SourceNote]] = {}

    def find_note(self, file: Path) -> SourceNote | None:
        """Return what the ``sources.csv`` beside ``file``, or in one of two folders above, says of it."""
        for folder in [file.parent, *file.parent.parents][:3]:
            name = file.relative_to(folder).as_posix()
            note = self._read(folder).get(name) or self._read_library(folder).get(name)
            if note is not None:
                return note
        return None

    def _read_library(self, folder: Path) -> dict[str, SourceNote]:
        """Return what a library's export in ``folder`` says of the files saved with it."""
        if folder not in self._libraries:
            self._libraries[folder] = {}
            for path in sorted(folder.glob("*.rdf"))[:MAX_LIBRARIES]:
                with costs_only(path.name, None, self._on_failure):
                    self._libraries[folder] |= parse_library(_read_page(path), path.name)
        return self._libraries[folder]

    def _read(self, folder: Path) -> dict[str, SourceNote]:
        if folder not in self._notes:
            self._notes[folder] = {}
            path = folder / SIDECAR_NAME
            with costs_only(SIDECAR_NAME, None, self._on_failure):
                if path.is_file():
                    self._notes[folder] = parse_sidecar(path.read_bytes(), SIDECAR_NAME)
        return self._notes[folder]

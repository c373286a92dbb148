"""Zip and tar files of pages, unpacked in memory.

Invariant: nothing is written, so no path in an archive can leave a folder; such paths are named all the
same. Count, size and ratio are bounded before bytes are unpacked. An archive in an archive is read one
level deep. This module must not know files.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from storyledger.errors import PageError
from storyledger.pages.feeds import iter_feed
from storyledger.pages.jsonl import iter_jsonl
from storyledger.pages.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_MEMBERS,
    ARCHIVE_RATIO,
    PAGE_BYTES,
    RATIO_FLOOR_BYTES,
)
from storyledger.pages.make import HTML_SUFFIXES, TEXT_SUFFIXES, make_page, tell_media
from storyledger.pages.sidecar import SIDECAR_NAME, parse_sidecar
from storyledger.pages.warc import iter_warc
from storyledger.types import Failure, Page, SourceNote

OnFailure = Callable[[Failure], None]


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive: its name, its size as declared, and how to read it."""

    name: str
    size: int
    packed: int
    read: Callable[[int], bytes]


def iter_zip(stream: BinaryIO, label: str, on_failure: OnFailure) -> Iterator[Page]:
    """Yield the pages in a zip file; ``record`` is the member's path.

    Raises:
        PageError: the file is no zip, is encrypted, or passes a limit.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            members = [_Member(i.filename, i.file_size, i.compress_size, _zip_reader(archive, i)) for i in infos]
            yield from _iter_members(members, label, on_failure)
    # NotImplementedError is zipfile's word for a compression or encryption that it does not know.
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise PageError("E-PAGE-ARCHIVE", f"not a whole zip file: {error}", "pack it again", path=label) from error


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with archive.open(info) as file:
            return file.read(limit)

    return read


def iter_tar(stream: BinaryIO, label: str, on_failure: OnFailure) -> Iterator[Page]:
    """Yield the pages in a tar file, packed or not; ``record`` is the member's path.

    Raises:
        PageError: the file is no tar, or passes a limit.
    """
    try:
        with tarfile.open(fileobj=stream, mode="r:*") as archive:
            members = []
            for info in archive:
                if info.isfile():
                    members.append(_Member(info.name, info.size, 0, _tar_reader(archive, info)))
                elif not info.isdir():
                    message = "a link or device in the archive is not followed"
                    on_failure(Failure(label, info.name, "pages", "W-PAGE-KIND", message, "pack the file itself"))
                if len(members) > ARCHIVE_MEMBERS:
                    break
            yield from _iter_members(members, label, on_failure)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise PageError("E-PAGE-ARCHIVE", f"not a whole tar file: {error}", "pack it again", path=label) from error


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        file = archive.extractfile(info)
        return file.read(limit) if file is not None else b""

    return read


def _iter_members(members: list[_Member], label: str, on_failure: OnFailure) -> Iterator[Page]:
    if len(members) > ARCHIVE_MEMBERS:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "too many members", f"the limit is {ARCHIVE_MEMBERS}", path=label)
    if sum(member.size for member in members) > ARCHIVE_BYTES:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "too large unpacked", f"the limit is {ARCHIVE_BYTES} bytes", path=label)
    notes = _read_notes(members, label, on_failure)
    seen: set[str] = set()
    for member in sorted(members, key=lambda one: one.name):
        try:
            _take_name(member.name, seen, label)
            yield from _iter_member(member, label, notes, on_failure)
        except PageError as error:
            on_failure(Failure(label, member.name, "pages", error.code, error.message, error.advice))
        except (RuntimeError, OSError, EOFError, zlib.error, NotImplementedError) as error:  # the last as above
            message = f"cannot unpack: {error.__class__.__name__}"
            on_failure(
                Failure(label, member.name, "pages", "E-PAGE-ARCHIVE", message, "pack it again, without a password")
            )


def _take_name(name: str, seen: set[str], label: str) -> None:
    if name in seen:
        raise PageError("W-PAGE-KIND", "a second member of this name", "pack each file once", path=label)
    seen.add(name)


def _iter_member(member: _Member, label: str, notes: dict[str, SourceNote], on_failure: OnFailure) -> Iterator[Page]:
    lower = member.name.lower()
    if member.name.rsplit("/", 1)[-1] == SIDECAR_NAME:
        return
    if member.name.startswith(("/", "\\")) or ".." in member.name.replace("\\", "/").split("/"):
        raise PageError("E-PAGE-ARCHIVE-PATH", "the path leads out of the archive", "pack it again", path=label)
    data = _unpack(member, label)
    inner = f"{label}!{member.name}"
    if lower.endswith((".warc", ".warc.gz")):
        yield from iter_warc(io.BytesIO(data), inner, on_failure)
    elif lower.endswith((".jsonl", ".ndjson", ".jsonl.gz")):
        yield from iter_jsonl(io.BytesIO(data), inner, on_failure)
    elif lower.endswith((".rss", ".atom", ".xml")):
        yield from iter_feed(io.BytesIO(data), inner, on_failure)
    elif lower.removesuffix(".gz").endswith(HTML_SUFFIXES + TEXT_SUFFIXES):
        yield make_page(label, member.name, data, media=tell_media(lower, data), sidecar=notes.get(member.name))
    else:
        raise PageError(
            "W-PAGE-KIND", "not a kind of page that is read", "name it .html or .txt if it is one", path=label
        )


def _unpack(member: _Member, label: str) -> bytes:
    """Return the member's bytes, never more than a page may have, whatever the archive declares."""
    if member.size > PAGE_BYTES:
        raise PageError(
            "E-PAGE-TOO-LARGE", f"the page has {member.size} bytes", f"the limit is {PAGE_BYTES}", path=label
        )
    if member.packed and member.size > RATIO_FLOOR_BYTES and member.size > member.packed * ARCHIVE_RATIO:
        raise PageError(
            "E-PAGE-ARCHIVE-LIMIT", "packed too tightly for text", f"the limit is {ARCHIVE_RATIO} to 1", path=label
        )
    data = member.read(PAGE_BYTES + 1)
    if member.name.lower().endswith(".gz") and not member.name.lower().endswith((".warc.gz", ".jsonl.gz")):
        with gzip.open(io.BytesIO(data)) as file:
            data = file.read(PAGE_BYTES + 1)
    return data


def _read_notes(members: list[_Member], label: str, on_failure: OnFailure) -> dict[str, SourceNote]:
    notes: dict[str, SourceNote] = {}
    for member in members:
        folder, _, name = member.name.rpartition("/")
        if name != SIDECAR_NAME:
            continue
        try:
            for file, note in parse_sidecar(_unpack(member, label), member.name).items():
                notes.setdefault(f"{folder}/{file}" if folder else file, note)
        except (PageError, RuntimeError, OSError, zlib.error) as error:
            message = getattr(error, "message", "cannot unpack the sidecar")
            on_failure(Failure(label, member.name, "pages", "E-PAGE-SIDECAR", message, "save it as CSV"))
    return notes

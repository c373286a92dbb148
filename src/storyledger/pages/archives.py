"""Zip and tar files of pages, unpacked in memory, and the crawls in a WACZ.

Invariant: nothing is written, so no path in an archive can leave a folder; such paths are named all the
same. Count, size and ratio are bounded before bytes are unpacked; an archive in an archive is read to a fixed depth.
This module must not know how a member is read.
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from storyledger.errors import PageError
from storyledger.pages.attendants import find_attendants
from storyledger.pages.border import OnFailure, costs_only
from storyledger.pages.file import File
from storyledger.pages.limits import (
    ARCHIVE_BYTES,
    ARCHIVE_DEPTH,
    ARCHIVE_MEMBERS,
    ARCHIVE_RATIO,
    CONTAINER_BYTES,
    PAGE_BYTES,
    RATIO_FLOOR_BYTES,
)
from storyledger.pages.sidecar import SIDECAR_NAME, parse_sidecar
from storyledger.types import Failure, Page, SourceNote

ReadFile = Callable[[File], Iterator[Page]]
LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini")  # of file systems, in any folder


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive: its name, its size as declared, and how to read it."""

    name: str
    size: int
    packed: int
    read: Callable[[int], bytes]


def iter_zip(outer: File, read_file: ReadFile) -> Iterator[Page]:
    """Yield the pages in a zip file; ``record`` is the member's path.

    Raises:
        PageError: the file is no zip, is encrypted, or passes a limit.
    """
    label = outer.label
    try:
        with outer.open() as stream, zipfile.ZipFile(stream) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            members = [_Member(i.filename, i.file_size, i.compress_size, _zip_reader(archive, i)) for i in infos]
            yield from _iter_members(members, outer, read_file)
    # NotImplementedError is zipfile's word for a compression or encryption that it does not know.
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise PageError("E-PAGE-ARCHIVE", f"not a whole zip file: {error}", "pack it again", path=label) from error


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        with archive.open(info) as file:
            return file.read(limit)

    return read


def iter_wacz(outer: File, read_crawl: ReadFile) -> Iterator[Page]:
    """Yield the pages of the crawls in a WACZ; its own list of pages is a hint only, and not read.

    Raises:
        PageError: the file is no zip, has no crawl in it, or passes a limit.
    """
    try:
        with outer.open() as stream, zipfile.ZipFile(stream) as archive:
            infos = [i for i in archive.infolist() if i.filename.endswith((".warc", ".warc.gz", ".warc.zst"))]
            if not infos:
                message = "there is no crawl in the WACZ"
                raise PageError("E-PAGE-ARCHIVE", message, "fetch it again", path=outer.label)
            for info in infos:
                yield from _read_crawl(archive, info, outer, read_crawl)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise PageError("E-PAGE-ARCHIVE", f"not a whole WACZ: {error}", "fetch it again", path=outer.label) from error


def _read_crawl(archive: zipfile.ZipFile, info: zipfile.ZipInfo, outer: File, read_crawl: ReadFile) -> Iterator[Page]:
    if info.file_size > min(ARCHIVE_BYTES, CONTAINER_BYTES):
        message, advice = f"{info.filename} has {info.file_size} bytes", f"the limit is {ARCHIVE_BYTES}"
        outer.fail(info.filename, PageError("E-PAGE-ARCHIVE-LIMIT", message, advice))
        return
    # a crawl is stored, not packed, in a WACZ, so that it can be sought in
    inner = replace(outer, size=info.file_size, open=lambda: archive.open(info), depth=outer.depth + 1)  # type: ignore[arg-type,return-value]
    with outer.guard(info.filename):
        try:
            yield from read_crawl(inner)
        except zipfile.BadZipFile as error:
            message = f"the crawl in the WACZ is damaged: {error}"
            raise PageError("E-PAGE-ARCHIVE", message, "fetch it again", path=outer.label) from error


def iter_tar(outer: File, read_file: ReadFile) -> Iterator[Page]:
    """Yield the pages in a tar file, packed or not; ``record`` is the member's path.

    Raises:
        PageError: the file is no tar, or passes a limit.
    """
    label = outer.label
    try:
        with outer.open() as stream, tarfile.open(fileobj=stream, mode="r:*") as archive:
            members = []
            for info in archive:
                if info.isfile():
                    members.append(_Member(info.name, info.size, 0, _tar_reader(archive, info)))
                elif not info.isdir():
                    message = "a link or device in the archive is not followed"
                    outer.on_failure(Failure(label, info.name, "pages", "W-PAGE-KIND", message, "pack the file itself"))
                if len(members) > ARCHIVE_MEMBERS:
                    break
            yield from _iter_members(members, outer, read_file)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise PageError("E-PAGE-ARCHIVE", f"not a whole tar file: {error}", "pack it again", path=label) from error


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[int], bytes]:
    def read(limit: int) -> bytes:
        file = archive.extractfile(info)
        return file.read(limit) if file is not None else b""

    return read


def _iter_members(members: list[_Member], outer: File, read_file: ReadFile) -> Iterator[Page]:
    label, on_failure = outer.label, outer.on_failure
    if outer.depth >= ARCHIVE_DEPTH:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "archives in archives", "unpack the inner ones", path=label)
    if len(members) > ARCHIVE_MEMBERS:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "too many members", f"the limit is {ARCHIVE_MEMBERS}", path=label)
    if sum(member.size for member in members) > ARCHIVE_BYTES:
        raise PageError("E-PAGE-ARCHIVE-LIMIT", "too large unpacked", f"the limit is {ARCHIVE_BYTES} bytes", path=label)
    notes = _read_notes(members, label, on_failure)
    by_name = {member.name: member for member in members}
    parts: frozenset[str] = frozenset()
    with costs_only(label, None, on_failure):
        parts = find_attendants(list(by_name), lambda name: _unpack(by_name[name], label))
    seen: set[str] = set()
    for member in sorted(members, key=lambda one: one.name):
        if member.name in parts or member.name.lower().startswith(LITTER) or member.name.lower().endswith(LITTER):
            continue
        with costs_only(label, member.name, on_failure):
            _take_name(member.name, seen, label)
            yield from _iter_member(member, outer, notes, read_file)


def _take_name(name: str, seen: set[str], label: str) -> None:
    if name in seen:
        raise PageError("W-PAGE-KIND", "a second member of this name", "pack each file once", path=label)
    seen.add(name)


def _iter_member(member: _Member, outer: File, notes: dict[str, SourceNote], read_file: ReadFile) -> Iterator[Page]:
    if member.name.rsplit("/", 1)[-1] == SIDECAR_NAME:
        return
    if member.name.startswith(("/", "\\")) or ".." in member.name.replace("\\", "/").split("/"):
        raise PageError("E-PAGE-ARCHIVE-PATH", "the path leads out of the archive", "pack it again", path=outer.label)
    data = _unpack(member, outer.label)
    yield from read_file(
        File(outer.label, member.name, len(data), lambda: io.BytesIO(data), outer.on_failure, notes.get(member.name),
             depth=outer.depth + 1)
    )  # fmt: skip


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
    try:
        return member.read(PAGE_BYTES + 1)
    except Exception as error:  # each compression has errors of its own, and zipfile adds RuntimeError for a password
        message = f"cannot unpack: {type(error).__name__}"
        raise PageError("E-PAGE-ARCHIVE", message, "pack it again, without a password", path=label) from error


def _read_notes(members: list[_Member], label: str, on_failure: OnFailure) -> dict[str, SourceNote]:
    notes: dict[str, SourceNote] = {}
    for member in members:
        folder, _, name = member.name.rpartition("/")
        if name != SIDECAR_NAME:
            continue
        with costs_only(label, member.name, on_failure):
            for file, note in parse_sidecar(_unpack(member, label), member.name).items():
                notes.setdefault(f"{folder}/{file}" if folder else file, note)
    return notes

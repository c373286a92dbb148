"""Crawls: the pages in WARC, WET and ARC files.

Each record by itself: one that cannot be used is a failure, and the next is read. Records by their role: responses
and resources that are documents become pages, WET's conversions too; the writers' own notes (``metadata:`` and ``urn:``
addresses, wget's arguments and log, robots.txt), requests, redirects and pictures are no pages. A revisit stands for
a page in the same file or is named. This module must not know files.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType
from warcio.archiveiterator import ArchiveIterator as ArcIterator
from warcio.exceptions import ArchiveLoadFailed

from storyledger.errors import PageError
from storyledger.pages.border import OnFailure, costs_only
from storyledger.pages.documents import read_document
from storyledger.pages.file import File
from storyledger.pages.http import decode_body, split_message
from storyledger.pages.limits import PAGE_BYTES
from storyledger.types import Failure, Page, SourceNote

_OWN_SCHEMES = ("metadata:", "urn:", "dns:", "whois:", "screenshot:", "filedesc:")
_OWN_PATHS = ("/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt", "/security.txt", "/llms.txt")
_WANTED = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion | WarcRecordType.revisit
_RESYNC_BYTES = 1 << 20


@dataclass(slots=True)
class _Crawl:
    """What has been met in one file."""

    label: str
    on_failure: OnFailure
    seen: int = 0
    known: set[str] = field(default_factory=set)  # ids, addresses and digests of responses
    revisits: list[tuple[str, list[str]]] = field(default_factory=list)

    def guard(self, record: str | None) -> AbstractContextManager[None, bool | None]:
        return costs_only(self.label, record, self.on_failure)

    def fail(self, record: str | None, error: PageError) -> None:
        self.on_failure(Failure(self.label, record, "pages", error.code, error.message, error.advice))


def iter_warc(file: File) -> Iterator[Page]:
    """Yield a page for each document in a WARC or WET file, packed or not; ``record`` is the record's id.

    Raises:
        PageError: the file has no record at all.
    """
    crawl = _Crawl(file.label, file.on_failure)
    with file.open() as stream:
        for record in _iter_records(stream, crawl):
            yield from _read_guarded(record, crawl)
    for ident, targets in crawl.revisits:
        if not crawl.known & set(targets):
            message = "it repeats a page that was crawled before and is not in this file"
            crawl.fail(ident, PageError("W-PAGE-REVISIT", message, "give the file of the earlier crawl too"))
    if not crawl.seen:
        raise PageError("E-PAGE-ARCHIVE", "no record in the file", "see whether it is a WARC", path=file.label)


@dataclass(frozen=True, slots=True)
class _Record:
    """A record with its block read, as far as it is there."""

    ident: str
    kind: WarcRecordType
    headers: dict[str, str]
    block: bytes
    cut: str | None


def _iter_records(stream: BinaryIO, crawl: _Crawl) -> Iterator[_Record]:
    """Yield the records; past a damaged one of a packed file, those after it."""
    start = 0
    while True:
        stream.seek(start)
        met = 0
        try:
            for record in ArchiveIterator(
                stream, record_types=WarcRecordType.any_type, parse_http=False, auto_decode="none"
            ):
                met += 1
                crawl.seen += 1
                start_of = start + record.stream_pos
                if record.record_type & _WANTED:
                    yield _take_record(record)
        except (OSError, EOFError, ValueError, RuntimeError) as error:
            following = _find_member(stream, (start_of if met else start) + 1)
            if crawl.seen or following is not None:
                advice = "see whether the file is whole; fetch the page again"
                crawl.fail(None, PageError("E-PAGE-ARCHIVE", f"a record is damaged: {error}", advice))
            if following is None:
                return
            start = following
        else:
            return


def _find_member(stream: BinaryIO, start: int) -> int | None:
    """Return where the next packed record begins at or after ``start``."""
    stream.seek(start)
    base, held = start, b""
    while chunk := stream.read(_RESYNC_BYTES):
        held += chunk
        at = held.find(b"\x1f\x8b\x08")
        while at >= 0:
            if _begins_record(held[at : at + 4096]):
                return base + at
            at = held.find(b"\x1f\x8b\x08", at + 1)
        base += max(0, len(held) - 4096)
        held = held[-4096:]
    return None


def _begins_record(member: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(member, 64).startswith(b"WARC/")
    except zlib.error:
        return False


def _take_record(record: Any) -> _Record:
    headers = {str(name).lower(): str(value) for name, value in record.headers.items()}
    block = record.reader.read(PAGE_BYTES + 65_536)
    declared = record.content_length
    cut = None
    if len(block) < min(declared, PAGE_BYTES):
        cut = f"the record ends after {len(block)} of {declared} bytes"
    elif headers.get("warc-truncated"):
        cut = f"the crawler cut the record ({headers['warc-truncated']})"
    return _Record(record.record_id or "", record.record_type, headers, block, cut)


def _read_guarded(record: _Record, crawl: _Crawl) -> Iterator[Page]:
    with crawl.guard(record.ident):
        yield from _read_record(record, crawl)


def _read_record(record: _Record, crawl: _Crawl) -> Iterator[Page]:
    url = record.headers.get("warc-target-uri", "").strip().strip("<>")
    if record.kind == WarcRecordType.revisit:
        names = ("warc-refers-to", "warc-refers-to-target-uri", "warc-payload-digest")
        crawl.revisits.append((record.ident, [v.strip("<>") for n in names if (v := record.headers.get(n))] + [url]))
        return
    if url.lower().startswith(_OWN_SCHEMES) or url.split("?")[0].lower().endswith(_OWN_PATHS):
        return
    crawl.known |= {record.ident.strip("<>"), url, record.headers.get("warc-payload-digest", "")} - {""}
    status, headers, body = _open_block(record)
    if status not in (200, 203, 206):
        return
    cut = record.cut
    if cut is None and status == 206:
        cut = "the server sent a part of it"
    try:
        data = decode_body(headers, body, crawl.label)
    except PageError:
        if cut is None:
            raise
        raise PageError("E-PAGE-ENCODING", f"{cut}, in a packing", "fetch the page again", path=crawl.label) from None
    day = record.headers.get("warc-date", "")[:10] or None
    yield from read_document(
        File(crawl.label, record.ident, len(data), lambda: io.BytesIO(data), crawl.on_failure,
             declared=SourceNote(url=url or None, captured=day)),
        headers.get("content-type", ""), data, cut,
    )  # fmt: skip


def _open_block(record: _Record) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body, of a record that is no HTTP message too."""
    kind = record.headers.get("content-type", "")
    if record.kind == WarcRecordType.response or kind.startswith("application/http"):
        status, headers, body = split_message(record.block)
        if status is not None:
            return status, headers, body
    return 200, {"content-type": kind}, record.block


def iter_arc(file: File) -> Iterator[Page]:
    """Yield a page for each document in an ARC file, the crawlers' format before WARC; ``record`` is its number.

    Raises:
        PageError: the file breaks off or is no ARC.
    """
    crawl = _Crawl(file.label, file.on_failure)
    with file.open() as raw:
        stream = gzip.GzipFile(fileobj=raw) if raw.read(2) == b"\x1f\x8b" else raw
        raw.seek(0)
        try:
            for record in ArcIterator(stream, arc2warc=True, no_record_parse=True, verify_http=False):
                crawl.seen += 1
                if record.rec_type == "response":
                    yield from _read_guarded(_take_arc(record, str(crawl.seen)), crawl)
        except (ArchiveLoadFailed, OSError, EOFError, ValueError, zlib.error) as error:
            advice = "see whether it is whole"
            raise PageError("E-PAGE-ARCHIVE", f"the ARC breaks off: {error}", advice, path=file.label) from error


def _take_arc(record: Any, number: str) -> _Record:
    headers = {str(name).lower(): str(value) for name, value in record.rec_headers.headers}
    block = record.content_stream().read(PAGE_BYTES)
    declared = int(headers.get("content-length") or len(block))
    cut = f"the record ends after {len(block)} of {declared} bytes" if len(block) < min(declared, PAGE_BYTES) else None
    return _Record(number, WarcRecordType.response, headers, block, cut)

"""WARC files: the HTML and text responses in them become pages.

Other records (requests, images, redirects) are not pages and are not counted as failures; what is
HTML or text and cannot be used is. This module must not know files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Literal

from fastwarc.warc import ArchiveIterator, WarcRecordType

from storyledger.errors import PageError
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.types import Failure, Page, SourceNote

_HTML_TYPES = ("text/html", "application/xhtml+xml")


def iter_warc(stream: BinaryIO, label: str, on_failure: Callable[[Failure], None]) -> Iterator[Page]:
    """Yield a page for each response of status 200 with HTML or text, content-encoding undone; ``record`` is its id.

    Raises:
        PageError: the file ends amid a record, or is no WARC.
    """
    seen = 0
    try:
        for record in ArchiveIterator(
            stream, record_types=WarcRecordType.response | WarcRecordType.resource, parse_http=True, auto_decode="all"
        ):
            seen += 1
            try:
                page = _make_record(record, label)
            except PageError as error:
                on_failure(Failure(label, record.record_id, "pages", error.code, error.message, error.advice))
                continue
            if page is not None:
                yield page
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        raise PageError(
            "E-PAGE-ARCHIVE", f"the WARC breaks off: {error}", "see whether it is whole", path=label
        ) from error
    if not seen:
        raise PageError("E-PAGE-ARCHIVE", "no response record in the file", "see whether it is a WARC", path=label)


def _make_record(record: Any, label: str) -> Page | None:
    http = record.http_headers
    status = (http.status_code if http is not None else None) or 200
    kind = (record.http_content_type or record.headers.get("Content-Type") or "").lower().split(";")[0].strip()
    if status != 200 or kind not in (*_HTML_TYPES, "text/plain"):
        return None
    data = record.reader.read(PAGE_BYTES + 1)
    note = SourceNote(url=record.headers.get("WARC-Target-URI"))
    media: Literal["html", "text"] = "html" if kind in _HTML_TYPES else "text"
    return make_page(label, record.record_id, data, media=media, charset=record.http_charset, declared=note)

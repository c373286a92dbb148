"""One saved page with its parts in one file: MHTML (Chromium, Internet Explorer, Outlook) and Safari's webarchive.

The page is the first HTML part, or the one that the file names; pictures and styles stay out, an inner document is
put in where it is the article. This module must not know files.
"""

from __future__ import annotations

import email
import email.policy
import plistlib
import re
from collections.abc import Iterator, Mapping
from email.header import decode_header, make_header
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from storyledger.errors import PageError
from storyledger.pages.compose import compose_page
from storyledger.pages.days import local_day
from storyledger.pages.file import File, read_whole
from storyledger.types import Page, SourceNote

MAX_PARTS = 5_000


def iter_mhtml(file: File) -> Iterator[Page]:
    """Yield the page that an MHTML file holds.

    Raises:
        PageError: there is no HTML in it.
    """
    data = read_whole(file)
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    parts = [part for part, _ in zip(message.walk(), range(MAX_PARTS), strict=False) if not part.is_multipart()]
    root = _find_root(message, parts)
    if root is None:
        raise PageError("E-PAGE-NO-HTML", "there is no page in the MHTML file", "save the page again", path=file.path)
    url = _header(message, "Snapshot-Content-Location") or _header(root, "Content-Location")
    base = url or ""
    inner = {key: part for part in parts for key in _addresses(part, base) if part.get_content_type() == "text/html"}
    note = SourceNote(url=url if url and url.startswith("http") else None, captured=local_day(_header(message, "Date")))

    def find_part(address: str) -> bytes | None:
        found = inner.get(address) or inner.get(urljoin(base, address))
        return _payload(found) if found is not None and found is not root else None

    charset = root.get_content_charset()
    cut = None if _is_closed(data, message) else "the file ends before its last boundary"
    own = File(file.path, file.record, file.size, file.open, file.on_failure, file.sidecar, note)
    yield compose_page(
        own, _payload(root), charset=charset, cut=cut, find_part=find_part, reader="mhtml", received=data
    )


def _find_root(message: Message, parts: list[Message]) -> Message | None:
    start = str(message.get_param("start") or "")
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    named = [part for part in pages if start and _header(part, "Content-ID") == start]
    return next(iter([*named, *pages]), None)


def _addresses(part: Message, base: str) -> list[str]:
    found = []
    if ident := _header(part, "Content-ID"):
        found.append("cid:" + ident.strip("<>"))
    if place := _header(part, "Content-Location"):
        found += [place, urljoin(base, place)]
    return found


def _header(part: Message, name: str) -> str | None:
    value = part.get(name)
    if value is None:
        return None
    try:
        return str(make_header(decode_header(str(value)))).strip()
    except (LookupError, ValueError, UnicodeError):
        return str(value).strip()


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_closed(data: bytes, message: Message) -> bool:
    boundary = message.get_boundary()
    return boundary is None or b"--" + boundary.encode("utf-8", "replace") + b"--" in data[-len(boundary) - 200 :]


def iter_webarchive(file: File) -> Iterator[Page]:
    """Yield the page that a Safari webarchive holds.

    Raises:
        PageError: it is no webarchive, or its main part is no page.
    """
    data = read_whole(file)
    try:
        archive = plistlib.loads(data)
    except Exception as error:
        advice = "save the page again"
        raise PageError("E-PAGE-ARCHIVE", "not a whole webarchive", advice, path=file.path) from error
    main = _resource(archive, "WebMainResource")
    if main is None or not re.match(r"text/|application/xhtml", str(main.get("WebResourceMIMEType", "text/html"))):
        raise PageError("E-PAGE-NO-HTML", "there is no page in the webarchive", "save the page again", path=file.path)
    inner = {}
    for frame in archive.get("WebSubframeArchives", [])[:MAX_PARTS]:
        part = _resource(frame, "WebMainResource")
        if part is not None:
            inner[str(part.get("WebResourceURL", ""))] = part["WebResourceData"]
    url = str(main.get("WebResourceURL") or "")
    charset = main.get("WebResourceTextEncodingName")
    note = SourceNote(url=url if url.startswith("http") else None)
    own = File(file.path, file.record, file.size, file.open, file.on_failure, file.sidecar, note)
    yield compose_page(
        own,
        main["WebResourceData"],
        charset=charset if isinstance(charset, str) else None,
        find_part=lambda address: inner.get(urljoin(url, address)) if urlsplit(address).path else None,
        reader="webarchive",
        received=data,
    )


def _resource(archive: Any, name: str) -> Mapping[str, Any] | None:
    found = archive.get(name) if isinstance(archive, dict) else None
    return found if isinstance(found, dict) and isinstance(found.get("WebResourceData"), bytes) else None

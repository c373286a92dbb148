"""A browser's log of a visit (HAR): the documents among its responses become pages.

This module must not know files.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Iterator
from typing import Any

from storyledger.errors import PageError
from storyledger.pages.documents import read_document
from storyledger.pages.file import File, read_whole
from storyledger.types import Page, SourceNote


def iter_har(file: File) -> Iterator[Page]:
    """Yield a page for each response of status 200 that is a document; ``record`` is its number from 1.

    Raises:
        PageError: the file is no HAR.
    """
    try:
        entries = json.loads(read_whole(file))["log"]["entries"]
        listed = [entry for entry in entries if isinstance(entry, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PageError("E-PAGE-JSON", "not a whole HAR file", "save it again", path=file.path) from error
    for number, entry in enumerate(listed, 1):
        with file.guard(str(number)):
            yield from _read_entry(entry, str(number), file)


def _read_entry(entry: dict[str, Any], record: str, file: File) -> Iterator[Page]:
    response, request = entry.get("response"), entry.get("request")
    if not isinstance(response, dict) or not isinstance(request, dict) or response.get("status") not in (200, 203):
        return
    content = response.get("content")
    if not isinstance(content, dict) or not isinstance(content.get("text"), str) or not content["text"]:
        return
    kind = str(content.get("mimeType") or "")
    data = _decode(content, file)
    charset_known = kind if content.get("encoding") == "base64" else kind.split(";", maxsplit=1)[0] + "; charset=utf-8"
    day = str(entry.get("startedDateTime") or "")[:10] or None
    note = SourceNote(url=str(request.get("url") or "") or None, captured=day)
    own = File(file.label, record, len(data), lambda: io.BytesIO(data), file.on_failure, file.sidecar, note)
    yield from read_document(own, charset_known, data)


def _decode(content: dict[str, Any], file: File) -> bytes:
    if content.get("encoding") != "base64":
        return str(content["text"]).encode("utf-8", "replace")
    try:
        return base64.b64decode(content["text"], validate=False)
    except (binascii.Error, ValueError) as error:
        raise PageError("E-PAGE-ENCODING", "its base64 is damaged", "save it again", path=file.path) from error

"""One document with what its container says of it: HTML, text, PDF or an office file becomes pages.

This module must not know in what the document was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from importlib import import_module

from storyledger.errors import PageError
from storyledger.pages.compose import compose_page
from storyledger.pages.docx import iter_docx
from storyledger.pages.epub import iter_epub
from storyledger.pages.file import File
from storyledger.pages.kinds import HEAD_BYTES, Kind, tell_kind
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.pages.odt import iter_odt
from storyledger.pages.rtf import iter_rtf
from storyledger.types import Page


def _iter_pdf(file: File) -> Iterator[Page]:
    yield from import_module("storyledger.pages.pdf").iter_pdf(file)  # its library is loaded for a PDF alone


OFFICE: Mapping[Kind, Callable[[File], Iterator[Page]]] = {
    "pdf": _iter_pdf,
    "docx": iter_docx,
    "odt": iter_odt,
    "rtf": iter_rtf,
    "epub": iter_epub,
}
_HTML_TYPES = ("text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml")
_MAYBE_HTML = ("html", "text", "markdown", "xml", "empty", "mail")
_OPEN_TYPES = ("", "application/octet-stream", "text/plain", "application/unknown", "binary/octet-stream")


def read_document(file: File, content_type: str, data: bytes, cut: str | None = None) -> Iterator[Page]:
    """Yield the page, or pages, that ``data`` is; nothing where it is no document (a picture, a script).

    Args:
        file: where it stands and what is stated of it.
        content_type: as its container declares it, with its charset; "" where it does not.
        data: its bytes, packing undone.
        cut: why it is known not to be whole.

    Raises:
        PageError: it is a document that cannot be used.
    """
    if len(data) > PAGE_BYTES:
        raise PageError("E-PAGE-TOO-LARGE", f"the page has {len(data)} bytes", f"the limit is {PAGE_BYTES}")
    declared, charset = parse_content_type(content_type)
    kind = tell_kind("", data[:HEAD_BYTES])
    is_html = kind == "html" if declared in _OPEN_TYPES else declared in _HTML_TYPES and kind in _MAYBE_HTML
    if is_html:
        yield make_html(file, data, charset, cut)
    elif declared == "text/plain" and kind in ("text", "markdown", "empty", "mail"):
        yield make_page(
            file.path, file.record, data, media="text", charset=charset, sidecar=file.sidecar, declared=file.declared,
            cut=cut,
        )  # fmt: skip
    elif kind in OFFICE and not declared.startswith(("image/", "video/", "audio/", "text/css")):
        yield from OFFICE[kind](file)
    elif declared in _HTML_TYPES:
        raise PageError("E-PAGE-BINARY", "the bytes are no text", "save the page as HTML or text", path=file.path)


def make_html(file: File, data: bytes, charset: str | None = None, cut: str | None = None) -> Page:
    """Return the HTML page that ``data`` is, its shadow roots and inner documents in their places."""
    return compose_page(file, data, charset=charset, cut=cut)


def parse_content_type(value: str) -> tuple[str, str | None]:
    """Return the type in lower case and the charset of a content-type header."""
    message = Message()
    message["content-type"] = value.replace("\r", " ").replace("\n", " ")
    charset = message.get_param("charset")
    kind = value.split(";", maxsplit=1)[0].split(",", maxsplit=1)[0].strip().lower()
    return kind, charset.strip("\"' ") if isinstance(charset, str) and charset.strip("\"' ") else None

"""One page from its bytes: what kind it is, whether it can be used, its id.

Invariant: a page that leaves here has bytes, few enough of them, and is text as far as its first
bytes tell; what is not so is a ``PageError`` with a stable code. This module must not know files.
"""

from __future__ import annotations

import hashlib
from typing import Literal

from storyledger.errors import PageError
from storyledger.ids import make_id
from storyledger.pages.kinds import HEAD_BYTES, HTML_SUFFIXES, MARKDOWN_SUFFIXES, TEXT_SUFFIXES, tell_kind
from storyledger.pages.limits import PAGE_BYTES
from storyledger.types import Derivation, Page, SourceNote

_BINARY_MAGIC = (
    b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"\x1f\x8b", b"MZ\x90",
    b"RIFF", b"\x00\x00\x00\x18ftyp", b"\x00\x00\x00\x20ftyp", b"OggS", b"ID3", b"wOFF", b"wOF2", b"BM6",
    b"SQLite format 3",
)  # fmt: skip
_SNIFF_BYTES = 4096


def make_page(
    path: str,
    record: str | None,
    data: bytes,
    *,
    media: Literal["html", "text"] | None = None,
    charset: str | None = None,
    sidecar: SourceNote | None = None,
    declared: SourceNote | None = None,
    given: bool = False,
    cut: str | None = None,
    derived: Derivation | None = None,
    received: bytes | None = None,
) -> Page:
    """Return the page that ``data`` is.

    Args:
        path: relative to what the caller named, with forward slashes.
        record: which one inside a container.
        data: as received.
        media: what it is; None to tell it from the name and the bytes.
        charset: as the container declares it.
        sidecar: what a person states of it.
        declared: what the container states of it.
        given: whether the container says that this is the article.
        cut: why the container knows that it is not whole.
        derived: how ``data`` was made, where the file is no text.
        received: the file of which it was made.

    Raises:
        PageError: the bytes are none, too many, or no text.
    """
    if not data.strip():
        raise PageError("E-PAGE-EMPTY", "the page is empty", "save it again", path=path)
    if len(data) > PAGE_BYTES:
        raise PageError("E-PAGE-TOO-LARGE", f"the page has {len(data)} bytes", f"the limit is {PAGE_BYTES}", path=path)
    if is_binary(data):
        raise PageError("E-PAGE-BINARY", "the bytes are no text", "save the page as HTML or text", path=path)
    digest = hashlib.sha256(data).hexdigest()
    kind = media or tell_media(path if record is None else "", data)
    return Page(
        id=make_id("page", path, record, digest),
        path=path,
        record=record,
        data=data,
        sha256=digest,
        media=kind,
        charset=charset,
        sidecar=sidecar,
        declared=declared,
        given=given,
        cut=cut,
        derived=derived,
        received=received,
    )


def tell_media(name: str, data: bytes) -> Literal["html", "text"]:
    """Return what a page is by its name, else by the markup at its start."""
    lower = name.lower().removesuffix(".gz")
    if lower.endswith((*TEXT_SUFFIXES, *MARKDOWN_SUFFIXES)):
        return "text"
    if lower.endswith(HTML_SUFFIXES):
        return "html"
    return "html" if tell_kind("", data[:HEAD_BYTES]) == "html" else "text"


def is_binary(data: bytes) -> bool:
    """Return whether the first bytes are those of no text in any usual encoding."""
    head = data[:_SNIFF_BYTES]
    if head.startswith(_BINARY_MAGIC):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) or _looks_utf16(head):
        return False
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x0b\x1b" for byte in head)
    return controls > len(head) * 0.1  # a stray NUL is tolerated, a program is not


def _looks_utf16(head: bytes) -> bool:
    """Every other byte of western text in UTF-16 is a NUL."""
    return len(head) > 3 and max(head[::2].count(0), head[1::2].count(0)) > len(head) * 0.4

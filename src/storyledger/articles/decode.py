"""A page's bytes as text, and the codec that makes the text of them.

Invariant: the codec named is Python's and decodes the bytes, so that anyone can repeat it; where it is UTF-8,
a byte that is none of it is U+FFFD, as Python's "replace" and every browser write it; all others decode
strictly. The text has no byte-order mark and keeps its own line ends. This module must not know markup
beyond the declaration of an encoding.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

import charset_normalizer

from storyledger.types import Page

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
GOOD_TO_BAD = 4  # of Windows-1252 or Latin-1 prose hardly any two bytes in a row are a character of UTF-8
_HEAD_BYTES = 8192
_DETECT_BYTES = 60_000  # detection reads at most so much: its cost grows with the text
# WHATWG: what pages call Latin-1 or ASCII is Windows-1252 in practice; and so for the Latin-5 and GB pairs
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_TEXT_CODECS_REFUSED = {"utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}


def decode_page(page: Page) -> tuple[str, str]:
    """Return the page's text and the codec that decodes its bytes.

    Tried in this order: byte-order mark, the container's word, UTF-8, UTF-8 with a few bad bytes, the page's
    own declaration, detection, Windows-1252, Latin-1 (which decodes anything). UTF-8 comes before the page's
    own word because text of another encoding is hardly ever valid UTF-8, while declarations are often stale;
    and one stray byte, or a page cut inside a character, costs that byte and not the page.
    """
    for codec in _iter_codecs(page):
        try:
            text = page.data.decode(codec, "replace" if codec == "utf-8" and _is_mostly_utf8(page.data) else "strict")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
        return text.removeprefix("\ufeff"), codec
    return page.data.decode("latin-1"), "latin-1"


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether characters of several bytes are many more than bytes that are none of UTF-8."""
    if data.isascii():
        return True
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    several = len(text) - len(text.encode("ascii", "ignore")) - bad
    return several >= GOOD_TO_BAD * bad


def _iter_codecs(page: Page) -> Iterator[str]:
    """Yield the codecs to try; most pages take the first, and what is dearer is looked for after it has failed."""
    data = page.data
    marked = next((codec for mark, codec in BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if marked is not None:
        yield marked
        return
    yield from _guess_utf16(data)
    stated = _resolve(page.charset)
    if stated:
        yield stated
    yield "utf-8"
    yield _find_declared(data) or _detect_codec(data) or "cp1252"
    yield "cp1252"


def _find_declared(data: bytes) -> str | None:
    declared = _DECLARED.search(data[:_HEAD_BYTES])
    return _resolve(declared.group(1).decode("ascii")) if declared else None


def _detect_codec(data: bytes) -> str | None:
    best = None if data[:_DETECT_BYTES].isascii() else charset_normalizer.from_bytes(data[:_DETECT_BYTES]).best()
    return _resolve(best.encoding) if best is not None else None


def _guess_utf16(data: bytes) -> list[str]:
    """UTF-16 without its mark: every other byte of western text is a NUL."""
    head = data[:4096]
    if len(head) > 3 and head[1::2].count(0) > len(head) * 0.4:
        return ["utf-16-le"]
    if len(head) > 3 and head[::2].count(0) > len(head) * 0.4:
        return ["utf-16-be"]
    return []


def _resolve(name: str | None) -> str | None:
    """Return Python's codec for a declared encoding, if it is one for text."""
    if not name:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in _TEXT_CODECS_REFUSED:
        return None
    return _ALIASES.get(info.name, info.name)

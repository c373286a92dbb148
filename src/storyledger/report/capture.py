"""The capture as received: packed for the browser's check, and cut into kept and dropped ranges.

Invariant: the packed bytes are the page's bytes, nothing else; every character of the decoded source
is in exactly one piece. Decoding is as the contract says: with the recorded encoding, without the
byte-order mark. This module must not know how a page was cleaned.
"""

from __future__ import annotations

import base64
import codecs
import gzip
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from storyledger.types import Article

_BOMS = {"utf-8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
_BROWSER_LABELS = {  # Python's canonical name: what TextDecoder calls it, where the two differ
    "cp1252": "windows-1252",
    "cp1251": "windows-1251",
    "cp1250": "windows-1250",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "mac-roman": "macintosh",
    "utf-8-sig": "utf-8",
}
SHOWN_CHARS = 420  # a longer run of markup or furniture is shown by its ends; the check uses all of it
MARKUP = "markup, not text of the page"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the source: ``reason`` is None where the text was kept."""

    text: str
    reason: str | None
    hidden_chars: int = 0
    tail: str = ""


def pack_capture(data: bytes) -> str:
    """Return ``data`` gzipped (no time in the header: same bytes, same text) and in base64."""
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")


def browser_label(encoding: str) -> str:
    """Return the encoding's name for the browser's decoder; names it lacks are kept, and it says so."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return encoding
    return _BROWSER_LABELS.get(name, name)


def decode_capture(data: bytes, encoding: str) -> str:
    """Return the source as the positions count it: decoded, without its byte-order mark."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        name = "utf-8"
    bom = _BOMS.get(name, b"")
    text = data[len(bom) :] if bom and data.startswith(bom) else data
    return text.decode(name, "replace")


def iter_pieces(article: Article, data: bytes) -> Iterator[Piece]:
    """Yield the source in order, kept text and what was dropped with its reason."""
    source = decode_capture(data, article.encoding)
    dropped = sorted((d.source_start, d.source_end, d.reason) for d in article.dropped)
    position = 0
    for start, end in [*sorted((s, e) for _, _, s, e in article.source_map), (len(source), len(source))]:
        if start > position:
            yield from _iter_dropped(dropped, source, position, start)
        if end > max(start, position):
            yield Piece(source[max(start, position) : end], None)
        position = max(position, end)


def _iter_dropped(dropped: list[tuple[int, int, str]], source: str, start: int, end: int) -> Iterator[Piece]:
    """Yield ``source[start:end]``, none of it kept, cut where its reasons change."""
    position = start
    for low, high, reason in dropped[max(bisect_right(dropped, (start,)) - 1, 0) :]:
        if low >= end:
            break
        low, high = max(low, position), min(high, end)  # noqa: PLW2901
        if high <= low:
            continue
        if low > position:
            yield _shorten_piece(source[position:low], MARKUP)
        yield _shorten_piece(source[low:high], reason)
        position = high
    if position < end:
        yield _shorten_piece(source[position:end], MARKUP)


def _shorten_piece(text: str, reason: str) -> Piece:
    if len(text) <= SHOWN_CHARS:
        return Piece(text, reason)
    half = SHOWN_CHARS // 2
    return Piece(text[:half], reason, len(text) - 2 * half, text[-half:])

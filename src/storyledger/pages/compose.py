"""A saved HTML page put together: shadow roots and inner documents stand where a reader saw them.

Programs that save pages as one file keep what scripts had shown in ``<template shadowrootmode>`` and in the
``srcdoc`` of frames, or in further parts that a frame points to. A shadow root is always part of its page. Of the
inner documents the one is taken that has the article: more prose than the page around it; the others (advertisements,
comments, embeds) stay out. A page that nothing is put into is left as it was received.

Invariant: what is put in is letter for letter the part's own source. This module must not know who saved the page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from storyledger.pages.file import File
from storyledger.pages.make import make_page
from storyledger.pages.saved import read_saver
from storyledger.types import Derivation, Page

_SHADOW = re.compile(rb"<template\b[^>]*\bshadowroot(?:mode)?\s*=[^>]*>", re.IGNORECASE)
_TEMPLATE = re.compile(rb"<(/?)template\b[^>]*>", re.IGNORECASE)
_FRAME = re.compile(rb"""<i?frame\b(?:[^>"']|"[^"]*"|'[^']*')*>(?:\s*</i?frame\s*>)?""", re.IGNORECASE)
_SRCDOC = re.compile(rb"""\bsrcdoc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SRC = re.compile(rb"""\b(?:src|data-src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_ESCAPES = {
    b"&amp;": b"&",
    b"&lt;": b"<",
    b"&gt;": b">",
    b"&quot;": b'"',
    b"&#39;": b"'",
    b"&#34;": b'"',
    b"&apos;": b"'",
}
_ESCAPED = re.compile(rb"&(?:amp|lt|gt|quot|apos|#39|#34);")
_QUIET = re.compile(rb"<(script|style|noscript|svg|head|a)\b|<!--")
_PARAGRAPH = re.compile(rb"<(?:p|div|li|td|blockquote)\b[^>]*>([^<]{40,})", re.IGNORECASE)
_DATA = re.compile(rb"data:[a-z]+/[^\"')\s>]{200,}")  # pictures and fonts, of which a saved page is mostly made
PROSE_BYTES = 3_000_000
_FRAME_START = re.compile(rb"<i?frame\b", re.IGNORECASE)
MAX_FRAMES = 200
MIN_PROSE = 200  # characters of an inner document that may be an article
DEPTH = 4  # a frame in a frame in a frame; advertisements go deeper
PROSE_RATIO = 1.5  # an inner document is the article where it has so many times the prose of the page around it

FindPart = Callable[[str], bytes | None]


def compose_page(
    file: File,
    data: bytes,
    *,
    charset: str | None = None,
    cut: str | None = None,
    find_part: FindPart = lambda _: None,
    reader: str = "html",
    received: bytes | None = None,
    always_derived: bool = False,
) -> Page:
    """Return the page that ``data`` is, put together.

    Args:
        file: where it stands and what is stated of it.
        data: the HTML.
        charset: as its container declares it.
        cut: why it is known not to be whole.
        find_part: the bytes of the part at an address, where the container has it.
        reader: the name of who could put it together again from ``received``.
        received: the file, where that is not ``data``.
        always_derived: whether ``data`` stands in no file as it is.
    """
    whole = compose_html(data, find_part)
    note = read_saver(data, file.declared)
    derived, kept = None, None
    if whole != data or always_derived:
        kept = data if received is None else received
        derived = Derivation(reader, hashlib.sha256(kept).hexdigest(), len(kept))
    return make_page(
        file.path, file.record, whole, media="html", charset=charset, sidecar=file.sidecar, declared=note, cut=cut,
        derived=derived, received=kept,
    )  # fmt: skip


def compose_html(data: bytes, find_part: FindPart, depth: int = 0) -> bytes:
    """Return ``data`` with its shadow roots open and the inner document that is the article in its frame's place."""
    if depth > DEPTH or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data
    if _SHADOW.search(data):
        data = _open_shadows(data)
    if b"frame" not in data and b"FRAME" not in data:
        return data
    spans = list(_iter_frames(data))
    frames = []
    for start, end in spans:
        inner = _find_inner(data[start:end], find_part)
        if inner is not None:
            inner = compose_html(inner, find_part, depth + 1)
            frames.append((_count_prose(inner), -start, end, inner))
    if not frames:
        return data
    most, start, end, inner = max(frames)
    edges = [0, *(edge for span in spans for edge in span), len(data)]
    around = b"".join(data[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
    if most < MIN_PROSE or most < PROSE_RATIO * _count_prose(around):
        return data
    return data[:-start] + b"<div>" + _inner_body(inner) + b"</div>" + data[end:]


def _iter_frames(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where frames begin and end; after one that has no end, the page is broken and no more are looked for."""
    at = 0
    for _ in range(MAX_FRAMES):
        begin = _FRAME_START.search(data, at)
        match = _FRAME.match(data, begin.start()) if begin is not None else None
        if match is None:
            return
        yield match.span()
        at = match.end()


def _open_shadows(data: bytes) -> bytes:
    """Return ``data`` with each shadow root as a plain element; other templates stay closed."""
    parts, at = [], 0
    opened: list[bool] = []
    for match in _TEMPLATE.finditer(data):
        closing = match.group(1) == b"/"
        shadow = opened.pop() if closing and opened else not closing and _SHADOW.match(match.group()) is not None
        if not closing:
            opened.append(shadow)
        if shadow:
            parts += [data[at : match.start()], b"</div>" if closing else b"<div>"]
            at = match.end()
    return b"".join([*parts, data[at:]])


def _find_inner(frame: bytes, find_part: FindPart) -> bytes | None:
    srcdoc = _SRCDOC.search(frame)
    if srcdoc is not None:
        return _ESCAPED.sub(lambda m: _ESCAPES[m.group()], srcdoc.group(1) or srcdoc.group(2) or b"")
    src = _SRC.search(frame)
    if src is None:
        return None
    address = src.group(1) or src.group(2) or src.group(3) or b""
    return find_part(_ESCAPED.sub(lambda m: _ESCAPES[m.group()], address).decode("utf-8", "replace"))


def _count_prose(data: bytes) -> int:
    """Return how many characters stand in paragraphs of some length, outside links."""
    text = _drop_elements(_DATA.sub(b"", data)[:PROSE_BYTES])
    return sum(len(m.group(1).strip()) for m in _PARAGRAPH.finditer(text))


def _drop_elements(data: bytes) -> bytes:
    """Return ``data`` without scripts, styles, comments and links; linear, however many of them have no end."""
    lower = data.lower()
    parts, at, endless = [], 0, set()
    for match in _QUIET.finditer(lower):
        closing = b"-->" if match.group() == b"<!--" else b"</" + match.group(1)
        if match.start() < at or closing in endless:
            continue
        end = lower.find(closing, match.end())
        if end < 0:
            endless.add(closing)
            continue
        parts.append(data[at : match.start()])
        at = end
    return b"".join([*parts, data[at:]])


def _inner_body(data: bytes) -> bytes:
    start = re.search(rb"<body\b[^>]*>", data, re.IGNORECASE)
    end = re.search(rb"</body\s*>", data, re.IGNORECASE)
    return data[start.end() if start else 0 : end.start() if end else len(data)]

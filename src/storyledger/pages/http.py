"""The body of an HTTP message as crawlers keep it: chunks joined and packing undone, one message at a time.

Headers lie: a body that is said to be packed and is not is taken as it stands. This module must not know in what
the message was kept.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

from storyledger.errors import PageError
from storyledger.pages.limits import PAGE_BYTES

_TEXT = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xff]{64}")
_ZSTD_STEP = 1024  # bytes; a block of four can stand for 128 KB, and the library has no limit of its own
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]{0,80}\r?\n")


def split_message(block: bytes) -> tuple[int | None, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body of an HTTP response; status None where it is none."""
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap:
        head, gap, body = block.partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    match = re.match(r"HTTP/[\d.]+\s+(\d{3})", lines[0]) if lines else None
    if match is None:
        return None, {}, block
    return int(match.group(1)), parse_headers(lines[1:]), body


def parse_headers(lines: list[str]) -> dict[str, str]:
    """Return headers by their names in lower case; a repeated one is joined by commas."""
    found: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            name = name.strip().lower()
            found[name] = f"{found[name]}, {value.strip()}" if name in found else value.strip()
    return found


def decode_body(headers: Mapping[str, str], body: bytes, path: str) -> bytes:
    """Return ``body`` without chunks and packing.

    Raises:
        PageError: it is packed and breaks off, or in a packing that is not known.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _join_chunks(body)
    for coding in reversed([c.strip().lower() for c in headers.get("content-encoding", "").split(",") if c.strip()]):
        body = _unpack(coding, body, path)
    return body


def _join_chunks(body: bytes) -> bytes:
    """Return the chunks of ``body`` as one; the body itself where it has none: tools join them and keep the header."""
    parts: list[bytes] = []
    at = 0
    while (match := _CHUNK.match(body, at)) is not None:
        size = int(match.group(1), 16)
        if not size:
            return b"".join(parts)
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
    return b"".join(parts) if parts and at >= len(body) else body


def _unpack(coding: str, body: bytes, path: str) -> bytes:
    unpack = _CODINGS.get(coding)
    if unpack is None or not body:
        if coding in ("identity", "utf-8", "none", "") or not body:
            return body
        advice = "save the page itself"
        raise PageError("E-PAGE-ENCODING", f"its packing {coding!r} is not known", advice, path=path)
    try:
        return unpack(body)
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        if _looks_plain(body):
            return body
        advice = "fetch or save the page again"
        message = f"the body cannot be unpacked as {coding}: it breaks off or is damaged"
        raise PageError("E-PAGE-ENCODING", message, advice, path=path) from error


def _looks_plain(body: bytes) -> bool:
    return _TEXT.match(body[:64]) is not None or (len(body) < 64 and body.isascii())


def _gunzip(body: bytes) -> bytes:
    for _ in range(2):  # servers pack twice
        if body.startswith(b"\x1f\x8b"):
            body = _inflate(body, 31)
        elif not _looks_plain(body):
            raise zlib.error("no gzip")
    return body


def _inflate_any(body: bytes) -> bytes:
    """RFC 9110 means zlib by "deflate"; half of the servers send it raw."""
    try:
        return _inflate(body, 15)
    except zlib.error:
        return _inflate(body, -15)


def _inflate(body: bytes, window: int) -> bytes:
    machine = zlib.decompressobj(window)
    data = machine.decompress(body, PAGE_BYTES + 1)
    if not machine.eof and len(data) <= PAGE_BYTES:
        raise EOFError
    return data


def _unbrotli(body: bytes) -> bytes:
    machine = brotli.Decompressor()
    data = bytes(machine.process(body, output_buffer_limit=PAGE_BYTES + 1))
    if len(data) <= PAGE_BYTES and not machine.is_finished():
        raise EOFError
    return data


def _unzstd(body: bytes) -> bytes:
    machine = zstandard.ZstdDecompressor(max_window_size=2**27).decompressobj()
    data = bytearray()
    for at in range(0, len(body), _ZSTD_STEP):
        data += machine.decompress(body[at : at + _ZSTD_STEP])
        if machine.eof or len(data) > PAGE_BYTES:
            return bytes(data[: PAGE_BYTES + 1])
    raise EOFError


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate_any,
    "br": _unbrotli,
    "zstd": _unzstd,
}

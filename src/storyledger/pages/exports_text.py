"""A plain text that is an export of a press archive: its lines as blocks, then its articles.

This module must not know the archives' layouts.
"""

from __future__ import annotations

from collections.abc import Iterator

from storyledger.pages.exports import iter_exported
from storyledger.pages.file import File
from storyledger.pages.paper import Block, Facts
from storyledger.types import Page

WRAPPED_AT = 140  # characters; where a line is longer, each line is a paragraph


def iter_text_export(file: File, data: bytes) -> Iterator[Page]:
    """Yield the articles in ``data``, which ``exports.is_export`` said to be one.

    Raises:
        PageError: there is no text.
    """
    lines = _decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wrapped = max(len(line.strip()) for line in lines) <= WRAPPED_AT
    blocks: list[Block] = []
    blank = True
    for line in lines:
        if line.strip() and wrapped and not blank:
            blocks[-1].lines.append(line.strip())
        else:
            blocks.append(Block("p", [line.strip()]))
        if line.startswith("\f") and len(blocks) > 1:
            blocks[-1].breaks.add(len(blocks[-1].lines) - 1)
        blank = not line.strip()
    yield from iter_exported(file, "text", data, blocks, Facts())


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")

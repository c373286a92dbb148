r"""The text of a file that is no text, as a page of HTML: one line of the file a line, "\f" before each further page.

So a position in the derived source is a page and a line of the file (``locate``). The elements are those that the
file's own structure tells: headings, paragraphs, lists, tables, asides. What stands on each page (running heads, page
numbers, a browser's printed line) is a comment, so that the lines count and nobody reads it as text.

Invariant: the same blocks give the same bytes. This module must not know any format.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from storyledger.pages.file import File
from storyledger.pages.make import make_page
from storyledger.types import Derivation, Page, SourceNote

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(slots=True)
class Block:
    """An element with its lines; ``breaks``: before which of them a page begins. ``href``: where it leads, if it does.

    A line is plain text, or markup where ``is_markup``.
    """

    tag: str
    lines: list[str] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)
    is_markup: bool = False
    asides: set[int] = field(default_factory=set)  # lines that are no text of it: a running head amid a paragraph
    before: str = ""  # tags of what begins with it, and below of what ends
    after: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the file states of itself that a page states in its head."""

    title: str | None = None
    language: str | None = None
    by_layout: bool = False  # the file marks no elements: what is said of them was found by how the page looks


def write_source(blocks: Sequence[Block], facts: Facts) -> bytes:
    """Return the derived source, UTF-8."""
    language = f' lang="{html.escape(facts.language)}"' if facts.language else ""
    title = f"<title>{html.escape(clean_text(facts.title))}</title>" if facts.title else ""
    layout = '<meta name="elements" content="found by layout">' if facts.by_layout else ""
    head = f'<!doctype html><html{language}><head><meta charset="utf-8">{layout}{title}</head><body>'
    return (head + "".join(_iter_parts(blocks)) + "</body></html>").encode("utf-8", "replace")


def _iter_parts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        lines = block.lines if block.is_markup else [html.escape(clean_text(line), quote=False) for line in block.lines]
        hidden = set(range(len(lines))) if block.tag == "!--" else block.asides
        lines = [
            line.replace("--", "- -").replace(">", "&gt;") if n in hidden else line for n, line in enumerate(lines)
        ]
        lines = [f"<!--{line}-->" if n in block.asides else line for n, line in enumerate(lines)]
        opened, closed = ("<!--", "-->") if block.tag == "!--" else (f"<{block.tag}>", f"</{block.tag.split()[0]}>")
        opened, closed = block.before + opened, closed + block.after
        for number, line in enumerate(lines or [""]):
            if number in block.breaks:
                yield "\f"
            yield (opened if not number else "") + line + (closed if number >= len(lines) - 1 else "") + "\n"


def clean_text(text: str) -> str:
    """Return ``text`` without control characters, its typographic ligatures as letters."""
    return _CONTROLS.sub("", text).translate(_LIGATURES)


def derive_page(
    file: File, reader: str, data: bytes, source: bytes, note: SourceNote | None = None, *, record: str | None = None,
    given: bool = False, cut: str | None = None,
) -> Page:  # fmt: skip
    """Return the page whose source was derived from ``data``."""
    return make_page(
        file.path if record is None else file.label,
        file.record if record is None else record,
        source,
        media="html",
        charset="utf-8",
        sidecar=file.sidecar,
        declared=note or file.declared,
        given=given,
        cut=cut,
        derived=Derivation(reader, hashlib.sha256(data).hexdigest(), len(data)),
        received=data,
    )

"""The lines of a page: what a reader sees as one line or paragraph, with the way back to the source.

Invariant: for every row ``(ts, te, ss, se)`` of a line, ``line.text[ts:te]`` is ``source[ss:se]``
letter for letter, or, where the two sides differ in length, what the entity there stands for. This
module must not know what is furniture.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

Row = tuple[int, int, int, int]

# what html.unescape replaces; the same expression, so that no entity is missed or invented
# a lone space between letters is written as it stands; every other run of white space is one space as shown
_PIECES = re.compile(
    r"[\t\n\r\f\v][ \t\n\r\f\v]*| [ \t\n\r\f\v]+|[\u00ad\u200b\u2060\ufeff]"
    r"|&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)"
)
_BLANKS = frozenset(" \t\n\r\f\v")
# soft hyphens and zero-width blanks: a reader sees none of them, and a word with one is another word to a program
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")


@dataclass(frozen=True, slots=True)
class Markup:
    """Where in the page's tree a line stands. ``names``: class and id words of it and what holds it."""

    tag: str = ""
    path: tuple[str, ...] = ()
    names: str = ""
    block: int = 0  # number of the block element that holds the line; lines of one element share it
    link_chars: int = 0
    kept_chars: int = 0  # of the characters that trafilatura keeps
    strong_chars: int = 0
    itemprops: str = ""
    article: int = 0  # which <article> of the page holds it, from 1; 0 where none does
    holder: int = 0  # number of the block element that holds the line's own, and of the one that holds that
    above: int = 0


@dataclass(slots=True)  # not frozen: that would triple the time that making one takes, and a page has hundreds
class Line:
    """One line as shown. ``gap`` and ``indent``: empty lines above it and blanks before it in a capture."""

    text: str
    rows: tuple[Row, ...]
    gap: int = 0
    indent: int = 0
    markup: Markup | None = None

    @property
    def source_start(self) -> int:
        """The first source position that the line stands at."""
        return self.rows[0][2]

    @property
    def source_end(self) -> int:
        """The source position after the line."""
        return self.rows[-1][3]


def split_capture(source: str) -> list[Line]:
    """Return the lines of a text capture that show anything, without the white space around them."""
    lines: list[Line] = []
    at = above = 0
    for number, row in enumerate(source.split("\n")):
        for raw in row.split("\r") if "\r" in row else (row,):
            text = raw.strip().strip("\x00\u200b\ufeff").strip()
            if text:
                start, chars = at + raw.index(text), len(text)
                indent = len(raw) - len(raw.lstrip(" \t\xa0")) if start > at else 0
                rows: tuple[Row, ...] = ((0, chars, start, start + chars),)
                if INVISIBLE.search(text):
                    text, rows = _leave_invisible(text, start)
                if text:
                    lines.append(Line(text, rows, max(0, number - above - 1), indent))
                    above = number
            at += len(raw) + 1
    return lines


def _leave_invisible(text: str, start: int) -> tuple[str, tuple[Row, ...]]:
    """Return the text without its invisible characters, and the rows of what is left."""
    rows, parts, length, at = [], [], 0, 0
    for end in [*(m.start() for m in INVISIBLE.finditer(text)), len(text)]:
        if end > at:
            rows.append((length, length + end - at, start + at, start + end))
            parts.append(text[at:end])
            length += end - at
        at = end + 1
    return "".join(parts), tuple(rows)


@dataclass(slots=True)
class LineBuilder:
    """Gathers text nodes into one line; runs of white space become one space, entities their character."""

    source: str
    parts: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    length: int = 0
    space_at: int = -1  # source position of a space to write before the next letter; -2: one without a source

    def add_space(self) -> None:
        """Remember a space that has no letter in the source to stand for it."""
        if self.length and self.space_at == -1:
            self.space_at = -2

    def add_node(self, start: int, end: int) -> int:
        """Append ``source[start:end]`` as shown; return how many characters it added."""
        before = self.length
        inner = self._skip_blank(start, end)
        while end > inner and self.source[end - 1] in _BLANKS:
            end -= 1
        at = inner
        for match in _PIECES.finditer(self.source, inner, end):
            self._write(self.source[at : match.start()], at, match.start())
            at = match.end()
            if match.group()[0] == "&":
                self._write_entity(match.group(), match.start(), at)
            elif match.group()[0] in _BLANKS:
                self._skip_blank(match.start(), at)
        self._write(self.source[at:end], at, end)
        return self.length - before

    def add_blank_after(self, start: int, end: int) -> None:
        """Remember the white space that ends ``source[start:end]``."""
        inner = end
        while inner > start and self.source[inner - 1] in _BLANKS:
            inner -= 1
        self._skip_blank(inner, end)

    def _skip_blank(self, start: int, end: int) -> int:
        """Return where the white space from ``start`` ends; remember one space for it, with a source if it has one."""
        at = start
        while at < end and self.source[at] in _BLANKS:
            at += 1
        if at > start and self.length and self.space_at < 0:
            found = self.source.find(" ", start, at)
            self.space_at = found if found >= 0 else -2
        return at

    def _write_entity(self, raw: str, start: int, end: int) -> None:
        shown = html.unescape(raw)
        if shown in (" ", "\n", "\t", "\r"):
            self.add_space()
        elif shown and not INVISIBLE.fullmatch(shown):
            self._write(shown, start, end)

    def _write(self, shown: str, start: int, end: int) -> None:
        if not shown:
            return
        if self.space_at != -1:
            if self.space_at >= 0:
                self._append(" ", self.space_at, self.space_at + 1)
            else:
                self.parts.append(" ")
                self.length += 1
            self.space_at = -1
        self._append(shown, start, end)

    def _append(self, shown: str, start: int, end: int) -> None:
        self.parts.append(shown)
        here = self.length
        self.length += len(shown)
        if self.rows:
            ts, te, ss, se = self.rows[-1]
            even = te - ts == se - ss and len(shown) == end - start
            if even and te == here and se == start:
                self.rows[-1] = (ts, self.length, ss, end)
                return
        self.rows.append((here, self.length, start, end))

    def finish(self) -> tuple[str, tuple[Row, ...]]:
        """Return the line's text and rows."""
        return "".join(self.parts), tuple(self.rows)

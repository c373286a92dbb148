"""What pdfium reads on one page of a PDF: rows of letters with their places, and the structure tree.

This module must not know in which order a person reads.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

MAX_DEPTH = 60
WIDE_GAP = 2.2  # of the type's size: two letters so far apart on one line stand in two columns


@dataclass(frozen=True, slots=True)
class Row:
    """Letters that stand on one line and in one marked element: text, place in points from the lower left, size."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    mark: int  # number of its marked content, -1 where it has none
    ends_line: bool


@dataclass(frozen=True, slots=True)
class TagNode:
    """An element of the structure tree; ``children``: elements, and numbers of marked content on this page."""

    kind: str
    children: list[TagNode | int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page."""

    number: int
    width: float
    height: float
    rows: list[Row]
    tags: list[TagNode]


def read_sheet(document: pdfium.PdfDocument, number: int) -> Sheet:
    """Return the page of ``document`` with that number from 0."""
    page = document[number]
    try:
        text = page.get_textpage()
        rows = _read_rows(text)
        text.close()
        return Sheet(number, page.get_width(), page.get_height(), rows, _read_tree(page))
    finally:
        page.close()


@dataclass(slots=True)
class _Open:
    """A row while its letters are gathered."""

    letters: list[str] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    mark: int = -1

    def close(self, *, ends_line: bool) -> Row | None:
        if not self.boxes:
            return None
        text = _close_up(self.letters, self.boxes) if ends_line or self.letters else ""
        return Row(
            text,
            min(b[0] for b in self.boxes), min(b[1] for b in self.boxes),
            max(b[2] for b in self.boxes), max(b[3] for b in self.boxes),
            sorted(self.sizes)[len(self.sizes) // 2], self.mark, ends_line,
        )  # fmt: skip


def _read_rows(text: pdfium.PdfTextPage) -> list[Row]:
    """Return the rows in the order of painting; pdfium ends a line with letters that it generates."""
    rows: list[Row] = []
    here = _Open()
    marks: dict[int, int] = {}
    box = [ctypes.c_double() for _ in range(4)]

    def end(*, ends_line: bool) -> None:
        nonlocal here
        row = here.close(ends_line=ends_line)
        if row is not None:
            rows.append(row)
        here = _Open()

    for index in range(raw.FPDFText_CountChars(text)):
        letter = chr(raw.FPDFText_GetUnicode(text, index))
        if letter in "\r\n":
            if letter == "\n" and here.boxes:
                end(ends_line=True)
            continue
        if raw.FPDFText_IsGenerated(text, index):
            if here.letters:
                here.letters.append(letter)
                here.boxes.append(here.boxes[-1])
                here.sizes.append(here.sizes[-1])
            continue
        thing = raw.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value or 0
        if address not in marks:
            marks[address] = raw.FPDFPageObj_GetMarkedContentID(thing) if address else -1
        raw.FPDFText_GetCharBox(text, index, *box)
        left, right, bottom, top = (value.value for value in box)
        size = raw.FPDFText_GetFontSize(text, index) or top - bottom
        size = max(size * _scale(text, index), 1.0)
        if here.boxes and _is_elsewhere(here, marks[address], left, size):
            end(ends_line=marks[address] == here.mark)
        here.mark = marks[address]
        here.letters.append(letter)
        here.boxes.append((left, bottom, right, top))
        here.sizes.append(size)
    end(ends_line=True)
    return rows


def _scale(text: pdfium.PdfTextPage, index: int) -> float:
    """Return by how much the page enlarges the type: some programs set everything in size 1."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, index, matrix):
        return 1.0
    return (matrix.c**2 + matrix.d**2) ** 0.5 or 1.0


def _is_elsewhere(here: _Open, mark: int, left: float, size: float) -> bool:
    """Return whether a letter belongs to another row: another element, or a column away."""
    last = here.boxes[-1]
    if mark >= 0 or mark != here.mark:  # inside a marked element a wide gap is a justified line's
        return mark != here.mark
    return left - last[2] > WIDE_GAP * size or left < last[0] - 4 * size


def _close_up(letters: list[str], boxes: list[tuple[float, float, float, float]]) -> str:
    """Return the letters as text; words that are set with space between their letters are closed up."""
    text = "".join(letters)
    words = text.split()
    if len(words) < 4 or sum(len(word) == 1 for word in words) < 0.8 * len(words):
        return text
    solid = [(letter, box) for letter, box in zip(letters, boxes, strict=True) if not letter.isspace()]
    gaps = [b[1][0] - a[1][2] for a, b in pairwise(solid)]
    usual = sorted(gaps)[len(gaps) // 2]
    parts = [solid[0][0]]
    for gap, (letter, _) in zip(gaps, solid[1:], strict=True):
        parts += [" ", letter] if gap > 1.7 * usual else [letter]
    return "".join(parts) + (" " if text[-1].isspace() else "")


# ------------------------------------------------------------------ the structure tree


def _read_tree(page: pdfium.PdfPage) -> list[TagNode]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    try:
        count = raw.FPDF_StructTree_CountChildren(tree)
        roots = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(max(0, count))]
        return [_read_element(root, 0) for root in roots if root]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _read_element(element: Any, depth: int) -> TagNode:
    node = TagNode(_read_kind(element))
    if depth > MAX_DEPTH:
        return node
    for number in range(max(0, raw.FPDF_StructElement_CountChildren(element))):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            node.children.append(_read_element(child, depth + 1))
        else:
            mark = raw.FPDF_StructElement_GetChildMarkedContentID(element, number)
            if mark >= 0:
                node.children.append(mark)
    return node


def _read_kind(element: Any) -> str:
    size = raw.FPDF_StructElement_GetType(element, None, 0)
    if size <= 2 or size > 400:
        return ""
    buffer = ctypes.create_string_buffer(size)
    raw.FPDF_StructElement_GetType(element, buffer, size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")

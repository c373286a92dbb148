"""Where quotations stand: pairs of quotation marks, by paragraph.

Knows double and single marks, typographic, straight, low and angled, apostrophes, marks inside marks, and quotations
that go on in the next paragraph with the opening mark repeated. A mark that finds no partner makes a quotation that is
not ``closed``. This module must not know words, trees or speakers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from storyledger.types import Article

OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"', "'": "'", "‹": "›"}
CLOSING = frozenset("”»’›")
STRAIGHT = frozenset("\"'")
SINGLE = frozenset("‘'’")
MAX_SCARE_CHARS = 3  # fewer characters than this between marks are inches, seconds or a slip


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between two marks. ``start``/``end``: inside them; ``outer_*``: with them."""

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph: int
    closed: bool
    resumes: bool  # opens a paragraph while the quotation of the paragraph before is still open


def iter_paragraphs(article: Article) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the article's blocks, or of its lines where it has no blocks."""
    if article.blocks:
        yield from ((b.start, b.end) for b in article.blocks)
        return
    at = 0
    for line in article.text.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def find_quotations(article: Article) -> list[Quotation]:
    """Return the outermost quotations in text order; quotations inside quotations are part of the outer one."""
    found: list[Quotation] = []
    open_mark = ""
    for number, (start, end) in enumerate(iter_paragraphs(article)):
        resumes = bool(open_mark) and article.text[start : start + 1] == open_mark
        rows = _pair_marks(article.text, start, end)
        for k, (a, b, closed) in enumerate(rows):
            outer_end = b + 1 if closed else b
            if closed and b - a - 1 < MAX_SCARE_CHARS:
                continue
            found.append(Quotation(a + 1, b, a, outer_end, number, closed, resumes and k == 0))
        open_mark = article.text[rows[-1][0]] if rows and not rows[-1][2] else ""
    return _close_reopened(found, article)


def _close_reopened(found: list[Quotation], article: Article) -> list[Quotation]:
    """Return the quotations, those that the next paragraph reopens counted as closed: that is the convention."""
    out: list[Quotation] = []
    for q, after in zip(found, [*found[1:], None][: len(found)], strict=True):
        reopened = after is not None and after.resumes and after.paragraph == q.paragraph + 1
        closed = q.closed or reopened
        out.append(Quotation(q.start, q.end, q.outer_start, q.outer_end, q.paragraph, closed, q.resumes))
    return [q for q in out if article.text[q.start : q.end].strip()]


def _pair_marks(text: str, start: int, end: int) -> list[tuple[int, int, bool]]:
    """Return (opening, closing, closed) of the outermost pairs in one paragraph."""
    rows: list[tuple[int, int, bool]] = []
    stack: list[int] = []
    for at in range(start, end):
        mark = text[at]
        if mark not in OPENING and mark not in CLOSING:
            continue
        if stack and mark in OPENING[text[stack[-1]]] and _can_close(text, at, start, end, stack[-1]):
            opened = stack.pop()
            if not stack:
                rows.append((opened, at, True))
        elif len(stack) > 1 and mark in OPENING[text[stack[0]]] and _can_close(text, at, start, end, stack[0]):
            rows.append((stack[0], at, True))  # an inner mark was an apostrophe after all
            stack.clear()
        elif mark in OPENING and _can_open(text, at, start, end) and mark not in {text[k] for k in stack}:
            stack.append(at)
    if stack and text[stack[0]] not in SINGLE:
        rows.append((stack[0], end, False))
    return rows


def _can_open(text: str, at: int, start: int, end: int) -> bool:
    """Say whether a mark stands where a quotation can begin: a word follows, none is before."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] in STRAIGHT or text[at] == "‘":
        return not before.isalnum() and not after.isspace() and before not in ".,;!?"
    return not after.isspace() or text[at] == "«"


def _can_close(text: str, at: int, start: int, end: int, opened: int) -> bool:
    """Say whether a mark stands where a quotation can end; an apostrophe does not."""
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if text[at] not in SINGLE:
        return text[at] != '"' or not (before.isspace() and not after.isspace() and after not in ",.;:)")
    if after.isalnum() or before.isspace():
        return False
    if before == "s" and after == " " and text[at + 2 : at + 3].islower():  # "the inspectors' report"
        later = text.find(text[at], at + 1, end)
        return later < 0 or opened > at
    return True

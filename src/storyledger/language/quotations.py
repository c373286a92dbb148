"""Where quotations stand: pairs of quotation marks, paragraph by paragraph. The one finder of the house.

Knows double and single marks, typographic, straight, low, angled and typewriter ones (``''``), apostrophes, marks
inside marks, and quotations that go on in the next paragraph with the opening mark repeated. A mark that finds no
partner makes a quotation that is not ``closed``. This module must not know words, trees or speakers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from storyledger.types import Article

# Opening mark -> the marks that close it. German sets »so« and „so“, Scandinavian ”so”, old typewriters ``so''.
OPENING = {
    "“": '”"', "”": "”", "„": '“”"', "«": "»", "»": "«", "‘": "’", "’": "’", '"': '"”', "'": "'", "‹": "›", "``": "''",
    "''": "''",
}  # fmt: skip
SINGLE = frozenset("‘'’")
EITHER = frozenset({'"', "'", "''", "”", "»", "’"})  # may open, and close another
BLANK_LINE = re.compile(r"\n[ \t\r\f\v]*\n")
MARK = re.compile("``|''|[“”„\"«»‹›‘’']")
# The line below a block of somebody's words that says whose they are: "— Name (@handle) May 11, 2022".
CREDIT = re.compile(r"\s*[—–―-]{1,2}\s*(?=[A-Z@])")
MIN_CHARS = 3  # fewer between marks, and no word, are inches, seconds or a slip
MAX_OPEN_CHARS = 3_000  # an unclosed mark reaches no farther: a page set without paragraphs would be one quotation


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between two marks, in one paragraph. ``start``/``end``: inside them; ``outer_*``: with them.

    ``depth`` is 0 for an outermost quotation, 1 for one inside it, and so on. ``group`` numbers the quotations of an
    article; pieces of one that runs over paragraphs share it.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    paragraph: int
    closed: bool
    resumes: bool  # opens a paragraph while the quotation of the paragraph before is still open
    depth: int = 0
    group: int = 0


def iter_paragraphs(article: Article) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the article's blocks, cut at blank lines; of its lines where it has no blocks."""
    if not article.blocks:
        yield from ((m.start(), m.end()) for m in re.finditer(r"[^\n]*\S[^\n]*", article.text))
    for block in article.blocks:
        at = block.start
        for blank in BLANK_LINE.finditer(article.text, block.start, block.end):
            yield at, blank.start()
            at = blank.end()
        yield at, block.end


def find_quotations(article: Article, *, nested: bool = False) -> list[Quotation]:
    """Return the article's quotations in text order: the outermost, with ``nested`` those inside them too."""
    return quotations_in(article.text, tuple(iter_paragraphs(article)), nested=nested)


def quotations_in(text: str, paragraphs: Sequence[tuple[int, int]], *, nested: bool = False) -> list[Quotation]:
    """Return the quotations of a text with the given paragraphs, as ``find_quotations``."""
    found: list[Quotation] = []
    open_mark, group = "", -1
    for number, (start, end) in enumerate(paragraphs):
        pairs = pair_marks(text, start, end)
        first = text[start : start + len(open_mark)] if open_mark else ""
        for pair in pairs:
            resumes = bool(open_mark) and first == open_mark and pair.opened == start
            if pair.depth == 0 and not resumes:
                group += 1
            quotation = _make(text, pair, number, resumes=resumes, group=max(group, 0))
            if quotation is not None and (nested or pair.depth == 0):
                found.append(quotation)
        last = max((p for p in pairs if p.depth == 0), key=lambda p: p.opened, default=None)
        open_mark = last.mark if last is not None and not last.closed else ""
    return _close_reopened(found)


@dataclass(frozen=True, slots=True)
class Pair:
    """An opening mark and what closes it: positions of the marks; without a partner ``closer`` is where it ends."""

    opened: int
    closer: int
    mark: str
    width: int  # characters of the closing mark
    closed: bool
    depth: int


def pair_marks(text: str, start: int, end: int) -> list[Pair]:
    """Return the pairs of quotation marks in one paragraph, in order of their opening."""
    pairs: list[Pair] = []
    stack: list[tuple[int, str]] = []
    for found in MARK.finditer(text, start, end):
        at, mark = found.start(), found.group()
        level = _find_opener(text, found, start, end, stack)
        if level is not None:
            opened, opener = stack[level]
            # Marks above it that found no partner were apostrophes, or slips.
            del stack[level:]
            pairs.append(Pair(opened, at, opener, len(mark), closed=True, depth=level))
        elif mark in OPENING and _can_open(text, found, start, end) and mark not in {m for _, m in stack}:
            stack.append((at, mark))
    if stack and stack[0][1] not in SINGLE:
        reach = min(end, stack[0][0] + MAX_OPEN_CHARS)
        pairs = [p if p.opened < stack[0][0] else replace(p, depth=max(1, p.depth)) for p in pairs]
        pairs.append(Pair(stack[0][0], reach, stack[0][1], 0, closed=False, depth=0))
    elif stack:  # a single mark that never closes is an apostrophe: what it seemed to hold stands by itself
        pairs = [p if p.opened < stack[0][0] else replace(p, depth=max(0, p.depth - 1)) for p in pairs]
    return sorted(pairs, key=lambda p: (p.opened, -p.closer))


def _find_opener(text: str, found: re.Match[str], start: int, end: int, stack: Sequence[tuple[int, str]]) -> int | None:
    """Return which open mark this one closes: the innermost that it fits, or None."""
    for level in range(len(stack) - 1, -1, -1):
        opened, opener = stack[level]
        if found.group() in _closers(opener) and _can_close(text, found, start, end, opened):
            return level
    return None


def _closers(opener: str) -> tuple[str, ...]:
    closing = OPENING[opener]
    return (closing,) if len(closing) == 2 and closing[0] == closing[1] else tuple(closing)


def _make(text: str, pair: Pair, paragraph: int, *, resumes: bool, group: int) -> Quotation | None:
    """Return the quotation of a pair, None where it holds too little to be one."""
    inside = pair.opened + len(pair.mark)
    content = text[inside : pair.closer]
    if not content.strip() or (pair.closed and len(content) < MIN_CHARS and not content.isalpha()):
        return None
    outer_end = pair.closer + pair.width
    return Quotation(inside, pair.closer, pair.opened, outer_end, paragraph, pair.closed, resumes, pair.depth, group)


def _close_reopened(found: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations, those that the next paragraph reopens counted as closed: that is the convention."""
    reopened = {(q.group, q.paragraph - 1) for q in found if q.resumes}
    return [replace(q, closed=True) if q.depth == 0 and (q.group, q.paragraph) in reopened else q for q in found]


def _can_open(text: str, found: re.Match[str], start: int, end: int) -> bool:
    """Say whether a mark stands where a quotation can begin: a word follows, none is before."""
    before = text[found.start() - 1] if found.start() > start else " "
    after = text[found.end()] if found.end() < end else " "
    if found.group() in EITHER or found.group() == "‘":
        return not before.isalnum() and not after.isspace() and before not in ".,;!?"
    return not after.isspace() or found.group() == "«"  # French sets a blank inside


def _can_close(text: str, found: re.Match[str], start: int, end: int, opened: int) -> bool:
    """Say whether a mark stands where a quotation can end; an apostrophe does not."""
    at, mark = found.start(), found.group()
    before = text[at - 1] if at > start else " "
    after = text[found.end()] if found.end() < end else " "
    if mark not in SINGLE:
        return mark not in EITHER or not (before.isspace() and not after.isspace() and after not in ",.;:)")
    if after.isalnum() or before.isspace():
        return False
    if before == "s" and after == " " and text[at + 2 : at + 3].islower():  # "the inspectors' report"
        later = text.find(mark, at + 1, end)
        return later < 0 or opened > at
    return True

"""Text that a program broke into lines of one width (pdftotext, w3m, pandoc, mail): back to paragraphs.

A break is the program's where the next word would not have fitted; most breaks amid a sentence are so in such a
text, and hardly any in one with a paragraph a line or in a menu. Invariant: lines are joined or left as they are;
their rows stay. This module must not know what is furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storyledger.articles.lines import Line, Row

WIDEST = 140  # characters; w3m and pandoc break at 72 to 80, pdftotext where the page's column ends
NARROWEST = 24  # a newspaper column of a PDF
FEWEST = 3  # forced breaks to judge by
WRAPPED_SHARE = 0.6  # of the breaks amid a sentence must be forced for a text to count as wrapped
_SENTENCE_END = re.compile(r"""[.!?:;…]["'”’»)\]]*\Z""")
_COLUMNS = re.compile(r"\S {3,}\S|^[-=+| ]{6,}$")  # a row of a table drawn with spaces
_SOFT_HYPHENS = "\u00ad\u2010"


def join_wrapped(lines: list[Line]) -> list[Line]:
    """Return the lines with those that a program broke joined; the same list where no program did."""
    width = _find_width(lines) if lines else None
    amid = [(a, b) for a, b in pairwise(lines) if not b.gap and not _SENTENCE_END.search(a.text)]
    amid = [(a, b) for a, b in amid if not _COLUMNS.search(a.text) and not _COLUMNS.search(b.text)]
    if len(amid) < FEWEST or width is None:
        return lines
    forced = [b for a, b in amid if _is_forced(a, b, width)]
    going_on = sum(line.text[:1].islower() or not line.text[:1].isalpha() for line in forced)
    if len(forced) < max(FEWEST, WRAPPED_SHARE * len(amid)) or 2 * going_on < len(forced):
        return lines
    words = Counter(word.strip(".,;:!?") for line in lines for word in line.text.split())
    return list(_iter_joined(lines, width, words))


def _find_width(lines: Sequence[Line]) -> int | None:
    """Return the column's width: what all lines but one in fifty keep within; None where they vary too much."""
    lengths = sorted(line.indent + len(line.text) for line in lines)
    width = lengths[-1 - len(lengths) // 50]
    return width if NARROWEST <= width <= WIDEST and lengths[-1] <= 1.6 * width else None


def _is_forced(line: Line, after: Line, width: int) -> bool:
    """Return whether the next word would not have fitted; proportional type leaves a tenth of the width either way."""
    word = after.text.split(maxsplit=1)[0]
    return line.indent + len(line.text) + 1 + len(word) > 0.9 * width


def _iter_joined(lines: Sequence[Line], width: int, words: Counter[str]) -> Iterator[Line]:
    held: list[Line] = []
    for line in lines:
        if held and (line.gap or _begins_item(line) or not _goes_on(held[-1], line, width)):
            yield _join(held, words)
            held = []
        held.append(line)
    if held:
        yield _join(held, words)


def _goes_on(line: Line, after: Line, width: int) -> bool:
    """Return whether ``after`` is of the same paragraph: the break was forced, or stands amid a sentence."""
    if _COLUMNS.search(line.text) or _COLUMNS.search(after.text):
        return False
    amid = after.text[:1].islower() and not _SENTENCE_END.search(line.text)
    return amid or _is_forced(line, after, width)


def _begins_item(line: Line) -> bool:
    return line.text[:2] in ("• ", "* ", "- ", "– ")


def _join(held: Sequence[Line], words: Counter[str]) -> Line:
    if len(held) == 1:
        return held[0]
    text, rows = held[0].text, list(held[0].rows)
    for line in held[1:]:
        last, first = text.rsplit(maxsplit=1)[-1], line.text.split(maxsplit=1)[0]
        cut = _drop_hyphen(last, first.strip(".,;:!?"), words)
        text = text[: len(text) - cut] if cut else text + ("" if last[-1] in "-–—/" and len(last) > 1 else " ")
        if cut:
            ts, te, ss, se = rows.pop()
            rows += [(ts, te - cut, ss, se - cut)] if te - cut > ts else []
        rows += _shift(line.rows, len(text))
        text += line.text
    return Line(text, tuple(rows), held[0].gap, held[0].indent)


def _drop_hyphen(last: str, first: str, words: Counter[str]) -> int:
    """Return 1 where a line ends in the program's hyphen: the word stands elsewhere without it, or never with it."""
    if last[-1] in _SOFT_HYPHENS and len(last) > 1:
        return 1
    if last[-1] != "-" or len(last) < 3 or not (last[-2].islower() and first[:1].islower()):
        return 0
    parted, whole = last.lstrip("“\"'(") + first, last[:-1].lstrip("“\"'(") + first
    return int(words[whole] > 0 or (words[parted] == 0 and words[last[:-1]] == 0))


def _shift(rows: Sequence[Row], by: int) -> list[Row]:
    return [(ts + by, te + by, ss, se) for ts, te, ss, se in rows]

"""Which line is the title.

Invariant: the title is a line of the page wherever one fits; what metadata states decides between lines
and stands in only where none does. This module must not know the body but by the lines' scores.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from storyledger.articles import marks
from storyledger.articles.dates import find_dates
from storyledger.articles.features import squeeze_text
from storyledger.articles.lines import Line
from storyledger.articles.model import Scores
from storyledger.articles.names import is_name_line, join_prose
from storyledger.articles.words import Words, list_spellings

TITLE_CHARS = 300
LOOK_BACK = 40  # lines before the body among which a capture's title is looked for
SIGNED = 0.7  # what a byline or a date below adds to a title
HEADED_LINES = 1000  # past them only a heading is looked at, and ten times as far down nothing
_WORD = re.compile(r"[^\W\d_]{4,}")
_STOP = re.compile(r"[.!?…][\"'”’)\]\s]*\Z")
_LIST_MARK = re.compile(r"\s[|›»]\s|^\W*[*+•]\s")
_LAST_STOP = re.compile(r"(?<![A-Z])\.[\"”’)]*\Z")


def find_title_line(
    lines: Sequence[Line], words: Words, scores: Scores, stated: Sequence[str], repeats: Sequence[int]
) -> int | None:
    """Return the number of the line that is the title, if one is.

    Args:
        lines: of one page, in order.
        words: theirs.
        scores: of belonging to the article.
        stated: titles in the page's metadata, the most trusted first.
        repeats: on how many other pages each line stands.
    """
    if lines and lines[0].markup is not None:
        return _find_marked_title(lines, scores, stated)
    return _find_plain_title(lines, words, scores, repeats)


def _find_marked_title(lines: Sequence[Line], scores: Scores, stated: Sequence[str]) -> int | None:
    """Among headings (and lines that equal a stated title), the one most like what is stated, nearest to the body."""
    keys = [squeeze_text(title) for title in stated]
    best, best_worth = None, 0.0
    first = next((n for n, line in enumerate(lines) if scores[n] > 0.5 and len(line.text) > 80), len(lines))
    for number, line in enumerate(lines):
        markup = line.markup
        if markup is None or not 3 <= len(line.text) <= TITLE_CHARS:
            continue
        if number > HEADED_LINES and "h1" not in markup.path:
            continue
        if number > 10 * HEADED_LINES:
            break
        key = squeeze_text(line.text)
        likeness = max((fuzz.ratio(key, k) for k in keys), default=0.0)
        likeness = max(likeness, 90.0 if any(len(key) > 20 and k.startswith(key) for k in keys) else 0.0)
        heading = 60.0 if "h1" in markup.path else 20.0 if "headline" in markup.itemprops else 0.0
        if not heading and likeness < 90:
            continue
        linked = markup.link_chars * 2 > len(line.text)
        worth = likeness + heading - (30 if linked else 0) - (40 if number > first else 0) - number * 0.01
        worth -= 60 if {"header", "nav", "footer", "aside"} & set(markup.path) and likeness < 50 else 0
        if worth > best_worth:
            best, best_worth = number, worth
    return best if best_worth > 40 else None


def _find_plain_title(lines: Sequence[Line], words: Words, scores: Scores, repeats: Sequence[int]) -> int | None:
    """Before the body of a capture, the line that reads most like a title of it."""
    first = _first_of_body(lines, scores)
    if first is None:
        return None
    likely = [n for n, score in enumerate(scores.tolist()) if score > 0.2]
    body = [n for n in likely if scores[n] > 0.5 or _reads_like_prose(lines[n].text)]
    vocabulary, prose = _list_vocabulary(words, body), join_prose(lines[n].text for n in body)
    best, best_worth = None, 0.6
    for number in range(max(0, first - LOOK_BACK), min(first + 2, len(lines))):
        line = lines[number]
        if number >= first and _reads_like_prose(line.text):
            break
        beside = 0.05 * abs(first - number) + 1.5 * min(repeats[number], 1)
        if _weigh_vocabulary(line.text, vocabulary) + SIGNED - beside <= best_worth:
            continue  # whatever else it is, it weighs no more than this
        worth = _weigh_plain_title(lines, number, vocabulary, prose) - beside
        if worth > best_worth:
            best, best_worth = number, worth
    return best


def _first_of_body(lines: Sequence[Line], scores: Scores) -> int | None:
    """Return the first line that the model gives to the article and that reads like prose."""
    most = float(scores.max()) if len(scores) else 0.0
    limit = 0.5 if most > 0.5 else 0.0  # where the model is sure of nothing, the first prose is the first of the body
    likely = (n for n, score in enumerate(scores.tolist()) if score > limit)
    return next((n for n in likely if _reads_like_prose(lines[n].text)), None)


def _reads_like_prose(text: str) -> bool:
    return len(text) > 80 and bool(_STOP.search(text))


def _list_vocabulary(words: Words, lines: Sequence[int]) -> set[str]:
    """Return what ``_WORD`` finds in the lines, in small letters: words of letters alone are found as they stand."""
    found: set[str] = set()
    for number in list_spellings(words, lines):
        spelling = words.spellings[number]
        if not spelling.isalpha():
            found.update(map(str.lower, _WORD.findall(spelling)))
        elif len(spelling) > 3:
            found.add(words.small[number])
    return found


def _weigh_vocabulary(text: str, words: set[str]) -> float:
    """Return what speaks for a title by its words alone: those that the prose has, and how many there are."""
    own = [w.lower() for w in _WORD.findall(text)] if len(text) <= TITLE_CHARS else []
    if not own or not 2 <= len(text.split()) <= 40:
        return -9.0
    return 2.5 * sum([w in words for w in own]) / len(own) + 0.15 * min(len(own), 6)


def _weigh_plain_title(lines: Sequence[Line], number: int, words: set[str], prose: str) -> float:
    text = lines[number].text
    worth = _weigh_vocabulary(text, words)
    worth -= (2.5 if len(text) > 90 else 1.2) if _LAST_STOP.search(text) else 0.0
    worth -= 0.8 if text.endswith(":") else 0.0
    worth -= 2.5 if marks.starts_byline(text) or is_name_line(text, prose) else 0.0
    worth -= 2.0 if marks.find_credit(text) is not None or marks.is_teaser(text) else 0.0
    worth -= 1.5 if find_dates(text) and len(text) < 90 else 0.0
    worth -= 1.0 if _LIST_MARK.search(text) else 0.0
    worth -= 0.4 * marks.count_furniture_words(text, ("share", "subscribe", "legal", "comment"))
    worth -= 0.8 if len(text) > 160 else 0.0
    worth -= 2.0 if number == 0 and marks.heads_menu([line.text for line in lines[1:4]]) else 0.0
    worth += SIGNED if any(_is_signature(line.text) for line in lines[number + 1 : number + 5]) else 0.0
    below = lines[number + 1] if number + 1 < len(lines) else None
    worth -= 1.0 if below is not None and not below.gap and marks.find_credit(below.text) is not None else 0.0
    return worth


@lru_cache(maxsize=1024)  # each line is asked about for the four lines above it
def _is_signature(text: str) -> bool:
    """Return whether a line is a byline or has a date, as the lines below a title have."""
    return bool(marks.starts_byline(text)) or (len(text) < 90 and bool(find_dates(text)))

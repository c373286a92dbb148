"""What stands at the front of a page: its title, deck, bylines, dates and masthead, by number of line.

A capture's front is read as one sequence (heads.py); a saved page's by its markup. This module must not know
how lines become blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storyledger.articles import marks
from storyledger.articles.facts import Dating, find_byline_lines, find_visible_date, says_published
from storyledger.articles.features import squeeze_text
from storyledger.articles.heads import Head, Weights, read_head
from storyledger.articles.lines import Line
from storyledger.articles.model import Scores
from storyledger.articles.names import find_people, is_by_alone, join_prose
from storyledger.articles.titles import find_title_line
from storyledger.articles.words import Words

LIKELY_TITLE = 0.15  # where the sequence has no title: below that the line that reads most like one is taken
_LIST = re.compile(r"\s[|›»>•·]\s")  # a menu in one line is no name


@dataclass(frozen=True, slots=True)
class Front:
    """The lines of a page's front, the people and the date that they name, and the outlet of a capture's masthead."""

    title: int | None
    bylines: frozenset[int]
    authors: tuple[str, ...]
    datelines: frozenset[int]
    visible: Dating
    decks: frozenset[int] = frozenset()
    mastheads: frozenset[int] = frozenset()
    outlet: tuple[str, float] | None = None  # with its probability


@dataclass(frozen=True, slots=True)
class Scored:
    """A page's lines, their words, and the probability that each belongs to the article."""

    lines: Sequence[Line]
    words: Words
    scores: Scores
    repeats: Sequence[int]


def find_front(page: Scored, stated: Sequence[str], weights: Weights, *, american: bool | None) -> Front:
    """Return what stands at the front of the page.

    Args:
        page: at least one line.
        stated: titles that the page or its container states, the most trusted first.
        weights: of the head model; only captures ask for it.
        american: whether dates in numbers are month, day, year; None where nothing tells.
    """
    title = find_title_line(page.lines, page.words, page.scores, stated, page.repeats)
    if page.lines[0].markup is not None:
        return _gather(page, title, None, american)
    head = read_head(page.lines, page.scores, title, weights)
    front = _gather(page, _settle_title(page, head, title, stated), head, american)
    return front if front.visible.published else replace(front, visible=_date_start(page, front, title, american))


def _date_start(page: Scored, front: Front, guess: int | None, american: bool | None) -> Dating:
    """Return the date by the other line that may be the title, else by the first of the body; the front's own else."""
    said = [n for n, line in enumerate(page.lines) if says_published(line.text)][:1]
    if said:
        return find_visible_date(page.lines, said[0] - 1, page.scores, american=american, labelled=said)[0]
    for other in dict.fromkeys((guess, None)):
        visible, _ = find_visible_date(page.lines, other, page.scores, american=american)
        if visible.published and other != front.title:
            return visible
    return front.visible


def _gather(page: Scored, title: int | None, head: Head | None, american: bool | None) -> Front:
    lines, scores = page.lines, page.scores
    bylines, authors = find_byline_lines(lines, title, scores)
    dated = head.list_lines("date") if head else []
    visible, datelines = find_visible_date(lines, title, scores, american=american, labelled=dated)
    if head is None:
        return Front(title, frozenset(bylines), authors, frozenset(datelines) - frozenset(bylines), visible)
    labelled = [n for n in head.list_lines("byline") if n != title and not marks.credits_picture(lines[n].text)]
    signed = {n: _read_byline(page, n) for n in labelled}
    if any(_opens(lines, n) for n, names in signed.items() if names):  # then a line of names alone is of topics
        signed = {n: names if _opens(lines, n) or n in bylines else () for n, names in signed.items()}
    signed = _keep_together(head, signed)
    named = tuple(dict.fromkeys(name for names in signed.values() for name in names))
    named = authors if set(named) < set(authors) else named  # "By", a name, a comma, a name, each in a line
    masts = [n for n in head.list_lines("outlet") if n != title and not _LIST.search(lines[n].text)]
    best = max(masts, key=lambda n: head.sure_of(n, "outlet"), default=None)
    return Front(
        title,
        frozenset({*bylines, *labelled}) - frozenset(masts),
        named or authors,
        frozenset({*datelines, *dated}) - frozenset({*bylines, *labelled, title}),
        visible,
        frozenset(head.list_lines("deck")) - {title},
        frozenset(masts),
        (lines[best].text, head.sure_of(best, "outlet")) if best is not None else None,
    )


def _opens(lines: Sequence[Line], number: int) -> bool:
    """Return whether a line opens with "By", or stands below it."""
    above = lines[number - 1].text if number else ""
    return bool(marks.starts_byline(lines[number].text)) or is_by_alone(above)


NEXT_BYLINE = 3  # lines between two bylines of one head


def _keep_together(head: Head, signed: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
    """Return the bylines about the surest that names anybody: one farther off is a caption's or another story's."""
    naming = [n for n, names in signed.items() if names]
    if not naming:
        return signed
    best = max(naming, key=lambda n: head.sure_of(n, "byline"))
    low = high = best
    for n in naming:
        low, high = (low, n) if 0 < n - high <= NEXT_BYLINE else (low, high)
    for n in reversed(naming):
        low = n if 0 < low - n <= NEXT_BYLINE else low
    return {n: names for n, names in signed.items() if low <= n <= high}


def _read_byline(page: Scored, number: int) -> tuple[str, ...]:
    prose = join_prose(line.text for line, score in zip(page.lines, page.scores.tolist(), strict=True) if score > 0.5)
    text = page.lines[number].text
    return find_people(text[marks.opens_otherwise(text) :], prose)  # "di" is a part of names, too


def _settle_title(page: Scored, head: Head, guess: int | None, stated: Sequence[str]) -> int | None:
    """Return the line of a stated title, else the sequence's, else its likeliest, else the guess; no item of a list."""
    keys = [squeeze_text(title) for title in stated]
    told = (
        next((n for n, line in enumerate(page.lines) if squeeze_text(line.text[:300]) in keys), None) if keys else None
    )
    labelled = [n for n in head.list_lines("title") if not marks.opens_list(page.lines[n].text)]
    if told is not None or labelled:
        return told if told is not None else max(labelled, key=lambda n: head.sure_of(n, "title"))
    among = [head.first + n for n in range(len(head.labels)) if not marks.opens_list(page.lines[head.first + n].text)]
    best = max(among, key=lambda n: head.sure_of(n, "title"), default=None)
    if best is None:
        return guess
    listed = guess is not None and marks.opens_list(page.lines[guess].text)
    return best if listed or head.sure_of(best, "title") > LIKELY_TITLE else guess

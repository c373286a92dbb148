"""A page's own stamp that runs on in a line of its text: when the page was changed, with a clock.

Texts that were copied out of a page, or kept without its layout, hold headline, stamp and first sentence in one line:
"Harbour closed Page last updated at 08:03 GMT, Tuesday, 5 July 2016 09:03 UK The harbour of ...". The stamp becomes a
date line, so that nothing is told of it; what stands before it is the title, where there is no other. Invariant:
every character stays in the text; a date without a clock, or in a sentence, is no stamp. This module must not know
other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from storyledger.articles.assemble import Choice
from storyledger.types import BlockKind

BEFORE_CHARS = 200  # of a headline, or of a caption and its credit
TITLE_WORDS = 3
BYLINE_WORDS = 4
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_WEEKDAY = r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?"
_DATE = rf"{_WEEKDAY}(?:\d{{1,2}} {_MONTH},? (?:19|20)\d\d|{_MONTH} \d{{1,2}},? (?:19|20)\d\d)"
_ZONE = r"(?:GMT|UTC|UK(?: time)?|IST|[BC]E?ST|C?ET|E[SD]T|[CMP][SD]T)\b"
_HOUR = r"\d{1,2}[:.]\d\d"
_CLOCK = rf"{_HOUR}(?: ?[ap]\.?m\b\.?)?(?: {_ZONE})?"
_ZONED = rf"{_HOUR}(?: ?[ap]\.?m\b\.?(?: {_ZONE})?| {_ZONE})"
_CAPITALS = r"[A-Z][A-Z.'’-]+"
_PLACE = rf"{_CAPITALS}(?:[ /\\]+{_CAPITALS})*(?:, {_MONTH} \d{{1,2}})?"
_STAMP = re.compile(
    rf"(?:(?<!\S){_DATE} )?(?<!\S)(?:Page |This page was )?(?-i:[Ll])ast updated (?:(?:at|on) )?"
    rf"(?:{_CLOCK}(?:,? {_DATE}(?: {_CLOCK})?)?|{_DATE},? {_CLOCK})"
    rf"|(?:(?<!\S){_PLACE} )?\| (?:{_DATE},? {_ZONED}|{_ZONED},? {_DATE})"
)
_TAIL = re.compile(r"(?: Help(?= [A-Z]))?")


def part_stamps(choices: Sequence[Choice]) -> list[Choice]:
    """Return the choices with each paragraph that a stamp runs on in parted: what is before it, the stamp, the rest."""
    titled = any(choice.kind == "title" for choice in choices)
    parted: list[Choice] = []
    for choice in choices:
        first = not titled and not parted
        parted += _part(choice, may_head=first) if choice.kind == "paragraph" else (choice,)
    return parted


def _part(choice: Choice, *, may_head: bool) -> Iterator[Choice]:
    text = choice.line.text
    match = _STAMP.search(text, choice.start, min(choice.end, choice.start + 2 * BEFORE_CHARS))
    if match is None or match.start() - choice.start > BEFORE_CHARS:
        yield choice
        return
    tail = _TAIL.match(text, match.end())
    end = tail.end() if tail else match.end()
    before = text[choice.start : match.start()].strip()
    if before:
        yield replace(choice, end=_trim(text, match.start()), kind=_name_head(before, may_head=may_head))
    yield Choice(choice.line, match.start(), end, "dateline")
    rest = len(text[end : choice.end]) - len(text[end : choice.end].lstrip())
    if end + rest < choice.end:
        yield replace(choice, start=end + rest)


def _name_head(text: str, *, may_head: bool) -> BlockKind:
    """Return what the words before a stamp are: a byline, a headline, or a paragraph as before."""
    words = text.split()
    if words[0] == "By" or (len(words) <= BYLINE_WORDS and all(word[0].isupper() for word in words)):
        return "byline"
    ended = text[-1] in ".!?”" + '"'
    return "title" if may_head and len(words) >= TITLE_WORDS and not ended else "paragraph"


def _trim(text: str, end: int) -> int:
    return len(text[:end].rstrip())

"""A page's head that runs on in a line of its text: who wrote it, when it was changed, whence an agency sent it.

Texts that were copied out of a page, or kept without its layout, hold headline, byline, stamp and first sentence in one
line: "Harbour closed Page last updated at 08:03 GMT, Tuesday, 5 July 2016 09:03 UK The harbour of ...". Byline and
stamp become blocks of their own, so that nothing is told of them; what stands before a stamp is the title, where there
is no other, what stands before an agency's place line is its deck. Invariant: every character stays in the text; a date
without a clock, or in a sentence, is no stamp, and a name that nothing ends is no byline. This module must not know
other pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from storyledger.articles.assemble import Choice
from storyledger.articles.headline import find_headline_end
from storyledger.geography import find_spots
from storyledger.language import stop_words
from storyledger.types import BlockKind

BEFORE_CHARS = 200  # of a headline, or of a caption and its credit
TITLE_WORDS = 3
HEADLINE_BLOCKS = 40  # of a page's paragraphs, which say again what its headline says
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
_SHOUTED = r"(?: [A-Z][A-Z' ]{7,}\.)*"  # "THIS IS A RUSH TRANSCRIPT."
_AIRED = re.compile(rf"(?<!\S)Aired {_DATE},? (?:- |at )?{_HOUR}(?: ?[ap]\.?m\b\.?)?(?: {_ZONE}| ET\b)?{_SHOUTED}")
_TAIL = re.compile(r"(?: Help(?= [A-Z]))?")
# a word is matched in one way alone (possessive): in several, a row of names that ends otherwise takes for ever
_WORD = r"[A-Z][a-z][\w'’-]*+"
_NAME = rf"(?:{_WORD}|[A-Z]\.)(?: [A-Z]\.)?(?: (?:[a-z]{{2,3}} )?[A-Z](?=[^a-z\s]{{0,20}}[a-z])[\w'’-]*+){{1,2}}"
_NAMES = rf"{_NAME}(?:, {_NAME})*(?:,? and {_NAME})?"
_LETTERS = r"[A-Z]{2,6}\b(?: News\b)?"
_DESK = r"(?:[Ww]ire )?(?:[Ss]taff|[Rr]eporters?|[Cc]orrespondents?|[Aa]gencies)(?: [Ww]riters?)?"
_JOB = rf"(?:{_WORD} (?:and )?){{1,4}}(?:Editor|Correspondent|Reporter|Writer)"
_BAR = rf"(?P<day>{_DATE}) \| "
_BYLINE = re.compile(
    rf"(?:{_BAR})?(?:By|From) (?:(?:the )?(?:[A-Z][\w.&]* ){{1,3}}{_DESK}"
    rf"|{_NAMES}(?:,? (?:[Ss]pecial to |for )?{_LETTERS}|, {_JOB}))"
    r"(?=,? [“\"A-Z])"
)
_NAME_BEHIND_DAY = re.compile(rf"{_BAR}(?:By|From) {_WORD}(?: [A-Z]\.)? {_WORD}(?= [A-Z][a-z]* [a-z])")
_AGENCY = re.compile(r" \([A-Z][\w .&/]{1,30}\) ?(?:--|[-–—]) (?=[“\"A-Z])")
_PLACE_WORDS = re.compile(r"(?:(?<=\s)|\A)[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){0,2}\Z")
_NEW = re.compile(r"(?<=\s)(?:NEW|UPDATED): ")
BYLINE_CHARS = 300
DECK_CHARS = 700  # before an agency's place line: highlights of a page, one after the other


def part_headline(choices: Sequence[Choice]) -> list[Choice]:
    """Return the choices of a text without a title with the headline parted that its first paragraph begins with."""
    if not choices or choices[0].kind != "paragraph" or any(choice.kind == "title" for choice in choices):
        return list(choices)
    first, *rest = choices
    told = (c.line.text[c.start : c.end] for c in choices if c.kind == "paragraph")
    end = find_headline_end(" ".join(islice(told, HEADLINE_BLOCKS)))
    if not 0 < end < first.end - first.start:
        return list(choices)
    start = first.start + end
    return [replace(first, end=_trim(first.line.text, start), kind="title"), replace(first, start=start), *rest]


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
    for end, kind in _find_byline(choice) if may_head else ():
        yield replace(choice, end=end, kind=kind)
        choice = _go_on(choice, end)
    aired = _AIRED.search(text, choice.start, min(choice.end, choice.start + 3 * BEFORE_CHARS)) if may_head else None
    match = aired or _STAMP.search(text, choice.start, min(choice.end, choice.start + 2 * BEFORE_CHARS))
    if match is None or (match is not aired and match.start() - choice.start > BEFORE_CHARS):
        yield from _part_deck(choice)
        return
    tail = _TAIL.match(text, match.end())
    end = tail.end() if tail else match.end()
    before = text[choice.start : match.start()].strip()
    if before:
        yield replace(choice, end=_trim(text, match.start()), kind=_name_head(before, may_head=may_head))
    yield Choice(choice.line, match.start(), end, "dateline")
    if text[end : choice.end].strip():
        yield from _part_deck(_go_on(choice, end))


def _find_byline(choice: Choice) -> list[tuple[int, BlockKind]]:
    """Return where each part ends of a byline that begins the choice: its day, its names, its place; none is unsure."""
    text = choice.line.text
    last = min(choice.end, choice.start + BYLINE_CHARS)
    match = _BYLINE.match(text, choice.start, last) or _NAME_BEHIND_DAY.match(text, choice.start, last)
    if match is None:
        return []
    day: list[tuple[int, BlockKind]] = [(match.end("day") + 2, "dateline")] if match["day"] else []
    if text[match.end()] != ",":
        return [*day, (match.end(), "byline")]
    start = match.end() + 2
    words = text[start : choice.end].split(" ", 3)[:3]
    names = (" ".join(words[:n]) for n in (3, 2, 1))
    place = next(filter(find_spots, names), None)
    return [*day, (match.end() + 1, "byline"), (start + len(place), "dateline")] if place else []


def _part_deck(choice: Choice) -> Iterator[Choice]:
    """Yield what stands before an agency's place line ("... Harrow Bay (Norpress) -- The wall"), then the rest."""
    text = choice.line.text
    match = _AGENCY.search(text, choice.start, min(choice.end, choice.start + DECK_CHARS))
    start = _find_place(text[choice.start : match.start()]) + choice.start if match else choice.start
    if start == choice.start:
        yield choice
        return
    yield from _part_news(replace(choice, end=_trim(text, start), kind="deck"))
    yield _go_on(choice, start)


def _part_news(deck: Choice) -> Iterator[Choice]:
    """Yield the highlights of a deck of which some are marked as new."""
    starts = [m.start() for m in _NEW.finditer(deck.line.text, deck.start + 1, deck.end)]
    for start, end in pairwise((deck.start, *starts, deck.end)):
        yield replace(deck, start=start, end=_trim(deck.line.text, end))


def _find_place(text: str) -> int:
    """Return where the place begins that ends ``text``: "... can bring change Harrow Bay, Norland"; 0 for none.

    Nothing but a known place shows where what stands before it ends; one that is part of that ("... and Harrow Bay")
    begins none: the end of ``text``.
    """
    *before, last = text.split(", ")
    for part, rest in ((before[-1], f", {last}") if before else ("", ""), (last, "")):
        match = _PLACE_WORDS.search(part) if not rest or _PLACE_WORDS.fullmatch(last) else None
        words = match[0].split(" ") if match else []
        names = [" ".join(words[n:]) for n in range(len(words))]
        name = next(filter(find_spots, names), None) or next(filter(str.isupper, names), None)
        if name is not None:
            start = len(text) - len(name) - len(rest)
            joined = text[:start].split()[-1:]
            return len(text) if joined and joined[0].lower() in stop_words() else start
    return 0


def _go_on(choice: Choice, end: int) -> Choice:
    """Return what of the choice stands behind ``end``."""
    text = choice.line.text[end : choice.end]
    return replace(choice, start=end + len(text) - len(text.lstrip()))


def _name_head(text: str, *, may_head: bool) -> BlockKind:
    """Return what the words before a stamp are: a byline, a headline, or a paragraph as before."""
    words = text.split()
    if words[0] == "By" or (len(words) <= BYLINE_WORDS and all(word[0].isupper() for word in words)):
        return "byline"
    ended = text[-1] in ".!?”" + '"'
    return "title" if may_head and len(words) >= TITLE_WORDS and not ended else "paragraph"


def _trim(text: str, end: int) -> int:
    return len(text[:end].rstrip())

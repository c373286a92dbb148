"""From scored lines to what each of them is: title, deck, byline, dateline, caption, body or furniture.

Invariant: every line of the page gets exactly one role, or is cut in two that have one each; a role
other than furniture is never given outside the article's stretch of the page. This module must not know
how the scores were made or what a name or a date means.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from storyledger.articles import marks
from storyledger.articles.assemble import Choice
from storyledger.articles.body import BODY_KINDS
from storyledger.articles.dates import find_dates
from storyledger.articles.features import squeeze_text
from storyledger.articles.front import Front
from storyledger.articles.lexicon import load_lexicon
from storyledger.articles.lines import Line, Markup
from storyledger.articles.model import Scores, find_best_stretch
from storyledger.articles.names import is_name_line
from storyledger.language.quotations import CREDIT
from storyledger.types import BlockKind

BODY_SCORE = 0.5
SURE_SCORE = 0.9
PASSAGE_CHARS = 90
HEADING_CHARS, SOME_SCORE = 90, 0.05
SNIPPETS, SNIPPET_CHARS, SNIPPET_SPREAD = 3, 60, 0.1
_BREAKS_OFF = re.compile(r"(?:\.\.\.|…)\Z")
REPEATED_SHARE = 0.3  # of the body on other pages too: then it is a copy, not furniture
HOLE_SCORE, HOLE_LINES, HOLE_EDGE, SHORT_PAGE_LINES = 0.3, 12, 2, 60
LAST_REACH, LAST_SCORE = 3, 0.3
PULLED_CHARS = 200
HEAD_SCORE, HEAD_CHARS, _HEAD_TAGS = 0.25, 140, frozenset(("h2", "h3", "h4", "h5", "h6"))
SERIES, SERIES_REACH = 3, 2  # headings of one kind, and lines below one among which the body goes on
KIN_LINES = 2  # of the body in one place of the page, for other prose there to be of it too
CAPTION_REACH = 3  # lines past the last of the body that may still be its caption
_SENTENCES = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"“‘']?[A-ZÀ-Þ])")
_NAMED = re.compile(r"\|\s*\w")  # a place without a class or an id is any place
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’)\]]*\Z")
_BULLET = re.compile(r"(?:[*+•·▪◦‣]|-|–)\s+(?=\S)")
_CAPTION_LEAD = re.compile(r"(?:image|photo|picture|video|media)\s+caption\s*[,:]?\s*", re.IGNORECASE)
_IMAGE_MARK = re.compile(r"\W*(?:image|photo|picture|video|bild)\W*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Role:
    """What a line is; ``cut`` is where a second part begins that is ``rest``, if there is one."""

    kind: BlockKind | None
    reason: str = ""
    cut: int = 0
    rest: BlockKind | None = None
    rest_reason: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's lines with what is known of them before roles are given."""

    lines: Sequence[Line]
    scores: Scores
    front: Front
    repeats: Sequence[int]  # on how many other pages of the pile each line stands


def lay_out(sheet: Sheet) -> list[Choice]:
    """Return the choices, in order, for all lines of a page."""
    body = _find_body(sheet)
    roles: list[Role] = [_judge_line(sheet, number, body) for number in range(len(sheet.lines))]
    _mark_captions(sheet, roles, body)
    _mark_decks(sheet, roles, body)
    _drop_doubles(sheet, roles)
    choices: list[Choice] = []
    for line, role in zip(sheet.lines, roles, strict=True):
        end = len(line.text)
        middle = role.cut or end
        if role.start:
            choices.append(Choice(line, 0, role.start, None, "bullet" if role.kind == "list" else "label"))
        choices.append(Choice(line, role.start, middle, role.kind, role.reason))
        if middle < end:
            middle = end - len(line.text[middle:].lstrip())
            choices.append(Choice(line, middle, end, role.rest, role.rest_reason))
    return choices


def _find_body(sheet: Sheet) -> frozenset[int]:
    """Return the numbers of the lines that are the body."""
    scores = sheet.scores.tolist()
    furniture = {n for n, score in enumerate(scores) if score > SOME_SCORE and _is_furniture(sheet.lines[n])}
    furniture |= {n - 1 for n in furniture if n and _heads_consent(sheet, n - 1)}
    most = max((score for n, score in enumerate(scores) if n not in furniture), default=0.0)
    limit = min(BODY_SCORE, most * 0.5)  # where nothing is sure, the likeliest lines
    found = [n for n, score in enumerate(scores) if score > limit and n != sheet.front.title]
    found = [n for n in found if n not in sheet.front.bylines and n not in sheet.front.datelines]
    found = [n for n in found if n not in sheet.front.mastheads]
    kept = [n for n in _fill_holes(sheet, found) if not _is_furniture(sheet.lines[n])]
    kept = _drop_snippets(sheet, _drop_linked(sheet, [n for n in kept if n not in furniture]))
    insets = {n for n in kept if _is_inset(sheet.lines[n], float(sheet.scores[n]))}
    kept = [n for n in kept if n not in insets or len(insets) > INSETS]
    chars = sum(len(sheet.lines[n].text) for n in kept)
    shared = sum(len(sheet.lines[n].text) for n in kept if sheet.repeats[n])
    if shared <= chars * REPEATED_SHARE:
        kept = [n for n in kept if not sheet.repeats[n] or _is_passage(sheet, n)]
    return frozenset(_drop_above(sheet, _drop_signed(sheet, kept)))


SIGNED, SIGNED_GAP, SIGNED_LEAD, SIGNED_CHARS = 3, 8, 4, 60


def _drop_signed(sheet: Sheet, found: list[int]) -> list[int]:
    """Return the body of a capture without the stories of a list below it, each with its writer and day."""
    if not found or sheet.lines[0].markup is not None:
        return found
    signs = [n for n in range(found[0] + 1, len(sheet.lines)) if _is_signature(sheet.lines[n].text)]
    runs: list[list[int]] = []
    for number in signs:
        if runs and number - runs[-1][-1] <= SIGNED_GAP:
            runs[-1].append(number)
        else:
            runs.append([number])
    other = {n for run in runs if len(run) >= SIGNED for n in range(run[0] - SIGNED_LEAD, run[-1] + 1)}
    return [n for n in found if n not in other or sheet.scores[n] > SURE_SCORE]


def _is_signature(text: str) -> bool:
    """Return whether a short line ends in a day, after a writer's name or nothing."""
    if len(text) > SIGNED_CHARS or not any(map(str.isdigit, text)):
        return False
    dates = find_dates(text)
    return (
        bool(dates)
        and dates[-1].end >= len(text.rstrip(" .|")) - 1
        and (dates[0].start < 3 or is_name_line(text[: dates[0].start]))
    )


ABOVE_SHARE, SIGNED_REACH = (0.5, 0.9), 6  # of the body that may stand above a title, and above one that is signed


def _drop_above(sheet: Sheet, found: list[int]) -> list[int]:
    """Return the body of a capture without what stands above its title: teasers of other stories, in lists and boxes.

    Where most of the body stands above it, the title may be the wrong one, unless a byline or a date stands below it.
    Out of fold on the captures of the article set this lifts F1 by .0035.
    """
    title = sheet.front.title
    if title is None or sheet.lines[0].markup is not None:
        return found
    signs = sheet.front.bylines | sheet.front.datelines
    signed = any(number in signs for number in range(title + 1, title + SIGNED_REACH))
    above = sum(len(sheet.lines[n].text) for n in found if n < title)
    whole = sum(len(sheet.lines[n].text) for n in found)
    return [n for n in found if n > title] if above < ABOVE_SHARE[signed] * whole else found


def _is_passage(sheet: Sheet, number: int) -> bool:
    """Return whether a line that other pages have too is a passage of the story, told again, and no furniture.

    On the marked piles for training 12 paragraphs were lost otherwise, background that an update keeps; of the
    furniture there no line of that length speaks of nothing but the story.
    """
    text = sheet.lines[number].text
    return (
        len(text) >= PASSAGE_CHARS
        and sheet.scores[number] > BODY_SCORE * sheet.scores.max()
        and _is_prose(text)
        and marks.count_furniture_words(text, ("legal", "share", "subscribe")) <= 1
    )


def _list_named(sheet: Sheet) -> set[int | None]:
    """Return the lines of the front that have a role of their own, and so are none of the body."""
    front = sheet.front
    return {front.title, *front.bylines, *front.datelines, *front.mastheads}


def _fill_holes(sheet: Sheet, found: list[int]) -> list[int]:
    """Add the prose of a capture that stands among the body, or next to its ends, with a middling score.

    Out of fold on the captures of the article set this lifts F1 by .0015; on short pages, which the set has
    few of, the model is less sure of all lines and the bound is lower.
    """
    if sheet.lines[0].markup is not None:
        return _add_kin(sheet, found)
    if len(sheet.lines) < SHORT_PAGE_LINES:
        found = _trust_prose(sheet, found)
    if not found:
        return found
    named = _list_named(sheet)
    limit = HOLE_SCORE if len(sheet.lines) >= SHORT_PAGE_LINES else HOLE_SCORE / 3
    body = set(found)
    edges = [found[0] - HOLE_EDGE - 1, *found, min(found[-1] + HOLE_EDGE + 1, len(sheet.lines))]
    for low, high in pairwise(edges):
        if high - low <= HOLE_LINES + 1:
            for number in range(max(low + 1, 0), high):
                if number not in named and sheet.scores[number] > limit and _is_prose(sheet.lines[number].text):
                    body.add(number)
    return sorted(body)


def _add_kin(sheet: Sheet, found: list[int]) -> list[int]:
    """Add the prose of a saved page that stands in the very place where its body stands: the same names all the way up.

    A list of matches or of products reads less like an article than what is around it does. A single line after
    the end is left: it is a note about the writer or to the reader. Out of fold this lifts F1 by .003.
    """
    held = Counter(_name_place(sheet.lines[n]) for n in found if _is_prose(sheet.lines[n].text))
    places = {place for place, count in held.items() if count >= KIN_LINES and _NAMED.search(place[0])}
    named = {*_list_named(sheet), *found}
    kin = [n for n in range(found[0], len(sheet.lines)) if n not in named] if found and places else []
    kin = [n for n in kin if _name_place(sheet.lines[n]) in places and _is_own_prose(sheet.lines[n])]
    after = [n for n in kin if n > found[-1]]
    body = {*found, *kin} - set(after if len(after) < KIN_LINES else ())
    body |= {n for n in _find_last(sheet, max(body, default=len(sheet.lines))) if n not in named}
    body |= set(_iter_credits(sheet, body))
    body |= {n for n in _iter_heads(sheet, body) if n not in named}
    return sorted(body | {n for n in _iter_series(sheet, body) if n not in named})


def _iter_credits(sheet: Sheet, body: set[int]) -> Iterator[int]:
    """Yield the lines below quoted blocks of the body, in the same block, that say whose words they are."""
    for number in sorted(body):
        above = sheet.lines[number].markup
        own = sheet.lines[number + 1].markup if number + 1 < len(sheet.lines) else None
        if above is None or own is None or "blockquote" not in above.path or "blockquote" not in own.path:
            continue
        if CREDIT.match(sheet.lines[number + 1].text) and len(sheet.lines[number + 1].text) <= HEAD_CHARS:
            yield number + 1


def _find_last(sheet: Sheet, last: int) -> list[int]:
    """Return the paragraph that ends the article next to what is known of it, or behind an inset: the model's doubt."""
    near = range(last + 1, min(last + 1 + LAST_REACH, len(sheet.lines)))
    place = sheet.lines[last].markup if last < len(sheet.lines) else None
    found = [n for n in near if sheet.scores[n] > LAST_SCORE and _is_own_prose(sheet.lines[n])]
    return [n for n in found if _is_beside(sheet.lines[n].markup, place)][:1]


def _is_beside(own: Markup | None, place: Markup | None) -> bool:
    alike = own is not None and place is not None and (own.path, own.names) == (place.path, place.names)
    return alike and own is not None and own.kept_chars > 0


def _iter_heads(sheet: Sheet, body: set[int]) -> Iterator[int]:
    """Yield the headings that stand right above a line of the body, in what holds that: those of parts and of posts."""
    for number in sorted(body):
        above = sheet.lines[number - 1].markup if number else None
        if above is None or above.tag not in _HEAD_TAGS or above.link_chars:
            continue
        own = sheet.lines[number].markup
        inside = own is not None and above.path[:-1] == own.path[: len(above.path) - 1]
        if inside and sheet.scores[number - 1] > HEAD_SCORE and len(sheet.lines[number - 1].text) <= HEAD_CHARS:
            yield number - 1


def _iter_series(sheet: Sheet, body: set[int]) -> Iterator[int]:
    """Yield the headings of one kind that part the body, links or not: of a list of places, dishes, products.

    Three or more of one place and tag, most of which stand right above what is of the body, in what holds that.
    """
    series: dict[tuple[str, str], list[int]] = {}
    for number, line in enumerate(sheet.lines):
        if line.markup is not None and line.markup.tag in _HEAD_TAGS and len(line.text) <= HEAD_CHARS:
            series.setdefault(_name_place(line), []).append(number)
    for numbers in series.values():
        heading = [n for n in numbers if _heads_body(sheet, n, body)]
        if len(heading) >= SERIES and len(heading) * 2 > len(numbers):
            yield from heading


def _heads_body(sheet: Sheet, number: int, body: set[int]) -> bool:
    near = [n for n in range(number + 1, min(number + 1 + SERIES_REACH, len(sheet.lines))) if n in body]
    own, below = sheet.lines[number].markup, sheet.lines[near[0]].markup if near else None
    return own is not None and below is not None and own.path[:-1] == below.path[: len(own.path) - 1]


def _name_place(line: Line) -> tuple[str, str]:
    assert line.markup is not None
    return line.markup.names, line.markup.tag


def _is_own_prose(line: Line) -> bool:
    return line.markup is not None and line.markup.link_chars * 2 < len(line.text) and _is_prose(line.text)


def _trust_prose(sheet: Sheet, found: list[int]) -> list[int]:
    """On a short capture where the scores leave out most of the prose, add all of it: there is little furniture.

    The pages that the model learned from are long; on a handful of clean paragraphs it is sure of none.
    """
    named = _list_named(sheet)
    prose = [n for n, line in enumerate(sheet.lines) if n not in named and _is_prose(line.text)]
    chars = sum(len(sheet.lines[n].text) for n in prose)
    body = set(found)
    held = sum(len(sheet.lines[n].text) for n in prose if n in body)
    return sorted({*found, *prose}) if held * 2 < chars else found


def _is_prose(text: str) -> bool:
    return len(text) > 60 and bool(_SENTENCE_END.search(text, len(text) - 6)) and marks.find_credit(text) is None


INSET_SCORE, INSETS = 0.75, 4  # where more boxes than that read like the body, they are what the page is about


def _is_inset(line: Line, score: float) -> bool:
    """Return whether a line that the model is not sure of stands in a box by itself, which its names call no text."""
    if line.markup is None or score > INSET_SCORE:
        return False
    own = line.markup.names.rpartition(" ")[2]
    return any(word in own for word in load_lexicon()["names.inset"])


def _heads_consent(sheet: Sheet, number: int) -> bool:
    """Return whether a line is a heading in a consent box, whose parts have some."""
    text, below = sheet.lines[number].text, sheet.lines[number + 1].text
    return len(text) <= HEADING_CHARS and not _SENTENCE_END.search(text) and marks.speaks_of_consent(below)


def _drop_linked(sheet: Sheet, found: list[int]) -> list[int]:
    """Return the body without prose that is all one link, where enough of it is not: teasers of other stories."""
    linked = {n for n in found if _is_all_link(sheet.lines[n])}
    free = [n for n in found if n not in linked and _is_prose(sheet.lines[n].text)]
    return [n for n in found if n not in linked] if len(free) >= KIN_LINES else found


def _drop_snippets(sheet: Sheet, found: list[int]) -> list[int]:
    """Return the body without the beginnings of other stories: several lines that break off at about one length."""
    broken = [n for n in found if len(sheet.lines[n].text) > SNIPPET_CHARS and _BREAKS_OFF.search(sheet.lines[n].text)]
    middle = sorted(len(sheet.lines[n].text) for n in broken)[len(broken) // 2] if broken else 0
    alike = {n for n in broken if abs(len(sheet.lines[n].text) - middle) <= middle * SNIPPET_SPREAD}
    return [n for n in found if n not in alike] if len(alike) >= SNIPPETS else found


def _is_all_link(line: Line) -> bool:
    return line.markup is not None and len(line.text) > PASSAGE_CHARS and line.markup.link_chars >= 0.9 * len(line.text)


def _is_furniture(line: Line) -> bool:
    """Return whether a line that reads like the body points elsewhere or speaks of the page itself."""
    text = line.text
    if marks.is_update_note(text) or marks.speaks_of_consent(text) or marks.asks_reader(text):
        return True
    if marks.speaks_of_making(text) or marks.tells_commission(text):
        return True
    if text[:1] == "©" or (text[:9].lower() == "copyright" and len(text) < HEAD_CHARS):
        return True
    if not marks.is_teaser(text):
        return False
    linked = line.markup is not None and line.markup.link_chars > len(text) * 0.4
    return linked or text[0] in "[(" or bool(re.search(r"[:|]", text[:40])) or not _SENTENCE_END.search(text)


def _judge_line(sheet: Sheet, number: int, body: frozenset[int]) -> Role:
    line = sheet.lines[number]
    if number == sheet.front.title:
        return Role("title")
    if number in body:
        kind = _tell_body_kind(sheet, number, body)
        bullet = _BULLET.match(line.text)
        return Role(kind, start=bullet.end() if bullet and kind == "list" else 0)
    if number in sheet.front.bylines:
        return _cut_byline(line.text)
    if number in sheet.front.datelines:
        return Role(None, "dateline")
    if number in sheet.front.mastheads:
        return Role(None, "masthead")
    return _drop_for(_tell_reason(sheet, number))


@cache
def _drop_for(reason: str) -> Role:
    """Return the role of furniture; there are few reasons and many lines."""
    return Role(None, reason)


def _cut_byline(text: str) -> Role:
    """Return a byline without the date that follows the names in its line."""
    dates = find_dates(text)
    names = len(text[: dates[0].start].rstrip(" ,|·•–—-")) if dates else 0
    published = re.search(r"\s+(?:published|posted|updated)\b", text[:names], re.IGNORECASE)
    names = published.start() if published else names
    return Role("byline", cut=names, rest_reason="dateline") if names > 5 else Role("byline")


def _tell_body_kind(sheet: Sheet, number: int, body: frozenset[int]) -> BlockKind:
    line = sheet.lines[number]
    tag = line.markup.tag if line.markup is not None else ""
    if len(tag) == 2 and tag[0] == "h":
        return "heading"
    if tag == "li" or _BULLET.match(line.text):
        return "list"
    if line.markup is not None and "blockquote" in line.markup.path:
        return "quote"
    short = len(line.text) <= 90 and not _SENTENCE_END.search(line.text)
    alone = line.markup is None or line.markup.strong_chars == len(line.text)
    return "heading" if short and alone and number + 1 in body else "paragraph"


def _tell_reason(sheet: Sheet, number: int) -> str:
    """Return in a word or two why a line is furniture."""
    line = sheet.lines[number]
    if sheet.repeats[number]:
        return "on other pages too"
    spoken = marks.tell_furniture(line.text)
    if spoken is not None:
        return spoken
    if line.markup is not None and line.markup.link_chars * 2 > len(line.text):
        return "link"
    return "not of the article"


def _mark_captions(sheet: Sheet, roles: list[Role], body: frozenset[int]) -> None:
    """Give captions near the body their role, with the credit cut off; body lines that are captions too."""
    if not body:
        return
    start = min(body | ({sheet.front.title} if sheet.front.title is not None else set()))
    low, high = max(0, start - CAPTION_REACH), min(len(roles), max(body) + 1 + CAPTION_REACH)
    for number in range(low, high):
        line, role = sheet.lines[number], roles[number]
        if role.kind == "title" or role.reason in ("dateline", "teaser") or role.kind == "byline":
            continue
        credit = marks.find_credit(line.text)
        held = _is_held_as_caption(line)
        if held or _is_credited(sheet, number, credit, body):
            roles[number] = _cut_credit(line, credit, held=held)
        elif number not in body and role.reason != "dateline" and _follows_image_mark(sheet, number):
            roles[number] = Role("caption")
    for number in range(low, high - 1):
        if (
            roles[number].kind is None
            and roles[number].reason != "dateline"
            and _stands_above_caption(sheet, roles, number, body)
        ):
            roles[number] = Role("caption")


def _is_held_as_caption(line: Line) -> bool:
    if line.markup is None or len(line.text) > 600:
        return False
    if "figcaption" in line.markup.path:
        return True
    last = line.markup.names.rsplit(" ", 6)[-6:]
    return any("caption" in name for name in last) and "h1" not in line.markup.path


def _is_credited(sheet: Sheet, number: int, credit: int | None, body: frozenset[int]) -> bool:
    """Return whether the credit in a line makes it a caption: short, at its end, and no quotation before."""
    text = sheet.lines[number].text
    if credit is None or len(text) > 350 or len(text) - credit > 120:
        return False
    if number in body and sheet.scores[number] > SURE_SCORE and credit < len(text) * 0.5:
        return False
    return not re.search(r"\b(?:said|told|says)\b", text)


def _cut_credit(line: Line, credit: int | None, *, held: bool) -> Role:
    """Return a caption without its credit; a line that is nothing but the credit is furniture."""
    text = line.text
    lead = _CAPTION_LEAD.match(text)
    start = lead.end() if lead else 0
    if credit is None or (lead and credit < start):
        shows = held and len(text) - start > 3 and not _IMAGE_MARK.fullmatch(text)
        return Role("caption", start=start) if shows or lead else Role(None, "credit")
    end = len(text[:credit].rstrip(" \xa0(|[–—-"))
    if end - start < 8:
        return Role(None, "credit")
    return Role("caption", cut=end, rest_reason="credit", start=start)


def _follows_image_mark(sheet: Sheet, number: int) -> bool:
    """Return whether an image mark or an image's source stands right above a short line."""
    text = sheet.lines[number].text
    if number == 0 or len(text) > 200 or len(text.split()) < 2 or marks.find_credit(text) == 0:
        return False
    above = sheet.lines[number - 1].text
    return len(above) <= 80 and bool(_IMAGE_MARK.fullmatch(above) or re.match(r"(?i)image source\b", above))


def _stands_above_caption(sheet: Sheet, roles: list[Role], number: int, body: frozenset[int]) -> bool:
    """Return whether a short line is the title of the picture whose caption or credit follows without a gap."""
    line, below, after = sheet.lines[number], sheet.lines[number + 1], roles[number + 1]
    if line.markup is not None or number in body or len(line.text) > 120 or below.gap:
        return False
    if _IMAGE_MARK.fullmatch(line.text):
        return False
    credited = (after.reason == "credit" and not re.match(r"(?i)source", below.text)) or (
        after.kind == "caption" and after.cut > 0
    )
    return credited and not marks.count_furniture_words(line.text, ("navigate", "share", "legal"))


def _mark_decks(sheet: Sheet, roles: list[Role], body: frozenset[int]) -> None:
    """Give the deck its role: what stands between the title and the byline or date, or is marked up as one."""
    if sheet.front.title is None:
        return
    for number in sheet.front.decks if roles else ():
        if roles[number].kind in (None, "paragraph", "heading") and roles[number].reason != "dateline":
            roles[number] = Role("deck")
    if any(role.kind == "deck" for role in roles):
        return
    later = sorted(n for n in body if n > sheet.front.title)
    if not later:
        return
    limit = min(later[0] + 2, len(roles))
    for number in range(sheet.front.title + 1, limit):
        line = sheet.lines[number]
        if roles[number].kind not in (None, "paragraph", "heading") or not 30 <= len(line.text) <= 420:
            continue
        glued = marks.find_inner_byline(line.text)
        if glued is not None:
            roles[number] = Role("deck", cut=len(line.text[:glued].rstrip()), rest="byline")
            return
        if _is_deck(sheet, roles, number, body):
            roles[number] = Role("deck")
            return


def _is_deck(sheet: Sheet, roles: list[Role], number: int, body: frozenset[int]) -> bool:
    line = sheet.lines[number]
    if marks.count_furniture_words(line.text, ("legal", "subscribe", "share")) > 3 or roles[number].reason == "teaser":
        return False
    if line.markup is not None:
        own = line.markup.names.rsplit(" ", 4)[-4:]
        if any(word in name for name in own for word in _DECK_NAMES) or line.markup.tag == "h2":
            return number not in body or len(line.text) < 300
        return False
    following = [n for n in (*sheet.front.bylines, *sheet.front.datelines) if n > number]
    if not following or not body:
        return False
    return min(following) < min((n for n in body if n > number), default=0) and bool(_SENTENCE_END.search(line.text))


_DECK_NAMES = (
    "deck",
    "dek",
    "standfirst",
    "subhead",
    "subtitle",
    "sub-headline",
    "subheadline",
    "sub-title",
    "summary",
    "tagline",
)


def _drop_doubles(sheet: Sheet, roles: list[Role]) -> None:
    """Keep a line once that the page shows twice: an image's description and its caption, a repeated pull quote."""
    seen: dict[str, int] = {}
    told = [squeeze_text(sheet.lines[n].text) for n, role in enumerate(roles) if role.kind == "paragraph"]
    for number in _iter_digests(sheet, roles):
        roles[number] = Role(None, "shown twice")
    for number, role in enumerate(roles):
        if role.kind is None or role.kind == "byline":
            continue
        text = sheet.lines[number].text
        if role.kind == "quote" and len(text) <= PULLED_CHARS and any(squeeze_text(text) in one for one in told):
            roles[number] = Role(None, "shown twice")  # a pull quote: its words stand in a paragraph too
            continue
        key = text[: role.cut or len(text)].strip().casefold()
        if key in seen and _is_meant(text, role, float(sheet.scores[number])):
            continue
        if key in seen and (len(key) > 20 or role.kind in ("title", "heading", "caption")):
            first = seen[key]
            better = role.kind == "title" or (roles[first].kind == "caption" and role.kind == "caption" and role.cut)
            worse = first if better else number
            roles[worse] = Role(None, "shown twice")
            seen[key] = number if worse == first else first
        else:
            seen[key] = number


AGAIN_SCORE = 0.7
DIGEST_LINES = 3  # of the body, among which a digest stands


def _iter_digests(sheet: Sheet, roles: Sequence[Role]) -> Iterator[int]:
    """Yield the first paragraphs whose sentences, two or more, all stand again in the others: a digest of them."""
    told = [n for n, role in enumerate(roles) if role.kind == "paragraph"]
    rest = [squeeze_text(sheet.lines[n].text) for n in told]
    for place, number in enumerate(told[:DIGEST_LINES]):
        sentences = [squeeze_text(part) for part in _SENTENCES.split(sheet.lines[number].text)]
        others = [text for at, text in enumerate(rest) if at > place]
        if len(sentences) > 1 and all(len(one) > 20 and any(one in text for text in others) for one in sentences):
            yield number


def _is_meant(text: str, role: Role, score: float) -> bool:
    """Return whether a line stands in the body again on purpose: a question put to each, a heading of each part.

    Out of fold on the article set .0004 of F1; in interviews with several people every question but the first was lost.
    """
    if role.kind not in BODY_KINDS:
        return False
    asked = role.kind == "heading" or text.rstrip("\"'”’ ").endswith("?")
    return score > (AGAIN_SCORE if asked else SURE_SCORE)


def find_stretch(lines: Sequence[Line], scores: Scores) -> tuple[int, int]:
    """Return the half-open run of lines that holds most of the article."""
    return find_best_stretch((scores - BODY_SCORE) * [len(line.text) ** 0.5 for line in lines])


def count_repeats(hashes: Sequence[str], repeated: Mapping[str, int]) -> list[int]:
    """Return on how many other pages each line stands."""
    return [repeated.get(one, 0) for one in hashes]

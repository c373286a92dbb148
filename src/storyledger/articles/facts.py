"""An article's facts by what the page shows, beside what its metadata states.

Invariant: what is shown near the title beats nothing but its own absence: metadata first, unless the page
contradicts it; every fact says its basis. A date in furniture (today's date, a copyright line, another
story) is no publication date. This module must not know the other pages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from storyledger.articles import marks
from storyledger.articles.dates import DateFound, find_dates, find_day_after, find_open_days, find_url_date
from storyledger.articles.lines import Line
from storyledger.articles.metadata import Stated
from storyledger.articles.model import Scores
from storyledger.articles.names import HELP, find_people, is_by_alone, is_name_line, is_place, join_prose

AFTER_TITLE = 12  # lines after a title among which byline and dateline are looked for
BEFORE_TITLE = 4
DATE_LINE_CHARS = 120
_UPDATED = re.compile(
    r"\b(?:updated?|modified|last\s+(?:updated|modified|reviewed|changed)|aktualisiert|mis\s+à\s+jour|as\s+of)\b",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"\b(?:published|posted|first\s+published|created|issued?|veröffentlicht|publié)\b", re.IGNORECASE
)
_NOT_DATE = re.compile(r"©|copyright|\ball rights\b|\b(?:since|deadline|until|expires?|born|est\.)\b", re.IGNORECASE)
_FIRST = re.compile(
    r"\b(?:first|originally)\s+(?:published|appeared|posted|printed)\b|\bprint\s+edition\s+of\b|\boriginally\s+ran\b",
    re.IGNORECASE,
)


_GLUED_DATE = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?=(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?\s\d{1,2}\b|\d{1,2}\s[A-Z][a-z]{2,8}\s\d{4})"
)


@dataclass(frozen=True, slots=True)
class Dating:
    """A publication date, on what it rests, how sure, and the line (if a line shows it) with its place in it."""

    published: str | None = None
    basis: str | None = None
    confidence: float | None = None
    line: int | None = None
    span: tuple[int, int] = (0, 0)
    updated: str | None = None  # the day of change that the page shows near its title
    open_days: tuple[str, ...] = ()  # that a line may mean whose order or year is not told: the pile tells


def find_byline_lines(lines: Sequence[Line], title: int | None, scores: Scores) -> tuple[list[int], tuple[str, ...]]:
    """Return the lines that are bylines, and the people whom they name.

    Near the title: "By NAME", a line marked up as a byline that names people, or, where none is so, a line of names
    alone beside a date line (captures): below a byline such a line is of topics.
    """
    found: dict[int, tuple[str, ...]] = {}
    alone_only: set[int] = set()
    prose = join_prose(lines[n].text for n in np.flatnonzero(scores > 0.5).tolist())
    for number in _near_title(lines, title, scores):
        line = lines[number]
        if len(line.text) > marks.MARK_CHARS or number == title or marks.credits_picture(line.text):
            continue
        at = marks.starts_byline(line.text) or _after_date(line.text)
        below_by = number > 0 and is_by_alone(lines[number - 1].text) and title is not None and number > title
        below_by = below_by or _goes_on(lines, number, found)
        near = title is not None and title < number <= title + 3
        glued = (_cut_glued_date(line.text, prose) or _find_beside_date(line.text, prose)) if near else None
        marked = line.markup is not None and _is_marked_byline(line)
        alone = line.markup is None and is_name_line(line.text, prose) and _stands_by_date(lines, number)
        if at or marked or alone or glued or below_by:
            names = find_people(glued or _cut_tail(line.text[at:]), prose)
            if names or at:
                found[number] = names
                alone_only |= set() if at or marked or glued or below_by else {number}
    if any(names and number not in alone_only for number, names in found.items()):
        found = {number: names for number, names in found.items() if number not in alone_only}
    return list(found), _gather_people(found, title)


def find_helpers(lines: Sequence[Line], title: int | None) -> frozenset[str]:
    """Return the people near the title who edited, reviewed, took the pictures or lent a hand."""
    helpers: set[str] = set()
    near = lines[max(0, (title or 0) - BEFORE_TITLE) : (title or 0) + 1 + AFTER_TITLE]
    for line, after in zip(near, [*near[1:], None], strict=True):
        match = HELP.match(line.text) if len(line.text) <= marks.MARK_CHARS else None
        if match:  # a label alone speaks of the line below it
            said = line.text[match.end() :] or (after.text if after is not None else "")
            helpers.update(find_people(_cut_tail(said)))
    return frozenset(helpers)


def _gather_people(found: Mapping[int, tuple[str, ...]], title: int | None) -> tuple[str, ...]:
    """Return the people of the bylines: where any stand below the title, those, as far as they stand together."""
    below = [n for n, names in found.items() if names and title is not None and n > title]
    if below:
        end = next((n for before, n in pairwise(below) if n - before > 2), len(found) + below[-1])
        return tuple(dict.fromkeys(name for n in below if n < end for name in found[n]))
    return tuple(dict.fromkeys(name for names in found.values() for name in names))


def _cut_glued_date(text: str, prose: str) -> str | None:
    """Return the names of a line to which a date is glued: "NAMEDec 05, 2023"."""
    match = _GLUED_DATE.search(text[:DATE_LINE_CHARS])
    dates = find_dates(text[:DATE_LINE_CHARS]) if match is None else []
    end = match.start() if match else dates[0].start if dates else 0
    names = _CLOCK.sub("", text[:end]).strip(" -–—|·•")
    if not names or names[-1] == "," or is_place(names, prose):
        return None  # "PORT MERROW, 12 May" is where, not who
    return names if is_name_line(names, prose) else None


_PARTS = re.compile(r"\s+[|·•/–—-]\s+")


def _find_beside_date(text: str, prose: str) -> str | None:
    """Return the names that stand beside a date, ahead of all else: "DATE / NAME", "NAME · OUTLET · Posted: DATE"."""
    parts = _PARTS.split(text[:DATE_LINE_CHARS]) if len(text) <= DATE_LINE_CHARS else []
    undated = [part for part in parts if not find_dates(part)]
    if len(parts) < 2 or len(undated) == len(parts) or not undated:
        return None
    return undated[0] if is_name_line(undated[0], prose) and not is_place(undated[0], prose) else None


_JOINERS = frozenset((",", "and", "&", ";", "|", "und", "et", "y"))


def _goes_on(lines: Sequence[Line], number: int, found: Mapping[int, tuple[str, ...]]) -> bool:
    """Return whether a line of names is one with the byline two lines above, and what joins them stands between."""
    return (
        lines[number - 1].text.strip() in _JOINERS and bool(found.get(number - 2)) and is_name_line(lines[number].text)
    )


_CLOCK = re.compile(r"\b\d\d?:\d\d\s*(?:[ap]\.?m\.?)?\s*(?:on)?\s*\Z", re.IGNORECASE)


def _after_date(text: str) -> int:
    """Return where the names begin in "posted on DATE by NAME"; 0 where the line is not so."""
    dates = find_dates(text[:DATE_LINE_CHARS])
    match = re.compile(r"\s+[Bb]y\s*:?\s+(?=[A-Z])").search(text, dates[-1].end) if dates else None
    return match.end() if match and match.start() - dates[-1].end <= 20 else 0


def _near_title(lines: Sequence[Line], title: int | None, scores: Scores) -> range:
    if title is None:
        first = next((n for n, s in enumerate(scores) if s > 0.5), 0)
        return range(max(0, first - BEFORE_TITLE), min(len(lines), first + BEFORE_TITLE))
    return range(max(0, title - BEFORE_TITLE), min(len(lines), title + 1 + AFTER_TITLE))


def _is_marked_byline(line: Line) -> bool:
    assert line.markup is not None
    own = " ".join(line.markup.names.rsplit(" ", 5)[-5:])
    return any(word in own for word in ("byline", "author", "credits")) or "author" in line.markup.itemprops


def _stands_by_date(lines: Sequence[Line], number: int) -> bool:
    near = [lines[n].text for n in (number - 1, number + 1, number + 2) if 0 <= n < len(lines)]
    return any(len(text) < 60 and find_dates(text) for text in near)


def _cut_tail(text: str) -> str:
    """Leave out what follows a name in its line: a date, a job after a comma is told from names by their spelling."""
    dates = find_dates(text)
    return re.sub(r"\s+on\s*\Z", "", text[: dates[0].start]) if dates else text


def find_visible_date(
    lines: Sequence[Line], title: int | None, scores: Scores, *, american: bool | None, labelled: Sequence[int] = ()
) -> tuple[Dating, list[int]]:
    """Return the publication date that the page shows near its title, and the lines that hold dates there.

    ``labelled`` are lines that are known to be for the date: whatever else they say, they say when.
    """
    best: tuple[float, int, DateFound] | None = None
    held: list[int] = []
    updated: str | None = None
    for number in sorted({*_near_title(lines, title, scores), *labelled}):
        text = lines[number].text
        if number == title or len(text) > DATE_LINE_CHARS * 2:
            continue
        found = find_dates(text, american=american)
        known = number in labelled
        found = (
            [d for d in found if known or _stands_as_date(text, d)]
            if found
            else _find_own_dates(lines[number], american)
        )
        if not found or _NOT_DATE.search(text) or (scores[number] > 0.8 and len(text) > DATE_LINE_CHARS):
            continue
        changed = [d for d in found if _says_updated(text, d)]
        updated = changed[0].day.isoformat() if changed and updated is None else updated
        found = [d for d in found if d not in changed]
        if marks.find_credit(text) is not None or not found:
            continue
        held.append(number)
        for date in found[:1]:
            worth = _weigh_date(text, date, number - (title if title is not None else number)) + known
            if best is None or worth > best[0]:
                best = (worth, number, date)
    if best is None or best[0] <= 0:
        return replace(_find_open(lines, title, scores, labelled, held), updated=updated), held
    _, number, date = best
    sure = 0.95 if date.weekday_fits else 0.6 if date.weekday_fits is False else 0.9
    near = (n for n in (number, number + 1) if n < len(lines) and n != title)
    updated = updated or next((d for n in near if (d := _find_change(lines[n].text, date.day))), None)
    return Dating(date.day.isoformat(), "stated", sure, number, (date.start, date.end), updated), held


def _find_change(text: str, published: dt.date) -> str | None:
    """Return the day of change that a date line names without its year: "3 May 2019, 17:05 | updated Monday 6 May"."""
    match = _UPDATED.search(text) if len(text) <= DATE_LINE_CHARS else None
    day = find_day_after(text[match.end() :].lstrip(" :,-on"), published) if match else None
    return day.isoformat() if day and (day - published).days <= REWRITTEN_DAYS else None


def says_published(text: str) -> bool:
    """Return whether a line opens with the word for its day: "Published: 12:40, 22 December 2023"."""
    return len(text) <= DATE_LINE_CHARS and _PUBLISHED.match(text.lstrip("*• ")) is not None and bool(find_dates(text))


def _find_open(
    lines: Sequence[Line], title: int | None, scores: Scores, labelled: Sequence[int], held: list[int]
) -> Dating:
    """Return the days that the first date line near the title may mean; the line is held with the others."""
    for number in (n for n in _near_title(lines, title, scores) if title is None or n > title or n in labelled):
        text = lines[number].text
        days = find_open_days(text) if len(text) <= DATE_LINE_CHARS and not _UPDATED.search(text) else ()
        if days:
            held.append(number)
            return Dating(open_days=days)
    return Dating()


def _find_own_dates(line: Line, american: bool | None) -> list[DateFound]:
    """Return the dates that an element of a saved page holds by itself, to which others are glued in its line.

    "NAMEMay 20, 20238 shares" is three elements, which the page sets apart by its style alone.
    """
    found = []
    for start, end, *_ in line.rows if len(line.rows) > 1 else ():
        own = line.text[start:end]
        dates = [d for d in find_dates(own, american=american) if _stands_as_date(own, d)]
        found += [DateFound(start + d.start, start + d.end, d.day, d.weekday_fits) for d in dates]
    return found


def _says_updated(text: str, date: DateFound) -> bool:
    """Return whether the word before the date speaks of a change."""
    before = text[max(0, date.start - 40) : date.start]
    updated = [m.end() for m in _UPDATED.finditer(before)]
    published = [m.end() for m in _PUBLISHED.finditer(before)]
    return bool(updated) and updated[-1] > (published[-1] if published else 0)


_SMALL_WORD = re.compile(r"(?<![^\W\d_])[a-zà-ÿ]{2,}")
_SENTENCE_WORDS = 3


def _stands_as_date(text: str, date: DateFound) -> bool:
    """Return whether a date is what its line is for, and not a word of a sentence or a caption."""
    if marks.starts_byline(text) or _PUBLISHED.search(text, max(0, date.start - 25), date.start):
        return True
    rest = text[: date.start] + text[date.end :]
    if text.rstrip().endswith(".") and len(_SMALL_WORD.findall(rest)) > _SENTENCE_WORDS:
        return False  # "On 3 May 2019 the quay was built."
    return len(re.findall(r"[^\W\d_]{4,}", rest)) <= 4 and len(rest) <= 60


def _weigh_date(text: str, date: DateFound, distance: int) -> float:
    worth = 3.0 + (1.0 if _PUBLISHED.search(text[: date.start]) else 0.0) - 0.1 * abs(distance)
    worth -= 1.0 if distance < 0 else 0.0
    worth -= 1.0 if date.weekday_fits is False else 0.0
    return worth - 0.01 * (len(text) - (date.end - date.start))


def find_first_published(lines: Sequence[Line]) -> Dating:
    """Return the date of a line that says when the text was first published or printed."""
    small = [line.text.lower() if len(line.text) <= marks.MARK_CHARS else "" for line in lines]
    said = [n for n, text in enumerate(small) if "first" in text or "original" in text or "print" in text]
    for number in said:  # the words without which the expression cannot match are found far faster than it
        text = lines[number].text
        match = _FIRST.search(text)
        if match:
            dates = [d for d in find_dates(text) if d.start >= match.start() and d.start - match.end() < 80]
            if dates:
                sure = 0.95 if dates[0].weekday_fits is not False else 0.6
                return Dating(dates[0].day.isoformat(), "stated", sure, number, (dates[0].start, dates[0].end))
    return Dating()


def choose_date(stated: Stated, visible: Dating, first: Dating, url: str | None) -> Dating:
    """Return the publication date.

    What says "first published" beats a later date of any other kind; metadata that gives one time for
    publication and change is a mark of a move to another system, and gives way to an earlier date in the
    address or on the page; else metadata, then what the page shows, then the address.
    """
    in_url = find_url_date(url) if url else None
    meta = stated.published
    if (
        first.published
        and (meta is None or first.published < meta)
        and (visible.published is None or first.published <= visible.published)
    ):
        return first
    if meta is not None:
        earlier = [d for d in (visible.published, in_url) if d and len(d) == 10 and d < meta]
        if earlier and _same_moment(stated) and _days_between(max(earlier), meta) > 1:
            sure = 0.8 if len(set(earlier)) == 1 else 0.6
            if visible.published == max(earlier):
                return Dating(visible.published, "stated", sure, visible.line, visible.span)
            return Dating(max(earlier), "metadata", sure)
        shown = next(
            (d for d in (visible.published, in_url) if d and len(d) == 10 and _days_between(d, meta) == 1), None
        )
        if (
            shown and _is_utc(stated.published_raw or "") and _may_be_evening(stated.published_raw or "")
        ):  # the evening of the day before, where the page was written
            return Dating(shown, "metadata", 0.9, visible.line if shown == visible.published else None, visible.span)
        if _is_shown_anew(stated, visible):
            return replace(visible, confidence=0.8)
        if visible.published is None and visible.updated and _days_between(meta, visible.updated) > REWRITTEN_DAYS:
            return Dating(visible.updated, "stated", 0.6)
        agreed = meta in (visible.published, in_url)
        return Dating(
            meta,
            "metadata",
            0.97 if agreed else 0.9,
            visible.line if agreed else None,
            visible.span if agreed else (0, 0),
        )
    if visible.published:
        return visible
    return Dating(in_url, "metadata", 0.85) if in_url else visible


REWRITTEN_DAYS = 90  # a page that shows no other day than that of its change, a season later, is another text


def _is_shown_anew(stated: Stated, visible: Dating) -> bool:
    """Return whether the day by the title is later than the stated one and within the stated change: published anew."""
    meta, changed = stated.published or "", stated.modified or ""
    return bool(visible.published) and meta < (visible.published or "") <= changed and len(meta) == len(changed) == 10


def _may_be_evening(raw: str) -> bool:
    """Return whether it was still the day before somewhere: no place is more than twelve hours behind."""
    hour = re.search(r"T(\d\d)", raw)
    return hour is not None and int(hour.group(1)) < 12


def _is_utc(raw: str) -> bool:
    return bool(re.search(r"T\d\d:?\d\d.*(?:Z|[+-]00:?00)\s*\Z", raw))


def _same_moment(stated: Stated) -> bool:
    return stated.published_raw is not None and stated.published_raw == stated.modified_raw


def _days_between(earlier: str, later: str) -> int:
    try:
        return (dt.date.fromisoformat(later) - dt.date.fromisoformat(earlier)).days
    except ValueError:
        return 0


_AGENCY_LINE = re.compile(
    r"(?:[A-ZÀ-Þ][\w.'’-]*[ ,/-]{0,3}){1,8}(?:,?\s*(?:[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,\s*\d{4})?))?"
    r"\s*\((?P<agency>[A-Z][\w .&'’-]{1,40})\)\s*[-–—:]"
)
_SOURCE_LINE = re.compile(r"\s*(?:source|quelle|via|from)\s*:\s*(?P<agency>[A-Z][\w .&'’-]{1,40})\s*\Z", re.IGNORECASE)


def find_wire(paragraphs: Sequence[str], bylines: Sequence[str]) -> str | None:
    """Return the agency that the page credits: in the place line ("CITY, March 10 (Agency) -"), or as its source."""
    for text in paragraphs[:2]:
        match = _AGENCY_LINE.match(text[:200])
        if match:
            return match.group("agency").strip()
    for text in bylines:
        match = _SOURCE_LINE.match(text[:100])
        if match:
            return match.group("agency").strip()
    return None

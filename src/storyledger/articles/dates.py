"""Calendar dates as pages print them: any usual layout and order, with the weekday as a check.

Invariant: a date that could be two days is not guessed: "03/04/2021" is a date only where the line or the
page's language says which order it has. This module must not know where on the page a date stands.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from storyledger.caching import keep_answers


def _load_names(kind: str) -> dict[str, int]:
    table = tomllib.loads(resources.files(__package__).joinpath("months.toml").read_text(encoding="utf-8"))
    return {name: int(number) for number, names in table[kind].items() for name in names}


MONTHS = _load_names("months")
WEEKDAYS = _load_names("weekdays")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MONTH = "(?:" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = "(?:" + "|".join(sorted(map(re.escape, WEEKDAYS), key=len, reverse=True)) + r")\b\.?"
_OF = r"(?:\s+(?:of|de|di|del)\b|\s+d['’])?"
_DATES = re.compile(
    rf"(?<![\w/.-])(?:(?P<weekday>{_WEEKDAY}),?\s+(?:(?:den|the|le|el|il|on)\s+)?)?(?:"
    rf"(?P<y1>(?:19|20)\d\d)(?P<s1>[-/.])(?P<m1>\d\d?)(?P=s1)(?P<d1>\d\d?)(?!\d)"
    rf"|(?P<y8>(?:19|20)\d\d) (?P<m8>[01]\d) (?P<d8>[0-3]\d)(?!\d)"
    rf"|(?P<a2>\d\d?)(?P<s2>[./-]|\.\s)(?P<b2>\d\d?)(?P=s2)(?P<y2>(?:19|20)\d\d|\d\d(?!\s(?!\d\d?[:.]\d\d)))(?![\d%])"
    rf"|(?P<d3>\d\d?)(?:st|nd|rd|th|\.|er|º|°)?{_OF}[\s-]+(?P<m3>{_MONTH}){_OF},?[\s-]+(?P<y3>(?:19|20)\d\d)\b"
    rf"|(?P<m4>{_MONTH})\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?\s*,?\s+(?:at\s+)?(?P<y4>(?:19|20)\d\d)\b"
    rf"|(?P<m5>{_MONTH})\s+(?P<d5>\d\d?)(?:st|nd|rd|th)?,?\s+\d\d?:\d\d\s*(?:[ap]\.?m\.?)?,?\s+(?P<y5>(?:19|20)\d\d)\b"
    rf"|(?P<y6>(?:19|20)\d\d)\.?\s+(?P<m6>{_MONTH})\s+(?P<d6>\d\d?)\b"
    rf"|(?P<d7>\d\d?)(?P<s7>[./-])(?P<m7>[IVX]{{1,4}})(?P=s7)(?P<y7>(?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d|\d(?:[./-]|\.\s)\d\d")  # every date has one of these
_AMERICAN = re.compile(r"\b(?:[ECMP][SD]?T|a\.?m\.?|p\.?m\.?)(?=\W|\Z)", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = 1900, 2100
DATE_CHARS = 4000  # a date line is short; in longer text only the head is read


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date at ``[start, end)``; ``weekday_fits`` is None where no weekday stands by it."""

    start: int
    end: int
    day: dt.date
    weekday_fits: bool | None


def find_dates(text: str, *, american: bool | None = None) -> list[DateFound]:
    """Return the full dates in ``text``, in order.

    Args:
        text: a line; beyond 4,000 characters it is not read.
        american: whether numbers are month, day, year; None where nothing tells.
    """
    return list(_find_dates(text[:DATE_CHARS], american)) if _YEAR.search(text, 0, DATE_CHARS) else []


@keep_answers(4096)  # the same line is asked about for the title, the byline and the date
def _find_dates(text: str, american: bool | None) -> tuple[DateFound, ...]:
    found = []
    for match in _DATES.finditer(text):
        day = _make_day(match, _knows_order(match, text, american))
        if day is not None:
            name = (match.group("weekday") or "").lower().rstrip(".")
            fits = WEEKDAYS[name] == day.weekday() if name else None
            found.append(DateFound(match.start(), match.end(), day, fits))
    return tuple(found)


_OPEN = re.compile(
    rf"(?<![\w/.-])(?:(?P<weekday>{_WEEKDAY}),?\s+(?:(?:den|the|le|el|il|on)\s+)?)?(?:"
    rf"(?P<a>\d\d?)[/.-](?P<b>\d\d?)[/.-](?P<y>(?:19|20)\d\d)(?!\d)"
    rf"|(?P<d1>\d\d?)(?:st|nd|rd|th|\.|er|º)?{_OF}\s+(?P<m1>{_MONTH})(?!\w)"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d\d?)(?:st|nd|rd|th)?(?!\w)"
    rf"|(?<=\s)(?P<d3>\d\d?)[./](?P<m3>\d\d?)(?:\.|(?!\w)))",
    re.IGNORECASE,
)
OPEN_YEARS = range(1990, 2036)
OPEN_REST_CHARS = 12  # beside the day in its line: a clock, a place


def find_open_days(text: str) -> tuple[str, ...]:
    """Return the days, as ISO, that a date line may mean whose order or year nothing in it tells; () where it has none.

    "7/11/2017" is of two days; "Tue 11 March" is of every year in which that was a Tuesday.
    """
    match = _OPEN.search(text[:DATE_CHARS])
    if match is None or len(text) - len(match.group()) > OPEN_REST_CHARS:
        return ()
    part = match.group
    name = (part("weekday") or "").lower().rstrip(".")
    if part("y"):
        a, b, year = int(part("a")), int(part("b")), int(part("y"))
        days = [make_date(year, a, b), make_date(year, b, a)]
    elif part("d3") and not name:
        return ()  # "16.9" alone is any number
    else:
        number = next(n for n in "123" if part("d" + n))
        said = part("m" + number).lower().rstrip(".")
        month = int(said) if said.isdigit() else MONTHS[said]
        days = [make_date(year, month, int(part("d" + number))) for year in OPEN_YEARS]
    return tuple(sorted({d.isoformat() for d in days if d and (not name or d.weekday() == WEEKDAYS[name])}))


def find_day_after(text: str, day: dt.date) -> dt.date | None:
    """Return the day without a year that ``text`` begins with, as the first such one on or after ``day``; else None."""
    match = _OPEN.match(text[:DATE_CHARS])
    number = next((n for n in "12" if match and match.group("d" + n)), None)
    if match is None or number is None:
        return None
    month = MONTHS[match.group("m" + number).lower().rstrip(".")]
    found = [make_date(year, month, int(match.group("d" + number))) for year in (day.year, day.year + 1)]
    name = (match.group("weekday") or "").lower().rstrip(".")
    return next((d for d in found if d and d >= day and (not name or d.weekday() == WEEKDAYS[name])), None)


def _knows_order(match: re.Match[str], text: str, american: bool | None) -> bool | None:
    if match.group("s2") is None:
        return american
    if _AMERICAN.search(text, match.end(), match.end() + 16):
        return True
    if match.group("s2")[0] == "." and american is None:
        return False  # points part day, month and year except where the clock is American
    return american


def _make_day(match: re.Match[str], american: bool | None) -> dt.date | None:
    part = match.group
    if part("y1"):
        return make_date(int(part("y1")), int(part("m1")), int(part("d1")))
    if part("y2"):
        return _order_numbers(int(part("a2")), int(part("b2")), part("y2"), american)
    if part("y8"):
        return make_date(int(part("y8")), int(part("m8")), int(part("d8")))
    if part("y7"):
        roman = part("m7").lower()
        return make_date(int(part("y7")), _ROMAN.index(roman) + 1, int(part("d7"))) if roman in _ROMAN else None
    for number in "3456":
        if part("y" + number):
            month = MONTHS[part("m" + number).lower().rstrip(".")]
            return make_date(int(part("y" + number)), month, int(part("d" + number)))
    return None


def _order_numbers(a: int, b: int, year: str, american: bool | None) -> dt.date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) < 50 else 1900 + int(year)
    if a > 12 >= b:
        return make_date(full, b, a)
    if b > 12 >= a:
        return make_date(full, a, b)
    if american is None and a != b:
        return None
    return make_date(full, a, b) if american else make_date(full, b, a)


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """Return the day, None where there is no such one."""
    try:
        return dt.date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


_ISO = re.compile(r"\s*((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)")
_PRECISIONS = re.compile(r"\s*((?:19|20)\d\d)(?:-(\d\d))?\s*\Z")


def parse_stated_date(value: str, *, american: bool | None = None) -> str | None:
    """Return the day that a machine-readable or written date states, as ISO; its local day, not UTC's.

    "2021-03" and "2021" stay as exact as they are; "03/04/2021" is a day only where ``american`` says which.
    """
    text = value[:80]
    match = _ISO.match(text)
    if match:
        day = make_date(*(int(part) for part in match.groups()))
        return day.isoformat() if day else None
    match = _PRECISIONS.match(text)
    if match and (match.group(2) is None or 1 <= int(match.group(2)) <= 12):
        return text.strip()
    found = find_dates(text, american=american)
    return found[0].day.isoformat() if found else None


_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d|[a-z]{3})[/-]?(\d\d)(?=\D|\Z)", re.IGNORECASE)
_URL_TAIL = re.compile(r"[-_/]((?:19|20)\d\d)(\d\d)(\d\d)(?=\D|\Z)")
_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)/")


def find_url_date(url: str) -> str | None:
    """Return the day (or the month) in the path of ``url``."""
    for pattern in (_URL_DATE, _URL_TAIL):
        match = pattern.search(url[:2000])
        if match:
            year, month, day = match.groups()
            number = int(month) if month.isdigit() else MONTHS.get(month.lower(), 0)
            date = make_date(int(year), number, int(day)) if number else None
            if date:
                return date.isoformat()
    match = _URL_MONTH.search(url[:2000])
    return f"{match.group(1)}-{match.group(2)}" if match and 1 <= int(match.group(2)) <= 12 else None

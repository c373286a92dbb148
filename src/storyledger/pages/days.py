"""The day that a date of mail, feeds and their kin means where it was written: its own zone's, not Greenwich's."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\s*(\d{4})-(\d\d)(?:-(\d\d))?(?=\D|\Z)")
_BASIC = re.compile(r"\s*(\d{4})(\d\d)(\d\d)(?:T\d{4,6}|\Z)")


def local_day(value: str | None) -> str | None:
    """Return the day, ISO, that ``value`` names by its own clock; None where it names none."""
    if not value:
        return None
    for pattern in (_ISO, _BASIC):
        if match := pattern.match(value):
            return _checked(match.group(1), match.group(2), match.group(3))
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _checked(year: str, month: str, day: str | None) -> str | None:
    try:
        dt.date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
    return f"{year}-{month}-{day}" if day else f"{year}-{month}"


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv januar enero ene gennaio gen janeiro jänner",
            "february feb février févr februar febrero febbraio fevereiro fev",
            "march mar mars märz marzo março mrz",
            "april apr avril avr abril abr aprile",
            "may mai mayo maggio maio mag",
            "june jun juin juni junio giugno giu junho",
            "july jul juillet juil juli julio luglio lug julho",
            "august aug août agosto ago",
            "september sep sept septembre septiembre settembre set setembro",
            "october oct octobre oktober okt octubre ottobre ott outubro out",
            "november nov novembre noviembre novembro",
            "december dec décembre déc dezember dez diciembre dic dicembre dezembro",
        ),
        1,
    )
    for name in names.split()
}
_WRITTEN = re.compile(
    r"\b(?:(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})"
    r"|([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4}))\b"
)


def find_written_day(text: str) -> str | None:
    """Return the first day that ``text`` writes with a month's name, ISO: press archives date their articles so."""
    for match in _WRITTEN.finditer(text):
        day, month, year = match.group(1, 2, 3) if match.group(1) else match.group(5, 4, 6)
        number = _MONTHS.get(month.lower())
        found = _checked(year, f"{number:02}", f"{int(day):02}") if number else None
        if found:
            return found
    return None

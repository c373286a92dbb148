"""A day that a person names: what is no day of the calendar is refused, not bent.

Invariant: what leaves here is ISO and exists. This module must not know what the day is of.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re

from storyledger.errors import UsageError

_PARTS = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


def last_day(text: str) -> str:
    """Return the last day of the year, month or day ``text`` ("2013", "2013-11", "2013-11-05"), as ISO.

    Raises:
        UsageError: there is no such day.
    """
    found = _PARTS.fullmatch(text)
    year, month, day = (int(part) if part else None for part in found.groups()) if found else (0, None, None)
    try:
        assert year is not None
        last = day or calendar.monthrange(year, month or 12)[1]
        return dt.date(year, month or 12, last).isoformat()
    except (ValueError, calendar.IllegalMonthError):
        raise UsageError("E-DAY", f"not a day: {text[:40]!r}", 'write it as "2013-11-05"') from None


def check_day(text: str) -> str:
    """Return ``text`` where it is a day, "2013-11-05", of the calendar.

    Raises:
        UsageError: it is not.
    """
    if last_day(text) != text:
        raise UsageError("E-DAY", f"not a day: {text[:40]!r}", 'write it as "2013-11-05"')
    return text

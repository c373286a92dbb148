"""One calendar: the English names of months and weekdays, long and short, from CLDR."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from babel import Locale


@cache
def month_numbers() -> Mapping[str, int]:
    """Return the number of a month, 1 to 12, by its name in lower case; short names without their full stop."""
    return _names(Locale("en").months, 0) | {"sept": 9}


@cache
def weekday_numbers() -> Mapping[str, int]:
    """Return the number of a weekday by its name in lower case, Monday 0 as in ``datetime``."""
    return _names(Locale("en").days, 0) | {"tues": 1, "thur": 3, "thurs": 3}


def _names(table: Mapping[str, Mapping[str, Mapping[int, str]]], shift: int) -> dict[str, int]:
    rows = table["format"]
    return {name.lower().rstrip("."): n + shift for width in ("wide", "abbreviated") for n, name in rows[width].items()}

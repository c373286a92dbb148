"""The English names of months and weekdays, long and short, lower case, with their numbers; from CLDR.

Other languages' names, which pages are dated in, stand in ``articles/months.toml``. Invariant: data only.
"""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale

_ENGLISH = Locale("en")


def _names(table: Mapping[str, Mapping[str, Mapping[int, str]]], shift: int) -> dict[str, int]:
    rows = table["format"]
    return {name.lower().rstrip("."): n + shift for width in ("wide", "abbreviated") for n, name in rows[width].items()}


MONTHS: Mapping[str, int] = _names(_ENGLISH.months, 0) | {"sept": 9}  # January 1
WEEKDAYS: Mapping[str, int] = _names(_ENGLISH.days, 0) | {"tues": 1, "thur": 3, "thurs": 3}  # Monday 0, as in datetime

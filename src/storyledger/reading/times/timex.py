"""TIMEX3 values: made from calendar arithmetic, and turned into the interval of days that they mean.

Invariant: ``interval_of(value)`` is a pure function of the value; an open or vague value has no
interval. This module must not know any text.
"""

from __future__ import annotations

import datetime as dt
import re

from .lexicon import EASTER_HOLIDAYS, FIXED_HOLIDAYS, MOVING_HOLIDAYS

Days = tuple[dt.date, dt.date]

_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
_HALF_MONTHS = {"H1": (1, 6), "H2": (7, 12), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12)}
_MONTHS = re.compile(r"(\d{4})-(\d\d)")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
_PART = re.compile(r"(\d{4})-(SP|SU|FA|WI|H[12]|Q[1-4])")


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """Return the date, or None where the calendar has none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def month_span(year: int, first: int, last: int) -> Days | None:
    """Return the days of the months ``first`` to ``last`` of ``year``; months above 12 are of the next year."""
    start, end = shift_month(year, first, 0), shift_month(year, last, 1)
    a, b = make_date(*start, 1), make_date(*end, 1)
    return (a, b - dt.timedelta(1)) if a and b else None


def shift_month(year: int, month: int, by: int) -> tuple[int, int]:
    """Return (year, month) ``by`` months later."""
    total = year * 12 + month - 1 + by
    return total // 12, total % 12 + 1


def shift_days(day: dt.date, by: int) -> dt.date | None:
    """Return the day ``by`` days later, or None beyond the calendar."""
    try:
        return day + dt.timedelta(by)
    except OverflowError:
        return None


def week_value(day: dt.date) -> str:
    """Return the ISO week of ``day`` ("2021-W10")."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def interval_of(value: str) -> Days | None:
    """Return the first and last day that a TIMEX3 date or time means; None for what is vague or repeated."""
    if "/" in value:
        ends = [interval_of(end) for end in value.split("/", 1)]
        return (ends[0][0], ends[1][1]) if ends[0] and ends[1] and ends[0][0] <= ends[1][1] else None
    date = value.split("T", maxsplit=1)[0]
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
            day = dt.date.fromisoformat(date)
            return day, day
        if match := _MONTHS.fullmatch(date):
            return month_span(int(match[1]), int(match[2]), int(match[2]))
        if match := _WEEK.fullmatch(date):
            return _week_days(int(match[1]), int(match[2]), weekend=bool(match[3]))
        if match := _PART.fullmatch(date):
            return month_span(int(match[1]), *(_SEASON_MONTHS | _HALF_MONTHS)[match[2]])
        return _years_of(date)
    except (ValueError, OverflowError):
        return None


def _week_days(year: int, week: int, *, weekend: bool) -> Days:
    monday = dt.date.fromisocalendar(year, week, 1)
    return monday + dt.timedelta(5 if weekend else 0), monday + dt.timedelta(6)


def _years_of(date: str) -> Days | None:
    """A year "2013", a decade "198" or a century "19"."""
    if not re.fullmatch(r"\d{2,4}", date) or int(date) == 0:
        return None
    width = 10 ** (4 - len(date))
    first = int(date) * width
    return dt.date(first, 1, 1), dt.date(first + width - 1, 12, 31)


def narrow(days: Days, mod: str | None) -> Days:
    """Return the part of ``days`` that START, MID or END names: its first, second or last third."""
    if mod not in ("START", "MID", "END"):
        return days
    third = max(1, ((days[1] - days[0]).days + 1) // 3)
    first = days[0] if mod == "START" else days[1] - dt.timedelta(third - 1)
    if mod == "MID":
        first = days[0] + dt.timedelta(third)
        return first, min(days[1] - dt.timedelta(third), days[1])
    return first, days[0] + dt.timedelta(third - 1) if mod == "START" else days[1]


def easter(year: int) -> dt.date:
    """Return the Sunday of the Western Easter. Source: the anonymous Gregorian algorithm (Nature, 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 19 * m) // 433
    month = (h + m - 7 * n + 90) // 25
    return dt.date(year, month, (h + m - 7 * n + 33 * month + 19) % 32)


def holiday_date(name: str, year: int) -> dt.date | None:
    """Return the day of the holiday ``name`` (lower case, straight apostrophe) in ``year``."""
    if name in FIXED_HOLIDAYS:
        return make_date(year, *FIXED_HOLIDAYS[name])
    if name in EASTER_HOLIDAYS:
        return easter(year) + dt.timedelta(EASTER_HOLIDAYS[name])
    if name in ("black friday", "cyber monday"):
        thanks = holiday_date("thanksgiving", year)
        assert thanks is not None
        return thanks + dt.timedelta(1 if name == "black friday" else 4)
    month, weekday, nth = MOVING_HOLIDAYS[name]
    first, last = dt.date(year, month, 1), month_span(year, month, month)
    if nth > 0:
        return first + dt.timedelta((weekday - first.weekday()) % 7 + 7 * (nth - 1))
    return last[1] - dt.timedelta((last[1].weekday() - weekday) % 7) if last else None


def duration_value(amount: float, unit: str, *, clock: bool) -> str:
    """Return the TIMEX3 duration of ``amount`` ISO units ("P2Y", "PT30M", "P1DE", "P10D")."""
    if unit == "WE":
        return f"P{amount:g}WE"
    if unit == "Q":
        amount, unit = amount * 3, "M"
    if unit == "Y" and amount > 1 and amount % 1 == 0.5:
        return f"P{int(amount)}Y6M"
    if amount != int(amount):
        amount, unit, clock = _whole(amount, unit, clock=clock)
    return f"P{'T' if clock else ''}{amount:g}{unit}"


def _whole(amount: float, unit: str, *, clock: bool) -> tuple[float, str, bool]:
    """Half an hour is PT30M, half a year P6M; what does not come out even stays a decimal."""
    finer = {("H", True): (60, "M", True), ("M", True): (60, "S", True), ("Y", False): (12, "M", False)}
    finer |= {("DE", False): (10, "Y", False), ("CE", False): (100, "Y", False), ("D", False): (24, "H", True)}
    if (unit, clock) in finer:
        factor, small, small_clock = finer[unit, clock]
        if (amount * factor) == int(amount * factor):
            return amount * factor, small, small_clock
    return amount, unit, clock


def shift_unit(base: dt.date, letter: str, amount: float) -> dt.date | None:
    """Return the day ``amount`` units (ISO letter) after ``base``; the 31st becomes the last day of a shorter month."""
    months = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200, "ML": 12_000}
    if letter in months:
        year, month = shift_month(base.year, base.month, round(amount * months[letter]))
        if not 1 <= year <= 9999:
            return None
        for day in (base.day, 30, 29, 28):
            try:
                return dt.date(year, month, min(day, base.day))
            except ValueError:
                continue
    return shift_days(base, round(amount * {"W": 7, "WE": 7}.get(letter, 1)))

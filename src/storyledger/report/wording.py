"""How dates, numbers and doubts are put into words.

Invariant: what is a range is said as a range and what is inferred is said to be; no function here
makes a value look surer than it is. A string that is no date comes back as it is: a page may carry
anything. This module must not know where on the page its words stand.
"""

from __future__ import annotations

import calendar
import re

from storyledger.types import Article, EventWhen, Figure, Interval

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")
_LIKELY = 0.7  # from here up an entry stands without a word
_COMPARATORS = {">": "more than ", ">=": "at least ", "~": "about ", "<": "less than ", "<=": "up to "}
_BASES = {
    "metadata": ", by its metadata",
    "sidecar": ", as noted beside the page",
    "inferred": ", inferred",
}

Ymd = tuple[int, int | None, int | None]


def split_date(iso: str | None) -> Ymd | None:
    """Return year, month and day of an ISO date of any precision, None for what is none."""
    match = _DAY.match(iso or "")
    if not match:
        return None
    year, month, day = match.groups()
    parts = int(year), int(month) if month else None, int(day) if day else None
    if parts[1] is not None and not 1 <= parts[1] <= 12:
        return None
    if parts[2] is not None and not 1 <= parts[2] <= 31:
        return None
    return parts


def say_day(iso: str | None) -> str:
    """Return "10 March 2021", "March 2021" or "2021", as exact as ``iso`` is."""
    parts = split_date(iso)
    if parts is None:
        return iso or "undated"
    year, month, day = parts
    if month is None:
        return str(year)
    return f"{MONTHS[month - 1]} {year}" if day is None else f"{day} {MONTHS[month - 1]} {year}"


def say_interval(earliest: str | None, latest: str | None) -> str:
    """Return the words for a time somewhere from ``earliest`` to ``latest``.

    A whole month or year is named as one; an open end is said ("by", "from").
    """
    if not earliest and not latest:
        return "undated"
    if not earliest:
        return f"by {say_day(latest)}"
    if not latest:
        return f"from {say_day(earliest)}"
    if earliest == latest:
        return say_day(earliest)
    return _say_whole(earliest, latest) or _say_between(earliest, latest)


def _say_whole(earliest: str, latest: str) -> str | None:
    first, last = split_date(earliest), split_date(latest)
    if not first or not last or first[0] != last[0] or first[2] != 1 or not last[1] or not last[2]:
        return None
    ends_month = last[2] == calendar.monthrange(max(last[0], 1), last[1])[1]
    if first[1] == last[1] and ends_month:
        return say_day(earliest[:7])
    return str(first[0]) if (first[1], last[1], last[2]) == (1, 12, 31) else None


def _say_between(earliest: str, latest: str) -> str:
    first, last = split_date(earliest), split_date(latest)
    start = say_day(earliest)
    if first and last and first[2] and last[2] and first[0] == last[0]:
        start = str(first[2]) if first[1] == last[1] else start.rsplit(" ", 1)[0]
    return f"between {start} and {say_day(latest)}"


def say_when(when: EventWhen | Interval | None) -> str:
    """Return the words for an event's or a statement's time."""
    return say_interval(when.earliest, when.latest) if when else "undated"


def say_published(article: Article) -> str:
    """Return when the page was published and, where it does not say so itself, on what that rests."""
    earliest = article.published_earliest or article.published
    latest = article.published_latest or article.published
    if not earliest and not latest:
        return "undated"
    exact = article.published and article.published_basis != "inferred"
    words = say_day(article.published) if exact else say_interval(earliest, latest)
    basis = article.published_basis or "stated"
    return words + ("" if basis == "stated" else _BASES.get(basis, f", {basis}"))


def date_article(article: Article) -> str:
    """Return the ISO date that an article is sorted and drawn at; "" where nothing is known."""
    return article.published or article.published_earliest or article.published_latest or ""


def say_number(value: float | None) -> str:
    """Return ``value`` with thousands separated and no more decimals than it has."""
    if value is None:
        return ""
    if abs(value) < 1e15 and float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.1f}"


def say_figure(figure: Figure) -> str:
    """Return the value in words: "at least 11 people", "18.6 knots", "60 to 70 percent"."""
    if figure.comparator == "range" or (figure.value is None and figure.low is not None):
        amount = f"{say_number(figure.low)} to {say_number(figure.high)}"
    else:
        amount = _COMPARATORS.get(figure.comparator, "") + say_number(figure.value)
    unit = "" if figure.unit == "count" else " " + figure.unit.replace("_", " ")
    return (amount or "?") + unit


def say_doubt(confidence: float | None) -> str:
    """Return "" for what may stand without a word, "unsure" for what may not."""
    return "" if confidence is None or confidence >= _LIKELY else "unsure"


def count_noun(count: int, noun: str, plural: str | None = None) -> str:
    """Return "1 page", "1,200 pages"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def shorten(text: str, limit_chars: int) -> str:
    """Return ``text`` on one line, cut at a word with an ellipsis where it is longer than ``limit_chars``."""
    flat = " ".join(text.split())
    if len(flat) <= limit_chars:
        return flat
    head = flat[: limit_chars - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit_chars // 2 else head).rstrip(" ,;:-–—") + "…"

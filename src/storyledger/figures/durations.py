"""Spans of time that are claims: "within 38 minutes", "an inspection lasting two days".

Invariant: "two days later" and "the past 24 hours" place something in time and are no figures. This
module must not know how a duration is written; it reads its TIMEX3 value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyledger.types import TimeExpression

_VALUE = re.compile(r"P(T?)([\d.]+)(DE|CE|[YMWDHS])(?:([\d.]+)([MS]))?")
_UNITS = {
    "Y": "years",
    "M": "months",
    "W": "weeks",
    "D": "days",
    "H": "hours",
    "S": "seconds",
    "DE": "years",
    "CE": "years",
}
_MEASURING = re.compile(
    r"\b(?:last(?:s|ed|ing)?|took|takes?|taken|taking|within|endured|spent|spend|after just|after only|"
    r"wait(?:ed|ing)?|out of order for|"
    r"sentenced to|jailed for|(?:years?|term|sentence|period|delay|average) of|down for|for (?:more|less) "
    r"than|nearly|after nearly|continue for|"
    r"prison for|serv(?:e|ed|ing))\s+(?:(?:about|around|some|nearly|almost|more than|less than|at least|up "
    r"to|over|just|only|another)\s+)?$",
    re.IGNORECASE,
)
_PLACING = re.compile(
    r"\b(?:the|this|that|these|those|past|last|next|first|each|every|per|its|his|her|their)\s+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    """The length of time and where its number begins."""

    value: float
    unit: str
    start: int


def duration_figure(text: str, time: TimeExpression) -> Span | None:
    """Return the length that ``time`` claims, or None where it only places something in time."""
    found = _VALUE.fullmatch(time.value)
    words = time.evidence.text.lower()
    if found is None:
        return None
    start, end = time.evidence.start, time.evidence.end
    before, after = text[max(0, start - 40) : start], text[end : end + 12]
    clock = bool(found[1])
    measuring = _MEASURING.search(before) or re.match(
        r"(?:nearly|almost|more than|less than|just|over|at least|up to)\b", words
    )
    if (
        _PLACING.search(before)
        or re.match(r"(?:the|this|past|last|next)\b|(?:an?|one) (?!decade|century)", words)
        or re.match(r"\s+(?:ago|earlier|later)\b|['’]", after)
    ):
        return None
    if not measuring and (not clock or re.match(r"an? |one ", words) or re.search(r"-\w+$", words)):
        return None
    if re.match(r"\s+after\b", after) and not clock and not re.match(r"just|only|nearly|almost|more", words):
        return None
    number_start = (
        start
        + len(time.evidence.text)
        - len(
            re.sub(
                (
                    r"^(?:nearly|almost|close to|less than|fewer than|under|more than|over|at least|at most|up "
                    r"to|no more than|no less than|just|only|just over|just under|well over|a little over)\s+"
                ),
                "",
                time.evidence.text,
                flags=re.IGNORECASE,
            )
        )
    )
    return _length(found, clock=clock, start=number_start)


def _length(found: re.Match[str], *, clock: bool, start: int) -> Span:
    amount, letter = float(found[2]), found[3]
    if letter in ("DE", "CE"):
        amount *= 10 if letter == "DE" else 100
    unit = "minutes" if clock and letter == "M" else _UNITS[letter]
    if found[4]:
        factor = 60 if letter in ("H", "M") and clock else 12
        amount, unit = (
            amount * factor + float(found[4]),
            {"H": "minutes", "M": "seconds"}[letter] if clock else "months",
        )
    return Span(amount, unit, start)

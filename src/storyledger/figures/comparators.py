"""Comparators: "more than", "up to", "some", "at least", "nearly" before a number, "or more" behind it.

Invariant: the nearest comparator that touches the number wins. This module must not know units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Comparator = Literal["=", ">", ">=", "~", "<", "<=", "range"]

_BEFORE: tuple[tuple[Comparator, str], ...] = (
    (
        "<=",
        (
            r"up to|as many as|as much as|as long as|no (?:more|greater|longer|higher|later|bigger) than|not "
            r"more than|at most|at the most|"
            r"a maximum(?: of)?|maximum(?: of)?|within|not exceeding|no fewer|a limit of up to"
        ),
    ),
    (">=", r"at least|no (?:fewer|less) than|not less than|a minimum(?: of)?|minimum(?: of)?|as few as|as little as"),
    (
        ">",
        (
            r"(?:well |just |slightly |a little |far |significantly )?(?:more|greater|higher|longer|larger) "
            r"than|(?:well |just |slightly )?over|"
            r"(?:well )?above|upwards? of|in excess of|exceed(?:s|ed|ing)?|north of|surpass(?:es|ed|ing)?|"
            r"pass(?:es|ed)|topp(?:ed|ing)|tops|beyond"
        ),
    ),
    (
        "<",
        (
            r"(?:well |just |slightly |a little |far )?(?:less|fewer|lower|shorter|smaller) than|(?:just |well )"
            r"?under|(?:just )?below|nearly|almost|"
            r"(?:very )?close to|approaching|just short of|not quite|barely"
        ),
    ),
    (
        "~",
        (
            r"about|around|approximately|roughly|some|circa|an estimated|estimated(?: at)?|in the region of|"
            r"somewhere around|more or less|or so|just|"
            r"an average of|average of|perhaps|maybe|as estimated"
        ),
    ),
)
_RULES = [
    (sign, re.compile(rf"\b(?:{words})\s+(?:(?:a|an|the|another|only)\s+)?$", re.IGNORECASE)) for sign, words in _BEFORE
]
_AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (">=", re.compile(r"\s*(?:\w+\s+)?or\s+(?:more|so more|greater|above)\b|\s*plus\b|\+", re.IGNORECASE)),
    ("<=", re.compile(r"\s*(?:\w+\s+)?or\s+(?:less|fewer)\b", re.IGNORECASE)),
    ("~", re.compile(r"\s*(?:\w+\s+)?or\s+so\b|\s*-odd\b", re.IGNORECASE)),
)
_NOT_OVER = re.compile(
    (
        r"\b(?:spread|argu\w*|fight|fought|disput\w*|concern\w*|all|taken|handed|presid\w*|row|war|fell|by|from)"
        r"\s+over\s+$"
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """The sign and where its words begin (or, behind the number, end)."""

    sign: Comparator
    start: int
    end: int


def read_comparator(text: str, start: int, end: int, *, vague: bool) -> Compared:
    """Return how text[start:end] is compared; a vague number is at least its smallest value."""
    before = text[max(0, start - 40) : start]
    for sign, pattern in _RULES:
        found = pattern.search(before)
        if (
            found
            and not (sign == ">" and _NOT_OVER.search(before))
            and not _is_other_sense(sign, found[0], vague=vague)
        ):
            return Compared(sign, start - len(before) + found.start(), end)
    for sign, pattern in _AFTER:
        if found := pattern.match(text, end, min(len(text), end + 24)):
            return Compared(sign, start, found.end())
    return Compared(">=" if vague else "=", start, end)


def _is_other_sense(sign: Comparator, words: str, *, vague: bool) -> bool:
    """Tell that "just" and "some" do not change a vague number; "just" says nothing of an exact count."""
    word = words.strip().lower()
    return vague and sign == "~" and word in ("some", "just", "perhaps")

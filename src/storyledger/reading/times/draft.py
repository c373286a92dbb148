"""What the grammar makes of one match before it becomes a ``TimeExpression``.

Invariant: plain data. This module must not know patterns or anchors.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .lexicon import ONES, ORDINALS, TENS
from .scene import Scene
from .timex import Days

LONGEST = 1e6  # of any unit: "100,000 years ago" is a time, a longer run of digits a code
TimexType = Literal["DATE", "TIME", "DURATION", "SET"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A value with its type; ``days`` where the value alone does not give them.

    ``explicit``: the text names the year. ``confidence``: share right on the ferry pile by kind.
    """

    value: str
    type: TimexType
    confidence: float = 0.9
    days: Days | None = None
    mod: str | None = None
    explicit: bool = False
    anchor: str | None = None


Resolver = Callable[[re.Match[str], Scene], Draft | None]
Rule = tuple[re.Pattern[str], Resolver]


_BLANK = r"(?:[ \t\xa0]+|[ \t]*\n(?!\s*\n)[ \t]*)"


def compile_rule(pattern: str, resolver: Resolver) -> Rule:
    """Return the rule with ``pattern`` bounded by word edges; blanks in it match any white space within a line."""
    spaced = re.sub(r"\[[^]]*\]| ", lambda m: _BLANK if m[0] == " " else m[0], pattern)
    return re.compile(rf"(?<![\w])(?:{spaced})(?![\w]|-\d(?!\d{3}(?!\d)))", re.IGNORECASE), resolver


def read_amount(words: str) -> float | None:
    """Return the number that ``words`` spell ("two and a half", "a couple of", "24"), or None.

    Only what stands before units of time: below a thousand.
    """
    text = re.sub(r"\s+", " ", words.lower().replace("-", " ")).strip()
    half = 0.5 if re.search(r" and a half$", text) else 0.0
    text = re.sub(r" and a half$", "", text)
    fixed = {"half a": 0.5, "half an": 0.5, "a half": 0.5, "a": 1.0, "an": 1.0, "a quarter of an": 0.25}
    fixed |= {"a dozen": 12.0, "dozen": 12.0, "half a dozen": 6.0, "": 1.0}
    if text in fixed:
        return fixed[text] + half
    if "couple" in text:
        return 2.0
    if re.fullmatch(r"[\d,]*\.?\d+", text):
        amount = float(text.replace(",", "")) + half
        return amount if amount < LONGEST else None
    total = 0
    for word in text.split():
        if word not in ONES and word not in TENS:
            return None
        total += ONES.get(word, 0) + TENS.get(word, 0)
    return total + half


def read_ordinal(word: str) -> int | None:
    """Return the number of "third" or "21st"."""
    word = re.sub(r"[\s-]+", " ", word.lower())
    tens, _, ones = word.partition(" ")
    if tens in ("twenty", "thirty") and ones:
        return TENS[tens] + ORDINALS[ones]
    if word == "thirtieth":
        return 30
    return ORDINALS.get(word) or (int(m[0]) if (m := re.match(r"\d+", word)) else None)

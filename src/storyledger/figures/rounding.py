"""Whether one number is another told with less care: 4.5 million for 4,512,306, "nearly 300" for 287.

Invariant: what is near another is so in either order. This module must not know quantities.
"""

from __future__ import annotations

import re

from storyledger.types import Figure

ROUNDING = 0.1
_LOOSE = re.compile(
    r"\b(?:nearly|almost|close to|not quite|just (?:under|over)|about|around|some|roughly|approximately|"
    r"an? (?:half|third|quarter|fifth|sixth|seventh|eighth|tenth)|half an?)\b",
    re.IGNORECASE,
)


def is_loose(figure: Figure) -> bool:
    """Return whether a number is told loosely, by its words."""
    return figure.comparator == "~" or bool(_LOOSE.search(figure.evidence.text))


def is_near(a: float, b: float) -> bool:
    """Return whether two values are a tenth apart at most."""
    return abs(a - b) <= ROUNDING * max(abs(a), abs(b))


def is_rounded(a: float, b: float) -> bool:
    """Return whether one value is the other with fewer digits and no more than a tenth off."""
    return is_near(a, b) and (fewer_digits(a, b) or fewer_digits(b, a))


def count_digits(value: float) -> int:
    """Return how many digits a value has without the zeros at its end: 1 for 300 and .3."""
    return len(f"{abs(value):.10g}".replace(".", "").strip("0"))


def fewer_digits(short: float, long: float) -> bool:
    """Return whether ``short`` is ``long`` with fewer digits: 4.7 billion is 4.65 billion rounded; 30 is not 29."""
    if short == 0 or long == 0 or (abs(short) < 100 and short == int(short)):
        return False
    digits = count_digits(short)
    if digits >= count_digits(long):
        return False
    return abs(float(f"{long * (1 + 1e-9):.{digits}g}") - short) < 1e-9 * abs(short)

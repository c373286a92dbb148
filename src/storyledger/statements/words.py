"""Closed word classes, and the words of a content for comparing wordings: lower case, without marks.

This module must not know statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyledger.language import load_words as load_list

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
QUOTED = re.compile(r"[“\"«‘]([^”\"»’]{3,}?)[”\"»’]")
SUFFIX = re.compile(r"(?:ing|edly|ed|es|s|ly)$")
NUMERALS = {
    w: str(n)
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}


def load_words(name: str) -> frozenset[str]:
    """Return a list of ``words.toml``: times, indefinite, kinds or plain."""
    return load_list(__package__, "words.toml", name)


def split_words(text: str) -> tuple[str, ...]:
    """Return the words and numbers, lower case, thousands without commas."""
    rows = (m.group().lower().replace("’", "'") for m in WORD.finditer(text))
    return tuple(w.replace(",", "") if w[0].isdigit() else w for w in rows)


def content_words(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    plain = load_words("plain")
    return frozenset(_stem(w) for w in words if w not in plain and (len(w) > 2 or w.isdigit()))


def _stem(word: str) -> str:
    stem = SUFFIX.sub("", word.removesuffix("'s"))
    return stem if len(stem) > 2 else word


def numbers_in(words: Sequence[str]) -> frozenset[str]:
    """Return the numbers, spelt ones up to twelve as digits."""
    return frozenset(
        NUMERALS.get(w, w) for w in words if w[0].isdigit() or (w in NUMERALS and w not in ("one", "zero"))
    )


def quoted_words(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each part that stands in quotation marks."""
    return tuple(split_words(m.group(1)) for m in QUOTED.finditer(text))

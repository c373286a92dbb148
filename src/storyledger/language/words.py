"""Words of a text without a reading, and the words of no content.

Invariant: positions are offsets into the text that was given. This module must not know readings.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from storyledger.language.lexicon import load_words

WORD = re.compile(r"\d[\d,.:]*\d|\d|[^\W\d_]+(?:[’'][^\W\d_]+)*")


class Word(NamedTuple):
    """A word or number at ``[start, end)`` of its text; ``lower``: in lower case, with straight apostrophes."""

    start: int
    end: int
    lower: str


def find_words(text: str, start: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """Return the words and numbers of ``text[start:end]`` in order."""
    rows = WORD.finditer(text, start, len(text) if end is None else end)
    return tuple(Word(m.start(), m.end(), m.group().lower().replace("’", "'")) for m in rows)


def stop_words() -> frozenset[str]:
    """Return the words that carry no content: articles, pronouns, prepositions, conjunctions, auxiliaries."""
    return load_words(__package__, "words.toml", "stop")

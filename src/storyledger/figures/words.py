"""The words of an article with what the reader knows of them, or closed lists where it has no tags.

Invariant: words are in text order and never overlap; ``upos`` is the reader's where it has a token at
that place, else a guess that only tells function words and common verbs from the rest. This module
must not know numbers.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from storyledger.language import load_words
from storyledger.types import Article, Reading

_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[-'’.&][^\W_]+)*(?:['’])?|[^\w\s]|_")
_PREPOSITIONS = load_words(__package__, "lexicon.toml", "untagged.prepositions")
_PRONOUNS = load_words(__package__, "lexicon.toml", "untagged.pronouns")
_VERBS = load_words(__package__, "lexicon.toml", "untagged.verbs")
_ADVERBS = load_words(__package__, "lexicon.toml", "untagged.adverbs")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place; ``upos`` as Universal Dependencies name it, "X" where unknown."""

    start: int
    end: int
    text: str
    lower: str
    upos: str


class Words:
    """The words of one article, found by position in logarithmic time."""

    def __init__(self, article: Article, reading: Reading) -> None:
        """Cut ``article.text`` into words and give each the tag of the token at its start."""
        self.text = article.text
        tags = {token.start: token.upos for token in reading.tokens}
        self.rows = [
            Word(m.start(), m.end(), m[0], m[0].lower().replace("’", "'"), tags.get(m.start(), "") or _guess(m[0]))
            for m in _WORD.finditer(article.text)
        ]
        self._starts = [row.start for row in self.rows]

    def after(self, place: int, count: int) -> list[Word]:
        """Return up to ``count`` words that start at or after ``place``."""
        first = bisect.bisect_left(self._starts, place)
        return self.rows[first : first + count]

    def before(self, place: int, count: int) -> list[Word]:
        """Return up to ``count`` words that start before ``place``, in text order."""
        last = bisect.bisect_left(self._starts, place)
        return self.rows[max(0, last - count) : last]

    def between(self, start: int, end: int) -> list[Word]:
        """Return the words that start in the range."""
        return self.rows[bisect.bisect_left(self._starts, start) : bisect.bisect_left(self._starts, end)]


def _guess(word: str) -> str:
    lower = word.lower()
    if not word[0].isalnum():
        return "PUNCT"
    if lower in _PREPOSITIONS:
        return "ADP"
    if lower in _PRONOUNS:
        return "PRON"
    if lower in _VERBS:
        return "VERB"
    if lower in _ADVERBS or (lower.endswith("ly") and len(lower) > 4):
        return "ADV"
    if lower in ("the", "a", "an"):
        return "DET"
    return "NUM" if word[0].isdigit() else "X"

"""The words of an article with what the reader knows of them, or closed lists where it has no tags.

Invariant: words are in text order and never overlap; ``upos`` is the reader's where it has a token at
that place, else a guess that only tells function words and common verbs from the rest. This module
must not know numbers.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass

from storyledger.types import Article, Reading


def _words(listed: str) -> list[str]:
    return listed.split()


_WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[-'’.&][^\W_]+)*(?:['’])?|[^\w\s]|_")
_PREPOSITIONS = frozenset(
    _words(
        "of in on at by for with from to into onto over under after before since until between among during "
        "against about "
        "without within through across off near as than per because that which who whose where when while if "
        "but and or nor "
        "including excluding despite except like inside outside behind beyond toward towards upon alongside "
        "amid aboard "
        "so not no"
    )
)
_PRONOUNS = frozenset(
    _words(
        "he she it they we you i him her them us his its their our your my this these those who whom what "
        "there here each"
    )
)
_VERBS = frozenset(
    _words(
        "is are was were be been being am has have had having do does did will would shall should can could "
        "may might must said says "
        "say told tells died die dies killed kill kills went go goes came come comes took take takes taken "
        "made make makes gave give "
        "given got get gets left leave leaves lost lose loses found find finds became become becomes held "
        "hold holds kept keep began "
        "begin fled flee flees flew fell fall rose rise rises stood stand stands sat sit sits ran run runs "
        "saw see sees seen spoke "
        "spent spend fought fight wrote read sent built bought brought shot hit struck put cut won led met "
        "paid remain remained "
        "remains live lived work belong joined attended gathered marched voted want need believe think know "
        "knew perished "
        "survived escaped drowned returned arrived crossed entered signed agreed refused demanded called "
        "include includes included "
        "appear appeared serve served face faced stay stayed sign wounding killing injuring leaving living "
        "working known believed thought fleeing using "
        "taking making coming going trying waiting protesting demonstrating lying"
    )
)
_ADVERBS = frozenset(
    _words(
        "also still now then already yet only just more even again later earlier ago so-called alone apiece "
        "too late away"
    )
)


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

"""One sentence cutter, for text without a reading: headlines, imported stories, what is only shown.

Where there is a reading its sentences are better, and ``Parse.sentences`` has them. Invariant: the pieces are in text
order, do not overlap, and hold all that is no white space.
"""

from __future__ import annotations

import re
from functools import cache

from storyledger.language.lexicon import load_words
from storyledger.language.words import stop_words

_END = re.compile(r"(?:[.!?…]+[”\"’')\]»]*)(?=\s+[“\"‘'(\[«]?[^\W_a-z])|\n+")
OPENERS = frozenset({"The", "It", "He", "She", "They", "There", "This", "These", "His", "Her", "Its", "A", "An"})
# where "A" is a letter: "vitamin A tablets", "A and E"
BEFORE_A = frozenset(
    {"vitamin", "hepatitis", "influenza", "flu", "virus", "strain", "group", "grade", "type", "class", "plan", "level"}
    | {"category", "block", "team", "schedule", "section", "part", "exhibit", "option", "appendix", "annex", "gate"}
    | {"zone", "building", "unit", "series", "key", "point"}
)
AFTER_A = frozenset({"and", "or", "plus", "minus", "level", "levels", "grade", "grades", "road", "team", "side"})
# where one may open behind a word without a sign: a headline or caption that runs into its sentence
_UNENDED = re.compile(rf"(?<!\S)(\S*[\w)])[ \t]+(?=({'|'.join(sorted(OPENERS))})[ \t]+([a-z0-9]\S*))")
LOOK_BACK = 24  # characters: the longest abbreviation with what stands before it


@cache
def _no_end() -> re.Pattern[str]:
    """The text before a full stop that ends no sentence: a title, an initial, dotted letters ("U.S.", "a.m.")."""
    words = "|".join(sorted(map(re.escape, load_words(__package__, "words.toml", "abbreviations")), key=len)[::-1])
    return re.compile(rf"(?:(?<!\w)(?:{words}|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]))$")


def cut_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]`` as ranges without white space at their edges."""
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    ends = [match for match in _END.finditer(text, start, stop) if not _overlooked(text, match, start)]
    unended = [match for match in _UNENDED.finditer(text, start, stop) if opens_unended(*match.groups())]
    for match in sorted((*ends, *unended), key=re.Match.end):
        _keep(found, text, start, match.end())
        start = match.end()
    _keep(found, text, start, stop)
    return found


def opens_unended(before: str, word: str, after: str) -> bool:
    """Return whether ``word`` opens a sentence although no sign ends the one before: "... ferry sinks The ferry went".

    A word like "The" in capitals stands behind a word that leads to nothing and before one in small letters.
    """
    if (
        word not in OPENERS
        or not (after[:1].islower() or after[:1].isdigit())
        or not (before[-1:].isalnum() or before == ")")
    ):
        return False
    if word == "A" and (before.lower() in BEFORE_A or after in AFTER_A):
        return False
    return before.lower() not in stop_words()


def _overlooked(text: str, match: re.Match[str], start: int) -> bool:
    """Tell whether the mark is the full stop of an abbreviation."""
    if match.group() != ".":
        return False
    return _no_end().search(text[max(start, match.start() - LOOK_BACK) : match.start()]) is not None


def _keep(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))

"""One sentence cutter, for text without a reading: headlines, imported stories, what is only shown.

Where there is a reading its sentences are better, and ``Parse.sentences`` has them. Invariant: the pieces are in text
order, do not overlap, and hold all that is no white space.
"""

from __future__ import annotations

import re
from functools import cache

from storyledger.language.lexicon import load_words

_END = re.compile(r"(?:[.!?…]+[”\"’')\]»]*)(?=\s+[“\"‘'(\[«]?[^\W_a-z])|\n+")
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
    for match in _END.finditer(text, start, stop):
        if _overlooked(text, match, start):
            continue
        _keep(found, text, start, match.end())
        start = match.end()
    _keep(found, text, start, stop)
    return found


def _overlooked(text: str, match: re.Match[str], start: int) -> bool:
    """Tell whether the mark is the full stop of an abbreviation."""
    if match.group() != ".":
        return False
    return _no_end().search(text[max(start, match.start() - LOOK_BACK) : match.start()]) is not None


def _keep(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))

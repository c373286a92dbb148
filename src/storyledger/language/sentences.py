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
OPENERS = load_words(__package__, "words.toml", "openers")
BEFORE_A = load_words(__package__, "words.toml", "before_letter_a")
AFTER_A = load_words(__package__, "words.toml", "after_letter_a")
# where one may open behind a word without a sign: a headline or caption that runs into its sentence
_UNENDED = re.compile(rf"(?<!\S)(\S*[\w)”\"])[ \t]+(?=({'|'.join(sorted(OPENERS))})[ \t]+([a-z0-9]\S*))")
HEAD_OPENERS = load_words(__package__, "words.toml", "head_openers")
HEAD_NUMBERS = load_words(__package__, "words.toml", "head_numbers")
HEAD_COUNTS = HEAD_NUMBERS | load_words(__package__, "words.toml", "head_quantities")
COUNTED = load_words(__package__, "words.toml", "head_counted")
HEAD_CHARS = 400  # of a page saved as text: where a headline and a caption run into the first sentence
_HEAD = re.compile(r"(?<!\S)(\w[\w’'-]+)[ \t]+(?=([A-Z][a-z’']+)[ \t]+([a-z][\w’'-]*))")
_SMALL = re.compile(r"(?<![\w’'-])[a-z][a-z’'-]{2,}")
_OLD = re.compile(r"\d+-year-old")  # "... declared over A 23-year-old man"
_CLOSING = frozenset(')”"')  # before a space; an opening mark stands at its word
LOOK_BACK = 24  # characters: the longest abbreviation with what stands before it


@cache
def _no_end() -> re.Pattern[str]:
    """The text before a full stop that ends no sentence: a title, an initial, dotted letters ("U.S.", "a.m.")."""
    words = "|".join(sorted(map(re.escape, load_words(__package__, "words.toml", "abbreviations")), key=len)[::-1])
    return re.compile(rf"(?:(?<!\w)(?:{words}|[A-Z]|(?:[A-Za-z]\.)+[A-Za-z]))$")


def cut_sentences(
    text: str, start: int = 0, end: int | None = None, small: frozenset[str] = frozenset()
) -> list[tuple[int, int]]:
    """Return the sentences of ``text[start:end]`` as ranges without white space at their edges.

    Args:
        text: a page.
        start: where to begin.
        end: where to stop.
        small: words that the page writes in small letters; in its first lines they tell a sentence from a name.
    """
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    ends = [match for match in _END.finditer(text, start, stop) if not _overlooked(text, match, start)]
    unended = [match for match in _UNENDED.finditer(text, start, stop) if opens_unended(*match.groups())]
    head = min(stop, HEAD_CHARS)
    heads = (
        [m for m in _HEAD.finditer(text, start, head) if opens_in_head(m[1], m[2], m[3], small)] if start < head else []
    )
    for match in sorted((*ends, *unended, *heads), key=re.Match.end):
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
        or not (before[-1:].isalnum() or before[-1:] in _CLOSING)
    ):
        return False
    if word == "A" and (before.lower() in BEFORE_A or after in AFTER_A):
        return False
    return before.lower() not in stop_words() or (word == "A" and _OLD.match(after) is not None)


def find_small(text: str) -> frozenset[str]:
    """Return the words of three letters and more that ``text`` writes in small letters."""
    return frozenset(_SMALL.findall(text))


def opens_in_head(before: str, word: str, after: str, small: frozenset[str]) -> bool:
    """Return whether ``word`` opens a sentence in a page's first lines: "... shut after fire Crews from five towns".

    Behind a small word that leads to nothing stands a capital that no name asks for: the page writes the word small
    elsewhere. Of 49 such places in the first lines of 804 pages 46 began a sentence, before "of" one of four.
    """
    if not after[:1].islower() or before.lower() in stop_words() or after == "of":
        return False
    if word in HEAD_COUNTS and (word not in HEAD_NUMBERS or after in COUNTED):
        return True
    plain = before.islower() and len(before) > 2
    return plain and (word in HEAD_OPENERS or (len(word) > 2 and word[:1].isupper() and word.lower() in small))


def _overlooked(text: str, match: re.Match[str], start: int) -> bool:
    """Tell whether the mark is the full stop of an abbreviation."""
    if match.group() != ".":
        return False
    return _no_end().search(text[max(start, match.start() - LOOK_BACK) : match.start()]) is not None


def _keep(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        found.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))

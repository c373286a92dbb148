"""The words of a page's lines, read once for all who ask.

Invariant: what stands past ``LONG_CHARS`` in a line is not read. W words of V spellings in L lines. This
module must not know what words mean.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from storyledger.articles.lines import Line

LONG_CHARS = 4000  # what stands beyond in one line says nothing more about what kind of line it is
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_SIMPLE_WORD = re.compile(r"\w+(?:['’.-]\w+)*")  # the same where there is no "_", and faster


@dataclass(frozen=True, slots=True)
class Words:
    """The W words of a page: which line each stands in, which of its V spellings it has; how many each line has."""

    line: NDArray[np.intp]
    word: NDArray[np.intp]
    size: NDArray[np.intp]
    spellings: list[str]
    small: list[str]  # the spellings in small letters
    letters: NDArray[np.intp]  # how many each spelling has


def read_words(lines: Sequence[Line]) -> Words:
    """Return the words of the lines of one page."""
    texts = [line.text[:LONG_CHARS] for line in lines]
    found = [_WORD.findall(text) if "_" in text else _SIMPLE_WORD.findall(text) for text in texts]
    words, spellings = number_words(list(chain.from_iterable(found)))
    size_L = np.fromiter(map(len, found), np.intp, len(found))
    line_W = np.repeat(np.arange(len(found)), size_L)
    letters_V = np.fromiter(map(len, spellings), np.intp, len(spellings))
    return Words(line_W, words, size_L, spellings, list(map(str.lower, spellings)), letters_V)


def number_words(words: Sequence[str]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the number of each word, equal ones having one number, and the words in the order of the numbers."""
    number: dict[str, int] = defaultdict(count().__next__)
    numbers = np.fromiter(map(number.__getitem__, words), np.intp, len(words))
    return numbers, list(number)


def list_spellings(words: Words, lines: Sequence[int]) -> list[int]:
    """Return the numbers of the spellings that the lines have."""
    chosen_L, used_V = np.zeros(len(words.size), np.bool_), np.zeros(len(words.spellings), np.bool_)
    chosen_L[lines] = True
    used_V[words.word[chosen_L[words.line]]] = True
    return np.flatnonzero(used_V).tolist()

"""What the encoder is told about each word besides its pieces, and how training and reading share it.

The encoder is uncased, so a word's capitalisation and the white space before it come as one small
feature. Invariant: the same word in the same place has the same feature in training and at run time.
"""

from __future__ import annotations

NO_SPACE, SPACE, NEW_LINE = 0, 1, 2
LOWER, TITLE, CAPITALS, MIXED, DIGITS, SIGNS, LETTER, UNCASED = range(8)


def word_shape(word: str) -> int:
    """Return the class of ``word``'s capitalisation, 0 to 7."""
    first = word[0]
    if first.isdigit():
        return DIGITS
    if not any(c.isalpha() for c in word):
        return SIGNS
    if word == word.lower():
        return LOWER if word != word.upper() else UNCASED
    if len(word) == 1:
        return LETTER
    if word == word.upper():
        return CAPITALS
    return TITLE if first.isupper() and word[1:] == word[1:].lower() else MIXED


def word_feature(word: str, space_before: int) -> int:
    """Return the feature row of a word: its shape and what stands before it (``NO_SPACE`` ...)."""
    return word_shape(word) * 3 + space_before

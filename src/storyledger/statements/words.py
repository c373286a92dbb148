"""The words of a content for comparing wordings: lower case, without marks, clitics written out.

This module must not know statements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
QUOTED = re.compile(r"[“\"«‘]([^”\"»’]{3,}?)[”\"»’]")
# function words, auxiliaries and words of saying: sharing them says nothing
PLAIN = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "and",
        "or",
        "but",
        "if",
        "so",
        "as",
        "than",
        "then",
        "there",
        "here",
        "of",
        "in",
        "on",
        "at",
        "to",
        "by",
        "for",
        "from",
        "with",
        "without",
        "about",
        "into",
        "over",
        "under",
        "after",
        "before",
        "between",
        "during",
        "until",
        "since",
        "up",
        "down",
        "out",
        "off",
        "again",
        "not",
        "no",
        "nor",
        "only",
        "also",
        "very",
        "just",
        "more",
        "most",
        "much",
        "many",
        "some",
        "any",
        "all",
        "both",
        "each",
        "every",
        "few",
        "own",
        "same",
        "other",
        "such",
        "i",
        "me",
        "my",
        "we",
        "us",
        "our",
        "you",
        "your",
        "he",
        "him",
        "his",
        "she",
        "her",
        "it",
        "its",
        "they",
        "them",
        "their",
        "who",
        "whom",
        "whose",
        "which",
        "what",
        "when",
        "where",
        "why",
        "how",
        "be",
        "is",
        "am",
        "are",
        "was",
        "were",
        "been",
        "being",
        "have",
        "has",
        "had",
        "having",
        "do",
        "does",
        "did",
        "doing",
        "will",
        "would",
        "shall",
        "should",
        "can",
        "could",
        "may",
        "might",
        "must",
        "say",
        "says",
        "said",
        "saying",
        "tell",
        "told",
        "one",
        "two",
        "get",
        "got",
        "go",
        "going",
        "make",
        "made",
        "take",
        "took",
        "come",
        "came",
        "put",
        "now",
        "still",
        "yet",
        "even",
        "well",
        "while",
        "because",
        "though",
        "although",
    ]
)
SUFFIX = re.compile(r"(?:ing|edly|ed|es|s|ly)$")
NUMERALS = {
    w: str(n)
    for n, w in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    )
}


def split_words(text: str) -> tuple[str, ...]:
    """Return the words and numbers, lower case, thousands without commas."""
    rows = (m.group().lower().replace("’", "'") for m in WORD.finditer(text))
    return tuple(w.replace(",", "") if w[0].isdigit() else w for w in rows)


def content_words(words: Sequence[str]) -> frozenset[str]:
    """Return the stems of the words that carry meaning."""
    return frozenset(_stem(w) for w in words if w not in PLAIN and (len(w) > 2 or w.isdigit()))


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

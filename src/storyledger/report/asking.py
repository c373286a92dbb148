"""The rows of ``questions.toml``: what a reader asks, and by which words a sentence or a number answers.

This module must not know the story.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources

from storyledger.language import stem_word

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A question: its words as stems, the speech acts that answer it, and stems of sentences that do not."""

    key: str
    title: str
    words: frozenset[str]
    acts: frozenset[str]
    but: frozenset[str]
    example: str


@functools.cache
def load_rows(table: str) -> tuple[Row, ...]:
    """Return the rows of ``question`` or ``count`` in their order."""
    text = (resources.files("storyledger.report") / "questions.toml").read_text(encoding="utf-8")
    return tuple(
        Row(
            row["key"],
            row["title"],
            frozenset(map(stem_word, row["words"].split())),
            frozenset(row.get("acts", "").split()),
            frozenset(map(stem_word, row.get("but", "").split())),
            row["example"],
        )
        for row in tomllib.loads(text)[table]
    )


@functools.cache
def load_counting() -> frozenset[str]:
    """Return the words that count and name nothing that is counted: "two", "dozens", "about"."""
    text = (resources.files("storyledger.report") / "questions.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["counting"]["words"].split())


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of all words, those of no content too: "because" and "due" are answers."""
    return frozenset(map(stem_word, _WORD.findall(text)))


def find_count(text: str) -> Row | None:
    """Return what a number in these words counts, None where the words do not say."""
    found = stems_of(text)
    return next((row for row in load_rows("count") if row.words & found), None)

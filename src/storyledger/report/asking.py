"""The rows of ``questions.toml``: what a reader asks, and by which words a sentence or a number answers.

This module must not know the story.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from storyledger.language import stem_word

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Row:
    """What is counted: its name as a question, and the stems of the words beside such a number."""

    key: str
    title: str
    words: frozenset[str]
    example: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question: the patterns of its answers, clear and faint ones, and the speech acts that answer it."""

    key: str
    title: str
    clear: tuple[re.Pattern[str], ...]
    faint: tuple[re.Pattern[str], ...]
    acts: frozenset[str]
    example: str
    other: str

    def count_clear(self, text: str) -> int:
        """Return how many of the clear patterns stand in ``text``."""
        return sum(bool(p.search(text.lower())) for p in self.clear)

    def is_faint(self, text: str) -> bool:
        """Tell whether a pattern stands in ``text`` that answers at the heart of a story only."""
        return any(p.search(text.lower()) for p in self.faint)


@functools.cache
def load_counts() -> tuple[Row, ...]:
    """Return what is counted, in order."""
    return tuple(
        Row(row["key"], row["title"], frozenset(map(stem_word, row["words"].split())), row["example"])
        for row in _load()["count"]
    )


@functools.cache
def load_questions() -> tuple[QuestionRow, ...]:
    """Return the questions in their order."""
    return tuple(
        QuestionRow(
            row["key"],
            row["title"],
            tuple(map(re.compile, row["clear"])),
            tuple(map(re.compile, row.get("faint", ()))),
            frozenset(row.get("acts", "").split()),
            row["example"],
            row["other"],
        )
        for row in _load()["question"]
    )


@functools.cache
def load_counting() -> frozenset[str]:
    """Return the words that count and name nothing that is counted: "two", "dozens", "about"."""
    return frozenset(_load()["counting"]["words"].split())


@functools.cache
def _load() -> dict[str, Any]:
    return tomllib.loads((resources.files("storyledger.report") / "questions.toml").read_text(encoding="utf-8"))


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of all words, those of no content too: "because" and "due" are answers."""
    return frozenset(map(stem_word, _WORD.findall(text)))


def find_count(text: str) -> Row | None:
    """Return what a number in these words counts, None where the words do not say."""
    found = stems_of(text)
    return next((row for row in load_counts() if row.words & found), None)

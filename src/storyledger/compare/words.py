"""Words of a passage as the comparison needs them: tokens, stems, negation, antonyms.

Its one job is to make two tellings comparable without a model, so that a story whose readings are
gone (an imported export) is compared by the same rules. Invariant: positions are offsets into the
text that was given. This module must not know articles, statements or events.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from storyledger.caching import keep_answers

WORD = re.compile(r"\d[\d,.:]*\d|\d|[^\W\d_]+(?:[’'][^\W\d_]+)*")
STEM_CHARS = 6  # "inspected", "inspection", "inspectors" meet; 5 joins "minister" and "minimal", read on gmb-news
TEXTS_KEPT = 20_000  # sentences looked at again by the next comparer; some 20 MB
_SUFFIXES = ("’s", "'s", "ings", "ies", "ing", "ed", "es", "ly", "s", "y", "e")


@dataclass(frozen=True, slots=True)
class Word:
    """A word at ``[start, end)`` of its text, lower case, and its stem."""

    start: int
    end: int
    lower: str
    stem: str


@cache
def load_cues() -> dict[str, Any]:
    """Return the room's lexicon of cue words (``cues.toml``), read once."""
    return tomllib.loads(files(__package__).joinpath("cues.toml").read_text(encoding="utf-8"))


@cache
def cue_set(name: str) -> frozenset[str]:
    """Return the list ``name`` of ``cues.toml`` as a set."""
    return frozenset(load_cues()[name])


@cache
def stem_word(lower: str) -> str:
    """Return the stem under which forms of one word meet; irregular forms come from ``cues.toml``."""
    known = load_cues()["irregular"].get(lower)
    if known is not None:
        return str(known)
    stem = lower
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 3:
            stem = stem[: -len(suffix)]
            if suffix in ("ing", "ed") and len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl":
                stem = stem[:-1]
            break
    stem = stem.removesuffix("e") if len(stem) > 3 else stem
    return stem[:STEM_CHARS] if not stem[0].isdigit() else lower


def find_words(text: str) -> tuple[Word, ...]:
    """Return the words of ``text`` in order."""
    found = []
    for match in WORD.finditer(text):
        lower = match.group().lower().replace("’", "'")
        found.append(Word(match.start(), match.end(), lower, stem_word(lower)))
    return tuple(found)


@keep_answers(TEXTS_KEPT)
def content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words of ``text`` that carry meaning."""
    stop = cue_set("stop")
    return frozenset(w.stem for w in find_words(text) if w.lower not in stop and len(w.lower) > 1)


@cache
def _canon() -> dict[str, tuple[str, int]]:
    """Stem -> (the meaning it stands for, its direction) for the antonyms of ``cues.toml``."""
    table: dict[str, tuple[str, int]] = {}
    for row in load_cues()["antonyms"]:
        name = stem_word(row["for"][0])
        table.update({stem_word(word): (name, 1) for word in row["for"]})
        table.update({stem_word(word): (name, -1) for word in row["against"]})
    return table


def direction_of(stem: str) -> tuple[str, int] | None:
    """Return the meaning and direction (+1, -1) of a stem that has an antonym, or None."""
    return _canon().get(stem)


@cache
def _meanings() -> dict[str, str]:
    """Stem -> the stem of the word that it is a synonym of, or the name of its pair of antonyms."""
    table = {stem: name for stem, (name, _) in _canon().items()}
    for name, words in load_cues()["synonyms"].items():
        head = stem_word(name)
        table |= {stem_word(w): table.get(head, head) for w in words if stem_word(w) not in table}
    return table


@cache
def _phrases() -> re.Pattern[str]:
    words = sorted(load_cues()["phrases"], key=lambda p: (-len(p), p))
    return re.compile(r"\b(?:" + "|".join(re.escape(w) for w in words) + r")\b", re.IGNORECASE)


@keep_answers(TEXTS_KEPT)
def meaning_stems(text: str) -> frozenset[str]:
    """Return the content stems with synonyms and contraries under one name, and without negators."""
    joined = _phrases().sub(lambda m: load_cues()["phrases"][m.group().lower()], text)
    negators = {stem_word(word) for word in cue_set("negators")}
    table = _meanings()
    return frozenset(table.get(s, s) for s in content_stems(joined) if s not in negators)


def count_negations(text: str) -> int:
    """Return how often ``text`` turns its meaning round: negators, denials, contrary words."""
    lowered = [w.lower for w in find_words(text)]
    negators = cue_set("negators")
    count = sum(1 for word in lowered if word in negators or word.endswith("n't"))
    joined = " ".join(lowered)
    count -= sum(joined.count(phrase) for phrase in load_cues()["no_negation"])
    return count + sum(joined.count(phrase) for phrase in load_cues()["negating_phrases"])

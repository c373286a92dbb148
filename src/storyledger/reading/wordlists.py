"""The word lists of ``lexicon/``, loaded once."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LEXICON = Path(__file__).parent / "lexicon"


@cache
def read_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the lists of one file of the lexicon as sets of words."""
    rows = tomllib.loads((LEXICON / name).read_text(encoding="utf-8"))
    return {key: frozenset(words.split()) for key, words in rows.items()}


def word_set(name: str) -> frozenset[str]:
    """Return one list of ``lexicon/words.toml``."""
    return read_lists("words.toml")[name]

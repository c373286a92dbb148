"""The furniture words of lexicon.toml, loaded once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def load_lexicon() -> dict[str, frozenset[str]]:
    """Return the furniture words by class; class and id words under ``names.CLASS``."""
    table = tomllib.loads(resources.files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
    names = {f"names.{key}": frozenset(words) for key, words in table.pop("names").items()}
    return {key: frozenset(words) for key, words in table.items()} | names


@cache
def list_classes() -> dict[str, tuple[str, ...]]:
    """Return the classes of each furniture word."""
    words: dict[str, list[str]] = {}
    for name, members in load_lexicon().items():
        if not name.startswith("names."):
            for word in members:
                words.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in words.items()}

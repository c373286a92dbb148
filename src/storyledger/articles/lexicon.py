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
def load_tongues() -> dict[str, frozenset[str]]:
    """Return the commonest words of running text by language."""
    table = tomllib.loads(resources.files(__package__).joinpath("tongues.toml").read_text(encoding="utf-8"))
    return {language: frozenset(words) for language, words in table.items()}


FURNITURE = ("legal", "share", "subscribe", "navigate", "comment", "related", "advert", "copyright")


@cache
def list_classes() -> dict[str, tuple[str, ...]]:
    """Return for each word that furniture alone has many of its classes."""
    words: dict[str, list[str]] = {}
    for name in FURNITURE:
        for word in load_lexicon()[name]:
            words.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in words.items()}

"""The word lists of ``lexicon.toml``, loaded once.

Invariant: data only, lower case. This module must not know any text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from babel import Locale


@cache
def _tables() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def people_nouns() -> frozenset[str]:
    """Return the nouns that are counted in people."""
    return frozenset(_tables()["people"]["nouns"].split())


@cache
def kind_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the kinds of count with their words, in the order in which they are tried."""
    return tuple((kind, frozenset(words.split())) for kind, words in _tables()["kinds"].items())


@cache
def generic_words() -> frozenset[str]:
    """Return the words that do not tell one quantity from another."""
    return frozenset(_tables()["generic"]["words"].split())


@cache
def world_words() -> frozenset[str]:
    """Return the capitalised words that stories of all kinds share: offices, calendars, countries and their peoples."""
    listed = set(_tables()["world"]["words"].split())
    for name in Locale("en").territories.values():
        listed.update(word for word in re.findall(r"[a-z]{3,}", name.lower()))
    return frozenset(listed)


@cache
def _country_stems() -> frozenset[str]:
    return frozenset(word[:5] for word in world_words() if len(word) >= 5)


def is_world_word(word: str) -> bool:
    """Tell whether ``word`` (lower case) says little about which story a page tells ("iraq", "iraqi", "president")."""
    if word in world_words():
        return True
    return word.endswith(("n", "i", "ese", "ns", "is", "ish")) and (
        word[:5] in _country_stems() or word[:4] in world_words()
    )

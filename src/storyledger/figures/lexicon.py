"""The word lists of ``lexicon.toml``, loaded once.

Invariant: data only, lower case. This module must not know any text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from storyledger.language import load_table


@cache
def _tables() -> Mapping[str, Mapping[str, str]]:
    return load_table(__package__, "lexicon.toml")


@cache
def people_nouns() -> frozenset[str]:
    """Return the nouns that are counted in people."""
    return frozenset(_tables()["people"]["nouns"].split())


@cache
def kind_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the kinds of count with their words, in the order in which they are tried."""
    return tuple((kind, frozenset(words.split())) for kind, words in _tables()["kinds"].items())


@cache
def fate_words(kinds: frozenset[str]) -> frozenset[str]:
    """Return the words that tell of people that they are of one of ``kinds``: dead, missing, hurt."""
    return frozenset().union(*(words for kind, words in kind_words() if kind in kinds))


@cache
def told_words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Return what is told beside a number, by topic, with the words that tell it."""
    return tuple((topic, frozenset(words.split())) for topic, words in _tables()["told"].items())


@cache
def generic_words() -> frozenset[str]:
    """Return the words that do not tell one quantity from another."""
    return frozenset(_tables()["generic"]["words"].split())


@cache
def crediting_verbs() -> frozenset[str]:
    """Return the lemmas of verbs whose subject a number in their clause is credited to."""
    return frozenset(_tables()["credits"]["verbs"].split())


@cache
def crediting_nouns() -> frozenset[str]:
    """Return the lemmas of nouns for a count that is somebody's."""
    return frozenset(_tables()["credits"]["nouns"].split())

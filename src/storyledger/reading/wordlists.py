"""The word lists of ``lexicon/``."""

from __future__ import annotations

from functools import cache

from storyledger.language import load_table, load_words
from storyledger.language.lexicon import split_list


@cache
def read_lists(name: str) -> dict[str, frozenset[str]]:
    """Return the lists of one file of the lexicon as sets of words."""
    return {key: split_list(words) for key, words in load_table(__package__, f"lexicon/{name}").items()}


def word_set(name: str) -> frozenset[str]:
    """Return one list of ``lexicon/words.toml``."""
    return load_words(__package__, "lexicon/words.toml", name)

"""Lexicons: tables of words in TOML files beside the code that uses them, each read once.

A list of words is a TOML array, or one string of words between blanks. Invariant: what is returned is never changed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_table(package: str, name: str) -> Mapping[str, Any]:
    """Return the file ``name`` of a package as nested tables; ``name`` may have folders ("data/words.toml")."""
    found: Mapping[str, Any] = tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))
    return found


@cache
def load_words(package: str, name: str, key: str) -> frozenset[str]:
    """Return the list at ``key`` ("stop", "clause.say") of a lexicon as a set.

    Raises:
        KeyError: the file has no such list.
    """
    value: Any = load_table(package, name)
    for part in key.split("."):
        value = value[part]
    return split_list(value)


def split_list(value: str | list[str]) -> frozenset[str]:
    """Return the words of a list as it stands in a lexicon: an array, or a string of words between blanks."""
    return frozenset(value.split() if isinstance(value, str) else value)

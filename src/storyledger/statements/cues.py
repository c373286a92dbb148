"""The words that attribute, and in which constructions; data in ``cues.toml``.

Invariant: nothing here depends on an article. This module must not know trees or quotation marks.
"""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Literal, get_args

Act = Literal["say", "ask", "promise", "threaten", "demand", "deny", "think"]
Construction = Literal["clause", "infinitive", "object_infinitive", "object", "quoted"]


@functools.cache
def load_cues() -> dict[Construction, dict[str, Act]]:
    """Return the act of each lemma by construction; the first act that lists a lemma has it."""
    data = _read()
    found: dict[Construction, dict[str, Act]] = {}
    for construction in get_args(Construction):
        acts: dict[str, Act] = {}
        for act, lemmas in data[construction].items():
            for lemma in lemmas.split():
                acts.setdefault(lemma, act)
        found[construction] = acts
    return found


@functools.cache
def load_needs() -> dict[str, frozenset[str]]:
    """Return the prepositions of which a verb with an object needs one."""
    return {lemma: frozenset(words.split()) for lemma, words in _read()["object_needs"].items()}


@functools.cache
def load_sources() -> tuple[frozenset[str], frozenset[str]]:
    """Return (lemmas of texts that speak, lemmas of nouns that name nobody)."""
    sources = _read()["sources"]
    return frozenset(sources["documents"].split()), frozenset(sources["anonymous"].split())


@functools.cache
def _read() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("cues.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

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
        for act in get_args(Act):
            for lemma in data[construction].get(act, "").split():
                acts.setdefault(lemma, act)
        found[construction] = acts
    return found


@functools.cache
def load_forms() -> dict[str, str]:
    """Return the lemma of each inflected form of the words that attribute."""
    lemmas = [lemma for acts in load_cues().values() for lemma in acts] + [verb for verb, _ in load_matters()]
    forms = dict(pair.split("=", 1) for pair in _read()["irregular"]["forms"].split())
    for lemma in lemmas:
        for form in _inflect(lemma):
            forms.setdefault(form, lemma)
    return forms


def _inflect(lemma: str) -> tuple[str, ...]:
    """Return the regular forms of a verb, its last consonant doubled or not: what no text has does no harm."""
    stem = lemma.removesuffix("e")
    if lemma.endswith("y") and lemma[-2:-1] not in "aeou":
        return lemma, lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"
    doubled = lemma + lemma[-1]
    return lemma, lemma + "s", lemma + "es", stem + "ed", stem + "ing", doubled + "ed", doubled + "ing"


@functools.cache
def load_matters() -> dict[tuple[str, str], Act]:
    """Return the act of a verb with a preposition before what is said: ("warn", "of"): say."""
    found: dict[tuple[str, str], Act] = {}
    for act in get_args(Act):
        for pair in _read()["matters"].get(act, "").split():
            verb, _, preposition = pair.partition("+")
            found[verb, preposition] = act
    return found


def denies(lemma: str) -> bool:
    """Say whether some construction makes a lemma a denial."""
    acts = {verbs.get(lemma) for verbs in load_cues().values()}
    return "deny" in acts


@functools.cache
def load_refuting() -> frozenset[str]:
    """Return the lemmas of verbs whose object is what somebody says is not so."""
    return frozenset(_read()["refuting"]["verbs"].split())


@functools.cache
def load_sources() -> tuple[frozenset[str], frozenset[str]]:
    """Return (lemmas of texts that speak, lemmas of nouns that name nobody)."""
    sources = _read()["sources"]
    return frozenset(sources["documents"].split()), frozenset(sources["anonymous"].split())


@functools.cache
def load_nouns() -> frozenset[str]:
    """Return the lemmas of nouns that may attribute: "his claim that"."""
    return frozenset(_read()["nouns"]["cues"].split())


@functools.cache
def load_proxies() -> frozenset[str]:
    """Return the lemmas of nouns that speak for somebody: "his lawyer", "a spokesman for the force"."""
    return frozenset(_read()["sources"]["proxies"].split())


@functools.cache
def load_things() -> frozenset[str]:
    """Return the lemmas of nouns that say nothing."""
    return frozenset(_read()["sources"]["things"].split())


@functools.cache
def _read() -> dict[str, dict[str, str]]:
    text = resources.files(__package__).joinpath("cues.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)

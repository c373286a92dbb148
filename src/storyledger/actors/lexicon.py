"""The words that the room knows: ``lexicon.toml`` and ``given_names.tsv``, read once.

Invariant: common nouns, titles, pronouns and given names only, all folded; nobody and nothing is named.
This module must not know what the words are used for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from storyledger.language import load_table

Gender = str  # "male" | "female" | "neuter"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of folded words by what they tell; see ``lexicon.toml`` for what each is."""

    titles: frozenset[str]
    ranks: frozenset[str]  # titles that are no part of a name, as "Brother" may be
    stripped_titles: frozenset[tuple[str, ...]]
    title_gender: dict[str, Gender]
    posts: frozenset[str]  # what ends the name of a post: "House Speaker"
    generals: frozenset[str]  # behind which "general" does
    portfolios: frozenset[str]  # what a minister is of
    suffixes: frozenset[str]
    particles: frozenset[str]
    articles: frozenset[str]
    weak_words: frozenset[str]
    kinds: frozenset[str]
    organs: frozenset[str]  # kinds of body that are part of a larger one
    offices: frozenset[str]  # what speaks for its holder: "the mayor's office"
    national_bodies: dict[str, str]  # what a nation has one of: "government" -> government
    name_words: dict[str, str]
    ship_prefixes: frozenset[str]
    styles: frozenset[str]  # "Her Majesty"
    government_heads: frozenset[str]
    government_acts: frozenset[str]
    government_hearers: frozenset[str]
    town_verbs: frozenset[str]
    government_relations: frozenset[str]
    pronouns: dict[str, str]  # form -> male | female | neuter | plural | first | ...
    head_types: dict[str, str]  # head noun -> contract type
    head_gender: dict[str, Gender]
    relational: frozenset[str]
    whose: frozenset[str]  # heads that say whose somebody is and no more
    synonyms: dict[str, tuple[int, ...]]  # word -> the groups that it stands in
    say: frozenset[str]
    renaming: frozenset[tuple[str, ...]]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return the room's words."""
    raw: Mapping[str, Any] = load_table(__package__, "lexicon.toml")
    titles, descriptions = raw["titles"], raw["descriptions"]
    gender = {word: g for g in ("male", "female") for word in titles[g]}
    return Lexicon(
        titles=frozenset(titles["male"] + titles["female"] + titles["any"]),
        ranks=frozenset(titles["any"]),
        stripped_titles=frozenset(tuple(t.split()) for t in titles["strip"]),
        title_gender=gender,
        posts=frozenset(titles["posts"]),
        generals=frozenset(titles["generals"]),
        portfolios=frozenset(titles["portfolios"]),
        suffixes=frozenset(titles["suffixes"]),
        particles=frozenset(raw["particles"]["words"]),
        articles=frozenset(raw["particles"]["articles"]),
        weak_words=frozenset(raw["organisation"]["weak"]),
        kinds=frozenset(raw["organisation"]["kinds"]),
        organs=frozenset(raw["organisation"]["organs"]),
        offices=frozenset(raw["organisation"]["offices"]),
        national_bodies={w: kind for kind, words in raw["national_bodies"].items() for w in words},
        name_words={w: kind for kind, words in raw["name_words"].items() for w in words},
        ship_prefixes=frozenset(titles["ship_prefixes"]),
        styles=frozenset(titles["styles"]),
        government_heads=frozenset(raw["government"]["heads"]),
        government_acts=frozenset(raw["government"]["acts"]),
        government_hearers=frozenset(raw["government"]["hearers"]),
        town_verbs=frozenset(raw["government"]["stays"]),
        government_relations=frozenset(raw["government"]["relations"]),
        pronouns=_index_pronouns(raw["pronouns"]),
        head_types=_index_heads(descriptions),
        head_gender={w: g for g in ("male", "female") for w in descriptions[f"{g}_heads"]},
        relational=frozenset(descriptions["relational"]),
        whose=frozenset(raw["roles"]["whose"]),
        synonyms=_index_synonyms(descriptions["synonyms"]),
        say=frozenset(raw["quotations"]["say"]),
        renaming=frozenset(tuple(c.split()) for c in raw["renaming"]["cues"]),
    )


def _index_pronouns(raw: dict[str, list[str]]) -> dict[str, str]:
    return {form: kind for kind in reversed(raw) for form in raw[kind]}


def _index_heads(raw: dict[str, Any]) -> dict[str, str]:
    kinds = [k for k in raw if k not in {"male_heads", "female_heads", "relational", "synonyms"}]
    return {word: kind for kind in reversed(kinds) for word in raw[kind]}


def _index_synonyms(groups: list[list[str]]) -> dict[str, tuple[int, ...]]:
    index: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        for word in group:
            index.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in index.items()}


@lru_cache(maxsize=1)
def load_given_names() -> dict[str, Gender]:
    """Return the usual gender of given names: ``{"anna": "female"}``; doubtful names are absent."""
    text = files(__package__).joinpath("given_names.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in text.splitlines())
    return {name: "male" if mark == "m" else "female" for name, mark in rows}

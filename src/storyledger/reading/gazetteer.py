"""What general knowledge adds to the network's five kinds of name.

Open data tells persons, organisations, places, demonyms and the rest; countries come from
pycountry and babel, the finer types from generic words in the name (``lexicon/name_types.toml``).
It must not know any story's names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import cast

import pycountry
from babel import Locale

from storyledger.language import load_table
from storyledger.types import NameType

SHORT_COUNTRIES = (
    "U.S.|US|U.S.A.|USA|U.K.|UK|U.A.E.|UAE|America|Britain|Great Britain|England|Scotland|Wales|Northern Ireland|"
    "Russia|Soviet Union|USSR|U.S.S.R.|Yugoslavia|Czechoslovakia|Zaire|Burma|East Germany|West Germany|Persia|Holland|"
    "Kosovo|South Korea|North Korea|Ivory Coast|Vatican|Taiwan|Palestine|Macedonia|Swaziland|Czech Republic|"
    "East Timor|DRC"
)
JOINTS = frozenset({"of", "for", "on", "and", "in", "to", "against", "between", "the", "with", "de", "at"})


@dataclass(frozen=True, slots=True)
class TypeRule:
    """A finer type, for which kinds of name, by which words or pattern."""

    type: NameType
    kinds: frozenset[str]
    last: frozenset[str]
    any: frozenset[str]
    pattern: re.Pattern[str] | None
    alone: bool  # the word may be the whole name ("Congress")


@cache
def type_rules() -> tuple[TypeRule, ...]:
    """Return the rules of ``lexicon/name_types.toml`` in their order."""
    rows = load_table(__package__, "lexicon/name_types.toml")["rule"]
    return tuple(
        TypeRule(
            cast("NameType", row["type"]),
            frozenset(row["for"]),
            frozenset(row.get("last", "").split()),
            frozenset(row.get("any", "").split()),
            re.compile(row["pattern"]) if "pattern" in row else None,
            row.get("alone", False),
        )
        for row in rows
    )


@cache
def countries() -> frozenset[str]:
    """Return the names of countries, as written and in lower case."""
    names = set(SHORT_COUNTRIES.split("|"))
    for country in pycountry.countries:
        names.update(getattr(country, field, "") for field in ("name", "common_name", "official_name"))
    territories = Locale("en").territories
    codes = {country.alpha_2 for country in pycountry.countries}
    names.update(name for code, name in territories.items() if code in codes)
    names.discard("")
    plain = {re.sub(r"\s*\(.*\)|,.*", "", n) for n in names}
    return frozenset(plain | {n.lower() for n in plain if len(n) > 3} | {n.upper() for n in plain if len(n) > 3})


@cache
def titles() -> frozenset[tuple[str, ...]]:
    """Return the titles that may stand before a name, as lower-case words."""
    lines = files(__package__).joinpath("lexicon/titles.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(tuple(line.split()) for line in lines if line and not line.startswith("#"))


def head_word(words: list[str]) -> str:
    """Return the word that says what a named thing is: before the first joint ("Ministry" of ...), else the last."""
    low = [w.lower() for w in words]
    return next((before for before, joint in pairwise(low) if joint in JOINTS), low[-1])


def fine_type(words: list[str], kind: str) -> NameType | None:
    """Return the type of a name from the network's ``kind`` and its own words.

    A country is a country whatever the network called it but a person or a demonym; then the rules of
    the lexicon in their order; then the kind itself.
    """
    if kind == "NAT":
        return "nationality"
    text = " ".join(words)
    if kind in {"LOC", "ORG", "MISC"} and text in countries():
        return "country"
    low = {w.lower() for w in words}
    head = head_word(words)
    for rule in type_rules():
        hit = (head in rule.last or bool(low & rule.any)) and (rule.alone or len(words) > 1)
        if kind in rule.kinds and (hit or (rule.pattern is not None and rule.pattern.search(text) is not None)):
            return rule.type
    plain: dict[str, NameType] = {"PER": "person", "ORG": "organisation", "LOC": "place"}
    return plain.get(kind)

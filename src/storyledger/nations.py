"""Countries, capitals, cities and demonyms, from kept sources; nothing is typed in.

Countries and their names: pycountry and CLDR (babel). Capitals and cities: GeoNames (``nations.tsv``). Demonyms are
derived: a country's name, or a word of it, with an ending of nationality ("-i", "-an", "-ese" ...), or
the name of a language whose likely territory it is. This module must not know mentions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import pycountry
from babel import Locale
from babel.core import get_global

from storyledger.caching import keep_answers
from storyledger.folding import fold_text

ENDINGS = ("n", "an", "ian", "ean", "i", "ish", "ese", "er", "ic", "nian", "lese", "sh", "ch", "k", "no", "anian")
LONGEST_FIRST = sorted(ENDINGS, key=lambda ending: (-len(ending), ending))
MIN_STEM_CHARS = 4
SHORT_FORMS = (("us", "US"), ("usa", "US"), ("uk", "GB"), ("uae", "AE"))  # CLDR has them as variants that babel drops
QUARTERS = {"n": "north", "s": "south", "e": "east", "w": "west"}
SHARED_LANGUAGES = frozenset({"en", "ar", "ku"})  # adjectives of more than one nation


@lru_cache(maxsize=1)
def read_places() -> list[list[str]]:
    """Return the rows of GeoNames that are kept: kind, country's code, name, capital or people."""
    lines = Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Folded name -> ISO code. Whole names beat parts of names; what two countries share is left out."""
    whole: dict[str, set[str]] = {name: {code} for name, code in SHORT_FORMS}
    parts: dict[str, set[str]] = {}
    english = Locale("en").territories
    known = {code: name for kind, code, name, _ in read_places() if kind == "country"}
    for country in pycountry.countries:
        code = country.alpha_2
        names = {country.name, getattr(country, "common_name", None), getattr(country, "official_name", None)}
        names |= {english.get(code), english.get(f"{code}-alt-short"), english.get(f"{code}-alt-variant")}
        names.add(known.get(code))
        for name in filter(None, names):
            whole.setdefault(_clean(name), set()).add(code)
            for form in _name_forms(name):
                parts.setdefault(_clean(form), set()).add(code)
    found = {name: codes for name, codes in parts.items() if name not in whole} | whole
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1 and len(name) > 1}


def _name_forms(name: str) -> set[str]:
    """The name, what stands before a comma or bracket, its parts around "and", what follows "of" ("America")."""
    forms = {
        name,
        name.split(",", 1)[0],
        name.split(" (", 1)[0],
        name.replace(" & ", " and "),
        name.rsplit(" of ", 1)[-1],
    }
    parts = {part for form in forms for part in re.split(r" (?:and|&) ", form) if " and " in form or " & " in form}
    return forms | parts | {p.removeprefix("Great ") for p in parts}


@keep_answers(16_384)
def _clean(name: str) -> str:
    return re.sub(r"^the ", "", fold_text(name).replace(".", "")).strip()


@lru_cache(maxsize=1)
def _capitals() -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for kind, code, _, capital in read_places():
        if kind == "country" and capital:
            found.setdefault(_clean(capital), []).append(code)
            found.setdefault(_clean(capital.split(",")[0]), []).append(code)
    return {name: codes[0] for name, codes in found.items() if len(set(codes)) == 1}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Folded name -> country of the largest city of that name."""
    best: dict[str, tuple[int, str]] = {}
    for kind, code, name, people in read_places():
        if kind == "city":
            entry = (int(people), code)
            best[_clean(name)] = max(best.get(_clean(name), entry), entry)
    return {name: code for name, (_, code) in best.items()}


@lru_cache(maxsize=1)
def _language_territories() -> dict[str, str]:
    """Name of a language -> the one territory where it is likely ("greek" -> GR)."""
    likely = get_global("likely_subtags")
    names = Locale("en").languages
    spoken = get_global("territory_languages")
    found = {}
    for language, name in sorted(names.items()):
        parts = likely.get(language, "").split("_")
        territory = parts[2] if len(parts) == 3 else language.upper()
        official = spoken.get(territory, {}).get(language, {}).get("official_status")
        if official == "official" and language not in SHARED_LANGUAGES and " " not in name:
            found[fold_text(name)] = territory
    return found


def find_country(name: str) -> str | None:
    """Return the ISO code of the country that ``name`` names ("the U.S." -> "US", "N. Korea" -> "KP"), or None."""
    key = _clean(name)
    first, _, rest = key.partition(" ")
    return _country_names().get(key) or _country_names().get(f"{QUARTERS.get(first, first)} {rest}")


@keep_answers(512)
def name_country(code: str) -> str:
    """Return the English name of the country with an ISO code, the code itself where CLDR has none."""
    return str(Locale("en").territories.get(code, code))


def find_capital(name: str) -> str | None:
    """Return the ISO code of the country whose capital ``name`` is, or None."""
    return _capitals().get(_clean(name))


def find_city(name: str) -> str | None:
    """Return the country of the largest city of that name with 100,000 people or more, or None."""
    return _cities().get(_clean(name))


@keep_answers(4096)
def find_demonym(word: str) -> str | None:
    """Return the ISO code of the country whose adjective or people ``word`` is ("Iraqi" -> "IQ"), or None."""
    key = _clean(word)
    if not word[:1].isupper():
        return None
    for form in (key, key.removesuffix("s")):
        code = _find_adjective(form)
        if code:
            return code
    return None


def _find_adjective(key: str) -> str | None:
    for ending in LONGEST_FIRST:
        if key.endswith(ending):
            stem = key[: -len(ending)]
            for form in (stem, stem + "a", stem + "e", stem + "y", stem + "o"):
                if form in _stems() and len(form) >= MIN_STEM_CHARS:
                    return _stems()[form]
    return _language_territories().get(key)


@lru_cache(maxsize=1)
def _stems() -> dict[str, str]:
    """What an ending is put to: one-word names, the telling word of longer ones, names without their ending."""
    found: dict[str, set[str]] = {}
    for name, code in _country_names().items():
        words = name.split()
        for word in {name, *[w for w in words if len(w) > 6 and w not in {"southern", "northern"}]}:
            for form in {word, re.sub(r"(land|ia|ain|any|ey|y|a)$", "", word)}:
                found.setdefault(form, set()).add(code)
    exact = {name: code for name, code in _country_names().items() if " " not in name}
    return {stem: exact.get(stem, min(codes)) for stem, codes in found.items() if len(codes) == 1 or stem in exact}

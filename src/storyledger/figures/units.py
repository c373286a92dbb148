"""Units: of measure, money, time and counting, by the word or sign beside a number.

``units.toml`` has every unit once; currencies' names are CLDR's. Invariant: the unit is one of the contract's or
"count"; a figure in a unit that the contract lacks ("miles", "MW") keeps its own value and says the unit as its first
word. This module must not know comparators or phrases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name

from storyledger.language import load_table

NEXT = re.compile(r"[\s\xa0-]*([A-Za-z%°]+(?:-hours?)?)(?:[\s\xa0]+([A-Za-z]+))?")
LONGEST_WORD = 40
OF = re.compile(r"\s+of(?=\s)")


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit and where its word ends; ``own``: the unit's own name, where the contract has none for it."""

    name: str
    end: int
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the table: its contract name ("count" without one), its own, its worth in its dimension's base."""

    name: str
    own: str | None
    dimension: str
    factor: float


@cache
def load_rows() -> tuple[tuple[Row, str, str | None], ...]:
    """Return the units with their spellings and their phrase, in the file's order."""
    return tuple(
        (
            Row(r.get("name", "count"), r.get("own"), r["dimension"], r.get("factor", 1.0)),
            r.get("spellings", ""),
            r.get("phrase"),
        )
        for r in load_table(__package__, "units.toml")["unit"]
    )


@cache
def _by_spelling() -> Mapping[str, Row]:
    return {word: row for row, spellings, _ in load_rows() for word in spellings.split()}


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], Row], ...]:
    return tuple((re.compile(phrase, re.IGNORECASE), row) for row, _, phrase in load_rows() if phrase)


@cache
def _money(key: str) -> Mapping[str, str]:
    """Return word or sign -> currency: the table's ``signs`` or ``nouns``."""
    table = load_table(__package__, "units.toml")["money"][key]
    return {word: code for code, words in table.items() for word in words.split()}


@cache
def _money_of() -> Mapping[tuple[str, str], str]:
    """Return (word before, noun) -> currency: "canadian dollar", from CLDR, singular and plural.

    What only one currency in use is called by its last two words; of two the longer name gives way.
    """
    found: dict[tuple[str, str], str] = {}
    for code in sorted(Locale("en").currencies):
        for name in {get_currency_name(code, n, "en").lower() for n in (1, 2)}:
            words = name.split()
            if len(words) == 2 and words[1].isalpha():
                found.setdefault((words[0], _single(words[1])), code)
    before = load_table(__package__, "units.toml")["money"]["before"]
    return found | {(pair.split()[0], pair.split()[1]): code for code, pair in before.items()}


def find_worth(unit: str) -> tuple[str, float] | None:
    """Return the dimension of a unit and what one is worth in its base; None where no table has it.

    Args:
        unit: a contract name, or the own name or a spelling of a unit that the contract lacks.
    """
    row = _by_name().get(unit) or _by_spelling().get(_single(unit))
    return (row.dimension, row.factor) if row is not None else None


def unit_words() -> list[str]:
    """Return the spellings of all units of measure, in the singular, the longest first."""
    return sorted(_by_spelling(), key=lambda word: (-len(word), word))


@cache
def _by_name() -> Mapping[str, Row]:
    return {row.own or row.name: row for row, _, _ in load_rows()}


def read_unit(text: str, end: int, sign: str | None) -> Unit | None:
    """Return the unit of the number that ends at ``end``, or None where a noun is counted."""
    if sign:
        return Unit(_money("signs").get(sign.lower().strip(), "USD"), end)
    for pattern, row in _phrases():
        if found := pattern.match(text, end):
            return Unit(row.name, found.end(), row.own)
    of = OF.match(text, end)
    end = of.end() if of else end
    found = NEXT.match(text, end, min(len(text), end + LONGEST_WORD))
    if found is None or (of and _single(found[1]) not in _money("nouns")):
        return None
    return _read_word(text, end, found)


def _read_word(text: str, end: int, found: re.Match[str]) -> Unit | None:
    """Return the unit that the word (or two) behind a number means."""
    if found[2] and (name := _money_of().get((found[1].lower(), _single(found[2])))):
        return Unit(name, found.end())
    word = _single(found[1])
    if word in ("m", "real", "won", "pound") and not _fits(word, text, end, found):
        return None
    row = _by_spelling().get(word)
    if row is not None:
        return Unit(row.name, found.end(1), row.own)
    money = _money("nouns").get(word)
    return Unit(money, found.end(1)) if money else None


def _fits(word: str, text: str, end: int, found: re.Match[str]) -> bool:
    """Short or double words only where they stand as a unit: "30m deep", "20,000 won", "pounds" not before "of"."""
    if word == "m":
        return text[end : end + 1] == "m" or text[end : end + 2] == " m"
    if word == "pound":
        return (found[2] or "").lower() != "of"
    return word == "won" and text[end : end + 4] == " won" and (found[2] or "").lower() not in ("the", "a", "seats")


def _single(word: str) -> str:
    lower = word.lower()
    return lower if lower in _by_spelling() or lower in _money("nouns") else lower.removesuffix("s")

"""What a group of mentions is known by, and what two groups cannot have and still be one.

Two groups contradict each other where their full names are of two people, of two bodies or of two countries, where
one is a man and the other a woman, or one a person and the other not. Asked before every join, within an article and
across articles, so that one wrong tie cannot bring two actors together. Knows names only, not where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.actors.names import (
    PersonName,
    compare_given,
    is_part_of_name,
    is_short_form,
    is_variant,
    measure_spelling,
)
from storyledger.caching import keep_answers
from storyledger.nations import find_country, find_demonym

MOST_NAMES = 12  # of a group that are compared; the first ones are the fullest
NEARLY = 0.94  # likeness of two spelt-out names that differ in a slip of the finger
GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})
SHORTEST_NEARLY = 6  # letters; below, one letter is another name


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a group: ``people`` are full names, ``bodies`` telling words of names of two words and more.

    ``countries``: ISO codes of the countries that it is named as; ``nations``: of those in the names of its bodies;
    ``genders``: as titles and pronouns say; ``kinds``: "person", "other", empty where no name is sure;
    ``ages``: (years, year of publication).
    """

    people: tuple[PersonName, ...] = ()
    bodies: tuple[tuple[str, ...], ...] = ()
    countries: frozenset[str] = frozenset()
    nations: frozenset[str] = frozenset()
    genders: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    ages: frozenset[tuple[int, int]] = frozenset()


SHORTEST_NATION = 4  # letters; "the" looks like an adjective of nationality
NOBODY = Identity()


def join_identities(a: Identity, b: Identity) -> Identity:
    """Return what both together are known by."""
    if a is NOBODY or b is NOBODY:
        return b if a is NOBODY else a
    return Identity(
        tuple(dict.fromkeys((*a.people, *b.people)))[:MOST_NAMES],
        tuple(dict.fromkeys((*a.bodies, *b.bodies)))[:MOST_NAMES],
        a.countries | b.countries,
        a.nations | b.nations,
        a.genders | b.genders,
        a.kinds | b.kinds,
        a.ages | b.ages,
    )


def find_contradiction(a: Identity, b: Identity) -> str | None:
    """Return in words why two groups cannot be one, None where nothing speaks against it."""
    if a is NOBODY or b is NOBODY:
        return None
    for one, two, why in (
        (a.genders, b.genders, "one is a woman, the other a man"),
        (a.kinds, b.kinds, "one is a person, the other is not"),
        (a.countries, b.countries, "they are two countries"),
        (a.nations, b.nations, "they belong to two nations"),
    ):
        if one and two and one.isdisjoint(two):
            return why
    if a.people and b.people and are_other_people(a.people, b.people):
        return "their full names differ"
    if a.bodies and b.bodies and are_other_bodies(a.bodies, b.bodies):
        return "their names are of two bodies"
    if a.ages and b.ages and not any(_same_age(x, y) for x in a.ages for y in b.ages):
        return "they are of another age"
    return None


def are_other_people(one: Sequence[PersonName], two: Sequence[PersonName]) -> bool:
    """Tell whether no full name of one fits one of the other, or one family has two given names."""
    pairs = [(p, q) for p in one for q in two]
    return not any(fit_people(p, q) for p, q in pairs) or any(_are_relatives(p, q) for p, q in pairs)


def fit_people(p: PersonName, q: PersonName) -> bool:
    """Tell whether two full names may be one person's: spellings, initials, a part of a longer one."""
    if _are_generations(p, q):
        return False
    if p.family == q.family or is_variant(p.family, q.family):
        return compare_given(p.given, q.given) != "other"
    one, two = {*p.given, p.family}, {*q.given, q.family}
    return one <= two or two <= one or is_part_of_name(p, q)  # a part of it, or the family name first


def _are_generations(p: PersonName, q: PersonName) -> bool:
    """Tell whether one is the other's son or forebear: "Jr." and "Sr.", "II" and "III"."""
    return p.suffix != q.suffix and {p.suffix, q.suffix} <= GENERATIONS


def _are_relatives(p: PersonName, q: PersonName) -> bool:
    if _are_generations(p, q):
        return True
    return (p.family == q.family or is_variant(p.family, q.family)) and compare_given(p.given, q.given) == "other"


def are_other_bodies(one: Sequence[tuple[str, ...]], two: Sequence[tuple[str, ...]]) -> bool:
    """Tell whether no spelt-out name of one may be another form of one of the other."""
    return not any(fit_bodies(s, t) for s in one for t in two)


def fit_bodies(s: tuple[str, ...], t: tuple[str, ...]) -> bool:
    """Tell whether two names of telling words may name one body: the same words, a part, or a slip of spelling."""
    one, two = set(s), set(t)
    return one <= two or two <= one or is_short_form(s, t) or is_short_form(t, s) or are_nearly(s, t)


def are_nearly(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether two names of telling words differ in their spelling only."""
    if a == b:
        return True
    one, two = " ".join(a), " ".join(b)
    if min(len(one), len(two)) < SHORTEST_NEARLY:
        return False
    if len(a) == len(b):
        return all(x == y or is_variant(x, y) for x, y in zip(a, b, strict=True))
    return measure_spelling(one.replace(" ", ""), two.replace(" ", "")) >= NEARLY


def _same_age(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Tell whether two ages, each with its year, may be one person's: the years between them, give or take one."""
    return abs((a[0] - b[0]) - (a[1] - b[1])) <= 1


def find_nations(words: Sequence[str]) -> frozenset[str]:
    """Return the nations that the words of a phrase tell ("Iraqi Parliament" -> IQ, "North Korean army" -> KP)."""
    return _find_nations(tuple(words))


@keep_answers(65_536)
def _find_nations(words: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    at = 0
    while at < len(words):
        pair = " ".join(w.capitalize() for w in words[at : at + 2])
        code = (find_demonym(pair) or find_country(pair)) if " " in pair else None
        long = len(words[at]) >= SHORTEST_NATION or words[at] in {"us", "uk", "uae"}
        if code is None and long:
            at, code = at + 1, find_demonym(words[at].capitalize()) or find_country(words[at])
        else:
            at += 2 if code else 1
        found |= {code} if code else set()
    return frozenset(found)

"""Names of one article brought together, from precise to bold.

Exact names, full and family names, acronyms with their definitions, shortened names of bodies, countries by any
name, and renamings said in so many words. Two people of one family name stay apart. Knows one article only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from storyledger.actors.acronyms import tie_defined, tie_letters
from storyledger.actors.chains import Chains
from storyledger.actors.identity import GENERATIONS
from storyledger.actors.kinds import settle_kinds
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark, guess_gender
from storyledger.actors.names import (
    PersonName,
    compare_given,
    content_words,
    is_acronym,
    is_part_of_name,
    is_short_form,
    is_slip,
    is_variant,
    parse_person,
)
from storyledger.actors.page import Page
from storyledger.folding import fold_text
from storyledger.nations import find_country


def tie_names(page: Page, marks: list[Mark], chains: Chains) -> None:
    """Join the names among ``marks`` that mean one thing."""
    names = [m for m in marks if m.kind == "name"]
    settle_kinds(page, names)
    shared = tie_defined(page, names, chains)
    _tie_exact([m for m in names if m.index not in shared], chains)
    _tie_people(names, chains)
    tie_letters([m for m in names if m.index not in shared], chains)
    _tie_countries(names, chains)
    _tie_weak(names, chains)
    _tie_shortened(names, chains)
    _tie_kinds(names, chains)
    _tie_renamed(page, names, chains)


def _key(mark: Mark) -> tuple[object, ...]:
    return mark.words, mark.stands_for, mark.coarse == "person"


def _tie_exact(names: list[Mark], chains: Chains) -> None:
    first: dict[tuple[object, ...], Mark] = {}
    for mark in names:
        if len(mark.words) == 1 and mark.coarse == "person":
            continue
        known = first.setdefault(_key(mark), mark)
        if known is not mark:
            chains.join(mark.index, known.index, 0.99, "the same name in one article")


def _tie_people(names: list[Mark], chains: Chains) -> None:
    people = [(m, p) for m in names if m.coarse == "person" and (p := parse_person(m.text)) is not None]
    full = [(m, p) for m, p in people if p.given]
    by_family: dict[str, list[tuple[Mark, PersonName]]] = {}
    for mark, parts in full:
        _tie_full_name(mark, parts, by_family.get(parts.family, []), chains)
        by_family.setdefault(parts.family, []).append((mark, parts))
    _tie_spellings(full, chains)
    for mark, parts in people:
        if not parts.given:
            _tie_single_name(mark, parts, full, by_family, chains)
    _tie_leftovers([(m, p.family) for m, p in people if not p.given], chains)


def _tie_full_name(mark: Mark, parts: PersonName, known: list[tuple[Mark, PersonName]], chains: Chains) -> None:
    for other, its in reversed(known):
        likeness = compare_given(parts.given, its.given)
        if likeness in {"same", "initial", "variant"} and not _genders_clash(mark, other):
            reason = (
                "the same family name and given name"
                if likeness == "same"
                else "the same family name, the given name shortened or spelt otherwise"
            )
            chains.join(mark.index, other.index, 0.97 if likeness == "same" else 0.93, reason)
            return


def _tie_spellings(full: list[tuple[Mark, PersonName]], chains: Chains) -> None:
    """Join full names whose family names are spelt in two ways or told in part; one article has few of them."""
    distinct = {p: m for m, p in reversed(full)}
    rows = sorted(distinct.items(), key=lambda r: r[1].index)
    for i, (parts, mark) in enumerate(rows[:60]):
        for its, other in rows[:i]:
            spelt = parts.family != its.family and is_variant(parts.family, its.family)
            likeness = compare_given(parts.given, its.given)
            if spelt and (
                likeness in {"same", "variant"} or (likeness == "initial" and is_slip(parts.family, its.family))
            ):
                chains.join(mark.index, other.index, 0.9, "spellings of one name")
            elif is_part_of_name(parts, its):
                chains.join(mark.index, other.index, 0.92, "the same name with more or fewer family names")


def _tie_single_name(
    mark: Mark,
    parts: PersonName,
    full: list[tuple[Mark, PersonName]],
    by_family: dict[str, list[tuple[Mark, PersonName]]],
    chains: Chains,
) -> None:
    candidates = by_family.get(parts.family, [])
    reason, probability = "the family name of a person named in full in this article", 0.96
    if not candidates:
        candidates = [(m, p) for m, p in full if parts.family in p.given[:1]]
        reason, probability = "the given name of a person named in full in this article", 0.9
    if not candidates:
        candidates = [(m, p) for m, p in full if is_slip(parts.family, p.family)]
        reason, probability = "the family name of a person of this article, spelt otherwise", 0.85
    if parts.suffix in GENERATIONS:
        return  # "Queen Elin II" is nobody's given or family name
    fitting = [m for m, _ in candidates if not _genders_clash(mark, m) and not _offices_clash(mark, m)]
    if len({chains.find(m.index) for m in fitting}) == 1:  # of two who bear it, neither: it stays open
        chosen = choose_nearest(mark, fitting)
        if chosen is not None:
            chains.join(mark.index, chosen.index, probability, reason)


def _tie_leftovers(singles: list[tuple[Mark, str]], chains: Chains) -> None:
    """Join family names that nobody of the article has in full; "Al Marwan" and "Marwan" are one."""
    first: dict[str, Mark] = {}
    for mark, family in singles:
        if len(chains.members(mark.index)) == 1 or family in first:
            known = first.setdefault(family, mark)
            if known is not mark and len(chains.members(mark.index)) == 1:
                chains.join(mark.index, known.index, 0.97, "the same name in one article")


def choose_nearest(mark: Mark, candidates: Iterable[Mark]) -> Mark | None:
    """Return the last candidate before ``mark``, else the first after it."""
    rows = list(candidates)
    before = [m for m in rows if m.index < mark.index]
    after = [m for m in rows if m.index > mark.index]
    return max(before, key=lambda m: m.index) if before else min(after, key=lambda m: m.index) if after else None


def _offices_clash(mark: Mark, other: Mark) -> bool:
    """Tell whether two names stand with two offices: "former President Holm" is not "Secretary Ada Holm"."""
    ranks = load_lexicon().ranks - {"former", "ex", "late", "acting", "retired", "deputy", "vice", "prime", "foreign"}
    one, two = (set(m.titles) & ranks - CIVIL for m in (mark, other))
    return bool(one and two) and one.isdisjoint(two)


CIVIL = frozenset({"dr", "prof", "professor", "hon", "rev", "reverend", "mp"})


def _genders_clash(a: Mark, b: Mark) -> bool:
    one, two = (m.gender or guess_gender(m.words) for m in (a, b))
    said = {m.gender for m in (a, b) if m.titles}
    return one is not None and two is not None and one != two and bool(said - {None})


def _tie_countries(names: list[Mark], chains: Chains) -> None:
    first: dict[str, Mark] = {}
    for mark in names:
        code = (
            find_country(mark.text)
            if mark.coarse in {"place", "organisation", None} and mark.stands_for is None
            else None
        )
        if code and (len(mark.text) > 2 or mark.text.isupper()):
            known = first.setdefault(code, mark)
            if known is not mark:
                chains.join(mark.index, known.index, 0.98, "names of one country")


def _tie_weak(names: list[Mark], chains: Chains) -> None:
    """Join "Acme" and "Acme Corporation", "University of X" and "X University": the same telling words."""
    first: dict[tuple[str, ...], Mark] = {}
    for mark in names:
        if mark.coarse in {"organisation", "thing"} and mark.stands_for is None:
            known = first.setdefault(tuple(sorted(content_words(mark.text))), mark)
            if known is not mark and known.words != mark.words:
                chains.join(mark.index, known.index, 0.95, "the same name but for words such as Company")


def _tie_shortened(names: list[Mark], chains: Chains) -> None:
    """Join "Acme" to "Acme Industries": its telling words begin or end one longer name, and only one."""
    longer: dict[str, list[tuple[Mark, tuple[str, ...]]]] = {}
    for mark in names:
        words = content_words(mark.text)
        if mark.coarse in {"organisation", "thing", "event", None} and len(words) > 1:
            for word in {words[0], words[-1]}:
                longer.setdefault(word, []).append((mark, words))
    for mark in names:
        if mark.coarse not in {"organisation", "thing", None} or is_acronym(mark.text) or find_country(mark.text):
            continue
        short = content_words(mark.text)
        if not short:
            continue  # "&" or an ending alone: a slip of the reader
        fitting = [
            m
            for m, words in [*longer.get(short[0], []), *longer.get(short[-1], [])]
            if is_short_form(short, words) and _same_class(mark, m)
        ]
        rivals = {chains.find(m.index) for m in fitting} - {chains.find(mark.index)}
        if len(rivals) == 1:
            chosen = choose_nearest(mark, [m for m in fitting if chains.find(m.index) in rivals])
            if chosen is not None:
                chains.join(mark.index, chosen.index, 0.92, "a short form of a name in this article")


def _tie_kinds(names: list[Mark], chains: Chains) -> None:
    """Join "the Committee" to the one longer name of the article that has the word for what it is."""
    kinds = load_lexicon().kinds
    for mark in names:
        if mark.article is None or len(mark.words) != 1 or mark.words[0] not in kinds or mark.coarse == "person":
            continue
        fitting = [m for m in names if len(m.words) > 1 and mark.words[0] in (m.words[0], m.words[-1])]
        fitting = [m for m in fitting if m.coarse != "person" and chains.find(m.index) != chains.find(mark.index)]
        if len({chains.find(m.index) for m in fitting}) == 1 and len(chains.members(mark.index)) < MOST_ALONE:
            nearest = choose_nearest(mark, fitting)
            if nearest is not None:
                chains.join(mark.index, nearest.index, 0.88, "the word for what the one such body of the article is")


MOST_ALONE = 40  # a word that stands more often than that is the name itself


def _same_class(a: Mark, b: Mark) -> bool:
    return a.coarse == b.coarse or a.coarse is None or b.coarse is None


def _tie_renamed(page: Page, names: list[Mark], chains: Chains) -> None:
    """Join two names with nothing between them but words of renaming ("X, now called Y")."""
    for left, right in pairwise(names):
        if left.sentence != right.sentence or not _same_class(left, right):
            continue
        between = fold_text(page.text[left.end : right.start]).strip(" ,()-")
        after = fold_text(page.text[right.end : right.end + 60])
        if _says_renamed(between) or (
            between == "as"
            and re.match(r",?\s*(?:is|has been|was) (?:now |since )?(?:called|known|named|renamed)", after)
        ):
            chains.join(
                right.index,
                left.index,
                0.94,
                "the article says that one is the other's new, former or other name",
                stated=True,
            )


def _says_renamed(between: str) -> bool:
    words = between.split()
    if not 0 < len(words) <= 9 or words == ["or"]:
        return False
    loose = {
        "which",
        "that",
        "it",
        "has",
        "had",
        "have",
        "been",
        "was",
        "is",
        "as",
        "since",
        "then",
        "the",
        "company",
        "its",
        "to",
        "in",
        "later",
        "itself",
    }
    for cue in load_lexicon().renaming:
        for i in range(len(words) - len(cue) + 1):
            if tuple(words[i : i + len(cue)]) == cue and cue not in {("or",), ("now",), ("born",)}:
                rest = words[:i] + words[i + len(cue) :]
                if all(w in loose or w.isdigit() for w in rest):
                    return True
    return words == ["now"]

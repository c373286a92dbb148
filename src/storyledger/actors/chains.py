"""Chains of mentions inside one article: a forest of links, so that every tie keeps its reason and its weight.

Invariant: links only join different chains, so they form trees, and cutting one link parts a chain in two. Chains that
contradict each other are never joined, but where the article itself says that they are one.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass

from storyledger.actors.identity import NOBODY, Identity, find_contradiction, find_nations, join_identities
from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.names import content_words, is_acronym, parse_person
from storyledger.nations import find_country


@dataclass(frozen=True, slots=True)
class Tie:
    """Mention ``a`` and mention ``b`` (mark indices) are one, with what probability and why."""

    a: int
    b: int
    probability: float
    reason: str


class Chains:
    """The chains of an article's marks."""

    def __init__(self, marks: list[Mark]) -> None:
        """Start with every mark alone."""
        self.marks = marks
        self.ties: list[Tie] = []
        self._parent = list(range(len(marks)))
        self._members = {i: [i] for i in range(len(marks))}
        self._known: dict[int, Identity] = {}

    def find(self, i: int) -> int:
        """Return the chain of mark ``i``: the index of one of its marks."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def identity(self, i: int) -> Identity:
        """Return what the chain of mark ``i`` is known by."""
        chain = self.find(i)
        if chain not in self._known:  # a chain of one mark: others are known since they were joined
            self._known[chain] = identify_mark(self.marks[chain])
        return self._known[chain]

    def may_join(self, a: int, b: int) -> bool:
        """Tell whether nothing in the chains of two marks contradicts."""
        return find_contradiction(self.identity(a), self.identity(b)) is None

    def join(self, a: int, b: int, probability: float, reason: str, *, stated: bool = False) -> bool:
        """Tie two marks; False where they are in one chain already or cannot be one.

        ``stated``: the article says so itself ("X, now called Y"); its word beats what the names look like.
        """
        one, two = self.find(a), self.find(b)
        if one == two or not (stated or self.may_join(one, two)):
            return False
        known = join_identities(self.identity(one), self.identity(two))
        keep, drop = min(one, two), max(one, two)
        self._parent[drop] = keep
        few, many = sorted((self._members[keep], self._members.pop(drop)), key=len)
        self._members[keep] = sorted(many + few) if len(few) > 8 else _put_in(few, many)
        self._known[keep] = known
        self.ties.append(Tie(max(a, b), min(a, b), probability, reason))
        return True

    def members(self, i: int) -> list[Mark]:
        """Return the marks of the chain of mark ``i`` in text order."""
        return [self.marks[k] for k in self._members[self.find(i)]]

    def member_indices(self, i: int) -> list[int]:
        """Return the indices of the marks of the chain of mark ``i``, in order."""
        return self._members[self.find(i)]

    def groups(self) -> list[list[int]]:
        """Return all chains as lists of mark indices, by first mention."""
        return [self._members[k] for k in sorted(self._members)]


def _put_in(few: list[int], many: list[int]) -> list[int]:
    """Return both in order: a long chain grows by one mention at a time."""
    both = many.copy()
    for i in few:
        insort(both, i)
    return both


def identify_mark(mark: Mark) -> Identity:
    """Return what one mention is known by; a pronoun tells a gender, a title one, a description with its noun too."""
    said = frozenset({mark.gender}) if mark.gender in {"male", "female"} and _says_gender(mark) else frozenset[str]()
    if mark.kind == "pronoun":
        return Identity(genders=said) if said else NOBODY
    if mark.kind == "nominal":
        nations = find_nations(mark.words) if mark.coarse in {"person", "organisation"} else frozenset[str]()
        return Identity(genders=said, nations=nations) if said or nations else NOBODY
    if mark.coarse == "person":
        return _identify_person(mark, said)
    words = content_words(mark.text)
    code = find_country(mark.text) if mark.stands_for is None else None
    full = len(words) > 1 and not is_acronym(mark.text)
    return Identity(
        bodies=(words,) if full and not code else (),
        countries=frozenset({code}) if code and mark.coarse in {"place", "organisation", None} else frozenset(),
        nations=find_nations(words) if full and not code and mark.coarse == "organisation" else frozenset(),
        kinds=frozenset({"other"}) if full or code else frozenset(),
    )


def _identify_person(mark: Mark, said: frozenset[str]) -> Identity:
    parts = parse_person(mark.text)
    full = parts is not None and bool(parts.given)
    return Identity(
        people=(parts,) if parts is not None and full else (),
        genders=said,
        kinds=frozenset({"person"}) if full or mark.titles else frozenset(),
    )


def _says_gender(mark: Mark) -> bool:
    """Tell whether the gender is said, and not guessed from a given name."""
    lexicon = load_lexicon()
    told = (t in lexicon.title_gender or t in lexicon.head_gender for t in mark.titles)
    return mark.kind != "name" or any(told)

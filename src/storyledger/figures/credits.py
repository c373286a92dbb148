"""Whose number it is by the words of its sentence: "the union counts 48", "by the clinic's register".

Known speakers of marked statements are few; most rivals are told in passing ("the company by 26,500"). Invariant: a
credit is a pure function of the reading and the place; words alone, no actor. This module must not know quantities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyledger.language import stem_word
from storyledger.types import Reading, Token

from .lexicon import crediting_nouns, crediting_verbs

HEADS = 7  # steps up the tree from a number to the verb that credits it
_SUBJECT = ("nsubj", "nsubj:pass", "csubj", "csubj:pass")
_SELF = frozenset(("i", "we", "my", "our", "me", "us"))
_OTHER = frozenset(("he", "she", "they", "his", "her", "their"))
_NAMING = ("NOUN", "PROPN", "ADJ")
_INSIDE = ("compound", "flat", "amod", "nmod", "appos", "nmod:poss", "case", "det")
_SOURCES = frozenset(("according", "per"))
_OFFICIAL = frozenset(("official", "unofficial"))
_ASIDE = ("parataxis", "conj")  # a clause with a subject of its own beside another clause


@dataclass(frozen=True, slots=True)
class Tree:
    """The tokens of a reading with the dependents of each."""

    tokens: Sequence[Token]
    dependents: tuple[tuple[int, ...], ...]


def grow_tree(reading: Reading) -> Tree:
    """Return the reading's tokens with the dependents of each, in order."""
    under: list[list[int]] = [[] for _ in reading.tokens]
    for n, token in enumerate(reading.tokens):
        if token.head != n and 0 <= token.head < len(under):
            under[token.head].append(n)
    return Tree(reading.tokens, tuple(map(tuple, under)))


def find_credit(tree: Tree, first: int, last: int) -> frozenset[str]:
    """Return the stems of what tokens ``first`` to ``last`` (exclusive) are credited to, empty where nobody is.

    The nearest of: an owner ("the ministry's 27"), a count that is somebody's ("the union's register lists 48"), the
    subject of a verb of telling or counting, "according to", who stands beside an omitted verb. "I" and "we" are one
    credit, "he" and "she" another. A clause that is set beside another lends it nothing.
    """
    if first >= last or last > len(tree.tokens):
        return frozenset()
    place = next((n for n in range(first, last) if not first <= tree.tokens[n].head < last), first)
    seen: set[int] = set(range(first, last))
    for _ in range(HEADS):
        found = _owner(tree, place, seen) or _told_by(tree, place, seen) or _left_over(tree, place, seen)
        if found:
            return found
        token = tree.tokens[place]
        own = any(tree.tokens[n].deprel in _SUBJECT for n in tree.dependents[place])
        if token.head == place or not 0 <= token.head < len(tree.tokens) or (own and token.deprel in _ASIDE):
            break
        seen.add(place)
        place = token.head
    return frozenset()


def are_rivals(a: frozenset[str], b: frozenset[str]) -> bool:
    """Return whether two credits name two sources: both name one, and they share no word."""
    return bool(a) and bool(b) and not a & b


def _owner(tree: Tree, place: int, seen: set[int]) -> frozenset[str]:
    """The owner of a number or of a count: "the ministry's 27", "the official toll"."""
    token = tree.tokens[place]
    counts = token.lemma.lower() in crediting_nouns()
    for n in tree.dependents[place]:
        child = tree.tokens[n]
        if n in seen:
            continue
        if child.deprel == "nmod:poss" and (counts or token.upos == "NUM"):
            return _name(tree, n)
        if counts and (child.deprel == "compound" or child.lemma.lower() in _OFFICIAL):
            return _name(tree, n)
    return frozenset()


def _told_by(tree: Tree, place: int, seen: set[int]) -> frozenset[str]:
    """Who tells what stands at ``place``: its subject, an agent, a clause set in beside it, "according to"."""
    if _credits(tree, place):
        subject = next((c for c in tree.dependents[place] if tree.tokens[c].deprel == "nsubj"), None)
        if subject is not None and subject not in seen:
            return _name(tree, subject)
    for n in tree.dependents[place]:
        if n in seen:
            continue
        relation, cases = tree.tokens[n].deprel, {tree.tokens[c].lemma.lower() for c in tree.dependents[n]}
        if relation == "parataxis" and _credits(tree, n) and not _holds_number(tree, n):
            subject = next((c for c in tree.dependents[n] if tree.tokens[c].deprel == "nsubj"), None)
            if subject is not None:
                return _name(tree, subject)
        if cases & _SOURCES or ("by" in cases and tree.tokens[n].lemma.lower() in crediting_nouns()):
            return _owner(tree, n, seen) or _name(tree, n)
        if "by" in cases and relation.startswith("obl") and _credits(tree, place):
            return _name(tree, n)
        if relation.startswith("acl") and _credits(tree, n):
            agent = next((c for c in tree.dependents[n] if _is_agent(tree, c)), None)
            if agent is not None:
                return _name(tree, agent)
    return frozenset()


def _credits(tree: Tree, place: int) -> bool:
    return tree.tokens[place].upos in ("VERB", "AUX") and tree.tokens[place].lemma.lower() in crediting_verbs()


def _is_agent(tree: Tree, place: int) -> bool:
    by = any(tree.tokens[c].lemma.lower() == "by" for c in tree.dependents[place])
    return by and tree.tokens[place].deprel.startswith("obl") and tree.tokens[place].upos in _NAMING


def _holds_number(tree: Tree, place: int) -> bool:
    """Whether a clause set beside another tells a number of its own: then it credits that one."""
    below = [c for n in tree.dependents[place] for c in (n, *tree.dependents[n])]
    return any(tree.tokens[c].upos == "NUM" for c in below)


def _left_over(tree: Tree, place: int, seen: set[int]) -> frozenset[str]:
    """Who stands beside a verb that is left out: "the alliance stands by its 38,000, the company by 26,500"."""
    token = tree.tokens[place]
    if any(tree.tokens[n].deprel == "orphan" and n in seen for n in tree.dependents[place]) and token.upos in _NAMING:
        return _name(tree, place)
    return frozenset()


def _name(tree: Tree, place: int) -> frozenset[str]:
    """The stems of a noun phrase, without clauses; persons of pronouns as one word each."""
    word = tree.tokens[place].lemma.lower()
    if tree.tokens[place].upos == "PRON" or word in _SELF | _OTHER:
        return frozenset(("#self",)) if word in _SELF else frozenset(("#other",)) if word in _OTHER else frozenset()
    owner = {"#self" for n in tree.dependents[place] if tree.tokens[n].lemma.lower() in _SELF}
    words = {stem_word(tree.tokens[n].lemma.lower()) for n in _phrase(tree, place) if tree.tokens[n].upos in _NAMING}
    return frozenset(words | owner)


def _phrase(tree: Tree, place: int) -> Iterator[int]:
    yield place
    for n in tree.dependents[place]:
        if tree.tokens[n].deprel in _INSIDE and abs(n - place) <= HEADS:
            yield from _phrase(tree, n)

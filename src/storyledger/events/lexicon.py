"""Senses of predicates: which kind of event a verb or an event noun tells, as data.

One job: load ``data/senses.toml`` and ``data/classes.toml`` once and answer "which sense has this
lemma, given what stands around it". Invariant: the answer depends on the files and the arguments
only. This module must not know trees or readings; callers describe the surroundings as a ``Scene``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from storyledger.language import load_table
from storyledger.language import load_words as load_list

_ENTRY = re.compile(r"\s*([^,{]+?)\s*(?:\{([^}]*)\})?\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Sense:
    """A sense group: its PLOVER type, Goldstein-like weight, how often a reader would list it."""

    group: str
    type: str
    weight: float
    salience: float
    who: str  # who acts and who is acted on: a scheme of arguments.py, see senses.toml
    whereabouts: frozenset[str] = frozenset()  # prepositions that say where, not whom


@dataclass(frozen=True, slots=True)
class Entry:
    """One lexicon line: the words, what must stand around it, and the sense that it then has."""

    words: tuple[str, ...]
    needs: tuple[tuple[str, str], ...]  # (slot, class); slot: "" any, "o", "s" or a preposition; class "-o": no object
    sense: Sense


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands around a predicate: keys of its arguments, by slot.

    A key is a head lemma or ``#type`` of a name or resolved actor. ``follows``: lemmas of particles,
    prepositions and objects that may complete a multi-word entry ("call off", "take to court").
    """

    subjects: frozenset[str] = field(default=frozenset())
    objects: frozenset[str] = field(default=frozenset())
    others: frozenset[str] = field(default=frozenset())
    by_preposition: tuple[tuple[str, frozenset[str]], ...] = ()
    follows: frozenset[str] = field(default=frozenset())
    particles: frozenset[str] = field(default=frozenset())  # of the verb itself: "off" of "call off a march on"
    has_infinitive: bool = False
    has_clause: bool = False
    has_object: bool = False  # a direct object of its own
    has_obligation: bool = False  # a "must" or "should" in what is said
    has_condition: bool = False  # an "if" or "unless" in what is said


@cache
def load_classes() -> dict[str, frozenset[str]]:
    """Return the noun classes: class name to lemmas and ``#type`` keys, inclusions resolved."""
    raw = load_table(__package__, "data/classes.toml")
    rows = {name: [word.strip() for word in line.split(",")] for name, line in raw.items()}

    def expand(name: str) -> frozenset[str]:
        words: set[str] = set()
        for word in rows[name]:
            words |= expand(word[1:]) if word.startswith("@") else {word}
        return frozenset(words)

    return {name: expand(name) for name in rows}


@cache
def load_words(name: str) -> frozenset[str]:
    """Return one of the closed lists of ``data/words.toml``."""
    return load_list(__package__, "data/words.toml", name)


@cache
def load_senses() -> dict[str, Sense]:
    """Return the sense groups by name."""
    raw = load_table(__package__, "data/senses.toml")
    return {
        name: Sense(
            name,
            row["type"],
            row["weight"],
            row["salience"],
            row.get("who", "ag"),
            frozenset(row.get("whereabouts", "").split()),
        )
        for name, row in raw.items()
    }


def iter_entries(part: str) -> Iterator[Entry]:
    """Yield the entries of ``part`` ("verbs" or "nouns") in file order."""
    raw = load_table(__package__, "data/senses.toml")
    for name, row in raw.items():
        sense = load_senses()[name]
        otherwise = {
            word: replace(sense, who=who) for who, words in row.get("who_of", {}).items() for word in words.split()
        }
        for match in _ENTRY.finditer(row.get(part, "")):
            needs = tuple(_read_need(need) for need in (match[2] or "").split(";") if need)
            words = tuple(match[1].lower().split())
            yield Entry(words, needs, otherwise.get(words[-1 if part == "nouns" else 0], sense))


def _read_need(need: str) -> tuple[str, str]:
    slot, colon, name = need.strip().partition(":")
    return (slot, name.replace(" ", "_")) if colon else ("", slot.replace(" ", "_"))


@cache
def _index(part: str) -> dict[str, tuple[Entry, ...]]:
    """Entries by head word (a verb's first, a noun's last); the most demanding first, ties in file order."""
    by_word: dict[str, list[Entry]] = {}
    for entry in iter_entries(part):
        by_word.setdefault(entry.words[-1 if part == "nouns" else 0], []).append(entry)
    return {
        word: tuple(sorted(entries, key=lambda entry: -(4 * len(entry.words) + 3 * len(entry.needs))))
        for word, entries in by_word.items()
    }


def find_sense(lemma: str, *, is_noun: bool, scene: Scene) -> Sense | None:
    """Return the sense of ``lemma`` in ``scene``; None where the lexicon has none that fits.

    The entry with most words and conditions that hold wins; one with the verb's particle before one without.
    """
    entries = _index("nouns" if is_noun else "verbs").get(lemma, ())
    for entry in sorted(entries, key=lambda entry: scene.particles.isdisjoint(entry.words[1:])):
        rest = entry.words[:-1] if is_noun else entry.words[1:]
        if scene.follows.issuperset(rest) and _fits(entry, scene):
            return entry.sense
    return None


def _fits(entry: Entry, scene: Scene) -> bool:
    return all(_holds(slot, name, scene) for slot, name in entry.needs)


def _holds(slot: str, name: str, scene: Scene) -> bool:
    if name == "vp":
        return scene.has_infinitive
    if name == "that":
        return scene.has_clause
    if slot.startswith("-") or name.startswith("-"):
        return not scene.has_object
    if name == "if":
        return scene.has_condition
    if name == "must":
        return scene.has_obligation
    words = load_classes()[name]
    if words == {name + ":"}:  # the class stands for its preposition: "call{for}"
        return any(preposition == name for preposition, _ in scene.by_preposition)
    if slot == "s":
        return bool(words & scene.subjects)
    if slot == "o":
        return bool(words & scene.objects)
    if slot:
        return any(preposition == slot and words & keys for preposition, keys in scene.by_preposition)
    return bool(words & (scene.subjects | scene.objects | scene.others)) or any(
        words & keys for _, keys in scene.by_preposition
    )


@cache
def known_lemmas(*, is_noun: bool) -> frozenset[str]:
    """Return every head word of the lexicon's verbs or nouns."""
    return frozenset(_index("nouns" if is_noun else "verbs"))


@cache
def groups_of(lemma: str) -> frozenset[str]:
    """Return the sense groups that a verb or noun can have; empty where the lexicon does not know it."""
    found = {entry.sense.group for entry in _index("verbs").get(lemma, ()) if len(entry.words) == 1}
    found |= {entry.sense.group for entry in _index("nouns").get(lemma, ())}
    return frozenset(found)


def phrase_groups(lemma: str, words: Collection[str]) -> frozenset[str]:
    """Return the sense groups of a verb's phrases of several words whose other words stand in ``words``."""
    entries = _index("verbs").get(lemma, ())
    return frozenset(e.sense.group for e in entries if len(e.words) > 1 and all(w in words for w in e.words[1:]))


_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"))


def base_forms(word: str) -> tuple[str, ...]:
    """Return the word and what it may be an inflection of, doubled consonants undone; the lexicon decides."""
    forms = [word]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            forms.append(stem + instead)
            if not instead and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
    return tuple(forms)


def find_known(lemma: str, word: str, *, is_noun: bool) -> str | None:
    """Return the form of a predicate that the lexicon knows: its lemma, else what its word may be a form of.

    A reader's lemma errs on rare words ("shelled" as "shel"); the endings do not.
    """
    known = known_lemmas(is_noun=is_noun)
    for form in (lemma, lemma.replace("-", ""), *base_forms(word)):
        if form in known:
            return form
    return None

"""Whether what a page only describes ("the rescuers", "the bill", "a man in a hat") is an actor of it.

The second network's word on each description, what it is said to be, how often and where the page says it are
features; ``somebody.json`` holds their weights, fitted by ``train/somebody.py`` to the marked stories as networks read
them that had not seen them. This module must not know how mentions are joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.page import Page
from storyledger.linkage import load_weights
from storyledger.nations import find_demonym

Floats = NDArray[np.float64]
# out of fold on the marked stories 2,207 and 1,868 chains (invented, Wikinews) with 1,283 and 1,438 marked mentions; by
# words for people and bodies, as before, 3,131 and 1,769 with 1,197 and 1,052
SURE = 0.3
TYPES = (
    "person", "organisation", "armed_group", "government", "group", "facility", "outlet", "publication", "agreement",
    "event_name", "place", "country", "weapon_system",
)  # fmt: skip
FORMS = ("definite", "indefinite", "possessive", "demonstrative", "bare")
STANDING = ("described", "begins", "named", "said by somebody", "said by nobody", "role")

# in the weights' order: name -> what it says
FEATURES: dict[str, str] = {
    **{f"{name}, highest": f"the network's highest word on one of them: {name}" for name in STANDING},
    "described, mean": "its mean word that they describe an actor",
    "score": "the reader's highest score of one of them",
    "descriptions": "how many, as logarithm",
    "pronouns": "how many pronouns are tied to them, as logarithm",
    "subjects": "the share that are subjects",
    "objects": "the share that are objects",
    "possessives": "the share that own something",
    "sentence": "where the first stands, as logarithm",
    "sentences": "over how many sentences they stand, as logarithm",
    "words": "words of the longest, as logarithm",
    "plural": "one is a plural",
    "known": "the lexicon knows what its noun is",
    "fits": "and that is its type",
    "relational": "its noun is somebody's: leader, member",
    "people": "its noun names a people: the Danes",
    "national": "an adjective of nationality stands in one of them",
    "names inside": "names in the phrases, as logarithm",
    "named with its noun": "names of the page that hold its noun",
    "named of its kind": "names of the page of its type, as logarithm",
    "said again": "other descriptions of the page with its noun, as logarithm",
    **{f"type {name}": f"it is taken for: {name}" for name in TYPES},
    **{f"form {name}": f"the first is {name}" for name in FORMS},
}


class Described:
    """The page's names and nouns, against which what is only described is measured."""

    def __init__(self, page: Page, marks: Sequence[Mark]) -> None:
        """Count the names and the heads of descriptions."""
        self._page = page
        self._names = [m for m in marks if m.kind == "name"]
        self._words = frozenset(w for m in self._names for w in m.words)
        self._kinds: dict[str | None, int] = {}
        for name in {m.words: m for m in self._names}.values():
            self._kinds[name.type] = self._kinds.get(name.type, 0) + 1
        self._heads: dict[str, int] = {}
        for mark in marks:
            if mark.kind == "nominal":
                self._heads[mark.head_word] = self._heads.get(mark.head_word, 0) + 1

    @property
    def is_read(self) -> bool:
        """Whether the second network has read the page: else nothing here can be measured."""
        return bool(self._page.standing.any())

    def measure(self, members: Sequence[Mark], kind: str) -> list[float]:
        """Return the numbers of ``FEATURES`` for the mentions of one chain; ``kind``: what they are taken for."""
        told = [m for m in members if m.kind == "nominal"]
        first, heads = told[0], load_lexicon()
        standing = self._page.standing[[m.head for m in told]]
        relations = [m.deprel.split(":", maxsplit=1)[0] for m in told]
        inside = sum(m.start <= n.start and n.end <= m.end for m in told for n in self._near(m))
        own = heads.head_types.get(first.head_word)
        sentences = {m.sentence for m in members}
        return [
            *standing.max(axis=0).tolist(),
            float(standing[:, 0].mean()),
            max(m.score for m in told),
            log1p(len(told)),
            log1p(len(members) - len(told)),
            sum(m.is_subject for m in told) / len(told),
            sum(r in {"obj", "iobj"} for r in relations) / len(told),
            sum(m.deprel == "nmod:poss" for m in told) / len(told),
            log1p(first.sentence),
            log1p(max(sentences) - min(sentences)),
            log1p(max(len(m.words) for m in told)),
            float(any(m.plural for m in told)),
            float(own is not None),
            float(own == kind),
            float(first.head_word in heads.relational),
            float(any(_is_people(m) for m in told)),
            float(any(find_demonym(w.capitalize()) is not None for m in told for w in m.words[:-1])),
            log1p(inside),
            float(first.head_word in self._words),
            log1p(self._kinds.get(kind, 0)),
            log1p(self._heads[first.head_word] - sum(m.head_word == first.head_word for m in told)),
            *(float(kind == name) for name in TYPES),
            *(float(first.form == name) for name in FORMS),
        ]

    def _near(self, mark: Mark) -> list[Mark]:
        return [n for n in self._names if mark.start <= n.start < mark.end]


def names_a_kind(mark: Mark) -> bool:
    """Tell whether a description's noun is one for people or bodies: all that is known of a page without tags."""
    return mark.kind == "nominal" and mark.head_word in load_lexicon().head_types


def _is_people(mark: Mark) -> bool:
    return bool(mark.words) and find_demonym(mark.words[-1].capitalize()) is not None


def judge(rows: Sequence[Sequence[float]]) -> Floats:
    """Return how likely each chain is an actor of its own: N rows of ``FEATURES``.

    Raises:
        ValueError: the weights were fitted on other features.
    """
    weights = load_weights(__package__, "somebody.json")
    if weights.features != tuple(FEATURES):
        raise ValueError("somebody.json was fitted on other features: run python -m train.somebody")
    return weights.probabilities(np.array(rows, np.float64).reshape(len(rows), len(FEATURES)))

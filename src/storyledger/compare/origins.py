"""How many independent origins a fact has: "nine pages, two origins".

The rule, in this order: copies of one text are one origin; one outlet repeating itself is one; a
document that names another outlet as its source rests on that outlet's documents; two documents that
give the same actor's word share it; and where somebody's word is given, an outlet that tells the same
in its own voice without a source of its own adds none. Only where nobody is named do the outlets
count, each once. This module must not know what the fact is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from storyledger.compare.index import (
    PileIndex,
    actors_within,
    origin_of,
    outlet_of,
    sentence_around,
    statement_around,
)
from storyledger.compare.words import content_stems
from storyledger.types import Evidence

_REPORTED_BY = re.compile(
    r"\b(?:reported|reports?|told|according to|seen by|obtained by|quoted by|cited|interview (?:with|in)|wrote in)\b",
    re.IGNORECASE,
)
_EVIDENTIAL = re.compile(
    r"\b(?:according to|evidence that|found that|findings?|the report says|it confirms|count(?:ed)?|put(?:s)? the)\b",
    re.IGNORECASE,
)
COPIED, COPIED_STEMS = 0.8, 6  # of a sentence's words; fewer words may be alike by chance
_OUTLET_TYPES = ("outlet", "publication")


class Partition:
    """Union-find over names: which of them are one. Deterministic: the smallest name stands for all."""

    def __init__(self) -> None:
        """Start with every name alone."""
        self._parent: dict[str, str] = {}

    def find(self, name: str) -> str:
        """Return the name that stands for all that are one with ``name``."""
        parent = self._parent.setdefault(name, name)
        while parent != self._parent[parent]:
            parent = self._parent[parent]
        self._parent[name] = parent
        return parent

    def join(self, a: str, b: str) -> None:
        """Make two names one."""
        first, second = sorted((self.find(a), self.find(b)))
        self._parent[second] = first


def count_origins(index: PileIndex, evidence: Iterable[Evidence]) -> int:
    """Return the number of independent origins of the fact that ``evidence`` tells, 0 for no evidence."""
    places = list(evidence)
    keys = [_sources_of(index, place) for place in places]
    attributed = [key for key in keys if key]
    if not attributed:
        return len(_unite_outlets(index, places))
    cited = {name for key in attributed for name in key if name.startswith("outlet:")}
    groups = Partition()
    _join_copied(groups, places, index)
    for place, key in zip(places, keys, strict=True):
        own = f"outlet:{outlet_of(index, place.document)}"
        names = [*key, f"text:{origin_of(index, place.document)}"] if key else []
        names += [own] if own in cited and names else []
        for name in names[1:]:
            groups.join(names[0], name)
    return len({groups.find(key[0]) for key in attributed})


def _join_copied(groups: Partition, places: list[Evidence], index: PileIndex) -> None:
    """Make one the texts whose sentences at the places are each other's copies."""
    looks = []
    for place in places:
        start, end = sentence_around(index, place.document, place.start, place.end)
        looks.append(content_stems(index.articles[place.document].text[start:end]))
    for a, one in enumerate(looks):
        for b, two in enumerate(looks[:a]):
            if len(one) >= COPIED_STEMS and 2 * len(one & two) >= COPIED * (len(one) + len(two)):
                first, second = places[a].document, places[b].document
                groups.join(f"text:{origin_of(index, first)}", f"text:{origin_of(index, second)}")


def _unite_outlets(index: PileIndex, places: list[Evidence]) -> set[str]:
    groups = Partition()
    _join_copied(groups, places, index)
    for place in places:
        groups.join(f"text:{origin_of(index, place.document)}", f"outlet:{outlet_of(index, place.document)}")
    return {groups.find(f"text:{origin_of(index, place.document)}") for place in places}


def _sources_of(index: PileIndex, place: Evidence) -> tuple[str, ...]:
    """Return the names of those whose word the place gives; empty: the outlet's own voice."""
    cited = _cited_outlets(index, place)
    if cited:
        return cited
    statement = statement_around(index, place.document, place.start, place.end)
    if statement is not None:
        return (statement.speaker.actor or f"unnamed:{place.document}",)
    start, end = sentence_around(index, place.document, place.start, place.end)
    text = index.articles[place.document].text
    cue = _EVIDENTIAL.search(text, start, end)
    if cue is None:
        return ()
    around = sorted(actors_within(index, place.document, start, cue.start())) or sorted(
        actors_within(index, place.document, cue.end(), end)
    )
    bodies = [a for a in around if index.actors[a].type in ("organisation", "government", "person")]
    return (bodies[0],) if bodies else ()


def _cited_outlets(index: PileIndex, place: Evidence) -> tuple[str, ...]:
    """Return the other outlets that the sentence of the place, or the one after it, names as its source."""
    start, end = sentence_around(index, place.document, place.start, place.end)
    _, after = sentence_around(index, place.document, end + 1, end + 2)
    text = index.articles[place.document].text
    if not _REPORTED_BY.search(text, start, after):
        return ()
    own = outlet_of(index, place.document)
    found = []
    for actor in sorted(actors_within(index, place.document, start, after)):
        if index.actors[actor].type in _OUTLET_TYPES:
            name = _known_outlet(index, index.actors[actor].name)
            if name not in own and own not in name:
                found.append(f"outlet:{name}")
    return tuple(found)


def _known_outlet(index: PileIndex, name: str) -> str:
    """Return the outlet of the pile that ``name`` means, or the name itself."""
    wanted = name.casefold().removeprefix("the ")
    return next((o for o in index.outlets if wanted in o or o.removeprefix("the ") in wanted), name.casefold())

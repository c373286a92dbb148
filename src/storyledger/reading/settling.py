"""One type for one name in a document: what the whole page says of it beats what one sentence says.

A ship is told by the noun or the prefix before its name ("the ferry X", "MV X"), an acronym in
brackets by the name before it, and all else by the summed scores of its mentions. It must not know
the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from storyledger.reading.clauses import Tree
from storyledger.reading.gazetteer import fine_type
from storyledger.reading.names import NameSpan
from storyledger.reading.wordlists import word_set
from storyledger.types import NameType

VESSELS = word_set("vessels")
SHIP_PREFIXES = frozenset({"MV", "M/V", "SS", "USS", "HMS", "RMS", "HMCS", "HMAS", "INS", "RV", "MT", "MS"})
CONTEXT_WEIGHT = 5.0  # of a vessel's noun or prefix, in mentions: it says what the thing is


@dataclass(frozen=True, slots=True)
class TypedName:
    """A name in its sentence, words ``[first, last)``, with the type that the document gives it."""

    first: int
    last: int
    type: NameType | None
    score: float


def join_ship_prefixes(names: Sequence[NameSpan], tree: Tree) -> list[NameSpan]:
    """Return the names with a lone "MV" taken into the name right after it."""
    joined: list[NameSpan] = []
    for first, last, kind, score in names:
        start = first
        if joined and joined[-1][1] == first and tree.words[joined[-1][0]] in SHIP_PREFIXES:
            start = joined.pop()[0]
        elif first > 0 and tree.words[first - 1] in SHIP_PREFIXES and (not joined or joined[-1][1] < first):
            start = first - 1
        joined.append((start, last, kind, score))
    return joined


def settle_types(names: Sequence[Sequence[NameSpan]], trees: Sequence[Tree]) -> list[list[TypedName]]:
    """Return the names of all sentences of a document with their settled types."""
    votes: dict[str, dict[NameType | None, float]] = defaultdict(lambda: defaultdict(float))
    for own, tree in zip(names, trees, strict=True):
        for name in own:
            for key, kind, weight in _evidence(name, tree):
                votes[key][kind] += weight
    _spread_acronyms(votes, names, trees)
    settled = {key: _winner(kinds) for key, kinds in votes.items()}
    return [
        [TypedName(a, b, settled[name_key(tree, a, b)], score) for a, b, _, score in own]
        for own, tree in zip(names, trees, strict=True)
    ]


def name_key(tree: Tree, first: int, last: int) -> str:
    """Return what two mentions of one name share: the words without case and ship prefix."""
    start = first + (last - first > 1 and tree.words[first] in SHIP_PREFIXES)
    return " ".join(tree.words[start:last]).casefold()


def _evidence(name: NameSpan, tree: Tree) -> list[tuple[str, NameType | None, float]]:
    """Return what one mention says of its name's type."""
    first, last, kind, score = name
    key = name_key(tree, first, last)
    votes: list[tuple[str, NameType | None, float]] = [(key, fine_type(list(tree.words[first:last]), kind), score)]
    before = tree.words[first - 1].lower() if first else ""
    if before in VESSELS or (tree.words[first] in SHIP_PREFIXES and last - first > 1):
        votes.append((key, "facility", CONTEXT_WEIGHT))
    return votes


def _spread_acronyms(
    votes: dict[str, dict[NameType | None, float]], names: Sequence[Sequence[NameSpan]], trees: Sequence[Tree]
) -> None:
    """Give an acronym in brackets right after a name of those initials that name's votes."""
    for own, tree in zip(names, trees, strict=True):
        for (a, b, _, _), (c, d, _, _) in pairwise(own):
            short = tree.words[c]
            if d - c == 1 and c == b + 1 and tree.words[b] == "(" and initials(tree.words[a:b]) == short.upper():
                for kind, weight in votes[name_key(tree, a, b)].items():
                    votes[name_key(tree, c, d)][kind] += 2 * weight


def initials(words: Sequence[str]) -> str:
    """Return the first letters of a name's capitalised words."""
    return "".join(w[0] for w in words if w[0].isupper())


def _winner(kinds: dict[NameType | None, float]) -> NameType | None:
    """Return the type with most votes; ties by name, so that the order of mentions cannot matter."""
    return max(kinds, key=lambda k: (round(kinds[k], 6), k is not None, k or ""))

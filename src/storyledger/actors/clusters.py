"""Nodes joined into actors: the strongest ties first, never across what must stay apart.

Kruskal's order makes the promise of the corrections hold: where a chain of ties would join two nodes judged different,
the tie refused is the weakest of the chain. Invariant: the result depends on nodes and ties, not on their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storyledger.actors.identity import Identity, find_contradiction, join_identities
from storyledger.actors.pairs import expand_otherwise
from storyledger.actors.profiles import Node, Profile

MERGE_AT = (
    0.6  # marked stories for training, cross-validated: there as precise as hand-set weights at .5, and finding more
)
MAX_FORMS_COMPARED = 12


@dataclass(frozen=True, slots=True)
class Edge:
    """Nodes ``a`` and ``b`` are one actor with this probability; ``judged``: a person said so."""

    a: int
    b: int
    probability: float
    reasons: tuple[str, ...]
    judged: bool = False


@dataclass(frozen=True, slots=True)
class Apart:
    """Nodes ``a`` and ``b`` were judged different."""

    a: int
    b: int
    reason: str


@dataclass(slots=True)
class Group:
    """Nodes that are one actor so far, and what would forbid another to join.

    ``identities``: one, but where a person joined what contradicts; then each side's own, so that either side's other
    nodes still find their way in.
    """

    nodes: list[int]
    identities: list[Identity]
    acronyms: set[str] = field(default_factory=set)
    expansions: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    governments: set[str | None] = field(default_factory=set)  # of the country a capital stands for; None: a place
    apart: dict[int, str] = field(default_factory=dict)  # node -> why it may not join


@dataclass(slots=True)
class Clustering:
    """Groups of nodes in order of their first node, ties obeyed, and ties that a judgement refused."""

    groups: list[list[int]]
    taken: list[Edge]
    refused: list[tuple[Edge, str]]


def cluster_nodes(
    nodes: Sequence[Node], profiles: Sequence[Profile], edges: Sequence[Edge], apart: Sequence[Apart]
) -> Clustering:
    """Join nodes along ``edges`` at ``MERGE_AT`` and above, strongest first; judged ties before all others."""
    groups = [_start_group(i, p) for i, p in enumerate(profiles)]
    for a in apart:
        groups[a.a].apart[a.b] = a.reason
        groups[a.b].apart[a.a] = a.reason
    at = list(range(len(nodes)))
    taken, refused = [], []
    ranked = sorted(edges, key=lambda e: (not e.judged, -e.probability, min(e.a, e.b), max(e.a, e.b)))
    for edge in ranked:
        one, two = groups[at[edge.a]], groups[at[edge.b]]
        if one is two or edge.probability < MERGE_AT:
            continue
        kept = _find_apart(one, two)
        if kept is not None:
            refused.append((edge, kept))
        elif edge.judged or not _contradict(one, two):
            _join(at, one, two, judged=edge.judged)
            taken.append(edge)
    unique = {id(groups[g]): groups[g] for g in at}
    return Clustering(sorted(sorted(g.nodes) for g in unique.values()), taken, refused)


def _start_group(number: int, profile: Profile) -> Group:
    seats = {profile.government} if profile.government or profile.coarse == "place" else set()
    return Group([number], [profile.identity], set(profile.acronyms), set(profile.expansions), seats)


def _find_apart(one: Group, two: Group) -> str | None:
    small, large = sorted((one, two), key=lambda g: (len(g.apart), min(g.nodes)))
    members = set(large.nodes)
    return next((why for node, why in sorted(small.apart.items()) if node in members), None)


def _contradict(one: Group, two: Group) -> bool:
    """Tell whether the groups hold what cannot be one: other full names, another gender, the same letters spelt out."""
    if one.governments and two.governments and one.governments.isdisjoint(two.governments):
        return True
    pairs = ((a, b) for a in one.identities for b in two.identities)
    return all(find_contradiction(a, b) is not None for a, b in pairs) or _spell_otherwise(one, two)


def _spell_otherwise(one: Group, two: Group) -> bool:
    """Tell whether the groups share an acronym that they spell out in different words."""
    letters = one.acronyms | two.acronyms
    mine = [words for acronym, words in sorted(one.expansions) if acronym in letters][:MAX_FORMS_COMPARED]
    theirs = [words for acronym, words in sorted(two.expansions) if acronym in letters][:MAX_FORMS_COMPARED]
    return bool(mine and theirs) and expand_otherwise(mine, theirs)


def _join(at: list[int], one: Group, two: Group, *, judged: bool) -> None:
    keep, drop = (one, two) if len(one.nodes) >= len(two.nodes) else (two, one)
    number = at[keep.nodes[0]]
    for node in drop.nodes:
        at[node] = number
    keep.nodes += drop.nodes
    for identity in drop.identities:
        _add_identity(keep.identities, identity, judged=judged)
    keep.acronyms |= drop.acronyms
    keep.expansions |= drop.expansions
    keep.governments |= drop.governments
    keep.apart.update(drop.apart)


def _add_identity(identities: list[Identity], new: Identity, *, judged: bool) -> None:
    """Join ``new`` to the first identity that it does not contradict; one that a person brought in may stand beside."""
    place = next((n for n, known in enumerate(identities) if find_contradiction(known, new) is None), None)
    if place is None and judged:
        identities.append(new)
        return
    identities[place or 0] = join_identities(identities[place or 0], new)

"""The map of the story: who acts on whom.

Invariant: a weight belongs to the event's type alone; what was only planned, denied, claimed or called
off is shown but adds nothing. Weights: Goldstein's scale (1992) as CAMEO gives it to its root codes,
carried to the PLOVER type that each became; REQUEST joins CAMEO's appeals (+3) and demands (-5), so -1.
This module must not know HTML.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from storyledger.report.lookup import Lookup
from storyledger.report.people import is_nameable
from storyledger.report.sentences import Line, Sentences
from storyledger.report.timeline import event_days
from storyledger.report.wording import count_noun
from storyledger.types import Event

if TYPE_CHECKING:
    import networkx as nx

WEIGHTS = {
    "AGREE": 4.0,
    "CONSULT": 1.0,
    "SUPPORT": 3.5,
    "COOPERATE": 6.0,
    "AID": 7.0,
    "CONCEDE": 5.0,
    "RETREAT": 5.0,
    "REQUEST": -1.0,
    "ACCUSE": -2.0,
    "REJECT": -4.0,
    "THREATEN": -6.0,
    "PROTEST": -6.5,
    "SANCTION": -4.0,
    "MOBILIZE": -7.2,
    "COERCE": -7.0,
    "ASSAULT": -9.5,
}
SHOWN_NODES = 14  # who acts most: beyond that a reader with ten minutes sees a tangle
FEWEST_NODES = 3  # a pair alone needs no drawing
SURE_ACT = 0.5
MOST_SIDED = 4  # an event of more doers or more recipients is many events: who of them meets whom, nobody can tell
PLACES = frozenset({"place", "publication", "event_name", "agreement"})  # they neither act nor are acted on
NETWORK_WIDTH, NETWORK_HEIGHT = 1000, 380


@dataclass(frozen=True, slots=True)
class Act:
    """An event in a relation; ``weight`` is 0 for what is not reported as done."""

    event: Event
    source: str
    target: str
    weight: float
    line: Line | None = None  # the sentence that speaks of both


@dataclass(slots=True)
class Relation:
    """Two actors and the acts between them, in order of time."""

    anchor: str
    a: str
    b: str
    acts: list[Act] = field(default_factory=list)

    @property
    def balance(self) -> float:
        """The sum of the weights."""
        return round(math.fsum(act.weight for act in self.acts), 1)


@dataclass(frozen=True, slots=True)
class Node:
    """An actor in the drawing."""

    anchor: str
    name: str
    type: str
    x: int
    y: int
    radius: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A relation in the drawing; ``tone`` warm, cold or even."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    tone: str
    anchor: str
    title: str
    forth: bool
    back: bool


def weigh_event(event: Event) -> float:
    """Return the event's weight: cooperation above 0, conflict below, 0 for what did not happen for sure."""
    return WEIGHTS.get(event.type, 0.0) if event.status == "reported" else 0.0


def list_relations(lookup: Lookup, sentences: Sentences | None = None) -> list[Relation]:
    """Return all pairs of which one acts on the other, the busiest first.

    With ``sentences`` only what a reader can follow: pairs of actors with names, in sentences that speak of both.
    """
    pairs: dict[tuple[str, str], Relation] = {}
    for event in lookup.story.events:
        doers = dict.fromkeys(p.actor for p in event.participants if p.role == "actor")
        others = dict.fromkeys(p.actor for p in event.participants if p.role == "recipient")
        if sentences and max(len(doers), len(others)) > MOST_SIDED:
            continue
        for source in doers:
            for target in others:
                line = _find_naming(lookup, sentences, event, source, target) if sentences else None
                if source == target or (sentences and line is None):
                    continue
                key = (min(source, target), max(source, target))
                relation = pairs.setdefault(key, Relation("", *key))
                relation.acts.append(Act(event, source, target, weigh_event(event), line))
    ranked = sorted(pairs.values(), key=lambda r: (-len(r.acts), lookup.name(r.a), lookup.name(r.b)))
    for number, relation in enumerate(ranked, 1):
        relation.anchor = f"r{number}"
        relation.acts.sort(key=lambda act: (event_days(act.event) or (10**7, 0), act.event.id))
    return ranked


def _find_naming(lookup: Lookup, sentences: Sentences, event: Event, source: str, target: str) -> Line | None:
    """Return the first sentence that tells the event and speaks of both, what one does to the other between them."""
    actors = [lookup.actors.get(key) for key in (source, target)]
    if event.confidence < SURE_ACT or any(a is None or a.type in PLACES or not is_nameable(a) for a in actors):
        return None
    for mention in event.mentions:
        line = sentences.line_at(mention)
        if line and line.fit and sentences.are_apart(mention, source, target):
            return line
    return None


def lay_network(lookup: Lookup, relations: list[Relation]) -> tuple[list[Node], list[Edge]]:
    """Return the actors that act on each other, laid out by networkx' springs with a fixed seed."""
    library = import_module("networkx")  # half a second that only an account should pay
    graph = _choose_actors(library, relations)
    if len(graph) < FEWEST_NODES:
        return [], []
    hub = min(graph, key=lambda n: (-graph.degree(n), n))
    for component in list(library.connected_components(graph)):
        if hub not in component:  # a loose group would drift off and shrink all the rest
            graph.add_edge(hub, min(component), weight=0.4)
    places = library.spring_layout(graph, k=2.4 / len(graph) ** 0.5, seed=11, iterations=300)
    spots = _fit_places({str(key): (float(x), float(y)) for key, (x, y) in places.items()})
    nodes = {key: _make_node(lookup, key, spots[key]) for key in sorted(spots)}
    edges = [_make_edge(lookup, r, nodes[r.a], nodes[r.b]) for r in relations if r.a in nodes and r.b in nodes]
    return list(nodes.values()), edges


def _choose_actors(library: Any, relations: list[Relation]) -> nx.Graph[str]:
    """Return the busiest actors; of several groups those of at least three, for a pair alone needs no drawing."""
    weights: dict[str, int] = {}
    graph: nx.Graph[str] = library.Graph()
    for relation in sorted(relations, key=lambda r: (r.a, r.b)):
        graph.add_edge(relation.a, relation.b, weight=1.0)
        for key in (relation.a, relation.b):
            weights[key] = weights.get(key, 0) + len(relation.acts)
    groups = sorted(map(sorted, library.connected_components(graph)), key=lambda g: (-len(g), g))
    drawn = [key for group in groups if len(group) > 2 or group is groups[0] for key in group]
    busiest = set(sorted(drawn, key=lambda n: (-weights[n], n))[:SHOWN_NODES])
    graph.remove_nodes_from(sorted(set(graph) - busiest))
    parts = list(library.connected_components(graph))
    if len(parts) > 1:  # cutting leaves pairs behind, too
        graph.remove_nodes_from(sorted(key for part in parts if len(part) < 3 for key in part))
    return graph


def _fit_places(places: dict[str, tuple[float, float]]) -> dict[str, tuple[int, int]]:
    """Scale to the drawing, half by distance and half by rank, then push apart labels that would cover each other."""
    xs, ys = _spread_evenly({k: p[0] for k, p in places.items()}), _spread_evenly({k: p[1] for k, p in places.items()})
    fitted: dict[str, tuple[int, int]] = {}
    for key in sorted(places, key=lambda k: (ys[k], k)):
        x, y = round(90 + xs[key] * (NETWORK_WIDTH - 180)), round(30 + ys[key] * (NETWORK_HEIGHT - 80))
        while any(abs(x - ox) < 130 and abs(y - oy) < 36 for ox, oy in fitted.values()):
            y += 6
        fitted[key] = (x, y)
    return fitted


def _spread_evenly(values: dict[str, float]) -> dict[str, float]:
    """Map to [0, 1]: a crowd in the middle gets room, and what lies apart still lies apart."""
    ranks = {key: rank for rank, key in enumerate(sorted(values, key=lambda k: (values[k], k)))}
    low, high = min(values.values()), max(values.values())
    last = max(len(values) - 1, 1)
    return {key: 0.5 * (value - low) / max(high - low, 1e-9) + 0.5 * ranks[key] / last for key, value in values.items()}


def _make_node(lookup: Lookup, key: str, spot: tuple[int, int]) -> Node:
    actor = lookup.actors.get(key)
    mentions = len(actor.mentions) if actor else 0
    radius = round(min(4 + mentions**0.5, 14), 1)
    return Node(lookup.anchor("a", key), lookup.name(key), actor.type if actor else "", *spot, radius)


def _make_edge(lookup: Lookup, relation: Relation, a: Node, b: Node) -> Edge:
    """A line from rim to rim, with a head on each side that is acted on."""
    balance, count = relation.balance, len(relation.acts)
    length = max(math.hypot(b.x - a.x, b.y - a.y), 1.0)
    dx, dy = (b.x - a.x) / length, (b.y - a.y) / length
    near, far = a.radius + 3, b.radius + 3
    return Edge(
        round(a.x + dx * near, 1),
        round(a.y + dy * near, 1),
        round(b.x - dx * far, 1),
        round(b.y - dy * far, 1),
        width=round(min(1 + 0.8 * count, 6), 1),
        tone="warm" if balance > 0 else "cold" if balance < 0 else "even",
        anchor=relation.anchor,
        title=f"{lookup.name(relation.a)} and {lookup.name(relation.b)}: {count_noun(count, 'event')}",
        forth=any(act.source == relation.a for act in relation.acts),
        back=any(act.source == relation.b for act in relation.acts),
    )

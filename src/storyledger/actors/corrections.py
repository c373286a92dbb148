"""Judgements turned into what clustering obeys: local actors split, nodes tied or kept apart.

A judgement of "different" inside one article cuts the weakest tie between the two mentions; across articles it keeps
their nodes apart. This module must not know features or probabilities of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from storyledger.actors.clusters import Apart, Edge
from storyledger.actors.documents import Link, LocalActor
from storyledger.actors.names import bare_form
from storyledger.actors.profiles import Node
from storyledger.journal import MentionKey, find_contradicted, find_source_span, measure_overlap, select_subject
from storyledger.types import Article, Judgement


@dataclass(slots=True)
class Corrections:
    """What the journal asks of the nodes: ``nodes`` replaces the list that came in."""

    nodes: list[Node]
    edges: list[Edge] = field(default_factory=list)
    apart: list[Apart] = field(default_factory=list)
    rejected: set[int] = field(default_factory=set)
    renamed: dict[int, str] = field(default_factory=dict)
    cut: dict[int, str] = field(default_factory=dict)  # node -> which tie gave way inside its article


def apply_judgements(
    nodes: Sequence[Node], judgements: Sequence[Judgement], articles: Sequence[Article]
) -> Corrections:
    """Return the nodes as the journal wants them, with its ties. What has lost its mentions does nothing here."""
    result = Corrections(list(nodes))
    active = select_subject(judgements, "actor")
    if not active:
        return result
    contradicted = find_contradicted(active)
    index = _SourceIndex(articles)
    current = [j for j in active if j.number not in contradicted]
    for entry in current:
        if entry.verb == "different":
            _split_inside(result, index, entry)
    for entry in current:
        _apply_one(result, index, entry)
    return result


class _SourceIndex:
    """Where a key's mention stands among the nodes; articles of one hash all count."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = {a.id: a for a in articles}
        self.documents: dict[str, list[str]] = {}
        for article in sorted(articles, key=lambda a: a.id):
            self.documents.setdefault(article.sha256, []).append(article.id)

    def find(self, nodes: Sequence[Node], key: MentionKey) -> list[tuple[int, int]]:
        """Return (node, mention) for the key, one for each article of its page."""
        found = []
        for document in self.documents.get(key[0], []):
            best: tuple[float, int, int] | None = None
            for number, node in enumerate(nodes):
                if node.document != document:
                    continue
                for m, mention in enumerate(node.actor.mentions):
                    span = find_source_span(self.articles[document], mention.start, mention.end)
                    if span is None:
                        continue
                    score = measure_overlap(key, *span)
                    if score > 0 and (best is None or score > best[0]):
                        best = (score, number, m)
            if best is not None:
                found.append((best[1], best[2]))
        return found


def _split_inside(result: Corrections, index: _SourceIndex, entry: Judgement) -> None:
    if entry.b is None:
        return
    for a, b in zip(index.find(result.nodes, entry.a), index.find(result.nodes, entry.b), strict=False):
        if a[0] == b[0] and a[1] != b[1]:
            node = result.nodes[a[0]]
            parts, link = cut_weakest(node.actor, a[1], b[1])
            if link is None:
                continue
            pair = f"{node.actor.mentions[link.earlier].text!r} and {node.actor.mentions[link.later].text!r}"
            weak = f"{pair} ({link.reason}, {link.probability:.2f})"
            told = f"judged different (no. {entry.number}): the weakest tie gave way, {weak}"
            result.nodes[a[0]] = _renode(node, parts[0])
            result.nodes.append(_renode(node, parts[1]))
            result.cut[a[0]] = result.cut[len(result.nodes) - 1] = told


def _renode(node: Node, actor: LocalActor) -> Node:
    first = actor.mentions[0]
    return Node((*node.key[:2], first.start, first.end), node.document, node.number, actor)


def cut_weakest(actor: LocalActor, a: int, b: int) -> tuple[tuple[LocalActor, LocalActor], Link | None]:
    """Return the two parts of an actor once the weakest link between two of its mentions is cut, and that link."""
    path = _find_path(actor, a, b)
    if not path:
        return (actor, actor), None
    weakest = min(path, key=lambda link: (link.probability, link.later))
    rest = [link for link in actor.links if link != weakest]
    reached, queue = {a}, [a]
    while queue:
        i = queue.pop()
        for link in rest:
            for x, y in ((link.later, link.earlier), (link.earlier, link.later)):
                if x == i and y not in reached:
                    reached.add(y)
                    queue.append(y)
    mine = sorted(reached)
    other = [i for i in range(len(actor.mentions)) if i not in reached]
    return (_take(actor, mine, rest), _take(actor, other, rest)), weakest


def _find_path(actor: LocalActor, a: int, b: int) -> list[Link]:
    """Return the links from ``a`` to ``b``; links form a tree."""
    came: dict[int, tuple[int, Link] | None] = {a: None}
    queue = [a]
    while queue:
        i = queue.pop(0)
        for link in actor.links:
            for x, y in ((link.later, link.earlier), (link.earlier, link.later)):
                if x == i and y not in came:
                    came[y] = (i, link)
                    queue.append(y)
    path: list[Link] = []
    step = came.get(b)
    while step is not None:
        path.append(step[1])
        step = came[step[0]]
    return path


def _take(actor: LocalActor, members: list[int], links: list[Link]) -> LocalActor:
    position = {i: n for n, i in enumerate(members)}
    mentions = tuple(actor.mentions[i] for i in members)
    texts = {bare_form(m.text, actor.names) for m in mentions if m.kind == "name"}
    starts = [(m.start, m.end) for m in mentions]
    kept = tuple(
        r
        for r in actor.roles
        if r.evidence and any(r.evidence.start - 60 <= s and e <= r.evidence.end + 60 for s, e in starts)
    )
    return replace(
        actor,
        mentions=mentions,
        links=tuple(
            replace(k, later=position[k.later], earlier=position[k.earlier])
            for k in links
            if k.later in position and k.earlier in position
        ),
        names=tuple(n for n in actor.names if n in texts),
        roles=kept,
    )


def _apply_one(result: Corrections, index: _SourceIndex, entry: Judgement) -> None:
    first = index.find(result.nodes, entry.a)
    second = index.find(result.nodes, entry.b) if entry.b is not None else []
    because = f": {entry.because}" if entry.because else ""
    if entry.verb == "same" and first and second:
        result.edges += [
            Edge(a, b, 1.0, (f"judged the same (no. {entry.number}){because}",), judged=True)
            for a, _ in first
            for b, _ in second
            if a != b
        ]
    elif entry.verb == "different":
        result.apart += [
            Apart(a, b, f"judged different (no. {entry.number}){because}")
            for a, _ in first
            for b, _ in second
            if a != b
        ]
    elif entry.verb == "reject":
        _reject(result, entry, first)
    elif entry.verb == "rename" and entry.value:
        result.renamed.update({a: entry.value for a, _ in first})


def _reject(result: Corrections, entry: Judgement, found: list[tuple[int, int]]) -> None:
    """Drop the whole actor, or with the value "mention" that mention alone."""
    for number, mention in found:
        if entry.value != "mention":
            result.rejected.add(number)
            continue
        node = result.nodes[number]
        rest = [i for i in range(len(node.actor.mentions)) if i != mention]
        if rest:
            result.nodes[number] = _renode(
                node, _take(_bridge(node.actor, mention), rest, list(_bridge(node.actor, mention).links))
            )
        else:
            result.rejected.add(number)


def _bridge(actor: LocalActor, gone: int) -> LocalActor:
    """Tie the neighbours of a mention that goes to one another, so that its chain holds."""
    neighbours = sorted({x for k in actor.links for x in (k.later, k.earlier) if gone in (k.later, k.earlier)} - {gone})
    kept = [k for k in actor.links if gone not in (k.later, k.earlier)]
    bridges = [
        Link(max(x, y), min(x, y), 0.9, "both tied to a mention that was rejected") for x, y in pairwise(neighbours)
    ]
    return replace(actor, links=tuple(kept + bridges))

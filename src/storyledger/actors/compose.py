"""Clusters written out as actors: name, type, aliases, roles, mentions, reasons, stable ids.

An id is a hash of the actor's name, so that added pages change few; where two actors share a name, and where an actor
has none, the first mention in the page with the smallest hash tells them apart. Knows no probabilities of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pycountry

from storyledger.actors.clusters import Clustering, Edge
from storyledger.actors.names import bare_form, cut_article, is_acronym, parse_person, split_words
from storyledger.actors.profiles import Node
from storyledger.actors.typing import measure_type, weigh_types
from storyledger.ids import make_id
from storyledger.journal import find_source_span
from storyledger.types import Actor, ActorMention, Alias, Article, Evidence, MergeReason, Role

MAX_MERGES = 400  # reasons kept for one actor, the weakest ties first: the strong ones repeat "the same name"


def compose_actors(
    nodes: Sequence[Node],
    clustering: Clustering,
    articles: Sequence[Article],
    renamed: dict[int, str],
    cut: dict[int, str],
) -> list[Actor]:
    """Return one actor for each group, those with most mentions first."""
    by_id = {a.id: a for a in articles}
    outlets = fold_outlets(articles)
    drafts = [_draft_actor(nodes, group, renamed, outlets) for group in clustering.groups]
    ids = _name_ids(nodes, clustering.groups, drafts, by_id)
    at = {node: ids[i] for i, group in enumerate(clustering.groups) for node in group}
    reasons = _list_reasons(nodes, clustering, cut)
    where = {(nodes[i].document, nodes[i].number): actor for i, actor in at.items()}
    actors = [
        Actor(
            id=ids[i],
            name=name,
            type=type_,
            aliases=_list_aliases(nodes, group),
            roles=_list_roles(nodes, group, where),
            mentions=_list_mentions(nodes, group),
            merges=tuple(r for n in group for r in reasons.get(n, ()))[:MAX_MERGES],
            affiliations=_list_affiliations(nodes, group, where, ids[i]),
        )
        for i, (group, (name, type_)) in enumerate(zip(clustering.groups, drafts, strict=True))
    ]
    return sorted(actors, key=lambda a: (-len(a.mentions), a.id))


def _draft_actor(
    nodes: Sequence[Node], group: list[int], renamed: dict[int, str], outlets: frozenset[str]
) -> tuple[str, str]:
    names = _count_names(nodes, group)
    seats = [nodes[n].actor.stands_for for n in group if nodes[n].actor.stands_for]
    type_ = "government" if seats else weigh_types(measure_type([nodes[n].actor for n in group], outlets))[0][0]
    told = [renamed[n] for n in sorted(group) if n in renamed]
    if told:
        return told[-1], type_
    if seats and not any("overn" in t or "dministration" in t for t in names):
        country = pycountry.countries.get(alpha_2=seats[0])
        if country is not None:
            return f"Government of {getattr(country, 'common_name', country.name)}", type_
    if names:
        return choose_name(names, type_), type_
    mentions = nodes[group[0]].actor.mentions
    return next((m.text for m in mentions if m.kind == "nominal"), mentions[0].text), type_


def fold_outlets(articles: Iterable[Article]) -> frozenset[str]:
    """Return the outlets and agencies of the pages, folded, without their article."""
    return frozenset(" ".join(split_words(cut_article(o))) for a in articles for o in (a.outlet, a.wire) if o)


def _count_names(nodes: Sequence[Node], group: list[int]) -> Counter[str]:
    """Return the bare forms of the names of a group with how often each stands."""
    actors = (nodes[n].actor for n in group)
    rows = [(a, [m for m in a.mentions if m.kind == "name"]) for a in actors]
    return Counter(n for a, own in rows for n in ([bare_form(m.text, a.names) for m in own] or a.names[:1]))


RARE = 20  # a body's short name that stands more than so often as a longer one is what it is called


def choose_name(names: Counter[str], type_: str) -> str:
    """Return the form to show: a person's full name, a body's spelt-out name; then the most frequent, the longest.

    A longer form that stands once beside a name that stands everywhere is a part or a department of it.
    """
    singles = (n for text, n in names.items() if len(split_words(text)) == 1 and not is_acronym(text))
    common = max(singles, default=0)

    def rank(text: str) -> tuple[bool, int, int, int, str]:
        person = parse_person(text) if type_ == "person" else None
        words = split_words(text)
        if person is not None:
            full = 2 if person.given and len(person.given[0]) > 1 else 1 if person.given else 0
        elif is_acronym(text) or names[text] * RARE < common:
            full = 0
        else:
            full = 2 if len(words) > 1 or type_ in {"country", "place"} else 1
        return text.endswith(("'s", "’s")), -full, -names[text], -len(text), text

    return min(names, key=rank)


def _name_ids(
    nodes: Sequence[Node], groups: list[list[int]], drafts: list[tuple[str, str]], articles: dict[str, Article]
) -> list[str]:
    named = [any(nodes[n].actor.names for n in g) for g in groups]
    keys = [" ".join(split_words(name)) or name for name, _ in drafts]
    counts = Counter(k for k, has in zip(keys, named, strict=True) if has)
    ids: list[str] = []
    taken: Counter[str] = Counter()
    for i, group in enumerate(groups):
        if named[i] and counts[keys[i]] == 1:
            new = make_id("actor", keys[i])
        else:
            new = make_id("actor", keys[i], drafts[i][1], *_first_evidence(nodes, group, articles))
        taken[new] += 1
        ids.append(new if taken[new] == 1 else make_id("actor", new, taken[new]))
    return ids


def _first_evidence(nodes: Sequence[Node], group: list[int], articles: dict[str, Article]) -> tuple[str, int, int]:
    rows = []
    for n in group:
        article = articles[nodes[n].document]
        mention = nodes[n].actor.mentions[0]
        span = find_source_span(article, mention.start, mention.end) or (mention.start, mention.end)
        rows.append((article.sha256, *span))
    return min(rows)


def _list_aliases(nodes: Sequence[Node], group: list[int]) -> tuple[Alias, ...]:
    described = (m for n in group for m in nodes[n].actor.mentions if m.kind == "nominal")
    counts = Counter((m.text, "nominal") for m in described)
    counts.update({(text, "name"): times for text, times in _count_names(nodes, group).items()})
    ranked = sorted(counts, key=lambda k: (k[1] != "name", -counts[k], k[0]))
    return tuple(Alias(text, "name" if kind == "name" else "nominal") for text, kind in ranked)


def _list_mentions(nodes: Sequence[Node], group: list[int]) -> tuple[ActorMention, ...]:
    found = {(m.document, m.start, m.end): m for n in group for m in nodes[n].actor.mentions}
    return tuple(found[k] for k in sorted(found))


def _list_roles(nodes: Sequence[Node], group: list[int], where: dict[tuple[str, int], str]) -> tuple[Role, ...]:
    roles: list[Role] = []
    for n in group:
        node = nodes[n]
        bodies = [where[node.document, b] for b in node.actor.affiliations if (node.document, b) in where]
        for role in node.actor.roles:
            body = bodies[0] if len(bodies) == 1 and role.organisation else role.organisation
            roles.append(Role(role.role, body, role.earliest, role.latest, role.evidence))
    return tuple(sorted(roles, key=_role_key))


def _role_key(role: Role) -> tuple[str, str, str, int]:
    evidence = role.evidence
    return (
        role.earliest or "",
        role.role.casefold(),
        evidence.document if evidence else "",
        evidence.start if evidence else 0,
    )


def _list_affiliations(
    nodes: Sequence[Node], group: list[int], where: dict[tuple[str, int], str], own: str
) -> tuple[str, ...]:
    found = (where.get((nodes[n].document, b)) for n in group for b in nodes[n].actor.affiliations)
    return tuple(sorted({f for f in found if f and f != own}))


def _list_reasons(nodes: Sequence[Node], clustering: Clustering, cut: dict[int, str]) -> dict[int, list[MergeReason]]:
    """Return node -> reasons: ties taken and refused across articles, ties of names within each."""
    found: dict[int, list[MergeReason]] = {}

    def tell(edge: Edge, reasons: tuple[str, ...], at: Iterable[int], *, refused: bool = False) -> None:
        reason = MergeReason(_show(nodes[edge.a]), _show(nodes[edge.b]), edge.probability, reasons, refused)
        for node in at:
            found.setdefault(node, []).append(reason)

    for edge, why in clustering.refused:
        told = f"{why}: the weakest tie of the chain gave way"
        tell(edge, (told, *edge.reasons), (edge.a, edge.b), refused=True)
    for edge in sorted(clustering.taken, key=lambda e: (e.probability, e.a, e.b)):
        tell(edge, edge.reasons, (min(edge.a, edge.b),))
    for n, node in enumerate(nodes):
        if n in cut:
            shown = _show(node)
            found.setdefault(n, []).append(MergeReason(shown, shown, 1.0, (cut[n],), refused=True))
        for link in node.actor.links:
            one, two = node.actor.mentions[link.earlier], node.actor.mentions[link.later]
            if one.kind == two.kind == "name" and one.text != two.text:
                found.setdefault(n, []).append(
                    MergeReason(_evidence(one), _evidence(two), link.probability, (link.reason,))
                )
    return found


def _show(node: Node) -> Evidence:
    best = next(
        (m for name in node.actor.names for m in node.actor.mentions if m.text.endswith(name) and m.kind == "name"),
        node.actor.mentions[0],
    )
    return _evidence(best)


def _evidence(mention: ActorMention) -> Evidence:
    return Evidence(mention.document, mention.start, mention.end, mention.text)

"""The cast of the story: local actors of all articles brought together, corrections obeyed.

Pure: (documents, articles, judgements) -> actors. The order of the pages does not matter, a page twice adds its
mentions and changes nothing else, and the work grows with the number of distinct names.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.actors.blocking import pair_candidates
from storyledger.actors.cast import drop_misheard
from storyledger.actors.clusters import Apart, Clustering, Edge, cluster_nodes
from storyledger.actors.compose import compose_actors
from storyledger.actors.corrections import apply_judgements
from storyledger.actors.documents import DocumentActors
from storyledger.actors.identity import fit_bodies
from storyledger.actors.pairs import explain_pair, measure_bundles, weigh_pair
from storyledger.actors.profiles import (
    Bundle,
    Node,
    bundle_nodes,
    is_telling_description,
    list_company,
    make_profile,
    settle_types,
)
from storyledger.engine import Engine
from storyledger.types import Actor, Article, Judgement

CANDIDATE_AT = 0.3  # below it a pair is not even kept for the record


def resolve_actors(
    documents: Sequence[DocumentActors], articles: Sequence[Article], judgements: Sequence[Judgement], engine: Engine
) -> list[Actor]:
    """Return the actors of the pile, those with most mentions first.

    Local actors with one name are tied, pairs that share a blocking key are weighed, and ties are taken strongest first
    unless they would join people who cannot be one or what was judged different. Every tie stays as a ``MergeReason``.
    ``judgements`` beat everything; the later of two that contradict wins (``check_judgements`` tells).
    """
    del engine  # one pass over distinct names: a minute's work for hundreds of thousands of mentions
    corrections = apply_judgements(make_nodes(documents, articles), judgements, articles)
    order = sorted(range(len(corrections.nodes)), key=lambda i: corrections.nodes[i].key)
    place = {old: new for new, old in enumerate(order)}
    nodes = settle_types([corrections.nodes[i] for i in order])
    edges = [Edge(place[e.a], place[e.b], e.probability, e.reasons, e.judged) for e in corrections.edges]
    apart = [Apart(place[a.a], place[a.b], a.reason) for a in corrections.apart]
    edges += tie_nodes(nodes, documents)
    clustering = cluster_nodes(nodes, [make_profile(n.actor) for n in nodes], edges, apart)
    rejected = {place[i] for i in corrections.rejected}
    clustering = Clustering(
        [g for g in clustering.groups if not rejected & set(g)], clustering.taken, clustering.refused
    )
    renamed = {place[i]: name for i, name in corrections.renamed.items()}
    cut = {place[i]: told for i, told in corrections.cut.items()}
    return drop_misheard(compose_actors(nodes, clustering, articles, renamed, cut))


def group_nodes(documents: Sequence[DocumentActors], articles: Sequence[Article]) -> tuple[list[Node], Clustering]:
    """Return the local actors and their groups as no person has judged them: what the scorers learn from."""
    nodes = settle_types(sorted(make_nodes(documents, articles), key=lambda n: n.key))
    edges = tie_nodes(nodes, documents)
    return nodes, cluster_nodes(nodes, [make_profile(n.actor) for n in nodes], edges, ())


def make_nodes(documents: Sequence[DocumentActors], articles: Sequence[Article]) -> list[Node]:
    """Return every local actor with its place, in order of document."""
    by_id = {a.id: a for a in articles}
    nodes = []
    for document in sorted(documents, key=lambda d: d.document):
        article = by_id[document.document]
        for number, actor in enumerate(document.actors):
            first = actor.mentions[0]
            nodes.append(Node((article.sha256, article.id, first.start, first.end), article.id, number, actor))
    return nodes


def tie_nodes(nodes: Sequence[Node], documents: Sequence[DocumentActors]) -> list[Edge]:
    """Return the ties between nodes: along each bundle, and between bundles that share a key."""
    number = {id(n): i for i, n in enumerate(nodes)}
    bundles = make_bundles(nodes, documents)
    edges: list[Edge] = []
    for bundle in bundles:
        edges += _tie_bundle(bundle, number)
    for a, b in pair_candidates(bundles):
        found = measure_bundles(bundles[a], bundles[b])
        probability = weigh_pair(found)
        if probability >= CANDIDATE_AT:
            edges.append(
                Edge(
                    number[id(bundles[a].nodes[0])],
                    number[id(bundles[b].nodes[0])],
                    round(probability, 4),
                    explain_pair(found),
                )
            )
    return edges


def make_bundles(nodes: Sequence[Node], documents: Sequence[DocumentActors]) -> list[Bundle]:
    """Return the nodes by profile, with what the pile tells of each name."""
    bundles = split_rivals(bundle_nodes(nodes, list_company(sorted(documents, key=lambda d: d.document))))
    count_longer(bundles)
    count_spellings(bundles)
    return bundles


def count_longer(bundles: list[Bundle]) -> None:
    """Count for each short name how many longer names of bodies and things it could be short for."""
    longer: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for bundle in bundles:
        for words in bundle.profile.spelt_out:
            for size in range(1, len(words)):
                for part in (words[:size], words[-size:]):
                    longer.setdefault(part, set()).add(words)
    counted: dict[tuple[str, ...], int] = {}
    for bundle in bundles:
        own = bundle.profile.spelt_out
        if own and min(map(len, own)) < 3:
            shortest = min(own, key=len)
            bundle.longer = counted[shortest] if shortest in counted else count_tops(longer.get(shortest, set()))
            counted[shortest] = bundle.longer


def count_tops(names: set[tuple[str, ...]]) -> int:
    """Return how many names are no beginning or end of another."""
    parts = {part for name in names for size in range(1, len(name)) for part in (name[:size], name[-size:])}
    return len(names - parts)


def count_spellings(bundles: list[Bundle]) -> None:
    """Count for each acronym the bodies that some page spells out beside it."""
    spelt: dict[str, list[tuple[str, ...]]] = {}
    for bundle in bundles:
        for letters, words in bundle.profile.expansions:
            rows = spelt.setdefault(letters, [])
            if letters in bundle.profile.acronyms and not any(fit_bodies(words, w) for w in rows):
                rows.append(words)
    for bundle in bundles:
        bundle.spellings = max((len(spelt.get(a, ())) for a in bundle.profile.acronyms), default=1)


def split_rivals(bundles: list[Bundle]) -> list[Bundle]:
    """Count the people of each family name; where there are several, weigh a lone family name page by page."""
    given: dict[str, set[str]] = {}
    families: dict[str, set[str]] = {}
    for bundle in bundles:
        for person in bundle.profile.people:
            if person.given and len(person.given[0]) > 1:
                given.setdefault(person.family, set()).add(person.given[0][:3])
                families.setdefault(person.given[0], set()).add(person.family[:4])
    found: list[Bundle] = []
    for bundle in bundles:
        own = [p.family for p in bundle.profile.people]
        bundle.rivals = max((len(given.get(f, ())) for f in own), default=1)
        bundle.namesakes = len(families.get(bundle.profile.single, ())) if bundle.profile.single else 1
        if bundle.profile.single and bundle.rivals > 1 and len(bundle.nodes) > 1:
            parts = [
                Bundle(
                    bundle.profile,
                    [n],
                    frozenset({n.document}),
                    bundle.titles,
                    bundle.bodies,
                    bundle.company,
                    bundle.rivals,
                )
                for n in bundle.nodes
            ]
            found += parts
        else:
            found.append(bundle)
    return found


def _tie_bundle(bundle: Bundle, number: dict[int, int]) -> list[Edge]:
    """Tie the nodes of one name in a chain; what is only described is tied where the description tells enough."""
    if len(bundle.nodes) < 2:
        return []
    if not bundle.profile.named and not _may_repeat(bundle):
        return []
    twin = Bundle(
        bundle.profile, bundle.nodes, frozenset(), bundle.titles, bundle.bodies, bundle.company, bundle.rivals
    )
    found = measure_bundles(bundle, twin)
    probability, reasons = weigh_pair(found), explain_pair(found)
    return [
        Edge(number[id(a)], number[id(b)], round(probability, 4), reasons)
        for a, b in zip(bundle.nodes, bundle.nodes[1:], strict=False)
    ]


def _may_repeat(bundle: Bundle) -> bool:
    return bundle.profile.government is not None or is_telling_description(bundle.profile)

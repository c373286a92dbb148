"""MUC, B-cubed, CEAF-e and their mean (CoNLL F1) for partitions of the same mentions.

A partition is a mapping from mention to the name of its cluster. Sources: Vilain et al. 1995; Bagga &
Baldwin 1998; Luo 2005; Pradhan et al. 2012.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping

import networkx as nx


def _clusters(partition: Mapping[Hashable, Hashable]) -> dict[Hashable, set[Hashable]]:
    clusters: dict[Hashable, set[Hashable]] = {}
    for mention, name in partition.items():
        clusters.setdefault(name, set()).add(mention)
    return clusters


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def muc(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """Return the F1 of links kept."""

    def recall(key: Mapping[Hashable, Hashable], response: Mapping[Hashable, Hashable]) -> float:
        kept = total = 0
        for cluster in _clusters(key).values():
            total += len(cluster) - 1
            kept += len(cluster) - len({response[mention] for mention in cluster})
        return kept / total if total else 0.0

    return _f1(recall(found, gold), recall(gold, found))


def b_cubed(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """Return the F1 of, for each mention, how much of its cluster is right."""
    golds, founds = Counter(gold.values()), Counter(found.values())
    cells = Counter((gold[mention], found[mention]) for mention in gold)
    precision = sum(n * n / founds[b] for (_, b), n in cells.items()) / len(gold)
    recall = sum(n * n / golds[a] for (a, _), n in cells.items()) / len(gold)
    return _f1(precision, recall)


def ceaf_e(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """Return the F1 of the best one-to-one matching of clusters, entity-based similarity."""
    golds, founds = Counter(gold.values()), Counter(found.values())
    cells = Counter((gold[mention], found[mention]) for mention in gold)
    graph = nx.Graph()
    for (a, b), n in cells.items():
        graph.add_edge(("gold", a), ("found", b), weight=2 * n / (golds[a] + founds[b]))
    total = sum(graph[a][b]["weight"] for a, b in nx.max_weight_matching(graph))
    return _f1(total / len(founds), total / len(golds))


def conll_f1(gold: Mapping[Hashable, Hashable], found: Mapping[Hashable, Hashable]) -> float:
    """Return the mean of the three."""
    return (muc(gold, found) + b_cubed(gold, found) + ceaf_e(gold, found)) / 3

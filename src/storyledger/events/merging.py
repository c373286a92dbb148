"""Reports of one event brought together, within and across documents.

Greedy average-link clustering over the blocked pairs: the surest pair first, two clusters join where
their reports, pair by pair, are more likely one event than not, and no two of them contradict.
Invariant: the result does not depend on the order of the reports. This module must not know how
reports are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.engine import Engine
from storyledger.events.assembly import assemble_event
from storyledger.events.blocking import iter_pairs
from storyledger.events.camps import find_camps, let_governments_act
from storyledger.events.similarity import (
    Judged,
    Telling,
    evidence_key,
    judge_pair,
    make_telling,
    weigh_actors,
    weigh_words,
)
from storyledger.types import Actor, Article, Event, EventMerge, EventReport, Reading

JOIN = 0.5  # mean probability from which two clusters are one event
FORBID = 0.04  # a pair below it speaks against joining its clusters
MOST_AGAINST = 0.25  # the share of such pairs that a join bears: readings err, dates most of all
SAMPLE = 6  # reports of a cluster that a join looks at: bounds the work on a much-told event


@dataclass(slots=True)
class _Cluster:
    members: list[int]
    merges: list[EventMerge]


def merge_reports(
    reports: Sequence[EventReport],
    articles: Sequence[Article],
    readings: Mapping[str, Reading],
    actors: Sequence[Actor],
    engine: Engine,
) -> list[Event]:
    """Return one event for all the reports of it, by the order of ``timeline``'s ids' evidence.

    ``readings`` may lack documents: sentence vectors are then not compared. ``actors`` are the story's
    actors; participants that are none of them are dropped.

    Args:
        reports: of all articles, in any order.
        articles: the story's, for dates and origins.
        readings: by document id, for sentence vectors.
        actors: the resolved cast.
        engine: compares the pairs.
    """
    known = {actor.id for actor in actors}
    by_id = {article.id: article for article in articles}
    ordered = sorted(reports, key=lambda report: (_published(by_id, report), evidence_key(report.evidence), report.id))
    ordered = [_keep_known(report, known) for report in ordered] if known else ordered
    camps = find_camps(actors)
    ordered = let_governments_act(ordered, actors, camps)
    unnamed = frozenset(actor.id for actor in actors if all(mention.kind != "name" for mention in actor.mentions))
    tellings = _make_tellings(ordered, by_id, readings, unnamed, camps)
    judged = _judge_pairs(tellings, engine)
    clusters = cluster_reports(tellings, judged)
    events = [assemble_event([tellings[i] for i in c.members], c.merges) for c in clusters]
    return sorted(events, key=lambda event: (evidence_key(event.mentions[0]), event.id))


def _published(articles: Mapping[str, Article], report: EventReport) -> str:
    article = articles.get(report.document)
    return (article.published_latest or article.published or "9") if article is not None else "9"


def _keep_known(report: EventReport, known: set[str]) -> EventReport:
    if all(row.actor in known for row in report.participants) and (report.place is None or report.place in known):
        return report
    kept = tuple(row for row in report.participants if row.actor in known)
    return EventReport(
        **{name: getattr(report, name) for name in EventReport.__slots__ if name != "participants"}, participants=kept
    )


def _make_tellings(
    reports: Sequence[EventReport],
    articles: Mapping[str, Article],
    readings: Mapping[str, Reading],
    unnamed: frozenset[str],
    camps: Mapping[str, str],
) -> list[Telling]:
    weights = weigh_words([report.evidence.text for report in reports])
    vectors = {document: read_vectors(reading) for document, reading in readings.items() if reading.vectors}
    rarity, tellings = weigh_actors(reports), []
    for report in reports:
        article, rows = articles.get(report.document), vectors.get(report.document)
        origin = (article.origin if article is not None else None) or report.document
        vector = rows[report.sentence] if rows is not None and report.sentence < len(rows) else None
        tellings.append(make_telling(report, weights, origin, vector, rarity, unnamed, camps))
    return tellings


def read_vectors(reading: Reading) -> NDArray[np.float32]:
    """Return the sentence vectors of ``reading``, sentences by dimensions."""
    return np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1).astype(np.float32)


def _judge_pairs(tellings: Sequence[Telling], engine: Engine) -> dict[tuple[int, int], Judged]:
    pairs = sorted(iter_pairs(tellings))
    judged = engine.map_values(_judge_values, ((tellings[one], tellings[other]) for one, other in pairs))
    return dict(zip(pairs, judged, strict=True))


def _judge_values(pair: tuple[Telling, Telling]) -> Judged:
    return judge_pair(*pair)


def cluster_reports(tellings: Sequence[Telling], judged: Mapping[tuple[int, int], Judged]) -> list[_Cluster]:
    """Return the clusters of reports that tell one event each, with the pair that joined each two."""
    clusters = {number: _Cluster([number], []) for number in range(len(tellings))}
    home = list(range(len(tellings)))
    sure = sorted(
        (pair for pair in judged if judged[pair].probability >= JOIN), key=lambda p: (-judged[p].probability, p)
    )
    for one, other in sure:
        left, right = sorted((home[one], home[other]))
        if left == right or not _may_join(clusters[left], clusters[right], tellings, judged):
            continue
        merge = _explain(tellings[one], tellings[other], judged[one, other])
        clusters[left].members += clusters[right].members
        clusters[left].merges += [*clusters[right].merges, merge]
        for member in clusters.pop(right).members:
            home[member] = left
    for cluster in clusters.values():
        cluster.members.sort()
    return [clusters[number] for number in sorted(clusters)]


def _may_join(
    one: _Cluster, other: _Cluster, tellings: Sequence[Telling], judged: Mapping[tuple[int, int], Judged]
) -> bool:
    total, count, against = 0.0, 0, 0
    for left in _sample(one.members):
        for right in _sample(other.members):
            pair = (min(left, right), max(left, right))
            found = judged.get(pair) or judge_pair(tellings[left], tellings[right])
            total, count = total + found.probability, count + 1
            against += found.probability < FORBID
    return total / count >= JOIN and against <= MOST_AGAINST * count


def _sample(members: Sequence[int]) -> list[int]:
    """At most ``SAMPLE`` members, spread evenly."""
    ordered = sorted(members)
    step = max(1, -(-len(ordered) // SAMPLE))
    return ordered[::step]


def _explain(one: Telling, other: Telling, found: Judged) -> EventMerge:
    return EventMerge(one.report.evidence, other.report.evidence, round(found.probability, 4), found.reasons)

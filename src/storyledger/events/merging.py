"""Reports of one event brought together, within and across documents.

The pairs that blocking lets through are compared, clusters are made of them, each cluster becomes an event; what
a person judged comes first. Invariant: the result does not depend on the order of the reports. This module must
not know how reports are found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from storyledger.engine import Engine
from storyledger.events.assembly import assemble_event
from storyledger.events.blocking import iter_pairs
from storyledger.events.camps import find_camps, let_governments_act
from storyledger.events.clusters import cluster_reports
from storyledger.events.corrections import apply_judgements
from storyledger.events.similarity import (
    Judged,
    Telling,
    evidence_key,
    judge_pair,
    make_telling,
    weigh_actors,
    weigh_words,
)
from storyledger.types import Actor, Article, Event, EventReport, Judgement, Reading


def merge_reports(
    reports: Sequence[EventReport],
    articles: Sequence[Article],
    readings: Mapping[str, Reading],
    actors: Sequence[Actor],
    engine: Engine,
    judgements: Sequence[Judgement] = (),
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
        judgements: the journal of corrections; what it says of events beats what the pairs say.
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
    wanted = apply_judgements(ordered, judgements, articles)
    clusters = [c for c in cluster_reports(tellings, judged, wanted) if wanted.rejected.isdisjoint(c.members)]
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

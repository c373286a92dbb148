"""Reports of one event brought together, within and across documents.

The pairs that blocking lets through are compared, clusters are made of them, each cluster becomes an event; what
a person judged comes first. Invariant: the result does not depend on the order of the reports. This module must
not know how reports are found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from storyledger.events.assembly import assemble_event
from storyledger.events.blocking import SMALL, list_pairs
from storyledger.events.camps import find_camps, find_governing, let_governments_act
from storyledger.events.clusters import JOIN, Cluster, Judged, cluster_reports
from storyledger.events.corrections import apply_judgements
from storyledger.events.headlines import Naming, Tongue, gather_names
from storyledger.events.likeness import PARTED, PARTING, TIED, TYING, load_scorer
from storyledger.events.ranking import TOLD_PER_LISTED, expect_listed, weigh_standing
from storyledger.events.similarity import (
    Context,
    Rarity,
    Telling,
    count_origins,
    evidence_key,
    make_telling,
    weigh_actors,
    weigh_words,
)
from storyledger.linkage import expect_fewer
from storyledger.types import Actor, Article, Event, EventReport, Judgement, Reading

_AT_ONCE = 50_000  # pairs whose features are measured together: 150 MB of vectors


@dataclass(frozen=True, slots=True)
class Survey:
    """What merging asks of the cast, found once for all stories of a pile: each would else go through all mentions.

    ``camps`` and ``governing`` (country -> its government) by actor id; ``within``: by document the mentions' start,
    end and actor, in order; ``unnamed``: the actors that no page names.
    """

    known: frozenset[str]
    unnamed: frozenset[str]
    camps: Mapping[str, str]
    governing: Mapping[str, str]
    within: Mapping[str, Sequence[tuple[int, int, str]]]
    naming: Naming


def survey_cast(actors: Sequence[Actor]) -> Survey:
    """Return what ``merge_reports`` asks of the cast."""
    camps = find_camps(actors)
    within: dict[str, list[tuple[int, int, str]]] = {}
    for actor in actors:
        for mention in actor.mentions:
            within.setdefault(mention.document, []).append((mention.start, mention.end, actor.id))
    for rows in within.values():
        rows.sort()
    return Survey(
        frozenset(actor.id for actor in actors),
        frozenset(actor.id for actor in actors if all(mention.kind != "name" for mention in actor.mentions)),
        camps,
        find_governing(actors, camps),
        within,
        gather_names(actors),
    )


def cut_survey(cast: Survey, reports: Sequence[EventReport], documents: AbstractSet[str]) -> list[object]:
    """Return all that merging ``reports`` of ``documents`` can ask of the survey, as plain values."""
    within = {name: cast.within.get(name, ()) for name in sorted(documents)}
    asked = {actor for rows in within.values() for _, _, actor in rows}
    asked |= {row.actor for report in reports for row in report.participants}
    asked |= {row.actor for report in reports for row in report.involved}
    asked |= {report.place for report in reports if report.place is not None}
    asked |= {cast.governing[actor] for actor in asked if actor in cast.governing}
    maps = (cast.camps, cast.governing, cast.naming.names)
    known = [(i, i in cast.known, i in cast.unnamed, *(found.get(i) for found in maps)) for i in sorted(asked)]
    return [bool(cast.known), known, within, {name: cast.naming.mentions.get(name, ()) for name in within}]


def merge_reports(
    reports: Sequence[EventReport],
    articles: Sequence[Article],
    readings: Mapping[str, Reading],
    actors: Sequence[Actor] | Survey,
    judgements: Sequence[Judgement] = (),
) -> list[Event]:
    """Return one event for all the reports of it, by the order of ``timeline``'s ids' evidence.

    ``readings`` may lack documents: sentence vectors are then not compared. ``actors`` are the story's
    actors; participants that are none of them are dropped.

    Args:
        reports: of all articles, in any order.
        articles: the story's, for dates and origins.
        readings: by document id, for sentence vectors.
        actors: the resolved cast, or its survey, where several stories of one pile are merged.
        judgements: the journal of corrections; what it says of events beats what the pairs say.
    """
    cast = actors if isinstance(actors, Survey) else survey_cast(actors)
    by_id = {article.id: article for article in articles}
    ordered = sorted(reports, key=lambda report: (_published(by_id, report), evidence_key(report.evidence), report.id))
    ordered = [_keep_known(report, cast.known) for report in ordered] if cast.known else ordered
    ordered = let_governments_act(ordered, cast.governing)
    tellings = make_tellings(ordered, by_id, readings, cast)
    judged = judge_pairs(tellings)
    wanted = apply_judgements(ordered, judgements, articles)
    clusters = [c for c in cluster_reports(tellings, judged, wanted) if wanted.rejected.isdisjoint(c.members)]
    tied = {number for one, other, _ in wanted.same for number in (one, other)}
    expected = expect_listed(
        [telling.report.confidence for telling in tellings],
        {pair: found.probability for pair, found in judged.items()},
        [telling.report.document for telling in tellings],
    )
    clusters = _keep_standing(clusters, tellings, tied, max(1, round(TOLD_PER_LISTED * expected)))
    tongue = Tongue(by_id, readings, cast.naming)
    events = [assemble_event([tellings[i] for i in c.members], c.merges, tongue) for c in clusters]
    return sorted(events, key=lambda event: (evidence_key(event.mentions[0]), event.id))


def _keep_standing(
    clusters: Sequence[Cluster], tellings: Sequence[Telling], tied: set[int], most: int
) -> list[Cluster]:
    """Return the ``most`` events that a reader would likeliest list, and those that a person tied, in order."""

    def rank(at: int) -> tuple[bool, float, int]:
        members = [tellings[i] for i in clusters[at].members]
        origins = count_origins(members)
        listed = max(telling.report.confidence for telling in members)
        return tied.isdisjoint(clusters[at].members), -weigh_standing(listed, origins), clusters[at].members[0]

    ranked = sorted(range(len(clusters)), key=rank)
    kept = ranked[: max(most, sum(not rank(at)[0] for at in ranked))]
    return [clusters[at] for at in sorted(kept)]


def _published(articles: Mapping[str, Article], report: EventReport) -> str:
    article = articles.get(report.document)
    return (article.published_latest or article.published or "9") if article is not None else "9"


def _keep_known(report: EventReport, known: frozenset[str]) -> EventReport:
    named = {row.actor for row in report.participants} | {row.actor for row in report.involved}
    if named <= known and (report.place is None or report.place in known):
        return report
    kept = tuple(row for row in report.participants if row.actor in known)
    return replace(report, participants=kept, involved=tuple(row for row in report.involved if row.actor in known))


def make_tellings(
    reports: Sequence[EventReport],
    articles: Mapping[str, Article],
    readings: Mapping[str, Reading],
    actors: Sequence[Actor] | Survey,
) -> list[Telling]:
    """Return the reports made ready to compare, in their order."""
    cast = actors if isinstance(actors, Survey) else survey_cast(actors)
    present = list_present(reports, cast)
    texts = [report.evidence.text for report in reports]
    pile = Rarity(weigh_words(texts), weigh_actors(present), cast.unnamed, cast.camps)
    pages = {name: _Page(articles[name], readings.get(name)) for name in {r.document for r in reports} & set(articles)}
    return [
        make_telling(report, pages[report.document].find_context(report, here), pile)
        if report.document in pages
        else make_telling(report, Context(report.document, present=here), pile)
        for report, here in zip(reports, present, strict=True)
    ]


class _Page:
    """One page as its tellings look at it: its sentences and clauses, with their vectors."""

    def __init__(self, article: Article, reading: Reading | None) -> None:
        """Read the vectors; none where there is no reading."""
        self._article, self._reading = article, reading
        read = reading is not None and reading.vectors
        self._vectors = read_vectors(reading) if read and reading is not None else None
        tokens = [reading.tokens[token] for token in reading.clauses] if reading is not None else []
        self._clauses = [(token.start, token.lemma.lower()) for token in tokens]
        self._rows = _read_clauses(reading) if reading is not None and reading.clause_vectors else None

    def find_context(self, report: EventReport, present: frozenset[str]) -> Context:
        """Return what stands around a report of the page."""
        article, reading = self._article, self._reading
        known = reading is not None and report.sentence < len(reading.sentences)
        sentence = reading.sentences[report.sentence] if known and reading is not None else None
        clause = self._find_clause(report)
        return Context(
            origin=article.origin or article.id,
            told=article.published_latest or article.published,
            sentence=article.text[sentence.start : sentence.end] if sentence is not None else "",
            present=present,
            vector=self._vectors[report.sentence] if known and self._vectors is not None else None,
            clause=self._rows[clause] if self._rows is not None and clause is not None else None,
        )

    def _find_clause(self, report: EventReport) -> int | None:
        """The clause that hangs on the report's own predicate, else the first in its words."""
        first = bisect_left(self._clauses, (report.evidence.start,))
        last = bisect_left(self._clauses, (report.evidence.end,))
        inside = range(first, last)
        own = (at for at in inside if self._clauses[at][1] == report.predicate_lemma)
        return next(own, first if inside else None)


def _read_clauses(reading: Reading) -> NDArray[np.float32]:
    """Return the unit vectors of the clauses of ``reading``, clauses by dimensions."""
    rows = np.frombuffer(reading.clause_vectors, "i1").reshape(len(reading.clauses), -1).astype(np.float32)
    unit: NDArray[np.float32] = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return unit


def list_present(reports: Sequence[EventReport], cast: Survey) -> list[frozenset[str]]:
    """Return for each report who is mentioned in its clause."""
    return [_list_within(cast.within.get(report.document, ()), report) for report in reports]


def _list_within(rows: Sequence[tuple[int, int, str]], report: EventReport) -> frozenset[str]:
    start, end = report.evidence.start, report.evidence.end
    first, last = bisect_left(rows, (start,)), bisect_left(rows, (end,))
    return frozenset(actor for _, until, actor in rows[first:last] if until <= end)


def read_vectors(reading: Reading) -> NDArray[np.float32]:
    """Return the sentence vectors of ``reading``, sentences by dimensions."""
    return np.frombuffer(reading.vectors, "<f2").reshape(len(reading.sentences), -1).astype(np.float32)


def judge_pairs(tellings: Sequence[Telling]) -> dict[tuple[int, int], Judged]:
    """Return the probability of each pair that is worth comparing, and the reasons of what may be joined.

    The weights come from piles of some 200 tellings; of more fewer pairs are one event: read on a public pile of 90
    pages, links of a probability from .4 to .8 were hardly ever one. What is told in the very same words stays likely.
    """
    share = min(1.0, SMALL / max(1, len(tellings)))
    pairs, scorer = list_pairs(tellings), load_scorer()
    judged: dict[tuple[int, int], Judged] = {}
    for first in range(0, len(pairs), _AT_ONCE):
        some = pairs[first : first + _AT_ONCE]
        probabilities, rows = scorer.score_pairs(tellings, some)
        probabilities = expect_fewer(probabilities, share) if share < 1 else probabilities
        tied = rows[:, [scorer.names.index(feature.__name__) for feature in TYING]].any(axis=1)
        probabilities = np.where(tied, np.maximum(probabilities, TIED), probabilities)
        apart = rows[:, [scorer.names.index(feature.__name__) for feature in PARTING]].any(axis=1)
        probabilities = np.where(apart, np.minimum(probabilities, PARTED), probabilities)
        for (one, other), probability, row in zip(some.tolist(), probabilities.tolist(), rows, strict=True):
            judged[one, other] = Judged(probability, scorer.explain(row) if probability >= JOIN else ())
    return judged

"""The events that one article tells: candidates, status, participants, dates, and the choice among them.

An article yields the handful of events that a reader would list, not one for each verb. Invariant:
every report's evidence is a range of the article's text, at most ``MAX_CLAUSE_CHARS`` and a little
long. This module must not know other articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.events.clauses import find_clause
from storyledger.events.dating import TimeIndex, assume_when, find_when
from storyledger.events.participants import CastIndex, find_participants, find_place
from storyledger.events.ranking import choose_reports, weigh_importance
from storyledger.events.senses import Candidate, TypeMap, find_candidates
from storyledger.events.status import find_status
from storyledger.events.trees import Trees
from storyledger.events.voices import VoiceIndex
from storyledger.ids import make_id
from storyledger.types import (
    Article,
    Cast,
    EventReport,
    EventStatus,
    EventWhen,
    Evidence,
    Reading,
    Statement,
    TimeExpression,
)

MAX_EVIDENCE_CHARS = 400  # the contract's


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the work on one article looks things up in."""

    article: Article
    trees: Trees
    cast: CastIndex
    times: TimeIndex
    voices: VoiceIndex


def find_reports(
    article: Article,
    reading: Reading,
    cast: Cast,
    times: Sequence[TimeExpression],
    statements: Sequence[Statement],
) -> tuple[EventReport, ...]:
    """Return the events that ``article`` tells, in text order, each with an importance.

    A predicate counts where the lexicon knows its sense, grammar says that it happened, is planned or
    called off, and it is among the most important of the article (``choose_reports``).
    """
    trees = Trees(reading, article.text)
    around = Surroundings(article, trees, CastIndex(cast), TimeIndex(times), VoiceIndex(statements))
    candidates = find_candidates(trees, TypeMap(trees, reading, cast))
    clauses = [_clause_chars(trees, candidate) for candidate in candidates]
    reports = []
    for number, candidate in enumerate(candidates):
        status = find_status(trees, candidate.frame)
        if status is not None:
            taken = _neighbours(clauses, number)
            reports.append(_make_report(around, candidate, clauses[number], taken, status))
    return choose_reports(article, reports)


def _clause_chars(trees: Trees, candidate: Candidate) -> tuple[int, int]:
    first, last = find_clause(trees, candidate.frame)
    return trees.tokens[first].start, trees.tokens[last - 1].end


def _neighbours(clauses: Sequence[tuple[int, int]], number: int) -> list[tuple[int, int]]:
    """The other clauses near in the text that do not contain this one."""
    own = clauses[number]
    near = [clauses[other] for other in range(max(0, number - 4), min(len(clauses), number + 5)) if other != number]
    return [(start, end) for start, end in near if not (start <= own[0] and own[1] <= end)]


def _make_report(
    around: Surroundings,
    candidate: Candidate,
    clause: tuple[int, int],
    taken: Sequence[tuple[int, int]],
    grammatical: EventStatus,
) -> EventReport:
    article, trees, frame, sense = around.article, around.trees, candidate.frame, candidate.sense
    start, end = clause
    number = trees.sentence_of[frame.token]
    sentence = trees.reading.sentences[number]
    status = around.voices.find_status(start, end, grammatical)
    participants, lost = find_participants(trees, around.cast, frame, sense)
    stated = find_when(
        around.times, clause, (sentence.start, sentence.end), trees.tokens[frame.token].start, taken=taken
    )
    when = _make_when(article, trees, candidate, stated, status)
    importance = weigh_importance(
        article, trees, candidate, sentence, participants=len(participants), dated=stated is not None, status=status
    )
    return EventReport(
        id=make_id("report", article.id, start, end, sense.type, frame.lemma),
        document=article.id,
        type=sense.type,
        evidence=Evidence(article.id, start, end, article.text[start:end]),
        predicate_lemma=frame.lemma,
        participants=participants,
        place=find_place(trees, around.cast, frame),
        when=when,
        status=status,
        importance=importance,
        sentence=number,
        confidence=_confidence(candidate, lost, importance),
    )


def _make_when(
    article: Article, trees: Trees, candidate: Candidate, stated: EventWhen | None, status: EventStatus
) -> EventWhen | None:
    if stated is not None:
        return stated
    words = {trees.words[child] for child in trees.dependents(candidate.frame.token, "aux")}
    return assume_when(article, planned=status == "planned", recent="had" not in words and not candidate.frame.is_noun)


def _confidence(candidate: Candidate, lost: Sequence[int], importance: float) -> float:
    sure = 0.45 + 0.5 * importance - 0.05 * len(lost) - (0.1 if candidate.frame.is_noun else 0.0)
    return round(min(0.95, max(0.05, sure)), 3)

"""The events that one article tells: candidates, status, participants, dates, and the choice among them.

An article yields the handful of events that a reader would list, not one for each verb. Invariant:
every report's evidence is a range of the article's text. This module must not know other articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storyledger.events.clauses import find_clause
from storyledger.events.dating import (
    TimeIndex,
    assume_when,
    carry_when,
    count_back,
    find_deadline,
    find_when,
    has_clock_time,
    is_ahead,
)
from storyledger.events.frames import Frame, build_frame
from storyledger.events.lexicon import Sense, groups_of, load_senses, load_words
from storyledger.events.participants import CastIndex, find_participants, find_place
from storyledger.events.ranking import choose_reports, weigh_importance
from storyledger.events.senses import Candidate, TypeMap, find_candidate, find_candidates
from storyledger.events.status import find_status, is_attributed
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

# What somebody can refuse to do.
_HARM = frozenset({"kill", "die", "sink", "fire", "collide", "nature"})
_REFUSED = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the work on one article looks things up in."""

    article: Article
    trees: Trees
    types: TypeMap
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
    around = look_around(article, reading, cast, times, statements)
    candidates = find_candidates(around.trees, around.types)
    clauses = [_clause_chars(around.trees, candidate) for candidate in candidates]
    reports = []
    for number, candidate in enumerate(candidates):
        refused = find_refusal(candidate)
        told = refused or candidate
        status = "reported" if refused else find_status(around.trees, candidate.frame, candidate.sense)
        if status is not None:
            reports.append(_make_report(around, told, clauses[number], status))
    return choose_reports(article, [report for report in reports if not is_feared(report)])


def find_refusal(candidate: Candidate) -> Candidate | None:
    """Return a refusal where somebody will not help, talk or yield: "said it would not negotiate"; else None."""
    frame, sense = candidate.frame, candidate.sense
    will = load_words("future") & set(frame.auxiliaries)
    if frame.is_noun or not frame.negated or not will or sense.type not in _REFUSED or not frame.agents:
        return None
    return Candidate(frame, load_senses()["reject"])


def is_feared(report: EventReport) -> bool:
    """Whether the report is of harm to come on no day named: a fear ("someone would die"), not a plan."""
    undated = report.when is None or report.when.text is None
    return report.status == "planned" and undated and bool(groups_of(report.predicate_lemma) & _HARM)


def look_around(
    article: Article,
    reading: Reading,
    cast: Cast,
    times: Sequence[TimeExpression],
    statements: Sequence[Statement],
) -> Surroundings:
    """Return what the work on one article looks things up in; linear in the article's length."""
    trees = Trees(reading, article.text)
    types = TypeMap(trees, reading, cast)
    return Surroundings(article, trees, types, CastIndex(cast), TimeIndex(times), VoiceIndex(statements))


def describe_predicate(around: Surroundings, token: int) -> EventReport:
    """Return a report of the predicate at ``token`` whether or not the lexicon knows it or grammar denies it.

    For measuring the merging on given mentions; an unknown word's sense is a group of its own.
    """
    candidate = find_candidate(around.trees, around.types, token)
    if candidate is None:
        lemma = around.trees.lemma(token)
        candidate = Candidate(build_frame(around.trees, token), Sense(f"={lemma}", "OTHER", 0.0, 0.3, "ag"))
    status = find_status(around.trees, candidate.frame, candidate.sense) or "claimed"
    return _make_report(around, candidate, _clause_chars(around.trees, candidate), status)


def _clause_chars(trees: Trees, candidate: Candidate) -> tuple[int, int]:
    first, last = find_clause(trees, candidate.frame)
    return trees.tokens[first].start, trees.tokens[last - 1].end


def _make_report(
    around: Surroundings,
    candidate: Candidate,
    clause: tuple[int, int],
    grammatical: EventStatus,
) -> EventReport:
    candidate, grammatical = _call_off(around, candidate, grammatical)
    article, trees, frame, sense = around.article, around.trees, candidate.frame, candidate.sense
    start, end = clause
    number = trees.sentence_of[frame.token]
    sentence = trees.reading.sentences[number]
    status = around.voices.find_status(start, end, grammatical)
    if status == "reported" and is_attributed(trees, frame.token):
        status = "claimed"
    participants, lost = find_participants(trees, around.cast, frame, sense)
    stated = find_when(trees, around.times, frame) or count_back(article, trees, around.times, frame)
    open_ended = frame.is_noun or trees.words[frame.token].endswith("ing")
    if status == "reported" and open_ended and stated is not None and is_ahead(article, stated):
        status = "planned"
    if status == "planned":
        stated = _bound_plan(around, frame, stated)
    when = _make_when(around, candidate, stated, status)
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
        place=find_place(trees, around.cast, frame, sense),
        when=when,
        status=status,
        importance=importance,
        sentence=number,
        confidence=_confidence(candidate, lost, importance),
    )


def _call_off(around: Surroundings, candidate: Candidate, status: EventStatus) -> tuple[Candidate, EventStatus]:
    """What is called off is the event that the object names; the clause and its parts stay the verb's."""
    frame, trees = candidate.frame, around.trees
    if candidate.sense.group != "cancel" or frame.is_noun or status != "reported":
        return candidate, status
    for head in frame.themes:
        told = find_candidate(trees, around.types, head)
        if told is not None:
            agents = (*frame.agents, *told.frame.agents)
            both = replace(told.frame, token=frame.token, is_noun=False, agents=agents, others=())
            return Candidate(both, told.sense), "called_off"
    return candidate, "called_off"


def _bound_plan(around: Surroundings, frame: Frame, stated: EventWhen | None) -> EventWhen | None:
    """A plan lies between its publication and the day that it names, or the deadline that it sets itself."""
    published = around.article.published_latest or around.article.published
    if stated is None:
        return find_deadline(around.article, around.trees, around.times, frame)
    if stated.earliest is None and stated.latest is not None and published and published[:10] <= stated.latest:
        return replace(stated, earliest=published[:10])
    return stated


def _make_when(
    around: Surroundings, candidate: Candidate, stated: EventWhen | None, status: EventStatus
) -> EventWhen | None:
    """What the sentence states, else the old date of its passage, else what publication lets one assume."""
    article, trees, frame = around.article, around.trees, candidate.frame
    if stated is not None:
        return stated
    if status in ("reported", "claimed") and (carried := carry_when(article, trees, around.times, frame)) is not None:
        return carried
    words = {trees.words[child] for child in trees.dependents(frame.token, "aux")}
    recent = not frame.is_noun and ("had" not in words or has_clock_time(trees, around.times, frame))
    return assume_when(article, planned=status == "planned", recent=recent)


def _confidence(candidate: Candidate, lost: Sequence[int], importance: float) -> float:
    sure = 0.45 + 0.5 * importance - 0.05 * len(lost) - (0.1 if candidate.frame.is_noun else 0.0)
    return round(min(0.95, max(0.05, sure)), 3)

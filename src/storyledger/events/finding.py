"""The events that one article tells: candidates, status, participants, dates, and the choice among them.

An article yields the handful of events that a reader would list, not one for each verb. Invariant:
every report's evidence is a range of the article's text. This module must not know other articles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from storyledger.events.clauses import find_clause
from storyledger.events.features import Features, Scene
from storyledger.events.involvement import weigh_involved
from storyledger.events.judges import Verdict, judge_predicates
from storyledger.events.lexicon import load_senses, load_words
from storyledger.events.participants import find_place
from storyledger.events.parts import choose_participants
from storyledger.events.ranking import choose_told
from storyledger.events.senses import Candidate, find_candidate, list_predicates, make_candidate
from storyledger.events.status import find_status, is_attributed
from storyledger.events.surroundings import Surroundings, look_around
from storyledger.events.whens import Calendar, Told
from storyledger.ids import make_id
from storyledger.language import Parse, factuality, parse_of
from storyledger.types import (
    Article,
    BlockKind,
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
_UNREAL = frozenset({"negated", "possible", "conditional", "asked", "failed"})
_OF_THE_PAGE: frozenset[BlockKind] = frozenset({"byline", "dateline"})  # who wrote it, when it was changed
_REFUSED = frozenset({"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"})


def find_reports(
    article: Article,
    reading: Reading,
    cast: Cast,
    times: Sequence[TimeExpression],
    statements: Sequence[Statement],
) -> tuple[EventReport, ...]:
    """Return the events that ``article`` tells, in text order.

    Every predicate is asked about; those that the judges would list with some probability are told. ``confidence`` is
    that probability: what stands alone and is unlikely goes once the pile is known (``merging.py``).
    """
    around = look_around(article, reading, cast, times, statements)
    asked = describe_predicates(around)
    verdicts = judge_predicates([row.features for row in asked])
    chosen = _drop_frames(asked, choose_told([row.clause for row in asked], verdicts))
    parse = parse_of(article, reading)
    real = [at for at in chosen if not is_unreal(parse, asked[at])]
    return make_reports(around, [asked[at] for at in real], [verdicts[at] for at in real])


def is_unreal(parse: Parse, asked: Asked) -> bool:
    """Whether the clause tells what is not: negated, possible, conditional, failed, or contrary to fact.

    What grammar takes for a refusal, a plan or a fact all the same is told ("said it would not negotiate").
    """
    frame = asked.candidate.frame
    if asked.status is None and (_says_nothing(parse, asked) or parse.has_word(frame.token, {"before"}, "mark")):
        return True  # "declined to comment"; "must pay before its members return"
    value = factuality(parse, frame.token).value
    return value == "counterfactual" or (asked.status is None and value in _UNREAL)


def _drop_frames(asked: Sequence[Asked], chosen: Sequence[int]) -> list[int]:
    """Leave out that something was said where what was said is told."""

    def holds(at: int, other: int) -> bool:
        outer, inner = asked[at].clause, asked[other].clause
        return at != other and outer[0] <= inner[0] and inner[1] <= outer[1]

    cues = {at for at in chosen if asked[at].features.numbers.get("is a cue")}
    return [at for at in chosen if at not in cues or not any(holds(at, other) for other in chosen)]


def _says_nothing(parse: Parse, asked: Asked) -> bool:
    """Whether somebody only will not, or is asked not to, say a word."""
    below = asked.candidate.frame.infinitive
    return below is not None and parse.lemmas[below] in load_words("small_talk")


@dataclass(frozen=True, slots=True)
class Asked:
    """A predicate with all that the judges are told: its frame and sense, its clause in characters, its features."""

    candidate: Candidate
    tokens: tuple[int, int]  # of the clause
    clause: tuple[int, int]
    status: EventStatus | None  # as grammar has it
    features: Features


def describe_predicates(around: Surroundings) -> list[Asked]:
    """Return every predicate of the article with its features, in text order."""
    trees, scene = around.trees, Scene(around)
    of_page = {n for n, sentence in enumerate(trees.reading.sentences) if sentence.kind in _OF_THE_PAGE}
    found = [c for c in list_predicates(trees, around.types) if trees.sentence_of[c.frame.token] not in of_page]
    beside: dict[int, list[int]] = {}
    for candidate in found:
        beside.setdefault(trees.sentence_of[candidate.frame.token], []).append(candidate.frame.token)
    return [_ask(around, scene, candidate, beside) for candidate in found]


def _ask(around: Surroundings, scene: Scene, candidate: Candidate, beside: Mapping[int, Sequence[int]]) -> Asked:
    trees, token = around.trees, candidate.frame.token
    first, last = find_clause(trees, candidate.frame)
    clause = trees.tokens[first].start, trees.tokens[last - 1].end
    refused = find_refusal(candidate)
    status: EventStatus | None = "reported" if refused else find_status(trees, candidate.frame, candidate.sense)
    told = refused or candidate
    if status is not None:
        told, status = _call_off(around, told, status)
        status = around.voices.find_status(*clause, status)
        status = "claimed" if status == "reported" and is_attributed(trees, token) else status
    features = scene.describe(told, (first, last), status, beside[trees.sentence_of[token]])
    return Asked(told, (first, last), clause, status, features)


def find_refusal(candidate: Candidate) -> Candidate | None:
    """Return a refusal where somebody will not help, talk or yield: "said it would not negotiate"; else None."""
    frame, sense = candidate.frame, candidate.sense
    will = load_words("future") & set(frame.auxiliaries)
    if frame.is_noun or not frame.negated or not will or sense.type not in _REFUSED or not frame.agents:
        return None
    return Candidate(frame, load_senses()["reject"])


def describe_predicate(around: Surroundings, token: int) -> EventReport:
    """Return a report of the predicate at ``token`` whether or not anybody would list it.

    For measuring the merging on given mentions.
    """
    candidate = make_candidate(around.trees, around.types, token)
    asked = _ask(around, Scene(around), candidate, {around.trees.sentence_of[token]: [token]})
    return make_reports(around, [asked], judge_predicates([asked.features]))[0]


def make_reports(around: Surroundings, asked: Sequence[Asked], verdicts: Sequence[Verdict]) -> tuple[EventReport, ...]:
    """Return predicates as reports, with who takes part, where, when, and the judges' verdict on each."""
    whens = Calendar(around).choose([Told(row.candidate.frame, row.clause, row.status) for row in asked])
    rows = zip(asked, verdicts, whens, strict=True)
    return tuple(_make_report(around, row, verdict, when, sure) for row, verdict, (when, sure) in rows)


def _make_report(
    around: Surroundings, asked: Asked, verdict: Verdict, when: EventWhen | None, sure: float
) -> EventReport:
    article, trees, candidate = around.article, around.trees, asked.candidate
    kind = max(verdict.types, key=lambda name: (verdict.types[name], name))
    status: EventStatus = "called_off" if asked.status == "called_off" else choose_status(verdict)
    frame, sense = candidate.frame, replace(candidate.sense, type=kind)
    start, end = asked.clause
    told = Candidate(frame, sense)
    return EventReport(
        id=make_id("report", article.id, start, end, kind, frame.lemma),
        document=article.id,
        type=kind,
        evidence=Evidence(article.id, start, end, article.text[start:end]),
        predicate_lemma=frame.lemma,
        participants=choose_participants(around, told, asked.tokens),
        place=find_place(trees, around.cast, frame, sense),
        when=when,
        status=status,
        importance=round(verdict.important, 3),
        sentence=trees.sentence_of[frame.token],
        confidence=round(verdict.listed, 3),
        dated=sure,
        involved=weigh_involved(around, told, asked.tokens, verdict.types),
    )


def choose_status(verdict: Verdict) -> EventStatus:
    """Return the likeliest status."""
    best: EventStatus = max(get_args(EventStatus), key=lambda name: (verdict.statuses.get(name, 0.0), name))
    return best


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

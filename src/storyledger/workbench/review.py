"""The judgements that would change the account most: what is unsure, times how much hangs on it.

Invariant: every question names two evidences, or one and its candidates, so that it can be answered by reading them
side by side; one that the journal has answered is not asked again. The effect is counted, not guessed: how many
mentions, statements or tellings would stand elsewhere if the answer were the other one. This module must not know HTTP.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from storyledger.store import Filters, Ledger
from storyledger.types import Actor, Comparison, Event, Evidence, Statement

WIDTH = 300  # so many of the weightiest of each kind are looked at, whatever the size of the ledger


@dataclass(frozen=True, slots=True)
class Question:
    """One judgement to make. ``effect``: entries that would change, times how unsure the machine is.

    ``key`` names it for skipping; ``request`` is what ``moves.make_move`` takes, by answer ("same", "right" ...).
    """

    key: str
    kind: str
    ask: str
    told: str
    sides: tuple[tuple[str, Evidence], ...]
    effect: float
    requests: dict[str, dict[str, str]]


def list_questions(ledger: Ledger, most: int = 20, skipped: Collection[str] = ()) -> list[Question]:
    """Return the questions whose answers would change most, the weightiest first."""
    judged = {key for j in ledger.load_judgements() for key in (j.a, j.b) if key}
    places = {(sha, text) for sha, _, _, text in judged}
    found = [q for ask in (_ask_actors, _ask_comparisons, _ask_speakers, _ask_events) for q in ask(ledger)]
    hashes = _hashes(ledger, found)
    open_ = [q for q in found if q.key not in skipped and not _is_judged(q, hashes, places)]
    return sorted(open_, key=lambda q: (-q.effect, q.key))[:most]


def _hashes(ledger: Ledger, questions: Sequence[Question]) -> dict[str, str]:
    wanted = sorted({e.document for q in questions for _, e in q.sides})
    return {a.id: a.sha256 for a in ledger.entries.load_values("documents", wanted)}


def _is_judged(question: Question, hashes: dict[str, str], places: set[tuple[str, str]]) -> bool:
    return any((hashes.get(e.document, ""), e.text) in places for _, e in question.sides)


def _unsure(probability: float | None) -> float:
    """Return how unsure: 1 at one half, 0 where it is certain."""
    return 1.0 - abs(2.0 * (0.5 if probability is None else probability) - 1.0)


# ------------------------------------------------------------------ actors


def _ask_actors(ledger: Ledger) -> Iterator[Question]:
    lines = ledger.entries.list_lines(Filters(section="actors"), limit=WIDTH)
    actors: list[Actor] = ledger.entries.load_values("actors", [e.id for e in lines])
    for actor in actors:
        yield from _ask_merges(actor)
    yield from _ask_namesakes(actors)


def _ask_merges(actor: Actor) -> Iterator[Question]:
    """Yield the least sure tie of an actor: whether what it joins is one."""
    ties = [m for m in actor.merges if not m.refused and m.a.text != m.b.text]
    if not ties:
        return
    tie = min(ties, key=lambda m: (m.probability, m.a.document, m.a.start))
    counts = Counter(m.text for m in actor.mentions)
    moved = max(1, min(counts[tie.a.text], counts[tie.b.text]))
    yield Question(
        f"actor {actor.id} {tie.a.document} {tie.a.start} {tie.b.document} {tie.b.start}",
        "actor",
        f"Is “{tie.a.text}” the same as “{tie.b.text}”?",
        "; ".join(tie.reasons) or "brought together by their names",
        ((tie.a.text, tie.a), (tie.b.text, tie.b)),
        _unsure(tie.probability) * moved,
        {
            "same": {"verb": "same", "at": _place(tie.a), "with": _place(tie.b)},
            "different": {"verb": "different", "at": _place(tie.a), "with": _place(tie.b)},
        },
    )


def _ask_namesakes(actors: Sequence[Actor]) -> Iterator[Question]:
    """Yield pairs that share their last name and one type and stand apart: whether they are one."""
    by_name: dict[tuple[str, str], list[Actor]] = defaultdict(list)
    for actor in actors:
        words = actor.name.split()
        if words and actor.mentions and words[-1][:1].isupper():
            by_name[actor.type, words[-1].casefold()].append(actor)
    for group in by_name.values():
        for other in group[1:4]:
            one = group[0]
            a, b = _first_mention(one), _first_mention(other)
            yield Question(
                f"names {one.id} {other.id}",
                "actor",
                f"Is “{one.name}” the same as “{other.name}”?",
                "they share a name and stand as two",
                ((one.name, a), (other.name, b)),
                0.5 * min(len(one.mentions), len(other.mentions)),
                {
                    "same": {"verb": "same", "target": one.id, "other": other.id},
                    "different": {"verb": "different", "target": one.id, "other": other.id},
                },
            )


def _first_mention(actor: Actor) -> Evidence:
    best = min(actor.mentions, key=lambda m: (m.kind != "name", -len(m.text), m.document, m.start))
    return Evidence(best.document, best.start, best.end, best.text)


# ------------------------------------------------------------------ comparisons, speakers, events


def _ask_comparisons(ledger: Ledger) -> Iterator[Question]:
    for kind in ("conflict", "role_conflict"):
        lines = ledger.entries.list_lines(Filters(section="comparisons", kind=kind), limit=WIDTH)
        found: list[Comparison] = ledger.entries.load_values("comparisons", [e.id for e in lines])
        for c in found:
            sides = [(s.position, s.evidence[0]) for s in c.sides if s.evidence]
            if len(sides) < 2:
                continue
            verdicts = {"right": "true", "wrong": "false", "trivial": "trivial"}
            yield Question(
                f"comparison {c.id}",
                "comparison",
                f"Do these contradict each other? {c.about}",
                c.why or "",
                tuple(sides),
                _unsure(c.confidence) * sum(len(s.evidence) for s in c.sides),
                {k: {"verb": "judge_comparison", "target": c.id, "value": v} for k, v in verdicts.items()},
            )


def _ask_speakers(ledger: Ledger) -> Iterator[Question]:
    """Yield, for the statements least sure of their speaker, whether it is the right one."""
    lines = ledger.entries.list_lines(Filters(section="statements"), limit=20 * WIDTH)
    unsure = sorted((e for e in lines if e.who), key=lambda e: (e.confidence or 0.0, e.id))[:WIDTH]
    found: list[Statement] = ledger.entries.load_values("statements", [e.id for e in unsure])
    spoken = Counter(e.who for e in lines)
    for s in found:
        source = s.speaker.evidence or s.cue or s.content
        weight = 1.0 + 0.1 * spoken[f" {s.speaker.actor} "]
        yield Question(
            f"speaker {s.id}",
            "speaker",
            f"Did {s.speaker.text or 'this source'} say this?",
            f"the words that name the source: “{source.text}”",
            (("said", s.content), ("by", source)),
            _unsure(s.confidence) * weight,
            {
                "right": {"verb": "set_speaker", "target": s.id, "other": s.speaker.actor or ""},
                "wrong": {"verb": "set_speaker", "target": s.id, "value": ""},
            },
        )


def _ask_events(ledger: Ledger) -> Iterator[Question]:
    lines = ledger.entries.list_lines(Filters(section="events"), limit=20 * WIDTH)
    told = sorted((e for e in lines if e.pages > 1), key=lambda e: (-e.weight, e.id))[:WIDTH]
    found: list[Event] = ledger.entries.load_values("events", [e.id for e in told])
    for event in found:
        ties = [m for m in event.merges if not m.refused]
        if not ties:
            continue
        tie = min(ties, key=lambda m: (m.probability, m.a.document, m.a.start))
        yield Question(
            f"event {event.id} {tie.a.document} {tie.a.start}",
            "event",
            "Do these tell the same event?",
            "; ".join(tie.reasons),
            (("one page", tie.a), ("another", tie.b)),
            _unsure(tie.probability) * len(event.mentions) * (0.5 + event.importance),
            {
                "same": {"verb": "same_event", "at": _place(tie.a), "with": _place(tie.b)},
                "different": {"verb": "different_event", "at": _place(tie.a), "with": _place(tie.b)},
            },
        )


def _place(evidence: Evidence) -> str:
    return f"{evidence.document} {evidence.start} {evidence.end}"

"""The judgements that would change the account most: what is unsure, times how much hangs on it.

Invariant: every question names two evidences, or one and its candidates, so that it can be answered by reading them
side by side; one that the journal has answered is not asked again. The effect is counted, not guessed: how many
mentions, statements or tellings would stand elsewhere if the answer were the other one. This module must not know HTTP.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from storyledger.store import Filters, Ledger, Mentioned
from storyledger.types import Actor, Comparison, Event, Evidence, Statement
from storyledger.workbench.places import write_place

WIDTH = 300  # so many of the weightiest of each kind are looked at, whatever the size of the ledger
POOL = 10**9
# how often an answer changes what it is asked of, on twelve marked piles, each read by networks that have not seen it
# (``evals.review --rates --models``); where the machine has a probability of its own that is multiplied in
RATES = {
    "within": 0.7, "short": 0.4, "apart": 0.25, "tie": 0.3, "conflict": 2.0, "event": 0.2,
    "speaker": 0.3, "pronoun": 0.95, "nobody": 0.8, "described": 0.6, "unnamed": 0.5,
}  # fmt: skip
SEEN_SELDOM = 2  # mentions: whoever has no more and speaks is the wrong one three times as often
CONFLICT_SHOWN = 0.35  # as the account shows it
MOST_NAMESAKES, MOST_NAMES = 5, 9
PRONOUNS = frozenset({"he", "she", "they", "it", "him", "her", "his", "their", "i", "we", "you", "who"})
LEADING = frozenset({"for", "of", "to", "from", "with", "by", "at", "in"})  # "lawyers for Ada Brun" are not Ada Brun
SPEAKING = frozenset({"person", "organisation", "armed_group", "government", "country", "outlet", "group"})


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
    return choose_questions(ledger, find_questions(ledger), most, skipped)


def find_questions(ledger: Ledger) -> list[Question]:
    """Return everything that could be asked, the weightiest first; the same until the story is another one."""
    found = [q for ask in (_ask_actors, _ask_comparisons, _ask_speakers, _ask_events) for q in ask(ledger)]
    return sorted(found, key=lambda q: (-q.effect, q.key))


def choose_questions(
    ledger: Ledger, found: Sequence[Question], most: int = 20, skipped: Collection[str] = (), *, offered: int = POOL
) -> list[Question]:
    """Return the first ``most`` of ``found`` that are neither judged nor skipped, the first ``offered`` with names."""
    judged = {key for j in ledger.load_judgements() for key in (j.a, j.b) if key}
    places = {(sha, text) for sha, _, _, text in judged}
    open_: list[Question] = []
    at, step = 0, max(2 * most, 50)
    while len(open_) < most and at < len(found):
        some = [q for q in found[at : at + step] if q.key not in skipped]
        hashes = _hashes(ledger, some)
        open_ += [q for q in some if not _is_judged(q, hashes, places)]
        at += step
    asking = [q for q in open_[: min(most, offered)] if _asks_for_name(q)]
    principals = _find_principals(ledger) if asking else ()
    named = [_offer_names(ledger, q, principals) if q in asking else q for q in open_[: min(most, offered)]]
    return [q for q in named if q.requests] + open_[len(named) : most]


def _hashes(ledger: Ledger, questions: Sequence[Question]) -> dict[str, str]:
    wanted = sorted({e.document for q in questions for _, e in q.sides})
    return ledger.entries.load_hashes(wanted)


def _is_judged(question: Question, hashes: dict[str, str], places: set[tuple[str, str]]) -> bool:
    return any((hashes.get(e.document, ""), e.text) in places for _, e in question.sides)


def _doubt(probability: float | None) -> float:
    """Return how likely the machine is wrong, by its own account."""
    return 1.0 - (0.5 if probability is None else probability)


# ------------------------------------------------------------------ actors


def _ask_actors(ledger: Ledger) -> Iterator[Question]:
    lines = ledger.entries.list_lines(Filters(section="actors"), limit=WIDTH)
    ids = [e.id for e in lines]
    actors: list[Actor] = ledger.entries.load_values("actors", ids, without=("mentions",))
    told = ledger.entries.sum_mentions(ids)
    actors = [a for a in actors if a.id in told]
    for actor in actors:
        yield from _ask_merges(actor, told[actor.id])
    yield from _ask_namesakes(actors, told)
    yield from _ask_descriptions(ledger, actors, told)


def _ask_merges(actor: Actor, told: Mentioned) -> Iterator[Question]:
    """Yield the least sure tie of an actor: whether what it joins is one."""
    ties = [m for m in actor.merges if not m.refused and m.a.text != m.b.text]
    if not ties:
        return
    tie = min(ties, key=lambda m: (m.probability, m.a.document, m.a.start))
    moved = max(1, min(told.texts.get(tie.a.text, 0), told.texts.get(tie.b.text, 0)))
    yield Question(
        f"actor {actor.id} {tie.a.document} {tie.a.start} {tie.b.document} {tie.b.start}",
        "actor",
        f"Is “{tie.a.text}” the same as “{tie.b.text}”?",
        "; ".join(tie.reasons) or "brought together by their names",
        ((tie.a.text, tie.a), (tie.b.text, tie.b)),
        RATES["tie"] * _doubt(tie.probability) * moved,
        {
            "same": {"verb": "same", "at": _place(tie.a), "with": _place(tie.b)},
            "different": {"verb": "different", "at": _place(tie.a), "with": _place(tie.b)},
        },
    )


def _ask_namesakes(actors: Sequence[Actor], told: Mapping[str, Mentioned]) -> Iterator[Question]:
    """Yield pairs whose names may be of one and that stand apart: the last word is the same, or one abbreviates."""
    by_name: dict[tuple[bool, str], list[Actor]] = defaultdict(list)
    for actor in actors:
        words = actor.name.split()
        if words and words[-1][:1].isupper():
            for key in {words[-1].casefold(), _abbreviate(words)}:
                by_name[actor.type == "person", key].append(actor)
    met = set()
    for group in by_name.values():
        for one, other in ((a, b) for n, a in enumerate(group[:MOST_NAMESAKES]) for b in group[n + 1 : MOST_NAMESAKES]):
            if (one.id, other.id) in met:
                continue
            met.add((one.id, other.id))
            a, b = told[one.id], told[other.id]
            yield Question(
                f"names {one.id} {other.id}",
                "actor",
                f"Is “{one.name}” the same as “{other.name}”?",
                "they share a name and stand as two",
                ((one.name, a.best), (other.name, b.best)),
                RATES[_compare_names(one.name, other.name)] * min(a.count, b.count),
                {
                    verb: {
                        "verb": verb,
                        "target": one.id,
                        "other": other.id,
                        "target_at": write_place(a.best),
                        "other_at": write_place(b.best),
                    }
                    for verb in ("same", "different")
                },
            )


def _ask_descriptions(
    ledger: Ledger, actors: Sequence[Actor], mentioned: Mapping[str, Mentioned]
) -> Iterator[Question]:
    """Yield those who are only described ("the operator"): who they are. What they say and do moves with them."""
    for actor in actors:
        own = mentioned[actor.id]
        if own.named or actor.type not in SPEAKING:
            continue
        said = ledger.entries.count(Filters(section="statements", who=actor.id))
        yield Question(
            f"described {actor.id}",
            "actor",
            f"Who is “{actor.name}”?",
            f"described {own.count} times, never named",
            ((actor.name, own.best),),
            RATES["unnamed"] * (own.count + said),
            {},
        )


def _abbreviate(words: Sequence[str]) -> str:
    """Return the capitals of a name of several words, a word in capitals itself."""
    if len(words) == 1:
        return words[0].casefold()
    return "".join(w[0] for w in words if w[:1].isupper()).casefold()


def _compare_names(one: str, other: str) -> str:
    """Return how two names stand to each other: "within" (all words of one are in the other), "short", "apart"."""
    a, b = ([w.strip(".,'’").casefold() for w in name.split()] for name in (one, other))
    few, many = sorted((a, b), key=len)
    if all(any(w == x or (1 in (len(w), len(x)) and w[:1] == x[:1]) for x in many) for w in few):
        before = many[: len(many) - len(few)]
        return "apart" if before and before[-1] in LEADING else "within"
    return "short" if len(few) == 1 else "apart"


# ------------------------------------------------------------------ comparisons, speakers, events


def _ask_comparisons(ledger: Ledger) -> Iterator[Question]:
    for kind in ("conflict", "role_conflict"):
        lines = ledger.entries.list_lines(Filters(section="comparisons", kind=kind), limit=WIDTH)
        found: list[Comparison] = ledger.entries.load_values("comparisons", [e.id for e in lines])
        for c in found:
            sides = [(s.position, s.evidence[0]) for s in c.sides if s.evidence]
            if len(sides) < 2:
                continue
            places = {"target_at": write_place(sides[0][1]), "other_at": write_place(sides[1][1])}
            verdicts = {"right": "true", "wrong": "false", "trivial": "trivial"}
            yield Question(
                f"comparison {c.id}",
                "comparison",
                f"Do these contradict each other? {c.about}",
                c.why or "",
                tuple(sides),
                RATES["conflict"] * (c.confidence if c.confidence < CONFLICT_SHOWN else _doubt(c.confidence)),
                {k: {"verb": "judge_comparison", "target": c.id, "value": v, **places} for k, v in verdicts.items()},
            )


def _ask_speakers(ledger: Ledger) -> Iterator[Question]:
    """Yield statements of an unnamed source, and those least sure of their speaker: who says it."""
    lines = ledger.entries.list_lines(Filters(section="statements"), limit=20 * WIDTH)
    named = sorted((e for e in lines if e.who), key=lambda e: (e.confidence or 0.0, e.id))[:WIDTH]
    unnamed = sorted((e for e in lines if not e.who), key=lambda e: (-(e.confidence or 0.0), e.id))[:WIDTH]
    found: list[Statement] = ledger.entries.load_values("statements", [e.id for e in (*named, *unnamed)])
    told = ledger.entries.sum_mentions(sorted({s.speaker.actor for s in found if s.speaker.actor}))
    resumed = Counter(s.continues for s in found if s.continues)  # what goes on with it moves with it
    for s in found:
        source = s.speaker.evidence or s.cue or s.content
        known = s.speaker.actor is not None
        seldom = known and s.speaker.actor in told and told[s.speaker.actor].count <= SEEN_SELDOM
        rate = RATES["speaker"] * (3 if seldom else 1) * _doubt(s.confidence) if known else RATES[_describe_source(s)]
        place = {"target": s.id, "target_at": write_place(s.content)}
        by = {"other": s.speaker.actor or "", "other_at": write_place(source)}
        right = {"right": {"verb": "set_speaker", **place, **by}} if known else {}
        yield Question(
            f"speaker {s.id}",
            "speaker",
            f"Did {s.speaker.text or 'this source'} say this?" if known else "Who says this?",
            f"the words that name the source: “{source.text}”",
            (("said", s.content), ("by", source)),
            rate * (1.0 if known else 0.5 + 0.5 * s.confidence) * (1 + resumed[s.id]),
            {**right, "wrong": {"verb": "set_speaker", **place, "value": ""}},
        )


def _describe_source(said: Statement) -> str:
    """Return how the source of a statement without a speaker is told of: "pronoun", "nobody", "described"."""
    if said.speaker.evidence is None:
        return "nobody"
    return "pronoun" if said.speaker.evidence.text.casefold() in PRONOUNS else "described"


def _asks_for_name(question: Question) -> bool:
    return question.key.partition(" ")[0] in ("speaker", "described")


def _find_principals(ledger: Ledger) -> list[tuple[str, str, Evidence]]:
    """Return id, name and a place of those who are told of most by name, whatever the page."""
    lines = ledger.entries.list_lines(Filters(section="actors"), limit=4 * MOST_NAMES)
    told = ledger.entries.sum_mentions([e.id for e in lines if e.kind in SPEAKING])
    return [(e.id, e.title, told[e.id].best) for e in lines if e.id in told and told[e.id].named]


def _offer_names(ledger: Ledger, question: Question, principals: Sequence[tuple[str, str, Evidence]]) -> Question:
    """Return a question with those who may be meant: of the page, the nearest first, then the story's principals."""
    kind, _, target = question.key.partition(" ")
    spot = question.sides[0][1]
    taken = {target, *(r.get("other") for r in question.requests.values())}
    near = _find_near(ledger, spot, named_only=kind == "described")
    rows = [row for row in near if row[0] not in taken][:MOST_NAMES]
    taken |= {row[0] for row in rows}
    rows += [row for row in principals if row[0] not in taken][: MOST_NAMES - len(rows)]
    verb = "set_speaker" if kind == "speaker" else "same"
    offered = {
        f"{n}: {name}": {
            "verb": verb,
            "target": target,
            "other": ident,
            "target_at": write_place(spot),
            "other_at": write_place(mention),
        }
        for n, (ident, name, mention) in enumerate(rows, 1)
    }
    return replace(question, requests={**question.requests, **offered})


def _find_near(ledger: Ledger, spot: Evidence, *, named_only: bool) -> list[tuple[str, str, Evidence]]:
    """Return id, name and nearest mention of those on the page of ``spot`` who can speak, the nearest first."""
    cast: list[Actor] = ledger.entries.load_on_pages("actors", [spot.document])
    near = []
    for actor in cast:
        here = [m for m in actor.mentions if m.document == spot.document]
        if actor.type in SPEAKING and here and (not named_only or any(a.kind == "name" for a in actor.aliases)):
            rows = [(abs(m.start - spot.start) if m.start < spot.end else m.start - spot.end, m.start, m) for m in here]
            far, _, m = min(rows, key=lambda row: row[:2])
            near.append((far, actor.name, actor.id, Evidence(m.document, m.start, m.end, m.text)))
    near.sort(key=lambda row: row[:2])
    return [(ident, name, mention) for _, name, ident, mention in near]


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
            RATES["event"] * _doubt(tie.probability) * (0.5 + event.importance),
            {
                "same": {"verb": "same_event", "at": _place(tie.a), "with": _place(tie.b)},
                "different": {"verb": "different_event", "at": _place(tie.a), "with": _place(tie.b)},
            },
        )


def _place(evidence: Evidence) -> str:
    return f"{evidence.document} {evidence.start} {evidence.end}"

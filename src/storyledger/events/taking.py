"""Who takes part in an event, from what all its tellings make likely: acts, is acted on, both or none.

Each telling says how likely each actor of its page takes which part (``parts.py``); learned weights (``acts`` and
``undergoes`` in ``data/taking.npz``, made by ``python -m train.event_taking``) weigh how many say so, how surely, and
who else might. So who is named by one page of five can take part, and who one page drags in need not. This module
must not know trees.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from storyledger.events.parts import load_forests, make_table
from storyledger.events.similarity import Telling
from storyledger.linkage.forest import predict_forest
from storyledger.types import Actor, Chance, Participant

FORESTS = {"actor": "acts", "recipient": "undergoes"}
# Of .2 to .45 the best F1 is at .25 on piles kept out (.43 invented, .53 Wikinews), where half are wrong; here six of
# ten are right for .02 less.
TAKES_PART = 0.33
_LIKELY = 0.4
_FILE = "taking.npz"
_MOST_SURE = 0.98
_MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})


@dataclass(frozen=True, slots=True)
class Face:
    """What is asked of an actor of the story: its type, whether a page names it, on how many pages it is how often."""

    type: str
    named: bool
    mentions: int
    pages: int


@dataclass(frozen=True, slots=True)
class Taker:
    """An actor that may take part in an event: features by name, for each role; what is not named is 0."""

    actor: str
    features: dict[str, dict[str, float]]


def gather_faces(actors: Iterable[Actor]) -> dict[str, Face]:
    """Return the actors by id as the choice of participants looks at them."""
    return {
        actor.id: Face(
            actor.type,
            any(mention.kind == "name" for mention in actor.mentions),
            len(actor.mentions),
            len({mention.document for mention in actor.mentions}),
        )
        for actor in actors
    }


def choose_takers(tellings: Sequence[Telling], kind: str, faces: Mapping[str, Face]) -> tuple[Participant, ...]:
    """Return who takes part in the event of type ``kind`` that ``tellings`` tell, the likeliest first, actors first."""
    takers = list_takers(tellings, kind, faces)
    if not takers:
        return ()
    found: list[Participant] = []
    for role, name in FORESTS.items():
        forest = load_forests(_FILE)[name]
        likely = predict_forest(
            forest, make_table([taker.features[role] for taker in takers], forest.features)
        ).tolist()
        ranked = sorted(zip(likely, takers, strict=True), key=lambda row: (-row[0], row[1].actor))
        found += [Participant(role, taker.actor) for chance, taker in ranked if chance >= TAKES_PART]  # type: ignore[arg-type]
    return tuple(found)


def list_takers(tellings: Sequence[Telling], kind: str, faces: Mapping[str, Face]) -> list[Taker]:
    """Return all who may take part in an event, in order of their ids."""
    rows: dict[str, list[tuple[Telling, Chance]]] = {}
    for telling in tellings:
        for chance in telling.report.chances:
            rows.setdefault(chance.actor, []).append((telling, chance))
    surest = {role: {actor: _join(_shares(own, role)) for actor, own in rows.items()} for role in FORESTS}
    ranked = {role: sorted(likely.values(), reverse=True) for role, likely in surest.items()}
    common = dict(_describe_event(tellings, kind))
    return [
        Taker(
            actor,
            {
                role: common
                | dict(_describe_actor(faces.get(actor), len(rows)))
                | dict(_describe_part(tellings, rows[actor], role))
                | dict(_compare(surest[role][actor], ranked[role]))
                for role in FORESTS
            },
        )
        for actor in sorted(rows)
    ]


def _share(chance: Chance, role: str) -> float:
    return chance.acting if role == "actor" else chance.undergoing


def _shares(rows: Sequence[tuple[Telling, Chance]], role: str) -> list[float]:
    return [_share(chance, role) for _, chance in rows]


def _join(shares: Sequence[float]) -> float:
    """How likely at least one of several is right."""
    return 1.0 - math.prod(1.0 - _MOST_SURE * share for share in shares)


def _describe_event(tellings: Sequence[Telling], kind: str) -> Iterator[tuple[str, float]]:
    yield "tellings", math.log1p(len(tellings))
    yield "origins", math.log1p(len({telling.is_copy_of for telling in tellings}))
    yield f"type {kind}", 1.0
    yield "mutual", float(kind in _MUTUAL)


def _describe_actor(face: Face | None, company: int) -> Iterator[tuple[str, float]]:
    yield "company", math.log1p(company)
    if face is not None:
        yield f"is {face.type}", 1.0
        yield "has a name", float(face.named)
        yield "mentions", math.log1p(face.mentions)
        yield "pages", math.log1p(face.pages)


def _describe_part(
    tellings: Sequence[Telling], rows: Sequence[tuple[Telling, Chance]], role: str
) -> Iterator[tuple[str, float]]:
    own, other = _shares(rows, role), _shares(rows, "recipient" if role == "actor" else "actor")
    ranked = sorted(own, reverse=True)
    yield "surest", ranked[0]
    yield "next surest", ranked[1] if len(ranked) > 1 else 0.0
    yield "at least once", _join(own)
    yield "mean", sum(own) / len(tellings)
    yield "mean where asked", fmean(own)
    yield "likely in", float(sum(share >= _LIKELY for share in own))
    yield "likely in a share of", sum(share >= _LIKELY for share in own) / len(tellings)
    yield "asked in a share of", len(own) / len(tellings)
    yield "within a share of", sum(chance.within for _, chance in rows) / len(tellings)
    weights = sum(telling.report.confidence for telling in tellings) or 1.0
    yield "mean of the listed", sum(t.report.confidence * _share(c, role) for t, c in rows) / weights
    best = max(tellings, key=lambda telling: (telling.report.confidence, telling.report.id))
    yield "in the best telling", next((_share(c, role) for t, c in rows if t is best), 0.0)
    yield "other part, surest", max(other)
    yield "other part, mean", sum(other) / len(tellings)
    yield "more than the other part", _join(own) - _join(other)


def _compare(own: float, ranked: Sequence[float]) -> Iterator[tuple[str, float]]:
    """How an actor stands among all who may take the part."""
    yield "rank", float(min(9, sum(other > own for other in ranked)))
    yield "below the likeliest", ranked[0] - own
    above = [other for other in ranked if other > own]
    yield "next above", above[-1] - own if above else 0.0
    others = sum(ranked) - own
    yield "others expected", others

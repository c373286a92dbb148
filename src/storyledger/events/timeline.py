"""Events in order of time, relations of two actors over time, and rows for users of event data.

Invariant: order and rows depend on the events alone. Weights: one number per PLOVER type, -10 for war
to +10 for aid that costs the giver, on the scale of Goldstein (1992), "A Conflict-Cooperation Scale for
WEIS Events Data", as CAMEO's scale maps it onto the types.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storyledger.types import Event, Story

# Mean of the Goldstein scores of the CAMEO codes that PLOVER folds into each type.
TYPE_WEIGHTS = {
    "AGREE": 4.0,
    "CONSULT": 1.5,
    "SUPPORT": 3.5,
    "COOPERATE": 5.0,
    "AID": 7.0,
    "CONCEDE": 5.0,
    "RETREAT": 3.0,
    "REQUEST": -0.5,
    "ACCUSE": -2.5,
    "REJECT": -4.0,
    "THREATEN": -5.5,
    "PROTEST": -6.5,
    "SANCTION": -6.0,
    "MOBILIZE": -7.0,
    "COERCE": -7.5,
    "ASSAULT": -9.5,
    "OTHER": 0.0,
}
# What did not happen, or not yet, weighs less in a relation.
STATUS_FACTORS = {"reported": 1.0, "claimed": 0.5, "planned": 0.5, "denied": 0.0, "called_off": 0.0}


def order_timeline(events: Sequence[Event]) -> tuple[str, ...]:
    """Return the events' ids by when they began, then ended; undated ones last, then by importance and id."""

    def key(event: Event) -> tuple[bool, str, str, float, str]:
        when = event.when
        start = (when.earliest or when.latest) if when is not None else None
        end = (when.latest or "9999") if when is not None else "9999"
        return start is None, start or "", end, -event.importance, event.id

    return tuple(event.id for event in sorted(events, key=key))


def relation_series(events: Sequence[Event], a: str, b: str) -> list[dict[str, Any]]:
    """Return what passed between actors ``a`` and ``b``, in order of time.

    Each row: ``event``, ``date`` (the earliest day known, or the latest), ``source`` and ``target`` (the
    two in the direction of the act, None where it is mutual), ``type``, ``status``, ``weight`` (-10
    conflict to +10 cooperation, halved for what is planned or claimed, 0 for what is denied or called
    off), ``running`` (mean weight so far).
    """
    by_id = {event.id: event for event in events}
    rows: list[dict[str, Any]] = []
    total = 0.0
    for number in order_timeline(events):
        event = by_id[number]
        direction = _find_direction(event, a, b)
        if direction is None:
            continue
        weight = round(TYPE_WEIGHTS[event.type] * STATUS_FACTORS[event.status], 2)
        total += weight
        when = event.when
        rows.append(
            {
                "event": event.id,
                "date": (when.earliest or when.latest) if when is not None else None,
                "source": direction[0],
                "target": direction[1],
                "type": event.type,
                "status": event.status,
                "weight": weight,
                "running": round(total / (len(rows) + 1), 3),
            }
        )
    return rows


def _find_direction(event: Event, a: str, b: str) -> tuple[str | None, str | None] | None:
    acting = {row.actor for row in event.participants if row.role == "actor"}
    acted_on = {row.actor for row in event.participants if row.role == "recipient"}
    forward, backward = a in acting and b in acted_on, b in acting and a in acted_on
    if (forward and backward) or {a, b} <= acting:
        return None, None
    if forward:
        return a, b
    return (b, a) if backward else None


def event_rows(story: Story) -> list[dict[str, Any]]:
    """Return one row an event, in the order of time, in the columns that users of event data know.

    Columns: event_id, date (first day), date_end, source and source_id, target and target_id (names and
    ids, several joined with "; "), plover_type, goldstein, status, place, importance, confidence, reports
    (mentions), documents, origins (independent), summary, evidence (of the first mention), evidence_document,
    evidence_start, evidence_end.
    """
    names = {actor.id: actor.name for actor in story.actors}
    origins = {article.id: article.origin or article.id for article in story.documents}
    by_id = {event.id: event for event in story.events}
    return [_make_row(by_id[number], names, origins) for number in order_timeline(story.events)]


def _make_row(event: Event, names: dict[str, str], origins: dict[str, str]) -> dict[str, Any]:
    sources = [row.actor for row in event.participants if row.role == "actor"]
    targets = [row.actor for row in event.participants if row.role == "recipient"]
    documents = sorted({mention.document for mention in event.mentions})
    first = event.mentions[0] if event.mentions else None
    return {
        "event_id": event.id,
        "date": event.when.earliest if event.when is not None else None,
        "date_end": event.when.latest if event.when is not None else None,
        "source": "; ".join(names.get(actor, actor) for actor in sources),
        "source_id": "; ".join(sources),
        "target": "; ".join(names.get(actor, actor) for actor in targets),
        "target_id": "; ".join(targets),
        "plover_type": event.type,
        "goldstein": TYPE_WEIGHTS[event.type],
        "status": event.status,
        "place": names.get(event.place, event.place) if event.place is not None else None,
        "importance": event.importance,
        "confidence": event.confidence,
        "reports": len(event.mentions),
        "documents": len(documents),
        "origins": len({origins.get(document, document) for document in documents}),
        "summary": event.summary,
        "evidence": first.text if first is not None else None,
        "evidence_document": first.document if first is not None else None,
        "evidence_start": first.start if first is not None else None,
        "evidence_end": first.end if first is not None else None,
    }

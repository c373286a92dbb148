"""Who stands where, document by document: what statements, events and figures ask of the actors.

Invariant: mentions sorted by place; one span belongs to one actor.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.types import Actor, Cast, CastMention


def cast_documents(actors: Sequence[Actor]) -> dict[str, Cast]:
    """Return document id -> its resolved mentions in text order; documents in order of id."""
    found: dict[str, dict[tuple[int, int], CastMention]] = {}
    for actor in actors:
        for m in actor.mentions:
            cast = CastMention(m.start, m.end, actor.id, actor.name, actor.type, m.kind, m.confidence)
            known = found.setdefault(m.document, {}).setdefault((m.start, m.end), cast)
            if (known.confidence, known.actor) < (cast.confidence, cast.actor):
                found[m.document][m.start, m.end] = cast
    return {
        d: Cast(d, tuple(rows[k] for k in sorted(rows, key=lambda s: (s[0], -s[1]))))
        for d, rows in sorted(found.items())
    }

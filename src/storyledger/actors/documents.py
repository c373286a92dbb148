"""What one article says about who is who: the value between the two halves of the room.

Invariant: plain frozen data, so that the ledger can keep it and a rerun can skip the article. Every mention
belongs to one local actor at most. This module must not know how mentions are brought together.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyledger.types import ActorMention, Role


@dataclass(frozen=True, slots=True)
class Link:
    """One step that tied mention ``later`` to mention ``earlier`` (indices into ``LocalActor.mentions``)."""

    later: int
    earlier: int
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class LocalActor:
    """The mentions of one article that mean one thing, with what the article tells of it.

    ``names``: bare forms, the fullest first; empty where the article only describes it. ``types``: weight of each
    type among its mentions, heaviest first. ``titles``: folded words before its names and heads of its
    descriptions. ``stands_for``: ISO code of the country whose government a capital's name means here.
    ``affiliations``: indices into the article's actors. ``ages``: (years, year of publication), as told beside a name.
    ``contexts``: how its names stand in their sentences, with counts; see ``contexts.py``.
    """

    mentions: tuple[ActorMention, ...]
    links: tuple[Link, ...]
    names: tuple[str, ...]
    types: tuple[tuple[str, float], ...]
    titles: tuple[str, ...] = ()
    gender: str | None = None
    plural: bool = False
    stands_for: str | None = None
    roles: tuple[Role, ...] = ()
    affiliations: tuple[int, ...] = ()
    ages: tuple[tuple[int, int], ...] = ()
    contexts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentActors:
    """All local actors of one article, in order of first mention."""

    document: str
    actors: tuple[LocalActor, ...]

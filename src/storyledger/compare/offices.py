"""Offices that documents give to one person, and which of them nobody holds at one time.

Read from the words beside the name (title, apposition, "has been"), because a role conflict must show
the words that state it. Invariant: former and future offices clash with nothing. This module must not
know what else is said about the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from storyledger.compare.index import (
    PileIndex,
    cut_evidence,
    describe_place,
    first_day,
    make_comparison,
    name_mentions,
    pick_evidence,
    published_on,
    sentence_around,
)
from storyledger.compare.slots import is_country
from storyledger.compare.words import load_cues
from storyledger.types import Actor, ActorMention, Comparison, Evidence, Side, Story

_BEFORE = re.compile(r"(?:[\w’'.-]+ ){1,6}$")
_AFTER = re.compile(r",? (?:who )?(?:(?:is|was|has been|had been|became) )?[^,.;:”\"]{3,70}")
_AND_CHIEF = re.compile(
    r"(?:,| and| &)\s+(?:the\s+)?(?:ceo|coo|chief|managing|chairman|general manager)\b", re.IGNORECASE
)
_OF = re.compile(r" of (?:the )?([A-Z][\w.’'-]*)(?: [A-Z][\w.’'-]*)*")
# who holds it no more or not yet, or holds it but not its name: a vice president may well be the de facto president
_NOT_NOW = re.compile(
    r"\b(?:former|formerly|ex-|ex|late|then|retired|future|incoming|next|would-be|deposed|de facto|in effect|"
    r"effectively|acting|interim|caretaker|potential|possible|likely|virtual|so-called|self-(?:styled|proclaimed|declared))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Office:
    """A role that one document gives somebody, by its class in ``cues.toml``."""

    holder: str
    rank: str
    place: Evidence
    past: bool


def compare_roles(story: Story, index: PileIndex) -> list[Comparison]:
    """Return the persons to whom documents of one time give offices that one person does not hold together."""
    found = []
    for actor in sorted(story.actors, key=lambda a: a.id):
        if actor.type == "person":
            offices = [o for m in name_mentions(index, actor) for o in find_offices(actor, m, index)]
            found += _clash(actor, offices, index)
    return found


def _clash(actor: Actor, offices: list[Office], index: PileIndex) -> list[Comparison]:
    by_rank: dict[str, list[Office]] = {}
    for office in offices:
        if not office.past:
            by_rank.setdefault(office.rank, []).append(office)
    clashing = {frozenset(pair) for pair in load_cues()["clashing_offices"]}
    ranks = [
        r
        for r in by_rank
        if any(frozenset((r, o)) in clashing and _meet(by_rank[r], by_rank[o], index) for o in by_rank)
    ]
    if len(ranks) < 2:
        return []
    sides = [
        Side(
            f"{r.replace('_', ' ')} ({describe_place(index, by_rank[r][0].place)})",
            pick_evidence(index, (o.place for o in by_rank[r]), 3),
        )
        for r in ranks
    ]
    why = f"{actor.name} is given {len(ranks)} offices that nobody holds at one time."
    return [make_comparison("role_conflict", f"{actor.name}: office", sides, 0.75, why)]


def _meet(a: list[Office], b: list[Office], index: PileIndex, days: int = 75) -> bool:
    """Return whether some two of the documents are of one time (or undated)."""
    for one in a:
        for two in b:
            first, second = (published_on(index.articles[o.place.document]) for o in (one, two))
            if first is None or second is None:
                return True
            if abs((first_day(first) - first_day(second)).days) <= days:
                return True
    return False


@cache
def _ranks() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each class of office with the words that name it, the longest first."""
    table = load_cues()["offices"]
    return tuple((rank, re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)) for rank, words in table.items())


def find_offices(actor: Actor, mention: ActorMention, index: PileIndex) -> list[Office]:
    """Return the offices that the words beside a mention give its actor."""
    text = index.articles[mention.document].text
    start, end = sentence_around(index, mention.document, mention.start, mention.end)
    found = _read_title(actor, mention, index)
    if found:
        return found
    before = _BEFORE.search(text, start, mention.start)
    if before is not None:
        found += _read_office(actor, mention, index, before.start(), mention.end, text[before.start() : mention.start])
    after = _AFTER.match(text, mention.end, end)
    if after is not None and re.match(r",| (?:is|was|has been|had been|became) ", after.group()):
        found += _read_office(actor, mention, index, mention.start, after.end(), after.group())
    return found


def _heads_company(after: str) -> bool:
    """Whether a president is one of a company or club: "and chief executive", "of" what is no country."""
    if _AND_CHIEF.match(after):
        return True
    of = _OF.match(after)
    return of is not None and not is_country(of[1].lower()) and not is_country(of[0][4:].strip().lower())


def _read_title(actor: Actor, mention: ActorMention, index: PileIndex) -> list[Office]:
    """Return the office in the mention itself, where the name was marked with its title."""
    for rank, pattern in _ranks():
        match = pattern.search(mention.text)
        if match is not None and mention.text[match.end() :].strip():
            past = bool(_NOT_NOW.search(mention.text[: match.end()]))
            return [Office(actor.id, rank, cut_evidence(index, mention.document, mention.start, mention.end), past)]
    return []


def _read_office(
    actor: Actor, mention: ActorMention, index: PileIndex, start: int, end: int, words: str
) -> list[Office]:
    """Return the office in ``words``: the first class that matches; none where another name stands between."""
    rows = index.mentions.get(mention.document, ())
    lo, hi = (start, mention.start) if end == mention.end else (mention.end, end)
    people = [r for r in rows if lo <= r[0] < hi and r[3] == "name" and index.actors[r[2]].type == "person"]
    if any(r[2] != actor.id for r in people):
        return []
    for rank, pattern in _ranks():
        match = pattern.search(words)
        if match is None:
            continue
        if end == mention.end and words[match.end() :].strip():
            return []  # a title stands at the name; "the minister told Mr X" gives X no office
        if end != mention.end and re.search(r"\b(?:to|with|by|met|told|and|for)\b", words[: match.start()]):
            return []
        if rank == "head_of_state" and _heads_company(words[match.end() :]):
            return []
        past = bool(_NOT_NOW.search(words[: match.end()]))
        first = start + match.start() if end == mention.end else mention.start
        return [Office(actor.id, rank, cut_evidence(index, mention.document, first, end), past)]
    return []

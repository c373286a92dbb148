"""The places of a story: which of all places of one name is meant, and what happened there.

Of several of one name, those in countries that the same pages name are preferred, then those where more people live;
what stays unsure is marked so, and what is little better than a guess is left out and counted. Invariant: a place has
coordinates only by its whole name. This module must not know how a map looks.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pycountry

from storyledger.folding import fold_text
from storyledger.geography.gazetteer import Spot, find_spots
from storyledger.geography.outlines import find_middle
from storyledger.nations import find_capital, find_country
from storyledger.types import Actor, Event, Story

ARTICLES = frozenset({"the", "a", "an"})
TYPES = frozenset({"place", "country"})
NAMING = frozenset({"place", "country", "government"})  # what names a country on a page
NEAR = 50.0  # a place in the one country that its pages name weighs as much as one of fifty times its people elsewhere
ALTERNATE = 0.1  # another name than the main one is weaker
HAMLET = 500  # people added to each: a village may be meant too
SURE, SHOWN = 0.8, 0.5
LARGE, KNOWN = 100_000, 500_000  # people: named without its country, a place is shown from here, and sure from there
MUCH_NAMED, NAMED = 0.5, 0.2  # of the countries' mentions on its pages: a small place's own, to be sure and to be shown


@dataclass(frozen=True, slots=True)
class Located:
    """A place of the story with where it is. ``sureness``: its share among the places of that name.

    ``events``: what happened there, by id; ``named``: those of them that do not say where, but name it in their words.
    """

    actor: str
    name: str
    kind: str  # "place", or "country": its coordinates are where its name stands on a map
    spot: Spot
    sureness: float
    sure: bool
    why: str
    mentions: int
    documents: int
    events: tuple[str, ...]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """The places of a story that were found, those of most events first, and the names of those that were not."""

    places: tuple[Located, ...]
    unknown: tuple[str, ...]
    countries: frozenset[str]  # codes of those that the pages name


def locate_story(story: Story) -> Whereabouts:
    """Return where the story's places are and what happened there."""
    codes = {a.id: code for a in story.actors if a.type in NAMING and (code := find_country(a.name))}
    by_page = _count_countries(story.actors, codes)
    found: list[tuple[Actor, Spot, float, bool, str]] = []
    unknown = []
    for actor in story.actors:
        if actor.type not in TYPES:
            continue
        place = _locate(actor, codes.get(actor.id), by_page)
        if place is None:
            unknown.append(actor)
        else:
            found.append((actor, *place))
    events, named = _find_events(story, {actor.id for actor, *_ in found}, codes)
    places = [
        Located(
            actor.id,
            actor.name,
            "country" if actor.id in codes else "place",
            spot,
            round(sureness, 2),
            sure,
            why,
            len(actor.mentions),
            len({m.document for m in actor.mentions}),
            tuple(events.get(actor.id, ())),
            frozenset(named.get(actor.id, ())),
        )
        for actor, spot, sureness, sure, why in found
    ]
    places.sort(key=lambda p: (-len(p.events), -p.mentions, p.name, p.actor))
    unknown.sort(key=lambda a: (-len(a.mentions), a.name))
    return Whereabouts(tuple(places), tuple(a.name for a in unknown), frozenset(codes.values()))


def _count_countries(actors: Iterable[Actor], codes: Mapping[str, str]) -> dict[str, Counter[str]]:
    """Return, by page, how often it names each country."""
    by_page: dict[str, Counter[str]] = {}
    for actor in actors:
        if actor.id in codes:
            for mention in actor.mentions:
                by_page.setdefault(mention.document, Counter())[codes[actor.id]] += 1
    return by_page


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    """Return the folded names of the countries' parts: a town that is called so is seldom meant."""
    return frozenset(fold_text(part.name) for part in pycountry.subdivisions)


def _locate(
    actor: Actor, code: str | None, by_page: Mapping[str, Counter[str]]
) -> tuple[Spot, float, bool, str] | None:
    if code is not None:
        middle = find_middle(code)
        if middle is None:
            return None
        return (
            Spot(actor.name, code, middle[1], middle[0], 0, None),
            1.0,
            True,
            "a country, shown where its name stands",
        )
    support: Counter[str] = Counter()
    for page in sorted({m.document for m in actor.mentions}):
        support.update(by_page.get(page, {}))
    shares = {c: n / support.total() for c, n in support.items()}
    for name in filter(_is_name, _list_names(actor)):
        bare, _, rest = name.partition(",")
        spots = find_spots(name) or find_spots(bare)
        within = find_country(rest.strip()) if rest else None
        spots = tuple(s for s in spots if within in (None, s.country))
        if fold_text(bare) in _regions():
            spots = tuple(s for s in spots if s.people >= LARGE)
        if spots:
            return _choose(spots, shares)
    return None


def _is_name(text: str) -> bool:
    """Tell whether a place is called so, not only described: "the valley" is not The Valley in Anguilla."""
    words = text.split()
    return (
        any(not w[:1].islower() for w in (words[1:] if words[0].casefold() in ARTICLES else words)) if words else False
    )


def _list_names(actor: Actor) -> list[str]:
    """Return the actor's name, then the others that pages call it by, the most frequent first."""
    counts = Counter(m.text for m in actor.mentions if m.kind == "name")
    return list(dict.fromkeys([actor.name, *(text for text, _ in counts.most_common(4))]))


def _choose(spots: Sequence[Spot], support: Mapping[str, float]) -> tuple[Spot, float, bool, str] | None:
    """Return the place that is meant, its share, whether it is sure, and why; None where that would be a guess."""
    weights = [
        (s.people + HAMLET) * (1 + NEAR * support.get(s.country, 0.0)) * (ALTERNATE if s.alternate else 1.0)
        for s in spots
    ]
    best = max(range(len(spots)), key=lambda n: weights[n])
    spot, share = spots[best], weights[best] / math.fsum(weights)
    others = f"; of {len(spots)} places of this name" if len(spots) > 1 else ""
    if share < SHOWN:
        return None
    capital = find_capital(spot.name) == spot.country
    known = spot.people >= KNOWN or (capital and spot.people >= LARGE)
    named = support.get(spot.country, 0.0)
    clear = share >= SURE and not spot.alternate
    if named >= NAMED or (named and spot.people >= LARGE):
        sure = clear and (named >= MUCH_NAMED or spot.people >= LARGE or known)
        return spot, share, sure, "its country is named on the same pages" + others
    if spot.people < LARGE and not capital:
        return None  # a village of a country that no page names: some other place is meant
    why = ("a capital" if capital else "a large city" if known else "a city") + ", its country is not named" + others
    return spot, share, known and clear, why


def _find_events(
    story: Story, located: set[str], codes: Mapping[str, str]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return, by place, the events that happened there, and those of them that only name it in their words."""
    by_page: dict[str, list[tuple[int, int, str]]] = {}
    for actor in story.actors:
        if actor.id in located and actor.id not in codes:
            for m in actor.mentions:
                by_page.setdefault(m.document, []).append((m.start, m.end, actor.id))
    for rows in by_page.values():
        rows.sort()
    events: dict[str, list[str]] = {}
    named: dict[str, list[str]] = {}
    for event in story.events:
        if event.place in located:
            events.setdefault(event.place, []).append(event.id)
        elif event.place is None and (place := _find_named(event, by_page)) is not None:
            events.setdefault(place, []).append(event.id)
            named.setdefault(place, []).append(event.id)
    return events, named


def _find_named(event: Event, by_page: Mapping[str, list[tuple[int, int, str]]]) -> str | None:
    """Return the one place that an event's tellings name, None where they name none or several."""
    inside = set()
    for spot in event.mentions:
        rows = by_page.get(spot.document, [])
        for start, end, actor in rows[bisect_left(rows, (spot.start, -1, "")) :]:
            if start >= spot.end:
                break
            if end <= spot.end:
                inside.add(actor)
    taking_part = {p.actor for p in event.participants}
    return next(iter(inside)) if len(inside) == 1 and not inside & taking_part else None

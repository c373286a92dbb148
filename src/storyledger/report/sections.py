"""The account in numbers, its title, and which pages were made from which.

Invariant: nothing is changed, only counted and ordered. This module must not know HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyledger.report.lookup import Lookup
from storyledger.report.people import is_nameable
from storyledger.report.wording import count_noun
from storyledger.types import Article

_PROMINENT_TYPES = {"person", "organisation", "armed_group", "government", "country", "facility"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The account in numbers."""

    title: str
    headline: str  # the document that has the title as its headline, "" where none has
    pages: int
    outlets: int
    unnamed: int
    origins: int
    earliest: str
    latest: str
    elsewhere: int


def count_facts(lookup: Lookup) -> Facts:
    """Return how many pages, outlets and origins tell the story, and from when to when."""
    told = [a for a in lookup.story.documents if a.in_story]
    earliest = sorted(d for a in told if (d := a.published or a.published_earliest))
    latest = sorted(d for a in told if (d := a.published or a.published_latest))
    title, headline = _make_title(lookup, told)
    return Facts(
        title=title,
        headline=headline,
        pages=len(told),
        outlets=len({a.outlet for a in told if a.outlet}),
        unnamed=sum(1 for a in told if not a.outlet),
        origins=len({a.origin or a.id for a in told}),
        earliest=earliest[0] if earliest else "",
        latest=latest[-1] if latest else "",
        elsewhere=len(lookup.story.documents) - len(told),
    )


def _make_title(lookup: Lookup, told: list[Article]) -> tuple[str, str]:
    """Return what the account is called, and the page whose headline that is: a headline takes its outlet's side."""
    stories = lookup.story.stories
    if len(stories) > 1:
        return f"{len(stories)} stories on {count_noun(len(told), 'page')}", ""
    if stories and stories[0].name:
        own = [a for a in told if a.title and " ".join(a.title.split()) == " ".join(stories[0].name.split())]
        return stories[0].name, min(own, key=lambda a: lookup.order(a.id)).id if own else ""
    weights = []
    for actor in lookup.story.actors:
        if actor.type in _PROMINENT_TYPES and is_nameable(actor):
            origins = {lookup.origin(m.document) for m in actor.mentions}
            weights.append((-len(origins), -len(actor.mentions), actor.name))
    names = [re.sub(r"\s*\([^()]*\)", "", name) for _, _, name in sorted(weights)[:3]]
    return ", ".join(names) if names else "The account", ""

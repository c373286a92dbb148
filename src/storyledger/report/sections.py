"""What each section of the account shows, worked out from the story's values.

Invariant: only order and grouping are decided here; no value is changed, and within an order of weight
the sure stands before the unsure. This module must not know HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from storyledger.report.lookup import Lookup
from storyledger.report.spans import speaker_name
from storyledger.report.wording import date_article, say_doubt
from storyledger.types import (
    Actor,
    Article,
    Comparison,
    Event,
    Evidence,
    Figure,
    MergeReason,
    Omission,
    Role,
    Statement,
)

BRIEF_LINES = 12
SHOWN_MERGES = 8  # an actor named a hundred times has a hundred; `why` prints them all
QUOTE_MIN, QUOTE_MAX = 40, 240  # characters that make a telling good to quote: a clause, not a headline or a page
_KIND_ORDER = ("conflict", "role_conflict", "name_variant", "complement", "agreement")
_PROMINENT_TYPES = {"person", "organisation", "armed_group", "government", "country", "facility"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The account in numbers."""

    title: str
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
    return Facts(
        title=_make_title(lookup),
        pages=len(told),
        outlets=len({a.outlet for a in told if a.outlet}),
        unnamed=sum(1 for a in told if not a.outlet),
        origins=len({a.origin or a.id for a in told}),
        earliest=earliest[0] if earliest else "",
        latest=latest[-1] if latest else "",
        elsewhere=len(lookup.story.documents) - len(told),
    )


def _make_title(lookup: Lookup) -> str:
    """Name the story by the three actors on most of its origins: a headline would take one outlet's side."""
    weights = []
    for actor in lookup.story.actors:
        if actor.type in _PROMINENT_TYPES:
            origins = {lookup.origin(m.document) for m in actor.mentions}
            weights.append((-len(origins), -len(actor.mentions), actor.name))
    names = [re.sub(r"\s*\([^()]*\)", "", name) for _, _, name in sorted(weights)[:3]]
    return ", ".join(names) if names else "The account"


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A main event in one source's own words."""

    event: Event
    anchor: str
    quote: Evidence | None
    pages: int
    origins: int

    @property
    def is_quoted(self) -> bool:
        """Tell whether the summary is the quotation itself."""
        return self.quote is not None and _fold(self.quote.text) == _fold(self.event.summary)


def write_brief(lookup: Lookup) -> list[BriefLine]:
    """Return the dozen events that matter most, in order of time: importance, then independent origins."""
    position = {key: index for index, key in enumerate(lookup.story.timeline)}
    told = [e for e in lookup.story.events if e.mentions]
    ranked = sorted(told, key=lambda e: (-_weigh(lookup, e), e.id))[:BRIEF_LINES]
    ranked.sort(key=lambda e: (position.get(e.id, len(position)), e.id))
    return [
        BriefLine(e, lookup.anchor("e", e.id), choose_quote(lookup, e), *lookup.count_support(e.mentions))
        for e in ranked
    ]


def _fold(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _weigh(lookup: Lookup, event: Event) -> float:
    _, origins = lookup.count_support(event.mentions)
    return event.importance * event.confidence * (1 + 0.25 * min(origins, 8))


def choose_quote(lookup: Lookup, event: Event) -> Evidence | None:
    """Return the telling that says most in the fewest words: names and numbers, from the earliest such page."""
    fitting = [m for m in event.mentions if QUOTE_MIN <= len(m.text) <= QUOTE_MAX] or list(event.mentions)

    def rank(evidence: Evidence) -> tuple[float, str, str, int]:
        telling = len(re.findall(r"\b(?:[A-Z]\w+|\d[\d,.]*)", evidence.text))
        return (-min(telling, 5), lookup.date(evidence.document) or "9", evidence.document, evidence.start)

    return min(fitting, key=rank, default=None)


@dataclass(slots=True)
class CastRow:
    """An actor with what the account has on it."""

    actor: Actor
    anchor: str
    pages: int
    origins: int
    roles: tuple[Role, ...]
    by_page: tuple[tuple[Evidence, int, tuple[str, ...]], ...]
    statements: int = 0
    events: tuple[Event, ...] = ()

    @property
    def is_minor(self) -> bool:
        """Tell whether there is nothing to say of it but where it stands."""
        return len(self.by_page) <= 1 and len(self.actor.mentions) <= 2 and not (self.roles or self.actor.merges)

    @property
    def weak_merges(self) -> list[MergeReason]:
        """The least sure of the reasons that hold it together: the ones that an editor has to look at."""
        return sorted(self.actor.merges, key=lambda m: m.probability)[:SHOWN_MERGES]


def list_cast(lookup: Lookup) -> list[CastRow]:
    """Return the actors, those on most pages and most often named first."""
    spoken: dict[str, int] = {}
    for statement in lookup.story.statements:
        if statement.speaker.actor:
            spoken[statement.speaker.actor] = spoken.get(statement.speaker.actor, 0) + 1
    done: dict[str, list[Event]] = {}
    for event in lookup.story.events:
        for key in dict.fromkeys(p.actor for p in event.participants):
            done.setdefault(key, []).append(event)
    rows = [_make_cast_row(lookup, actor) for actor in lookup.story.actors]
    for row in rows:
        row.statements = spoken.get(row.actor.id, 0)
        row.events = tuple(done.get(row.actor.id, ()))
    return sorted(rows, key=lambda r: (-r.pages, -len(r.actor.mentions), r.actor.name, r.actor.id))


def _make_cast_row(lookup: Lookup, actor: Actor) -> CastRow:
    pages: dict[str, list[Evidence]] = {}
    for m in actor.mentions:
        if m.document in lookup.articles:
            pages.setdefault(m.document, []).append(Evidence(m.document, m.start, m.end, m.text))
    named: dict[str, dict[str, None]] = {}
    for m in actor.mentions:
        if m.kind == "name":
            named.setdefault(m.document, {})[m.text] = None
    by_page = sorted(
        ((found[0], len(found), tuple(named.get(key, ()))) for key, found in pages.items()),
        key=lambda item: (lookup.date(item[0].document), item[0].document),
    )
    origins = len({lookup.origin(key) for key in pages})
    return CastRow(actor, lookup.anchor("a", actor.id), len(pages), origins, _list_roles(actor.roles), tuple(by_page))


def _list_roles(roles: Iterable[Role]) -> tuple[Role, ...]:
    """The roles in order of time, each once however many pages state it."""
    once: dict[tuple[str, str | None, str | None, str | None], Role] = {}
    for role in roles:
        once.setdefault((role.role, role.organisation, role.earliest, role.latest), role)
    return tuple(sorted(once.values(), key=lambda r: (r.earliest or r.latest or "9", r.latest or "9")))


@dataclass(frozen=True, slots=True)
class SpeakerGroup:
    """Everything that one source said, in order of time."""

    name: str
    actor: str | None
    anchor: str
    statements: tuple[Statement, ...]


def group_speakers(lookup: Lookup) -> list[SpeakerGroup]:
    """Return the statements by speaker, who said most first; within, by date and place in the page."""
    groups: dict[tuple[str, str], list[Statement]] = {}
    for statement in lookup.story.statements:
        speaker = statement.speaker
        key = ("actor", speaker.actor) if speaker.actor else ("text", speaker.text.casefold())
        groups.setdefault(key, []).append(statement)
    ranked = sorted(groups.items(), key=lambda item: (-len(item[1]), speaker_name(lookup, item[1][0]), item[0]))
    return [
        SpeakerGroup(
            speaker_name(lookup, group[0]), group[0].speaker.actor, f"w{number}", tuple(_in_time(lookup, group))
        )
        for number, (_, group) in enumerate(ranked, 1)
    ]


def _in_time(lookup: Lookup, statements: Iterable[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda s: (said_date(lookup, s), s.content.document, s.content.start))


def said_date(lookup: Lookup, statement: Statement) -> str:
    """Return the ISO date a statement is sorted at: when it was said, else when it was published."""
    said = statement.said_on
    return (said.earliest or said.latest if said else None) or lookup.date(statement.content.document)


def list_by_time(lookup: Lookup) -> list[Statement]:
    """Return all statements in order of time."""
    return _in_time(lookup, lookup.story.statements)


def group_comparisons(lookup: Lookup) -> list[tuple[str, list[tuple[str, Comparison]]]]:
    """Return the comparisons by kind, conflicts first; framing has a section of its own."""
    groups = []
    for kind in _KIND_ORDER:
        found = [(lookup.anchor("c", c.id), c) for c in lookup.story.comparisons if c.kind == kind]
        if found:
            groups.append((kind, _sure_first(found)))
    return groups


def list_framing(lookup: Lookup) -> list[tuple[str, Comparison]]:
    """Return the comparisons of wording."""
    return _sure_first([(lookup.anchor("c", c.id), c) for c in lookup.story.comparisons if c.kind == "framing"])


def _sure_first(found: list[tuple[str, Comparison]]) -> list[tuple[str, Comparison]]:
    return sorted(found, key=lambda item: (say_doubt(item[1].confidence) != "", -item[1].confidence))


@dataclass(slots=True)
class MatrixCell:
    """What one outlet has of one fact: "told", "left out", "could not know" or "" (no page on it)."""

    state: str = ""
    documents: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A fact across the outlets."""

    anchor: str
    omission: Omission
    cells: tuple[MatrixCell, ...]


def lay_matrix(lookup: Lookup, outlets: list[str]) -> list[MatrixRow]:
    """Return facts by outlet. One page that tells it speaks for its outlet; silence counts before ignorance."""
    rows = []
    for number, omission in enumerate(lookup.story.omissions, 1):
        cells = {outlet: MatrixCell() for outlet in outlets}
        states = (
            ("told", omission.reported_by),
            ("left out", omission.omitted_by),
            ("could not know", omission.could_not_know),
        )
        for state, documents in states:
            for document in documents:
                cell = cells.get(lookup.outlet(document))
                if cell is not None and cell.state in ("", state):
                    cell.state = state
                    cell.documents.append(document)
        rows.append(MatrixRow(f"o{number}", omission, tuple(cells[o] for o in outlets)))
    return rows


def list_outlets(lookup: Lookup) -> list[str]:
    """Return the outlets in the order in which they first publish; those of the story only."""
    told = [a for a in lookup.story.documents if a.in_story]
    return list(
        dict.fromkeys(lookup.outlet(a.id) for a in sorted(told, key=lambda a: (date_article(a) or "9", a.path)))
    )


@dataclass(frozen=True, slots=True)
class CopyNode:
    """A page and, below it, the pages that were made from it."""

    article: Article
    anchor: str
    below: tuple[CopyNode, ...]


def grow_copy_trees(lookup: Lookup) -> list[CopyNode]:
    """Return the pages that others were made from, each with its copies; a page that copies itself is a root."""
    children: dict[str, list[Article]] = {}
    for article in lookup.story.documents:
        if article.copy_of and article.copy_of.document in lookup.articles:
            children.setdefault(article.copy_of.document, []).append(article)
    seen: set[str] = set()

    def grow(article: Article) -> CopyNode:
        seen.add(article.id)
        below = [grow(child) for child in children.get(article.id, ()) if child.id not in seen]
        return CopyNode(article, lookup.anchor("d", article.id), tuple(below))

    roots = [a for a in lookup.story.documents if a.id in children and not a.copy_of]
    roots += [a for a in lookup.story.documents if a.id in children and a.copy_of]
    return [grow(a) for a in roots if a.id not in seen]


def list_loose_figures(lookup: Lookup) -> list[tuple[str, list[Figure]]]:
    """Return the figures that stand in no ledger entry, by what they count."""
    placed = {key for quantity in lookup.story.ledger for key in quantity.entries}
    groups: dict[str, list[Figure]] = {}
    for figure in lookup.story.figures:
        if figure.id not in placed:
            groups.setdefault(figure.about or "not named", []).append(figure)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0].casefold(), item[0]))


def lay_reports(lookup: Lookup, outlets: list[str]) -> list[tuple[BriefLine, tuple[Evidence | None, ...]]]:
    """Return for each main event where each outlet first tells it; None where none of its pages does."""
    rows = []
    for line in write_brief(lookup):
        first: dict[str, Evidence] = {}
        for mention in sorted(line.event.mentions, key=lambda m: (lookup.date(m.document), m.document, m.start)):
            first.setdefault(lookup.outlet(mention.document), mention)
        rows.append((line, tuple(first.get(outlet) for outlet in outlets)))
    return rows

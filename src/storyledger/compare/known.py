"""What was known on a given day: the story without what was published later.

Invariant: what is left is a ``Story`` that keeps the contract (every evidence in a document that is
left, every actor id in an actor that is left). This module must not compare anything anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from storyledger.days import last_day
from storyledger.types import (
    Actor,
    ActorMention,
    Article,
    Comparison,
    Event,
    Evidence,
    Figure,
    MergeReason,
    NewsStory,
    Omission,
    Quantity,
    Side,
    Statement,
    Story,
)


def story_as_of(story: Story, day: str) -> Story:
    """Return what ``story`` says by the end of ``day``.

    A document counts from the last day of its interval of publication (a revision from its change);
    one without a date is left out, because nobody can say that it was known.

    Args:
        story: everything that the ledger says.
        day: ISO, "2013-11-05"; a month or a year means its last day.

    Raises:
        UsageError: ``day`` is no date.
    """
    limit = last_day(day)
    return cut_story(story, {a.id for a in story.documents if _is_public(a, limit)}, limit)


def cut_story(story: Story, kept: AbstractSet[str], limit: str = "9999-12-31") -> Story:
    """Return what ``story`` says in the documents ``kept`` (ids), and what they could know by the day ``limit``."""
    documents = tuple(a for a in story.documents if a.id in kept)
    actors = tuple(a for actor in story.actors if (a := _cut_actor(actor, kept)) is not None)
    known = {a.id for a in actors}
    statements = tuple(_cut_statement(s, known) for s in story.statements if s.content.document in kept)
    events = tuple(e for event in story.events if (e := _cut_event(event, kept, known)) is not None)
    figures = [_cut_figure(f, known) for f in story.figures if f.evidence.document in kept]
    ledger = tuple(
        q for quantity in story.ledger if (q := _cut_quantity(quantity, {f.id for f in figures})) is not None
    )
    quantities = {q.id for q in ledger}
    told = {e.id for e in events}
    return replace(
        story,
        documents=tuple(_cut_copy(a, kept) for a in documents),
        actors=tuple(replace(a, affiliations=tuple(i for i in a.affiliations if i in known)) for a in actors),
        statements=statements,
        events=events,
        figures=tuple(f if f.quantity in quantities else replace(f, quantity=None) for f in figures),
        ledger=ledger,
        times=tuple(t for t in story.times if t.evidence.document in kept),
        comparisons=tuple(c for old in story.comparisons if (c := _cut_comparison(old, kept)) is not None),
        omissions=tuple(o for old in story.omissions if (o := _cut_omission(old, kept, limit)) is not None),
        timeline=tuple(i for i in story.timeline if i in told),
        stories=tuple(n for s in story.stories if (n := _cut_news(s, kept, known)) is not None),
    )


def split_story(story: Story, groups: Sequence[AbstractSet[str]]) -> list[Story]:
    """Return ``cut_story`` of ``story`` for each of ``groups`` of documents, which share none.

    Every entry is looked at once, not once a group: of a thousand stories each would else cost the whole pile.
    """
    of = {document: number for number, group in enumerate(groups) for document in group}
    shares: list[dict[str, list[Any]]] = [
        {name: [] for name in ("documents", "actors", "statements", "events", "figures", "ledger", "times", "stories")}
        for _ in groups
    ]

    def give(name: str, entry: object, documents: Iterable[str]) -> None:
        for number in dict.fromkeys(of[d] for d in documents if d in of):
            shares[number][name].append(entry)

    for article in story.documents:
        give("documents", article, [article.id])
    for actor in story.actors:
        for number, own in _split_actor(actor, of, len(groups)):
            shares[number]["actors"].append(own)
    for said in story.statements:
        give("statements", said, [said.content.document])
    for event in story.events:
        give("events", event, [m.document for m in event.mentions])
    for figure in story.figures:
        give("figures", figure, [figure.evidence.document])
    stands_in = {f.id: f.evidence.document for f in story.figures}
    for quantity in story.ledger:
        give("ledger", quantity, [stands_in[i] for i in quantity.entries if i in stands_in])
    for time in story.times:
        give("times", time, [time.evidence.document])
    for told in story.stories:
        give("stories", told, told.documents)
    place = {ident: at for at, ident in enumerate(story.timeline)}
    parts = []
    for group, share in zip(groups, shares, strict=True):
        places = sorted(place[e.id] for e in share["events"] if e.id in place)
        timeline = tuple(story.timeline[at] for at in places)
        some = replace(story, **{name: tuple(entries) for name, entries in share.items()}, timeline=timeline)
        parts.append(cut_story(some, group))
    return parts


def _split_actor(actor: Actor, of: Mapping[str, int], groups: int) -> Iterator[tuple[int, Actor]]:
    """Yield, by the number of each group that names the actor, what its pages say of it; unnamed it is in all."""
    if not actor.mentions:
        yield from ((number, actor) for number in range(groups))
        return
    mentions: dict[int, list[ActorMention]] = {}
    for mention in actor.mentions:
        if mention.document in of:
            mentions.setdefault(of[mention.document], []).append(mention)
    forms = {m.text.casefold() for m in actor.mentions}
    merges: dict[int, list[MergeReason]] = {}
    for merge in actor.merges:
        number = of.get(merge.a.document, -1)
        if number == of.get(merge.b.document, -2):
            merges.setdefault(number, []).append(merge)
    for number, own in mentions.items():
        gone = forms - {m.text.casefold() for m in own}
        yield (
            number,
            replace(
                actor,
                mentions=tuple(own),
                aliases=tuple(a for a in actor.aliases if a.text.casefold() not in gone),
                merges=tuple(merges.get(number, ())),
            ),
        )


def _is_public(article: Article, limit: str) -> bool:
    revised = article.copy_of is not None and article.copy_of.kind == "revision"
    day = (article.modified if revised else None) or article.published_latest or article.published
    return day is not None and last_day(day[:10]) <= limit


def _cut_places(places: Iterable[Evidence], kept: AbstractSet[str]) -> tuple[Evidence, ...]:
    return tuple(e for e in places if e.document in kept)


def _cut_copy(article: Article, kept: AbstractSet[str]) -> Article:
    if article.copy_of is not None and article.copy_of.document not in kept:
        return replace(article, copy_of=None)
    return article


def _cut_news(story: NewsStory, kept: AbstractSet[str], known: AbstractSet[str]) -> NewsStory | None:
    documents = tuple(d for d in story.documents if d in kept)
    main = tuple(a for a in story.actors if a in known)
    return replace(story, documents=documents, actors=main) if documents else None


def _cut_actor(actor: Actor, kept: AbstractSet[str]) -> Actor | None:
    mentions = tuple(m for m in actor.mentions if m.document in kept)
    if actor.mentions and not mentions:
        return None
    forms = {m.text.casefold() for m in mentions}
    gone = {m.text.casefold() for m in actor.mentions} - forms
    return replace(
        actor,
        mentions=mentions,
        aliases=tuple(a for a in actor.aliases if a.text.casefold() not in gone),
        roles=tuple(r for r in actor.roles if r.evidence is None or r.evidence.document in kept),
        merges=tuple(m for m in actor.merges if m.a.document in kept and m.b.document in kept),
    )


def _cut_statement(statement: Statement, known: set[str]) -> Statement:
    if statement.speaker.actor is None or statement.speaker.actor in known:
        return statement
    return replace(statement, speaker=replace(statement.speaker, actor=None))


def _cut_event(event: Event, kept: AbstractSet[str], known: set[str]) -> Event | None:
    mentions = _cut_places(event.mentions, kept)
    if not mentions:
        return None
    statuses = tuple((document, status) for document, status in event.statuses if document in kept)
    return replace(
        event,
        mentions=mentions,
        participants=tuple(p for p in event.participants if p.actor in known),
        statuses=statuses,
        status=statuses[-1][1] if statuses else event.status,
        merges=tuple(m for m in event.merges if m.a.document in kept and m.b.document in kept),
    )


def _cut_figure(figure: Figure, known: set[str]) -> Figure:
    return figure if figure.attributed_to in known else replace(figure, attributed_to=None)


def _cut_quantity(quantity: Quantity, figures: set[str]) -> Quantity | None:
    entries = tuple(i for i in quantity.entries if i in figures)
    if not entries:
        return None
    relations = tuple(r for r in quantity.relations if r.a in figures and r.b in figures)
    return replace(quantity, entries=entries, relations=relations)


def _cut_comparison(comparison: Comparison, kept: AbstractSet[str]) -> Comparison | None:
    """Return the comparison with the sides that were known, None where fewer than two are left."""
    sides = [Side(s.position, _cut_places(s.evidence, kept)) for s in comparison.sides]
    left = tuple(s for s in sides if s.evidence)
    if len(left) < min(2, len(comparison.sides)):
        return None
    origins = comparison.independent_origins
    documents = len({e.document for s in left for e in s.evidence})
    return replace(comparison, sides=left, independent_origins=None if origins is None else min(origins, documents))


def _cut_omission(omission: Omission, kept: AbstractSet[str], limit: str) -> Omission | None:
    evidence = _cut_places(omission.evidence, kept)
    omitted = tuple(d for d in omission.omitted_by if d in kept)
    if not evidence or not omitted or (omission.known_since is not None and omission.known_since > limit):
        return None
    return replace(
        omission,
        evidence=evidence,
        omitted_by=omitted,
        reported_by=tuple(d for d in omission.reported_by if d in kept),
        could_not_know=tuple(d for d in omission.could_not_know if d in kept),
    )

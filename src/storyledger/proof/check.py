"""Everything that must hold of a story, derived anew from the captures' bytes.

Invariant: a story without problems lets anyone walk from each entry to the very characters of the
saved page. Nothing here is taken on trust: the hash is made from the bytes, the source by decoding
them, each position through the source map. This module must not know the ledger file.
"""

from __future__ import annotations

import dataclasses
import hashlib
import html
from collections.abc import Iterator, Mapping
from typing import Any

from storyledger.anchoring import Edges
from storyledger.types import ActorMention, Article, Evidence, Story

BOM = "\ufeff"
# sections whose entries carry evidence, in the order of the contract
SECTIONS = ("documents", "actors", "statements", "events", "figures", "ledger", "times", "comparisons", "omissions")


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: in which section and entry, and what."""

    section: str
    entry: str
    what: str


def check_story(story: Story, captures: Mapping[str, bytes]) -> list[Problem]:
    """Return all that does not hold of ``story``; ``captures``: the bytes of its documents, by id."""
    return list(iter_problems(story, captures))


def iter_problems(story: Story, captures: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield what does not hold, section by section."""
    articles = {a.id: a for a in story.documents}
    for article in story.documents:
        for what in _check_article(article, captures.get(article.id)):
            yield Problem("documents", article.id, what)
    edges = {a.id: Edges(a) for a in story.documents}
    for section in SECTIONS:
        for number, entry in enumerate(getattr(story, section)):
            name = getattr(entry, "id", None) or f"{section}[{number}]"
            for what in _check_evidence(entry, articles, edges):
                yield Problem(section, name, what)
    yield from _check_references(story)
    yield from _check_unique(story)


def decode_source(data: bytes, encoding: str) -> str:
    """Return the source as the contract means it, without its byte-order mark; stray bytes of UTF-8 are U+FFFD."""
    return data.decode(encoding, "replace").removeprefix(BOM)


# ------------------------------------------------------------------ one article


def _check_article(article: Article, data: bytes | None) -> Iterator[str]:
    yield from _check_map(article)
    if data is None:
        return
    digest = hashlib.sha256(data).hexdigest()
    if digest != article.sha256:
        yield f"the page's bytes hash to {digest[:16]}…, the ledger says {article.sha256[:16]}…"
    try:
        source = decode_source(data, article.encoding)
    except (UnicodeDecodeError, LookupError) as error:
        yield f"the page cannot be decoded as {article.encoding}: {error}"
        return
    for ts, te, ss, se in article.source_map:
        here, there = article.text[ts:te], source[ss:se]
        if here != there and (te - ts == se - ss or html.unescape(there) != here):
            yield f"text[{ts}:{te}] is {here[:40]!r}, the source has {there[:40]!r} at [{ss}:{se}]"


def _check_map(article: Article) -> Iterator[str]:
    last_text = last_source = 0
    for ts, te, ss, se in article.source_map:
        if ts < last_text or te <= ts or se <= ss or te > len(article.text):
            yield f"source map out of order at text position {ts}"
        last_text, last_source = te, max(last_source, se)
    for block in article.blocks:
        if not 0 <= block.start <= block.end <= len(article.text):
            yield f"block [{block.start}:{block.end}] stands outside the text"


# ------------------------------------------------------------------ evidence


def _check_evidence(entry: Any, articles: Mapping[str, Article], edges: Mapping[str, Edges]) -> Iterator[str]:
    for spot in iter_evidence(entry):
        article = articles.get(spot.document)
        where = f"[{spot.start}:{spot.end}] of {spot.document}"
        if article is None:
            yield f"evidence of an unknown document {spot.document}"
        elif spot.end <= spot.start or article.text[spot.start : spot.end] != spot.text:
            yield f"evidence {spot.text[:40]!r} is not the text at {where}"
        elif not edges[spot.document].start_is_mapped(spot.start) or not edges[spot.document].end_is_mapped(spot.end):
            yield f"evidence {spot.text[:40]!r} at {where} leads to no place in the source"


def iter_evidence(value: Any) -> Iterator[Evidence | ActorMention]:
    """Yield every evidence inside ``value``, in the order of its fields."""
    if isinstance(value, Evidence | ActorMention):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from iter_evidence(inner)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from iter_evidence(getattr(value, field.name))


# ------------------------------------------------------------------ references


def _check_references(story: Story) -> Iterator[Problem]:
    known = {s: {getattr(x, "id", "") for x in getattr(story, s)} for s in SECTIONS}
    for section, name, target, ident in _iter_references(story):
        if ident is not None and ident not in known[target]:
            yield Problem(section, name, f"refers to {ident}, which is none of the {target}")


def _iter_references(story: Story) -> Iterator[tuple[str, str, str, str | None]]:
    for article in story.documents:
        yield "documents", article.id, "documents", article.copy_of.document if article.copy_of else None
    for statement in story.statements:
        yield "statements", statement.id, "actors", statement.speaker.actor
        yield "statements", statement.id, "statements", statement.continues
    for event in story.events:
        for participant in event.participants:
            yield "events", event.id, "actors", participant.actor
    for figure in story.figures:
        yield "figures", figure.id, "actors", figure.attributed_to
        yield "figures", figure.id, "ledger", figure.quantity
    for quantity in story.ledger:
        for ident in (*quantity.entries, *(i for r in quantity.relations for i in (r.a, r.b))):
            yield "ledger", quantity.id, "figures", ident
    for omission in story.omissions:
        for ident in (*omission.reported_by, *omission.omitted_by, *omission.could_not_know):
            yield "omissions", omission.about, "documents", ident
    for ident in story.timeline:
        yield "timeline", ident, "events", ident


def _check_unique(story: Story) -> Iterator[Problem]:
    for section in SECTIONS:
        seen: set[str] = set()
        for entry in getattr(story, section):
            ident = getattr(entry, "id", None)
            if ident in seen:
                yield Problem(section, ident, "two entries have this id")
            seen.add(ident or "")
    owners: dict[tuple[str, int, int], str] = {}
    for actor in story.actors:
        for m in actor.mentions:
            if owners.setdefault((m.document, m.start, m.end), actor.id) != actor.id:
                yield Problem("actors", actor.id, f"mention {m.text!r} at [{m.start}:{m.end}] belongs to two actors")

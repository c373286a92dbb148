"""The chain from an entry to the bytes it rests on.

Invariant: every link is derived when asked, from the story and the capture; nothing is remembered.
This module must not know how the chain is printed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from storyledger.errors import UsageError
from storyledger.proof.check import SECTIONS, decode_source, iter_evidence
from storyledger.types import Actor, ActorMention, Article, Event, Evidence, Story

CONTEXT_CHARS = 60
LINED = frozenset(("pdf", "docx", "odt", "rtf", "text", "markdown"))  # readers whose source has the file's lines


@dataclasses.dataclass(frozen=True, slots=True)
class Link:
    """One evidence of an entry, followed to the source: words, context, and where they stand."""

    document: str
    path: str
    outlet: str | None
    published: str | None
    start: int
    end: int
    before: str
    words: str
    after: str
    source_start: int | None
    source_end: int | None
    source_words: str | None  # the capture's own characters, tags and all; None where no capture is kept
    sha256: str
    place: str | None = None  # "page 2, line 14" of a file that is no text; None for a page that is


def find_entry(story: Story, ident: str) -> tuple[str, Any]:
    """Return ``(section, entry)`` of the entry whose id is, or begins with, ``ident``.

    Raises:
        UsageError: no entry, or more than one, has such an id.
    """
    named = [(s, e) for s in SECTIONS for e in getattr(story, s) if ident and hasattr(e, "id")]
    hits = [hit for hit in named if hit[1].id.startswith(ident)]
    exact = [hit for hit in hits if hit[1].id == ident]
    if len(exact or hits) == 1:
        return (exact or hits)[0]
    found = "no entry has" if not hits else f"{len(hits)} entries have"
    raise UsageError("E-WHY-ID", f"{found} the id {ident[:80]!r}", "`storyledger show` prints the ids")


def trace_entry(story: Story, ident: str, captures: Mapping[str, bytes]) -> tuple[str, Any, list[Link]]:
    """Return the section, the entry called ``ident`` and every link from it to the bytes."""
    section, entry = find_entry(story, ident)
    articles = {a.id: a for a in story.documents}
    return section, entry, [_follow(spot, articles, captures) for spot in iter_evidence(entry)]


def iter_reasons(entry: Any) -> Iterator[str]:
    """Yield, for an actor or an event, why what it holds was brought together."""
    for merge in entry.merges if isinstance(entry, Actor | Event) else ():
        reasons = "; ".join(merge.reasons)
        told = "would be one, kept apart" if merge.refused else "are one"
        yield f"{merge.a.text!r} and {merge.b.text!r} {told} ({merge.probability:.0%}): {reasons}"


def _follow(spot: Evidence | ActorMention, articles: Mapping[str, Article], captures: Mapping[str, bytes]) -> Link:
    article = articles[spot.document]
    start, end = _source_range(article, spot.start, spot.end)
    data, words, place = captures.get(article.id), None, None
    if data is not None and start is not None and end is not None:
        source = decode_source(data, article.encoding)
        words, place = source[start:end], _find_place(article, source, start)
    return Link(
        document=article.id,
        path=article.path,
        outlet=article.outlet,
        published=article.published,
        start=spot.start,
        end=spot.end,
        before=article.text[max(0, spot.start - CONTEXT_CHARS) : spot.start],
        words=spot.text,
        after=article.text[spot.end : spot.end + CONTEXT_CHARS],
        source_start=start,
        source_end=end,
        source_words=words,
        sha256=article.sha256,
        place=place,
    )


def _find_place(article: Article, source: str, position: int) -> str | None:
    r"""Return the page and line of the file that a position of its derived source stands for ("\f" ends a page)."""
    if article.derived is None or article.derived.reader not in LINED:
        return None
    page = source.count("\f", 0, position) + 1
    line = source.count("\n", source.rfind("\f", 0, position) + 1, position) + 1
    paged = "\f" in source or article.derived.reader == "pdf"
    return f"page {page}, line {line}" if paged else f"line {line}"


def _source_range(article: Article, start: int, end: int) -> tuple[int | None, int | None]:
    first = last = None
    for ts, te, ss, se in article.source_map:
        even = te - ts == se - ss
        if ts <= start < te and (even or ts == start):
            first = ss + (start - ts if even else 0)
        if ts < end <= te and (even or te == end):
            last = ss + end - ts if even else se
    return first, last

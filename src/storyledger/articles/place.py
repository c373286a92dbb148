"""What an article's facts need of the other pages: copies, origins, inferred dates and outlets, what is apart.

Invariant: the result does not depend on the order of the articles; the articles come back in the order
in which they came. This module must not know how pages are cleaned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storyledger.articles.body import BODY_KINDS
from storyledger.articles.copies import (
    REVISED_WORDING,
    Body,
    Overlap,
    align_bodies,
    follows,
    is_copy,
    is_revision,
    order_pair,
    read_body,
    tell_kind,
)
from storyledger.articles.inference import infer_dates, infer_outlets
from storyledger.articles.relevance import find_apart
from storyledger.articles.rewrites import Told, is_rewrite, read_told
from storyledger.articles.settling import settle_dates
from storyledger.articles.shingles import pair_candidates
from storyledger.articles.sourcing import NO_SOURCING, find_credit, read_sourcing
from storyledger.engine import Engine
from storyledger.ids import make_id
from storyledger.types import Article, CopyOf

CREDITED_PAGES = 12  # pages after an agency's that may draw on it


@dataclasses.dataclass(frozen=True, slots=True)
class _Link:
    """That ``later`` was made from ``first``, both as places in the sorted list."""

    first: int
    later: int
    overlap: Overlap  # of (first, later)


def place_articles(articles: Sequence[Article], engine: Engine) -> list[Article]:
    """Return the articles with what only the pile can tell: copies, origins, inferred facts, ``in_story``.

    Args:
        articles: all of the pile, as ``extract_article`` gives them.
        engine: reads the bodies (one job an article).
    """
    ordered = sorted(articles, key=lambda one: (one.path, one.record or "", one.id))
    ordered = settle_dates(infer_outlets(ordered))
    bodies = list(engine.map_values(read_body, ordered))
    links = _find_links(ordered, bodies)
    ordered = infer_dates(ordered, {link.later: link.first for link in links})
    copies = {link.later: link for link in links}
    apart = find_apart(ordered, frozenset(copies))
    placed = {}
    for number, article in enumerate(ordered):
        root = _find_root(number, copies)
        placed[article.id] = dataclasses.replace(
            article,
            copy_of=_describe_copy(ordered, bodies, copies[number]) if number in copies else None,
            origin=make_id("origin", ordered[root].id),
            in_story=number not in apart,
        )
    return [placed[article.id] for article in articles]


def _find_links(articles: Sequence[Article], bodies: Sequence[Body]) -> list[_Link]:
    """Return for each copy the one article it was made from: its fullest, then earliest source."""
    texts = [" ".join(body.words) for body in bodies]
    paragraphs = [[a.text[b.start : b.end] for b in a.blocks if b.kind in BODY_KINDS] for a in articles]
    pairs = set(pair_candidates(texts, paragraphs)) | _pair_same(articles) | _pair_credited(articles)
    found: dict[int, list[_Link]] = {}
    for a, b in sorted(pairs):
        overlap = align_bodies(bodies[a], bodies[b])
        one, two = articles[a], articles[b]
        revised = (overlap.plain_words or overlap.wording >= REVISED_WORDING) and is_revision(one, two, overlap)
        if not (one.sha256 == two.sha256 or revised or is_copy(one, two, overlap)):
            continue
        forward = order_pair(articles[a], articles[b], overlap)
        first, later = (a, b) if forward else (b, a)
        link = _Link(first, later, overlap if forward else align_bodies(bodies[b], bodies[a]))
        found.setdefault(later, []).append(link)
    for link in _find_rewrites(articles, bodies, frozenset(found)):
        found.setdefault(link.later, []).append(link)
    return _break_cycles([_choose_link(links, articles, frozenset(found)) for links in found.values()])


def _find_rewrites(articles: Sequence[Article], bodies: Sequence[Body], copies: frozenset[int]) -> Iterator[_Link]:
    """Yield links of pages that are in no other way a copy to those before that they credit and tell anew."""
    told: dict[int, Told] = {}
    ordered = sorted(range(len(articles)), key=lambda n: (articles[n].published_latest or "9999", n))
    for place, later in enumerate(ordered):
        sourcing = read_sourcing(articles[later]) if later not in copies else NO_SOURCING
        if sourcing == NO_SOURCING:
            continue
        for first in ordered[max(0, place - CREDITED_PAGES) : place]:
            credit = find_credit(sourcing, articles[first]) if follows(articles[first], articles[later]) else None
            if credit is None or articles[first].outlet == articles[later].outlet:
                continue
            for page in (first, later):
                if page not in told:
                    told[page] = read_told(articles[page], bodies[page])
            if is_rewrite(told[first], told[later], credit):
                yield _Link(first, later, align_bodies(bodies[first], bodies[later]))


def _choose_link(links: Sequence[_Link], articles: Sequence[Article], copies: frozenset[int]) -> _Link:
    """Return the link to the page's source: the same bytes, else of those that hold nearly as much of it the first.

    A page that shares as much with a copy as with the original was made from the original as far as
    anybody can tell.
    """
    most = max(link.overlap.share_b + link.overlap.wording for link in links)
    near = [link for link in links if link.overlap.share_b + link.overlap.wording >= most - 0.03]

    def worth(link: _Link) -> tuple[bool, bool, bool, str, float, int]:
        first, later = articles[link.first], articles[link.later]
        return (
            first.sha256 != later.sha256, not is_revision(first, later, link.overlap),
            link.first in copies, first.published_latest or "9999", link.overlap.share_a, link.first,
        )  # fmt: skip

    return min(near, key=worth)


def _pair_same(articles: Sequence[Article]) -> set[tuple[int, int]]:
    """Return pairs that are one page by bytes or by address, whatever their text."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, article in enumerate(articles):
        groups.setdefault(("bytes", article.sha256), []).append(number)
        if article.url:
            groups.setdefault(("url", article.url), []).append(number)
    return {pair for group in groups.values() for pair in pairwise(group)}


def _pair_credited(articles: Sequence[Article]) -> set[tuple[int, int]]:
    """Return pairs of a page with an agency's mark and the next pages in time; which name the agency is asked later."""
    ordered = sorted(range(len(articles)), key=lambda n: (articles[n].published_latest or "9999", n))
    pairs: set[tuple[int, int]] = set()
    for place, first in enumerate(ordered):
        if articles[first].wire:
            pairs.update((min(first, n), max(first, n)) for n in ordered[place + 1 : place + 1 + CREDITED_PAGES])
    return pairs


def _break_cycles(links: Sequence[_Link]) -> list[_Link]:
    """Return the links without those that would close a ring (dates and credits can contradict each other)."""
    parent: dict[int, int] = {}
    kept = []
    for link in sorted(links, key=lambda one: (-one.overlap.share_b, one.later)):
        at = link.first
        while at in parent:
            at = parent[at]
        if at != link.later:
            parent[link.later] = link.first
            kept.append(link)
    return sorted(kept, key=lambda one: one.later)


def _find_root(number: int, copies: dict[int, _Link]) -> int:
    while number in copies:
        number = copies[number].first
    return number


def _describe_copy(articles: Sequence[Article], bodies: Sequence[Body], link: _Link) -> CopyOf:
    first, later = bodies[link.first], bodies[link.later]
    passages = tuple(
        (later.places[b][0], later.places[b + n - 1][1], first.places[a][0], first.places[a + n - 1][1])
        for a, b, n in link.overlap.passages
    )
    kind = tell_kind(articles[link.first], articles[link.later], link.overlap)
    return CopyOf(articles[link.first].id, kind, passages)

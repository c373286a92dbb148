"""The clauses that marked piles tell events with, brought to the predicates that the product asks about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyledger.events.finding import Asked, describe_predicates
from storyledger.events.ranking import share_words
from storyledger.events.surroundings import Surroundings, look_around
from storyledger.types import Article, Cast
from train.story_piles import Pile, find_in_text

LEAST_SHARED = 0.3  # as the contract's scorer has it
WITHIN, LEAST_WITHIN = 0.8, 0.15


@dataclass(frozen=True, slots=True)
class Gold:
    """A marked clause: its event, and what is marked of the event and of this telling of it."""

    event: str
    type: str
    status: str
    importance: str


@dataclass(frozen=True, slots=True)
class Row:
    """A predicate with what is marked of it; ``near``: it is unmarked, and tells the words of a marked one."""

    pile: str
    document: str
    asked: Asked
    gold: Gold | None
    near: bool


def iter_rows(pile: Pile) -> Iterator[Row]:
    """Yield every predicate of the pile's marked pages, a page after the other in text order."""
    marked: dict[str, list[tuple[tuple[int, int], Gold]]] = defaultdict(list)
    for event in pile.gold["events"]:
        for mention in event["mentions"]:
            status = mention.get("status") or event["status"]
            gold = Gold(event["id"], event["type"], status, event["importance"])
            marked[mention["file"]].append((tuple(mention["span"]), gold))
    for file in sorted(document["file"] for document in pile.gold["documents"]):
        article = pile.article_of(file)
        if article is not None:
            yield from _rows_of_page(pile, article, marked[file])


def survey(pile: Pile, article: Article) -> Surroundings:
    """Return what the product looks things up in for one page of the pile."""
    reading = pile.marks.readings[article.id]
    cast = pile.casts.get(article.id, Cast(article.id, ()))
    return look_around(article, reading, cast, pile.marks.times.get(article.id, ()), pile.statements[article.id])


def _rows_of_page(pile: Pile, article: Article, marked: Sequence[tuple[tuple[int, int], Gold]]) -> Iterator[Row]:
    asked = describe_predicates(survey(pile, article))
    spans = [(find_in_text(article, *span), gold) for span, gold in marked]
    pairs = [
        (_likeness(pile, article, row, span), at, number)
        for at, row in enumerate(asked)
        for number, (span, _) in enumerate(spans)
        if span is not None and meets(row.clause, span)
    ]
    golds: dict[int, int] = {}
    for _, at, number in sorted(pairs, key=lambda pair: (-pair[0], pair[1:])):
        if at not in golds and number not in golds.values():
            golds[at] = number
    near = {at for _, at, _ in pairs} - set(golds)
    for at, row in enumerate(asked):
        gold = spans[golds[at]][1] if at in golds else None
        yield Row(pile.name, article.id, row, gold, at in near)


def meets(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two ranges tell one thing, as the contract's scorer decides it."""
    both, shared = min(one[1], other[1]) - max(one[0], other[0]), share_words(one, other)
    shortest = min(one[1] - one[0], other[1] - other[0])
    return shared >= LEAST_SHARED or (both >= WITHIN * shortest and shared >= LEAST_WITHIN)


def _likeness(pile: Pile, article: Article, row: Asked, span: tuple[int, int] | None) -> float:
    """How well a predicate stands for a marked clause: its words, and whether it heads them."""
    if span is None:
        return 0.0
    tokens = pile.marks.readings[article.id].tokens
    token = tokens[row.candidate.frame.token]
    head = tokens[token.head]
    inside = span[0] <= token.start < span[1]
    top = inside and (head is token or not span[0] <= head.start < span[1])
    return share_words(row.clause, span) + 0.5 * top + 0.2 * inside

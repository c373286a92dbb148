"""What every comparer looks up: which document is when and whose, who stands where, what was said.

Invariant: built from a ``Story`` alone, the same whatever the order of its parts; documents that are
byte duplicates or about something else are not ``compared``. Lookups are by bisection, so that the
room stays near-linear in the pile. This module must not know any kind of comparison.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from storyledger.compare.words import meaning_stems
from storyledger.ids import make_id
from storyledger.overlaps import Overlaps
from storyledger.types import (
    Actor,
    ActorMention,
    Article,
    Comparison,
    ComparisonKind,
    Evidence,
    Reading,
    Side,
    Statement,
    Story,
    TimeExpression,
)

V = TypeVar("V")

MAX_EVIDENCE_CHARS = 400  # the contract: compared evidence longer than this does not count
FURNITURE_CHARS, FURNITURE_WORDS = 160, 3
FURNITURE_ORIGINS, FURNITURE_DAYS = 5, 3  # fewer may tell one thing in one form
MAX_SIDE_EVIDENCE = 4  # a side is shown by a few places; the ledger and the event list have them all
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"’')\]]*\s+(?=[“\"‘'(]?[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Capt|Col|Lt|Sgt|St|No|vs|[A-Z])|\b[a-z]\.[a-z])\.$")


# place, day and agency before a report's first words; without an agency the place is in capitals
_DATELINE = re.compile(
    r"(?:(?:[A-ZÀ-Þ0-9][\w.’'/-]*|de|del|la|of)[ ,]+){1,9}\([A-ZÀ-Þ][\w .&’'-]{1,40}\)\s?[-–—]+\s+|"
    r"[A-ZÀ-Þ]{2}[A-ZÀ-Þ.’'-]+(?: [A-ZÀ-Þ][A-ZÀ-Þ.’'-]+){0,3}"
    r"(?:, [A-ZÀ-Þ][\w.]*(?: [A-ZÀ-Þ0-9][\w.]*){0,2}){0,3},? [-–—]+\s+|"
    r"\([A-ZÀ-Þ][\w .&’'-]{1,40}\)\s?[-–—]+\s+"
)


@dataclass(frozen=True, slots=True)
class PileIndex:
    """The story by place. All lists are in text order; ``rank`` is the order of publication."""

    articles: Mapping[str, Article]
    compared: frozenset[str]
    rank: Mapping[str, int]
    sentences: Mapping[str, tuple[tuple[int, int], ...]]
    mentions: Mapping[str, tuple[tuple[int, int, str, str], ...]]  # start, end, actor, kind
    statements: Mapping[str, tuple[Statement, ...]]
    spoken: Mapping[str, Overlaps]  # where the contents of ``statements`` stand
    times: Mapping[str, tuple[TimeExpression, ...]]
    actors: Mapping[str, Actor]
    readings: Mapping[str, Reading]
    outlets: tuple[str, ...]  # of the compared documents, each once
    furniture: frozenset[tuple[str, int]]  # document and start of sentences that pages of several days print alike


def index_story(story: Story, readings: Mapping[str, Reading]) -> PileIndex:
    """Return the lookups for ``story``."""
    articles = {article.id: article for article in sorted(story.documents, key=lambda a: a.id)}
    order = sorted(articles.values(), key=lambda a: (published_on(a) or "9999", a.path, a.record or "", a.id))
    sentences = {i: split_sentences(a, readings.get(i)) for i, a in articles.items()}
    statements = _by_document(story.statements, articles, lambda s: s.content)
    return PileIndex(
        articles=articles,
        compared=frozenset(a.id for a in order if is_compared(a)),
        rank={article.id: number for number, article in enumerate(order)},
        sentences=sentences,
        mentions=_index_mentions(story.actors, articles),
        statements=statements,
        spoken={i: Overlaps((s.content.start, s.content.end) for s in said) for i, said in statements.items()},
        times=_by_document(story.times, articles, lambda t: t.evidence),
        actors={actor.id: actor for actor in story.actors},
        readings=readings,
        outlets=tuple(sorted({(a.outlet or a.id).casefold() for a in order if is_compared(a)})),
        furniture=_find_furniture([a for a in order if is_compared(a)], sentences),
    )


def _find_furniture(
    articles: Sequence[Article], sentences: Mapping[str, tuple[tuple[int, int], ...]]
) -> frozenset[tuple[str, int]]:
    """Return the short sentences that texts of many origins and days have, but for their numbers and names.

    "Page last updated at 10:39 GMT" is no event, and that two pages print it no agreement.
    """
    alike: dict[str, list[tuple[Article, int]]] = {}
    for article in articles:
        for start, end in sentences[article.id]:
            text = article.text[start:end]
            if end - start <= FURNITURE_CHARS:
                masked = " ".join(w for w in text.split() if w.islower() and w.isalpha())
                if masked.count(" ") >= FURNITURE_WORDS - 1:
                    alike.setdefault(masked, []).append((article, start))
    found = set()
    for rows in alike.values():
        origins, days = {a.origin or a.id for a, _ in rows}, {published_on(a) for a, _ in rows}
        if len(origins) >= FURNITURE_ORIGINS and len(days) >= FURNITURE_DAYS:
            found |= {(a.id, start) for a, start in rows}
    return frozenset(found)


def is_compared(article: Article) -> bool:
    """Return whether the document's words count: not about something else, not the same bytes again."""
    duplicate = article.copy_of is not None and article.copy_of.kind == "byte_duplicate"
    return article.in_story and not duplicate


def is_whole(article: Article) -> bool:
    """Return whether all of the article is there: what a cut page does not tell, it may have told."""
    return article.completeness in ("whole", None)  # None: from a ledger that did not know it yet


def published_on(article: Article) -> str | None:
    """Return the day (or month, or year) of publication, as it orders the documents."""
    return article.published_earliest or article.published


def public_since(article: Article) -> str | None:
    """Return the day from which all of the document's words were public, None where nobody can say.

    A revision shows the date of its first version; what it adds is dated by ``modified`` alone.
    """
    if article.copy_of is not None and article.copy_of.kind == "revision":
        return article.modified[:10] if article.modified else None
    return article.published_latest or article.published


def first_day(value: str) -> date:
    """Return the first day of an ISO day, month or year."""
    return date.fromisoformat(f"{value}-01-01"[:10])


def is_later(a: str, b: str, days: int = 0) -> bool:
    """Return whether day ``a`` is more than ``days`` after day ``b``."""
    return (first_day(a) - first_day(b)).days > days


def in_order(index: PileIndex) -> list[str]:
    """Return the compared documents in order of publication."""
    return sorted(index.compared, key=lambda d: index.rank[d])


def _index_mentions(
    actors: Sequence[Actor], articles: Mapping[str, Article]
) -> dict[str, tuple[tuple[int, int, str, str], ...]]:
    rows: dict[str, list[tuple[int, int, str, str]]] = {i: [] for i in articles}
    for actor in actors:
        for mention in actor.mentions:
            if mention.document in rows:
                rows[mention.document].append((mention.start, mention.end, actor.id, mention.kind))
    return {document: tuple(sorted(found)) for document, found in rows.items()}


def _by_document(
    values: Iterable[V], articles: Mapping[str, Article], place: Callable[[V], Evidence]
) -> dict[str, tuple[V, ...]]:
    rows: dict[str, list[V]] = {i: [] for i in articles}
    for value in values:
        if place(value).document in rows:
            rows[place(value).document].append(value)
    return {i: tuple(sorted(found, key=lambda v: (place(v).start, place(v).end))) for i, found in rows.items()}


def split_sentences(article: Article, reading: Reading | None) -> tuple[tuple[int, int], ...]:
    """Return the sentences of an article: the reader's, cut again where a full stop was overlooked."""
    if reading is not None and reading.sentences:
        whole = [(s.start, s.end) for s in reading.sentences]
    else:
        whole = [(0, len(article.text))]
    return tuple(piece for start, end in whole for piece in _cut_range(article.text, start, end))


def _past_dateline(text: str, start: int, end: int) -> int:
    """Return where words begin behind "PORT ANSGAR, March 10 (Northwire) -": that is none of its words."""
    if start > 0 and text[start - 1] != "\n":
        return start
    found = _DATELINE.match(text, start, end)
    return found.end() if found is not None and found.end() < end else start


def _cut_range(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the sentences in a range by punctuation and line ends."""
    found = []
    for match in _SENTENCE_END.finditer(text, start, end):
        if "\n" not in match.group() and _ABBREVIATION.search(text[max(start, match.start() - 6) : match.start()]):
            continue
        stop = match.start() + len(match.group().rstrip())
        if text[start:stop].strip():
            found.append((start, stop))
        start = match.end()
    if text[start:end].strip():
        found.append((start, start + len(text[start:end].rstrip())))
    return found


def sentence_number(index: PileIndex, document: str, position: int) -> int:
    """Return the number of the sentence that holds ``position`` (the one before it, between two)."""
    starts = index.sentences[document]
    return max(0, bisect_right(starts, (position, 1 << 60)) - 1)


def sentence_around(index: PileIndex, document: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the sentence (or sentences) that ``[start, end)`` stands in."""
    rows = index.sentences[document]
    if not rows:
        return start, end
    first, last = sentence_number(index, document, start), sentence_number(index, document, max(start, end - 1))
    return min(rows[first][0], start), max(rows[last][1], end)


def actors_within(index: PileIndex, document: str, start: int, end: int) -> frozenset[str]:
    """Return the actors that have a mention inside ``[start, end)``."""
    rows = index.mentions.get(document, ())
    first, last = bisect_left(rows, (start,)), bisect_left(rows, (end,))
    return frozenset(row[2] for row in rows[first:last] if row[1] <= end)


def statements_over(index: PileIndex, document: str, start: int, end: int) -> list[Statement]:
    """Return the statements whose content shares a character with ``[start, end)``, in text order."""
    if document not in index.spoken:
        return []
    said = index.statements[document]
    return [said[n] for n in index.spoken[document].over(start, end)]


def statement_around(index: PileIndex, document: str, start: int, end: int) -> Statement | None:
    """Return the shortest statement whose content covers at least half of ``[start, end)``, or None."""
    best: Statement | None = None
    for statement in statements_over(index, document, start, end):
        content = statement.content
        covered = min(end, content.end) - max(start, content.start)
        if covered * 2 < end - start or covered <= 0:
            continue
        if best is None or content.end - content.start < best.content.end - best.content.start:
            best = statement
    return best


def in_quotes(index: PileIndex, document: str, start: int, end: int) -> bool:
    """Return whether the place stands between quotation marks of its sentence."""
    first, last = sentence_around(index, document, start, end)
    text = index.articles[document].text
    before, after = text[first:start], text[end:last]
    curly = before.count("“") > before.count("”") and "”" in after
    straight = before.count('"') % 2 == 1 and '"' in after
    return curly or straight


def cut_evidence(index: PileIndex, document: str, start: int, end: int) -> Evidence:
    """Return the words at ``[start, end)`` as evidence, without a dateline before and white space at its edges."""
    text = index.articles[document].text
    start = _past_dateline(text, start, end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Evidence(document, start, end, text[start:end])


def origin_of(index: PileIndex, document: str) -> str:
    """Return the origin that the document shares with its copies."""
    return index.articles[document].origin or document


def outlet_of(index: PileIndex, document: str) -> str:
    """Return the document's outlet, in lower case, or the document itself where it is unknown."""
    return (index.articles[document].outlet or document).casefold()


def order_evidence(index: PileIndex, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Return the places that may be shown, each once, by publication and place."""
    usable = {
        (e.document, e.start, e.end): e
        for e in evidence
        if e.document in index.compared and 0 < e.end - e.start <= MAX_EVIDENCE_CHARS
    }
    return sorted(usable.values(), key=lambda e: (index.rank[e.document], e.start, e.end))


def pick_evidence(
    index: PileIndex, evidence: Iterable[Evidence], limit: int = MAX_SIDE_EVIDENCE
) -> tuple[Evidence, ...]:
    """Return at most ``limit`` places: of each origin and outlet the first, then further documents."""
    ordered = order_evidence(index, evidence)
    chosen: list[Evidence] = []
    seen: set[object] = set()
    for key in (lambda e: origin_of(index, e.document), lambda e: e.document):
        for place in ordered:
            if key(place) not in seen and place not in chosen and len(chosen) < limit:
                chosen.append(place)
                seen.add(key(place))
        seen |= {e.document for e in chosen}
    return tuple(sorted(chosen, key=lambda e: (index.rank[e.document], e.start)))


def make_comparison(
    kind: ComparisonKind,
    about: str,
    sides: Sequence[Side],
    confidence: float,
    why: str,
    origins: int | None = None,
) -> Comparison:
    """Return a comparison whose id depends on its kind and places alone."""
    places = sorted([e.document, e.start, e.end] for side in sides for e in side.evidence)
    return Comparison(
        id=make_id("comparison1", kind, places),
        kind=kind,
        about=about,
        sides=tuple(sides),
        independent_origins=origins,
        confidence=round(min(1.0, max(0.0, confidence)), 3),
        why=why,
    )


def describe_place(index: PileIndex, evidence: Evidence) -> str:
    """Return who tells it and when, for a sentence: "The Courier, 2021-03-12"."""
    article = index.articles[evidence.document]
    name = article.outlet or article.title or article.path
    day = article.published or article.published_earliest
    return f"{name}, {day}" if day else name


def actor_name(index: PileIndex, actor: str | None) -> str | None:
    """Return the actor's name, None for nobody known."""
    known = index.actors.get(actor) if actor is not None else None
    return known.name if known is not None else None


def name_mentions(index: PileIndex, actor: Actor) -> list[ActorMention]:
    """Return the actor's mentions by name in compared documents, by publication and place."""
    rows = [m for m in actor.mentions if m.kind == "name" and m.document in index.compared]
    return sorted(rows, key=lambda m: (index.rank[m.document], m.start, m.end))


def plain_stems(index: PileIndex, document: str, start: int, end: int) -> frozenset[str]:
    """Return the stems of a place without the words of names: who is meant is not what is said of them."""
    text = index.articles[document].text
    rows = index.mentions.get(document, ())
    names = [r for r in rows[bisect_left(rows, (start,)) : bisect_left(rows, (end,))] if r[3] == "name"]
    pieces, last = [], start
    for name_start, name_end, _, _ in names:
        pieces.append(text[last : max(last, name_start)])
        last = max(last, name_end)
    return meaning_stems(" ".join([*pieces, text[min(last, end) : end]]))

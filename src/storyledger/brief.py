"""The story for a person with ten minutes, as text or Markdown: what happened, what is disputed, what is new.

Invariant: every line names its outlet and day, and stands in the order of time; what is planned, claimed or denied says
so. This module must not know the ledger file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from storyledger.report.wording import say_day, say_interval, say_when
from storyledger.show import plain
from storyledger.types import Article, Comparison, Event, Evidence, NewsStory, Statement, Story

MOST_LINES = 15  # of what happened, over all stories
LEAST_LINES = 3  # of one story, where there are several
MOST_STORIES = 5
MOST_DISPUTED = 3
MOST_NEW = 8
SHOWN_FROM = 0.5  # conflicts below are for the review
STATUS = {"planned": "planned", "claimed": "claimed", "denied": "denied", "called_off": "called off"}
SIDE_CHARS = 140
BRACKETED = re.compile(r"\[[^\]]*\]")
WORD = re.compile(r"\w+")


def write_brief(story: Story, since: str | None = None, *, markdown: bool = False) -> Iterator[str]:
    """Yield the lines of the brief.

    Args:
        story: everything that a ledger says.
        since: ISO day; what pages of that day and later tell first is listed as new.
        markdown: headings and lists as Markdown writes them.
    """
    writer = _Writer(story, markdown=markdown)
    shown = sorted(story.stories, key=lambda s: (-len(s.documents), s.id))[:MOST_STORIES]
    if not shown:
        yield "nothing to tell: the ledger has no page about its story"
        return
    for told in shown:
        yield from writer.tell(told, MOST_LINES if len(shown) == 1 else max(LEAST_LINES, MOST_LINES // len(shown)))
    rest = len(story.stories) - len(shown)
    if rest:
        yield ""
        yield f"and {rest} smaller stories: `storyledger stories` lists them"
    yield from writer.tell_disputed()
    if since:
        yield from writer.tell_new(since)


class _Writer:
    def __init__(self, story: Story, *, markdown: bool) -> None:
        self._story, self._markdown = story, markdown
        self._articles = {a.id: a for a in story.documents}
        self._names = {a.id: a.name for a in story.actors}
        self._position = {key: n for n, key in enumerate(story.timeline)}

    def tell(self, told: NewsStory, lines: int) -> Iterator[str]:
        """Yield a story's name and what happened in it."""
        documents = set(told.documents)
        outlets = {self._articles[d].outlet for d in documents if d in self._articles} - {None}
        yield from self._head(plain(told.name))
        yield f"{len(documents)} pages of {max(1, len(outlets))} outlets, {say_interval(told.earliest, told.latest)}"
        events = [e for e in self._story.events if e.mentions and e.mentions[0].document in documents]
        ranked = sorted(events, key=lambda e: (-self._weigh(e), e.id))[:lines]
        for event in sorted(ranked, key=lambda e: (self._position.get(e.id, len(self._position)), e.id)):
            yield self._line(event)

    def tell_disputed(self) -> Iterator[str]:
        """Yield the conflicts that most hangs on."""
        shown = [c for c in self._story.comparisons if c.kind in ("conflict", "role_conflict")]
        shown = [c for c in shown if c.confidence >= SHOWN_FROM and len(c.sides) > 1]
        ranked = sorted(shown, key=lambda c: (-c.confidence, -sum(len(s.evidence) for s in c.sides), c.id))
        if ranked:
            yield from self._head("Disputed", 2)
        matters = {c.about: c for c in reversed(ranked)}  # of one matter the surest
        for compared in [c for c in ranked if matters[c.about] is c][:MOST_DISPUTED]:
            yield self._item(self._contrast(compared))

    def tell_new(self, since: str) -> Iterator[str]:
        """Yield what pages of the day ``since`` and later tell first."""
        yield from self._head(f"New since {since}", 2)
        events = [e for e in self._story.events if e.mentions and self._first_day(e.mentions) >= since]
        ranked = sorted(events, key=lambda e: (-self._weigh(e), e.id))[:MOST_NEW]
        said = [s for s in self._story.statements if self._first_day([s.content]) >= since and s.speaker.actor]
        loud = sorted(said, key=lambda s: (-s.confidence, s.id))[:MOST_NEW]
        if not ranked and not loud:
            yield self._item("nothing")
        for event in sorted(ranked, key=lambda e: (self._position.get(e.id, len(self._position)), e.id)):
            yield self._line(event)
        for statement in loud:
            yield self._item(self._quote(statement))

    def _line(self, event: Event) -> str:
        when = say_when(event.when)
        told = f" ({STATUS[event.status]})" if event.status in STATUS else ""
        pages = {m.document for m in event.mentions}
        origins = {self._articles[d].origin or d for d in pages if d in self._articles}
        support = f"; {len(pages)} pages, {len(origins)} origins" if len(pages) > 1 else ""
        return self._item(f"{when}: {plain(event.summary)}{told} — {self._cite(find_telling(event))}{support}")

    def _contrast(self, compared: Comparison) -> str:
        sides = [s for s in compared.sides if s.evidence][:3]
        words = [f"“{_shorten(s.evidence[0].text)}” ({self._cite(s.evidence[0])})" for s in sides]
        return f"{plain(compared.about)}: {' against '.join(words)}"

    def _quote(self, statement: Statement) -> str:
        who = self._names.get(statement.speaker.actor or "", statement.speaker.text)
        return f"{plain(who)}: “{_shorten(statement.content.text)}” — {self._cite(statement.content)}"

    def _cite(self, evidence: Evidence) -> str:
        article = self._articles.get(evidence.document)
        return f"{_outlet(article)}, {say_day(_day(article) or None)}"

    def _first_day(self, spots: Sequence[Evidence]) -> str:
        days = [_day(self._articles.get(s.document)) for s in spots]
        return min((d for d in days if d), default="")

    def _weigh(self, event: Event) -> float:
        pages = {m.document for m in event.mentions}
        origins = {self._articles[d].origin or d for d in pages if d in self._articles}
        return event.importance * event.confidence * (1 + 0.25 * min(len(origins), 8))

    def _head(self, words: str, level: int = 1) -> Iterator[str]:
        yield ""
        yield f"{'#' * level} {words}" if self._markdown else words.upper() if level > 1 else words
        if self._markdown:
            yield ""

    def _item(self, words: str) -> str:
        return f"- {words}" if self._markdown else f"  {words}"


def find_telling(event: Event) -> Evidence:
    """Return the telling whose words the event's headline has: what a citation must lead to.

    Names that the headline puts in (in brackets) stand in no telling, so they do not count.
    """
    wanted = set(_words(BRACKETED.sub(" ", event.summary)))

    def missing(spot: Evidence) -> tuple[int, int]:
        told = set(_words(spot.text))
        return len(wanted - told), len(told - wanted)

    return min(event.mentions, key=missing)


def _words(text: str) -> list[str]:
    return WORD.findall(text.casefold())


def _outlet(article: Article | None) -> str:
    if article is None:
        return "a page that is not here"
    return plain(article.outlet or article.title or article.path)


def _day(article: Article | None) -> str:
    return (article.published or article.published_earliest or "") if article else ""


def _shorten(text: str) -> str:
    flat = plain(text)
    return flat if len(flat) <= SIDE_CHARS else flat[:SIDE_CHARS].rsplit(" ", 1)[0] + "…"

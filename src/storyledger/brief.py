"""The story for a person with ten minutes, as text or Markdown: the account's first screen.

Invariant: a line is a page's own sentence, names in brackets put in, with its outlet and day; what is planned, claimed
or denied says so. This module must not know the ledger file.
"""

from __future__ import annotations

from collections.abc import Iterator

from storyledger.report.digest import list_stories
from storyledger.report.disputes import Answer, Dispute, choose_surest, list_disputes, strip
from storyledger.report.lookup import Lookup
from storyledger.report.sentences import Sentences
from storyledger.report.telling import MOST_LINES, StoryLine, Teller, deal_lines, say_line_day
from storyledger.report.terms import TERMS
from storyledger.report.wording import count_noun, say_interval, shorten
from storyledger.show import plain
from storyledger.types import Evidence, NewsStory, Story

LEAST_LINES = 3  # of one story, where there are several
MOST_STORIES = 5
MOST_NEW = 8
SIDE_CHARS = 140


def write_brief(story: Story, since: str | None = None, *, markdown: bool = False) -> Iterator[str]:
    """Yield the lines of the brief.

    Args:
        story: everything that a ledger says.
        since: ISO day; what pages of that day and later tell first is listed as new.
        markdown: headings and lists as Markdown writes them.
    """
    writer = _Writer(story, markdown=markdown)
    stories = writer.stories
    if not stories:
        yield "nothing to tell: the ledger has no page about its story"
        return
    shown = stories[:MOST_STORIES]
    dealt = deal_lines([len(told.documents) for told in shown], MOST_LINES, LEAST_LINES)
    for told, lines in zip(shown, dealt, strict=True):
        yield from writer.tell(told, lines)
    rest = len(stories) - len(shown)
    if rest:
        yield ""
        yield f"and {rest} smaller stories: `storyledger stories` lists them"
    yield from writer.tell_disputed()
    if since:
        yield from writer.tell_new(since)


class _Writer:
    def __init__(self, story: Story, *, markdown: bool) -> None:
        self._lookup, self._markdown = Lookup(story), markdown
        self._sentences = Sentences(self._lookup)
        self._teller = Teller(self._lookup, self._sentences)
        self.stories = list_stories(self._lookup)

    def tell(self, told: NewsStory, lines: int) -> Iterator[str]:
        """Yield a story's name and what happened in it."""
        outlets = {self._lookup.outlet(d) for d in told.documents}
        pages = count_noun(len(told.documents), "page")
        yield from self._head(plain(told.name))
        yield f"{pages} of {count_noun(len(outlets), 'outlet')}, {say_interval(told.earliest, told.latest)}"
        for row in self._teller.tell(told.documents, lines):
            yield self._line(row)

    def tell_disputed(self) -> Iterator[str]:
        """Yield what is disputed, in three lines at most."""
        disputes = choose_surest(list_disputes(self._lookup, self._sentences))
        if disputes:
            yield from self._head("Disputed", 2)
        for dispute in disputes:
            yield self._item(self._contrast(dispute))

    def tell_new(self, since: str) -> Iterator[str]:
        """Yield what pages of the day ``since`` and later tell first."""
        yield from self._head(f"New since {since}", 2)
        documents = [d for told in self.stories for d in told.documents]
        rows = self._teller.tell(documents, MOST_NEW, since=since)
        if not rows:
            yield self._item("nothing")
        for row in rows:
            yield self._line(row)

    def _line(self, row: StoryLine) -> str:
        words = plain("".join(piece.text for piece in row.line.pieces))
        document = row.evidence.document  # a line without a day of its own begins with its page's
        cited = plain(self._lookup.cite(document) if row.when else self._lookup.outlet(document))
        status = "" if row.status == "reported" else f" ({TERMS['statuses'][row.status]})"
        return self._item(f"{say_line_day(self._lookup, row)}: {words}{status} — {cited}")

    def _contrast(self, dispute: Dispute) -> str:
        return f"{plain(dispute.head)} {' against '.join(map(self._side, dispute.answers[:3]))}"

    def _side(self, answer: Answer) -> str:
        evidence = answer.tellings[0]
        return f"“{shorten(plain(strip(evidence.text)), SIDE_CHARS)}” ({self._cite(evidence)})"

    def _cite(self, evidence: Evidence) -> str:
        return plain(self._lookup.cite(evidence.document))

    def _head(self, words: str, level: int = 1) -> Iterator[str]:
        yield ""
        yield f"{'#' * level} {words}" if self._markdown else words.upper() if level > 1 else words
        if self._markdown:
            yield ""

    def _item(self, words: str) -> str:
        return f"- {words}" if self._markdown else f"  {words}"

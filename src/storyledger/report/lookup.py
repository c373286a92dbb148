"""What every section asks of the story: who, which page, where on the page to go.

Invariant: a name that the story does not know (an id that no actor has, a page that is missing) never
raises; it is shown as it is written, because an account of a broken export must show what is broken.
Anchors are short, in the story's own order, so the same story gives the same page to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storyledger.report.wording import date_article, say_day, say_published
from storyledger.types import Actor, Article, Comparison, Event, Evidence, Figure, Quantity, Statement, Story

INDEX = "index.html"
PLACES = {  # in the folder form: the file that holds the entries of a kind
    "e": "timeline.html",
    "c": "differences.html",
    "o": "differences.html",
    "q": "numbers.html",
    "f": "numbers.html",
    "s": "statements.html",
    "v": "statements.html",
    "w": "statements.html",
    "a": "cast.html",
    "r": "cast.html",
}
Numbered = Article | Actor | Statement | Event | Figure | Quantity | Comparison


@dataclass
class Lookup:
    """The story by id. ``folder``: the account in several files, of which ``here`` is being written."""

    story: Story
    folder: bool = False
    here: str = INDEX
    articles: dict[str, Article] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number everything in the story's own order."""
        story = self.story
        self.articles = {a.id: a for a in story.documents}
        self.actors = {a.id: a for a in story.actors}
        self.statements = {s.id: s for s in story.statements}
        self.events = {e.id: e for e in story.events}
        self.figures = {f.id: f for f in story.figures}
        kinds: tuple[tuple[str, tuple[Numbered, ...]], ...] = (
            ("d", story.documents),
            ("a", story.actors),
            ("s", story.statements),
            ("e", story.events),
            ("f", story.figures),
            ("q", story.ledger),
            ("c", story.comparisons),
        )
        for kind, values in kinds:
            for number, value in enumerate(values, 1):
                self.numbers.setdefault((kind, value.id), number)

    def anchor(self, kind: str, key: str) -> str:
        """Return the short id of an entry ("e12"); "x0" for one that the story does not have."""
        number = self.numbers.get((kind, key))
        return f"{kind}{number}" if number else "x0"

    def entry_href(self, anchor: str) -> str:
        """Return the link to an entry of the account."""
        place = PLACES.get(anchor.rstrip("0123456789"), INDEX)
        return f"{place}#{anchor}" if self.folder and place != self.here else f"#{anchor}"

    def document_href(self, key: str) -> str:
        """Return the link to an article."""
        number = self.numbers.get(("d", key), 0)
        return f"{self.page_name(number)}#d{number}" if self._elsewhere(number) else f"#d{number}"

    def evidence_anchor(self, evidence: Evidence) -> str:
        """Return the id of a marked range: document number, start, end."""
        return f"d{self.numbers.get(('d', evidence.document), 0)}-{evidence.start}-{evidence.end}"

    def evidence_href(self, evidence: Evidence) -> str:
        """Return the link to a marked range in its article."""
        number = self.numbers.get(("d", evidence.document), 0)
        page = self.page_name(number) if self._elsewhere(number) else ""
        return f"{page}#{self.evidence_anchor(evidence)}"

    def page_name(self, number: int) -> str:
        """Return the file of an article in the folder form."""
        return f"article-{number}.html"

    def _elsewhere(self, number: int) -> bool:
        return self.folder and number > 0 and self.page_name(number) != self.here

    def outlet(self, key: str) -> str:
        """Return the outlet of a document; a page of an unknown one stands for itself."""
        article = self.articles.get(key)
        return (article.outlet if article else None) or f"page {self.numbers.get(('d', key), '?')}"

    def cite(self, key: str) -> str:
        """Return outlet and date of a document, for a citation; the date's doubt is kept."""
        article = self.articles.get(key)
        if article is None:
            return "a page that is not in this account"
        if article.published_basis == "inferred":
            return f"{self.outlet(key)}, {say_published(article)}"
        return f"{self.outlet(key)}, {say_day(date_article(article) or None)}"

    def name(self, key: str | None) -> str:
        """Return an actor's name; what is no actor's id is shown as it is written."""
        if key is None:
            return ""
        actor = self.actors.get(key)
        return actor.name if actor else key

    def date(self, key: str) -> str:
        """Return the ISO date a document is sorted at."""
        article = self.articles.get(key)
        return date_article(article) if article else ""

    def origin(self, key: str) -> str:
        """Return the origin that a document shares with its copies."""
        article = self.articles.get(key)
        return (article.origin if article else None) or key

    def count_support(self, evidence: Iterable[Evidence]) -> tuple[int, int]:
        """Return on how many pages, and on how many independent origins, ``evidence`` stands."""
        documents = {e.document for e in evidence}
        return len(documents), len({self.origin(d) for d in documents})

    def in_text(self, evidence: Evidence) -> bool:
        """Tell whether the evidence's words stand where it says."""
        article = self.articles.get(evidence.document)
        return article is not None and article.text[evidence.start : evidence.end] == evidence.text

"""What every section asks of the story: who, which page, where on the page to go.

Invariant: a name that the story does not know (an id that no actor has, a page that is missing) never
raises; it is shown as it is written, because an account of a broken export must show what is broken.
Anchors are short, in the story's own order, so the same story gives the same page to the byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from storyledger.naming import name_page
from storyledger.report.wording import date_article, say_day, say_published, shorten
from storyledger.types import Actor, Article, Comparison, Event, Evidence, Figure, Quantity, Statement, Story

INDEX = "index.html"
TITLE_CHARS = 42  # of a title in a citation
PLACES = {  # in the folder form: the file that holds the entries of a kind
    "c": "questions.html",
    "q": "numbers.html",
    "f": "numbers.html",
    "s": "people.html",
    "a": "people.html",
    "o": "sources.html",
    "source": "sources.html",
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
    shown: set[str] | None = None  # anchors that the digest has; None where nobody has chosen yet
    spots: dict[str, Evidence] = field(default_factory=dict)  # by anchor: the first words that an entry rests on
    _cited: Counter[str] = field(default_factory=Counter)

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
        self._cited = Counter(
            words for words, _ in {(self._outlet_and_day(a), a.origin or a.id) for a in story.documents}
        )
        for kind, values in kinds:
            for number, value in enumerate(values, 1):
                self.numbers.setdefault((kind, value.id), number)

        self._find_spots()

    def _find_spots(self) -> None:
        story = self.story
        rows: list[tuple[str, str, Iterable[Evidence]]] = [("e", e.id, e.mentions) for e in story.events]
        rows += [("s", s.id, (s.content,)) for s in story.statements]
        rows += [("f", f.id, (f.evidence,)) for f in story.figures]
        rows += [("c", c.id, (e for side in c.sides for e in side.evidence)) for c in story.comparisons]
        for actor in story.actors:
            places = (Evidence(m.document, m.start, m.end, m.text) for m in actor.mentions)
            rows.append(("a", actor.id, places))
        for quantity in story.ledger:
            rows.append(("q", quantity.id, (self.figures[k].evidence for k in quantity.entries if k in self.figures)))
        for kind, key, spots in rows:
            first = next((e for e in spots if e.document in self.articles), None)
            if first:
                self.spots.setdefault(self.anchor(kind, key), first)
        for number, omission in enumerate(story.omissions, 1):
            first = next((e for e in omission.evidence if e.document in self.articles), None)
            if first:
                self.spots[f"o{number}"] = first

    def anchor(self, kind: str, key: str) -> str:
        """Return the short id of an entry ("e12"); "x0" for one that the story does not have."""
        number = self.numbers.get((kind, key))
        return f"{kind}{number}" if number else "x0"

    def entry_href(self, anchor: str) -> str:
        """Return the link to an entry: its place in the digest, else the words that it rests on."""
        if self.shown is not None and anchor not in self.shown and anchor in self.spots:
            return self.evidence_href(self.spots[anchor])
        place = PLACES.get(anchor.rstrip("0123456789"), INDEX)
        return f"{place}#{anchor}" if self.folder and place != self.here else f"#{anchor}"

    def is_shown(self, anchor: str) -> bool:
        """Tell whether the digest has a place for an entry; for sources it always has."""
        return self.shown is None or anchor in self.shown or anchor.startswith("source")

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

    def sentence_href(self, document: str, number: int) -> str:
        """Return the link to a sentence in its article, by its number there."""
        page = self.numbers.get(("d", document), 0)
        name = self.page_name(page) if self._elsewhere(page) else ""
        return f"{name}#d{page}s{number}"

    def page_name(self, number: int) -> str:
        """Return the file of an article in the folder form."""
        return f"article-{number}.html"

    def _elsewhere(self, number: int) -> bool:
        return self.folder and number > 0 and self.page_name(number) != self.here

    def outlet(self, key: str) -> str:
        """Return the outlet of a document; a page of an unknown one is called by its title."""
        article = self.articles.get(key)
        if article is None:
            return "a page that is not in this account"
        return article.outlet or f"“{self.title(key, TITLE_CHARS)}”"

    def title(self, key: str, chars: int = 90) -> str:
        """Return the title of a document on one line, or its first words where it has none."""
        article = self.articles.get(key)
        return shorten(name_page(article) if article else "", chars)

    def cite(self, key: str) -> str:
        """Return outlet and day of a document, for a citation; with its title where that names several origins.

        A page without one would be called by its first words, which the citation as a rule stands behind.
        """
        article = self.articles.get(key)
        if article is None:
            return "a page that is not in this account"
        words = self._outlet_and_day(article)
        if article.outlet and article.title and self._cited[words] > 1:
            return f"{words}, “{self.title(key, TITLE_CHARS)}”"
        return words

    def _outlet_and_day(self, article: Article) -> str:
        if article.published_basis == "inferred":
            return f"{self.outlet(article.id)}, {say_published(article)}"
        return f"{self.outlet(article.id)}, {say_day(date_article(article) or None)}"

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

    def order(self, key: str) -> tuple[str, bool, str]:
        """Return the key that sorts documents by day, of one day those first that copy nothing."""
        article = self.articles.get(key)
        return self.date(key) or "9", article is not None and article.copy_of is not None, key

    def origin(self, key: str) -> str:
        """Return the origin that a document shares with its copies."""
        article = self.articles.get(key)
        return (article.origin if article else None) or key

    def count_support(self, evidence: Iterable[Evidence]) -> tuple[int, int]:
        """Return on how many pages, and on how many independent origins, ``evidence`` stands."""
        documents = {e.document for e in evidence}
        return len(documents), len({self.origin(d) for d in documents})

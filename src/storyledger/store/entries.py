"""The entries of a ledger one at a time: an index of all of them, the words to search, and values by id.

What a reader of a large ledger needs: the whole story of five thousand pages takes half a minute to load, one entry
a millisecond. The index is written with the story and sealed with it; it holds nothing that the story does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from storyledger.types import Article, Comparison, Event, Evidence, Figure, Statement, Story

SECTIONS = ("documents", "actors", "statements", "events", "figures", "comparisons", "omissions")
DISPUTING = frozenset({"conflict", "role_conflict"})

ENTRY_TABLE = """CREATE TABLE IF NOT EXISTS entry (
    position INTEGER PRIMARY KEY, section TEXT NOT NULL, id TEXT NOT NULL, document TEXT, outlet TEXT, day TEXT,
    who TEXT, kind TEXT, title TEXT NOT NULL, pages INTEGER NOT NULL, weight REAL NOT NULL, confidence REAL,
    disputed INTEGER NOT NULL
) STRICT"""
# each answers a list, its count and its choices without touching a row that is not shown: a row holds whole sentences
ENTRY_INDEXES = (
    "CREATE INDEX IF NOT EXISTS entry_by_id ON entry (section, id)",
    "CREATE INDEX IF NOT EXISTS entry_by_weight ON entry (section, weight DESC)",
    "CREATE INDEX IF NOT EXISTS entry_by_document ON entry (document, section)",
    "CREATE INDEX IF NOT EXISTS entry_by_kind ON entry (section, kind, weight DESC)",
    "CREATE INDEX IF NOT EXISTS entry_by_outlet ON entry (section, outlet, weight DESC)",
    "CREATE INDEX IF NOT EXISTS entry_by_day ON entry (section, day IS NULL, day, weight DESC)",
    "CREATE INDEX IF NOT EXISTS entry_by_telling ON entry (section, weight * pages DESC)",
    "CREATE INDEX IF NOT EXISTS entry_disputed ON entry (section, weight DESC) WHERE disputed = 1",
)
SEARCH_TABLE = "CREATE VIRTUAL TABLE IF NOT EXISTS entry_search USING fts5(title, words, who, tokenize = 'unicode61')"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line about one entry: what a list, a search result or a filter needs of it.

    ``who``: the speaker's or the parties' actor ids, each between spaces. ``weight`` orders a section: mentions of an
    actor, importance of an event, confidence of the rest. ``disputed``: it stands on a side of a conflict.
    """

    section: str
    id: str
    document: str | None
    outlet: str | None
    day: str | None
    who: str | None
    kind: str | None
    title: str
    pages: int
    weight: float
    confidence: float | None
    disputed: bool


Indexed = tuple[Entry, str, str]  # with the words that a search finds it by, and the names of who speaks or takes part


def iter_entries(story: Story) -> Iterator[Indexed]:
    """Yield every entry of ``story`` as the index has it, in the story's order."""
    maker = _Maker(story)
    for article in story.documents:
        yield maker.document(article)
    for actor in story.actors:
        names = maker.called(actor.id)
        roles = " ".join(dict.fromkeys(r.role for r in actor.roles))
        pages = {m.document for m in actor.mentions}
        weight = float(len(actor.mentions))
        entry = Entry(
            "actors", actor.id, None, None, None, f" {actor.id} ", actor.type, actor.name, len(pages), weight, None,
            disputed=actor.id in maker.disputed_actors,
        )  # fmt: skip
        yield entry, f"{names} {roles}", names
    for statement in story.statements:
        yield maker.statement(statement)
    for event in story.events:
        yield maker.event(event)
    for figure in story.figures:
        yield maker.figure(figure)
    for comparison in story.comparisons:
        yield maker.comparison(comparison)
    for number, omission in enumerate(story.omissions):
        spots = omission.evidence
        entry = Entry(
            "omissions", str(number), maker.one(spots), None, omission.known_since, None, None, omission.about,
            len(omission.reported_by), omission.confidence, omission.confidence, disputed=False,
        )  # fmt: skip
        yield entry, " ".join(e.text for e in spots), ""


class _Maker:
    """Makes entries, with what they take from their documents and from the comparisons."""

    def __init__(self, story: Story) -> None:
        self._articles = {a.id: a for a in story.documents}
        self._names = {a.id: a.name for a in story.actors}
        self._called = {
            a.id: " ".join(dict.fromkeys([a.name, *(n.text for n in a.aliases if n.kind == "name")]))
            for a in story.actors
        }
        disputed = [c for c in story.comparisons if c.kind in DISPUTING]
        self._disputed: dict[str, list[tuple[int, int]]] = {}
        for spot in (e for c in disputed for s in c.sides for e in s.evidence):
            self._disputed.setdefault(spot.document, []).append((spot.start, spot.end))
        roles = [c for c in disputed if c.kind == "role_conflict"]
        spots = {(e.document, e.start) for c in roles for s in c.sides for e in s.evidence}
        self.disputed_actors = {
            a.id
            for a in story.actors
            for r in a.roles
            if r.evidence and (r.evidence.document, r.evidence.start) in spots
        }

    def called(self, actor: str | None) -> str:
        return self._called.get(actor or "", "")

    def one(self, spots: Sequence[Evidence]) -> str | None:
        return spots[0].document if spots else None

    def _is_disputed(self, spots: Iterable[Evidence]) -> bool:
        return any(
            start < spot.end and spot.start < end
            for spot in spots
            for start, end in self._disputed.get(spot.document, ())
        )

    def _place(self, spots: Sequence[Evidence]) -> tuple[str | None, str | None, str | None]:
        document = self.one(spots)
        article = self._articles.get(document or "")
        return document, article.outlet if article else None, _day(article) if article else None

    def document(self, article: Article) -> Indexed:
        entry = Entry(
            "documents", article.id, article.id, article.outlet, _day(article), None, article.completeness,
            article.title or article.path, 1, float(len(article.text)), article.published_confidence,
            disputed=article.id in self._disputed,
        )  # fmt: skip
        return entry, article.text, " ".join(article.authors)

    def statement(self, said: Statement) -> Indexed:
        document, outlet, day = self._place([said.content])
        speaker = self._names.get(said.speaker.actor or "", said.speaker.text)
        actor = f" {said.speaker.actor} " if said.speaker.actor else None
        entry = Entry(
            "statements", said.id, document, outlet, (said.said_on.earliest if said.said_on else None) or day, actor,
            said.act, f"{speaker or 'unnamed source'}: {said.content.text}", 1, said.confidence, said.confidence,
            self._is_disputed([said.content]),
        )  # fmt: skip
        who = f"{self.called(said.speaker.actor)} {said.speaker.text}"
        return entry, said.content.text, who

    def event(self, event: Event) -> Indexed:
        document, outlet, _ = self._place(event.mentions)
        pages = len({m.document for m in event.mentions})
        who = f" {' '.join(p.actor for p in event.participants)} " if event.participants else None
        entry = Entry(
            "events", event.id, document, outlet, event.when.earliest if event.when else None, who, event.type,
            event.summary, pages, event.importance, event.confidence, self._is_disputed(event.mentions),
        )  # fmt: skip
        called = " ".join(self.called(p.actor) for p in event.participants)
        return entry, " ".join(m.text for m in event.mentions), called

    def figure(self, figure: Figure) -> Indexed:
        document, outlet, day = self._place([figure.evidence])
        who = f" {figure.attributed_to} " if figure.attributed_to else None
        entry = Entry(
            "figures", figure.id, document, outlet, day, who, figure.unit, f"{figure.evidence.text}: {figure.about}", 1,
            figure.confidence, figure.confidence, self._is_disputed([figure.evidence]),
        )  # fmt: skip
        return entry, f"{figure.evidence.text} {figure.about}", self.called(figure.attributed_to)

    def comparison(self, compared: Comparison) -> Indexed:
        spots = [e for s in compared.sides for e in s.evidence]
        document, outlet, day = self._place(spots)
        entry = Entry(
            "comparisons", compared.id, document, outlet, day, None, compared.kind, compared.about,
            len({e.document for e in spots}), compared.confidence, compared.confidence, compared.kind in DISPUTING,
        )  # fmt: skip
        return entry, " ".join(e.text for e in spots), ""


def _day(article: Article) -> str | None:
    return article.published or article.published_earliest

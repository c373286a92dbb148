"""What the account shows before the pages themselves, cut to a length that a reader has time for.

A digest that is longer than what it digests helps nobody: of a pile of five pages it has at most half of the words, of
a hundred a tenth. Everything that the ledger holds stands in the margin of the pages; the digest has the weightiest of
it. Invariant: what is shown is chosen by weight, never changed. This module must not know HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from storyledger.geography import locate_story
from storyledger.report.atlas import Atlas, draw_atlas
from storyledger.report.disputes import Dispute, choose_surest, list_disputes
from storyledger.report.happenings import Chronicler, Happenings
from storyledger.report.lookup import Lookup
from storyledger.report.numbers import Measures, Numbers, Series, cut_series
from storyledger.report.outlets import Desk, Desks
from storyledger.report.people import Gallery, Portrait
from storyledger.report.questions import Agreed, Asker, Question
from storyledger.report.relations import Edge, Node, Relation, lay_network, list_relations
from storyledger.report.sentences import Line, Sentences
from storyledger.report.telling import LEAST_LINES, MOST_LINES, StoryLine, Teller, deal_lines
from storyledger.report.timeline import Timeline, lay_timeline
from storyledger.report.wording import date_article
from storyledger.types import NewsStory

FEW_PAGES, MANY_PAGES = 5, 100
LARGEST_SHARE, SMALLEST_SHARE = 0.5, 0.1
TEN_MINUTES_WORDS = 4000  # of ten minutes in which half is looked over and half is read
DISPUTED_LINES = 3
NEW_LINES = 3
LEAST_OF_STORY = 2  # lines of one story, where there are several
MANY_BESIDE = 20  # pages of a story beside which a page alone is a stray
LONG_STORY = 2  # times the days that a story of so many pages has
STORIES_TOLD = 60  # of a mixed pile; the others are named
GENEROUS, SPARING = 6.0, 0.05


def allow_words(pages: int, words: int) -> int:
    """Return how many words a digest of ``pages`` with ``words`` in all may have.

    Half of them for five pages or fewer, a tenth for a hundred or more, in a straight line between; and never more than
    a reader with ten minutes can look through.
    """
    grown = (min(max(pages, FEW_PAGES), MANY_PAGES) - FEW_PAGES) / (MANY_PAGES - FEW_PAGES)
    return min(round(words * (LARGEST_SHARE - (LARGEST_SHARE - SMALLEST_SHARE) * grown)), TEN_MINUTES_WORDS)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many of each thing a digest shows."""

    lines: int
    each_story: int
    stories: int
    told: int
    beside: int
    answers: int
    disputes: int
    agreed: int
    relations: int
    people: int
    each_person: int
    series: int
    rows: int
    kinds: int
    values: int
    new: int
    outlets: int  # that are told of beyond their pages
    each_outlet: int

    @classmethod
    def at(cls, room: float) -> Limits:
        """Return the limits for an amount of room, 1 being that of a pile of some twenty pages."""

        def some(count: float, least: int = 1, most: int = 10**6) -> int:
            return min(max(least, round(count * room)), most)

        return cls(
            lines=some(25, LEAST_LINES, MOST_LINES),
            each_story=some(3, LEAST_OF_STORY, MOST_LINES),
            stories=some(40, 12, STORIES_TOLD),
            told=some(13, 4),
            beside=some(1.5, 0, 12),
            answers=some(5, 2, 5),
            disputes=some(5, DISPUTED_LINES),
            agreed=some(3),
            relations=some(5, 3, 12),
            people=some(12, 3),
            each_person=some(2, 1, 8),
            series=some(4),
            rows=some(7, 3),
            kinds=some(5, 2),
            values=some(3, 1, 12),
            new=some(3, 1, NEW_LINES),
            outlets=some(9, 0),
            each_outlet=some(1, 1, 4),
        )


@dataclass(slots=True)
class StoryPart:
    """One story of the pile with its lines."""

    story: NewsStory
    anchor: str
    outlets: int
    lines: list[StoryLine]


@dataclass(slots=True)
class Digest:
    """Everything that the sections before the pages show."""

    stories: list[StoryPart]
    others: list[NewsStory]
    disputes: list[Dispute]
    since: str
    new: list[StoryLine]
    happenings: Happenings
    timeline: Timeline
    relations: list[Relation]
    crossings: dict[str, Line]  # by the relation's anchor: the sentence behind an edge
    nodes: list[Node]
    edges: list[Edge]
    questions: list[Question]
    agreed: list[Agreed]
    people: list[Portrait]
    series: list[Series]
    measures: list[Measures]
    desks: list[Desk]
    atlas: Atlas | None = None
    shown: set[str] = field(default_factory=set)

    @property
    def surest(self) -> list[Dispute]:
        """The disputes of the first screen."""
        return choose_surest(self.disputes)

    @property
    def several(self) -> bool:
        """Tell whether the pile tells several stories."""
        return len(self.stories) + len(self.others) > 1


class Editor:
    """Lays a story out once for every length that is asked for."""

    def __init__(self, lookup: Lookup) -> None:
        """Read the story."""
        self._lookup = lookup
        self.sentences = Sentences(lookup)
        self.teller = Teller(lookup, self.sentences)
        self._chronicler = Chronicler(lookup, self.sentences, self.teller)
        self._asker = Asker(lookup, self.sentences, self.teller)
        self._gallery = Gallery(lookup, self.sentences)
        self._numbers = Numbers(lookup, self.sentences)
        self._desks = Desks(lookup, self.sentences, self.teller)
        self._disputes = list_disputes(lookup, self.sentences)
        self._relations = list_relations(lookup, self.sentences)
        self._network = lay_network(lookup, self._relations)
        self.stories = list_stories(lookup)
        self._atlas = draw_atlas(locate_story(lookup.story))

    def lay_out(self, room: float, more: int = 0) -> Digest:
        """Return the digest for an amount of room, with ``more`` entries of what is told to have happened."""
        limits = Limits.at(room)
        documents = self._find_told()
        shown = self._choose_stories()[: limits.stories]
        in_all = max(limits.lines + LEAST_OF_STORY * (len(shown) - 1), limits.each_story * len(shown))
        in_all = in_all if len(self.stories) > 1 else limits.lines
        allotted = deal_lines([len(story.documents) for story in shown], in_all, LEAST_OF_STORY)
        parts = [
            self._tell(n, s, min(most, MOST_LINES)) for n, (s, most) in enumerate(zip(shown, allotted, strict=True), 1)
        ]
        told = {_place(row.line) for part in parts for row in part.lines}
        since, new = self._find_new(documents, told, limits.new)
        disputes = self._disputes[: limits.disputes]
        answered = told | {_place(line) for d in disputes for a in d.answers for line in a.lines}
        questions = self._asker.ask(documents, limits.answers, answered)
        for question in questions:
            answered |= {_place(line) for line in question.lines}
        series = [cut_series(s, limits.rows) for s in self._numbers.list_series()[: limits.series]]
        counted = {r.figure.id for s in series for r in s.rows}
        measures = self._numbers.list_measures(counted)
        lines = _anchor_lines(parts)
        most = limits.told * (LONG_STORY if len(documents) >= MANY_BESIDE else 1)
        happenings = self._chronicler.chronicle(documents, most + more, limits.beside, lines, more)
        nodes, edges = self._network
        drawn = {e.anchor for e in edges}
        digest = Digest(
            stories=parts,
            others=[s for s in self.stories if s not in shown],
            disputes=disputes,
            since=since,
            new=new,
            happenings=happenings,
            timeline=lay_timeline(self._lookup, happenings.drawn),
            relations=[r for r in self._relations if r.anchor in drawn or not edges][: limits.relations],
            crossings={r.anchor: line for r in self._relations if (line := r.acts[0].line)},
            nodes=nodes,
            edges=edges,
            questions=questions,
            agreed=self._asker.list_agreed(set(documents), answered)[: limits.agreed],
            people=self._gallery.draw(limits.people, limits.each_person, answered),
            series=series,
            measures=[Measures(m.title, m.rows[: limits.values]) for m in measures[: limits.kinds]],
            desks=self._desks.read(limits.outlets, limits.each_outlet, answered),
            atlas=self._atlas,
        )
        digest.shown = _list_shown(digest)
        return digest

    def _choose_stories(self) -> list[NewsStory]:
        """Return the stories to tell: beside one of many pages a page alone is but named among the others."""
        largest = max((len(s.documents) for s in self.stories), default=0)
        return [s for s in self.stories if len(s.documents) > 1 or largest < MANY_BESIDE]

    def _tell(self, number: int, story: NewsStory, most: int) -> StoryPart:
        articles = [self._lookup.articles[d] for d in story.documents if d in self._lookup.articles]
        outlets = len({self._lookup.outlet(a.id) for a in articles})
        return StoryPart(story, f"story{number}", outlets, self.teller.tell(story.documents, most))

    def _find_told(self) -> list[str]:
        """Return the pages that feed the other sections: those of stories; where there are several, of told ones."""
        told = [d for s in self.stories if len(self.stories) == 1 or len(s.documents) > 1 for d in s.documents]
        return [d for d in told if d in self._lookup.articles] or [
            d for s in self.stories for d in s.documents if d in self._lookup.articles
        ]

    def _find_new(self, documents: list[str], told: set[tuple[str, int]], most: int) -> tuple[str, list[StoryLine]]:
        """Return the day of the last page, and what pages of that day tell first and the story does not have yet."""
        days = sorted({date_article(self._lookup.articles[d]) for d in documents} - {""})
        if len(days) < 2 or len(self.stories) > 1:
            return "", []
        rows = self.teller.tell(documents, NEW_LINES + MOST_LINES, since=days[-1])
        fresh = [row for row in rows if _place(row.line) not in told]
        return days[-1], fresh[:most]


def list_stories(lookup: Lookup) -> list[NewsStory]:
    """Return the stories, the one of most pages first; pages of a ledger that knows none are one story."""
    stories = [s for s in lookup.story.stories if any(d in lookup.articles for d in s.documents)]
    if not stories:
        documents = tuple(a.id for a in lookup.story.documents if a.in_story)
        days = sorted(d for key in documents if (d := lookup.date(key)))
        first, last = (days[0], days[-1]) if days else (None, None)
        return [NewsStory("", "", first, last, documents)] if documents else []
    return sorted(stories, key=lambda s: (-len(s.documents), s.earliest or "9", s.id))


def _place(line: Line) -> tuple[str, int]:
    return line.sentence.document, line.sentence.start


def _anchor_lines(parts: list[StoryPart]) -> dict[tuple[str, int], str]:
    """Return the anchor of each line by its place: its own where one story is told, else its story's."""
    if len(parts) > 1:
        return {_place(row.line): part.anchor for part in parts for row in part.lines}
    rows = [row for part in parts for row in part.lines]
    return {_place(row.line): f"l{number}" for number, row in enumerate(rows, 1)}


def _list_shown(digest: Digest) -> set[str]:
    """Return the anchors that the digest has a place for."""
    happenings = digest.happenings
    shown = {h.anchor for h in (*happenings.told, *happenings.background, *happenings.undated)}
    shown |= {d.anchor for d in digest.disputes} | {a.anchor for a in digest.agreed}
    shown |= {p.anchor for p in digest.people} | {s.anchor for p in digest.people for s in p.said}
    shown |= {s.anchor for s in digest.series} | {r.anchor for s in digest.series for r in s.shown}
    shown |= {r.anchor for m in digest.measures for r in m.rows}
    shown |= {o.anchor for d in digest.desks for o in d.left_out} | {f.anchor for d in digest.desks for f in d.framed}
    shown |= {h.anchor for h in happenings.drawn}
    return shown - {""}

"""The stages in their order: from a folder of pages to a ledger. READ SECOND.

The only module that knows all stages. Work on one page is done in parallel and kept under a key made
from all that it depends on (``work.py``); work across pages is a pure function of the pages' results.

Invariant: the story depends on the pages, the judgements and the settings only: not on the order in
which pages were given, on how many runs it took, nor on the number of processes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

from storyledger import actors, articles, compare, corrections, events, figures, pages, reading, statements, stories
from storyledger.caching import forget_answers
from storyledger.cluster import RayEngine
from storyledger.engine import Engine, ProcessEngine, SerialEngine
from storyledger.entries import SECTIONS, drop_unproven, settle_ids
from storyledger.errors import NothingRead, UsageError
from storyledger.reading import times
from storyledger.settings import Settings
from storyledger.spelling import clean_text
from storyledger.store import Ledger
from storyledger.types import (
    Actor,
    Article,
    Cast,
    Comparison,
    Event,
    EventReport,
    Failure,
    Figure,
    Judgement,
    Omission,
    Page,
    Quantity,
    Reading,
    Statement,
    Story,
    TimeExpression,
)
from storyledger.work import Listener, PageWork, Progress, Stage

# The stages on one page or article, in order. Each is a function of a room, the type of its result, and the key that
# a result is kept under: its inputs, and all code and data that the function can reach.
LINES = Stage("lines", articles.fingerprint_lines, tuple[str, ...])
ARTICLE = Stage("article", articles.extract_article, Article)
READING = Stage("reading", reading.read_article, Reading)
TIMES = Stage("times", times.find_times, tuple[TimeExpression, ...])
MENTIONS = Stage("mentions", actors.resolve_document, actors.DocumentActors)
FIGURES = Stage("figures", figures.find_figures, tuple[Figure, ...])
STATEMENTS = Stage("statements", statements.find_statements, tuple[Statement, ...])
EVENTS = Stage("events", events.find_reports, tuple[EventReport, ...])
# of the pages of one story: kept, so that a page more costs the stories that it touches
MERGED = Stage("merged", events.merge_reports, tuple[Event, ...])
COMPARED = Stage("compared", compare.compare_story, tuple[tuple[Comparison, ...], tuple[Omission, ...]])
PAGE_STAGES: tuple[Stage[Any], ...] = (LINES, ARTICLE, READING, TIMES, MENTIONS, FIGURES, STATEMENTS, EVENTS)
# What is made of all pages together, anew in each build, by pure functions: place_articles, resolve_actors,
# link_versions, merge_reports, build_ledger, compare_story.
SECTION_STAGES = ("articles", "reading", "times", "figures", "actors", "statements", "events", "ledger", "comparisons")

R = TypeVar("R")
V = TypeVar("V")


@dataclass(slots=True)
class Summary:
    """What a build did, for a person and for a machine."""

    pages: int = 0
    articles: int = 0
    words: int = 0
    failures: list[Failure] = field(default_factory=list)
    partial: dict[str, int] = field(default_factory=dict)  # documents by how much of them is there, but whole ones
    redone: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


# ------------------------------------------------------------------ the whole way


def build_story(
    paths: Sequence[str],
    ledger: Ledger,
    settings: Settings,
    listener: Listener = lambda _: None,
    stdin: BinaryIO | None = None,
) -> Summary:
    """Read the pages at ``paths`` into ``ledger``, together with those already there.

    Raises:
        NothingRead: the ledger has no page that could be read.
        UsageError: the ledger was made by an import and has no pages to build on.
        EnvironmentFault: the machine gave out (disk, permissions); what was done is kept.
    """
    try:
        return _build(paths, ledger, settings, listener, stdin)
    finally:
        forget_answers()  # of the last build's pages nothing may stay in a process that builds for days


def _build(
    paths: Sequence[str], ledger: Ledger, settings: Settings, listener: Listener, stdin: BinaryIO | None
) -> Summary:
    begun = time.monotonic()
    _refuse_imported(ledger)
    model_digest = reading.model_digest(settings.model)  # without loading it: workers are forked from here
    failures: list[Failure] = []
    shelf = Shelf(ledger, settings, failures, listener)
    shelf.take_pages(paths, stdin)
    failures += _old_failures(ledger, shelf.pages, failures)
    if not shelf.pages:
        raise _nothing_read(paths, failures)
    with ExitStack() as stack:
        engine = _start_engine(settings, len(shelf.pages), stack)
        work = PageWork(ledger, engine, listener, failures)
        journal = ledger.load_judgements()
        placed = make_articles(shelf, work, engine, corrections.list_rulings(journal))
        if not placed:
            raise _nothing_read(paths, failures)
        placed = corrections.correct_pages(placed, journal)
        short = [articles.keep_read(article) for article in placed]  # what their budgets of work hold
        marks = mark_pages(short, work, settings, model_digest)
        story = tell_story(short, marks, journal, work, engine, listener)
    failures += [*_tell_long(placed, short), *_tell_crowded(placed, marks)]
    story = _with_whole(story, placed)
    story = drop_unproven(story, failures)
    judged = max((j.number for j in journal), default=0)
    ledger.save_story(story, failures, work.steps, {"model": model_digest, "judged": judged})
    ledger.drop_work(work.list_keys())
    return _summarise(story, shelf, work, failures, time.monotonic() - begun)


def _start_engine(settings: Settings, tasks: int, stack: ExitStack) -> Engine:
    workers = settings.count_workers(tasks)
    if settings.engine == "ray":
        return stack.enter_context(RayEngine(workers))
    alone = workers == 1 and not settings.apart
    return SerialEngine() if alone else stack.enter_context(ProcessEngine(workers))


def _tell_long(placed: Sequence[Article], short: Sequence[Article]) -> list[Failure]:
    """Return a line for each page of which only the beginning was read."""
    advice = "its text is kept and searched whole; split the page to have all of it read"
    return [
        Failure(a.path, a.record, READING.name, "W-PAGE-WORK", f"{a.completeness_reason}: its budget is spent", advice)
        for a, read in zip(placed, short, strict=True)
        if len(read.text) < len(a.text)
    ]


def _with_whole(story: Story, placed: Sequence[Article]) -> Story:
    """Return ``story`` with the whole texts of its documents, of which some were read in part."""
    whole = {a.id: a for a in placed}
    return replace(story, documents=tuple(whole.get(d.id, d) for d in story.documents))


def _tell_crowded(placed: Sequence[Article], marks: Marks) -> list[Failure]:
    """Return a line for each page that has too many figures for all of them to be set beside others."""
    crowded = figures.list_crowded(marks.figures)
    advice = "it may be a table or a list; all its figures are in the export, by themselves"
    return [
        Failure(
            a.path,
            a.record,
            FIGURES.name,
            "W-FIGURES-MANY",
            f"of {crowded[a.id]:,} figures the first {figures.MOST_OF_PAGE:,} are set beside others",
            advice,
        )
        for a in placed
        if a.id in crowded
    ]


def _nothing_read(paths: Sequence[str], failures: Sequence[Failure]) -> NothingRead:
    told = "; ".join(f"{f.path}: {f.message} ({f.advice})" for f in failures[:3])
    more = f"; and {len(failures) - 3} more" if len(failures) > 3 else ""
    advice = told + more or "name files or folders with saved pages"
    return NothingRead("E-PILE-EMPTY", f"no page could be read in {', '.join(paths)}", advice)


def _refuse_imported(ledger: Ledger) -> None:
    if "shape" in ledger.read_meta():
        raise UsageError(
            "E-BUILD-IMPORTED",
            f"{ledger.path} was made by an import and has no work to build on",
            "build the pages into another ledger",
        )


def _old_failures(ledger: Ledger, listed: Sequence[Page], failures: Sequence[Failure]) -> list[Failure]:
    """Return the pages that an earlier run could not take and this one did not meet: they stay counted."""
    met = {(p.path, p.record) for p in listed} | {(f.path, f.record) for f in failures}
    return [f for f in ledger.load_failures() if f.stage == "pages" and (f.path, f.record) not in met]


# ------------------------------------------------------------------ pages


class Shelf:
    """The pages of a build: those of the ledger and those given now, their bytes fetched when needed."""

    def __init__(self, ledger: Ledger, settings: Settings, failures: list[Failure], listener: Listener) -> None:
        """Pages go to ``ledger``; what cannot be used is appended to ``failures``."""
        self._ledger, self._keep, self._failures, self._listener = ledger, settings.keep_pages, failures, listener
        self._fresh: dict[str, Page] = {}  # with bytes, where the ledger does not keep them
        self.pages: list[Page] = []  # without their bytes, in order of path

    def take_pages(self, paths: Sequence[str], stdin: BinaryIO | None) -> None:
        """Add the pages at ``paths`` to those of the ledger; a changed file replaces its page."""
        listed = self._ledger.list_pages()
        known = {page.id: _told_with(page) for _, page in listed}
        at = {(given_as, page.path, page.record): page.id for given_as, page in listed}
        batch: list[tuple[str, Page]] = []
        for path, label in zip(paths, map(clean_text, paths), strict=True):
            for page in pages.iter_pages([path], self._failures.append, stdin):
                old = at.get((label, page.path, page.record))
                if old not in (None, page.id):
                    self._ledger.remove_pages([old])
                if not self._keep:
                    self._fresh[page.id] = page
                if known.get(page.id) != _told_with(page):
                    batch.append((label, page))
                self._listener(Progress("pages", len(known) + len(batch), 0, 0))
        if batch:
            self._ledger.add_pages(batch, keep_bytes=self._keep)
        self.pages = [page for _, page in self._ledger.list_pages()]

    def load_page(self, page: Page) -> Page:
        """Return ``page`` with its bytes.

        Raises:
            UsageError: neither the ledger nor this run has them.
        """
        found = self._fresh.get(page.id) or self._ledger.load_page(page.id)
        if found is None:
            raise UsageError(
                "E-PAGE-NOT-KEPT",
                f"the bytes of {page.path} were not kept, and the page must be done again",
                "give its folder to this build too",
            )
        return found


def make_articles(
    shelf: Shelf, work: PageWork, engine: Engine, rulings: Mapping[str, tuple[corrections.Ruling, ...]]
) -> list[Article]:
    """Return the articles of all pages that have one, in order of path, placed in the pile.

    Args:
        shelf: the pages.
        work: what runs and keeps the stages.
        engine: for what is done across pages.
        rulings: by sha256 of a page, what a person says is of its article and what is not.
    """
    inputs: dict[str, Any] = {p.id: (p.id, p.charset, p.media, p.given) for p in shelf.pages}
    lines = work.run(LINES, shelf.pages, inputs, lambda page: (shelf.load_page(page),))
    repeated = find_repeated({p.id: (p.sha256, lines.get(p.id, ())) for p in shelf.pages})
    ruled = {p.id: rulings.get(p.sha256, ()) for p in shelf.pages}
    inputs = {
        p.id: (p.id, repr(_told_with(p)), sorted(repeated[p.id]), *([ruled[p.id]] if ruled[p.id] else []))
        for p in shelf.pages
    }
    made = work.run(
        ARTICLE, shelf.pages, inputs, lambda page: (shelf.load_page(page), repeated[page.id], ruled[page.id])
    )
    ordered = [made[p.id] for p in shelf.pages if p.id in made]
    placed = work.across(ARTICLE.name, lambda kept: articles.place_articles(kept, engine), ordered)
    return sorted(placed, key=_article_order)


def _told_with(page: Page) -> tuple[object, ...]:
    """Return what came with a page and is neither in its bytes nor in its id."""
    return (page.sidecar, page.declared, page.charset, page.media, page.given, page.cut, page.derived)


def find_repeated(lines: Mapping[str, tuple[str, Iterable[str]]]) -> dict[str, dict[str, int]]:
    """Return, by page, which of its lines stand on another page that is not byte-identical, each with 1.

    On how many is not told: it would change with every page that is added, and all pages would be done again.

    Args:
        lines: by page id, the hash of its bytes and the hashes of its lines.
    """
    on: dict[str, set[str]] = {}
    for sha256, hashes in lines.values():
        for line in hashes:
            on.setdefault(line, set()).add(sha256)
    return {ident: {line: 1 for line in hashes if len(on[line]) > 1} for ident, (_, hashes) in lines.items()}


# ------------------------------------------------------------------ one page at a time


@dataclass(frozen=True, slots=True)
class Marks:
    """What each article tells by itself, by its id."""

    readings: Mapping[str, Reading]
    times: Mapping[str, tuple[TimeExpression, ...]]
    figures: Mapping[str, tuple[Figure, ...]]
    mentions: Mapping[str, actors.DocumentActors]


def mark_pages(placed: Sequence[Article], work: PageWork, settings: Settings, model_digest: str) -> Marks:
    """Return what needs no other page: readings, times, figures, mentions."""
    model = str(settings.model or "")
    inputs: dict[str, Any] = {a.id: (model_digest, a.text, repr(a.blocks)) for a in placed}
    read = work.run(READING, placed, inputs, lambda a: (a, model))
    readings = {ident: replace(reading, document=ident) for ident, reading in read.items()}  # one text is read once
    full = [a for a in placed if a.id in readings]
    inputs = {a.id: (work.steps[a.id, READING.name], _facts(a)) for a in full}
    found = work.run(TIMES, full, inputs, lambda a: (a, readings[a.id]))
    mentions = work.run(MENTIONS, full, inputs, lambda a: (a, readings[a.id]))
    timed = [a for a in full if a.id in found]
    inputs = {a.id: (work.steps[a.id, TIMES.name],) for a in timed}
    counted = work.run(FIGURES, timed, inputs, lambda a: (a, readings[a.id], found[a.id]))
    return Marks(readings, found, counted, mentions)


def _facts(article: Article) -> str:
    """Return what the stages after reading take from an article beside its text."""
    empty = replace(article, text="", source_map=(), blocks=(), dropped=(), copy_of=None, origin=None, in_story=True)
    return repr(empty)


# ------------------------------------------------------------------ across pages


@dataclass(frozen=True, slots=True)
class Told:
    """What each article tells of the cast, by its id."""

    statements: Mapping[str, tuple[Statement, ...]]
    reports: Mapping[str, tuple[EventReport, ...]]


def tell_story(
    placed: Sequence[Article],
    marks: Marks,
    judgements: Sequence[Judgement],
    work: PageWork,
    engine: Engine,
    listener: Listener = lambda _: None,
) -> Story:
    """Return the story: the cast, then what each page tells of it, then what stands across pages."""
    full = [a for a in placed if a.id in marks.mentions]
    listener(Progress("actors", 0, 0, 0))

    def resolve(kept: list[Article]) -> list[Actor]:
        return actors.resolve_actors([marks.mentions[a.id] for a in kept], placed, judgements, engine)

    cast = corrections.correct_roles(work.across(MENTIONS.name, resolve, full), placed, judgements)
    casts = {a.id: Cast(a.id, ()) for a in full} | actors.cast_documents(cast)

    def load(article: Article) -> tuple[Any, ...]:
        return article, marks.readings[article.id], casts[article.id], marks.times.get(article.id, ())

    inputs: dict[str, Any] = {
        a.id: (work.steps[a.id, READING.name], work.steps.get((a.id, TIMES.name)), _facts(a), repr(casts[a.id]))
        for a in full
    }
    said = work.run(STATEMENTS, full, inputs, load)
    heard = [a for a in full if a.id in said]
    inputs = {a.id: (work.steps[a.id, STATEMENTS.name],) for a in heard}
    reports = work.run(EVENTS, heard, inputs, lambda a: (*load(a), said[a.id]))
    listener(Progress("across pages", 0, 0, 0))
    return join_story(placed, marks, cast, Told(said, reports), engine, work.across, judgements, work.once)


class Across(Protocol):
    """How a step across pages is run: what it fails on is left out of it and recorded (``PageWork.across``)."""

    def __call__(self, stage: str, function: Callable[[list[Any]], R], items: Sequence[Any]) -> R:
        """Return ``function(items)`` without the items at fault."""
        ...


class Once(Protocol):
    """How a step on a story's pages is run: not again where nothing changed (``PageWork.once``)."""

    def __call__(self, stage: Stage[Any], given: Any, function: Callable[[], R]) -> R:
        """Return ``function()``, or what it gave before for ``given``."""
        ...


def join_story(
    placed: Sequence[Article],
    marks: Marks,
    cast: list[Actor],
    told: Told,
    engine: Engine,
    across: Across = lambda _, function, items: function(list(items)),
    judgements: Sequence[Judgement] = (),
    once: Once = lambda stage, given, function: function(),  # noqa: ARG005 (the signature of a ``Once``)
) -> Story:
    """Return the story with all that stands across pages: versions, events, ledger, comparisons."""
    readings = marks.readings

    surveyed = events.survey_cast(cast)

    def link(kept: list[Article]) -> list[Statement]:
        heard = corrections.correct_statements(_in_order(kept, told.statements), placed, cast, judgements)
        return statements.link_versions(heard, kept, readings, engine, cast)

    def merge(kept: list[Article]) -> list[Event]:
        reports = _in_order(kept, told.reports)

        def join() -> tuple[Event, ...]:
            return tuple(events.merge_reports(reports, kept, readings, surveyed, judgements))

        asked = events.cut_survey(surveyed, reports, {a.id for a in kept})
        pages = [replace(a, in_story=True) for a in kept]  # whether the pile is about them is no question of events
        given = [pages, [readings[a.id] for a in kept if a.id in readings], reports, asked, judgements]
        found = once(MERGED, given, join) if len(kept) > 1 else join()
        return corrections.correct_events(found, placed, cast, judgements)

    def count(kept: list[Article]) -> tuple[list[Figure], list[Quantity]]:
        numbers = corrections.correct_figures(_in_order(kept, marks.figures), placed, judgements)
        moved = corrections.list_moved_figures(numbers, placed, judgements)
        counted, quantities = figures.build_ledger(numbers, placed, readings, cast, said, engine, moved, story_of)
        return corrections.part_figures(counted, quantities, placed, judgements)

    # what is told by pages of two stories is never one: each story is linked, merged and compared by itself
    groups = across("stories", lambda kept: stories.find_stories(kept, judgements), placed)
    story_of = {article.id: number for number, group in enumerate(groups) for article in group}
    said = [s for group in groups for s in across(STATEMENTS.name, link, group)]
    cast = actors.hear_voices(cast, said, readings, {a.id: a.text for a in placed})
    merged = [e for group in groups for e in across(EVENTS.name, merge, group)]
    counted, quantities = across(FIGURES.name, count, placed)
    story = Story(
        documents=tuple(placed),
        actors=tuple(cast),
        statements=tuple(said),
        events=tuple(merged),
        figures=tuple(counted),
        ledger=tuple(quantities),
        times=tuple(_in_order(placed, marks.times)),
        stages=SECTION_STAGES,
    )
    story = settle_ids(story)
    apart = {a.id for a in placed if not a.in_story}
    told_of = [e for e in story.events if any(m.document not in apart for m in e.mentions)]
    story = replace(
        story, timeline=events.order_timeline(told_of), stories=tuple(stories.tell_stories(groups, story.actors))
    )

    compared, left_out = [], []
    several = [g for g in groups if len(g) > 1 or len(groups) == 1]  # a page alone is compared with nothing
    apiece = [{a.id for a in group} for group in several]
    parts = [story] if len(groups) == 1 else compare.split_story(story, apiece)
    for group, whole in zip(several, parts, strict=True):

        def contrast(
            kept: list[Article], pages: int = len(group), whole: Story = whole
        ) -> tuple[list[Comparison], list[Omission]]:
            part = whole if len(kept) == pages else compare.cut_story(whole, {a.id for a in kept})
            given = [part, [readings[a.id] for a in part.documents if a.id in readings]]

            def tell() -> tuple[tuple[Comparison, ...], tuple[Omission, ...]]:
                sides, silences = compare.compare_story(part, readings, engine)
                return tuple(sides), tuple(silences)

            told = once(COMPARED, given, tell)
            return list(told[0]), list(told[1])

        found = across("comparisons", contrast, group)
        compared += found[0]
        left_out += found[1]
    compared = corrections.correct_comparisons(compared, placed, judgements)
    return replace(story, comparisons=tuple(compared), omissions=tuple(left_out))


# ------------------------------------------------------------------ one text, one page, without a ledger


def extract_alone(page: Page) -> Article:
    """Return the article of ``page`` as if no other page existed.

    Raises:
        PageError: there is none.
    """
    (article,) = articles.place_articles([articles.extract_article(page, {})], SerialEngine())
    return article


def read_alone(article: Article, model: Path | None = None) -> Story:
    """Return what one article tells by itself: the same stages, without a pile."""
    engine, ident, whole = SerialEngine(), article.id, article
    article = articles.keep_read(whole)
    read = READING.function(article, str(model or ""))
    found = TIMES.function(article, read)
    counted, mentions = FIGURES.function(article, read, found), MENTIONS.function(article, read)
    cast = actors.resolve_actors([mentions], [article], (), engine)
    place = actors.cast_documents(cast).get(ident, Cast(ident, ()))
    said = STATEMENTS.function(article, read, place, found)
    reports = EVENTS.function(article, read, place, found, said)
    marks = Marks({ident: read}, {ident: found}, {ident: counted}, {ident: mentions})
    return _with_whole(join_story([article], marks, cast, Told({ident: said}, {ident: reports}), engine), [whole])


# ------------------------------------------------------------------ the end


def _in_order(placed: Sequence[Article], found: Mapping[str, tuple[V, ...]]) -> list[V]:
    """Return what was found in all articles, in their order."""
    return [value for article in placed for value in found.get(article.id, ())]


def _article_order(article: Article) -> tuple[str, str, str]:
    return (article.path, article.record or "", article.id)


def _summarise(story: Story, shelf: Shelf, work: PageWork, failures: list[Failure], seconds: float) -> Summary:
    return Summary(
        pages=len(shelf.pages),
        articles=len(story.documents),
        words=sum(len(a.text.split()) for a in story.documents),
        failures=failures,
        partial=dict(Counter(a.completeness for a in story.documents if a.completeness_reason)),
        redone=dict(work.redone),
        counts={s: len(getattr(story, s)) for s in SECTIONS},
        seconds=round(seconds, 3),
    )

"""The stages in their order: from a folder of pages to a ledger. READ SECOND.

The only module that knows all stages. Work on one page is done in parallel and kept under a key made
from all that it depends on; work across pages is a pure function of the pages' results, done anew.

Invariant: the story depends on the pages, the judgements and the settings only: not on the order in
which pages were given, on how many runs it took, nor on the number of processes.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from storyledger import actors, articles, compare, events, figures, pages, reading, statements
from storyledger.engine import Engine, ProcessEngine, SerialEngine
from storyledger.errors import NothingRead, StoryledgerError, UsageError
from storyledger.ids import hash_parts
from storyledger.proof import iter_problems
from storyledger.reading import times
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import (
    Article,
    Cast,
    EventReport,
    Failure,
    Figure,
    Page,
    Reading,
    Statement,
    Story,
    TimeExpression,
)

V = TypeVar("V")
R = TypeVar("R")

SAVE_EVERY_S = 2.0  # a killed run loses at most this much work; one commit costs about 2 ms
CODE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is: ``done`` of ``total`` pages, ``words`` read so far."""

    stage: str
    done: int
    total: int
    words: int


@dataclass(slots=True)
class Summary:
    """What a build did, for a person and for a machine."""

    pages: int = 0
    articles: int = 0
    words: int = 0
    failures: list[Failure] = field(default_factory=list)
    redone: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


Listener = Callable[[Progress], None]


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
        EnvironmentFault: the machine gave out (disk, permissions); what was done is kept.
    """
    begun = time.monotonic()
    run = _Run(ledger, settings, listener)
    run.take_pages(paths, stdin)
    if not run.pages:
        raise NothingRead(
            "E-PILE-EMPTY",
            f"no page could be read in {', '.join(paths) or 'nothing'}",
            run.failures[0].message if run.failures else "name files or folders with saved pages",
        )
    story = run.make_story()
    ledger.save_story(story, run.failures, run.steps, {"model": run.model_digest})
    ledger.drop_work(set(run.steps.values()))
    return run.summarise(story, time.monotonic() - begun)


class _Run:
    """One build: the pages, the keys of their steps, and what failed."""

    def __init__(self, ledger: Ledger, settings: Settings, listener: Listener) -> None:
        self.ledger, self.settings, self.listener = ledger, settings, listener
        self.pages: list[Page] = []  # without their bytes
        self.fresh: dict[str, Page] = {}  # with bytes, where the ledger does not keep them
        self.failures: list[Failure] = []
        self.steps: dict[tuple[str, str], str] = {}
        self.redone: Counter[str] = Counter()
        self.model_digest = reading.load_reader(settings.model).digest

    # -------------------------------------------------------------- pages

    def take_pages(self, paths: Sequence[str], stdin: BinaryIO | None) -> None:
        """Add the pages at ``paths`` to those of the ledger; a changed file replaces its page."""
        known = {page.id: given_as for given_as, page in self.ledger.list_pages()}
        stale = {(g, p.path, p.record): p.id for g, p in self.ledger.list_pages()}
        batch: list[tuple[str, Page]] = []
        for path in paths:
            for page in pages.iter_pages([path], self.failures.append, stdin):
                old = stale.get((path, page.path, page.record))
                if old is not None and old != page.id:
                    self.ledger.remove_pages([old])
                if page.id not in known or not self.settings.keep_pages:
                    batch.append((path, page))
                    self._remember(page)
                self.listener(Progress("pages", len(known) + len(batch), 0, 0))
        if batch:
            self.ledger.add_pages(batch, keep_bytes=self.settings.keep_pages)
        self.pages = [page for _, page in self.ledger.list_pages()]

    def _remember(self, page: Page) -> None:
        if not self.settings.keep_pages:
            self.fresh[page.id] = page

    def load_page(self, page: Page) -> Page:
        """Return ``page`` with its bytes.

        Raises:
            UsageError: neither the ledger nor this run has them.
        """
        found = self.fresh.get(page.id) or self.ledger.load_page(page.id)
        if found is None:
            raise UsageError(
                "E-PAGE-NOT-KEPT",
                f"the bytes of {page.path} were not kept, and the page must be done again",
                "give its folder to this build too",
            )
        return found

    # -------------------------------------------------------------- from pages to the story

    def make_story(self) -> Story:
        """Return the story that the pages tell."""
        workers = self.settings.count_workers(len(self.pages))
        with ExitStack() as stack:
            engine: Engine = SerialEngine()
            if workers > 1:
                engine = stack.enter_context(ProcessEngine(workers))
            placed = articles.place_articles(self.make_articles(engine), engine)
            return self.read_story(sorted(placed, key=_article_order), engine)

    def make_articles(self, engine: Engine) -> list[Article]:
        """Return the articles of all pages that have one."""
        code = code_digest("pages", "articles")
        keys = {p.id: hash_parts("lines", code, p.id, p.charset) for p in self.pages}
        lines = self.run_stage("lines", self.pages, keys, _fingerprint, self.load_page, tuple[str, ...], engine)
        repeated = count_repeated({p.id: (p.sha256, lines.get(p.id, ())) for p in self.pages})
        keys = {
            p.id: hash_parts("article", code, p.id, repr((p.sidecar, p.declared)), sorted(repeated[p.id].items()))
            for p in self.pages
        }
        load = lambda page: (self.load_page(page), repeated[page.id])  # noqa: E731 - a closure for one call
        made = self.run_stage("article", self.pages, keys, _extract, load, Article, engine)
        return [made[p.id] for p in self.pages if p.id in made]

    def read_story(self, placed: list[Article], engine: Engine) -> Story:
        """Return the story of ``placed`` articles: read each, resolve the cast, then all that rests on it."""
        model = str(self.settings.model or "")
        code = code_digest("reading")
        keys = {a.id: hash_parts("reading", code, self.model_digest, a.id, a.text, repr(a.blocks)) for a in placed}
        read = functools.partial(_read, model)
        readings = self.run_stage("reading", placed, keys, read, lambda a: a, Reading, engine)
        placed_read = [a for a in placed if a.id in readings]
        per_page = self.mark_pages(placed_read, readings, keys, engine)
        cast = self.resolve_cast(placed_read, per_page.mentions, engine)
        return self.tell_story(placed, readings, per_page, cast, keys, engine)

    def mark_pages(
        self, placed: list[Article], readings: Mapping[str, Reading], keys: Mapping[str, str], engine: Engine
    ) -> _PageMarks:
        """Return times, figures and mentions of each article: what needs no other page."""
        pair = lambda a: (a, readings[a.id])  # noqa: E731 - a closure for one call
        code = code_digest("reading", "figures")
        facts = {a.id: (a.published, a.published_earliest, a.published_latest, a.outlet) for a in placed}
        time_keys = {a.id: hash_parts("times", code, keys[a.id], repr(facts[a.id])) for a in placed}
        found = self.run_stage(
            "times",
            placed,
            time_keys,
            _find_times_and_figures,
            pair,
            tuple[tuple[TimeExpression, ...], tuple[Figure, ...]],
            engine,
        )
        code = code_digest("actors")
        keys = {a.id: hash_parts("mentions", code, keys[a.id], repr(facts[a.id]), repr(a.authors)) for a in placed}
        mentions = self.run_stage("mentions", placed, keys, _resolve_document, pair, actors.DocumentActors, engine)
        return _PageMarks(
            {i: t for i, (t, _) in found.items()}, {i: f for i, (_, f) in found.items()}, mentions, time_keys
        )

    def resolve_cast(
        self, placed: list[Article], mentions: Mapping[str, actors.DocumentActors], engine: Engine
    ) -> list[actors.Actor]:
        """Return the actors of the whole pile, judgements obeyed."""
        self.listener(Progress("actors", 0, 0, 0))
        documents = [mentions[a.id] for a in placed if a.id in mentions]
        return actors.resolve_actors(documents, placed, self.ledger.load_judgements(), engine)

    def tell_story(
        self,
        placed: list[Article],
        readings: Mapping[str, Reading],
        marks: _PageMarks,
        cast: list[actors.Actor],
        keys: Mapping[str, str],
        engine: Engine,
    ) -> Story:
        """Return the story: statements and events of each page, then what stands across pages."""
        casts = actors.cast_documents(cast)
        full = [a for a in placed if a.id in readings]
        parts = lambda a: (  # noqa: E731 - a closure for one call
            a,
            readings[a.id],
            casts.get(a.id, Cast(a.id, ())),
            marks.times.get(a.id, ()),
        )
        code = code_digest("statements", "events")
        tell_keys = {
            a.id: hash_parts("told", code, keys[a.id], marks.time_keys[a.id], repr(parts(a)[2]), repr(a.authors))
            for a in full
        }
        told = self.run_stage(
            "statements", full, tell_keys, _tell, parts, tuple[tuple[Statement, ...], tuple[EventReport, ...]], engine
        )
        return self.join_story(placed, readings, marks, cast, told, engine)

    def join_story(
        self,
        placed: list[Article],
        readings: Mapping[str, Reading],
        marks: _PageMarks,
        cast: list[actors.Actor],
        told: Mapping[str, tuple[tuple[Statement, ...], tuple[EventReport, ...]]],
        engine: Engine,
    ) -> Story:
        """Return the story with all that stands across pages: versions, events, ledger, comparisons."""
        self.listener(Progress("across pages", 0, 0, 0))
        said = [s for a in placed for s in told.get(a.id, ((), ()))[0]]
        said = statements.link_versions(said, placed, readings, engine)
        reports = [r for a in placed for r in told.get(a.id, ((), ()))[1]]
        merged = events.merge_reports(reports, placed, readings, cast, engine)
        counted = [f for a in placed for f in marks.figures.get(a.id, ())]
        counted, quantities = figures.build_ledger(counted, placed, readings, cast, said, engine)
        story = Story(
            documents=tuple(placed),
            actors=tuple(cast),
            statements=tuple(said),
            events=tuple(merged),
            figures=tuple(counted),
            ledger=tuple(quantities),
            times=tuple(t for a in placed for t in marks.times.get(a.id, ())),
            timeline=events.order_timeline(merged),
            stages=STAGES,
        )
        story = self.drop_unproven(story)
        self.listener(Progress("comparison", 0, 0, 0))
        compared, left_out = compare.compare_story(story, readings, engine)
        return self.drop_unproven(replace(story, comparisons=tuple(compared), omissions=tuple(left_out)))

    # -------------------------------------------------------------- one stage over the pages

    def run_stage(
        self,
        stage: str,
        items: Sequence[Any],
        keys: Mapping[str, str],
        function: Callable[[Any], Any],
        load: Callable[[Any], Any],
        kind: Any,
        engine: Engine,
    ) -> dict[str, Any]:
        """Return the result of ``function(load(item))`` by item id, doing only what is not known yet.

        What fails is recorded and has no result; the others are not touched by it.
        """
        known = self.ledger.load_work([keys[i.id] for i in items], kind)
        results = {i.id: known[keys[i.id]] for i in items if keys[i.id] in known}
        todo = [i for i in items if i.id not in results]
        self.redone[stage] += len(todo)
        outcomes = engine.map_values(functools.partial(_guarded, stage, function), self._loaded(stage, todo, load))
        unsaved: list[tuple[str, Any]] = []
        saved_at, words = time.monotonic(), 0
        self.listener(Progress(stage, 0, len(todo), 0))
        for done, (item, outcome) in enumerate(zip(todo, outcomes, strict=True), 1):
            if isinstance(outcome, Failure):
                self.failures.append(replace(outcome, path=item.path, record=item.record))
            else:
                results[item.id] = outcome
                unsaved.append((keys[item.id], outcome))
                words += _count_words(outcome)
            if time.monotonic() - saved_at > SAVE_EVERY_S:
                self.ledger.save_work(stage, unsaved)
                unsaved, saved_at = [], time.monotonic()
            self.listener(Progress(stage, done, len(todo), words))
        self.ledger.save_work(stage, unsaved)
        self.steps.update({(i, stage): keys[i] for i in results})
        return results

    def _loaded(self, stage: str, items: Sequence[Any], load: Callable[[Any], Any]) -> Iterator[Any]:
        for item in items:
            try:
                yield load(item)
            except StoryledgerError as error:
                yield _failure(stage, error)

    def drop_unproven(self, story: Story) -> Story:
        """Return ``story`` without entries that break the contract; each is counted as a failure of ours."""
        problems = list(iter_problems(story, {}))
        for problem in problems:
            message = f"{problem.section} {problem.entry}: {problem.what}"
            self.failures.append(
                Failure("", None, problem.section, "E-BUG-ENTRY", message, "the entry was left out; please report it")
            )
        bad = {(p.section, p.entry) for p in problems}
        return story if not bad else _without(story, bad)

    def summarise(self, story: Story, seconds: float) -> Summary:
        """Return what was done, in numbers."""
        return Summary(
            pages=len(self.pages),
            articles=len(story.documents),
            words=sum(len(a.text.split()) for a in story.documents),
            failures=self.failures,
            redone=dict(self.redone),
            counts={s: len(getattr(story, s)) for s in SECTIONS},
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True)
class _PageMarks:
    """What needs no other page: times, figures and mentions of each article, by its id."""

    times: Mapping[str, tuple[TimeExpression, ...]]
    figures: Mapping[str, tuple[Figure, ...]]
    mentions: Mapping[str, actors.DocumentActors]
    time_keys: Mapping[str, str]


STAGES = ("articles", "reading", "times", "figures", "actors", "statements", "events", "ledger", "comparisons")
SECTIONS = ("documents", "actors", "statements", "events", "figures", "ledger", "times", "comparisons", "omissions")


# ------------------------------------------------------------------ the stages on one page, for any process


def _guarded(stage: str, function: Callable[[Any], R], value: Any) -> R | Failure:
    """Return ``function(value)``, or the failure that it ends in: one bad page stops nothing else."""
    if isinstance(value, Failure):
        return value
    try:
        return function(value)
    except StoryledgerError as error:
        return _failure(stage, error)
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever a page does to us must cost that page only
        where = error.__traceback__
        while where and where.tb_next:
            where = where.tb_next
        line = f"{Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno}" if where else "?"
        message = f"{type(error).__name__} at {line}: {error}"
        return Failure("", None, stage, "E-BUG-STAGE", message, "the page was left out of this stage; please report it")


def _failure(stage: str, error: StoryledgerError) -> Failure:
    return Failure("", None, stage, error.code, error.message, error.advice)


def _fingerprint(page: Page) -> tuple[str, ...]:
    return articles.fingerprint_lines(page)


def _extract(task: tuple[Page, Mapping[str, int]]) -> Article:
    return articles.extract_article(*task)


@functools.lru_cache(maxsize=1)
def _reader(model: str) -> reading.Reader:
    """Return the reader of this process, loaded once."""
    return reading.load_reader(Path(model) if model else None)


def _read(model: str, article: Article) -> Reading:
    return _reader(model).read(article)


def _find_times_and_figures(
    pair: tuple[Article, Reading],
) -> tuple[tuple[TimeExpression, ...], tuple[Figure, ...]]:
    found = times.find_times(*pair)
    return found, figures.find_figures(*pair, found)


def _resolve_document(pair: tuple[Article, Reading]) -> actors.DocumentActors:
    return actors.resolve_document(*pair)


def _tell(
    parts: tuple[Article, Reading, Cast, tuple[TimeExpression, ...]],
) -> tuple[tuple[Statement, ...], tuple[EventReport, ...]]:
    said = statements.find_statements(*parts)
    return said, events.find_reports(*parts, said)


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
    engine = SerialEngine()
    marked = _read(str(model or ""), article)
    found, counted = _find_times_and_figures((article, marked))
    cast = actors.resolve_actors([_resolve_document((article, marked))], [article], (), engine)
    place = actors.cast_documents(cast).get(article.id, Cast(article.id, ()))
    said, reports = _tell((article, marked, place, found))
    readings = {article.id: marked}
    merged = events.merge_reports(reports, [article], readings, cast, engine)
    listed, quantities = figures.build_ledger(counted, [article], readings, cast, said, engine)
    return Story(
        documents=(article,),
        actors=tuple(cast),
        statements=tuple(statements.link_versions(said, [article], readings, engine)),
        events=tuple(merged),
        figures=tuple(listed),
        ledger=tuple(quantities),
        times=found,
        timeline=events.order_timeline(merged),
        stages=STAGES[:-1],
    )


# ------------------------------------------------------------------ small arithmetic


def code_digest(*rooms: str) -> str:
    """Return a hash of everything in ``rooms`` and of the values: a stage whose code changed is done again."""
    return _code_digest(rooms)


@functools.cache
def _code_digest(rooms: tuple[str, ...]) -> str:
    parts: list[tuple[str, str]] = []
    for place in (CODE / "types.py", *(CODE / room for room in rooms)):
        files = [place] if place.is_file() else sorted(f for f in place.rglob("*") if f.is_file())
        parts += [(f.name, hash_parts(f.read_bytes().hex())) for f in files if f.suffix not in (".pyc", ".onnx")]
    return hash_parts(parts)


def count_repeated(lines: Mapping[str, tuple[str, Iterable[str]]]) -> dict[str, dict[str, int]]:
    """Return, by page, how many other pages have each of its lines; byte-identical pages count once.

    Args:
        lines: by page id, the hash of its bytes and the hashes of its lines.
    """
    on: dict[str, set[str]] = {}
    for sha256, hashes in lines.values():
        for line in hashes:
            on.setdefault(line, set()).add(sha256)
    return {
        ident: {line: len(on[line]) - 1 for line in dict.fromkeys(hashes) if len(on[line]) > 1}
        for ident, (_, hashes) in lines.items()
    }


def _article_order(article: Article) -> tuple[str, str, str]:
    return (article.path, article.record or "", article.id)


def _count_words(outcome: Any) -> int:
    return len(outcome.tokens) if isinstance(outcome, Reading) else 0


def _without(story: Story, bad: set[tuple[str, str]]) -> Story:
    kept: dict[str, Any] = {}
    for section in SECTIONS[1:]:
        entries = enumerate(getattr(story, section))
        named = (
            (getattr(e, "id", None) or getattr(e, "about", None) or f"{section}[{n}]", f"{section}[{n}]", e)
            for n, e in entries
        )
        kept[section] = tuple(e for name, place, e in named if not {(section, name), (section, place)} & bad)
    told = {e.id for e in kept["events"]}
    return replace(story, **kept, timeline=tuple(i for i in story.timeline if i in told))

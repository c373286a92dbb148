"""The stages in their order: from a folder of pages to a ledger. READ SECOND.

The only module that knows all stages. Work on one page is done in parallel and kept under a key made
from all that it depends on (``work.py``); work across pages is a pure function of the pages' results.

Invariant: the story depends on the pages, the judgements and the settings only: not on the order in
which pages were given, on how many runs it took, nor on the number of processes.
"""

from __future__ import annotations

import functools
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from storyledger import actors, articles, compare, events, figures, pages, reading, statements
from storyledger.engine import Engine, ProcessEngine, SerialEngine
from storyledger.errors import NothingRead, PageError, UsageError
from storyledger.ids import hash_parts
from storyledger.proof import iter_problems
from storyledger.reading import times
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import (
    Actor,
    Article,
    Cast,
    EventReport,
    Failure,
    Figure,
    Judgement,
    Page,
    Reading,
    Statement,
    Story,
    TimeExpression,
)
from storyledger.work import Listener, PageWork, Progress, digest_code

STAGES = ("articles", "reading", "times", "figures", "actors", "statements", "events", "ledger", "comparisons")
# 60,000 words, a short book: beyond that it is a dump, and one page would take the machine (7 GB for 5 MB of text)
MAX_ARTICLE_CHARS = 400_000
SECTIONS = ("documents", "actors", "statements", "events", "figures", "ledger", "times", "comparisons", "omissions")

Counted = tuple[tuple[TimeExpression, ...], tuple[Figure, ...]]
Told = tuple[tuple[Statement, ...], tuple[EventReport, ...]]


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
        workers = settings.count_workers(len(shelf.pages))
        engine: Engine = stack.enter_context(ProcessEngine(workers)) if workers > 1 else SerialEngine()
        work = PageWork(ledger, engine, listener, failures)
        placed = make_articles(shelf, work, engine)
        if not placed:
            raise _nothing_read(paths, failures)
        marks = mark_pages(placed, work, settings, model_digest)
        story = tell_story(placed, marks, ledger.load_judgements(), work, engine, listener)
    story = drop_unproven(story, failures)
    ledger.save_story(story, failures, work.steps, {"model": model_digest})
    ledger.drop_work(set(work.steps.values()))
    return _summarise(story, shelf, work, failures, time.monotonic() - begun)


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
        for path in paths:
            for page in pages.iter_pages([path], self._failures.append, stdin):
                old = at.get((path, page.path, page.record))
                if old not in (None, page.id):
                    self._ledger.remove_pages([old])
                if not self._keep:
                    self._fresh[page.id] = page
                if known.get(page.id) != _told_with(page):
                    batch.append((path, page))
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


def make_articles(shelf: Shelf, work: PageWork, engine: Engine) -> list[Article]:
    """Return the articles of all pages that have one, in order of path, placed in the pile."""
    code = digest_code("pages", "articles")
    keys = {p.id: hash_parts("lines", code, p.id, p.charset, p.media, p.given) for p in shelf.pages}
    lines = work.run("lines", shelf.pages, keys, articles.fingerprint_lines, shelf.load_page, tuple[str, ...])
    repeated = count_repeated({p.id: (p.sha256, lines.get(p.id, ())) for p in shelf.pages})
    keys = {
        p.id: hash_parts("article", code, p.id, repr(_told_with(p)), sorted(repeated[p.id].items()))
        for p in shelf.pages
    }

    def load(page: Page) -> tuple[Page, Mapping[str, int]]:
        return shelf.load_page(page), repeated[page.id]

    made = work.run("article", shelf.pages, keys, _extract, load, Article)
    placed = articles.place_articles([made[p.id] for p in shelf.pages if p.id in made], engine)
    return sorted(placed, key=_article_order)


def _told_with(page: Page) -> tuple[object, ...]:
    """Return what came with a page and is neither in its bytes nor in its id."""
    return (page.sidecar, page.declared, page.charset, page.media, page.given, page.cut, page.derived)


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


# ------------------------------------------------------------------ one page at a time


@dataclass(frozen=True, slots=True)
class Marks:
    """What each article tells by itself, by its id; ``keys`` are those that later steps build on."""

    readings: Mapping[str, Reading]
    counted: Mapping[str, Counted]
    mentions: Mapping[str, actors.DocumentActors]
    keys: Mapping[str, str]


def mark_pages(placed: Sequence[Article], work: PageWork, settings: Settings, model_digest: str) -> Marks:
    """Return what needs no other page: readings, times, figures, mentions."""
    code = digest_code("reading")
    keys = {a.id: hash_parts("reading", code, model_digest, a.id, a.text, repr(a.blocks)) for a in placed}
    read = functools.partial(_read, str(settings.model or ""))
    readings: dict[str, Reading] = work.run("reading", placed, keys, read, lambda a: a, Reading)
    full = [a for a in placed if a.id in readings]

    def load(article: Article) -> tuple[Article, Reading]:
        return article, readings[article.id]

    code = digest_code("reading", "figures")
    keys = {a.id: hash_parts("times", code, keys[a.id], _facts(a)) for a in full}
    counted = work.run("times", full, keys, _count, load, Counted)
    code = digest_code("actors")
    keys = {a.id: hash_parts("mentions", code, keys[a.id]) for a in full}
    mentions = work.run("mentions", full, keys, _resolve, load, actors.DocumentActors)
    return Marks(readings, counted, mentions, keys)


def _facts(article: Article) -> str:
    """Return what the stages after reading take from an article beside its text."""
    empty = replace(article, text="", source_map=(), blocks=(), dropped=(), copy_of=None, origin=None, in_story=True)
    return repr(empty)


# ------------------------------------------------------------------ across pages


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
    cast = actors.resolve_actors([marks.mentions[a.id] for a in full], placed, judgements, engine)
    casts = actors.cast_documents(cast)

    def load(article: Article) -> tuple[Article, Reading, Cast, tuple[TimeExpression, ...]]:
        found = marks.counted.get(article.id, ((), ()))[0]
        return article, marks.readings[article.id], casts.get(article.id, Cast(article.id, ())), found

    code = digest_code("statements", "events")
    keys = {a.id: hash_parts("told", code, marks.keys[a.id], repr(casts.get(a.id))) for a in full}
    told: dict[str, Told] = work.run("statements", full, keys, _tell, load, Told)
    listener(Progress("across pages", 0, 0, 0))
    return join_story(placed, marks, cast, told, engine, judgements)


def join_story(
    placed: Sequence[Article],
    marks: Marks,
    cast: list[Actor],
    told: Mapping[str, Told],
    engine: Engine,
    judgements: Sequence[Judgement] = (),
) -> Story:
    """Return the story with all that stands across pages: versions, events, ledger, comparisons."""
    readings, nothing = marks.readings, ((), ())
    said = [s for a in placed for s in told.get(a.id, nothing)[0]]
    said = statements.link_versions(said, placed, readings, engine)
    reports = [r for a in placed for r in told.get(a.id, nothing)[1]]
    merged = events.merge_reports(reports, placed, readings, cast, engine, judgements)
    counted = [f for a in placed for f in marks.counted.get(a.id, nothing)[1]]
    counted, quantities = figures.build_ledger(counted, placed, readings, cast, said, engine)
    story = Story(
        documents=tuple(placed),
        actors=tuple(cast),
        statements=tuple(said),
        events=tuple(merged),
        figures=tuple(counted),
        ledger=tuple(quantities),
        times=tuple(t for a in placed for t in marks.counted.get(a.id, nothing)[0]),
        timeline=events.order_timeline(merged),
        stages=STAGES,
    )
    compared, left_out = compare.compare_story(story, readings, engine)
    return replace(story, comparisons=tuple(compared), omissions=tuple(left_out))


def drop_unproven(story: Story, failures: list[Failure]) -> Story:
    """Return ``story`` without entries that break the contract; each is counted as a failure of ours.

    An entry that refers to a dropped one goes too, so the check is run until it finds nothing.
    """
    problems = list(iter_problems(story, {}))
    while problems:
        for problem in problems:
            message = f"{problem.section} {problem.entry}: {problem.what}"
            advice = "the entry was left out; please report it"
            failures.append(Failure("", None, problem.section, "E-BUG-ENTRY", message, advice))
        story = _without(story, {(p.section, p.entry) for p in problems})
        problems = [p for p in iter_problems(story, {}) if p.section != "documents"]
    return story


def _without(story: Story, bad: set[tuple[str, str]]) -> Story:
    kept: dict[str, Any] = {}
    for section in SECTIONS[1:]:
        names = [(getattr(e, "id", None) or getattr(e, "about", ""), e) for e in getattr(story, section)]
        kept[section] = tuple(
            e for n, (name, e) in enumerate(names) if not {(section, name), (section, f"{section}[{n}]")} & bad
        )
    told = {e.id for e in kept["events"]}
    return replace(story, **kept, timeline=tuple(i for i in story.timeline if i in told))


# ------------------------------------------------------------------ the stages on one page, for any process


def _extract(task: tuple[Page, Mapping[str, int]]) -> Article:
    article = articles.extract_article(*task)
    if len(article.text) > MAX_ARTICLE_CHARS:
        raise PageError(
            "E-PAGE-LONG",
            f"its text has {len(article.text):,} characters, more than {MAX_ARTICLE_CHARS:,}",
            "split it: a page of that length is no article",
        )
    return article


@functools.lru_cache(maxsize=1)
def _reader(model: str) -> reading.Reader:
    """Return the reader of this process, loaded once."""
    return reading.load_reader(Path(model) if model else None)


def _read(model: str, article: Article) -> Reading:
    return _reader(model).read(article)


def _count(pair: tuple[Article, Reading]) -> Counted:
    found = times.find_times(*pair)
    return found, figures.find_figures(*pair, found)


def _resolve(pair: tuple[Article, Reading]) -> actors.DocumentActors:
    return actors.resolve_document(*pair)


def _tell(parts: tuple[Article, Reading, Cast, tuple[TimeExpression, ...]]) -> Told:
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
    pair = (article, _read(str(model or ""), article))
    mentions = _resolve(pair)
    marks = Marks({article.id: pair[1]}, {article.id: _count(pair)}, {article.id: mentions}, {})
    cast = actors.resolve_actors([mentions], [article], (), engine)
    place = actors.cast_documents(cast).get(article.id, Cast(article.id, ()))
    told = _tell((*pair, place, marks.counted[article.id][0]))
    return join_story([article], marks, cast, {article.id: told}, engine)


# ------------------------------------------------------------------ the end


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

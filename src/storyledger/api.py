"""Storyledger from Python: the same values that the command line uses.

>>> import storyledger as sl
>>> story = sl.build("pages/")            # doctest: +SKIP
>>> story.actors, story.timeline          # doctest: +SKIP
>>> story.statements(speaker="premier")   # doctest: +SKIP

Invariant: nothing is computed here that the command line computes otherwise. This module must not
know how anything is printed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from storyledger import pages as page_room
from storyledger import pipeline
from storyledger.articles import body_text, tell_spent
from storyledger.days import check_day
from storyledger.errors import NothingRead, PageError, UsageError
from storyledger.export import DATASETTE, SEARCHED, make_tables
from storyledger.ids import make_id
from storyledger.pipeline import Summary
from storyledger.proof import decode_source
from storyledger.report import render_report
from storyledger.settings import Settings
from storyledger.store import Ledger, write_flat
from storyledger.types import (
    Actor,
    Article,
    Block,
    Comparison,
    ComparisonKind,
    Event,
    Failure,
    Figure,
    Omission,
    Page,
    Quantity,
    SourceNote,
    Statement,
    Story,
    TimeExpression,
)
from storyledger.work import Listener


class StoryView:
    """A story with the questions people ask of it; ``raw`` is the plain value."""

    def __init__(
        self, raw: Story, captures: Mapping[str, bytes] | None = None, failures: Sequence[Failure] = ()
    ) -> None:
        """Keep the values; ``captures`` are the pages' bytes by document id."""
        self.raw, self.captures, self.failures = raw, dict(captures or {}), list(failures)

    @property
    def documents(self) -> tuple[Article, ...]:
        """The articles, in order of path."""
        return self.raw.documents

    @property
    def actors(self) -> tuple[Actor, ...]:
        """The cast."""
        return self.raw.actors

    @property
    def timeline(self) -> list[Event]:
        """The events, in order of time."""
        events = {e.id: e for e in self.raw.events}
        return [events[ident] for ident in self.raw.timeline]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The numbers that are claims."""
        return self.raw.figures

    @property
    def ledger(self) -> tuple[Quantity, ...]:
        """The quantities that several figures give, every pair labelled."""
        return self.raw.ledger

    @property
    def times(self) -> tuple[TimeExpression, ...]:
        """The time expressions with what they mean."""
        return self.raw.times

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """What some sources leave out."""
        return self.raw.omissions

    def find_actors(self, name: str) -> list[Actor]:
        """Return the actors with ``name`` (any case) as, or inside, one of their names."""
        wanted = name.casefold()
        return [a for a in self.actors if any(wanted in n.casefold() for n in (a.name, *(x.text for x in a.aliases)))]

    def statements(self, speaker: str | None = None, document: str | None = None) -> list[Statement]:
        """Return the statements, of one ``speaker`` (a name, as in ``find_actors``) or ``document`` id."""
        found = list(self.raw.statements)
        if speaker is not None:
            ids = {a.id for a in self.find_actors(speaker)}
            wanted = speaker.casefold()
            found = [s for s in found if s.speaker.actor in ids or wanted in s.speaker.text.casefold()]
        return [s for s in found if document is None or s.content.document == document]

    def comparisons(self, kind: ComparisonKind | None = None, at_least: float = 0.5) -> list[Comparison]:
        """Return the comparisons of a ``kind`` with a confidence of ``at_least``, the surest first."""
        found = [c for c in self.raw.comparisons if c.confidence >= at_least and kind in (None, c.kind)]
        return sorted(found, key=lambda c: (-c.confidence, c.id))

    def report(self) -> str:
        """Return the account as one self-contained HTML page."""
        return render_report(self.raw, self.captures, self.failures)


@dataclass(frozen=True, slots=True)
class ReadText:
    """What one text tells, without a pile."""

    article: Article
    times: tuple[TimeExpression, ...]
    figures: tuple[Figure, ...]
    actors: tuple[Actor, ...]
    statements: tuple[Statement, ...]
    events: tuple[Event, ...]


def build(
    *paths: str | Path,
    out: str | Path | None = None,
    settings: Settings | None = None,
    listener: Listener = lambda _: None,
) -> StoryView:
    """Read the pages at ``paths`` and return their story; with ``out``, keep it in that ledger file.

    Raises:
        NothingRead: no page could be read.
        UsageError: ``out`` is no ledger.
    """
    with tempfile.TemporaryDirectory() as folder:
        place = Path(out) if out is not None else Path(folder) / "story.db"
        with Ledger.create(place) as ledger:
            pipeline.build_story([str(p) for p in paths], ledger, settings or Settings(), listener)
            return _view(ledger)


def open_ledger(path: str | Path) -> StoryView:
    """Return the story in the ledger file ``path``.

    Raises:
        UsageError: the file is no ledger, or of a newer version.
    """
    with Ledger.open_readonly(Path(path)) as ledger:
        return _view(ledger)


def read(text: str, published: str | None = None, outlet: str | None = None) -> ReadText:
    """Return what ``text`` tells: names, statements, times, events, figures, with positions.

    Args:
        text: an article's text as it is; paragraphs end with an empty line.
        published: ISO date that "yesterday" counts from; without it such times stay open.
        outlet: who published it.

    Raises:
        UsageError: ``published`` is no day of the calendar.
    """
    (result,) = read_many([text], published, outlet)
    return result


def read_file(
    path: str, published: str | None = None, outlet: str | None = None, stdin: BinaryIO | None = None
) -> ReadText:
    """Return what the one page in the file at ``path`` tells: all of a text, the article of any other kind of page.

    Args:
        path: of a text, a saved page, a PDF, a mail ...; "-" for ``stdin``.
        published: ISO date, in the place of the page's own.
        outlet: who published it, in the place of whom the page names.
        stdin: read for "-".

    Raises:
        NothingRead: no article is in the file.
        UsageError: several pages are, or ``published`` is no day of the calendar.
    """
    day = check_day(published) if published is not None else None
    failures: list[Failure] = []
    pages = list(islice(page_room.iter_pages([path], failures.append, stdin), 2))
    if len(pages) > 1:
        advice = "storyledger build reads them into a ledger"
        raise UsageError("E-READ-MANY", f"{path} holds more than one page", advice)
    for page in pages:
        if page.media == "text" and page.record is None and page.derived is None:
            return read(page.data.decode("utf-8", "replace").removeprefix("\ufeff"), published, outlet)
        note = page.sidecar or SourceNote()
        note = replace(note, published=day or note.published, outlet=outlet or note.outlet)
        try:
            article = pipeline.extract_alone(replace(page, sidecar=note))
        except PageError as error:
            failures.append(Failure(page.path, page.record, "article", error.code, error.message, error.advice))
        else:
            return _read_article(article)
    why = failures[0] if failures else None
    advice = why.advice if why and why.advice else "name a text or a saved page"
    raise NothingRead("E-PILE-EMPTY", f"no page could be read in {path}" + (f": {why.message}" if why else ""), advice)


def read_many(texts: Iterable[str], published: str | None = None, outlet: str | None = None) -> Iterator[ReadText]:
    """Yield what each of ``texts`` tells, each by itself, as ``read`` does."""
    for number, text in enumerate(texts):
        yield _read_article(tell_spent(text_article(text, f"text-{number}", published, outlet)))


def _read_article(article: Article) -> ReadText:
    story = pipeline.read_alone(article)
    return ReadText(article, story.times, story.figures, story.actors, story.statements, story.events)


def text_article(text: str, path: str, published: str | None = None, outlet: str | None = None) -> Article:
    """Return ``text`` as an article of its own, every character its own source."""
    if published is not None:
        published = check_day(published)
    data = text.encode("utf-8", "replace")
    text = data.decode("utf-8")
    digest = hashlib.sha256(data).hexdigest()
    blocks, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            blocks.append(Block(start, start + len(part), "paragraph"))
        start += len(part) + 2
    return Article(
        id=make_id("article1", path, digest),
        path=path,
        record=None,
        encoding="utf-8",
        sha256=digest,
        text=text,
        source_map=((0, len(text), 0, len(text)),) if text else (),
        blocks=tuple(blocks),
        outlet=outlet,
        outlet_basis="sidecar" if outlet else None,
        published=published,
        published_earliest=published,
        published_latest=published,
        published_basis="sidecar" if published else None,
        origin=make_id("article1", path, digest),
    )


def extract(paths: Sequence[str], failures: list[Failure]) -> Iterator[dict[str, object]]:
    """Yield one record a page: path, title, outlet, authors, published, text and what else is known of it.

    Each page is taken by itself, as if it were alone; what cannot be used is appended to ``failures``.
    """
    for _, article in extract_pages(paths, failures):
        if article is not None:
            yield extract_record(article)


def extract_pages(paths: Sequence[str], failures: list[Failure]) -> Iterator[tuple[Page, Article | None]]:
    """Yield each page with its article, taken by itself; None where it has none: why is in ``failures``."""
    for page in page_room.iter_pages(list(paths), failures.append):
        try:
            yield page, pipeline.extract_alone(page)
        except PageError as error:
            failures.append(Failure(page.path, page.record, "article", error.code, error.message, error.advice))
            yield page, None


def extract_record(article: Article) -> dict[str, object]:
    """Return what ``extract`` prints of ``article``: ``text`` is its body, without titles and captions."""
    names = ("path", "record", "url", "title", "deck", "outlet", "wire", "authors", "published", "published_basis")
    fields: dict[str, object] = {name: getattr(article, name) for name in (*names, "modified", "language", "encoding")}
    told = {"completeness": article.completeness, "completeness_reason": article.completeness_reason}
    return {
        **fields, "authors": list(article.authors), **told, "text": body_text(article), "sha256": article.sha256,
    }  # fmt: skip


def _view(ledger: Ledger) -> StoryView:
    story = ledger.load_finished_story()
    return StoryView(story, captures_by_document(ledger, story), ledger.load_failures())


def captures_by_document(ledger: Ledger, story: Story) -> dict[str, bytes]:
    """Return the bytes of the pages that ``ledger`` keeps, by document id."""
    kept = ledger.load_captures()
    keys = {a.id: (a.path, a.record, a.sha256) for a in story.documents}
    return {ident: kept[key] for ident, key in keys.items() if key in kept}


def iter_underived(ledger: Ledger) -> Iterator[str]:
    """Yield a line for each page whose source does not come out of its file again (a PDF, an office file)."""
    again: dict[str, frozenset[str]] = {}
    for _, page in ledger.list_pages():
        if page.derived is None:
            continue
        digest = page.derived.sha256
        if digest not in again:
            received = ledger.load_received(digest)
            again[digest] = page_room.derive_again(page.derived.reader, received) if received else frozenset()
            if received is not None and hashlib.sha256(received).hexdigest() != digest:
                yield f"page {page.id}: its file hashes to something else than {digest[:16]}…"
        if again[digest] and page.sha256 not in again[digest]:
            yield f"page {page.id}: its source does not come out of {page.path} again"


__all__ = [
    "ReadText",
    "StoryView",
    "Summary",
    "build",
    "captures_by_document",
    "decode_source",
    "extract",
    "extract_pages",
    "iter_underived",
    "open_ledger",
    "read",
    "read_many",
    "text_article",
]


def write_datasette(story: Story, folder: Path) -> list[Path]:
    """Write the story's tables as ``story.sqlite`` with ``metadata.json`` beside it; return both paths.

    Open with ``datasette story.sqlite --metadata metadata.json``: tables, search, and questions that are asked often.
    """
    folder.mkdir(parents=True, exist_ok=True)
    base, metadata = folder / "story.sqlite", folder / "metadata.json"
    write_flat(base, make_tables(story), SEARCHED)
    metadata.write_text(json.dumps(DATASETTE, indent=1) + "\n", encoding="utf-8")
    return [base, metadata]

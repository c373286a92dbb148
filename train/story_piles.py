"""Marked piles as the product reads them: articles, readings, cast, statements, and the gold beside them.

A pile is built as far as the stages that need no events; the work stays in a ledger a pile under ``cache``, so that a
second run redoes what the code or the model changed and nothing else. What is marked is given in the article's own
positions: what the article left out is dropped and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyledger import actors, reading, statements
from storyledger.engine import SerialEngine
from storyledger.pipeline import Marks, Shelf, make_articles, mark_pages
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import Actor, Article, Cast, Statement
from storyledger.work import PageWork

SHARED = Path(__file__).resolve().parents[2] / "shared" / "piles"
TRAINING = ("train", "wikinews/train")  # what may be learned from


@dataclass(frozen=True, slots=True)
class Pile:
    """A pile read as far as its statements; ``gold`` is its ``gold.json``."""

    name: str
    articles: tuple[Article, ...]
    marks: Marks
    cast: tuple[Actor, ...]
    casts: Mapping[str, Cast]
    statements: Mapping[str, tuple[Statement, ...]]
    gold: dict[str, Any]

    def article_of(self, file: str) -> Article | None:
        """Return the article made from the page ``file``; None where it was not read."""
        return next((a for a in self.articles if Path(a.path).name == file and a.id in self.marks.readings), None)


def list_piles(*parts: str) -> list[Path]:
    """Return the folders of the piles in ``parts`` of the shared piles, sorted."""
    return sorted(path.parent for part in parts or TRAINING for path in (SHARED / part).glob("*/gold.json"))


def read_pile(folder: Path, cache: Path) -> Pile:
    """Return the pile in ``folder``, its work kept in a ledger in the folder ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    name, engine, settings = "_".join(folder.parts[-2:]), SerialEngine(), Settings(workers=1)
    with Ledger.create(cache / f"{name}.db") as ledger:
        shelf = Shelf(ledger, settings, [], lambda _: None)
        shelf.take_pages([str(folder / "pages")], None)
        work = PageWork(ledger, engine, lambda _: None, [])
        placed = make_articles(shelf, work, engine)
        marks = mark_pages(placed, work, settings, reading.model_digest(settings.model))
    full = [a for a in placed if a.id in marks.mentions]
    cast = actors.resolve_actors([marks.mentions[a.id] for a in full], placed, (), engine)
    casts = actors.cast_documents(cast)
    said = {
        a.id: statements.find_statements(
            a, marks.readings[a.id], casts.get(a.id, Cast(a.id, ())), marks.times.get(a.id, ())
        )
        for a in full
    }
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return Pile(name, tuple(placed), marks, tuple(cast), casts, said, gold)


def iter_piles(cache: Path, *parts: str) -> Iterator[Pile]:
    """Yield the piles of ``parts``, those that may be learned from where none is named."""
    return (read_pile(folder, cache) for folder in list_piles(*parts))


def find_in_text(article: Article, start: int, end: int) -> tuple[int, int] | None:
    """Return the range of the article's text that stands at ``[start, end)`` of its source; None where none does."""
    found: list[int] = []
    for text_start, text_end, source_start, source_end in article.source_map:
        if source_end <= start or source_start >= end:
            continue
        even = text_end - text_start == source_end - source_start
        found += [text_start + max(0, start - source_start) * even, text_end - max(0, source_end - end) * even]
    return (min(found), max(found)) if found else None

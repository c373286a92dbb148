"""The marked stories as articles with their mentions: what the scorers of ``actors/`` learn from.

A page is read as the program reads it, and the marks' spans, positions in the source, are brought into the article's
text through its source map. Readings are kept in a folder, where one is given, under the text and the reader's digest.
"""

from __future__ import annotations

import json
import pickle
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from storyledger import articles, pages
from storyledger.engine import SerialEngine
from storyledger.errors import StoryledgerError
from storyledger.pipeline import find_repeated
from storyledger.reading import Reader
from storyledger.types import Article, Page, Reading

PILES = Path(__file__).resolve().parents[2] / "shared" / "piles"
PARTS = ("train", "wikinews/train")


@dataclass(frozen=True, slots=True)
class MarkedMention:
    """One marked mention, positions in the article's text."""

    start: int
    end: int
    actor: str
    kind: str


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """An article with its reading, its marked mentions, and where its marked paragraphs stand."""

    article: Article
    reading: Reading
    mentions: tuple[MarkedMention, ...]
    body: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MarkedPile:
    """A marked story: its pages, and the type of each actor."""

    name: str
    pages: tuple[MarkedPage, ...]
    types: dict[str, tuple[str, ...]]


class ReadingShelf:
    """Readings by text and reader, kept in ``folder`` where there is one."""

    def __init__(self, reader: Reader, folder: Path | None) -> None:
        """Read with ``reader``."""
        self._reader, self._folder = reader, folder

    def read(self, article: Article) -> Reading:
        """Return the reading of an article, from the folder where it was read before."""
        if self._folder is None:
            return self._reader.read(article)
        key = sha256(f"{self._reader.digest}\n{article.id}\n{article.blocks}\n{article.text}".encode()).hexdigest()
        path = self._folder / f"{key[:32]}.pkl"
        if path.exists():
            reading: Reading = pickle.loads(path.read_bytes())
            return reading
        reading = self._reader.read(article)
        self._folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(reading))
        return reading


def list_piles(parts: tuple[str, ...] = PARTS) -> list[Path]:
    """Return the folders of the marked stories for training."""
    return [f for part in parts for f in sorted((PILES / part).iterdir()) if (f / "gold.json").exists()]


def iter_piles(shelf: ReadingShelf, folders: list[Path]) -> Iterator[MarkedPile]:
    """Yield the marked stories in ``folders``."""
    for folder in folders:
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        bodies = {d["file"]: d["body"] for d in gold["documents"]}
        found = []
        for article in read_articles(folder / "pages"):
            own = [m for m in gold["mentions"] if m["file"] == article.path]
            mentions = (
                MarkedMention(start, last + 1, m["actor"], m["kind"])
                for m in own
                if (start := to_text(article, m["span"][0])) is not None
                and (last := to_text(article, m["span"][1] - 1)) is not None
            )
            body = find_body(article, bodies.get(article.path, []))
            found.append(MarkedPage(article, shelf.read(article), tuple(mentions), body))
        types = {a["id"]: (a["type"], *a.get("alt_types", ())) for a in gold["actors"]}
        yield MarkedPile(folder.name, tuple(found), types)


def read_articles(folder: Path) -> list[Article]:
    """Return the articles of a folder of pages, placed in their pile."""
    return sorted(articles.place_articles(extract_articles(folder), SerialEngine()), key=lambda a: (a.path, a.id))


def extract_articles(folder: Path) -> list[Article]:
    """Return the articles of a folder of pages, each as its own page tells it."""
    listed: list[Page] = list(pages.iter_pages([str(folder)], lambda _: None, None))
    lines = {}
    for page in listed:
        try:
            lines[page.id] = (page.sha256, articles.fingerprint_lines(page))
        except StoryledgerError:
            continue
    repeated = find_repeated(lines)
    made = []
    for page in listed:
        try:
            made.append(articles.extract_article(page, repeated.get(page.id, {})))
        except StoryledgerError:
            continue
    return made


def to_text(article: Article, at: int) -> int | None:
    """Return the position in the text of a position in the source, None where it was dropped."""
    row = bisect_right(article.source_map, at, key=lambda r: r[2]) - 1
    if row < 0 or at >= article.source_map[row][3]:
        return None
    text_start, text_end, source_start, source_end = article.source_map[row]
    return text_start + at - source_start if text_end - text_start == source_end - source_start else text_start


def find_body(article: Article, paragraphs: list[str]) -> tuple[tuple[int, int], ...]:
    """Return where the marked paragraphs stand in the text."""
    found, at = [], 0
    for paragraph in paragraphs:
        place = article.text.find(paragraph, at)
        if place >= 0:
            at = place + len(paragraph)
            found.append((place, at))
    return tuple(found)


def stands_inside(spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Tell whether a range lies inside one of ``spans``, sorted."""
    row = bisect_left(spans, (start + 1,)) - 1
    return row >= 0 and spans[row][0] <= start and end <= spans[row][1]

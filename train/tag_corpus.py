"""The marked stories as words with tags: what ``train.tags`` learns from.

A marked page is read as the program reads it (page, article, layout), and the gold's spans, which are positions
in the source, are brought to words through the article's source map. Words outside the marked body (title, byline,
furniture that was kept) carry no tags and cost no loss. Nothing here trains; it needs no framework.
"""

from __future__ import annotations

import bisect
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger import pages
from storyledger.errors import StoryledgerError
from storyledger.language.tags import HEADS
from storyledger.pipeline import extract_alone
from storyledger.reading.layout import Layout, lay_out
from storyledger.types import Article

UNKNOWN = -1  # a word whose tag the marks do not tell
PILES = Path(__file__).resolve().parents[2] / "shared" / "piles"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class TaggedPage:
    """One marked page: its words and, by head, the index of each word's tag (``UNKNOWN``: no loss)."""

    story: str
    article: Article
    layout: Layout
    tags: dict[str, NDArray[np.int64]]


def list_stories(part: str) -> list[Path]:
    """Return the folders of the marked stories of ``part`` ("train" or "test"), ours and Wikinews'."""
    return [f for root in (PILES / part, PILES / "wikinews" / part) for f in sorted(root.iterdir()) if f.is_dir()]


def iter_tagged_pages(folders: Iterable[Path]) -> Iterator[TaggedPage]:
    """Yield the marked pages of the stories in ``folders`` that the program can read."""
    for folder in folders:
        gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
        documents = {d["file"]: d for d in gold["documents"]}
        for page in pages.iter_pages([str(folder / "pages")], lambda _: None, None):
            if page.path not in documents:
                continue
            try:
                article = extract_alone(page)
            except StoryledgerError:
                continue
            yield tag_page(folder.name, article, documents[page.path], gold)


def tag_page(story: str, article: Article, document: dict[str, Any], gold: dict[str, Any]) -> TaggedPage:
    """Return the words of ``article`` with what ``gold`` marks on them."""
    layout = lay_out(article)
    writer = _Writer(article, layout, document)
    types = {a["id"]: a["type"] for a in gold["actors"]}
    here = _of_file(document["file"])
    for said in here(gold["statements"]):
        _write_statement(writer, said)
    for event in gold["events"]:
        for telling in here(event["mentions"]):
            _write_event(writer, event, telling)
    for mention in here(gold["mentions"]):
        if mention["kind"] == "name":
            writer.write("name", mention["span"], types.get(mention["actor"]), inside=True)
        elif mention["kind"] == "nominal":
            writer.write("nominal", mention["span"], "mention", inside=True)
    for role in here(gold["roles"]):
        writer.write("role", role["span"], "role", inside=True)
    for number in here(gold["figures"]):
        writer.write("figure", number["span"], "figure", inside=True)
    for time in here(gold["time_expressions"]):
        writer.write("time", time["span"], time["timex_type"], inside=True)
    for word in here(gold["loaded"]):
        writer.write("loaded", word["span"], "scare" if word["scare"] else "voice", inside=True)
    return TaggedPage(story, article, layout, writer.tags)


def _of_file(name: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    return lambda entries: [e for e in entries if e.get("file") == name and e.get("span")]


def _write_statement(writer: _Writer, said: dict[str, Any]) -> None:
    writer.write("content", said["span"], "content", inside=True)
    writer.write("act", said["span"], said["act"])
    writer.write("polarity", said["span"], said["polarity"])
    if said.get("source_span"):
        writer.write("source", said["source_span"], "source", inside=True)
        writer.write("named", said["source_span"], "actor" if said["speaker"] not in (None, "-") else "nobody")
    if said.get("cue_span"):
        writer.write("cue", said["cue_span"], "cue", inside=True)


def _write_event(writer: _Writer, event: dict[str, Any], telling: dict[str, Any]) -> None:
    writer.write("event", telling["span"], "event", inside=True)
    writer.write("event_type", telling["span"], event["type"])
    writer.write("status", telling["span"], telling.get("status") or event["status"])
    writer.write("importance", telling["span"], event["importance"])


class _Writer:
    """Brings spans of the source to words and writes their tags."""

    def __init__(self, article: Article, layout: Layout, document: dict[str, Any]) -> None:
        self._layout = layout
        self._rows = article.source_map
        self._ends = [row[3] for row in self._rows]
        known = _find_body(article, layout, document["body"])
        self.tags = {name: np.full(len(layout), UNKNOWN, np.int64) for name in HEADS}
        for name, labels in HEADS.items():
            if labels[0] == "O":
                self.tags[name][known] = 0

    def write(self, head: str, span: Span, label: str | None, *, inside: bool = False) -> None:
        """Tag the words of ``span``; with ``inside`` the first one begins (B-), the others go on (I-)."""
        labels = HEADS[head]
        words = self._find_words(span)
        for n, word in enumerate(words):
            name = f"{'B' if n == 0 else 'I'}-{label}" if inside else label
            if name not in labels:
                self.tags[head][word] = UNKNOWN
            elif not (inside and n == 0 and self.tags[head][word] > 0):  # a span inside another begins nothing
                self.tags[head][word] = labels.index(name)

    def _find_words(self, span: Span) -> range:
        start, end = (self._to_text(at) for at in span)
        first = bisect.bisect_left(self._layout.ends, start + 1)
        return range(first, bisect.bisect_left(self._layout.starts, end))

    def _to_text(self, at: int) -> int:
        """Return the position in the text of the source position ``at``, or of what follows it."""
        row = bisect.bisect_left(self._ends, at)
        if row == len(self._rows):
            return self._rows[-1][1]
        text_start, text_end, source_start, source_end = self._rows[row]
        if text_end - text_start != source_end - source_start:
            return text_start if at < source_end else text_end
        return text_start + max(0, at - source_start)


def _find_body(article: Article, layout: Layout, body: list[str]) -> NDArray[np.bool_]:
    """Return which words stand in the marked paragraphs."""
    known = np.zeros(len(layout), bool)
    starts = np.array(layout.starts)
    at = 0
    for paragraph in body:
        found = article.text.find(paragraph, at)
        if found >= 0:
            at = found + len(paragraph)
            known[(starts >= found) & (starts < at)] = True
    return known


def count_tags(tagged: Iterable[TaggedPage]) -> dict[str, dict[str, int]]:
    """Return how often each tag stands on a word."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for page in tagged:
        for head, tags in page.tags.items():
            for index, n in zip(*np.unique(tags, return_counts=True), strict=True):
                label = "?" if index < 0 else HEADS[head][index]
                counts[head][label] = counts[head].get(label, 0) + int(n)
    return dict(counts)

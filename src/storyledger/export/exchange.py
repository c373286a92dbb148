"""The story for others' tools: Parquet by table and day, W3C annotations, TimelineJS, a graph for Gephi.

Each is written as its reader's documentation has it; what that form cannot hold is left out, never bent. This module
must not know the ledger file.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

from storyledger.export.columns import make_schema, write_rows
from storyledger.export.geography import write_geojson
from storyledger.export.investigation import write_claimreview, write_followthemoney
from storyledger.export.language import write_docbin
from storyledger.export.tables import TABLES, safe_cell
from storyledger.ids import hash_parts
from storyledger.spelling import for_json
from storyledger.types import Article, Event, Evidence, Story

Row = dict[str, Any]
UNDATED = "undated"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def write_parquet(story: Story, folder: Path) -> list[Path]:
    """Write each table as Parquet, a file a day: ``TABLE/day=2021-03-10/part.parquet``, and return the paths.

    The day is that of the page (hive partitioning, as DuckDB, pandas, Spark read it); "undated" where it has none.

    Raises:
        UsageError: pyarrow, the extra ``parquet``, is not installed.
    """
    days = {a.id: a.published or a.published_earliest or UNDATED for a in story.documents}
    written = []
    for table, make_rows in TABLES.items():
        rows = [{k: _cell(v) for k, v in row.items()} for row in make_rows(story)]
        by_day: dict[str, list[Row]] = {}
        for row in rows:
            by_day.setdefault(days.get(str(row.get("document") or row.get("id")), UNDATED), []).append(row)
        schema = make_schema(rows)
        for day, own in sorted(by_day.items()):
            place = folder / table / f"day={day}"
            place.mkdir(parents=True, exist_ok=True)
            path = place / "part.parquet"
            write_rows(own, path, schema)
            written.append(path)
    return written


def _cell(value: Any) -> Any:
    return list(map(str, value)) if isinstance(value, tuple | list) else value


def write_annotations(story: Story, folder: Path) -> list[Path]:
    """Write every entry with its words as W3C Web Annotations, one JSON-LD collection."""
    articles = {a.id: a for a in story.documents}
    items = [
        _annotation(articles[e.document], e, n, kind, body) for n, (kind, body, e) in enumerate(_iter_bodies(story))
    ]
    ident = "urn:storyledger:" + hash_parts("annotations", *sorted(a.sha256 for a in story.documents))[:16]
    collection = {"@context": CONTEXT, "id": ident, "type": "AnnotationCollection", "total": len(items)}
    page = {"id": f"{ident}:0", "type": "AnnotationPage", "partOf": ident, "startIndex": 0, "items": items}
    return [_write_json(folder / "annotations.jsonld", {**collection, "first": page})]


def _iter_bodies(story: Story) -> Iterator[tuple[str, str, Evidence]]:
    names = {a.id: a.name for a in story.actors}
    for s in story.statements:
        yield (
            "statement",
            f"{names.get(s.speaker.actor or '', s.speaker.text) or 'unnamed source'} ({s.act})",
            s.content,
        )
    for e in story.events:
        for spot in e.mentions:
            yield "event", f"{e.summary} ({e.type}, {e.status})", spot
    for f in story.figures:
        yield "figure", f"{f.about}: {f.value if f.value is not None else ''} {f.unit}", f.evidence
    for c in story.comparisons:
        for side in c.sides:
            for spot in side.evidence:
                yield c.kind, c.about, spot


def _annotation(article: Article, spot: Evidence, number: int, kind: str, body: str) -> Row:
    text = article.text
    quote = {
        "type": "TextQuoteSelector",
        "exact": spot.text,
        "prefix": text[max(0, spot.start - 32) : spot.start],
        "suffix": text[spot.end : spot.end + 32],
    }
    source = article.url or f"urn:sha256:{article.sha256}"
    position = {"type": "TextPositionSelector", "start": spot.start, "end": spot.end}
    return {
        "id": f"urn:storyledger:{article.sha256[:16]}:{number}",
        "type": "Annotation",
        "motivation": "describing",
        "body": [
            {"type": "TextualBody", "value": body, "purpose": "describing", "format": "text/plain"},
            {"type": "TextualBody", "value": kind, "purpose": "tagging"},
        ],
        "target": {"source": source, "selector": [quote, position]},
    }


def write_timelinejs(story: Story, folder: Path) -> list[Path]:
    """Write the dated events as TimelineJS 3 reads them, with the pages that tell each."""
    articles = {a.id: a for a in story.documents}
    slides = [s for e in story.events if (s := _slide(e, articles)) is not None]
    title = story.stories[0].name if len(story.stories) == 1 else "Stories"
    return [_write_json(folder / "timeline.json", {"title": {"text": {"headline": _html(title)}}, "events": slides})]


def _slide(event: Event, articles: Mapping[str, Article]) -> Row | None:
    start = _day(event.when.earliest if event.when else None)
    if start is None or event.when is None:
        return None
    told = [f"“{m.text}” {_cite(articles.get(m.document))}" for m in event.mentions[:6]]
    slide: Row = {
        "unique_id": event.id,
        "start_date": start,
        "text": {"headline": _html(event.summary), "text": "".join(f"<p>{_html(t)}</p>" for t in told)},
        "group": event.status,
    }
    end = _day(event.when.latest)
    return slide | {"end_date": end} if end and end != start else slide


def _day(text: str | None) -> Row | None:
    names = ("year", "month", "day")
    return dict(zip(names, map(int, text.split("-")), strict=False)) if text else None


def _cite(article: Article | None) -> str:
    return f"({article.outlet or article.path}, {article.published or 'undated'})" if article else ""


def _html(text: str) -> str:
    """Return ``text`` so that a page which takes headlines as HTML shows it as text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def write_gephi(story: Story, folder: Path) -> list[Path]:
    """Write who acts on whom as nodes.csv and edges.csv, with the columns that Gephi's import knows."""
    acting = {p.actor for e in story.events for p in e.participants}
    weight: Counter[tuple[str, str, str]] = Counter()
    for event in story.events:
        by_role = {r: [p.actor for p in event.participants if p.role == r] for r in ("actor", "recipient")}
        pairs = [(a, b) for a in by_role["actor"] for b in by_role["recipient"] if a != b]
        weight.update((a, b, event.type) for a, b in pairs or permutations(by_role["actor"], 2))
    nodes = [
        {"Id": a.id, "Label": a.name, "Type": a.type, "Mentions": len(a.mentions)}
        for a in story.actors
        if a.id in acting
    ]
    edges = [
        {"Source": a, "Target": b, "Type": "Directed", "Label": kind, "Weight": n}
        for (a, b, kind), n in sorted(weight.items())
    ]
    folder.mkdir(parents=True, exist_ok=True)
    return [_write_csv(folder / "nodes.csv", nodes), _write_csv(folder / "edges.csv", edges)]


def _write_csv(path: Path, rows: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows({k: _safe(v) for k, v in row.items()} for row in rows)
    return path


def _safe(value: Any) -> Any:
    return safe_cell(value) if isinstance(value, str) else value


def _write_json(path: Path, value: Row) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(for_json(json.dumps(value, ensure_ascii=False, indent=1)) + "\n", encoding="utf-8")
    return path


WRITERS: dict[str, Callable[[Story, Path], list[Path]]] = {
    "followthemoney": write_followthemoney,
    "claimreview": write_claimreview,
    "parquet": write_parquet,
    "annotations": write_annotations,
    "timelinejs": write_timelinejs,
    "gephi": write_gephi,
    "docbin": write_docbin,
    "geojson": write_geojson,
}

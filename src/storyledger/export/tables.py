"""The story as tables: a folder of CSV files, or one JSON line a record.

One row is one fact with its evidence and position, so that a spreadsheet or pandas opens it as it is.
Invariant: every row names its document, its words and where they stand. This module must not know
the ledger file.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from storyledger.export.columns import has_parquet, write_rows
from storyledger.export.story import SECTIONS, encode_story
from storyledger.spelling import for_json, for_terminal
from storyledger.types import ActorMention, EventWhen, Evidence, Interval, Story

Row = dict[str, Any]
# A cell that begins so is run as a formula by spreadsheets; texts from pages must never be.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_tables(story: Story, folder: Path) -> list[Path]:
    """Write one CSV file a kind of fact into ``folder`` and return their paths.

    UTF-8 with a byte-order mark (spreadsheets need it), commas, CRLF, as RFC 4180. A text that a
    spreadsheet would run as a formula gets an apostrophe before it; control characters are blanks.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make_rows in TABLES.items():
        path = folder / f"{name}.csv"
        path.write_text(_csv(list(make_rows(story))), encoding="utf-8-sig", newline="")
        written.append(path)
    return written


def write_events(rows: list[Row], folder: Path) -> list[Path]:
    """Write event rows into ``folder`` as events.csv, with the extra ``parquet`` as events.parquet; return paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "events.csv"]
    written[0].write_text(_csv(rows), encoding="utf-8-sig", newline="")
    if has_parquet():
        written.append(folder / "events.parquet")
        write_rows(rows, written[1])
    return written


def write_gdelt(rows: list[Row], folder: Path) -> list[Path]:
    """Write rows in GDELT's columns into ``folder`` as gdelt.tsv: tab-separated as GDELT has it, with a header."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "gdelt.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else [], delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: " ".join(str(_cell(v)).split()) for k, v in row.items()} for row in rows)
    return [path]


def iter_lines(story: Story) -> Iterator[str]:
    """Yield one JSON line a record: the contract's record with its section as ``section``."""
    document = encode_story(story)
    for section in SECTIONS:
        for record in document[section]:
            fields = record if isinstance(record, dict) else {"id": record}
            yield for_json(json.dumps({"section": section, **fields}, ensure_ascii=False, sort_keys=True))


def _csv(rows: list[Row]) -> str:
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows({k: _cell(v) for k, v in row.items()} for row in rows)
    return out.getvalue()


def safe_cell(text: str) -> str:
    """Return a text of a page as a cell: no formula of a spreadsheet, no command of a terminal (JSON has it whole)."""
    return for_terminal(f"'{text}" if text.startswith(FORMULA_STARTS) else text)


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | list):
        value = "; ".join(str(v) for v in value)
    if isinstance(value, str):
        return safe_cell(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _spot(evidence: Evidence | ActorMention | None) -> Row:
    fields = ("document", "start", "end", "text")
    return {f: getattr(evidence, f) if evidence else None for f in fields}


def _span(when: Interval | EventWhen | None) -> Row:
    return {"earliest": when.earliest if when else None, "latest": when.latest if when else None}


def _documents(story: Story) -> Iterator[Row]:
    skipped = {"text", "source_map", "blocks", "dropped", "outlet_evidence", "published_evidence", "copy_of"}
    for article in story.documents:
        row = {f.name: getattr(article, f.name) for f in dataclasses.fields(article) if f.name not in skipped}
        copy = article.copy_of
        yield row | {
            "copy_of": copy.document if copy else None,
            "copy_kind": copy.kind if copy else None,
            "words": len(article.text.split()),
        }


def _actors(story: Story) -> Iterator[Row]:
    for actor in story.actors:
        yield {
            "id": actor.id,
            "name": actor.name,
            "type": actor.type,
            "aliases": [a.text for a in actor.aliases if a.kind == "name"],
            "roles": list(dict.fromkeys(r.role for r in actor.roles)),
            "mentions": len(actor.mentions),
            "documents": len({m.document for m in actor.mentions}),
        }


def _mentions(story: Story) -> Iterator[Row]:
    for actor in story.actors:
        for m in actor.mentions:
            yield {"actor": actor.id, "name": actor.name, "kind": m.kind, "confidence": m.confidence, **_spot(m)}


def _roles(story: Story) -> Iterator[Row]:
    for actor in story.actors:
        for r in actor.roles:
            lead = {"actor": actor.id, "name": actor.name, "role": r.role, "organisation": r.organisation}
            yield {**lead, "earliest": r.earliest, "latest": r.latest, **_spot(r.evidence)}


def _statements(story: Story) -> Iterator[Row]:
    names = {a.id: a.name for a in story.actors}
    for s in story.statements:
        yield {
            "id": s.id,
            "speaker": names.get(s.speaker.actor or ""),
            "speaker_actor": s.speaker.actor,
            "speaker_text": s.speaker.text,
            "cue": s.cue.text if s.cue else None,
            "kind": s.kind,
            "act": s.act,
            "polarity": s.polarity,
            "to": s.to,
            "venue": s.venue.text if s.venue else None,
            **_span(s.said_on),
            "version_group": s.version_group,
            "version_relation": s.version_relation,
            "confidence": s.confidence,
            **_spot(s.content),
        }


def _events(story: Story) -> Iterator[Row]:
    names = {a.id: a.name for a in story.actors}
    for e in story.events:
        who = {r: [names.get(p.actor, p.actor) for p in e.participants if p.role == r] for r in ("actor", "recipient")}
        lead = {"id": e.id, "type": e.type, "summary": e.summary, "status": e.status, "importance": e.importance}
        for mention in e.mentions:
            yield {**lead, **who, "place": e.place, **_span(e.when), "confidence": e.confidence, **_spot(mention)}


def _figures(story: Story) -> Iterator[Row]:
    names = {a.id: a.name for a in story.actors}
    for f in story.figures:
        fields = ("id", "about", "value", "low", "high", "comparator", "unit")
        row = {name: getattr(f, name) for name in fields} | _span(f.when)
        row |= {"attributed_to": names.get(f.attributed_to or ""), "quantity": f.quantity, "confidence": f.confidence}
        yield row | _spot(f.evidence)


def _ledger(story: Story) -> Iterator[Row]:
    figures = {f.id: f for f in story.figures}
    for quantity in story.ledger:
        for r in quantity.relations:
            a, b = figures[r.a], figures[r.b]
            lead = {"quantity": quantity.id, "about": quantity.about, "label": r.label, "confidence": r.confidence}
            yield (
                lead
                | {f"a_{k}": v for k, v in _spot(a.evidence).items()}
                | {f"b_{k}": v for k, v in _spot(b.evidence).items()}
            )


def _times(story: Story) -> Iterator[Row]:
    for t in story.times:
        yield {
            "value": t.value,
            "type": t.type,
            "earliest": t.earliest,
            "latest": t.latest,
            "confidence": t.confidence,
            **_spot(t.evidence),
        }


def _comparisons(story: Story) -> Iterator[Row]:
    for c in story.comparisons:
        lead = {"id": c.id, "kind": c.kind, "about": c.about, "why": c.why, "confidence": c.confidence}
        for number, side in enumerate(c.sides, 1):
            for spot in side.evidence:
                yield {**lead, "independent_origins": c.independent_origins, "side": number} | {
                    "position": side.position,
                    **_spot(spot),
                }


def _omissions(story: Story) -> Iterator[Row]:
    for o in story.omissions:
        lead: Row = {"about": o.about, "known_since": o.known_since, "reported_by": o.reported_by}
        lead |= {"omitted_by": o.omitted_by, "could_not_know": o.could_not_know, "confidence": o.confidence}
        for spot in o.evidence:
            yield {**lead, **_spot(spot)}


TABLES: dict[str, Callable[[Story], Iterator[Row]]] = {
    "documents": _documents,
    "actors": _actors,
    "mentions": _mentions,
    "roles": _roles,
    "statements": _statements,
    "events": _events,
    "figures": _figures,
    "ledger": _ledger,
    "times": _times,
    "comparisons": _comparisons,
    "omissions": _omissions,
}

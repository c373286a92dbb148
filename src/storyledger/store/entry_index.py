"""Questions to the index of a ledger's entries: lists, counts, full-text searches, values by id.

Everything here reads. Cost: one indexed query and the rows that are shown, whatever the size of the ledger.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storyledger.store.entries import Entry
from storyledger.store.mapping import PARENT, POSITION, Rows, Table, build_values, column_names, row_key_of
from storyledger.store.schema import STORY_TABLES

_FIELDS = tuple(f.name for f in dataclasses.fields(Entry))
_ENTRY_COLUMNS = ", ".join(f"entry.{name}" for name in _FIELDS)
MOST_VALUES = 500  # SQLite takes a bounded number of values in one statement


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a list or a search: every one that is given must hold."""

    section: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    who: str | None = None
    kind: str | None = None
    document: str | None = None
    disputed: bool = False

    def conditions(self) -> tuple[list[str], list[Any]]:
        """Return SQL conditions on the table ``entry`` and their values."""
        simple = (("section", self.section), ("outlet", self.outlet), ("kind", self.kind), ("document", self.document))
        found: list[tuple[str, Any]] = [(f"entry.{name} = ?", value) for name, value in simple if value]
        if self.since:
            found.append(("entry.day >= ?", self.since))
        if self.until:
            found.append(("entry.day <= ?", self.until + "~"))  # "2021-03~" is after every day of that month
        if self.who:
            found.append(("instr(entry.who, ?) > 0", f" {self.who} "))
        if self.disputed:
            found.append(("entry.disputed = ?", 1))
        return [c for c, _ in found], [v for _, v in found]


class EntryIndex:
    """The entries of an open ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Ask ``db``, which the ledger keeps."""
        self._db = db

    def list_lines(self, filters: Filters, limit: int = 50, offset: int = 0) -> list[Entry]:
        """Return the entries that ``filters`` let through, in the section's order: the weightiest, or the earliest."""
        conditions, values = filters.conditions()
        order = "entry.day IS NULL, entry.day," if filters.section in ("documents", "events") else ""
        where = " AND ".join(conditions) or "1"
        query = (
            f"SELECT {_ENTRY_COLUMNS} FROM entry WHERE {where} "
            f"ORDER BY {order} entry.weight DESC, position LIMIT ? OFFSET ?"
        )
        return [_entry(row) for row in self._db.execute(query, (*values, limit, offset))]

    def count(self, filters: Filters) -> int:
        """Return how many entries ``filters`` let through."""
        conditions, values = filters.conditions()
        query = f"SELECT count(*) FROM entry WHERE {' AND '.join(conditions) or '1'}"
        return int(self._db.execute(query, values).fetchone()[0])

    def count_values(self, column: str, filters: Filters) -> list[tuple[str, int]]:
        """Return the values of the entries' ``outlet`` or ``kind``, each with its count, the most frequent first."""
        conditions, values = filters.conditions()
        name = {"outlet": "outlet", "kind": "kind", "section": "section"}[column]
        where = " AND ".join([*conditions, f"entry.{name} IS NOT NULL"])
        query = f"SELECT {name}, count(*) AS n FROM entry WHERE {where} GROUP BY {name} ORDER BY n DESC, {name}"
        return [(value, n) for value, n in self._db.execute(query, values)]

    def search(self, words: str, filters: Filters, limit: int = 50, offset: int = 0) -> list[tuple[Entry, str]]:
        """Return the entries that have ``words`` (words, "phrases", prefixes*), best first, with a piece of their text.

        The found words stand between U+0002 and U+0003 in the piece, so that whoever shows it can escape it first.
        """
        query = quote_words(words)
        if not query:
            return []
        conditions, values = filters.conditions()
        where = " AND ".join(["entry_search MATCH ?", *conditions])
        sql = (
            f"SELECT {_ENTRY_COLUMNS}, snippet(entry_search, 1, char(2), char(3), '…', 24) "
            "FROM entry_search JOIN entry ON entry.position = entry_search.rowid "
            f"WHERE {where} ORDER BY bm25(entry_search, 4.0, 1.0), entry.position LIMIT ? OFFSET ?"
        )
        return [(_entry(row[:-1]), row[-1]) for row in self._db.execute(sql, (query, *values, limit, offset))]

    def load_values(self, section: str, ids: Sequence[str]) -> list[Any]:
        """Return the values of ``section`` whose ids are ``ids``, in the story's order; unknown ids are left out."""
        table = STORY_TABLES[section]
        rows: Rows = {}
        column, keys = ("id", list(ids)) if section != "omissions" else (POSITION, list(ids))
        self._collect_rows(table, column, keys, rows)
        return list(build_values(table, rows))

    def find_documents(self, hashes: Sequence[str]) -> list[str]:
        """Return the documents of pages by their sha256, in the story's order."""
        found: list[tuple[int, str]] = []
        for at in range(0, len(hashes), MOST_VALUES):
            some = list(hashes[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            found += self._db.execute(f'SELECT nth, id FROM "document" WHERE sha256 IN ({marks})', some)
        return [ident for _, ident in sorted(found)]

    def load_hashes(self, documents: Sequence[str]) -> dict[str, str]:
        """Return the sha256 of the pages behind documents."""
        found: dict[str, str] = {}
        for at in range(0, len(documents), MOST_VALUES):
            some = list(documents[at : at + MOST_VALUES])
            marks = ",".join("?" * len(some))
            found |= dict(self._db.execute(f'SELECT id, sha256 FROM "document" WHERE id IN ({marks})', some).fetchall())
        return found

    def load_in_document(self, section: str, document: str) -> list[Any]:
        """Return the values of ``section`` (actors, statements, events, figures, comparisons) that stand in a page."""
        column = {"statements": "content_document", "figures": "evidence_document"}.get(section)
        if column:
            query = f'SELECT id FROM "{STORY_TABLES[section].name}" WHERE "{column}" = ?'
        else:
            table = {"actors": "actor_mention", "events": "event_mention", "comparisons": "comparison_side_evidence"}[
                section
            ]
            query = f'SELECT DISTINCT parent FROM "{table}" WHERE document = ?'
        ids = [str(row[0]).partition("/")[0] for row in self._db.execute(query, (document,))]
        return self.load_values(section, list(dict.fromkeys(ids)))

    def _collect_rows(self, table: Table, column: str, keys: Sequence[str], rows: Rows) -> None:
        names = ", ".join(f'"{c}"' for c in column_names(table))
        order = '"parent", "nth"' if table.is_child else '"nth"'
        found: list[tuple[Any, ...]] = []
        for at in range(0, len(keys), MOST_VALUES):
            some = keys[at : at + MOST_VALUES]
            marks = ",".join("?" * len(some))
            query = f'SELECT {names} FROM "{table.name}" WHERE "{column}" IN ({marks}) ORDER BY {order}'
            found += self._db.execute(query, some)
        rows[table.name] = found
        parents = [row_key_of(table, row) for row in found]
        for _, child in table.children:
            self._collect_rows(child, PARENT, parents, rows)


def _entry(row: tuple[Any, ...]) -> Entry:
    fields = dict(zip(_FIELDS, row, strict=True))
    return Entry(**{**fields, "disputed": bool(fields["disputed"])})


def quote_words(text: str) -> str:
    """Return what a person typed as a full-text query: words, "phrases", prefixes*; nothing else is syntax."""
    parts = []
    for n, piece in enumerate(text.split('"')):
        if n % 2:
            words = " ".join(piece.split())
            parts += [f'"{words}"'] if any(c.isalnum() for c in words) else []
            continue
        for word in piece.split():
            stem = word.rstrip("*")
            if any(c.isalnum() for c in stem):
                parts.append(f'"{stem}"' + ("*" if word.endswith("*") else ""))
    return " ".join(parts)

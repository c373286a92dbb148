"""The seal: a digest of each table, of the schema and of the search index's own tables, and one over those.

Invariant: whatever a reader can be shown, found or misled by stands in a table that a digest covers; bytes of pages,
files and work carry hashes of their own; what no table holds is ``layout``'s. This module must not know what a table
means.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence

from storyledger.store.layout import describe_header, iter_layout_damage
from storyledger.store.schema import SCHEMA_SEALED_SINCE, SEALED_OWN, iter_story_tables

SCHEMA = "sqlite_master"
# what a digest covers where it is not every column: bytes of pages have a hash of their own
_DIGEST_COLUMNS = {
    "page": "id, given_as, path, record, sha256, media, charset, sidecar, declared, given, cut, derived, size_bytes, "
    "bytes IS NULL",
    "entry_search": "rowid, title, words, who",
    "received": "sha256, length(bytes)",
    SCHEMA: "type, name, tbl_name, sql",
}
_OWN_ROWS = "('seal', 'file')"


class Seal:
    """The seal of an open ledger."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Seal what ``db`` holds."""
        self._db = db

    def write(self, names: Sequence[str] = ()) -> None:
        """Write the digests of the tables ``names`` (all, if none is named); called inside a transaction."""
        # the search index keeps what is new in memory until a savepoint or the commit makes it write
        self._db.execute("SAVEPOINT sealing")
        self._db.execute("RELEASE sealing")
        rows = [(name, *self._digest(name)) for name in names or self._tables()]
        self._db.executemany("INSERT OR REPLACE INTO seal VALUES (?,?,?)", rows)
        self._close_rows()
        self._db.execute("DELETE FROM signature WHERE digest != ?", (self.digest_all(),))

    def mark_layout(self, version: int | None) -> None:
        """Say that the file is laid out anew by SQLite's ``version`` when it is closed, or (None) not any more."""
        if version is None:
            self._db.execute("DELETE FROM seal WHERE name = 'file'")
        else:
            self._db.execute("INSERT OR REPLACE INTO seal VALUES ('file',?,?)", (version, describe_header(self._db)))
        self._close_rows()

    def digest_all(self) -> str:
        """Return one digest of everything in the ledger but its signatures: what a signature is of."""
        sha = hashlib.sha256()
        for query in (
            f"SELECT name, rows, sha256 FROM seal WHERE name NOT IN {_OWN_ROWS} ORDER BY name",
            "SELECT key, stage, sha256 FROM work ORDER BY key",
        ):
            for row in self._db.execute(query):
                sha.update(repr(row).encode("utf-8", "surrogatepass"))
        return sha.hexdigest()

    def iter_damage(self, path: str) -> Iterator[str]:
        """Yield a line for everything in the file that is not as it was written."""
        sealed = {name: (rows, digest) for name, rows, digest in self._db.execute("SELECT * FROM seal")}
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        for name in self._tables():
            if name not in sealed and (version < SCHEMA_SEALED_SINCE or not self.columns(name)):
                continue  # the file is of an older version, without this table or its digest
            rows, digest = self._digest(name)
            if (rows, digest) != sealed.get(name):
                was = f"sealed with {sealed[name][0]}" if name in sealed else "never sealed"
                yield f"table {name}: {rows} rows, {was}; its digest does not hold"
        if sealed.get("seal") != self._seal_of_seals():
            yield "table seal: its own digest does not hold"
        yield from self._iter_hash_damage()
        if "file" in sealed:
            yield from iter_layout_damage(self._db, path, *sealed["file"])

    def _iter_hash_damage(self) -> Iterator[str]:
        for ident, digest, blob in self._db.execute("SELECT id, sha256, bytes FROM page WHERE bytes IS NOT NULL"):
            if hashlib.sha256(blob).hexdigest() != digest:
                yield f"page {ident}: its bytes are not those that were read"
        for digest, blob in self._db.execute("SELECT sha256, bytes FROM received") if self.columns("received") else ():
            if hashlib.sha256(blob).hexdigest() != digest:
                yield f"file {digest[:16]}…: its bytes are not those that were read"
        for key, stage, digest, blob in self._db.execute("SELECT key, stage, sha256, value FROM work"):
            if work_digest(key, stage, blob) != digest:
                yield f"work {key}: the stored result is not what was written"
        for (key,) in self._db.execute("SELECT key FROM step WHERE key NOT IN (SELECT key FROM work)"):
            yield f"work {key}: the result that this step made is missing"
        for (line,) in self._db.execute("PRAGMA integrity_check"):
            if line != "ok":
                yield f"file: {line}"
        for table, rowid, parent, _ in self._db.execute("PRAGMA foreign_key_check"):
            which = "a row" if rowid is None else f"row {rowid}"  # SQLite numbers no row of a table without rowid
            yield f"table {table}, {which}: refers to a row of {parent} that is not there"

    def columns(self, table: str) -> set[str]:
        """Return the columns that ``table`` has in this file."""
        return {row[1] for row in self._db.execute(f'PRAGMA table_info("{table}")')}

    def _tables(self) -> list[str]:
        """Return the tables that are sealed: those of the story, the file's own, the schema, the search index's."""
        index = self._db.execute("SELECT name FROM sqlite_master WHERE name GLOB 'entry_search_*' ORDER BY name")
        return [SCHEMA, *SEALED_OWN, *(t.name for t in iter_story_tables()), *(name for (name,) in index)]

    def _digest(self, table: str) -> tuple[int, str]:
        sha, count = hashlib.sha256(), 0
        there = self.columns(table)  # an older file lacks some
        named = [c for c in _DIGEST_COLUMNS.get(table, "*").split(", ") if c.isidentifier() is False or c in there]
        columns = ", ".join(named)
        for row in self._db.execute(f'SELECT {columns} FROM "{table}" ORDER BY 1, 2'):
            sha.update(repr(row).encode("utf-8", "surrogatepass"))
            count += 1
        return count, sha.hexdigest()

    def _close_rows(self) -> None:
        self._db.execute("INSERT OR REPLACE INTO seal VALUES ('seal',?,?)", self._seal_of_seals())

    def _seal_of_seals(self) -> tuple[int, str]:
        rows = self._db.execute("SELECT name, rows, sha256 FROM seal WHERE name != 'seal' ORDER BY name").fetchall()
        return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def work_digest(key: str, stage: str, blob: bytes) -> str:
    """Return the hash of a stored result, its key and its stage, so that no two can change places."""
    return hashlib.sha256(f"{key}\0{stage}\0".encode() + blob).hexdigest()

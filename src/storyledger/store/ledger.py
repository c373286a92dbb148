"""The ledger: one SQLite file, one writer, any number of readers.

Invariant: at every moment, killed or not, the file is a valid ledger: a page's work is committed by
itself, the story is replaced with its seal in one transaction. This module must not know any stage.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import msgspec
import zstandard

from storyledger.errors import EnvironmentFault, UsageError
from storyledger.journal import renumber_after
from storyledger.store.entries import SEARCH_TABLE, iter_entries
from storyledger.store.entry_index import EntryIndex
from storyledger.store.layout import VERSION, has_log, lay_out
from storyledger.store.lock import WriterLock
from storyledger.store.mapping import Rows, Table, build_values, column_names, define_column, iter_rows, iter_tables
from storyledger.store.schema import (
    ADDED_COLUMNS,
    APPLICATION_ID,
    SCHEMA_VERSION,
    STORY_TABLES,
    create_script,
    iter_story_tables,
)
from storyledger.store.seal import Seal, work_digest
from storyledger.types import Derivation, Failure, Judgement, Page, Signature, SourceNote, Story

T = TypeVar("T")
BUSY_TIMEOUT_MS = 30_000
_PAGE_COLUMNS = "id, path, record, bytes, sha256, media, charset, sidecar, declared, given, cut, derived"
ZSTD_LEVEL = (
    9  # a tenth smaller than zlib at 1 for some 4 ms a page, unpacked twice as fast; 15 takes six times as long
)
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"  # what stands before a frame; results kept by schema 5 and before are zlib's


class Ledger:
    """An open ledger file. Use ``Ledger.create``, ``Ledger.open`` or ``Ledger.open_readonly``."""

    def __init__(self, connection: sqlite3.Connection, path: Path, lock: WriterLock | None = None) -> None:
        """Keep the connection and the writer's lock; callers use the class methods."""
        self._db, self.path, self._lock = connection, path, lock
        self._seal = Seal(connection)
        self._is_changed = False

    # ------------------------------------------------------------------ opening

    @classmethod
    def create(cls, path: Path) -> Ledger:
        """Return the ledger at ``path`` for writing, made if there is none.

        Raises:
            UsageError: the file is no ledger, or of a newer version; it is left untouched.
            EnvironmentFault: the place cannot be written, or another process is writing there.
        """
        if path.exists() and path.stat().st_size and not _is_blank(path):
            return cls.open(path)
        with _writing(path) as lock, _faults(path):
            ledger = cls(_connect(path, "rwc"), path, lock)
            ledger._db.execute("PRAGMA journal_mode = WAL")
            with ledger.transaction():
                for statement in create_script():
                    ledger._db.execute(statement)
                ledger._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                ledger._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                ledger._seal.write()
        return ledger

    @classmethod
    def open(cls, path: Path) -> Ledger:
        """Return the ledger at ``path`` for writing, its tables brought up to date."""
        check_ledger(path)
        with _writing(path) as lock, _faults(path):
            was_interrupted = has_log(path)
            ledger = cls(_connect(path, "rw"), path, lock)
            ledger._migrate()
            if was_interrupted:
                with ledger.transaction():
                    pass  # so that the file is laid out when it is closed
        return ledger

    @classmethod
    def open_readonly(cls, path: Path) -> Ledger:
        """Return the ledger at ``path`` as it is at this moment, to read; it is never changed, nor a build held up."""
        check_ledger(path)
        with _faults(path):
            connection = _connect_reader(path)
            connection.execute("BEGIN")  # all that is read is of one moment, whatever a build commits meanwhile
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return cls(connection, path)

    def open_beside(self) -> Ledger:
        """Return a further connection for writing, for another thread of the process that holds the writer's lock."""
        assert self._lock is not None, "only the writer may write beside itself"
        with _faults(self.path):
            return Ledger(_connect(self.path, "rw"), self.path)

    def close(self) -> None:
        """Close the file, folding the write-ahead log into it; what was written is laid out anew."""
        try:
            if self._is_changed:
                self._lay_out()
        finally:
            self._is_changed = False
            self._release()

    def _lay_out(self) -> None:
        """Mark the file as laid out and lay it out; without space for that it stays valid, and unmarked."""
        try:
            self._mark(VERSION)
            lay_out(self._db)
        except sqlite3.OperationalError:
            with contextlib.suppress(sqlite3.OperationalError):
                self._mark(None)

    def _mark(self, version: int | None) -> None:
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._seal.mark_layout(version)

    def _release(self) -> None:
        self._db.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        """Return the ledger itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: commit at the end, roll back on any error."""
        with _faults(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                if not self._is_changed and self._columns("seal"):
                    self._seal.mark_layout(None)
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
            self._is_changed = True

    def _migrate(self) -> None:
        """Add the tables and columns that a ledger of an older version lacks."""
        missing = [(t.name, c) for t in iter_story_tables() for c in t.columns if c.name not in self._columns(t.name)]
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version == SCHEMA_VERSION and not missing:
            return
        with self.transaction():
            self._db.execute("DROP TABLE IF EXISTS document_search")  # until version 2 the index of articles alone
            for name, column in missing:
                if self._columns(name):
                    self._db.execute(f'ALTER TABLE "{name}" ADD COLUMN {define_column(column)}')
            for table, name, definition in ADDED_COLUMNS:
                if name not in self._columns(table):
                    self._db.execute(f"ALTER TABLE {table} ADD COLUMN {definition}")
            for statement in create_script():
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._db.execute("DELETE FROM entry")
            self._clear_search()
            self._insert_entries(self.load_story())
            self._seal.write()

    def _columns(self, table: str) -> set[str]:
        return {row[1] for row in self._db.execute(f'PRAGMA table_info("{table}")')}

    # ------------------------------------------------------------------ pages

    def add_pages(self, pages: Iterable[tuple[str, Page]], *, keep_bytes: bool) -> None:
        """Store pages with the argument they were given under; a page is stored once."""
        listed = list(pages)
        rows = [_page_row(given_as, page, keep_bytes) for given_as, page in listed]
        files = [(p.derived.sha256, p.received) for _, p in listed if p.derived and p.received is not None]
        with self.transaction():
            self._db.executemany(f"INSERT OR REPLACE INTO page VALUES ({','.join('?' * 14)})", rows)
            if keep_bytes:
                self._db.executemany("INSERT OR IGNORE INTO received VALUES (?,?)", files)
            self._seal.write(["page", "received"])

    def remove_pages(self, ids: Iterable[str]) -> None:
        """Forget pages whose file has changed."""
        with self.transaction():
            self._db.executemany("DELETE FROM page WHERE id = ?", [(i,) for i in ids])
            self._db.execute(
                "DELETE FROM received WHERE sha256 NOT IN "
                "(SELECT json_extract(derived, '$.sha256') FROM page WHERE derived IS NOT NULL)"
            )
            self._seal.write(["page", "received"])

    def list_pages(self) -> list[tuple[str, Page]]:
        """Return ``(given_as, page without its bytes)`` in order of path, record and hash."""
        rows = self._db.execute(
            f"SELECT given_as, {_PAGE_COLUMNS.replace('bytes', 'NULL')} FROM page "
            "ORDER BY path, record IS NOT NULL, record, sha256"
        )
        return [(row[0], _page(row[1:])) for row in rows]

    def load_page(self, ident: str) -> Page | None:
        """Return the page called ``ident`` with its bytes; None where they were not kept."""
        query = f"SELECT {_PAGE_COLUMNS} FROM page WHERE id = ? AND bytes IS NOT NULL"
        row = self._db.execute(query, (ident,)).fetchone()
        return _page(row) if row else None

    def load_captures(self) -> dict[tuple[str, str | None, str], bytes]:
        """Return the bytes of the pages that were kept, by path, record and hash."""
        rows = self._db.execute("SELECT path, record, sha256, bytes FROM page WHERE bytes IS NOT NULL")
        return {(path, record, digest): data for path, record, digest, data in rows}

    def load_capture(self, path: str, record: str | None, sha256: str) -> bytes | None:
        """Return the bytes of one page by its file, record and hash, None where they were not kept."""
        query = "SELECT bytes FROM page WHERE sha256 = ? AND path = ? AND record IS ?"
        row = self._db.execute(query, (sha256, path, record)).fetchone()
        return bytes(row[0]) if row and row[0] is not None else None

    def load_received(self, sha256: str) -> bytes | None:
        """Return the file whose hash is ``sha256``, of which pages were made; None where it was not kept."""
        row = self._db.execute("SELECT bytes FROM received WHERE sha256 = ?", (sha256,)).fetchone()
        return row[0] if row else None

    # ------------------------------------------------------------------ work on one page

    def known_work(self, stage: str) -> set[str]:
        """Return the keys of the work of ``stage`` that is done."""
        return {key for (key,) in self._db.execute("SELECT key FROM work WHERE stage = ?", (stage,))}

    def save_work(self, stage: str, results: Iterable[tuple[str, Any]]) -> None:
        """Store results of a stage by their keys."""
        rows = []
        for key, value in results:
            blob = zstandard.compress(msgspec.msgpack.encode(value), ZSTD_LEVEL)
            rows.append((key, stage, work_digest(key, stage, blob), blob))
        with self.transaction():
            self._db.executemany("INSERT OR REPLACE INTO work VALUES (?,?,?,?)", rows)

    def load_work(self, keys: Sequence[str], kind: type[T]) -> dict[str, T]:
        """Return the stored results of ``keys``, by key; what is damaged or missing is not there."""
        found: dict[str, T] = {}
        for key in keys:
            row = self._db.execute("SELECT sha256, stage, value FROM work WHERE key = ?", (key,)).fetchone()
            if row and work_digest(key, row[1], row[2]) == row[0]:
                found[key] = msgspec.msgpack.decode(_unpack(row[2]), type=kind)
        return found

    def drop_work(self, keep: set[str]) -> None:
        """Forget work that no page needs any more."""
        old = [(key,) for (key,) in self._db.execute("SELECT key FROM work") if key not in keep]
        if old:
            with self.transaction():
                self._db.executemany("DELETE FROM work WHERE key = ?", old)

    # ------------------------------------------------------------------ the story

    def save_story(
        self,
        story: Story,
        failures: Sequence[Failure],
        steps: Mapping[tuple[str, str], str],
        meta: Mapping[str, Any],
    ) -> None:
        """Replace the story, its failures, the keys of the steps that made it, and seal the ledger."""
        with self.transaction():
            self._clear_story()
            for section, table in STORY_TABLES.items():
                self._insert_values(table, getattr(story, section))
            self._insert("timeline", enumerate(story.timeline))
            self._insert("failure", ((n, *dataclasses.astuple(f)) for n, f in enumerate(failures)))
            self._insert("step", sorted((i, s, key) for (i, s), key in steps.items()))
            self._insert_entries(story)
            self._set_meta({**meta, "stages": list(story.stages)})
            self._seal.write()

    def load_story(self) -> Story:
        """Return the story as it was saved; an empty one where no build has finished."""
        sections = {section: build_values(table, self._rows(table)) for section, table in STORY_TABLES.items()}
        timeline = tuple(event for (event,) in self._db.execute("SELECT event FROM timeline ORDER BY position"))
        stages = tuple(self.read_meta().get("stages", ()))
        return Story(**sections, timeline=timeline, stages=stages)

    def load_finished_story(self) -> Story:
        """Return the story as the last build that finished left it.

        Raises:
            UsageError: none has finished: an empty account of a pile that holds pages would be a false one.
        """
        if not self.read_meta():
            pages = self._db.execute("SELECT count(*) FROM page").fetchone()[0]
            what = f"{self.path} has {pages} pages and no story yet: no build of it has finished"
            raise UsageError("E-LEDGER-UNTOLD", what, "run that build again; it goes on from where it was")
        return self.load_story()

    def load_failures(self) -> list[Failure]:
        """Return what could not be done, in order."""
        rows = self._db.execute("SELECT path, record, stage, code, message, advice FROM failure ORDER BY position")
        return [Failure(*row) for row in rows]

    def load_steps(self) -> dict[str, list[tuple[str, str]]]:
        """Return, by page or document id, the stages that were run on it with the keys of their results."""
        steps: dict[str, list[tuple[str, str]]] = {}
        for ident, stage, key in self._db.execute("SELECT input, stage, key FROM step ORDER BY input, stage"):
            steps.setdefault(ident, []).append((stage, key))
        return steps

    def read_meta(self) -> dict[str, Any]:
        """Return the facts about the ledger itself: stages, settings, model digest, shape of an import."""
        return {key: json.loads(value) for key, value in self._db.execute("SELECT key, value FROM meta ORDER BY key")}

    def story_version(self) -> str:
        """Return a digest that is another one whenever the story is: what is made of one can be kept under it."""
        query = "SELECT name, sha256 FROM seal WHERE name NOT IN ('seal', 'file', 'judgement', 'meta') ORDER BY name"
        return hashlib.sha256(repr(self._db.execute(query).fetchall()).encode()).hexdigest()

    @property
    def entries(self) -> EntryIndex:
        """The entries one at a time: lists, searches, values by id."""
        return EntryIndex(self._db)

    # ------------------------------------------------------------------ judgements

    def load_judgements(self) -> list[Judgement]:
        """Return the journal of corrections, oldest first."""
        by = "made_by" if "made_by" in self._columns("judgement") else "NULL"
        query = f"SELECT number, verb, a, b, value, because, made_on, {by} FROM judgement ORDER BY number"
        return [
            Judgement(number, verb, _key(a), _key(b) if b else None, *said)
            for number, verb, a, b, *said in self._db.execute(query)
        ]

    def add_judgements(self, judgements: Sequence[Judgement]) -> list[Judgement]:
        """Append to the journal and seal it; nothing in it is ever changed.

        Returns:
            What was written: numbered anew where somebody else wrote since the numbers were given.
        """
        with self.transaction():
            (last,) = self._db.execute("SELECT coalesce(max(number), 0) FROM judgement").fetchone()
            written = renumber_after(judgements, last)
            rows = [
                (
                    j.number,
                    j.verb,
                    json.dumps(j.a),
                    json.dumps(j.b) if j.b else None,
                    j.value,
                    j.because,
                    j.made_on,
                    j.by,
                )
                for j in written
            ]
            self._db.executemany("INSERT INTO judgement VALUES (?,?,?,?,?,?,?,?)", rows)
            self._seal.write(["judgement"])
        return written

    # ------------------------------------------------------------------ the seal

    def iter_damage(self) -> Iterator[str]:
        """Yield a line for everything in the file that is not as it was written."""
        with _faults(self.path):
            yield from self._seal.iter_damage(str(self.path))

    def is_laid_out(self) -> bool:
        """Tell whether ``iter_damage`` covers the bytes that no table holds: its last writer closed the file."""
        marked = self._db.execute("SELECT count(*) FROM seal WHERE name = 'file' AND rows = ?", (VERSION,)).fetchone()[
            0
        ]
        return bool(marked) and not has_log(self.path)

    def digest_all(self) -> str:
        """Return one digest of everything in the ledger but its signatures."""
        return self._seal.digest_all()

    def sign(self, signature: Signature) -> None:
        """Keep ``signature`` of ``digest_all``; another of the same key is replaced."""
        with self.transaction():
            self._db.execute("DELETE FROM signature WHERE public_key = ?", (signature.public_key,))
            self._insert("signature", [dataclasses.astuple(signature)])

    def load_signatures(self) -> list[Signature]:
        """Return the signatures that came with the ledger, by key."""
        if not self._columns("signature"):
            return []
        return [Signature(*row) for row in self._db.execute("SELECT * FROM signature ORDER BY public_key")]

    # ------------------------------------------------------------------ rows

    def _clear_story(self) -> None:
        for name in ("timeline", "failure", "step", "entry", "meta"):
            self._db.execute(f"DELETE FROM {name}")
        self._clear_search()
        for table in reversed(iter_story_tables()):
            self._db.execute(f'DELETE FROM "{table.name}"')

    def _clear_search(self) -> None:
        """Begin the search index anew: emptied row by row it would depend on what it once held."""
        self._db.execute("DROP TABLE IF EXISTS entry_search")
        self._db.execute(SEARCH_TABLE)

    def _insert_values(self, table: Table, values: Sequence[Any]) -> None:
        rows: Rows = {}
        for name, row in iter_rows(table, values):
            rows.setdefault(name, []).append(row)
        for part in iter_tables(table):
            if rows.get(part.name):
                self._insert(part.name, rows[part.name], column_names(part))

    def _insert_entries(self, story: Story) -> None:
        listed = list(enumerate(iter_entries(story)))
        self._insert("entry", ((n, *dataclasses.astuple(entry)) for n, (entry, _, _) in listed))
        searched = ((n, entry.title, words, who) for n, (entry, words, who) in listed)
        self._insert("entry_search", searched, ("rowid", "title", "words", "who"))

    def _insert(self, table: str, rows: Iterable[Sequence[Any]], columns: Sequence[str] = ()) -> None:
        listed = list(rows)
        if listed:
            names = "(" + ", ".join(f'"{c}"' for c in columns) + ")" if columns else ""
            marks = ",".join("?" * len(listed[0]))
            self._db.executemany(f'INSERT INTO "{table}" {names} VALUES ({marks})', listed)

    def _rows(self, table: Table) -> Rows:
        rows: Rows = {}
        for part in iter_tables(table):
            there = self._columns(part.name)  # asked for a column that an older file lacks, SQLite returns its name
            if not there:
                continue
            names = ", ".join(f'"{c}"' if c in there else "NULL" for c in column_names(part))
            order = '"parent", "nth"' if part.is_child else '"nth"'
            rows[part.name] = self._db.execute(f'SELECT {names} FROM "{part.name}" ORDER BY {order}').fetchall()
        return rows

    def _set_meta(self, meta: Mapping[str, Any]) -> None:
        self._insert("meta", [(k, json.dumps(v, sort_keys=True)) for k, v in sorted(meta.items())])


# ---------------------------------------------------------------------- the file itself


def check_ledger(path: Path) -> None:
    """Raise ``UsageError`` unless ``path`` is a ledger that this version can read; touch nothing."""
    if not path.is_file():
        raise UsageError("E-LEDGER-MISSING", f"there is no ledger at {path}", "make one with `storyledger build`")
    application, version = _read_marks(path)
    if application != APPLICATION_ID and (not path.stat().st_size or _is_blank(path)):
        what = f"{path} holds nothing yet: the build that began it was interrupted"
        raise UsageError("E-LEDGER-EMPTY", what, "run that build again")
    if application != APPLICATION_ID:
        raise UsageError(
            "E-LEDGER-FOREIGN", f"{path} is not a storyledger ledger", "it was left untouched; name another file"
        )
    if version > SCHEMA_VERSION:
        raise UsageError(
            "E-LEDGER-NEWER",
            f"{path} was written by a newer storyledger (schema {version}, this one knows {SCHEMA_VERSION})",
            "update storyledger; the file was left untouched",
        )


def _read_marks(path: Path) -> tuple[int, int]:
    """Return the application id and schema version of ``path``; zeros where it is no SQLite file.

    A build killed in its first second may have them in the write-ahead log only, so where there is a log
    SQLite itself is asked.
    """
    head = _read_head(path)
    if head[:16] != b"SQLite format 3\0":
        return 0, 0
    if not has_log(path):
        return int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    with _faults(path):
        connection = _connect_reader(path)
        try:
            marks = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
        finally:
            connection.close()
    return marks[0], marks[1]


def _is_blank(path: Path) -> bool:
    """Tell whether ``path`` is an SQLite file without any table: a build killed in its first moment."""
    if _read_head(path)[:16] != b"SQLite format 3\0":
        return False
    connection = _connect(path, "ro")
    try:
        return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False
    finally:
        connection.close()


def _read_head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(100).ljust(100, b"\0")
    except OSError as error:
        raise EnvironmentFault(
            "E-LEDGER-READ", f"cannot read {path}: {error.strerror}", "check its permissions"
        ) from error


def _connect_reader(path: Path) -> sqlite3.Connection:
    """Return a connection that reads; in a folder that may not be written, without SQLite's files beside it.

    There it reads the file as it stands, and a copy where an interrupted build left a write-ahead log.
    """
    connection = _connect(path, "ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise
        return _connect_copy(path) if has_log(path) else _connect(path, "ro&immutable=1")
    return connection


def _connect_copy(path: Path) -> sqlite3.Connection:
    """Return a connection to a copy of the ledger and its log, in memory; nothing of it stays."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / path.name
        shutil.copyfile(path, place)
        shutil.copyfile(_log_of(path), _log_of(place))
        copy, memory = _connect(place, "rw"), sqlite3.connect(":memory:", isolation_level=None)
        copy.backup(memory)
        copy.close()
    return memory


def _unpack(blob: bytes) -> bytes:
    """Return a kept result as it was before it was packed, by this version or an older one."""
    return zstandard.decompress(blob) if blob.startswith(_ZSTD_MAGIC) else zlib.decompress(blob)


def _log_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)
    connection.execute("PRAGMA foreign_keys = ON")
    if mode.startswith("rw"):
        connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextmanager
def _writing(path: Path) -> Iterator[WriterLock]:
    """Hold the writer's lock; it stays held unless the block fails."""
    lock = WriterLock(path)
    lock.acquire()
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the machine into an ``EnvironmentFault`` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _make_fault(error, str(path)) from error
    except UnicodeDecodeError as error:  # what SQLite says of a broken schema quotes its bytes
        raise _make_fault(sqlite3.DatabaseError("its schema is broken"), str(path)) from error


def explain_fault(error: Exception) -> EnvironmentFault | None:
    """Return what an error of SQLite is to the user; None where ``error`` is none."""
    return _make_fault(error, "the ledger") if isinstance(error, sqlite3.Error) else None


def _make_fault(error: sqlite3.Error, place: str) -> EnvironmentFault:
    told = f"{place}: {error}"
    if not isinstance(error, sqlite3.OperationalError):
        return EnvironmentFault("E-LEDGER-DAMAGED", told, "restore a copy, or build it anew from the pages")
    if "locked" in str(error):
        return EnvironmentFault("E-LEDGER-BUSY", told, "another storyledger is writing this ledger; wait for it")
    if "unable to open" in str(error) or "readonly" in str(error):
        return EnvironmentFault("E-LEDGER-WRITE", told, "check that the folder exists and can be written")
    if "full" in str(error) or "disk I/O" in str(error):
        advice = "free some space and run the same command again; what was done is kept"
        return EnvironmentFault("E-LEDGER-WRITE", told, advice)
    return EnvironmentFault("E-LEDGER-DAMAGED", told, "restore a copy, or build it anew from the pages")


def _page_row(given_as: str, page: Page, keep_bytes: bool) -> tuple[Any, ...]:
    notes = [json.dumps(dataclasses.asdict(n)) if n else None for n in (page.sidecar, page.declared)]
    data = page.data if keep_bytes else None
    return (
        page.id, given_as, page.path, page.record, page.sha256, page.media, page.charset, *notes, len(page.data), data,
        int(page.given), page.cut, json.dumps(dataclasses.asdict(page.derived)) if page.derived else None,
    )  # fmt: skip


def _page(row: tuple[Any, ...]) -> Page:
    ident, path, record, data, digest, media, charset, sidecar, declared, given, cut, derived = row
    notes = _note(sidecar), _note(declared)
    made = msgspec.convert(json.loads(derived), Derivation) if derived else None
    return Page(ident, path, record, data or b"", digest, media, charset, *notes, bool(given), cut, made)


def _note(text: str | None) -> SourceNote | None:
    return msgspec.convert(json.loads(text), SourceNote) if text else None


def _key(text: str) -> tuple[str, int, int, str]:
    sha, start, end, surface = json.loads(text)
    return sha, start, end, surface

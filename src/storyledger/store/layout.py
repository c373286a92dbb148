"""The bytes that no table holds: free space, pages without use, the file's header.

A ledger is laid out anew (VACUUM) when its writer closes it. That layout follows from the contents alone, so it is made
once more from what the tables hold and compared byte by byte: whatever was changed, in a table or between them, shows.
Invariant: a file that is marked as laid out equals its own layout. This module must not know any table.

Source: measured on SQLite 3.40: VACUUM INTO of a vacuumed file differs in the counters of the header only.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

VERSION = (
    sqlite3.sqlite_version_info[0] * 1_000_000 + sqlite3.sqlite_version_info[1] * 1000 + sqlite3.sqlite_version_info[2]
)
CHUNK_BYTES = 1 << 20
READER_WAIT_MS = 5_000  # a reader that takes longer keeps the log in use; the next writer folds it in
# of the header: journal mode, change counter, the schema's counter, the change counter again; ``_is_sound`` checks each
_COUNTERS = ((18, 20), (24, 28), (40, 44), (92, 96))
_CARRIED = (40, 48, 56, 60)  # schema counter, cache, encoding, our version: a new layout takes them over unseen


def describe_header(db: sqlite3.Connection) -> str:
    """Return what the header will say, after the next layout, of which the layout itself tells nothing."""
    counter, version = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("schema_version", "user_version"))
    mode = 2 if db.execute("PRAGMA journal_mode").fetchone()[0] == "wal" else 1  # not every file system has the log
    return f"{counter + 1} 0 1 {version} {mode}"  # no size of the cache is set; 1: UTF-8


def lay_out(db: sqlite3.Connection) -> None:
    """Lay the file out anew and fold the write-ahead log into it."""
    db.execute("VACUUM")
    (wait_ms,) = db.execute("PRAGMA busy_timeout").fetchone()
    db.execute(f"PRAGMA busy_timeout = {READER_WAIT_MS}")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.execute(f"PRAGMA busy_timeout = {wait_ms}")


def has_log(path: Path) -> bool:
    """Tell whether a write-ahead log with something in it lies beside ``path``: its writer was interrupted."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def iter_layout_damage(db: sqlite3.Connection, path: str, version: int, header: str) -> Iterator[str]:
    """Yield a line where the file at ``path`` is not the layout of what ``db`` holds.

    Nothing is said of a file whose writer was interrupted (it is laid out when the next one closes it), nor of one
    that another version of SQLite laid out, which may do it otherwise, nor where a writer came in between.
    """
    if has_log(Path(path)) or version != VERSION:
        return
    before, reads = _count_changes(db), db.in_transaction
    if reads:  # a reader's view of one moment: a layout cannot be made within it
        db.execute("COMMIT")
    try:
        with tempfile.TemporaryDirectory() as folder:
            anew = Path(folder) / "anew.db"
            db.execute("VACUUM INTO ?", (str(anew),))
            found = list(_compare(Path(path), anew, version, header))
        if _count_changes(db) == before and not has_log(Path(path)):
            yield from found
    finally:
        if reads:
            db.execute("BEGIN")


def _count_changes(db: sqlite3.Connection) -> int:
    """Return a number that is another once another connection has written."""
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _compare(path: Path, anew: Path, version: int, header: str) -> Iterator[str]:
    with path.open("rb") as file, anew.open("rb") as other:
        size, wanted = os.fstat(file.fileno()).st_size, os.fstat(other.fileno()).st_size
        if size != wanted:
            yield f"file: {size} bytes, its contents make {wanted}"
        head, head_anew = file.read(100), other.read(100)
        if _plain(head) != _plain(head_anew) or not _is_sound(head, version, header):
            yield "file: its header is not what was written"
        at = 100
        while (here := file.read(CHUNK_BYTES)) and (there := other.read(CHUNK_BYTES)):
            if here != there:
                with contextlib.suppress(StopIteration):
                    at += next(n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b)
                yield f"file: the byte at {at} is not what was written; no table holds it"
                return
            at += len(here)


def _plain(head: bytes) -> bytes:
    out = bytearray(head)
    for start, end in _COUNTERS:
        out[start:end] = bytes(end - start)
    return bytes(out)


def _is_sound(head: bytes, version: int, header: str) -> bool:
    """Check what a new layout cannot tell: the journal's mode, the counters, what is carried over."""

    def number(at: int) -> int:
        return int.from_bytes(head[at : at + 4], "big")

    wanted = header.split()
    carried = [str(number(at)) for at in _CARRIED] == wanted[:4]
    modes = head[18:20] in ([bytes((int(mode), int(mode))) for mode in wanted[4:]] or [b"\1\1", b"\2\2"])
    return carried and modes and number(24) == number(92) and number(96) == version

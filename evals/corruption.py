"""A thousand corruptions, planted one at a time: ``verify`` must find every one.

    python -m evals.corruption [N] [PAGES]

Builds the ferry (its first PAGES pages), then changes one thing in a copy of the ledger (a value, a position by one, a
row taken away, two cells of a column exchanged, in the tables of the search index too), one bit of the file wherever it
lies, its schema, or one bit of a page beside it, and runs what ``verify`` runs. Exits with 1 if one is missed: neither
found nor refused. A thousand of the whole ferry take some ten minutes of the processor.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from storyledger.errors import EnvironmentFault, UsageError
from storyledger.proof import check_story
from storyledger.store import Ledger

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
Row = tuple[object, ...]  # what names a row


def plant(path: Path, dice: random.Random) -> str:
    """Change one thing in the ledger at ``path`` and say what."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = OFF")
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'entry_search'")
    tables = [n for (n,) in names if db.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0]]
    table, what = dice.choice(tables), dice.choice(["delete", "change", "change", "swap"])
    try:
        CHANGES[what](db, table, dice)
        db.commit()
    except sqlite3.IntegrityError:  # the file's own keys refuse it: take something away instead
        db.rollback()
        what = "delete"
        delete(db, table, dice)
        db.commit()
    db.close()
    return f"{what} in {table}"


def delete(db: sqlite3.Connection, table: str, dice: random.Random) -> None:
    """Take a row away."""
    keys = row_keys(db, table)
    rows = db.execute(f'SELECT {", ".join(keys)} FROM "{table}"').fetchall()
    db.execute(f'DELETE FROM "{table}" WHERE {named(keys)}', dice.choice(rows))


def change(db: sqlite3.Connection, table: str, dice: random.Random) -> None:
    """Change one cell."""
    column, rows = pick_column(db, table, dice)
    row, value = dice.choice(rows)
    put(db, table, column, row, altered(value, dice))


def swap(db: sqlite3.Connection, table: str, dice: random.Random) -> None:
    """Exchange two cells of a column."""
    column, rows = pick_column(db, table, dice)
    (a, one), (b, two) = dice.choice(rows), dice.choice(rows)
    if one == two:
        change(db, table, dice)
        return
    for row, value in ((b, altered(one, dice)), (a, two), (b, one)):
        put(db, table, column, row, value)


def put(db: sqlite3.Connection, table: str, column: str, row: Row, value: object) -> None:
    """Write one cell."""
    db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE {named(row_keys(db, table))}', (value, *row))


def row_keys(db: sqlite3.Connection, table: str) -> list[str]:
    """Return what names a row of ``table``: its rowid, its key where it has none."""
    (sql,) = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    if "WITHOUT ROWID" not in sql:
        return ["rowid"]
    return [f'"{column[1]}"' for column in db.execute(f'PRAGMA table_info("{table}")') if column[5]]


def named(keys: list[str]) -> str:
    """Return the condition that a row has these keys."""
    return " AND ".join(f"{key} = ?" for key in keys)


def pick_column(db: sqlite3.Connection, table: str, dice: random.Random) -> tuple[str, list[tuple[Row, object]]]:
    """Return a column that has values, with the keys of each row and its value."""
    names = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")')]
    dice.shuffle(names)
    keys = ", ".join(row_keys(db, table))
    for name in names:
        rows = db.execute(f'SELECT {keys}, "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL').fetchall()
        if rows:
            return name, [(tuple(row), value) for *row, value in rows]
    raise AssertionError(table)


def altered(value: object, dice: random.Random) -> object:
    """Return ``value`` with one thing changed: off by one, one bit, one letter."""
    if isinstance(value, int | float):
        return value + dice.choice([-1, 1])
    if isinstance(value, bytes):
        return flip_bit(value, dice)
    assert isinstance(value, str)
    at = dice.randrange(len(value) + 1)
    return value[:at] + "x" + value[at:]


def flip_bit(data: bytes, dice: random.Random) -> bytes:
    """Return ``data`` with one bit changed."""
    at = dice.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :]


SCHEMA = (
    "CREATE TABLE extra (x)", "CREATE VIEW extra AS SELECT * FROM document", "CREATE INDEX extra ON document (title)",
    "CREATE TRIGGER extra AFTER INSERT ON meta BEGIN DELETE FROM judgement; END", "DROP TABLE failure",
    "ALTER TABLE document ADD COLUMN extra TEXT", "PRAGMA user_version = 2", "ANALYZE", "DROP TABLE entry_search",
    "INSERT INTO entry_search (rowid, title, words) VALUES (99999, 'x', 'planted')", "PRAGMA journal_mode = DELETE",
)  # fmt: skip


def change_schema(path: Path, dice: random.Random) -> str:
    """Add, drop or alter something beside the rows."""
    statement = dice.choice(SCHEMA)
    db = sqlite3.connect(path)
    db.execute(statement)
    db.commit()
    db.close()
    return "schema: " + " ".join(statement.split()[:3])


CHANGES = {"delete": delete, "change": change, "swap": swap}


def find_nothing_wrong(ledger_file: Path, pages: dict[str, bytes]) -> bool:
    """Tell whether ``verify --pages`` would find the ledger and its pages whole."""
    try:
        with Ledger.open_readonly(ledger_file) as ledger:
            if any(True for _ in ledger.iter_damage()):
                return False
            story = ledger.load_story()
    except (UsageError, EnvironmentFault):
        return False  # refused
    captures = {a.id: pages[a.path] for a in story.documents}
    return not check_story(story, captures)


def main() -> int:
    """Plant, verify, count."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    dice, planted, missed = random.Random(20), Counter[str](), Counter[str]()
    taken = sorted(FERRY.iterdir())[: int(sys.argv[2]) if len(sys.argv) > 2 else None]
    pages = {p.name: p.read_bytes() for p in taken}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.db"
        command = [sys.executable, "-m", "storyledger", "build", *map(str, taken), "-o", str(whole), "--quiet"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        assert find_nothing_wrong(whole, pages), "the ledger does not verify before anything is planted"
        for number in range(total):
            copy = Path(folder) / f"{number}.db"  # of its own: SQLite may still hold locks on the one before
            shutil.copy(whole, copy)
            beside = dict(pages)
            if number % 10 == 0:
                name = dice.choice(sorted(pages))
                beside[name], what = flip_bit(pages[name], dice), "bit in a page"
            elif number % 5 == 1:
                copy.write_bytes(flip_bit(copy.read_bytes(), dice))
                what = "bit in the file"
            else:
                what = change_schema(copy, dice) if number % 10 == 2 else plant(copy, dice)
            planted[what] += 1
            missed[what] += find_nothing_wrong(copy, beside)
            copy.unlink()
            if (number + 1) % 100 == 0:
                print(f"{number + 1} planted, {missed.total()} missed", file=sys.stderr, flush=True)
    for what, count in sorted(planted.items()):
        print(f"{what:40} planted {count:4}  missed {missed[what]:4}")
    print(f"{'all':40} planted {total:4}  missed {missed.total():4}")
    return bool(missed.total())


if __name__ == "__main__":
    sys.exit(main())

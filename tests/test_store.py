"""The ledger file: every value survives it, damage is found, what is no ledger is left alone."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from storyledger.errors import UsageError
from storyledger.export import document_shape, encode_story, read_document, read_story, write_canonical
from storyledger.proof import check_story
from storyledger.store import Ledger
from storyledger.types import Judgement, Story


@pytest.fixture(scope="module")
def gold(ferry: Path) -> Story:
    return read_story(ferry / "gold_story.json")


@pytest.fixture
def ledger_file(gold: Story, tmp_path: Path) -> Path:
    path = tmp_path / "story.db"
    with Ledger.create(path) as ledger:
        ledger.save_story(gold, [], {}, {})
    return path


def test_every_value_survives_the_ledger(gold: Story, ledger_file: Path) -> None:
    with Ledger.open_readonly(ledger_file) as ledger:
        assert ledger.load_story() == gold
        assert list(ledger.iter_damage()) == []


def test_an_import_exported_again_is_the_same_document(ferry: Path) -> None:
    document = read_document(ferry / "gold_story.json")
    again = encode_story(read_story(ferry / "gold_story.json"), document_shape(document))
    assert write_canonical(again) == write_canonical(encode_story(read_story(ferry / "gold_story.json"), document_shape(again)))
    assert again == document


def test_the_text_of_documents_is_found_by_its_words(ledger_file: Path) -> None:
    with Ledger.open_readonly(ledger_file) as ledger:
        hits = [document for document, _ in ledger.search_text('open-air "pool"')]
    assert hits[0] == "16_skerrinherald_open-air-pool.txt"


def test_a_file_that_is_no_ledger_is_refused_and_left_untouched(tmp_path: Path) -> None:
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = foreign.read_bytes()
    with pytest.raises(UsageError, match="not a storyledger ledger"):
        Ledger.create(foreign)
    assert foreign.read_bytes() == before


def test_a_ledger_of_a_newer_version_is_refused_and_left_untouched(ledger_file: Path) -> None:
    db = sqlite3.connect(ledger_file)
    db.execute("PRAGMA user_version = 999")
    db.close()
    before = ledger_file.read_bytes()
    with pytest.raises(UsageError, match="newer storyledger"):
        Ledger.open(ledger_file)
    assert ledger_file.read_bytes() == before


def test_a_ledger_made_before_a_column_existed_gets_it(gold: Story, ledger_file: Path) -> None:
    db = sqlite3.connect(ledger_file)
    db.execute("ALTER TABLE figure DROP COLUMN scope")
    db.execute("DROP TABLE actor_merge")
    db.close()
    with Ledger.open(ledger_file) as ledger:
        assert ledger.load_story() == gold
        assert list(ledger.iter_damage()) == []


def test_readers_see_the_old_story_while_a_build_writes(gold: Story, ledger_file: Path) -> None:
    with Ledger.open(ledger_file) as writer, Ledger.open_readonly(ledger_file) as reader, writer.transaction():
        writer._db.execute("DELETE FROM timeline")
        assert reader.load_story().timeline == gold.timeline


def test_the_journal_keeps_judgements_as_they_were_made(ledger_file: Path) -> None:
    made = Judgement(1, "same", ("a" * 64, 3, 9, "Nuri"), ("b" * 64, 1, 7, "Nouri"), None, "one man", "2026-01-01")
    with Ledger.open(ledger_file) as ledger:
        ledger.add_judgements([made])
        assert ledger.load_judgements() == [made]
        assert list(ledger.iter_damage()) == []


def plant(path: Path, dice: random.Random) -> str:
    """Change one thing in the ledger at ``path`` and say what."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA foreign_keys = OFF")
    names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'document_search%'")
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
    rows = [r for (r,) in db.execute(f'SELECT rowid FROM "{table}"')]
    db.execute(f'DELETE FROM "{table}" WHERE rowid = ?', (dice.choice(rows),))


def change(db: sqlite3.Connection, table: str, dice: random.Random) -> None:
    column, rows = pick_column(db, table, dice)
    rowid, value = dice.choice(rows)
    db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (altered(value, dice), rowid))


def swap(db: sqlite3.Connection, table: str, dice: random.Random) -> None:
    column, rows = pick_column(db, table, dice)
    (a, one), (b, two) = dice.choice(rows), dice.choice(rows)
    if one == two:
        change(db, table, dice)
        return
    for rowid, value in ((b, altered(one, dice)), (a, two), (b, one)):
        db.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (value, rowid))


def pick_column(db: sqlite3.Connection, table: str, dice: random.Random) -> tuple[str, list[tuple[int, object]]]:
    names = [c[1] for c in db.execute(f'PRAGMA table_info("{table}")')]
    dice.shuffle(names)
    for name in names:
        rows = db.execute(f'SELECT rowid, "{name}" FROM "{table}" WHERE "{name}" IS NOT NULL').fetchall()
        if rows:
            return name, rows
    raise AssertionError(table)


CHANGES = {"delete": delete, "change": change, "swap": swap}


def altered(value: object, dice: random.Random) -> object:
    if isinstance(value, int | float):
        return value + dice.choice([-1, 1])
    if isinstance(value, bytes):
        at = dice.randrange(len(value))
        return value[:at] + bytes([value[at] ^ (1 << dice.randrange(8))]) + value[at + 1 :]
    assert isinstance(value, str)
    at = dice.randrange(len(value) + 1)
    return value[:at] + "x" + value[at:]


def test_corruptions_of_the_ledger_are_all_found(ledger_file: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    missed = []
    for number in range(60):  # benchmarks/corruption.py plants a thousand, pages included
        copy = tmp_path / f"{number}.db"
        shutil.copy(ledger_file, copy)
        what = plant(copy, dice)
        with Ledger.open_readonly(copy) as ledger:
            if not list(ledger.iter_damage()):
                missed.append(what)
        copy.unlink()
    assert missed == []


def test_a_bit_changed_in_a_page_or_a_position_moved_is_found(gold: Story, ferry: Path) -> None:
    captures = {a.id: (ferry / "pages" / a.path).read_bytes() for a in gold.documents}
    assert check_story(gold, captures) == []
    first = gold.documents[0].id
    for position in (0, 900, len(captures[first]) - 1):
        data = captures[first]
        broken = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        assert check_story(gold, {**captures, first: broken})

"""The ledger file: every value survives it, damage is found, what is no ledger is left alone."""

from __future__ import annotations

import dataclasses
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from evals.corruption import plant
from storyledger.changes import describe_changes
from storyledger.errors import EnvironmentFault, UsageError
from storyledger.export import document_shape, encode_story, read_document, read_story, write_canonical
from storyledger.proof import check_story
from storyledger.proof.signature import is_valid, sign_digest
from storyledger.store import Filters, Ledger, layout
from storyledger.store.seal import work_digest
from storyledger.types import EventMerge, Judgement, Story
from tests.tool import run


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
    assert write_canonical(again) == write_canonical(
        encode_story(read_story(ferry / "gold_story.json"), document_shape(again))
    )
    assert again == document


def test_the_text_of_documents_is_found_by_its_words(ledger_file: Path) -> None:
    with Ledger.open_readonly(ledger_file) as ledger:
        hits = ledger.entries.search('open-air "pool"', Filters(section="documents"))
    assert hits[0][0].id == "16_skerrinherald_open-air-pool.txt"
    assert "\x02pool\x03" in hits[0][1]


def test_entries_are_found_by_prefix_speaker_outlet_and_day(ledger_file: Path) -> None:
    with Ledger.open_readonly(ledger_file) as ledger:
        entries, story = ledger.entries, ledger.load_story()
        said = story.statements[0]
        speaker = said.speaker.actor
        assert speaker is not None
        listed = entries.list_lines(Filters(section="statements", who=speaker), limit=500)
        assert {e.id for e in listed} == {s.id for s in story.statements if s.speaker.actor == speaker}
        prefix = said.content.text.split()[0][:4]
        assert entries.search(f"{prefix}*", Filters(section="statements", who=speaker))
        until = entries.list_lines(Filters(section="documents", until="2021-03-10"), limit=500)
        assert {e.id for e in until} == {a.id for a in story.documents if (a.published or "9") <= "2021-03-10"}
        assert entries.load_values("comparisons", [story.comparisons[0].id]) == [story.comparisons[0]]
        assert entries.load_values("statements", [said.id, "nobody"]) == [said]


def test_what_a_person_types_is_never_syntax(ledger_file: Path) -> None:
    with Ledger.open_readonly(ledger_file) as ledger:
        for words in ('"', "NEAR(", "a AND", "*", "title:x", "-", "(ferry OR", "\x00"):
            ledger.entries.search(words, Filters())


def test_a_file_that_is_no_ledger_is_refused_and_left_untouched(tmp_path: Path) -> None:
    foreign = tmp_path / "other.db"
    with sqlite3.connect(foreign) as db:
        db.execute("CREATE TABLE theirs (x)")
    db.close()
    before = foreign.read_bytes()
    with pytest.raises(UsageError, match="not a storyledger ledger"):
        Ledger.create(foreign)
    assert foreign.read_bytes() == before


@pytest.mark.parametrize("begun", [False, True])
def test_a_ledger_whose_build_was_killed_before_it_held_anything_says_so(tmp_path: Path, begun: bool) -> None:
    path = tmp_path / "s.db"
    path.touch()
    if begun:
        db = sqlite3.connect(path)
        db.execute("PRAGMA journal_mode = WAL")
        db.close()
    with pytest.raises(UsageError, match="holds nothing yet"):
        Ledger.open_readonly(path)
    Ledger.create(path).close()
    with Ledger.open_readonly(path) as ledger:
        assert list(ledger.iter_damage()) == []


@pytest.mark.parametrize(
    "command", [["show"], ["stories"], ["brief"], ["export"], ["report", "-o", "account.html"], ["why", "event"]]
)
def test_no_account_is_made_of_a_ledger_whose_first_build_did_not_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Ledger.create(tmp_path / "s.db").close()
    done = run(command[0], "s.db", *command[1:])
    assert done.returncode == 2
    assert "E-LEDGER-UNTOLD: s.db has 0 pages and no story yet" in done.stderr
    assert not (tmp_path / "account.html").exists()


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


def test_reading_an_older_ledger_gives_what_it_lacks_its_default_and_changes_nothing(
    gold: Story, ledger_file: Path
) -> None:
    evidence = gold.events[0].mentions[0]
    event = replace(gold.events[0], merges=(EventMerge(evidence, evidence, 0.9, ("the same words",)),))
    story = replace(gold, events=(event, *gold.events[1:]))
    with Ledger.open(ledger_file) as ledger:
        ledger.save_story(story, [], {}, {})
    db = sqlite3.connect(ledger_file)
    db.execute("ALTER TABLE event_merge DROP COLUMN refused")
    db.close()
    before = ledger_file.read_bytes()
    with Ledger.open_readonly(ledger_file) as ledger:
        assert ledger.load_story() == story
    assert ledger_file.read_bytes() == before
    with Ledger.open(ledger_file) as ledger:
        assert ledger.load_story() == story


def test_work_that_an_older_version_kept_is_not_done_again(ledger_file: Path) -> None:
    blob = zlib.compress(msgspec.msgpack.encode(["kept"]), 1)  # until schema 5
    db = sqlite3.connect(ledger_file)
    db.execute("PRAGMA user_version = 5")
    db.execute("INSERT INTO work VALUES ('old', 'reading', ?, ?)", (work_digest("old", "reading", blob), blob))
    db.commit()
    db.close()
    with Ledger.open(ledger_file) as ledger:
        ledger.save_work("reading", [("new", ["kept too"])])
        assert ledger.load_work(["old", "new"], list[str]) == {"old": ["kept"], "new": ["kept too"]}
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


def test_corruptions_of_the_ledger_are_all_found(ledger_file: Path, tmp_path: Path) -> None:
    dice = random.Random(7)
    missed = []
    for number in range(60):  # python -m evals.corruption plants a thousand, pages included
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


def test_a_reader_sees_one_moment_while_builds_come_and_go(
    gold: Story, ledger_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "READER_WAIT_MS", 20)
    with Ledger.open_readonly(ledger_file) as reader:
        with Ledger.open(ledger_file) as writer:
            writer.save_story(dataclasses.replace(gold, actors=gold.actors[:3], timeline=()), [], {}, {})
        assert list(reader.iter_damage()) == []
        with Ledger.open(ledger_file) as writer:
            writer.save_story(gold, [], {}, {})
        assert len(reader.load_story().actors) in (3, len(gold.actors))
    with Ledger.open_readonly(ledger_file) as reader:
        actors = reader.load_story().actors
        with Ledger.open(ledger_file) as writer:
            writer.save_story(dataclasses.replace(gold, actors=gold.actors[:3], timeline=()), [], {}, {})
        assert reader.load_story().actors == actors == gold.actors
    with Ledger.open_readonly(ledger_file) as reader:
        assert list(reader.iter_damage()) == []


def test_the_second_writer_is_told_who_the_first_is(ledger_file: Path) -> None:
    program = f"from pathlib import Path; from storyledger.store import Ledger; Ledger.open(Path({str(ledger_file)!r})).close()"
    with Ledger.open(ledger_file):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
        assert b"E-LEDGER-BUSY" in done.stderr
        assert str(os.getpid()).encode() in done.stderr
        with pytest.raises(EnvironmentFault, match="E-LEDGER-BUSY"):
            Ledger.open(ledger_file)
        with Ledger.open_readonly(ledger_file) as reader:  # readers are not held up
            assert reader.load_story().documents
    subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert not ledger_file.with_name(ledger_file.name + "-lock").exists()


def test_a_lock_goes_with_its_process(ledger_file: Path) -> None:
    program = (
        "import os, time; from pathlib import Path; from storyledger.store import Ledger\n"
        f"kept = Ledger.open(Path({str(ledger_file)!r}))\n"
        "if os.fork() == 0: time.sleep(20)\n"
        "else: os._exit(9)"
    )
    killed = subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
    assert killed.wait() == 9
    assert ledger_file.with_name(ledger_file.name + "-lock").exists()
    with Ledger.open(ledger_file) as ledger:
        assert ledger.load_story().documents
    os.killpg(killed.pid, signal.SIGKILL)


ADDED = {
    "a table": "CREATE TABLE extra (x)",
    "a view": "CREATE VIEW extra AS SELECT * FROM document",
    "a trigger": "CREATE TRIGGER extra AFTER INSERT ON meta BEGIN DELETE FROM judgement; END",
    "an index": "CREATE INDEX extra ON document (title)",
    "a row of the search index": "INSERT INTO entry_search (rowid, title, words) VALUES (9999, 'x', 'planted words')",
    "a token of the search index": "UPDATE entry_search_data SET block = zeroblob(8) WHERE id = (SELECT max(id) FROM entry_search_data)",
    "a setting of the search index": "INSERT INTO entry_search (entry_search, rank) VALUES ('rank', 'bm25(10.0, 1.0)')",
    "another journal": "PRAGMA journal_mode = DELETE",
    "a column": "ALTER TABLE document ADD COLUMN extra TEXT",
    "a comment in the schema": "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = sql || ' ' WHERE name = 'meta'",
}


@pytest.mark.parametrize("what", ADDED)
def test_what_is_added_beside_the_tables_is_found(ledger_file: Path, what: str) -> None:
    db = sqlite3.connect(ledger_file)
    db.executescript(ADDED[what])
    db.close()
    with Ledger.open_readonly(ledger_file) as ledger:
        assert list(ledger.iter_damage())


def test_a_byte_changed_anywhere_in_the_file_is_found_or_refused(ledger_file: Path) -> None:
    whole, dice, missed = ledger_file.read_bytes(), random.Random(5), []
    spots = [*range(100), *(dice.randrange(len(whole)) for _ in range(150))]  # evals.corruption plants two thousand
    for at in spots:
        ledger_file.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << dice.randrange(8))]) + whole[at + 1 :])
        try:
            with Ledger.open_readonly(ledger_file) as ledger:
                found = next(ledger.iter_damage(), None)
        except (UsageError, EnvironmentFault):
            continue
        if found is None:
            missed.append(at)
    ledger_file.write_bytes(whole)
    assert missed == []
    with Ledger.open_readonly(ledger_file) as ledger:
        assert list(ledger.iter_damage()) == []
        assert ledger.is_laid_out()


def test_a_writer_that_was_interrupted_leaves_a_ledger_that_verifies(
    gold: Story, ledger_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    with Ledger.open(ledger_file) as ledger:
        ledger.save_story(replace(gold, timeline=gold.timeline[:1]), [], {}, {})
        for suffix in ("", "-wal"):  # as a kill at this moment leaves them
            shutil.copy(f"{ledger_file}{suffix}", f"{copy}{suffix}")
    with Ledger.open_readonly(copy) as reader:
        assert list(reader.iter_damage()) == []
        assert not reader.is_laid_out()
        assert reader.load_story().timeline == gold.timeline[:1]
    with Ledger.open(copy):
        pass  # whatever writes next lays the file out
    with Ledger.open_readonly(copy) as reader:
        assert list(reader.iter_damage()) == []
        assert reader.is_laid_out()


def test_a_signature_holds_until_something_changes(gold: Story, ledger_file: Path, tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    password = serialization.BestAvailableEncryption(b"secret")
    key = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, password)
    with Ledger.open(ledger_file) as ledger:
        made = sign_digest(ledger.digest_all(), key, b"secret", "2026-01-02")
        ledger.sign(made)
    with Ledger.open(ledger_file) as ledger:
        assert list(ledger.iter_damage()) == []
        (kept,) = ledger.load_signatures()
        assert is_valid(kept, ledger.digest_all())
        assert not is_valid(replace(kept, made_on="2026-01-03"), ledger.digest_all())
        ledger.save_story(gold, [], {}, {})  # the same story again
        assert ledger.load_signatures() == [kept]
        ledger.save_story(replace(gold, timeline=()), [], {}, {})
        assert ledger.load_signatures() == []
        ledger.sign(kept)
        assert not is_valid(kept, ledger.digest_all())
    with pytest.raises(UsageError, match="E-SEAL-KEY"):
        sign_digest("0", key, b"wrong", "2026-01-02")
    with pytest.raises(UsageError, match="E-SEAL-KEY"):
        sign_digest("0", b"no key", None, "2026-01-02")


def test_what_changed_between_two_ledgers_is_told_in_words(gold: Story) -> None:
    assert list(describe_changes(gold, gold)) == ["nothing changed"]
    first, second, *others = sorted(gold.actors, key=lambda a: -len(a.mentions))
    joined = replace(first, mentions=(*first.mentions, *second.mentions))
    said = gold.statements[0]
    new = replace(
        gold,
        documents=(replace(gold.documents[0], published="2021-03-30"), *gold.documents[1:]),
        actors=(replace(joined, name="Another Name"), *others),
        statements=(replace(said, polarity="denied"), *gold.statements[1:]),
        figures=gold.figures[1:],
    )
    lines = "\n".join(describe_changes(gold, new))
    assert f"date was {gold.documents[0].published}, is 2021-03-30" in lines
    assert f"{first.name} is called Another Name now" in lines or f"{second.name} is called Another Name now" in lines
    assert "Another Name is one now with" in lines
    assert "denied: " in lines
    assert "Numbers (1)" in lines


def test_a_broken_schema_is_one_sentence_whatever_its_bytes_are(ledger_file: Path, tmp_path: Path) -> None:
    """SQLite quotes the broken words; those that are no UTF-8 cannot even be told."""
    data = ledger_file.read_bytes()
    begin = data.index(b"CREATE TABLE")
    for at in range(begin, begin + 60, 7):
        broken = tmp_path / f"{at}.db"
        broken.write_bytes(data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 :])
        done = run("verify", broken)
        assert done.returncode == 4
        assert "E-LEDGER-DAMAGED" in done.stderr

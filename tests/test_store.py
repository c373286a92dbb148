"""The ledger file: every value survives it, damage is found, what is no ledger is left alone."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evals.corruption import plant
from storyledger.errors import EnvironmentFault, UsageError
from storyledger.export import document_shape, encode_story, read_document, read_story, write_canonical
from storyledger.proof import check_story
from storyledger.store import Filters, Ledger
from storyledger.types import EventMerge, Judgement, Story


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

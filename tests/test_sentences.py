"""A sentence where a traceback stood: whatever the machine or the call does, one line, a code, an exit status."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from storyledger.cli import root
from storyledger.days import check_day, last_day
from storyledger.errors import UsageError
from storyledger.spelling import clean_text, for_json, for_terminal
from storyledger.store import Ledger
from storyledger.types import Article, Failure, Story

TOOL = [sys.executable, "-m", "storyledger"]


def article(path: str = "a.txt", title: str = "Bridge", text: str = "The council closed the bridge.") -> Article:
    return Article(
        f"article:{path}", path, None, "utf-8", "0" * 64, text, ((0, len(text), 0, len(text)),), (), title=title
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "box" / "story.db"
    path.parent.mkdir()
    with Ledger.create(path) as opened:
        opened.save_story(Story(documents=(article(),)), [], {}, {})
    return path


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([*TOOL, *map(str, arguments)], stderr=subprocess.PIPE, check=False, **options)  # type: ignore[call-overload]
    assert b"Traceback" not in done.stderr, done.stderr
    return done


def status(*arguments: str | Path) -> tuple[int, str]:
    """Run in this process, as many cases as there are: the code of the sentence and the exit status."""
    from click.testing import CliRunner  # noqa: PLC0415

    result = CliRunner().invoke(root.main, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = result.stderr.strip().splitlines()
    found = re.match(r"storyledger: ([A-Z-]+): ", lines[0]) if lines else None
    return result.exit_code, found[1] if found and len(lines) == 1 else "\n".join(lines)


def test_wrong_calls_are_sentences(ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text("The council closed the bridge.")
    long = "x" * 300
    assert status("why", ledger, "") == (2, "E-WHY-ID")
    assert status("read", page, "--published", "2021-99-99") == (2, "E-DAY")
    assert status("read", page, "--published", "2021-02-30") == (2, "E-DAY")
    assert status("show", ledger, "--as-of", "2021-02-30") == (2, "E-DAY")
    assert status("report", ledger, "-o", tmp_path / "no" / "such" / "a.html") == (2, "E-PATH")
    assert status("report", ledger, "-o", page / "a.html") == (2, "E-PATH")
    assert status("report", ledger, "-o", tmp_path / f"{long}.html") == (2, "E-PATH")
    assert status("export", ledger, "-o", tmp_path) == (2, "E-PATH")
    assert status("export", ledger, "--format", "csv", "-o", page) == (2, "E-PATH")
    assert status("build", page, "-o", tmp_path / "b.db", "--report", page / "a.html") == (2, "E-PATH")
    assert status("show", tmp_path / long) in ((2, "E-LEDGER-MISSING"), (2, "E-PATH"))
    assert status("build", tmp_path / long, "-o", tmp_path / "b.db") == (3, "E-PILE-EMPTY")
    assert status("build", page, "-o", tmp_path / "no" / "b.db")[0] == 4


@pytest.mark.parametrize(
    "export",
    [
        "{}",
        "[" * 100_000,
        '{"schema": "storyledger/story/1", "documents": 3}',
        '{"schema": "storyledger/story/1", "documents": [3]}',
        '{"schema": "storyledger/story/1", "statements": [{"speaker": 4}]}',
        '{"schema": "storyledger/story/1", "timeline": ["\\ud800"]}',
        '{"schema": "storyledger/story/1", "documents": [{"id": "\\ud800"}]}',
    ],
)
def test_an_export_that_is_none_is_refused(export: str, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text(export)
    code, told = status("import", tmp_path / "s.json", "-o", tmp_path / "x.db")
    assert code == 2
    assert told.startswith("E-IMPORT")


def test_a_damaged_ledger_is_a_sentence(ledger: Path) -> None:
    whole = ledger.read_bytes()
    for at in range(100, len(whole), 4096):
        ledger.write_bytes(whole[:at] + b"\xff" * 200 + whole[at + 200 :])
        assert status("show", ledger, "sources")[0] in (0, 2, 4)
        assert status("verify", ledger)[0] in (0, 1, 2, 4)


def test_a_fault_of_ours_is_told_and_its_traceback_asked_for(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyledger.cli.view.show_story", lambda *_: [].pop())  # the one way to have a bug at will
    assert status("show", ledger) == (70, "E-BUG")
    monkeypatch.setenv("STORYLEDGER_DEBUG", "1")
    assert "Traceback" in status("show", ledger)[1]


def test_a_full_disk_and_a_closed_pipe_behind_the_output(ledger: Path) -> None:
    if Path("/dev/full").exists():
        with Path("/dev/full").open("wb") as full:
            assert run("show", ledger, "sources", stdout=full).returncode == 4
            assert run("export", ledger, stdout=full).returncode == 4
            assert run("--help", stdout=full).returncode == 4  # printed while the call is read, before any command
    for call in (["export", ledger], ["--help"]):
        done = subprocess.run(
            ["bash", "-c", '"$@" | true; exit ${PIPESTATUS[0]}', "x", *TOOL, *call], capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_path_longer_than_any_screen_is_cut_where_it_is_told(tmp_path: Path) -> None:
    for call in (["build", "x" * 5000, "-o", tmp_path / "x.db"], ["show", "x" * 5000]):
        done = run(*call)
        assert b"File name too long" in done.stderr
        assert len(done.stderr) < 1000


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder that others may walk; the test may become a user without rights there."""
    if not hasattr(os, "geteuid"):
        pytest.skip("no users to become")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    me = os.geteuid()
    yield folder
    if os.geteuid() != me:
        os.seteuid(me)
    shutil.rmtree(folder)


@pytest.mark.parametrize("interrupted", [False, True])
def test_a_ledger_that_may_not_be_written_is_read(nobody: Path, ledger: Path, interrupted: bool) -> None:
    box = nobody / "box"
    box.mkdir()
    place = box / "story.db"
    if interrupted:  # a build that was killed leaves what it wrote in the log beside the file
        with Ledger.open(ledger) as opened:
            opened._set_meta({"note": "in the log"})
            shutil.copy(ledger, place)
            shutil.copy(f"{ledger}-wal", f"{place}-wal")
    else:
        shutil.copy(ledger, place)
    before = sorted(p.name for p in box.iterdir())
    assert status("show", ledger, "sources")[0] == status("report", ledger, "-o", ledger.with_suffix(".html"))[0] == 0
    box.chmod(0o555)
    if os.geteuid() == 0:
        os.seteuid(65534)
    assert status("show", place, "sources") == (0, "")
    assert status("export", place) == (0, "")
    with Ledger.open_readonly(place) as opened:
        assert opened.load_story().documents[0].title == "Bridge"
        assert opened.read_meta().get("note") == ("in the log" if interrupted else None)
    assert status("report", place, "-o", box / "a.html") == (4, "E-DENIED")
    assert status("build", "-", "-o", place) == (4, "E-LEDGER-WRITE")
    assert sorted(p.name for p in box.iterdir()) == before


# ------------------------------------------------------------------ the terminal


HOSTILE = "\x1b]0;owned\x07\x9b31mred\u202eevil\r\x08"


def test_names_of_pages_send_no_command_to_the_terminal(tmp_path: Path) -> None:
    ledger = tmp_path / "story.db"
    with Ledger.create(ledger) as opened:
        odd = article(f"dir/{HOSTILE}.txt", HOSTILE)
        opened.save_story(
            Story(documents=(odd,)), [Failure(HOSTILE, HOSTILE, "pages", "E-X", HOSTILE, HOSTILE)], {}, {}
        )
    bad = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
    for command in (
        ["show", ledger, "sources"],
        ["export", ledger],
        ["export", ledger, "--format", "jsonl"],
        ["show", tmp_path / HOSTILE],
    ):
        done = run(*command, stdout=subprocess.PIPE)
        assert not bad.search(done.stdout.decode()), done.stdout
        assert not bad.search(done.stderr.decode()), done.stderr
    document = json.loads(run("export", ledger, stdout=subprocess.PIPE).stdout)["documents"][0]
    assert document["title"] == HOSTILE


def test_spellings() -> None:
    assert clean_text("caf\udce9 \ud83d x") == "caf\\xe9 \ufffd x"
    assert clean_text("") == ""
    assert for_terminal("a\tb\nc\x1b[31m") == "a\tb\nc [31m"
    assert json.loads(for_json(json.dumps("\x9b\u202e", ensure_ascii=False))) == "\x9b\u202e"


def test_what_is_no_day_is_refused() -> None:
    assert last_day("2020-02") == "2020-02-29"
    assert last_day("2021") == "2021-12-31"
    assert check_day("2021-02-28") == "2021-02-28"
    for text in ("2021-02-30", "2021-13", "20210228", "2021-2-3", "", "٢٠٢١-٠١-٠١", "0000", "2021-01-01\n"):
        with pytest.raises(UsageError):
            last_day(text)
    with pytest.raises(UsageError):
        check_day("2021-02")

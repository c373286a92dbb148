"""A page longer than its budget of work: its beginning is read, its text is whole, and everything says so."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tool import run

from storyledger.articles import budget

HEAD = "Council closes old bridge\n\nBy Dana Wolfe\n3 May 2019\n\n"
READ = "Mayor Peter Lang said on Thursday that 40 houses had been searched in Quillan, and that nobody was hurt.\n\n"
BEYOND = (
    "“We could not wait any longer,” Lea Brandt told reporters; 93 bridges were closed, the zeppelin company said.\n\n"
)


@pytest.fixture
def short_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "READ_PIECES", 165)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "long.txt").write_text(
        HEAD
        + "".join(READ.replace("40", str(n)) for n in (40, 50, 60, 70))
        + "".join(BEYOND.replace("zep", f"{n} zep") for n in (2, 3, 4))
    )
    (pages / "short.txt").write_text(HEAD + READ + "The bridge had been closed in March, engineer Lea Brandt said.\n")
    return pages


@pytest.mark.usefixtures("short_budget")
def test_a_page_beyond_its_budget_is_read_in_part_kept_whole_and_says_so(folder: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "s.db"
    built = run("build", folder, "-o", ledger, "--report", tmp_path / "s.html")
    assert "W-PAGE-WORK long.txt: of 136 words the first" in built.stderr
    assert "not whole: 1 cut" in built.stdout
    story = json.loads(run("export", ledger).stdout)
    long = next(d for d in story["documents"] if d["path"] == "long.txt")
    assert long["text"].count("zeppelin") == 3
    assert long["completeness"] == "cut"
    told = [s["content"]["text"] for s in story["statements"] if s["content"]["document"] == long["id"]]
    assert told  # of what was read
    assert not [text for text in told if "wait" in text]
    assert not [f for f in story["figures"] if f["value"] == 93]
    assert long["completeness_reason"] in run("show", ledger, "sources").stdout.replace("\n      ", " ")
    assert "W-PAGE-WORK" in (tmp_path / "s.html").read_text()
    assert run("verify", ledger).returncode == 0
    with sqlite3.connect(ledger) as db:  # what was not read is found all the same
        found = db.execute("SELECT count(*) FROM entry_search WHERE entry_search MATCH 'zeppelin'").fetchone()
    assert found[0]


@pytest.mark.usefixtures("short_budget")
def test_what_was_not_read_is_not_said_to_be_left_out(folder: Path, tmp_path: Path) -> None:
    (folder / "other.txt").write_text(HEAD + READ + BEYOND)
    (folder / "third.txt").write_text(HEAD + READ.replace("40", "41") + BEYOND.replace("told reporters", "said"))
    run("build", folder, "-o", tmp_path / "s.db")
    story = json.loads(run("export", tmp_path / "s.db").stdout)
    long = next(d["id"] for d in story["documents"] if d["path"] == "long.txt")
    assert not [o for o in story["omissions"] if long in o["omitted_by"]]


@pytest.mark.usefixtures("short_budget")
def test_extract_and_read_tell_what_is_not_read(folder: Path) -> None:
    told = run("extract", "--explain", folder / "long.txt").stdout
    assert "completeness cut: of 140 words the first" in told
    read = run("read", folder / "long.txt", "--json")
    assert "W-PAGE-PART" in read.stderr
    assert 93 not in [f["value"] for f in json.loads(read.stdout)["figures"]]


def test_pages_of_news_are_within_the_budget(folder: Path) -> None:
    assert "completeness whole" in run("extract", "--explain", folder / "long.txt").stdout
    assert budget.find_end(READ * 330) == len(READ * 330)  # 6,300 words


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
def test_what_is_read_begins_the_text_and_stays_in_the_budget(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(budget, "READ_PIECES", 50)
        end = budget.find_end(text)
        assert len(budget._PIECE.findall(text[:end])) <= 50
        assert budget.find_end(text[:end]) == end


def test_words_that_cost_more_spend_more() -> None:
    prose, signs = "The old bridge was closed. " * 8_000, "“(—" * 100_000
    assert budget.find_end(signs) == budget.READ_PIECES
    assert budget.find_end(prose) > 2 * budget.READ_PIECES

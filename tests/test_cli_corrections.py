"""Corrections from the command line: obeyed at once, kept through added pages and a rebuild, told where they fail."""

from __future__ import annotations

from pathlib import Path

import pytest

from storyledger.api import open_ledger
from storyledger.types import Event
from tests.tool import run

CLOSED = "The town council closed the old bridge on Thursday"
ONE = (
    "Council closes old bridge\n\nBy Dana Wolfe\n3 May 2019\n\n"
    f"{CLOSED} after engineers found cracks in two pillars, the mayor said.\n\n"
    "“We could not wait any longer,” Mayor Peter Lang told reporters. About 4,000 cars cross the bridge every day.\n"
)
TWO = (
    "Bridge shut\n\nBy Ina Moor\n4 May 2019\n\n"
    f"{CLOSED}. The mayor, Peter Lang, resigned on Friday.\n\n"
    "“It is a sad day,” he told reporters. Shops near the bridge fear for their customers this spring.\n"
)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in (("one.txt", ONE), ("two.txt", TWO)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def ledger(pages: Path, tmp_path: Path) -> Path:
    out = tmp_path / "story.db"
    assert run("build", pages, "-o", out, "--quiet").returncode == 0
    return out


def telling(ledger: Path, words: str) -> list[Event]:
    return [e for e in open_ledger(ledger).raw.events if any(words in m.text for m in e.mentions)]


def test_a_wrong_merge_of_events_is_undone_and_stays_undone(ledger: Path, pages: Path, tmp_path: Path) -> None:
    (merged,) = telling(ledger, CLOSED)
    done = run("judge", ledger, merged.id, _spot(ledger, "two.txt"), "different", "--because", "two bridges")
    assert done.returncode == 0, done.stderr
    assert "different event" in done.stdout
    assert "not in force" not in done.stdout
    assert len(telling(ledger, CLOSED)) == 2
    assert "two bridges" in run("why", ledger, telling(ledger, CLOSED)[0].id).stdout

    (pages / "three.txt").write_text(ONE.replace("4,000", "5,000").replace("Dana Wolfe", "Ole Krug"), encoding="utf-8")
    assert run("build", pages, "-o", ledger, "--quiet").returncode == 0
    assert len(telling(ledger, CLOSED)) == 2

    journal, again = tmp_path / "journal.jsonl", tmp_path / "again.db"
    assert run("judgements", ledger, "--export", journal).returncode == 0
    assert run("build", pages, "-o", again, "--quiet").returncode == 0
    assert len(telling(again, CLOSED)) == 1
    assert run("judgements", again, "--import", journal).returncode == 0
    assert open_ledger(again).raw.events == open_ledger(ledger).raw.events

    assert run("judgements", again, "--undo", "1").returncode == 0
    assert len(telling(again, CLOSED)) == 1
    assert "all holds" in run("verify", again).stdout


def _spot(ledger: Path, path: str) -> str:
    (merged,) = telling(ledger, CLOSED)
    story = open_ledger(ledger).raw
    (page,) = (a.id for a in story.documents if a.path == path)
    return f"{path}@{next(m.start for m in merged.mentions if m.document == page and CLOSED in m.text)}"


def test_events_are_tied_and_rejected_by_their_ids(ledger: Path) -> None:
    (closed,), (resigned,) = telling(ledger, CLOSED), telling(ledger, "resigned")
    assert run("judge", ledger, closed.id, resigned.id, "same").returncode == 0
    (both,) = telling(ledger, "resigned")
    assert len(both.mentions) == len(closed.mentions) + len(resigned.mentions)
    assert run("reject", ledger, both.id).returncode == 0
    assert telling(ledger, "resigned") == telling(ledger, CLOSED) == []


def test_an_actor_is_no_event_and_an_unknown_id_says_where_ids_are(ledger: Path) -> None:
    (closed,) = telling(ledger, CLOSED)
    for arguments in ((closed.id, "Peter Lang"), ("event:0123", closed.id), (closed.id, "two.txt@99999")):
        done = run("judge", ledger, *arguments, "same")
        assert done.returncode == 2
        assert "E-JUDGE-TARGET" in done.stderr
        assert "`storyledger" in done.stderr
    assert "no judgements" in run("judgements", ledger).stdout


def test_what_cannot_be_obeyed_is_said_at_once(ledger: Path) -> None:
    assert run("judge", ledger, "Dana Wolfe", "Peter Lang", "same").returncode == 0
    assert run("judge", ledger, "Peter Lang", "Ina Moor", "same").returncode == 0
    people = [
        a.name for a in open_ledger(ledger).raw.actors if {"Dana Wolfe", "Ina Moor"} & {x.text for x in a.aliases}
    ]
    assert len(people) == 1
    listed = run("judgements", ledger).stdout
    assert listed.count("same “") == 2
    assert "not in force" not in listed

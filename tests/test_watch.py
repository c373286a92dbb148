"""A folder followed: what arrives is read, and what is new is said."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import feedparser
from click.testing import CliRunner

from storyledger.cli.root import main
from storyledger.store import Ledger

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "ferry"


def test_a_page_that_arrives_is_read_and_told_as_new(tmp_path: Path) -> None:
    pages = sorted(EXAMPLE.iterdir())
    for page in pages[:2]:
        shutil.copy(page, tmp_path)
    ledger, feed = tmp_path / "story.db", tmp_path.with_name("feed.atom")

    def arrive() -> None:
        until = time.monotonic() + 90
        while not (feed.is_file() and feed.stat().st_size) and time.monotonic() < until:
            time.sleep(0.1)
        shutil.copy(pages[4], tmp_path)

    thread = threading.Thread(target=arrive)
    thread.start()
    words = ["watch", str(tmp_path), "-o", str(ledger), "--json", "--feed", str(feed), "--workers", "1"]
    told = CliRunner().invoke(main, [*words, "--every", "0.4", "--times", "40"])
    thread.join()
    assert told.exit_code == 0
    rows = [json.loads(line) for line in told.output.splitlines() if line.startswith("{")]
    arrived = [r["change"] for r in rows if r["section"] == "Pages"]
    assert [sum(p.name in line for line in arrived) for p in (pages[0], pages[1], pages[4])] == [1, 1, 1]
    assert any(r["section"] == "Statements" for r in rows)
    entries = feedparser.parse(feed.read_text("utf-8")).entries
    assert any(pages[4].name in e.title for e in entries)
    assert len({e.id for e in entries}) == len(entries)
    with Ledger.open_readonly(ledger) as opened:
        assert {a.path for a in opened.load_story().documents} == {p.name for p in (*pages[:2], pages[4])}
        assert opened.load_failures() == []

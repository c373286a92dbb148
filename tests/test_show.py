"""The terminal views and the tables: readable, complete, and harmless whatever a page says."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from storyledger.errors import UsageError
from storyledger.export import iter_lines, read_story, write_tables
from storyledger.proof import trace_entry
from storyledger.show import VIEWS, show_story
from storyledger.types import Story


@pytest.fixture(scope="module")
def gold(ferry: Path) -> Story:
    return read_story(ferry / "gold_story.json")


@pytest.mark.parametrize("section", list(VIEWS))
def test_every_view_fits_eighty_columns(gold: Story, section: str) -> None:
    lines = list(show_story(gold, section))
    assert len(lines) > (0 if section == "stories" else 20)  # an export of others has no stories
    assert max(map(len, lines)) <= 80


def test_disputes_come_first_and_what_is_unsure_last_by_its_head(gold: Story) -> None:
    sure = {c.kind: replace(c, confidence=0.9) for c in gold.comparisons}
    doubtful = replace(sure["conflict"], id="doubtful", confidence=0.2)
    lines = list(show_story(replace(gold, comparisons=(*sure.values(), doubtful), omissions=()), "differences", 10_000))
    heads = [line.split(" (")[0].split()[0] for line in lines if line[:1].isupper() and " (90%" in line]
    assert heads[0] == "CONFLICT"
    assert heads[-1] == "NAME"
    assert [line for line in lines if "doubtful" in line] == lines[lines.index("Unsure:") + 1 :]


def test_a_page_cannot_steer_the_terminal(gold: Story) -> None:
    evil = replace(gold.actors[0], name="\x1b[2J\x07\u202eEvil\r\nname")
    lines = list(show_story(replace(gold, actors=(evil,)), "actors"))
    assert not [c for line in lines for c in line if ord(c) < 32 or c in "\x7f\u202e"]


def test_each_row_of_a_table_has_its_words_and_position(gold: Story, tmp_path: Path) -> None:
    texts = {a.id: a.text for a in gold.documents}
    for path in write_tables(gold, tmp_path):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("start") and path.stem != "documents":
                    words = texts[row["document"]][int(row["start"]) : int(row["end"])]
                    assert row["text"].removeprefix("'") == words.removeprefix("'")


def test_a_text_that_a_spreadsheet_would_run_is_disarmed(gold: Story, tmp_path: Path) -> None:
    evil = replace(gold.actors[0], name='=HYPERLINK("http://evil.example","click")')
    write_tables(replace(gold, actors=(evil,)), tmp_path)
    with (tmp_path / "actors.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["name"].startswith("'=HYPERLINK")


def test_json_lines_carry_every_record(gold: Story) -> None:
    records = [json.loads(line) for line in iter_lines(gold)]
    assert sum(r["section"] == "figures" for r in records) == len(gold.figures)


def test_why_reads_the_words_in_the_capture_itself(gold: Story, ferry: Path) -> None:
    captures = {a.id: (ferry / "pages" / a.path).read_bytes() for a in gold.documents}
    _, entry, links = trace_entry(gold, "f10_01", captures)
    assert [link.source_words for link in links] == [entry.evidence.text]


def test_why_says_so_when_no_entry_has_the_id(gold: Story) -> None:
    with pytest.raises(UsageError, match="no entry has"):
        trace_entry(gold, "nothing", {})

"""The brief and the narrowed views: what an editor reads in ten minutes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storyledger.cli.root import main
from storyledger.report.telling import deal_lines
from storyledger.store import Ledger

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "ferry"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("brief") / "ferry.db"
    assert call("build", str(EXAMPLE), "-o", str(path), "--quiet", "--workers", "1").exit_code == 0
    return path


def call(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_the_brief_tells_what_happened_in_order_with_outlet_and_day(ledger: Path) -> None:
    text = call("brief", str(ledger)).output
    lines = [line for line in text.splitlines() if line.startswith("  ") and " — " in line]
    assert 8 <= len(lines) <= 15
    assert all(re.match(r"  (undated|(told )?(by |from |between )?(\d|[A-Z]))", line) for line in lines)
    assert all(re.search(r" — .+, .*(\d{4}|undated)|^  told .*\d{4}: .* — ", line) for line in lines)
    years = [m[1] for line in lines if (m := re.search(r"(\d{4}): ", line))]
    assert years == sorted(years)
    assert "DISPUTED" in text
    assert re.search(r"“.+” \(.+, .*\d{4}\) against “", text)


def test_the_brief_as_markdown_and_what_is_new(ledger: Path) -> None:
    text = call("brief", str(ledger), "--markdown", "--since", "2021-06-01").output
    assert text.lstrip().startswith("# ")
    assert "## Disputed" in text
    new = text.split("## New since 2021-06-01")[1]
    assert "- " in new
    assert "10 March 2021" not in new
    assert call("brief", str(ledger), "--since", "2021-02-30").exit_code == 2


def test_views_are_narrowed_to_an_actor_an_outlet_a_day(ledger: Path) -> None:
    falk = call("show", str(ledger), "statements", "--actor", "Falk").output
    assert 0 < int(falk.split()[0]) < int(call("show", str(ledger), "statements").output.split()[0])
    northwire = call("show", str(ledger), "sources", "--outlet", "northwire").output
    assert "Northwire" in northwire
    assert "Skerrin Bay Herald" not in northwire
    late = call("show", str(ledger), "sources", "--since", "2021-06-01").output
    assert "2021-03-10" not in late
    assert call("show", str(ledger), "statements", "--actor", "Nobody Atall").exit_code == 2
    assert call("show", str(ledger), "statements", "--outlet", "No Such Paper").exit_code == 2


def test_every_line_is_a_sentence_of_the_page_that_it_cites(ledger: Path) -> None:
    with Ledger.open_readonly(ledger) as opened:
        story = opened.load_story()
    text = call("brief", str(ledger)).output.split("DISPUTED")[0]
    lines = [line.strip() for line in text.splitlines() if line.startswith("  ") and " — " in line]
    for line in lines:
        told, _, cited = line.rpartition(" — ")
        pages = [" ".join(a.text.split()) for a in story.documents if a.outlet and cited.startswith(a.outlet)]
        words = re.sub(r" \((?:planned|claimed|denied|called off)\)$", "", told.split(": ", 1)[1])
        pieces = [piece.strip() for piece in re.split(r" \[[^\]]+\]", words) if piece.strip()]
        assert any(all(piece in page for piece in pieces) for page in pages), line


def test_no_line_leaves_a_reader_asking_who(ledger: Path) -> None:
    text = call("brief", str(ledger)).output.split("DISPUTED")[0]
    for line in (line for line in text.splitlines() if line.startswith("  ") and " — " in line):
        words = re.sub(r"[“\"][^”\"]*[”\"]", " ", line.split(": ", 1)[1])
        assert (
            not re.search(r"(?i)\b(?:he|she|they)\b(?! \[)", words)
            or "[" in words
            or re.search(r"[A-Z]\w+.*\b(?:he|she|they)\b", words)
        ), line
        assert not re.match(r"(?:It|This|That|These|Those|Such)\b", words), line
        assert not re.match(r"[A-Z .,'-]{4,}.*\d{1,2} \([A-Z]\w+\) - ", words), f"a dateline: {line}"


def test_a_story_of_a_hundred_pages_is_told_in_more_lines_than_a_page_apart() -> None:
    dealt = deal_lines([111, 1, 1, 1, 1], 15, 3)
    assert dealt[0] >= 8
    assert dealt[1:] == [1, 1, 1, 1]
    assert sum(dealt) <= 15
    assert deal_lines([6, 5, 4], 15, 3) == [5, 5, 4]
    assert deal_lines([69, 4, 4, 2, 1], 15, 3) == [8, 2, 2, 1, 1]
    assert deal_lines([8], 15, 3) == [15]

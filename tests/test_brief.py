"""The brief and the narrowed views: what an editor reads in ten minutes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from storyledger.brief import find_telling
from storyledger.cli.root import main
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
    assert all(re.match(r"  (undated|(by |from |between )?(\d|[A-Z]))", line) for line in lines)
    assert all(re.search(r" — .+, .*(\d{4}|undated)", line) for line in lines)
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


def test_every_line_cites_the_page_whose_words_it_has(ledger: Path) -> None:
    with Ledger.open_readonly(ledger) as opened:
        story = opened.load_story()
    articles = {a.id: a for a in story.documents}
    for event in story.events:
        telling = find_telling(event)
        words = re.findall(r"\w+", re.sub(r"\[[^\]]*\]", " ", event.summary).casefold())
        page = re.findall(r"\w+", articles[telling.document].text.casefold())
        assert len(set(words) - set(page)) <= 0.2 * len(set(words)), event.summary

"""Pages into stories: what a mixed pile must come out as."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from storyledger import pages
from storyledger.cli.root import main
from storyledger.pipeline import extract_alone
from storyledger.store import Ledger
from storyledger.stories import find_stories, tell_stories
from storyledger.types import Article
from tests.tool import run

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "ferry"
DAM = """{title}

Hollow Creek Gazette, {day} June 2019

{text}
"""
FLOODED = (
    (
        "Dam at Hollow Creek cracks",
        """Engineers of the Tarn Water Board found a crack in the Hollow Creek dam on Monday. The board's chief, Orla Finch,
said the reservoir would be drained. Families in Millbrook were told to leave.""",
    ),
    (
        "Millbrook empties below cracked dam",
        """Some 400 people left Millbrook below the Hollow Creek dam. Orla Finch of the Tarn Water Board said the reservoir
was two metres down. The crack had not grown, engineers said.""",
    ),
    (
        "Water board knew of Hollow Creek crack",
        """The Tarn Water Board was told of the crack in the Hollow Creek dam in March, papers show. Orla Finch denied that
Millbrook had been in danger. Engineers had asked for the reservoir to be drained.""",
    ),
)


def read(folder: Path) -> list[Article]:
    return [extract_alone(p) for p in pages.iter_pages([str(folder)], lambda _: None, None)]


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    for n, (title, text) in enumerate(FLOODED):
        (tmp_path / f"dam{n}.txt").write_text(DAM.format(title=title, day=3 + n, text=text), encoding="utf-8")
    for page in sorted(EXAMPLE.iterdir())[:6]:
        (tmp_path / page.name).write_bytes(page.read_bytes())
    return tmp_path


def test_two_stories_in_one_pile_are_told_apart_whatever_the_order(mixed: Path) -> None:
    articles = read(mixed)
    groups = [{a.path for a in group} for group in find_stories(articles)]
    dam = {a.path for a in articles if a.path.startswith("dam")}
    assert sorted(map(len, groups)) == [3, 6]
    assert dam in groups
    random.Random(5).shuffle(articles)
    assert [{a.path for a in group} for group in find_stories(articles)] == groups


def test_a_pile_of_one_story_stays_one() -> None:
    assert len(find_stories(read(EXAMPLE))) == 1


def test_a_pile_that_grew_in_any_order_is_the_pile_built_at_once(
    mixed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out, rng = tmp_path_factory.mktemp("grown"), random.Random(11)
    files = sorted(mixed.iterdir())
    rng.shuffle(files)
    cuts = [0, *sorted(rng.sample(range(1, len(files)), 2)), len(files)]
    for first, last in pairwise(cuts):
        assert run("build", *files[first:last], "-o", out / "grown.db").returncode == 0
    assert run("build", mixed, "-o", out / "whole.db").returncode == 0
    assert run("export", out / "grown.db").stdout == run("export", out / "whole.db").stdout
    with Ledger.open_readonly(out / "grown.db") as ledger:
        merged = ledger.known_work("merged")
    later = out / "later.txt"
    later.write_text("Library to open on Sundays\n\nThe Ashby Post, 9 July 2022\n\nIt opens at noon, its head said.\n")
    assert run("build", later, "-o", out / "grown.db").returncode == 0
    with Ledger.open_readonly(out / "grown.db") as ledger:
        assert len(merged) == 2
        assert merged <= ledger.known_work("merged"), "a page of its own redid the others' stories"


def test_the_command_lists_them_and_the_export_has_them(mixed: Path, tmp_path: Path) -> None:
    runner, ledger = CliRunner(), tmp_path / "out.db"  # in the folder of the pages, as people do
    assert runner.invoke(main, ["build", str(mixed), "-o", str(ledger), "--quiet", "--workers", "1"]).exit_code == 0
    told = json.loads(runner.invoke(main, ["stories", str(ledger), "--json"]).output)["stories"]
    by_size = {len(s["pages"]): s for s in told}
    assert sorted(by_size) == [3, 6]  # neither the ledger nor what stands beside it is a page
    with Ledger.open_readonly(ledger) as opened:
        assert opened.load_failures() == []
    assert set(by_size[3]["pages"]) == {"dam0.txt", "dam1.txt", "dam2.txt"}
    assert by_size[3]["earliest"] == "2019-06-03"
    assert by_size[3]["name"] in {title for title, _ in FLOODED}
    assert "Orla Finch" in by_size[3]["actors"]
    document = json.loads(runner.invoke(main, ["export", str(ledger)]).output)
    dams = {d["id"] for d in document["documents"] if d["path"].startswith("dam")}
    for event in document["events"]:
        told_by = {m["document"] for m in event["mentions"]}
        assert told_by <= dams or not told_by & dams
    assert runner.invoke(main, ["verify", str(ledger)]).exit_code == 0


def test_a_page_goes_where_a_person_puts_it_and_comes_back(mixed: Path, tmp_path: Path) -> None:
    runner, ledger = CliRunner(), str(tmp_path / "out.db")
    runner.invoke(main, ["build", str(mixed), "-o", ledger, "--quiet", "--workers", "1"])

    def list_pages() -> list[list[str]]:
        told = json.loads(runner.invoke(main, ["stories", ledger, "--json"]).output)["stories"]
        return sorted(sorted(s["pages"]) for s in told)

    before = list_pages()
    ferry = next(page for pages in before for page in pages if not page.startswith("dam"))
    assert runner.invoke(main, ["judge", ledger, ferry, "dam0.txt", "same"]).exit_code == 0
    assert sorted([ferry, "dam0.txt", "dam1.txt", "dam2.txt"]) in list_pages()
    assert runner.invoke(main, ["judge", ledger, "dam2.txt", "dam1.txt", "different"]).exit_code == 0
    assert ["dam2.txt"] in list_pages()
    for number in ("1", "2"):
        assert runner.invoke(main, ["judgements", ledger, "--undo", number]).exit_code == 0
    assert list_pages() == before
    refused = runner.invoke(main, ["judge", ledger, "dam1.txt", "dam1.txt", "same"])
    assert "two pages" in refused.output + str(refused.exception)


def test_marked_stories_shuffled_together_come_apart_again(shared: Path) -> None:
    folders = [f for f in sorted((shared / "piles" / "test").iterdir()) if f.is_dir()]
    rng = random.Random(2)
    strangers = [a for f in sorted((shared / "piles" / "wikinews" / "test").iterdir()) for a in read(f / "pages")]
    for _ in range(4):
        chosen = [(f.name, a) for f in rng.sample(folders, 3) for a in read(f / "pages")]
        story_of = {a.id: name for name, a in chosen}
        groups = find_stories([*(a for _, a in chosen), *strangers])
        shares = []
        for group in groups:
            own = [a for a in group if a.id in story_of]
            for a in own:
                same = [b for b in own if story_of[b.id] == story_of[a.id]]
                whole = sum(name == story_of[a.id] for name in story_of.values())
                precision, recall = len(same) / len(group), len(same) / whole
                shares.append(2 * precision * recall / (precision + recall))
        assert sum(shares) / len(shares) >= 0.92


def test_a_story_of_pages_without_titles_is_called_by_the_words_of_one_and_not_by_its_file(tmp_path: Path) -> None:
    texts = [text.replace("\n", " ") for _, text in FLOODED]
    rows = [json.dumps({"text": text, "date": f"2019-06-0{day}"}) for day, text in enumerate(texts, 1)]
    (tmp_path / "pile.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (story,) = tell_stories(find_stories(read(tmp_path)), [])
    assert "jsonl" not in story.name
    assert any(text.startswith(story.name.rstrip("…")) for text in texts)


def test_a_story_of_pages_saved_as_text_is_called_by_a_headline_and_not_by_what_runs_into_it(tmp_path: Path) -> None:
    body = "The ferry Orlen had 300 people aboard and went down off Harrow Bay, the coast guard said. Ferry crews searched."
    heads = (
        "Orlen ferry sinks off the rocky coast Searchers found nobody by noon, and searchers",
        "She was on the ferry when it sank",
    )
    rows = [{"text": f"{head} said more. {body}", "date": f"2019-06-0{day}"} for day, head in enumerate(heads, 1)]
    (tmp_path / "pile.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (story,) = tell_stories(find_stories(read(tmp_path)), [])
    assert story.name == "Orlen ferry sinks off the rocky coast"

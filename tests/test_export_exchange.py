"""Exports for others' tools, read back as those tools read them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pyarrow.dataset as ds
import pytest

from storyledger.errors import UsageError
from storyledger.export import WRITERS, columns, read_story, write_events
from storyledger.types import Story


@pytest.fixture(scope="module")
def story(ferry: Path) -> Story:
    return read_story(ferry / "gold_story.json")


def test_parquet_by_day_reads_as_one_dataset_with_every_row(story: Story, tmp_path: Path) -> None:
    WRITERS["parquet"](story, tmp_path)
    table = ds.dataset(tmp_path / "statements", partitioning="hive").to_table().to_pylist()
    assert {r["id"] for r in table} == {s.id for s in story.statements}
    days = {a.id: a.published for a in story.documents}
    assert all(str(r["day"]) == days[r["document"]] for r in table)
    figures = ds.dataset(tmp_path / "figures", partitioning="hive").to_table()
    assert figures.num_rows == len(story.figures)
    assert str(figures.schema.field("value").type) == "double"


def test_without_the_library_of_parquet_the_rest_is_written_and_parquet_says_what_it_needs(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "find_spec", lambda _: None)
    assert [p.name for p in write_events([{"day": "20210310"}], tmp_path)] == ["events.csv"]
    with pytest.raises(UsageError, match="Parquet needs"):
        WRITERS["parquet"](story, tmp_path)


def test_annotations_select_the_words_that_they_are_about(story: Story, tmp_path: Path) -> None:
    (path,) = WRITERS["annotations"](story, tmp_path)
    items = json.loads(path.read_text("utf-8"))["first"]["items"]
    texts: dict[str, list[str]] = {}  # two captures of one address are two texts
    for article in story.documents:
        texts.setdefault(article.url or f"urn:sha256:{article.sha256}", []).append(article.text)
    assert len({i["id"] for i in items}) == len(items)
    for item in items:
        quote, position = item["target"]["selector"]
        start, end = position["start"], position["end"]
        candidates = texts[item["target"]["source"]]
        assert any(t[start:end] == quote["exact"] and t[:start].endswith(quote["prefix"]) for t in candidates)


def test_the_timeline_has_dates_that_timelinejs_takes_and_no_markup_of_pages(story: Story, tmp_path: Path) -> None:
    (path,) = WRITERS["timelinejs"](story, tmp_path)
    slides = json.loads(path.read_text("utf-8"))["events"]
    dated = [e for e in story.events if e.when and e.when.earliest]
    assert [s["unique_id"] for s in slides] == [e.id for e in dated]
    for slide, event in zip(slides, dated, strict=True):
        assert event.when is not None
        assert list(slide["start_date"].values()) == [int(p) for p in (event.when.earliest or "").split("-")]
        assert "<" not in slide["text"]["headline"]


def test_gephis_edges_join_nodes_that_are_there(story: Story, tmp_path: Path) -> None:
    texts = [p.read_text("utf-8").splitlines() for p in WRITERS["gephi"](story, tmp_path)]
    nodes, edges = (list(csv.DictReader(t)) for t in texts)
    known = {n["Id"] for n in nodes}
    assert edges
    assert all(e["Source"] in known and e["Target"] in known for e in edges)

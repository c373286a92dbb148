"""Any story of the contract, of any words, is proved, exported, read back, shown and told."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from report_stories import contract_stories

from evals.fuzz import ESCAPES
from storyledger.export import encode_story, iter_lines, read_story, write_canonical, write_tables
from storyledger.proof import check_story
from storyledger.report import render_report
from storyledger.show import VIEWS, show_story
from storyledger.types import Story


@given(contract_stories())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_go_all_the_way_and_come_back(drawn: tuple[Story, dict[str, bytes]]) -> None:
    story, captures = drawn
    assert not check_story(story, captures)
    exported = write_canonical(encode_story(story))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "story.json").write_text(exported, encoding="utf-8")
        again = read_story(Path(folder) / "story.json")
        tables = [p.read_text("utf-8-sig") for p in write_tables(story, Path(folder) / "tables")]
    assert write_canonical(encode_story(again)) == exported
    told = [exported, *iter_lines(story), *(line for view in VIEWS for line in show_story(story, view)), *tables]
    for text in told:
        assert not any(ESCAPES.search(line) for line in text.replace("\r\n", "\n").split("\n")), text
    assert "<main" in render_report(story, captures, [])

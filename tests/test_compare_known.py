"""As of a day: nothing that was published later may shine through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storyledger.compare import compare_story, cut_story, split_story, story_as_of
from storyledger.engine import SerialEngine
from storyledger.errors import UsageError
from storyledger.export.story import read_story
from storyledger.types import Story


def test_a_day_before_everything_knows_nothing_and_one_after_everything_knows_all(ferry: Path) -> None:
    story = read_story(ferry / "gold_story.json")
    assert story_as_of(story, "2021-03-09").documents == ()
    assert story_as_of(story, "2031") == story


@pytest.mark.parametrize("day", ["2021-03-10", "2021-03-12", "2021-06-15"])
def test_what_is_left_keeps_the_contract(ferry: Path, day: str) -> None:
    known = story_as_of(read_story(ferry / "gold_story.json"), day)
    documents = {d.id for d in known.documents}
    actors = {a.id for a in known.actors}
    figures = {f.id for f in known.figures}
    places = [s.content for s in known.statements] + [m for e in known.events for m in e.mentions]
    places += [f.evidence for f in known.figures] + [t.evidence for t in known.times]
    places += [e for c in known.comparisons for s in c.sides for e in s.evidence]
    assert {p.document for p in places} <= documents
    assert {m.document for a in known.actors for m in a.mentions} <= documents
    assert {s.speaker.actor for s in known.statements} <= {*actors, None}
    assert {p.actor for e in known.events for p in e.participants} <= actors
    assert {i for q in known.ledger for i in q.entries} <= figures
    assert {e.id for e in known.events} == set(known.timeline)


def test_an_earlier_day_of_a_later_day_is_that_day(ferry: Path) -> None:
    story = read_story(ferry / "gold_story.json")
    assert story_as_of(story_as_of(story, "2021-03-18"), "2021-03-12") == story_as_of(story, "2021-03-12")


def test_on_the_second_day_nobody_can_omit_what_came_out_on_the_third(ferry: Path) -> None:
    known = story_as_of(read_story(ferry / "gold_story.json"), "2021-03-11")
    comparisons, omissions = compare_story(known, {}, SerialEngine())
    assert comparisons
    assert not any("warns" in o.about for o in omissions)


def test_a_word_that_is_no_day_is_said_so() -> None:
    with pytest.raises(UsageError):
        story_as_of(Story(), "last week")


@pytest.mark.parametrize("count", [1, 2, 3, 17])
def test_stories_split_off_at_once_are_those_that_are_cut_out_one_by_one(ferry: Path, count: int) -> None:
    story = replace(read_story(ferry / "gold_story.json"), omissions=())
    ids = [a.id for a in story.documents]
    groups = [set(ids[n::count]) for n in range(count)]
    assert split_story(story, groups) == [cut_story(story, group) for group in groups]
    assert split_story(story, groups[:1]) == [cut_story(story, groups[0])]

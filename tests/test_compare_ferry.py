"""The ferry with everything upstream as in its gold: the room alone, on values, without a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storyledger.compare import compare_story
from storyledger.engine import SerialEngine
from storyledger.export.story import read_story
from storyledger.types import Comparison, Omission


@pytest.fixture(scope="module")
def compared(ferry: Path) -> tuple[list[Comparison], list[Omission]]:
    story = replace(read_story(ferry / "gold_story.json"), comparisons=(), omissions=())
    return compare_story(story, {}, SerialEngine())


def sides_of(found: list[Comparison], kind: str, words: str) -> list[set[str]]:
    return [{e.text for e in s.evidence} for c in found if c.kind == kind and words in c.about for s in c.sides]


def test_the_altered_number_of_a_rewritten_copy_is_a_conflict(
    compared: tuple[list[Comparison], list[Omission]],
) -> None:
    sides = sides_of(compared[0], "conflict", "people rescued")
    assert any(any("247" in t for t in s) for s in sides)
    assert any(any("274" in t for t in s) for s in sides)


def test_each_comparison_says_why_its_sides_stand_together(compared: tuple[list[Comparison], list[Omission]]) -> None:
    assert all(c.why and c.why.endswith(".") for c in compared[0])
    assert len({c.id for c in compared[0]}) == len(compared[0])


def test_two_bodies_with_one_set_of_initials_are_shown(compared: tuple[list[Comparison], list[Omission]]) -> None:
    assert any(c.kind == "name_variant" and c.about.startswith("MSA:") for c in compared[0])


def test_the_outlet_that_cut_the_blame_is_named(compared: tuple[list[Comparison], list[Omission]]) -> None:
    cut = [o for o in compared[1] if o.about.startswith("Cut from")]
    assert [o.omitted_by for o in cut] == [("03_valdvision_ferry-collision.txt",)]


def test_nine_pages_of_one_wire_report_are_one_origin(compared: tuple[list[Comparison], list[Omission]]) -> None:
    warned = [c for c in compared[0] if c.kind == "agreement" and "warns" in c.about]
    assert [c.independent_origins for c in warned] == [2]

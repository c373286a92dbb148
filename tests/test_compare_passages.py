"""Passages beside each other: one changed thing is found, a reworded passage stays silent."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.compare.passages import compare_passages
from storyledger.compare.slots import find_slots, same_name
from storyledger.compare.words import count_negations, stem_word

BASE = "The governor, Hanna Brugge, said on Tuesday that 43 houses in Orlen had burned because of a broken power line."


def differ(a: str, b: str) -> list[str]:
    pairing = compare_passages(a, [(0, len(a))], b, [(0, len(b))])
    return [d.kind for d in pairing.differences if d.confidence >= 0.5]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("43 houses", "71 houses", "number"),
        ("Tuesday", "Friday", "date"),
        ("Hanna Brugge", "Peter Oswald", "speaker"),
        ("in Orlen", "in Vastervik", "participant"),
        ("had burned", "had not burned", "polarity"),
        ("a broken power line", "children playing with fireworks", "cause"),
    ],
)
def test_one_changed_thing_is_found_by_its_kind(old: str, new: str, kind: str) -> None:
    assert kind in differ(BASE, BASE.replace(old, new))


@pytest.mark.parametrize(
    "other",
    [
        BASE,
        "On Tuesday the governor, Hanna Brugge, said that forty-three houses in Orlen had burned because of a broken power line.",
        "Mrs Brugge said that 43 houses in Orlen had burned because of a broken power line.",
        "The governor said that more than 40 houses had burned because of a broken power line in Orlen.",
        "The lake in Orlen is cold, and 12 swimmers left it on Friday.",
    ],
)
def test_what_is_reworded_shortened_or_about_something_else_is_no_conflict(other: str) -> None:
    assert differ(BASE, other) == []


def test_a_cut_sentence_is_a_gap_and_no_conflict() -> None:
    a = "The mine closed on Friday. Inspectors had warned the owner of gas in March."
    pairing = compare_passages(a, [(0, 26), (27, len(a))], a, [(0, 26)])
    assert [g.sentence for g in pairing.gaps] == [1]
    assert not pairing.differences


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), max_size=5))
def test_any_passage_agrees_with_itself(sentences: list[str]) -> None:
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    assert compare_passages(text, spans, text, spans).differences == ()


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_slots_stand_in_their_text(text: str) -> None:
    for slot in find_slots(text):
        assert 0 <= slot.start < slot.end <= len(text)


def test_ways_to_write_one_thing_have_one_key() -> None:
    for one, two in (
        ("12 men", "twelve men"),
        ("5 March", "March 5"),
        ("1,200 men", "twelve hundred men"),
        ("two dozen men", "24 men"),
    ):
        assert {s.key for s in find_slots(one)} == {s.key for s in find_slots(two)}


def test_names_that_may_be_one_are_not_two() -> None:
    assert same_name("hanna brugge", "brugge")
    assert same_name("us", "american")
    assert same_name("united farmers union", "ufu")
    assert not same_name("hanna brugge", "hanna oswald")


def test_stems_meet_and_negations_count() -> None:
    assert stem_word("inspections") == stem_word("inspectors") == stem_word("inspected")
    assert stem_word("withdrew") == stem_word("withdrawal")
    assert count_negations("They did not come and never wrote") == 2

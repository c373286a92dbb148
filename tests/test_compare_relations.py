"""What would break for a user if sentences of one matter were set beside each other wrongly."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.compare import compare_story
from storyledger.compare.index import index_story
from storyledger.compare.likeness import FEATURES, find_candidates, gather_tellings, measure_pairs
from storyledger.compare.names import _says_one, are_spellings
from storyledger.compare.relations import Relation, gather_matters, heed_figures, rate_matter, rival_from, say_why
from storyledger.engine import SerialEngine
from storyledger.types import Article, Block, Evidence, Figure, Story

TEXTS = (
    "The dam at Orlen burst before dawn. The owner said that its sirens had sounded twenty minutes earlier.",
    "Nobody in Orlen heard a siren before the dam burst, residents said. Schools in the valley stay shut.",
    "Schools in the Orlen valley stay shut until Monday, the council said. The dam belongs to Brackwell.",
)


def pile(texts: tuple[str, ...] = TEXTS) -> Story:
    return Story(
        documents=tuple(
            Article(
                f"d{n}", f"d{n}", None, "utf-8", f"d{n}", text, (), (Block(0, len(text), "paragraph"),),
                outlet=f"Outlet {n}", published=f"2020-05-0{n + 1}", origin=f"d{n}",
            )
            for n, text in enumerate(texts)
        )
    )  # fmt: skip


def test_a_pair_is_measured_alike_whichever_comes_first() -> None:
    gathered = gather_tellings(pile(), index_story(pile(), {}))
    pairs = find_candidates(gathered)
    rows = measure_pairs(gathered, pairs)
    assert rows.shape == (len(pairs), len(FEATURES))
    assert (measure_pairs(gathered, [(j, i) for i, j in pairs]) == rows).all()


def test_the_order_of_pages_changes_no_comparison() -> None:
    story = pile()
    mixed = list(story.documents)
    random.Random(3).shuffle(mixed)
    assert compare_story(Story(documents=tuple(mixed)), {}, SerialEngine()) == compare_story(story, {}, SerialEngine())


def test_a_sentence_alone_is_compared_with_nothing() -> None:
    assert compare_story(pile((TEXTS[0],)), {}, SerialEngine())[0] == []
    assert compare_story(Story(), {}, SerialEngine()) == ([], [])


def test_each_telling_stands_in_one_matter_and_takes_the_side_that_it_agrees_with() -> None:
    relations = [Relation(0, 1, 0.9, 0.6, 0.1), Relation(0, 2, 0.8, 0.1, 0.8), Relation(1, 3, 0.7, 0.1, 0.8)]
    (matter,) = gather_matters(relations, ["a", "b", "c", "d"])
    assert (matter.kind, matter.sides) == ("conflict", ((0, 2), (1, 3)))
    assert 0.0 < rate_matter(matter) < 1.0


def test_copies_of_one_text_agree_on_nothing() -> None:
    assert gather_matters([Relation(0, 1, 0.9, 0.0, 0.9)], ["a", "a"]) == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.floats(0, 1), st.floats(0, 1)), max_size=30))
def test_matters_never_share_a_telling(rows: list[tuple[int, int, float, float]]) -> None:
    relations = {(min(a, b), max(a, b)): Relation(min(a, b), max(a, b), m, c, 1 - c) for a, b, m, c in rows if a != b}
    told = [
        i for m in gather_matters(list(relations.values()), [str(n) for n in range(10)]) for s in m.sides for i in s
    ]
    assert len(told) == len(set(told))


def test_spellings_and_orders_of_a_name_are_told_from_other_names() -> None:
    for one, two in (
        ("hanna vollbrandt", "hanna volbrand"),
        ("kharabadze", "karabadze"),
        ("ana peña", "ana pena"),
        ("tivadar varga", "varga tivadar"),
        ("a vollbrandt", "anna volbrandt"),
    ):
        assert are_spellings(tuple(one.split()), tuple(two.split())), (one, two)
    for one, two in (
        ("hanna brugge", "hanna oswald"),
        ("orlen", "orlenian"),
        ("hanna brugge", "brugge"),
        ("f-16", "f-15"),
        ("maria", "marta"),
    ):
        assert not are_spellings(tuple(one.split()), tuple(two.split())), (one, two)


def test_who_used_a_house_before_is_no_other_name_of_it() -> None:
    assert _says_one(", formerly ", ",", one_kind=True)
    assert _says_one(", previously known as ", ".", one_kind=True)
    assert not _says_one(", previously used by ", ".", one_kind=True)
    assert not _says_one(", formerly chairman of ", ".", one_kind=True)


def test_a_conflict_needs_more_in_a_story_of_many_pages() -> None:
    relations = [Relation(0, 1, 0.8, 0.5, 0.1)]
    assert [m.kind for m in gather_matters(relations, ["a", "b"], rival_from(8))] == ["conflict"]
    assert [m.kind for m in gather_matters(relations, ["a", "b"], rival_from(100))] == ["complement"]
    assert rival_from(16) == rival_from(1) < rival_from(32) < rival_from(10_000) == rival_from(100_000)


def test_sentences_that_count_one_thing_differently_do_not_agree() -> None:
    texts = ("Some 70 sailors left Orlen by bus on Friday.", "About 122 sailors left Orlen by bus on Friday.")
    numbers = (("70", 70.0), ("122", 122.0))

    def agreement(second: float) -> float:
        story = pile(texts)
        figures = tuple(
            Figure(
                f"f{n}", "sailors", second if n else value, None, None, "=", "people", None, None,
                Evidence(f"d{n}", texts[n].index(word), texts[n].index(word) + len(word), word), "q", 0.9,
            )
            for n, (word, value) in enumerate(numbers)
        )  # fmt: skip
        told = Story(documents=story.documents, figures=figures)
        return heed_figures(Relation(0, 1, 0.9, 0.1, 0.8), gather_tellings(told, index_story(told, {}))).agreement

    assert agreement(122.0) == 0.0
    assert agreement(72.0) == 0.8


def test_what_ties_two_sides_is_said_in_the_pages_words_and_no_stems() -> None:
    told = ("The governor of Orlen resigned on Friday.", "After the demonstrations the governor of Orlen resigned.")
    index = index_story(pile(told), {})
    (matter,) = gather_matters([Relation(0, 1, 0.9, 0.1, 0.8)], ["a", "b"])
    why = say_why(gather_tellings(pile(told), index), index, matter)
    assert set(why.split("rare words ")[1].split(", and ")[0].split(", ")) <= {"governor", "Orlen", "resigned"}

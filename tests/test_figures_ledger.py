"""What would break for a user if numbers were compared wrongly: a false conflict first of all."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import pytest

from storyledger.engine import SerialEngine
from storyledger.export import read_story
from storyledger.figures import build_ledger, find_figures, list_crowded
from storyledger.figures.entries import make_entry, read_page
from storyledger.figures.verdict import BESIDE_CHARS, Survey, is_equal
from storyledger.naming import name_figures
from storyledger.reading.times import find_times
from storyledger.types import Actor, Article, Evidence, Figure, Quantity, Reading, Speaker, Statement


def page(name: str, text: str, day: str) -> Article:
    return Article(name, name, None, "utf-8", "", text, (), (), published=day)


def ledger(*pages: Article) -> tuple[list[Figure], list[Quantity]]:
    found: list[Figure] = []
    for article in pages:
        reading = Reading(article.id, (), (), (), (), ())
        found += find_figures(article, reading, find_times(article, reading))
    return build_ledger(found, pages, {}, [], [], SerialEngine())


def labels(*pages: Article) -> list[str]:
    _, quantities = ledger(*pages)
    return sorted(r.label for q in quantities for r in q.relations)


STORY = "The tanker Wendelin Roth burned off Port Kallas. Harbour master Jonna Tveit led the search. "


def test_a_difference_is_compared_with_no_measure_of_the_same_unit() -> None:
    first = page("a", STORY + "She was doing 17 knots, five knots above the limit of the channel.", "2020-05-02")
    other = page("b", STORY + "The channel of the harbour has a limit of 12 knots.", "2020-05-02")
    assert "conflict" not in labels(first, other)


def test_a_quantity_without_a_kind_is_called_by_its_most_typical_words() -> None:
    texts = ("The owner offered each bereaved family $9,000.", "Each bereaved family was offered $9,000.",
             "They know that it would cost $9,000 for each family.")  # fmt: skip
    figures, _ = ledger(*(page(f"p{n}", STORY + text, "2020-05-02") for n, text in enumerate(texts)))
    assert "bereaved family" in name_figures(figures)


def test_one_sum_is_no_later_state_of_another_forty_times_as_large_nor_the_rounding_of_one_a_fifth_off() -> None:
    first = page("a", STORY + "The owner paid each family a compensation of 20,000 euros.", "2020-05-02")
    for sum_ in ("25,000", "800,000"):
        later = page(
            "b", STORY + f"The owner paid the families of the crew a compensation of {sum_} euros.", "2020-05-04"
        )
        assert not {"rounded", "agree"} & set(labels(first, later))


def test_some_within_a_crowd_are_no_other_count_of_the_crowd() -> None:
    first = page("a", STORY + "Some 700 protesters marched to the harbour office.", "2020-05-02")
    other = page("b", STORY + "Some 30 armed protesters within the crowd attacked the harbour office.", "2020-05-02")
    assert "conflict" not in labels(first, other)


def test_a_later_count_is_no_conflict_with_an_earlier_one() -> None:
    first = page("a", STORY + "The death toll stood at 12.", "2020-05-02")
    later = page("b", STORY + "The death toll rose to 15.", "2020-05-04")
    assert set(labels(first, later)) <= {"superseded", "compatible"}


def test_two_counts_of_one_day_do_not_agree_and_equal_ones_do() -> None:
    one = page("a", STORY + "The death toll stood at 12.", "2020-05-02")
    two = page("b", STORY + "The death toll stood at 15.", "2020-05-02")
    same = page("c", STORY + "At least 12 people died.", "2020-05-02")
    assert set(labels(one, two)) <= {"conflict", "compatible"}
    assert labels(one, same) == ["agree"]


def test_a_bound_or_a_round_number_is_no_conflict() -> None:
    exact = page("a", STORY + "There were 312 people aboard.", "2020-05-02")
    about = page("b", STORY + "There were about 300 people aboard.", "2020-05-02")
    assert labels(exact, about) == ["rounded"]
    paid = page("a", STORY + "The owner was offered €1.2 million.", "2020-05-02")
    more = page("b", STORY + "The owner was offered more than €1 million.", "2020-05-02")
    assert "conflict" not in labels(paid, more)


def test_another_period_is_another_scope() -> None:
    year = page("a", STORY + "More than 700 civilians have been killed this year.", "2020-05-02")
    month = page("b", STORY + "Some 60 civilians were killed in April.", "2020-05-02")
    assert set(labels(year, month)) <= {"compatible"}


def test_strangers_never_conflict() -> None:
    one = page("a", "A bomb killed 12 people in Kallas, Jonna Tveit said.", "2020-05-02")
    two = page("b", "A fire killed 15 people in Orsund, Piet Maas said.", "2020-05-02")
    assert "conflict" not in labels(one, two)
    assert "superseded" not in labels(one, two)


def test_a_whole_and_its_part_in_one_sentence_do_not_conflict() -> None:
    both = page("a", STORY + "The death toll stood at 12, and 8 bodies have been recovered.", "2020-05-02")
    other = page("b", STORY + "The death toll stood at 12.", "2020-05-02")
    assert "conflict" not in labels(both, other)


def test_a_correction_supersedes_instead_of_conflicting() -> None:
    text = STORY + "The toll was 15.\n\nCorrection: the ministry gave the number of dead as 15. The toll was 12."
    assert "conflict" not in labels(page("a", text, "2020-05-02"))


def test_one_distance_in_other_units_agrees() -> None:
    miles = page("a", STORY + "It lies six nautical miles off Cape Morrow.", "2020-05-02")
    metric = page("b", STORY + "It lies 11 km off Cape Morrow.", "2020-05-02")
    assert labels(miles, metric) == ["agree"]


def test_a_figure_inside_one_statement_is_its_speakers() -> None:
    article = page("a", "She said that 12 people had died.", "2020-05-02")
    reading = Reading("a", (), (), (), (), ())
    found = find_figures(article, reading, find_times(article, reading))
    content = Evidence("a", 9, 32, article.text[9:32])
    speaker = Speaker("tveit", "She", None)
    said = Statement("s", speaker, None, content, "indirect", "say", "affirmed", None, None, None, None, None, 0.9)
    actor = Actor("tveit", "Tveit", "person", (), (), ())
    (figure,), _ = build_ledger(found, [article], {}, [actor], [said], SerialEngine())
    assert figure.attributed_to == "tveit"
    (figure,), _ = build_ledger(found, [article], {}, [], [said], SerialEngine())
    assert figure.attributed_to is None, "an actor that nobody has may not be named"


def test_the_order_of_pages_changes_nothing(ferry: Path) -> None:
    story = read_story(ferry / "gold_story.json")
    bare = [dataclasses.replace(f, quantity=None) for f in story.figures]
    one = build_ledger(bare, story.documents, {}, story.actors, story.statements, SerialEngine())
    shuffled, pages = list(bare), list(story.documents)
    random.Random(7).shuffle(shuffled)
    random.Random(8).shuffle(pages)
    two = build_ledger(shuffled, pages, {}, story.actors, story.statements, SerialEngine())
    assert one[1] == two[1]
    assert sorted(one[0], key=lambda f: f.id) == sorted(two[0], key=lambda f: f.id)


def test_the_ferrys_ledger_has_no_false_conflict(ferry: Path) -> None:
    story = read_story(ferry / "gold_story.json")
    gold = json.loads((ferry / "gold.json").read_text(encoding="utf-8"))
    bare = [dataclasses.replace(f, quantity=None) for f in story.figures]
    _, quantities = build_ledger(bare, story.documents, {}, story.actors, story.statements, SerialEngine())
    known = {e["figure"] for q in gold["figure_ledger"] for e in q["entries"]}
    true = {
        frozenset((q["entries"][r["a"]]["figure"], q["entries"][r["b"]]["figure"]))
        for q in gold["figure_ledger"]
        for r in q["relations"]
        if r["label"] == "conflict"
    }
    called = {frozenset((r.a, r.b)) for q in quantities for r in q.relations if r.label == "conflict"}
    assert {pair for pair in called if pair <= known} <= true
    assert len(called & true) >= 10


def test_every_figure_has_at_most_one_quantity_and_every_pair_a_label(ferry: Path) -> None:
    story = read_story(ferry / "gold_story.json")
    figures, quantities = build_ledger(
        story.figures, story.documents, {}, story.actors, story.statements, SerialEngine()
    )
    members = [i for q in quantities for i in q.entries]
    assert len(members) == len(set(members))
    for quantity in quantities:
        n = len(quantity.entries)
        assert len(quantity.relations) == n * (n - 1) // 2
        assert {f.id for f in figures if f.quantity == quantity.id} == set(quantity.entries)


@pytest.mark.parametrize("count", [80])
def test_a_figure_told_on_many_pages_is_paired_with_its_neighbours_only(count: int) -> None:
    pages = [page(f"p{i:03d}", STORY + "The death toll stood at 12.", "2020-05-02") for i in range(count)]
    _, (quantity,) = ledger(*pages)
    assert len(quantity.entries) == count
    assert len(quantity.relations) < count * 64


def test_a_number_without_its_noun_takes_the_unit_of_its_quantity() -> None:
    told = page("a", STORY + "The owner offered each bereaved family 9,000 euros in compensation.", "2020-05-02")
    bare = page("b", STORY + "The families turned the owner's compensation down: each bereaved family would have had 9,000.", "2020-05-02")  # fmt: skip
    figures, quantities = ledger(told, bare)
    if any(len(q.entries) == 2 for q in quantities):
        assert {f.unit for f in figures if f.value == 9000} == {"EUR"}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_counted_once_for_a_quantity_is_what_each_pair_would_count(seed: int) -> None:
    dice = random.Random(seed)
    words = ("at least ", "about ", "", "some ", "between 20 and ")
    pages = [
        page(
            f"p{n}",
            f"The flood killed {dice.choice(words)}{dice.randrange(28, 34)} people in Elm. The toll was {dice.randrange(29, 33)}, not 30.",
            f"2021-03-{1 + n % 4:02}",
        )
        for n in range(12)
    ]
    articles = {p.id: read_page(p) for p in pages}
    found = [
        make_entry(f, articles[f.evidence.document])
        for p in pages
        for f in find_figures(p, Reading(p.id, (), (), (), (), ()), ())
    ]
    entries = [e for e in found if e]
    survey = Survey(entries)
    assert len(entries) > 12
    for a in entries:
        for day in ("2021-03-01", "2021-03-02", "2021-03-04", "9999"):
            others = [e for e in entries if e is not a and is_equal(e, a)]
            told = [e.published.isoformat() if e.published else "9999" for e in others]
            assert survey.count_again(a, day) == sum(d >= day for d in told)
            assert survey.count_before(a, day) == sum(d <= day for d in told)
        for b in entries:
            near = sum(
                x.figure.evidence.document == y.figure.evidence.document
                and abs(x.figure.evidence.start - y.figure.evidence.start) < BESIDE_CHARS
                for x in entries if x.value == a.value for y in entries if y.value == b.value
            )  # fmt: skip
            assert survey.measure_tellings(a.value, b.value)[2] == near


def test_a_page_that_is_a_list_of_numbers_keeps_each_and_sets_a_thousand_beside_others() -> None:
    gauges = page(
        "a", "\n\n".join(f"The gauge at Port Kallas stood at {n} metres." for n in range(10, 1310)), "2020-05-02"
    )
    figures, quantities = ledger(gauges)
    assert len(figures) == 1300
    assert 900 < sum(len(q.entries) for q in quantities) <= 1000
    assert list_crowded({"a": figures, "b": figures[:20]}) == {"a": 1300}

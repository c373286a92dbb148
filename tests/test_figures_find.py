"""What would break for a user if a number were read wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.figures import find_figures
from storyledger.figures.numbers import iter_numbers, read_value
from storyledger.reading.times import find_times
from storyledger.types import Article, Figure, Reading, Token


def figures(text: str, day: str | None = "2013-11-01") -> list[Figure]:
    article = Article("d", "d.txt", None, "utf-8", "", text, (), (), published=day)
    reading = Reading("d", (), (), (), (), ())
    return list(find_figures(article, reading, find_times(article, reading)))


def one(text: str) -> Figure:
    (figure,) = figures(text)
    return figure


@pytest.mark.parametrize(
    ("text", "value", "comparator", "unit"),
    [
        ("At least 31 people were killed.", 31, ">=", "people"),
        ("More than 7,000 civilians fled.", 7000, ">", "people"),
        ("Up to 20 of the passengers were pupils.", 20, "<=", "people"),
        ("Nearly 60 deaths were reported.", 60, "<", "people"),
        ("Some 500 soldiers stayed.", 500, "~", "people"),
        ("Dozens of villagers were arrested.", 24, ">=", "people"),
        ("Hundreds of thousands of refugees arrived.", 200_000, ">=", "people"),
        ("The state spent billions of dollars.", 1e9, ">=", "USD"),
        ("The sale is worth $4.7 billion.", 4.7e9, "=", "USD"),
        ("It cost €640,000 in all.", 640_000, "=", "EUR"),
        ("He was paid £2.5m for it.", 2.5e6, "=", "GBP"),
        ("Prices rose 3.5 percentage points.", 3.5, "=", "percent"),
        ("Prices rose by 30 per cent.", 30, "=", "percent"),
        ("About two thirds of the voters agreed.", 66.7, "~", "percent"),
        ("The town lies 11km off the cape.", 11, "=", "km"),
        ("It lies in 43 metres of water.", 43, "=", "metres"),
        ("A 4,870-tonne vessel sank.", 4870, "=", "tonnes"),
        ("The water was at 4 degrees Celsius.", 4, "=", "degrees_celsius"),
        ("It sank within 38 minutes.", 38, "<=", "minutes"),
        ("The inspection took two hours and 40 minutes.", 160, "=", "minutes"),
        ("The death toll rose to 41.", 41, "=", "people"),
        ("Half a million people marched.", 500_000, "=", "people"),
        ("The army bought thirty-six jets.", 36, "=", "count"),
        ("Some 4.5 lakh voters came.", 450_000, "~", "people"),
        ("It cost Rs 1,140 crore.", 11.4e9, "=", "INR"),
        ("They paid a quarter of a million euros.", 250_000, "=", "EUR"),
        ("They paid two point four million euros.", 2.4e6, "=", "EUR"),
        ("It took five and a half tonnes.", 5.5, "=", "tonnes"),
        ("A hundred and twenty cattle were shot.", 120, "=", "count"),
        ("6 400 cattle were shot.", 6400, "=", "count"),
        ("The bell rang twenty-four times.", 24, "=", "count"),
        ("Several hundred farmers came.", 300, ">=", "people"),
        ("It is the second-largest city.", 2, "=", "rank"),
        ("A student aged 19 survived.", 19, "=", "years"),
    ],
)
def test_a_number_is_read_with_comparator_and_unit(text: str, value: float, comparator: str, unit: str) -> None:
    figure = one(text)
    assert (figure.value, figure.comparator, figure.unit) == (value, comparator, unit)


@pytest.mark.parametrize(
    "text",
    [
        "The 930 Heron was shown in May.",
        "They ordered the 930 Heron aircraft.",
        "They flew F-16 jets and a Boeing 747 past the Group of 8.",
        "Resolution 1441 and Section 4 were cited on 3 May 2011 at 21:10.",
        "One of them left; one thing is clear.",
        "A quarter to ten, or three in the afternoon.",
        "Call 555-1234.",
        "Nothing was said in 2011.",
        "Two days later they came back, for the first time in three weeks.",
    ],
)
def test_names_and_dates_are_no_figures(text: str) -> None:
    assert figures(text) == []


def test_a_whole_its_part_and_an_ellipsis_are_three_quantities() -> None:
    found = figures("A bomb went off, killing 31 people, including 8 police officers, and wounding another 60.")
    assert [(f.value, f.unit) for f in found] == [(31, "people"), (8, "people"), (60, "people")]


def test_a_part_and_the_whole_that_it_is_of_are_two_figures() -> None:
    found = figures("Only 34 of the more than 70 people were heard.")
    assert [(f.value, f.comparator, f.unit) for f in found] == [(34, "=", "people"), (70, ">", "people")]


def test_a_list_of_the_dead_is_not_swallowed_by_its_first_number() -> None:
    found = figures("At least 22 guerrillas and two soldiers were killed.")
    assert [(f.value, f.unit) for f in found] == [(22, "people"), (2, "people")]


def test_one_distance_in_two_units_is_one_figure_with_the_value_of_the_first() -> None:
    figure = one("The city lies 110 kilometers (70 miles) north of it.")
    assert (figure.value, figure.unit, figure.evidence.text) == (110, "km", "110 kilometers (70 miles)")


def test_a_range_has_both_ends_and_takes_the_scale_of_the_second() -> None:
    figure = one("They hauled them in a swell of two to three metres.")
    assert (figure.value, figure.low, figure.high, figure.comparator) == (None, 2, 3, "range")
    figure = one("It will cost $2-3 billion.")
    assert (figure.low, figure.high) == (2e9, 3e9)
    figure = one("Two or three hundred men marched to the hall.")
    assert (figure.low, figure.high) == (200, 300)


def test_three_quarters_of_a_million_are_no_nine_months() -> None:
    figure = one("Nearly three quarters of a million homes lost power.")
    assert (figure.value, figure.comparator) == (750_000, "<")


def test_numbers_without_a_noun_take_it_from_what_was_said_before() -> None:
    found = figures("He said that 31 bodies had been found, 19 in Skerrin and 12 on Lindal.")
    assert [f.value for f in found] == [31, 19, 12]
    assert {f.unit for f in found} == {"people"}
    assert [f.scope for f in found] == [None, "Skerrin", "Lindal"]
    assert [f.unit for f in figures("It was passed by 94 votes to 61.")] == ["votes", "votes"]


def test_the_period_beside_a_figure_is_its_scope() -> None:
    whole, part = figures("Over 6,000 civilians have been killed so far this year and 600 in October alone.")
    assert (whole.scope, part.scope) == ("2013", "2013-10")


def test_a_day_told_in_the_sentence_is_when_it_held_but_never_after_publication() -> None:
    assert one("The toll stood at 29 on Thursday night.").when is not None
    assert one("The toll stood at 29.").when is None
    assert one("The toll will be reviewed on 5 December 2013 by 29 inspectors.").when is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1.2 million", 1_200_000),
        ("half a million", 500_000),
        ("twenty-one", 21),
        ("three quarters of a million", 750_000),
        ("Quarter of a million", 250_000),
        ("two hundred and five", 205),
        ("3,412", 3412),
        ("€5bn", 5e9),
        ("one million two hundred thousand", 1_200_000),
    ],
)
def test_words_are_numbers(words: str, value: float) -> None:
    assert read_value(words) == value


_LISTED = (
    "31 people dozens of $4 million € 3-5 to and between 1,000 .5 killed wounding another 60 % per cent (70 miles) km "
    "half two thirds the number of dead rose more than up to aged 19, Ms Doe, 34, tonnes \n\n ’ “ 99999999999999999999 of them in May"
)
_PIECES = st.sampled_from(_LISTED.split(" "))


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=30))
def test_no_text_breaks_it_and_every_span_is_its_surface(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = figures(text)
    last = 0
    for figure in found:
        evidence = figure.evidence
        assert text[evidence.start : evidence.end] == evidence.text
        assert last <= evidence.start < evidence.end
        assert (figure.value is None) == (figure.low is not None)
        assert 0 <= figure.confidence <= 1
        last = evidence.start + 1
    assert len({f.id for f in found}) == len(found)


def test_a_page_of_nothing_but_numbers_is_read_to_its_end() -> None:
    found = figures("At least 31 people died on Monday. " * 500)
    assert len(found) == 500


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_hostile_text_gives_the_same_twice(text: str) -> None:
    assert figures(text) == figures(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_a_number_written_with_commas_keeps_its_value(number: int) -> None:
    (found,) = iter_numbers(f"some {number:,} things")
    assert found.value == number


def test_a_bare_number_takes_up_what_a_like_one_before_it_counts() -> None:
    first, bare = figures("The firm spent €31 million on the bridge. The union does not believe in the 31.")
    assert (bare.value, bare.unit, first.unit) == (31e6, "EUR", "EUR")
    _, scaled = figures("The contract is worth €1.9 million in the text and 1.4 in the paper.")
    assert (scaled.value, scaled.unit) == (1.4e6, "EUR")


def test_a_number_that_names_a_thing_is_no_figure() -> None:
    article = Article("d", "d.txt", None, "utf-8", "", "They saw flight 417.", (), ())
    tokens = tuple(
        Token(a, b, w, tag, 1, "dep")
        for a, b, w, tag in (
            (0, 4, "they", "PRON"),
            (5, 8, "see", "VERB"),
            (9, 15, "flight", "NOUN"),
            (16, 19, "417", "NUM"),
        )
    )
    assert find_figures(article, Reading("d", tokens, (), (), (), ()), ()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "The ferryman had stopped breathing shortly after 1100.",
        "He was given the drug between 1040 and 1050, the court heard.",
        "The alarm was raised at 1653 local time.",
        "A recording of the 911 call was played.",
        "The 999 operator stayed on the line.",
    ],
)
def test_an_hour_in_four_digits_and_the_number_that_is_dialled_for_help_count_nothing(text):
    assert figures(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The police counted between 1100 and 1200 marchers.", None),
        ("The firm began with about 1100 workers.", 1100),
        ("The firm took 911 calls in an hour about the flood.", 911),
    ],
)
def test_what_is_counted_in_three_or_four_digits_is_a_number(text, value):
    assert [figure.value for figure in figures(text)][:1] == [value]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("He asked to change five articles of the law -- numbers 76, 77, 88 and 193 -- on Monday.", [5.0]),
        ("He asked to change five constitutional articles -- 76, 77, 88 and 193 -- on Monday.", [5.0]),
        ("Lines 2, 3 and 7 were shut.", []),
        ("They won 3, 4 and 5 seats.", [3.0, 4.0, 5.0]),
        ("Three villages -- 12, 40 and 300 people -- were cut off.", [3.0, 12.0, 40.0, 300.0]),
    ],
)
def test_a_row_of_numbers_behind_their_noun_names_and_does_not_count(text: str, values: list[float]) -> None:
    assert [f.value for f in figures(text)] == values

"""What would break for a user if names were compared wrongly."""

from __future__ import annotations

from collections import Counter

import pytest
from actors_pile import resolve, write_pile
from hypothesis import given
from hypothesis import strategies as st

from storyledger.actors.compose import choose_name
from storyledger.actors.marks import guess_gender
from storyledger.actors.names import (
    compare_given,
    is_acronym,
    is_short_form,
    is_variant,
    key_spelling,
    parse_person,
    spell_initials,
    split_words,
)
from storyledger.folding import fold_text
from storyledger.nations import find_capital, find_country, find_demonym

WORDS = st.text(max_size=30)


def test_the_number_of_a_model_is_no_spelling():
    assert not is_variant("b380", "b330")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("yusuf", "yousuf"),
        ("hussein", "husayn"),
        ("sergei", "sergey"),
        ("schevchenko", "shevchenko"),
        ("petersen", "peterson"),
    ],
)
def test_spellings_of_one_name_are_recognised(a, b):
    assert is_variant(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("brown", "braun"), ("meyer", "maier"), ("lund", "land"), ("smith", "smart"), ("hansen", "jansen")]
)
def test_short_or_distant_names_are_not_spellings_of_each_other(a, b):
    assert not is_variant(a, b) or key_spelling(a) == key_spelling(b)


def test_a_persons_name_comes_apart_into_given_particles_and_family():
    parts = parse_person("Prime Minister Omar bin al-Hadi Jr.")
    assert (parts.given, parts.particles, parts.family, parts.suffix) == (("omar",), ("bin", "al"), "hadi", "jr")


def test_an_initial_fits_a_given_name_and_another_given_name_does_not():
    assert compare_given(("j",), ("jonas",)) == "initial"
    assert compare_given(("jonas",), ("karin",)) == "other"
    assert compare_given(("dmitri",), ("dmitry",)) == "variant"
    assert compare_given(("ada", "b"), ("ada", "c")) == "other"
    assert compare_given(("ada", "b"), ("ada", "cb")) == "other"  # "Ada B." and her mother, "Ada C.B."
    assert compare_given(("ada", "b"), ("ada", "bruna")) == "variant"
    assert compare_given(("ada",), ("ada", "b")) == "same"


def test_initials_leave_out_the_small_words_or_keep_them():
    assert {"who"} <= spell_initials("World Health Organization")
    assert {"boe"} <= spell_initials("Bank of England")
    assert is_acronym("NATO")
    assert not is_acronym("Nato summit")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("the United Kingdom", "GB"),
        ("UK", "GB"),
        ("N. Korea", "KP"),
        ("France", "FR"),
        ("Czech Republic", "CZ"),
        ("Smithland", None),
    ],
)
def test_countries_come_from_the_libraries_under_their_usual_names(name, code):
    assert find_country(name) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [("French", "FR"), ("Danish", "DK"), ("Brazilian", "BR"), ("Swedes", None), ("green", None), ("marine", None)],
)
def test_demonyms_are_derived_and_ordinary_words_are_none(word, code):
    assert find_demonym(word) in {code, "SE"} if word == "Swedes" else find_demonym(word) == code


def test_a_capital_knows_its_country():
    assert find_capital("Paris") == "FR"
    assert find_capital("Gotham") is None


@given(WORDS)
def test_no_text_breaks_the_parts_of_a_name(text):
    parse_person(text)
    spell_initials(text)
    find_country(text)
    find_demonym(text)
    assert fold_text(fold_text(text)) == fold_text(text)
    assert all(w == w.strip() and w for w in split_words(text))


@given(WORDS, WORDS)
def test_likeness_of_names_does_not_depend_on_their_order(a, b):
    one, two = split_words(a), split_words(b)
    assert compare_given(one, two) == compare_given(two, one)
    assert all(is_variant(x, y) == is_variant(y, x) for x in one[:3] for y in two[:3])


@pytest.mark.parametrize(("text", "kept"), [("Prime Minister", False), ("Prime Minister Ann Lee", True)])
def test_a_title_alone_is_nobodys_name(text, kept):
    actors = resolve(*write_pile(f"[{text}:person] spoke in the hall."))
    assert bool(actors) is kept


def test_a_maker_is_not_its_model_and_a_cup_is_itself_in_any_year():
    assert not is_short_form(("volvo",), ("volvo", "240"))
    assert is_short_form(("volvo",), ("volvo", "group"))
    assert is_short_form(("harbour", "cup"), ("2010", "harbour", "cup"))


def test_a_body_is_not_its_organ():
    assert not is_short_form(("african", "union"), ("african", "union", "security", "council"))
    assert is_short_form(("security", "council"), ("african", "union", "security", "council"))


def test_a_body_is_called_what_the_pile_calls_it():
    assert choose_name(Counter({"Volvo": 70, "Volvo partners": 1, "VG": 90}), "organisation") == "Volvo"
    assert choose_name(Counter({"Volvo": 70, "Volvo Group": 7}), "organisation") == "Volvo Group"
    assert choose_name(Counter({"NCG": 70, "Northland Coast Guard": 1}), "organisation") == "Northland Coast Guard"


def test_a_people_is_no_person_where_the_page_has_its_singular_too():
    (group,) = (a for a in resolve(*write_pile("A Northlander spoke. [Northlanders:person] left.")) if a.mentions)
    assert group.type != "person"


def test_other_spellings_of_a_given_name_have_its_gender():
    assert guess_gender(("sergey", "holm")) == guess_gender(("sergei", "holm")) == "male"


def test_families_that_only_sound_alike_are_two_people():
    """Two clerics of one pile whose family names share their consonants stood as one person."""
    actors = resolve(
        *write_pile(
            "[Reza Kharani:person] led the country for ten years. [Kharani:person] died in May.",
            "[Khorini:person] spoke on Friday. [Khorini:person] said nothing more.",
        )
    )
    assert sorted(len(a.mentions) for a in actors) == [2, 2]


def test_a_family_name_with_one_letter_otherwise_is_the_person_who_is_named_in_full():
    actors = resolve(*write_pile("[Reza Kharani:person] spoke.", "[Kharanni:person] spoke again."))
    assert [len(a.mentions) for a in actors] == [2]

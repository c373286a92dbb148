"""What a user would see in the cast that is nobody: rests of titles, clauses, bare nouns, towns taken for people."""

from __future__ import annotations

from dataclasses import replace

import pytest
from actors_pile import find, make_article, make_reading, resolve, write_pile

from storyledger.actors import resolve_document
from storyledger.actors.offices import is_office, measure_office_end
from storyledger.actors.page import Page
from storyledger.actors.spans import propose_spans
from storyledger.reading import load_reader


@pytest.mark.parametrize("text", ["Undersecretary of Trade", "Northland Minister of Trade", "of Trade"])
def test_an_office_is_no_name_of_a_body(text):
    assert is_office(text)


@pytest.mark.parametrize("text", ["Bank of Northland", "Ministry of Trade", "Friends of the Sea", "Northland"])
def test_a_body_with_of_in_its_name_stays_one(text):
    assert not is_office(text)


def test_an_office_behind_the_name_of_a_body_is_not_part_of_it():
    text = "Trade Department Spokeswoman"
    assert text[: -measure_office_end(text)] == "Trade Department"
    assert measure_office_end("Trade Department") == 0
    assert "Volvo Chief Executive"[: -measure_office_end("Volvo Chief Executive")] == "Volvo"


def test_two_names_taken_for_one_part_where_the_article_has_them_alone():
    actors = resolve(*write_pile("[Volvo and Saab:organisation] fell. [Volvo:organisation] sold [Saab:organisation]."))
    assert {a.name: len(a.mentions) for a in actors} == {"Volvo": 2, "Saab": 2}
    (whole,) = resolve(*write_pile("[Salt and Iron:organisation] fell. [Salt and Iron:organisation] rose."))
    assert whole.name == "Salt and Iron"


def test_an_owner_before_a_name_is_no_part_of_it():
    actors = resolve(*write_pile("[Volvo's Harbour Works:organisation] closed. [Volvo:organisation] paid."))
    assert {a.name: len(a.mentions) for a in actors} == {"Volvo": 2, "Harbour Works": 1}


def test_a_town_is_no_other_spelling_of_a_person_named_for_it():
    actors = resolve(
        *write_pile("[Holmstadt:place] slept.", "[Omar Holmstadti:person] spoke. [Holmstadt:organisation] burns.")
    )
    assert find(actors, "Omar Holmstadti").type == "person"
    assert all(m.text != "Holmstadt" for m in find(actors, "Omar Holmstadti").mentions)


def test_a_clause_is_nobody_and_a_bare_noun_that_does_nothing_is_nobody():
    text = "The minister told reporters on Monday that the harbour would close, which pleased groups in the town."
    article = make_article("harbour", text)
    found = [m.text for a in resolve_document(article, load_reader().read(article)).actors for m in a.mentions]
    assert "The minister" in found
    assert not {"which pleased groups", "groups", "reporters"} & set(found)


def test_a_conjunction_is_no_part_of_a_description():
    actors = resolve(*write_pile("It sent pilots [and senior advisers:=group]."))
    assert [a.name for a in actors if "senior" in a.name] in ([], ["senior advisers"])


@pytest.mark.parametrize("text", ["'s", "--", "."])
def test_a_name_without_a_word_breaks_nothing(text):
    article = make_article("odd", f"Acme Industries {text} paid.")
    spans = [(0, 15, "name", "organisation"), (16, 16 + len(text), "name", "organisation")]
    assert resolve_document(article, make_reading(article, spans)).actors


def test_an_office_that_speaks_is_a_body_and_not_its_holder():
    text = "The mayor slept well. The mayor's office denied the report. Prosecutors searched the company's offices."
    article = make_article("office", text)
    actors = resolve_document(article, load_reader().read(article)).actors
    office = next(a for a in actors if "office" in a.mentions[0].text)
    assert ([m.text for m in office.mentions], office.types[0][0]) == (["The mayor's office"], "organisation")
    assert all(m.text != "the company's offices" for a in actors for m in a.mentions)


def test_two_states_of_one_name_stay_two_where_the_reader_splits_them():
    text = (
        "North Korea shut its reactor. The North Korean government said so on Monday. South Korea was pleased. "
        "The South Korean government sent oil. N. Korea thanked nobody."
    )
    article = make_article("states", text)
    actors = resolve_document(article, load_reader().read(article)).actors
    names = [{text[m.start : m.end] for m in a.mentions if m.kind == "name"} for a in actors]
    assert any({"North Korea", "N. Korea"} <= found for found in names), names
    told = [{text[m.start : m.end] for m in a.mentions if m.kind != "pronoun"} for a in actors]
    bodies = [found for found in told if any("government" in name for name in found)]
    assert sorted(bodies, key=str) == [{"The North Korean government"}, {"The South Korean government"}], told
    assert not {"North", "South"} & set().union(*names)


def test_a_family_name_stays_with_its_article_where_the_particle_has_a_capital():
    actors = resolve(*write_pile("[Al Marwan:person] spoke. [Marwan:person] paid.", "[Ash Carter:person] left."))
    assert len(find(actors, "Al Marwan").mentions) == 2


def test_a_countrys_letters_are_no_towns_initials():
    actors = resolve(*write_pile("[Urem al-Kubra:place] burned. [UK:country] officials left."))
    assert {m.text for m in find(actors, "Urem al-Kubra").mentions} == {"Urem al-Kubra"}


def test_a_name_that_cannot_be_led_back_to_the_page_costs_no_actor():
    """Three signs written with six: a name that ends inside them has no place of its own in the page as saved."""
    text = "Ida Holm left. Ida Holm\u00ef\u201a; came."
    article = make_article("one", text)
    low = text.index("m\u00ef")
    rows = ((0, low, 10, 10 + low), (low, low + 4, 10 + low, 17 + low), (low + 4, len(text), 17 + low, 13 + len(text)))
    article = replace(article, source_map=rows)
    names = [(0, 8, "name", "person"), (low - 7, low + 1, "name", "person")]
    reading = make_reading(article, names)
    assert [(p.start, p.end) for p in propose_spans(reading, Page(article, reading)) if p.kind == "name"] == [(0, 8)]

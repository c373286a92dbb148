"""What would put two people, or two bodies, into one entry of the cast."""

from __future__ import annotations

import pytest
from actors_pile import find, resolve, write_pile

from storyledger.actors.identity import find_contradiction
from storyledger.actors.names import are_letters_of, find_age, parse_person
from storyledger.actors.profiles import make_profile
from storyledger.types import Actor


def cast_of(*texts: str) -> list[Actor]:
    return resolve(*write_pile(*texts))


def names_of(actor: Actor) -> set[str]:
    return {m.text.removeprefix("the ") for m in actor.mentions if m.kind == "name"}


def test_an_agency_in_a_dateline_does_not_define_an_acronym():
    cast = cast_of("[Harbour Nations:organisation] ([QNN:organisation]) -- The [QNN:organisation] said so.")
    assert find(cast, "Harbour Nations") is not next(a for a in cast if "QNN" in names_of(a))


def test_the_letters_of_an_acronym_are_checked():
    assert are_letters_of("aib", "Accident Inquiry Board")
    assert are_letters_of("isos", "Island State of Old Sands")
    assert are_letters_of("tepco", "Torven Electric Power Company")
    assert not are_letters_of("qnn", "Harbour Nations")
    assert not are_letters_of("ap", "Port Telmo")


def test_a_party_behind_a_name_is_not_that_person():
    cast = cast_of("[Anna Berg:person] ([FDU:organisation]) spoke. The [FDU:organisation] agreed.")
    assert names_of(find(cast, "Anna Berg")) == {"Anna Berg"}


def test_an_acronym_that_two_bodies_share_is_left_open():
    cast = cast_of(
        "The [Popular Front:organisation] ([PF:organisation]) and the [Peace Force:organisation] ([PF:organisation])"
        " met. The [PF:organisation] won."
    )
    front, force = find(cast, "Popular Front"), find(cast, "Peace Force")
    assert front is not force
    assert sum(m.text.endswith("PF") for a in (front, force) for m in a.mentions) <= 2


def test_a_surname_that_two_bear_stays_open():
    cast = cast_of("[Peter Falk:person] and [Jonas Falk:person] were held. [Falk:person] denied it.")
    assert names_of(find(cast, "Peter Falk")) == {"Peter Falk"}
    assert names_of(find(cast, "Jonas Falk")) == {"Jonas Falk"}


def test_father_and_son_stay_two():
    cast = cast_of("[Ben Ode Sr.:person] spoke.", "[Ben Ode Jr.:person] spoke.")
    assert len([a for a in cast if a.type == "person"]) == 2


def test_two_of_one_name_and_of_another_age_stay_two():
    cast = cast_of("[Li Wei:person], 52, of the bank, resigned.", "[Li Wei:person], 19, swam to gold.")
    assert len(cast) == 2


def test_one_person_a_year_later_is_a_year_older():
    assert len(cast_of("[Li Wei:person], 52, resigned.", "[Li Wei:person], 53, was freed.")) == 1


@pytest.mark.parametrize(
    ("text", "name", "age"),
    [
        ("Ana Ruiz, 52, said", "Ana Ruiz", 52),
        ("Ana Ruiz (19) swam", "Ana Ruiz", 19),
        ("a 19-year-old swimmer, Ana Ruiz, won", "Ana Ruiz", 19),
        ("when Ana Ruiz, a 19-year-old swimmer, won", "Ana Ruiz", 19),
        ("Ana Ruiz, 52 percent of them", "Ana Ruiz", None),
    ],
)
def test_an_age_is_read_beside_a_name(text, name, age):
    start = text.index(name)
    assert find_age(text, start, start + len(name)) == age


def test_a_spelling_with_q_is_one_with_g():
    cast = cast_of("[Samir al-Qadhari:person] spoke.", "[Samir Gadhari:person] spoke.")
    assert len(cast) == 1


def test_a_name_that_the_article_itself_gives_as_another_is_one_person():
    cast = cast_of("[Clara Weiss:person], then known as [Clara Bauer:person], left. [Bauer:person] wept.")
    assert len(cast) == 1


def test_two_full_names_contradict_and_a_longer_form_does_not():
    documents, _ = write_pile("[Ana Ruiz:person] left.", "[Omar Haddad:person] left.", "[Ana Ruiz Ortega:person] left.")
    ana, omar, longer = (make_profile(d.actors[0]).identity for d in documents)
    assert find_contradiction(ana, omar) == "their full names differ"
    assert find_contradiction(ana, longer) is None


def test_two_nations_have_two_parliaments():
    documents, _ = write_pile("[Danish Parliament:government] met.", "[Swedish Parliament:government] met.")
    one, two = (make_profile(d.actors[0]).identity for d in documents)
    assert find_contradiction(one, two) is not None


def test_a_suffix_is_no_family_name():
    parts = parse_person("Ben Ode Jr.")
    assert parts is not None
    assert (parts.family, parts.suffix) == ("ode", "jr")

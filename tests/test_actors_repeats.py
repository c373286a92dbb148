"""A person named in full and then by the family name is found at every place, also where the reader saw no name."""

from __future__ import annotations

import pytest
from actors_pile import make_article, make_reading

from storyledger.actors.page import Page
from storyledger.actors.spans import propose_spans


def find_names(text, *marked):
    """Return the names of a text of which the reader saw only ``marked``, each once."""
    article = make_article("one", text)
    reading = make_reading(article, [(text.index(n), text.index(n) + len(n), "name", "person") for n in marked])
    return [text[p.start : p.end] for p in propose_spans(reading, Page(article, reading)) if p.kind == "name"]


def test_a_family_name_that_the_reader_missed_is_a_mention_of_the_person():
    assert find_names("Omar Holmstad resigned. Holmstad left.", "Omar Holmstad") == ["Omar Holmstad", "Holmstad"]


@pytest.mark.parametrize(
    "text",
    [
        "Omar Holmstad resigned. Holmstad Street is closed.",  # part of another name
        "Omar Holmstad resigned. The Holmstad slept.",  # a hotel, a ship
        "Omar Holmstad resigned. Holmstads came.",
    ],
)
def test_other_things_in_like_letters_stay_what_they_are(text):
    assert find_names(text, "Omar Holmstad") == ["Omar Holmstad"]


def test_a_family_name_of_two_people_is_given_to_neither():
    text = "Omar Holmstad and Ines Holmstad resigned. Holmstad wept."
    assert find_names(text, "Omar Holmstad", "Ines Holmstad") == ["Omar Holmstad", "Ines Holmstad"]


def test_an_acronym_found_once_is_found_again_where_it_reads_like_a_pronoun():
    text = "The Water Health Office (WHO) was worried. WHO said no. STOP WHO NOW said a sign. Who came?"
    assert find_names(text, "WHO") == ["WHO", "WHO"]

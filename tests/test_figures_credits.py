"""What would break if whose number it is were read wrongly: a rival that nobody made, or one overlooked."""

from __future__ import annotations

import pytest

from storyledger.figures.credits import are_rivals, find_credit, grow_tree
from storyledger.figures.labels import is_label
from storyledger.figures.numbers import iter_numbers
from storyledger.figures.rounding import is_loose, is_near, is_rounded
from storyledger.types import Evidence, Figure, Reading, Token

# word/upos/head/relation; a head counts from 1, 0 is the root
SAYS = "The/DET/2/det guild/NOUN/3/nsubj counts/VERB/0/root 48/NUM/3/obj"
OWNED = "The/DET/2/det clinic/NOUN/4/nmod:poss ’s/PART/2/case 27/NUM/5/nsubj stands/VERB/0/root"
ACCORDING = "There/PRON/2/expl were/VERB/0/root 52/NUM/2/nsubj according/VERB/6/case to/ADP/4/fixed drivers/NOUN/2/obl"
BESIDE = (
    "Nobody/PRON/2/nsubj met/VERB/0/root 63/NUM/2/obj ;/PUNCT/7/punct the/DET/6/det guild/NOUN/7/nsubj "
    "counts/VERB/2/parataxis 48/NUM/7/obj"
)
SET_IN = "About/ADV/2/advmod 40/NUM/0/root ,/PUNCT/5/punct drivers/NOUN/5/nsubj said/VERB/2/parataxis"


def credit(tagged: str, number: str) -> frozenset[str]:
    rows = [word.split("/") for word in tagged.split()]
    tokens, start = [], 0
    for n, (word, upos, head, relation) in enumerate(rows):
        lemma = {"counts": "count", "said": "say", "stands": "stand", "drivers": "driver"}.get(word, word.lower())
        tokens.append(Token(start, start + len(word), lemma, upos, int(head) - 1 if head != "0" else n, relation))
        start += len(word) + 1
    place = next(n for n, row in enumerate(rows) if row[0] == number)
    return find_credit(grow_tree(Reading("a", tuple(tokens), (), (), (), ())), place, place + 1)


@pytest.mark.parametrize(
    ("tagged", "number", "whose"),
    [(SAYS, "48", "guild"), (OWNED, "27", "clinic"), (ACCORDING, "52", "driver"), (BESIDE, "48", "guild"),
     (SET_IN, "40", "driver")],
)  # fmt: skip
def test_a_number_is_credited_to_who_tells_it(tagged: str, number: str, whose: str) -> None:
    assert credit(tagged, number) == {whose}


def test_a_clause_set_beside_another_lends_it_no_source() -> None:
    assert credit(BESIDE, "63") == frozenset()


def test_two_sources_are_rivals_and_one_source_or_an_unknown_one_is_none() -> None:
    guild, clinic = frozenset(("guild",)), frozenset(("clinic",))
    assert are_rivals(guild, clinic)
    assert not are_rivals(guild, guild)
    assert not are_rivals(guild, frozenset())


def test_a_number_told_with_less_care_is_the_same_rounded_and_another_number_is_not() -> None:
    assert is_rounded(4_500_000.0, 4_512_306.0)
    assert not is_rounded(30.0, 29.0)
    assert is_near(287.0, 300.0)
    assert not is_near(250.0, 300.0)


@pytest.mark.parametrize(("words", "loose"), [("nearly 300", True), ("a quarter of a million", True), ("287", False)])
def test_loose_words_are_heard(words: str, loose: bool) -> None:
    figure = Figure(
        "f", "people", 300.0, None, None, "=", "people", None, None, Evidence("a", 0, len(words), words), None, 0.9
    )
    assert is_loose(figure) is loose


@pytest.mark.parametrize("text", ["Donate by calling 0320 51 51 700 today.", "Hotline: 5551 234"])
def test_a_telephone_number_counts_nothing(text: str) -> None:
    numbers = [n for n in iter_numbers(text) if n.start > text.index(" ") + 1]
    assert numbers
    assert all(is_label(text, n) for n in numbers)

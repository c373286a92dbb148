"""What would break for a reader who follows one utterance from page to page."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.engine import SerialEngine
from storyledger.ids import make_id
from storyledger.statements import link_versions
from storyledger.statements.versions import iter_differences
from storyledger.types import Actor, Alias, Article, Evidence, Interval, Speaker, Statement


def make_page(number: int, published: str) -> Article:
    return Article(f"article1:{number}", f"{number}.txt", None, "utf-8", "0", "", (), (), published=published)


def make_statement(page: int, at: int, text: str, actor: str | None = "kessel", **more) -> Statement:
    fields = {
        "id": make_id("statement1", page, at, text), "speaker": Speaker(actor, actor or "an official", None), "cue": None,
        "content": Evidence(f"article1:{page}", at, at + len(text), text), "kind": "direct", "act": "say",
        "polarity": "affirmed", "said_on": None, "to": None, "continues": None, "version_group": None,
        "version_relation": None, "confidence": 1.0,
    }  # fmt: skip
    return Statement(**{**fields, **more})


PAGES = [make_page(n, f"2020-01-{n + 1:02d}") for n in range(6)]
FULL = "We will keep the harbour open until every boat has come home"


def make_actor(ident: str, *names: str) -> Actor:
    return Actor(ident, ident, "person", tuple(Alias(n, "name") for n in names) or (Alias(ident, "nominal"),), (), ())


CAST = (
    make_actor("kessel", "Jana Kessel", "Kessel"),
    make_actor("marek", "Olaf Marek"),
    make_actor("the mayor"),
    make_actor("kessel-brandt", "J. Kessel Brandt"),
)


def link(*statements: Statement) -> dict[str, Statement]:
    return {s.id: s for s in link_versions(statements, PAGES, {}, SerialEngine(), CAST)}


def relations(*statements: Statement) -> list[str | None]:
    found = link(*statements)
    return [found[s.id].version_relation for s in statements]


def test_the_same_words_in_two_pages_are_one_utterance():
    a, b = make_statement(0, 0, FULL), make_statement(1, 5, FULL + ".")
    assert relations(a, b) == ["verbatim", "verbatim"]


def test_a_shorter_quotation_is_trimmed_and_a_retold_one_paraphrased():
    a = make_statement(0, 0, FULL)
    b = make_statement(1, 0, "We will keep the harbour open")
    c = make_statement(2, 0, "the harbour would stay open until all boats had come home", kind="indirect")
    assert relations(a, b, c) == ["verbatim", "trimmed", "paraphrase"]


def test_two_remarks_of_one_speaker_on_one_matter_stay_two():
    a = make_statement(0, 0, "The harbour office has nothing to say about the fire today")
    b = make_statement(1, 0, "The harbour will need two years and forty million to be rebuilt")
    assert relations(a, b) == [None, None]


def test_words_given_to_somebody_else_are_marked():
    a, b = make_statement(0, 0, FULL), make_statement(1, 0, FULL, actor="marek")
    assert relations(a, b) == ["verbatim", "misattributed"]


def test_who_is_only_described_or_shares_a_name_is_nobody_else():
    a = make_statement(0, 0, FULL)
    b, c = make_statement(1, 0, FULL, actor="the mayor"), make_statement(2, 0, FULL, actor="kessel-brandt")
    assert relations(a, b, c) == ["verbatim", "verbatim", "verbatim"]


def test_words_on_two_occasions_are_two_utterances():
    a = make_statement(0, 0, FULL, said_on=Interval("2020-01-01", "2020-01-01"))
    b = make_statement(1, 0, FULL, said_on=Interval("2020-02-01", "2020-02-01"))
    assert relations(a, b) == [None, None]


def test_another_number_is_another_statement():
    a = make_statement(0, 0, "34 people were now known to have died", kind="indirect")
    b = make_statement(1, 0, "38 people were now known to have died", kind="indirect")
    assert relations(a, b) == [None, None]


def test_two_people_who_say_the_same_in_few_words_are_two():
    a, b = make_statement(0, 0, "No comment at all"), make_statement(1, 0, "No comment at all", actor="marek")
    assert relations(a, b) == [None, None]


def test_differences_are_shown_word_by_word():
    assert list(iter_differences("the road is closed", "the road was closed")) == [
        ("same", "the road"), ("only a", "is"), ("only b", "was"), ("same", "closed"),
    ]  # fmt: skip


WORDS = st.lists(
    st.sampled_from(
        [
            "we",
            "will",
            "keep",
            "the",
            "harbour",
            "open",
            "until",
            "every",
            "boat",
            "has",
            "come",
            "home",
            "34",
            "38",
            "not",
        ]
    ),
    min_size=1,
    max_size=12,
)
ROWS = st.lists(st.tuples(st.integers(0, 5), WORDS, st.sampled_from(["kessel", "marek", None])), max_size=12)


@settings(max_examples=50, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_groups_do_not_depend_on_the_order_of_the_pages(rows, rng: random.Random):
    statements = [make_statement(page, 100 * k, " ".join(words), actor) for k, (page, words, actor) in enumerate(rows)]
    shuffled = statements[:]
    rng.shuffle(shuffled)
    pages = PAGES[:]
    rng.shuffle(pages)
    once = link_versions(statements, PAGES, {}, SerialEngine(), CAST)
    again = link_versions(shuffled, pages, {}, SerialEngine(), CAST)
    assert once == again
    for s in once:
        assert (s.version_group is None) == (s.version_relation is None)

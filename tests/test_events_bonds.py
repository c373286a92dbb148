"""The second look at pairs of tellings, and who takes part by all of an event's tellings."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from storyledger.events.bonds import FEATURES, measure_bonds
from storyledger.events.likeness import load_scorer
from storyledger.events.merging import gather_tellings, judge_pairs
from storyledger.events.similarity import Context, Rarity, make_telling
from storyledger.events.taking import choose_takers, gather_faces
from storyledger.types import Actor, ActorMention, Article, Chance, EventReport, Evidence

NAMES = list(load_scorer().names)


def tell(page, text, chances=(), confidence=0.8):
    evidence = Evidence(page, 0, len(text), text)
    report = EventReport(
        f"r{page}{text}", page, "ACCUSE", evidence, "sue", (), None, None, "reported", 0.6, 0, confidence,
        chances=tuple(chances),
    )  # fmt: skip
    return make_telling(report, Context(page), Rarity())


def measure(tellings, pairs, first):
    rows = np.zeros((len(pairs), len(NAMES)))
    table = measure_bonds(tellings, np.array(pairs), np.array(first), rows, NAMES)
    return {pair: dict(zip(FEATURES, row.tolist(), strict=True)) for pair, row in zip(pairs, table, strict=True)}


FOUR = [tell(page, f"the union sued the port {page}") for page in ("p1", "p2", "p3", "p3")]
PAIRS = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)]


def test_a_third_telling_that_is_like_both_ties_two_and_one_that_is_like_none_does_not():
    tied = measure(FOUR, PAIRS, [0.3, 0.8, 0.8, 0.0, 0.0, 0.0])
    assert tied[0, 1]["ties in common"] > tied[0, 3]["ties in common"] == 0.0


def test_of_two_tellings_on_one_page_only_the_better_match_leads():
    found = measure(FOUR, PAIRS, [0.3, 0.8, 0.8, 0.5, 0.2, 0.0])
    assert found[0, 2]["least margin"] > 0 > found[0, 3]["least margin"]


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(len(PAIRS))), st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_what_is_measured_of_a_pair_does_not_depend_on_the_order_of_pairs(order, first):
    plain = measure(FOUR, PAIRS, first)
    mixed = measure(FOUR, [PAIRS[at] for at in order], [first[at] for at in order])
    for pair in PAIRS:
        assert np.allclose(list(plain[pair].values()), list(mixed[pair].values()))


def test_a_telling_alone_has_no_pairs_and_is_an_event():
    assert judge_pairs(FOUR[:1]) == {}
    _, clusters = gather_tellings([FOUR[0].report], [Article("p1", "p1", None, "utf-8", "", "", (), ())], {}, [])
    assert [cluster.members for cluster in clusters] == [[0]]


def an_actor(name):
    mentions = tuple(ActorMention(page, 0, 5, name, "name") for page in ("p1", "p2", "p3"))
    return Actor(name, name, "organisation", (), (), mentions)


FACES = gather_faces([an_actor(name) for name in ("union", "port", "passer-by")])


def test_who_all_pages_name_in_a_part_takes_it_and_who_hardly_any_does_not():
    chances = [Chance("union", 0.9, 0.02), Chance("port", 0.03, 0.9), Chance("passer-by", 0.04, 0.03)]
    rows = choose_takers([tell(page, "sued", chances) for page in ("p1", "p2", "p3")], "ACCUSE", FACES)
    assert [(row.role, row.actor) for row in rows] == [("actor", "union"), ("recipient", "port")]


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(4)))
def test_who_takes_part_does_not_depend_on_the_order_of_tellings(order):
    tellings = [
        tell(f"p{at % 3 + 1}", f"sued {at}", [Chance("union", 0.2 * at, 0.1), Chance("port", 0.1, 0.25 * at)], 0.1 * at)
        for at in range(4)
    ]
    plain = choose_takers(tellings, "ACCUSE", FACES)
    assert plain == choose_takers([tellings[at] for at in order], "ACCUSE", FACES)


def test_tellings_that_know_nobody_have_no_participants():
    assert choose_takers([tell("p1", "sued")], "ACCUSE", FACES) == ()

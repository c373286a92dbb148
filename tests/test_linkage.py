"""Blocking, scoring and joining, whatever the records."""

from __future__ import annotations

import json
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyledger.linkage import Apart, Link, Partition, Scorer, batched, block
from storyledger.linkage.weights import read_weights


def test_records_that_share_a_key_are_a_pair_once() -> None:
    items = ["red car", "red bus car", "blue bus", "green"]
    assert block(items, str.split).tolist() == [[0, 1], [1, 2]]


def test_a_key_that_too_many_share_makes_no_pairs() -> None:
    assert block(["a b", "a b", "a", "a"], str.split, most=3).tolist() == [[0, 1]]


def test_records_of_one_side_are_no_pair() -> None:
    assert block([("x", 1), ("x", 1), ("x", 2)], lambda i: [i[0]], apart=lambda i: i[1]).tolist() == [[0, 2], [1, 2]]


def test_no_records_no_pairs() -> None:
    assert block([], lambda _: ["k"]).shape == (0, 2)


@given(st.lists(st.frozensets(st.integers(0, 5), max_size=3), max_size=12))
def test_blocking_finds_all_that_share_a_key(items: list[frozenset[int]]) -> None:
    expected = [[i, j] for i in range(len(items)) for j in range(i + 1, len(items)) if items[i] & items[j]]
    assert block(items, lambda i: i).tolist() == expected


def same_letter(a: str, b: str) -> float:
    """They begin with the same letter."""
    return float(a[0] == b[0])


@batched
def other_length(left: list[str], right: list[str]) -> np.ndarray:
    """One is longer.

    What stands in a second paragraph is for readers of the code.
    """
    return np.array([float(len(a) != len(b)) for a, b in zip(left, right, strict=True)])


LOGISTIC = {"kind": "logistic", "features": ["same_letter", "other_length"], "bias": -1.0, "weights": [3.0, -2.0]}


def test_a_score_has_its_reasons_for_and_against() -> None:
    scorer: Scorer[str] = Scorer([same_letter, other_length], read_weights(LOGISTIC))
    score = scorer.score("ab", "acd")
    assert score.probability == pytest.approx(0.5)
    assert score.reasons == ("They begin with the same letter", "against it: One is longer")
    assert scorer.score("ab", "xy").reasons == ()


def test_many_pairs_are_scored_as_one_by_one() -> None:
    scorer: Scorer[str] = Scorer([same_letter, other_length], read_weights(LOGISTIC))
    items = ["ab", "acd", "xy"]
    probabilities, rows = scorer.score_pairs(items, np.array([[0, 1], [0, 2]]))
    assert probabilities.tolist() == [scorer.score("ab", "acd").probability, scorer.score("ab", "xy").probability]
    assert scorer.explain(rows[0]) == scorer.score("ab", "acd").reasons


def test_trees_give_the_value_of_their_leaf_and_say_why() -> None:
    trees = {"roots": [0], "feature": [0, -1, 1, -1, -1], "threshold": [0.5, 0, 0.5, 0, 0],
             "left": [1, 1, 3, 3, 4], "right": [2, 1, 4, 3, 4], "value": [0.0, -2.0, 1.0, 3.0, -1.0]}  # fmt: skip
    weights = read_weights({**LOGISTIC, "kind": "trees", "bias": 0.5, "trees": trees})
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    assert weights.log_odds(rows).tolist() == [-1.5, 3.5, -0.5]
    assert weights.contributions(rows)[2].tolist() == [1.0, -2.0]


def test_a_calibration_bends_the_odds() -> None:
    weights = read_weights({**LOGISTIC, "calibration": {"x": [-2.0, 2.0], "y": [0.1, 0.9]}})
    assert weights.probabilities(np.array([[1.0, 0.0]])).tolist() == [0.9]
    assert weights.probabilities(np.array([[0.0, 0.0]])).tolist() == [pytest.approx(0.3)]


def test_weights_for_other_features_are_refused() -> None:
    with pytest.raises(ValueError, match="other_length"):
        Scorer([same_letter], read_weights(LOGISTIC))


def test_a_feature_without_words_is_refused() -> None:
    with pytest.raises(ValueError, match="reason shown"):
        Scorer([same_letter, lambda *_: 0.0], read_weights(LOGISTIC))


def test_the_weakest_link_of_a_chain_gives_way() -> None:
    links = [Link(0, 1, 0.9), Link(1, 2, 0.6), Link(2, 3, 0.8)]
    parts = Partition(4, [Apart(0, 3, "they met")]).join(links)
    assert parts.groups() == [[0, 1], [2, 3]]
    (refusal,) = parts.refused
    assert (refusal.link, refusal.reason, refusal.barred) == (links[1], "they met", True)


def test_a_persons_word_comes_first_and_needs_no_probability() -> None:
    parts = Partition(3, [Apart(0, 2, "judged")]).join([Link(0, 1, 0.99), Link(1, 2, 0.1, judged=True)])
    assert parts.groups() == [[0], [1, 2]]


def test_an_objection_keeps_groups_apart() -> None:
    parts = Partition(3, object_to=lambda a, b: "too many" if len(a) + len(b) > 2 else None)
    assert parts.join([Link(0, 1, 0.9), Link(1, 2, 0.8)]).groups() == [[0, 1], [2]]
    assert not parts.refused[0].barred
    assert parts.group_of(1) == [0, 1]


PAIRS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0, 1)), max_size=20)


@given(PAIRS, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=6), st.randoms())
def test_what_is_apart_stays_apart_in_any_order(pairs: list, bars: list, random) -> None:
    links = [Link(a, b, p) for a, b, p in {(min(a, b), max(a, b)): (a, b, p) for a, b, p in pairs}.values()]
    apart = [Apart(a, b, "apart") for a, b in bars if a != b]
    groups = Partition(8, apart).join(links).groups()
    assert not any(bar.a in g and bar.b in g for bar in apart for g in groups)
    random.shuffle(links)
    random.shuffle(apart)
    assert Partition(8, apart).join(links).groups() == groups


@pytest.mark.skipif(find_spec("sklearn") is None, reason="training extras are absent")
@pytest.mark.parametrize("kind", ["logistic", "trees"])
def test_fitted_weights_load_and_tell_the_pairs_apart(kind: str) -> None:
    from train.scorer import fit_scorer  # noqa: PLC0415 - its libraries are training extras

    random = np.random.default_rng(3)
    rows = random.random((600, 2))
    labels = (rows[:, 0] + 0.1 * random.standard_normal(600) > 0.5).astype(float)
    groups = [f"story{i % 6}" for i in range(600)]
    raw = fit_scorer(rows, labels, groups, ["same_letter", "other_length"], kind=kind, signs={"same_letter": 1})
    assert raw["measured"]["f1"] > 0.85
    assert raw["measured"]["calibration_error"] < 0.08
    weights = read_weights(json.loads(json.dumps(raw)))
    assert weights.probabilities(np.array([[0.95, 0.5]]))[0] > 0.9
    assert weights.probabilities(np.array([[0.05, 0.5]]))[0] < 0.1

"""How likely two records mean one thing, and why: named features, weights from a file.

A feature is a function of two records that gives a number, mostly from 0 to 1. Its name is what the weights know it by;
its docstring IS the reason shown to the user ("The same family name."). ``batched`` marks one that takes two sequences
of records and gives an array. Nothing here joins anything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage.weights import Floats, Weights

Item = TypeVar("Item")
Feature = Callable[[Any, Any], Any]
AGAINST = "against it: "
TELLING = 0.05  # log odds from which a feature's share is a reason worth showing
MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Score:
    """How likely a pair is one, and the reasons, the strongest first; those that speak against it say so."""

    probability: float
    reasons: tuple[str, ...]


def batched(feature: Feature) -> Feature:
    """Mark a feature that takes two sequences of records, of one length, and gives an array."""
    feature.batched = True  # type: ignore[attr-defined]  # a function, marked
    return feature


class Scorer(Generic[Item]):
    """Features with their weights: measures pairs, gives probabilities, explains them."""

    def __init__(self, features: Sequence[Feature], weights: Weights) -> None:
        """Pair ``features`` with ``weights``.

        Raises:
            ValueError: the weights were made for other features, or a feature has no docstring.
        """
        self.features, self.weights = tuple(features), weights
        self.names = tuple(f.__name__ for f in self.features)
        self._reasons = tuple(read_reason(f) for f in self.features)
        if self.names != weights.features:
            differing = sorted(set(self.names) ^ set(weights.features)) or ["their order"]
            raise ValueError(f"weights and features differ in {', '.join(differing)}: fit the weights anew")

    def measure(self, left: Sequence[Item], right: Sequence[Item]) -> Floats:
        """Return the features of the pairs ``(left[p], right[p])``: P pairs by F features."""
        return measure_pairs(self.features, left, right)

    def probabilities(self, left: Sequence[Item], right: Sequence[Item]) -> Floats:
        """Return the probability of each pair ``(left[p], right[p])``."""
        return self.weights.probabilities(self.measure(left, right))

    def score_pairs(self, items: Sequence[Item], pairs_P2: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return the probabilities of pairs of ``items`` as ``block`` gives them, and the features for ``explain``."""
        left, right = [items[i] for i in pairs_P2[:, 0]], [items[j] for j in pairs_P2[:, 1]]
        rows = self.measure(left, right)
        return self.weights.probabilities(rows), rows

    def score(self, a: Item, b: Item) -> Score:
        """Return the probability that the two are one, with its reasons."""
        rows = self.measure([a], [b])
        return Score(float(self.weights.probabilities(rows)[0]), self.explain(rows[0]))

    def explain(self, row_F: Floats) -> tuple[str, ...]:
        """Return the reasons for a pair of which these are the features: what speaks for it, then what against.

        Only features that are not zero are reasons: that something is absent convinces nobody who reads it.
        """
        shares = self.weights.contributions(row_F[None, :])[0]
        ranked = sorted(range(len(shares)), key=lambda f: (-shares[f], self.names[f]))
        told = [f for f in ranked if row_F[f] and abs(shares[f]) >= TELLING]
        for_it = [self._reasons[f] for f in told if shares[f] > 0]
        against = [AGAINST + self._reasons[f] for f in reversed(told) if shares[f] < 0]
        return (*for_it[:MOST_REASONS], *against[:MOST_REASONS])


def measure_pairs(features: Sequence[Feature], left: Sequence[Any], right: Sequence[Any]) -> Floats:
    """Return the features of the pairs ``(left[p], right[p])``: P pairs by F features."""
    rows = np.zeros((len(left), len(features)), np.float64)
    for column, feature in enumerate(features):
        if getattr(feature, "batched", False):
            rows[:, column] = feature(left, right)
        else:
            rows[:, column] = list(map(feature, left, right))
    return rows


def read_reason(feature: Feature) -> str:
    """Return the docstring of a feature as the reason shown, without its full stop.

    Raises:
        ValueError: it has none.
    """
    words = " ".join((feature.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
    if not words:
        raise ValueError(f"feature {feature.__name__} has no docstring, which is the reason shown")
    return words

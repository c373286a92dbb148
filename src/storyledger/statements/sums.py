"""Running sums over an article's tokens: any range's share of something in two look-ups.

This module must not know anchors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from storyledger.statements.anchors import cue_lemma
from storyledger.statements.view import CLASS, Floats, View


@dataclass(frozen=True, slots=True)
class Lemmas:
    """By lemma, where the scorers learned: in which share of its uses it was a cue, how often, and for which acts.

    ``persons``: by noun, in which share of the descriptions with it a person is meant.
    """

    rates: Mapping[str, float]
    counts: Mapping[str, int]
    acts: Mapping[str, Sequence[float]]
    persons: Mapping[str, float]


def running(values: Iterable[float]) -> Floats:
    """Return the sums of the values before each token, and of all."""
    return np.concatenate([[0.0], np.cumsum(np.asarray(values, np.float64))])


class Sums:
    """The sums that measures read; ``lemmas`` and ``rates`` hold one row a token."""

    def __init__(self, view: View, lemmas: Lemmas) -> None:
        """Sum up one article."""
        self.view, self.known = view, lemmas
        n, tags, codes, parse = view.n, view.tags, view.codes[: view.n], view.parse
        self.lemmas = [cue_lemma(view, i) for i in range(n)]
        self.rates = np.array([lemmas.rates.get(lemma, 0.0) for lemma in self.lemmas])
        self.source, self.cue, self.content = running(tags.source), running(tags.cue), running(tags.content)
        self.begins = running(tags.content_begins)
        self.denied = running(tags.denied)
        self.finite = running([tag in {"VERB", "AUX"} for tag in parse.upos])
        self.verbs = running([tag == "VERB" for tag in parse.upos])
        self.stops, self.commas = running(codes == CLASS["stop"]), running(codes == CLASS["comma"])
        self.opens, self.closes = running(view.opens[:n] >= 0), running(view.closes[:n] >= 0)
        self.quoted = running(view.quote_of[:n] >= 0)
        self.rate = running(np.where(view.quote_of[:n] < 0, self.rates, 0.0))


def mean(sums: Floats, first: int, last: int) -> float:
    """Return the mean over a range of tokens, 0 where it is empty."""
    return float(sums[last] - sums[first]) / (last - first) if last > first else 0.0


def highest(values: Floats, first: int, last: int) -> float:
    """Return the largest of a range of tokens, 0 where it is empty."""
    return float(values[max(0, first) : max(0, last)].max(initial=0.0))

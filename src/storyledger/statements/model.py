"""The scorers of this room: their trees, what they know of lemmas, what their numbers are worth.

All of it stands in ``model.npz``, made by ``python -m train.statements``. This module must not know articles.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage.forest import Forest, read_forest
from storyledger.statements.acts import ACT, ACTS
from storyledger.statements.edges import SPAN
from storyledger.statements.measures import ANCHOR
from storyledger.statements.sources import SOURCE
from storyledger.statements.speakers import SPEAKER
from storyledger.statements.sums import Lemmas

Floats = NDArray[np.float64]
SPAN_FEATURES = (*(f"span_{name}" for name in SPAN), "p_anchor", *(f"anchor_{name}" for name in ANCHOR))


@dataclass(frozen=True, slots=True)
class Curve:
    """What a score is worth: points of a rising line, measured out of fold."""

    score: Floats
    worth: Floats

    def read(self, score: float) -> float:
        """Return what a score is worth."""
        return float(np.interp(score, self.score, self.worth))


@dataclass(frozen=True, slots=True)
class Model:
    """Everything learned.

    ``anchor``: whether an anchor attributes; ``found`` and ``exact``: whether a span is what is said, nearly and to
    the word; ``source`` and ``speaker``: of one candidate; ``acts`` by act; ``denied``. ``least``: below it an anchor
    is not looked at, a span not chosen, a source or speaker not taken. ``confidence`` and ``in_mouth``: what the scores
    of a statement and of its speaker are worth.
    """

    anchor: Forest
    found: Forest
    exact: Forest
    source: Forest
    speaker: Forest
    acts: tuple[Forest, ...]
    denied: Forest
    lemmas: Lemmas
    least: Mapping[str, float]
    confidence: Curve
    in_mouth: Curve


@functools.cache
def load_model() -> Model:
    """Return the scorers that come with the package."""
    with resources.files(__package__).joinpath("model.npz").open("rb") as file:
        return read_model(file)


def read_model(file: IO[bytes] | Path) -> Model:
    """Return the scorers in a file that ``train/statements.py`` wrote.

    Raises:
        ValueError: they were made for other features.
    """
    with np.load(file, allow_pickle=False) as stored:
        return build_model(dict(stored))


def build_model(arrays: Mapping[str, Any]) -> Model:
    """Return the scorers that ``arrays`` hold."""
    words = [str(w) for w in arrays["lemma"]]
    lemmas = Lemmas(
        rates=dict(zip(words, arrays["lemma_rate"].tolist(), strict=True)),
        counts=dict(zip(words, arrays["lemma_count"].tolist(), strict=True)),
        acts=dict(zip(words, arrays["lemma_acts"].tolist(), strict=True)),
        persons=dict(zip(map(str, arrays["noun"]), arrays["noun_persons"].tolist(), strict=True)),
    )
    names = [str(n) for n in arrays["least_names"]]
    return Model(
        anchor=read_forest(arrays, "anchor", tuple(ANCHOR)),
        found=read_forest(arrays, "found", SPAN_FEATURES),
        exact=read_forest(arrays, "exact", SPAN_FEATURES),
        source=read_forest(arrays, "source", tuple(SOURCE)),
        speaker=read_forest(arrays, "speaker", tuple(SPEAKER)),
        acts=tuple(read_forest(arrays, f"act_{act}", tuple(ACT)) for act in ACTS),
        denied=read_forest(arrays, "denied", tuple(ACT)),
        lemmas=lemmas,
        least=dict(zip(names, arrays["least"].tolist(), strict=True)),
        confidence=Curve(arrays["confidence_score"], arrays["confidence_worth"]),
        in_mouth=Curve(arrays["in_mouth_score"], arrays["in_mouth_worth"]),
    )

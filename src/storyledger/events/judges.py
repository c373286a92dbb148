"""What the learned judges say of predicates: whether a reader would list them, as which type, status and weight.

Each judge is a linear model over the named features (``features.py``) with one row of weights a class; probabilities
are its softmax. Invariant: weights come from ``data/judges.npz``, made by ``python -m train.events``; none stands in
code. Shapes: N predicates, F features, C classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.events.features import Features

Floats = NDArray[np.float32]


VECTOR_SCALE = 6.0  # clause vectors are of length one: against the numbers they would weigh nothing


@dataclass(frozen=True, slots=True)
class Space:
    """Where features stand in a row: numbers by name (each divided by its ``scales``), the clause's vector, words."""

    numbers: dict[str, int]
    scales: Floats
    words: dict[str, int]

    def dense_rows(self, rows: Sequence[Features]) -> Floats:
        """Return the numbers and the vector of each predicate, (N, numbers + dimensions)."""
        table = np.zeros((len(rows), len(self.numbers)), np.float32)
        for at, row in enumerate(rows):
            for name, value in row.numbers.items():
                column = self.numbers.get(name)
                if column is not None:
                    table[at, column] = value
        vectors = np.stack([row.vector for row in rows]) * np.float32(VECTOR_SCALE)
        return np.concatenate([table / self.scales, vectors], axis=1)

    def word_columns(self, row: Features) -> list[int]:
        """Return the columns of a predicate's known words, each once, in order."""
        return sorted({self.words[word] for word in row.words if word in self.words})


@dataclass(frozen=True, slots=True)
class Judge:
    """A linear model: ``dense`` (numbers + dimensions, C), ``sparse`` (words, C), ``bias`` (C)."""

    classes: tuple[str, ...]
    dense: Floats
    sparse: Floats
    bias: Floats

    def judge(self, dense: Floats, words: Sequence[Sequence[int]]) -> Floats:
        """Return the probability of each class for each predicate, (N, C)."""
        scores = dense @ self.dense + self.bias
        for at, columns in enumerate(words):
            if columns:
                scores[at] += self.sparse[list(columns)].sum(0)
        scores -= scores.max(1, keepdims=True)
        odds = np.exp(scores)
        out: Floats = odds / odds.sum(1, keepdims=True)
        return out


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judges say of one predicate: probabilities by class."""

    listed: float
    important: float
    types: dict[str, float]
    statuses: dict[str, float]


@cache
def load_judges(path: Path | None = None) -> tuple[Space, dict[str, Judge]]:
    """Return the space of the features and the judges by name: listed, important, type, status; ``path``: not ours."""
    with (path or files(__package__) / "data" / "judges.npz").open("rb") as file, np.load(file) as stored:
        kept: dict[str, Any] = {name: stored[name] for name in stored.files}
    space = Space(
        {str(name): at for at, name in enumerate(kept["numbers"])},
        kept["scales"].astype(np.float32),
        {str(word): at for at, word in enumerate(kept["words"])},
    )
    names = sorted(name.removesuffix(".classes") for name in kept if name.endswith(".classes"))
    return space, {name: _read_judge(kept, name) for name in names}


def _read_judge(kept: dict[str, Any], name: str) -> Judge:
    arrays = [kept[f"{name}.{part}"].astype(np.float32) for part in ("dense", "sparse", "bias")]
    return Judge(tuple(map(str, kept[f"{name}.classes"])), *arrays)


def judge_predicates(rows: Sequence[Features], path: Path | None = None) -> list[Verdict]:
    """Return the verdict on each predicate; ``path``: by other judges than those that ship."""
    if not rows:
        return []
    space, judges = load_judges(path)
    dense, words = space.dense_rows(rows), [space.word_columns(row) for row in rows]
    said = {name: judge.judge(dense, words) for name, judge in judges.items()}
    return [
        Verdict(
            listed=float(said["listed"][at, 1]),
            important=float(said["important"][at, 1]),
            types=dict(zip(judges["type"].classes, said["type"][at].tolist(), strict=True)),
            statuses=dict(zip(judges["status"].classes, said["status"][at].tolist(), strict=True)),
        )
        for at in range(len(rows))
    ]

"""Fit the confidences of the passage comparison on passages with one thing changed.

    python -m train.compare [--pairs N] [--write]

Makes pairs from GMB news (training) and Wikinews (held out), fits one logistic curve per kind of change,
and lowers each so that at 0.5 no more than one untouched training pair in a hundred raises an alarm.
``--write`` puts the weights into the room's ``calibration.toml``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.compare.passages import KINDS, Difference, compare_passages
from train.mutations import Pair, make_pairs, read_gmb

TARGET = Path(__file__).resolve().parents[1] / "src" / "storyledger" / "compare" / "calibration.toml"
ALARMS = 0.012  # of untouched training pairs, over all kinds; .02 is allowed when held out
Floats = NDArray[np.float64]


def lay_out(sentences: Iterable[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the passage as one text with the ranges of its sentences."""
    text, spans = "", []
    for sentence in sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += sentence + " "
    return text, spans


def find_differences(pair: Pair) -> tuple[Difference, ...]:
    """Return the differences that the room finds in a pair."""
    return compare_passages(*lay_out(pair.a), *lay_out(pair.b)).differences


def label_differences(pairs: Iterable[Pair]) -> dict[str, tuple[Floats, Floats, list[int]]]:
    """Return per kind the features (N by F), whether each was the change that was made, and its pair (-1: changed)."""
    rows: dict[str, list[tuple[tuple[float, ...], float, int]]] = {kind: [] for kind in KINDS}
    for number, pair in enumerate(pairs):
        for difference in find_differences(pair):
            right = is_found(pair, difference)
            mixed = pair.kind is not None and not right and pair.sentence == difference.sentences[0]
            if not mixed:  # what a change brings along ("not" in a new cause) is neither right nor wrong
                rows[difference.kind].append((difference.features, float(right), -1 if pair.kind else number))
    return {
        kind: (np.array([r[0] for r in found]), np.array([r[1] for r in found]), [r[2] for r in found])
        for kind, found in rows.items()
    }


def is_found(pair: Pair, difference: Difference) -> bool:
    """Return whether a difference is the change that was made; who speaks and who takes part are both who."""
    who = ("speaker", "participant")
    same = pair.kind == difference.kind or (pair.kind in who and difference.kind in who)
    return same and pair.sentence == difference.sentences[0]


def fit_logistic(features_NF: Floats, right_N: Floats, steps: int = 60) -> Floats:
    """Return bias and weights by Newton's method with a small ridge."""
    x = np.hstack([np.ones((len(features_NF), 1)), features_NF])
    weights = np.zeros(x.shape[1])
    ridge = 0.1 * np.eye(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (right_N - p) - ridge @ weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights


def lower_bias(weights: Floats, features_NF: Floats, pairs: list[int], untouched: int) -> Floats:
    """Return the weights with a bias at which few enough untouched pairs are alarmed at 0.5."""
    if not len(features_NF):
        return weights
    scores = features_NF @ weights[1:] + weights[0]
    best: dict[int, float] = {}
    for score, pair in zip(scores, pairs, strict=True):
        if pair >= 0:
            best[pair] = max(best.get(pair, -99.0), float(score))
    allowed = int(ALARMS / len(KINDS) * untouched)
    ranked = sorted(best.values(), reverse=True)
    over = ranked[allowed] if len(ranked) > allowed else -99.0
    lowered = weights.copy()
    lowered[0] -= max(0.0, over + 1e-3)
    return lowered


def main() -> None:
    """Fit, and print what each kind's weights are."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=400)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    passages, names = read_gmb()
    pairs = list(make_pairs("gmb", passages, names, chosen.pairs, seed=1))
    untouched = sum(p.kind is None for p in pairs)
    lines = ["# Logistic weights per kind: bias, then the features of passages.py. Written by train/compare.py."]
    for kind, (features, right, numbers) in label_differences(pairs).items():
        weights = lower_bias(fit_logistic(features, right), features, numbers, untouched)
        print(f"{kind:12s} {len(right):5d} differences, {int(right.sum()):5d} right", np.round(weights, 2))
        lines += ["", f"[{kind}]", f"weights = {[round(float(w), 3) for w in weights]}"]
    if chosen.write:
        TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

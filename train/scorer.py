"""Weights of a pair scorer, fitted and calibrated: ``python -m train.scorer ROWS.jsonl -o WEIGHTS.json``.

A row is one pair: ``{"group": "the story it is of", "label": 1, "features": {"same_name": 1.0, ...}, "weight": 1.0}``;
features that are absent are 0. Rooms write them from the marked piles with ``linkage.measure_pairs``. Folds keep a
group whole, so what is measured holds for stories that were not seen. The calibration is isotonic over the log odds of
the folds (Platt's line below 200 rows). ``fit_scorer`` is the same as a function.
Source: Zadrozny & Elkan 2002 (isotonic calibration); Niculescu-Mizil & Caruana 2005.
"""

# ruff: noqa: PLC0415 - the trainers' libraries are extras; reading the rows needs none of them

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage.weights import read_weights

Floats = NDArray[np.float64]
FOLDS = 5
RIDGE = 1.0  # of the logistic weights; features run from 0 to 1
TREE = {"max_leaf_nodes": 8, "max_iter": 120, "learning_rate": 0.08, "min_samples_leaf": 20, "l2_regularization": 1.0}
FEW = 200  # rows below which an isotonic curve learns its rows by heart
CURVE_POINTS = 24


def fit_scorer(
    rows_PF: Floats,
    labels_P: Floats,
    groups_P: Sequence[str],
    names: Sequence[str],
    *,
    kind: str = "logistic",
    signs: Mapping[str, int] | None = None,
    weights_P: Floats | None = None,
    made_by: str = "",
) -> dict[str, Any]:
    """Return the JSON of a fitted, calibrated scorer with its cross-validated scores.

    Args:
        rows_PF: P pairs by F features.
        labels_P: 1 where the pair is one, else 0.
        groups_P: the story of each pair; a fold never parts one.
        names: the features' names.
        kind: "logistic" or "trees".
        signs: +1 or -1 for features that may only speak for or against.
        weights_P: how much each row counts.
        made_by: the command, for the file.
    """
    weights = np.ones(len(labels_P)) if weights_P is None else weights_P
    limits = [(signs or {}).get(n, 0) for n in names]
    fit = {"logistic": _fit_logistic, "trees": _fit_trees}[kind]
    held_out = hold_out(rows_PF, labels_P, groups_P, names, kind=kind, signs=signs, weights_P=weights)
    curve = calibrate(held_out, labels_P, weights)
    probabilities = np.interp(np.clip(held_out, -30, 30), curve["x"], curve["y"])
    return {
        "made_by": made_by,
        "features": list(names),
        "rows": len(labels_P),
        "groups": len(set(groups_P)),
        "measured": measure(probabilities, labels_P),
        **fit(rows_PF, labels_P, weights, limits),
        "calibration": curve,
    }


def hold_out(
    rows_PF: Floats,
    labels_P: Floats,
    groups_P: Sequence[str],
    names: Sequence[str],
    *,
    kind: str = "logistic",
    signs: Mapping[str, int] | None = None,
    weights_P: Floats | None = None,
) -> Floats:
    """Return the log odds of each pair by a scorer that was fitted without its group; a weight of 0 fits nothing."""
    weights = np.ones(len(labels_P)) if weights_P is None else weights_P
    limits = [(signs or {}).get(n, 0) for n in names]
    fit = {"logistic": _fit_logistic, "trees": _fit_trees}[kind]
    held = np.zeros(len(labels_P))
    for fold in split_groups(groups_P, FOLDS):
        seen = ~fold & (weights > 0)
        model = fit(rows_PF[seen], labels_P[seen], weights[seen], limits)
        held[fold] = read_weights({"features": names, **model}).log_odds(rows_PF[fold])
    return held


def split_groups(groups_P: Sequence[str], folds: int) -> list[NDArray[np.bool_]]:
    """Return masks of the rows of each fold: groups dealt out from the largest, to the fold that has least."""
    names, counts = np.unique(np.asarray(groups_P), return_counts=True)
    sizes, fold_of = [0] * min(folds, len(names)), {}
    for name, count in sorted(zip(names, counts, strict=True), key=lambda r: (-r[1], r[0])):
        fold_of[name] = sizes.index(min(sizes))
        sizes[fold_of[name]] += int(count)
    numbers = np.array([fold_of[g] for g in groups_P])
    return [numbers == k for k in range(len(sizes))]


def calibrate(odds_P: Floats, labels_P: Floats, weights_P: Floats) -> dict[str, list[float]]:
    """Return the curve from log odds to probability, pulled a little towards the middle: nothing is certain."""
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression

    odds = np.clip(odds_P, -30, 30)
    if len(odds) < FEW:
        line = LogisticRegression(C=10.0).fit(odds[:, None], labels_P, weights_P)
        x = np.linspace(odds.min(), odds.max(), CURVE_POINTS)
        y = line.predict_proba(x[:, None])[:, 1]
    else:
        curve = IsotonicRegression(y_min=0.0, y_max=1.0).fit(odds, labels_P, sample_weight=weights_P)
        steps = np.linspace(
            0, 1, CURVE_POINTS
        )  # also over the pairs that are one: where few are, they stand at the end
        x = np.unique(np.concatenate([np.quantile(part, steps) for part in (odds, odds[labels_P > 0])]))
        y = curve.predict(x)
    least = 0.5 / len(odds)
    return {"x": [round(float(v), 4) for v in x], "y": [round(float(v), 4) for v in np.clip(y, least, 1 - least)]}


def measure(probabilities_P: Floats, labels_P: Floats) -> dict[str, float]:
    """Return log loss, Brier score, expected calibration error (10 bins), precision, recall and F1 at a half."""
    p = np.clip(probabilities_P, 1e-6, 1 - 1e-6)
    bins = np.minimum((p * 10).astype(int), 9)
    error = sum(abs(p[bins == b].mean() - labels_P[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    said, hit = (p >= 0.5).sum(), ((p >= 0.5) & (labels_P == 1)).sum()
    precision, recall = hit / max(1, said), hit / max(1, labels_P.sum())
    found = {
        "log_loss": -np.mean(labels_P * np.log(p) + (1 - labels_P) * np.log(1 - p)),
        "brier": np.mean((p - labels_P) ** 2),
        "calibration_error": error,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def _fit_logistic(rows_PF: Floats, labels_P: Floats, weights_P: Floats, limits: Sequence[int]) -> dict[str, Any]:
    from scipy.optimize import minimize

    def loss(w: Floats) -> tuple[float, Floats]:
        odds = rows_PF @ w[1:] + w[0]
        error = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30))) - labels_P
        value = (weights_P * (np.logaddexp(0, odds) - labels_P * odds)).sum() + 0.5 * RIDGE * (w[1:] ** 2).sum()
        return value, np.concatenate([[(weights_P * error).sum()], rows_PF.T @ (weights_P * error) + RIDGE * w[1:]])

    bounds = [(None, None), *(((0, None), (None, 0), (None, None))[{1: 0, -1: 1, 0: 2}[s]] for s in limits)]
    found = minimize(loss, np.zeros(rows_PF.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    return {"kind": "logistic", "bias": round(float(found[0]), 4), "weights": [round(float(v), 4) for v in found[1:]]}


def _fit_trees(rows_PF: Floats, labels_P: Floats, weights_P: Floats, limits: Sequence[int]) -> dict[str, Any]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(**TREE, monotonic_cst=list(limits), random_state=0, early_stopping=False)
    model.fit(rows_PF, labels_P, weights_P)
    nodes: dict[str, list[Any]] = {k: [] for k in ("roots", "feature", "threshold", "left", "right", "value")}
    for (predictor,) in model._predictors:  # noqa: SLF001 - the trees have no public form
        offset = len(nodes["feature"])
        nodes["roots"].append(offset)
        for node in predictor.nodes:
            leaf = bool(node["is_leaf"])
            nodes["feature"].append(-1 if leaf else int(node["feature_idx"]))
            nodes["threshold"].append(0.0 if leaf else float(f"{node['num_threshold']:.9g}"))
            nodes["left"].append(offset if leaf else offset + int(node["left"]))
            nodes["right"].append(offset if leaf else offset + int(node["right"]))
            nodes["value"].append(round(float(node["value"]), 6))
    return {"kind": "trees", "bias": round(float(model._baseline_prediction.ravel()[0]), 6), "trees": nodes}  # noqa: SLF001


def read_rows(path: Path) -> tuple[list[str], Floats, Floats, list[str], Floats]:
    """Return names, features, labels, groups and weights of the pairs in a file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    names = list(dict.fromkeys(name for row in rows for name in row["features"]))
    table = np.array([[float(row["features"].get(name, 0.0)) for name in names] for row in rows])
    labels = np.array([float(row["label"]) for row in rows])
    weights = np.array([float(row.get("weight", 1.0)) for row in rows])
    return names, table, labels, [str(row["group"]) for row in rows], weights


def main() -> int:
    """Fit, print what the folds measured, write the file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--kind", choices=("logistic", "trees"), default="logistic")
    parser.add_argument("--sign", action="append", default=[], help="NAME=+1 or NAME=-1: it may only speak so")
    given = parser.parse_args()
    names, rows, labels, groups, weights = read_rows(given.rows)
    signs = {name: int(sign) for name, _, sign in (s.partition("=") for s in given.sign)}
    made_by = f"python -m train.scorer {given.rows.name} --kind {given.kind}"
    fitted = fit_scorer(rows, labels, groups, names, kind=given.kind, signs=signs, weights_P=weights, made_by=made_by)
    print(json.dumps(fitted["measured"]))
    given.output.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

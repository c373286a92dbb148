"""Fit ``actors/spelling.json``: which words of a page begin a name, go on with one, or stand outside.

Data: the marked stories for training, read with tags that were made by networks that had not learned from the same
stories (``train/tags.py --folds``); with the shipped network's own tags a name learned by heart would look sure.
Multinomial logistic regression by gradient steps. Run: ``python -m train.spelling --tagged FOLDER [--out FILE]
[--folds K]``, FOLDER with one pickle a story: {"placed": articles, "marks": {"readings": ...}, "gold": path}.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.actors.page import Page
from storyledger.actors.spans import list_names
from storyledger.actors.tagged import SPELT_IN, decode_labels, list_runs, measure_tokens
from storyledger.language.tags import read_tags
from train.marked_piles import find_body, stands_inside, to_text

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/spelling.json"
STEPS, RATE, PENALTY = 500, 0.05, 1e-5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One sentence: its tokens' features and right labels."""

    pile: str
    features_TF: Floats  # noqa: N815  (shapes in names)
    labels_T: NDArray[np.int64]  # noqa: N815  (shapes in names)


def read_samples(path: Path) -> Iterator[Sample]:
    """Yield the marked sentences of a story."""
    box = pickle.loads(path.read_bytes())
    gold = json.loads(Path(box["gold"]).read_text(encoding="utf-8"))
    bodies = {d["file"]: d["body"] for d in gold["documents"]}
    for article in box["placed"]:
        reading = box["marks"]["readings"].get(article.id)
        if reading is None or not reading.tags or article.path not in bodies:
            continue
        page = Page(article, reading)
        rows = measure_tokens(page, reading, read_tags(reading)["name"].astype(np.float64), list_names(reading, page))
        labels = np.zeros(len(page.tokens), np.int64)
        for mention in gold["mentions"]:
            if mention["file"] == article.path and mention["kind"] == "name":
                start, end = to_text(article, mention["span"][0]), to_text(article, mention["span"][1] - 1)
                if start is not None and end is not None:
                    first, last = page.token_range(start, end + 1)
                    labels[first], labels[first + 1 : last] = 1, 2
        body = find_body(article, bodies[article.path])
        for s in page.sentences:
            if s.kind in SPELT_IN and stands_inside(body, s.start, s.end):
                yield Sample(path.stem, rows[s.first : s.last], labels[s.first : s.last])


def fit_weights(samples: list[Sample]) -> Floats:
    """Return the weights, F by 3."""
    x = np.concatenate([s.features_TF for s in samples])
    y = np.eye(3)[np.concatenate([s.labels_T for s in samples])]
    w = np.zeros((x.shape[1], 3))
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, STEPS + 1):
        scores = x @ w
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gradient = x.T @ (p - y) / len(x) + PENALTY * w
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        w -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w


def measure_spans(samples: list[Sample], weights: Floats) -> tuple[int, int, int]:
    """Return right, found and marked names."""
    right = found = marked = 0
    for s in samples:
        scores = s.features_TF @ weights
        p = np.exp(scores - scores.max(1, keepdims=True))
        have = set(list_runs(decode_labels(p / p.sum(1, keepdims=True))))
        want = set(list_runs(s.labels_T.tolist()))
        right, found, marked = right + len(have & want), found + len(have), marked + len(want)
    return right, found, marked


def main() -> None:
    """Fit and write, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tagged", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    samples = [s for path in sorted(args.tagged.glob("*tr_*.pkl")) for s in read_samples(path)]
    piles = sorted({s.pile for s in samples})
    print(f"{len(samples)} sentences of {len(piles)} stories", flush=True)
    totals = np.zeros(3)
    for fold in range(args.folds):
        out = set(piles[fold :: args.folds])
        weights = fit_weights([s for s in samples if s.pile not in out])
        totals += measure_spans([s for s in samples if s.pile in out], weights)
    if args.folds:
        right, found, marked = totals
        f1 = 2 * right / (found + marked)
        print(f"names, exact: precision {right / found:.3f} recall {right / marked:.3f} F1 {f1:.3f}")
        return
    rows = [[round(float(w), 3) for w in row] for row in fit_weights(samples)]
    args.out.write_text(json.dumps({"weights": rows}, separators=(",", ":")).replace("],[", "],\n[") + "\n", "utf-8")


if __name__ == "__main__":
    main()

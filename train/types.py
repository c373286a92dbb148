"""Fit ``actors/types.json``: what type an actor is, by all that tells it in its pile.

Data: the marked stories for training. Each group of local actors that most marked names of one actor stand in is a
case, weighed by the root of its pages; the marked type (or another that the marking allows) is right. Multinomial
logistic regression with a penalty on the squares, by plain gradient steps; cross-validated by story.
Run: ``python -m train.types [--out FILE] [--readings FOLDER] [--folds K]``; with folds it prints the accuracy.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.actors import resolve_document
from storyledger.actors.compose import fold_outlets
from storyledger.actors.resolve import group_nodes
from storyledger.actors.typing import Features, measure_type
from storyledger.actors.within import ACTOR_TYPES
from storyledger.reading import load_reader
from train.marked_piles import MarkedPile, ReadingShelf, iter_piles, list_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/types.json"
TYPES = tuple(sorted(ACTOR_TYPES))
PENALTY = 0.02
STEPS = 600
RATE = 0.05
FEWEST = 3  # cases that have a feature; rarer ones are left out
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """An actor of a pile: its features, and which types are right."""

    pile: str
    features: Features
    right: tuple[str, ...]
    weight: float


def collect_cases(pile: MarkedPile) -> Iterator[Case]:
    """Yield the actors of a pile whose marked type is known."""
    articles = [p.article for p in pile.pages]
    documents = [resolve_document(p.article, p.reading) for p in pile.pages]
    marked = {p.article.id: [(m.start, m.end, m.actor) for m in p.mentions if m.kind == "name"] for p in pile.pages}
    nodes, clustering = group_nodes(documents, articles)
    outlets = fold_outlets(articles)
    for group in clustering.groups:
        votes: Counter[str] = Counter()
        for n in group:
            for mention in nodes[n].actor.mentions:
                rows = marked[mention.document]
                votes.update(
                    a for s, e, a in rows if mention.kind == "name" and mention.start <= s and e == mention.end
                )
        if votes:
            actor = votes.most_common(1)[0][0]
            features = measure_type([nodes[n].actor for n in group], outlets)
            yield Case(pile.name, features, pile.types[actor], len(group) ** 0.5)


def list_features(cases: Sequence[Case]) -> list[str]:
    """Return the features that enough cases have, in order."""
    counts = Counter(name for case in cases for name in case.features)
    return sorted(name for name, n in counts.items() if n >= FEWEST)


def fit_weights(cases: Sequence[Case], names: Sequence[str]) -> Floats:
    """Return the weights, F features by T types, that make what is right likeliest."""
    x_CF, right_CT = pack_cases(cases, names)
    weight_C = np.array([c.weight for c in cases])
    weight_C /= weight_C.sum()
    w_FT = np.zeros((len(names), len(TYPES)))
    first, second = np.zeros_like(w_FT), np.zeros_like(w_FT)
    for step in range(1, STEPS + 1):
        p_CT = softmax(x_CF @ w_FT)
        own_CT = p_CT * right_CT
        target_CT = own_CT / np.maximum(own_CT.sum(1, keepdims=True), 1e-12)
        gradient = x_CF.T @ ((p_CT - target_CT) * weight_C[:, None]) + PENALTY * w_FT / len(names)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        w_FT -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w_FT


def pack_cases(cases: Sequence[Case], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the cases as arrays: C cases by F features, C by T types that are right."""
    place = {name: i for i, name in enumerate(names)}
    x_CF, right_CT = np.zeros((len(cases), len(names))), np.zeros((len(cases), len(TYPES)))
    for row, case in enumerate(cases):
        for name, value in case.features.items():
            if name in place:
                x_CF[row, place[name]] = value
        for kind in case.right:
            if kind in TYPES:
                right_CT[row, TYPES.index(kind)] = 1.0
    return x_CF, right_CT


def softmax(scores_CT: Floats) -> Floats:
    """Return the probabilities of each row."""
    e = np.exp(scores_CT - scores_CT.max(1, keepdims=True))
    shares: Floats = e / e.sum(1, keepdims=True)
    return shares


def measure_folds(cases: Sequence[Case], folds: int) -> float:
    """Return the accuracy on stories that were kept out, one fold after the other."""
    piles = sorted({c.pile for c in cases})
    right = 0
    for fold in range(folds):
        out = set(piles[fold::folds])
        train, test = [c for c in cases if c.pile not in out], [c for c in cases if c.pile in out]
        names = list_features(train)
        x_CF, right_CT = pack_cases(test, names)
        best_C = (x_CF @ fit_weights(train, names)).argmax(1)
        right += int(right_CT[np.arange(len(test)), best_C].sum())
    return right / len(cases)


def main() -> None:
    """Fit and write, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--readings", type=Path, help="folder that keeps readings from run to run")
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    shelf = ReadingShelf(load_reader(), args.readings)
    cases = [c for pile in iter_piles(shelf, list_piles()) for c in collect_cases(pile) if set(c.right) & set(TYPES)]
    print(f"{len(cases)} actors", flush=True)
    if args.folds:
        print(f"accuracy on stories kept out: {measure_folds(cases, args.folds):.3f}")
        return
    names = list_features(cases)
    write_weights(args.out, names, fit_weights(cases, names))


def write_weights(path: Path, names: Sequence[str], weights: Floats) -> None:
    """Write the weights as ``typing.py`` reads them."""
    rows = {name: [round(float(w), 3) for w in row] for name, row in zip(names, weights, strict=True)}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    path.write_text(f'{{\n "types": {json.dumps(TYPES)},\n "weights": {{\n{lines}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()

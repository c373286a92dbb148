"""Fit ``actors/pairs.json``: how likely two bundles of mentions across articles are one actor.

Data: the marked stories for training. A case is a candidate pair of bundles whose marked actors are known. Logistic
regression, drawn towards what is known beforehand (``PRIOR``: the sign and size of each feature), by plain gradient
steps. Run: ``python -m train.pairs [--out FILE] [--readings FOLDER] [--folds K]``; with folds it prints the calibration
on stories that were kept out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.actors import DocumentActors, resolve_document
from storyledger.actors.blocking import pair_candidates
from storyledger.actors.pairs import FEATURES, measure_bundles
from storyledger.actors.profiles import Bundle, settle_types
from storyledger.actors.resolve import make_bundles, make_nodes
from storyledger.reading import load_reader
from train.marked_piles import MarkedPile, ReadingShelf, iter_piles, list_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/pairs.json"
NAMES = tuple(f.__name__ for f in FEATURES)
PENALTY = 0.6  # per case-equivalent: how much a weight is held to its prior
STEPS = 800
RATE = 0.05
Floats = NDArray[np.float64]
PRIOR_BIAS = -2.5
PRIOR = {
    "same_full_name": 6.5, "same_single_name": 5.0, "same_given_and_family": 5.5, "initial_fits": 4.2,
    "given_spelt_otherwise": 4.5, "family_spelt_otherwise": 4.5, "part_of_full_name": 5.0, "family_name_alone": 3.6,
    "given_name_alone": 2.0, "several_of_that_given_name": -3.0, "taken_for_body": -1.6, "several_of_that_name": -2.5,
    "other_given_name": -6.0, "other_gender": -2.0, "person_or_not": -5.0, "other_class": -2.2, "initials_match": 3.8,
    "same_acronym_other_words": -7.0, "several_of_those_letters": -7.0, "short_form": 2.9, "several_longer_names": -4.0,
    "body_spelt_otherwise": 4.0, "same_country": 6.0, "same_government": 6.0, "place_or_government": -9.0,
    "shared_title": 1.2, "shared_body": 1.5, "shared_company": 1.2, "kept_apart": -2.2, "same_description": 3.5,
}  # fmt: skip

# what forty small stories cannot judge: their people of one surname are few, and their bodies seldom share letters
HELD = (
    "several_longer_names",
    "other_given_name",
    "person_or_not",
    "same_acronym_other_words",
    "several_of_those_letters",
    "place_or_government",
)


@dataclass(frozen=True)
class Case:
    """A candidate pair: its features, and whether it is one actor."""

    pile: str
    features: dict[str, float]
    is_one: bool


def collect_cases(pile: MarkedPile, documents: Sequence[DocumentActors]) -> Iterator[Case]:
    """Yield the candidate pairs of a pile whose actors the marks tell."""
    nodes = settle_types(sorted(make_nodes(documents, [p.article for p in pile.pages]), key=lambda n: n.key))
    marked = {p.article.id: {(m.start, m.end): m.actor for m in p.mentions if m.kind == "name"} for p in pile.pages}
    bundles = make_bundles(nodes, documents)
    actors = [find_actor(b, marked) for b in bundles]
    for a, b in pair_candidates(bundles):
        one, two = actors[a], actors[b]
        if one is not None and two is not None:
            yield Case(pile.name, measure_bundles(bundles[a], bundles[b]), one == two)


def find_actor(bundle: Bundle, marked: dict[str, dict[tuple[int, int], str]]) -> str | None:
    """Return the marked actor that most names of a bundle are, None where fewer than half are marked."""
    votes: Counter[str | None] = Counter()
    for node in bundle.nodes:
        for mention in node.actor.mentions:
            if mention.kind == "name":
                rows = marked[mention.document]
                votes[next((a for (s, e), a in rows.items() if e == mention.end and mention.start <= s), None)] += 1
    ranked = votes.most_common(1)
    return ranked[0][0] if ranked else None


def pack_cases(cases: Sequence[Case]) -> tuple[Floats, Floats]:
    """Return the cases as arrays: C cases by F features (the last is the bias), and 1 where a pair is one."""
    x_CF = np.zeros((len(cases), len(NAMES) + 1))
    x_CF[:, -1] = 1.0
    for row, case in enumerate(cases):
        for name, value in case.features.items():
            x_CF[row, NAMES.index(name)] = value
    return x_CF, np.array([float(c.is_one) for c in cases])


def fit_weights(cases: Sequence[Case]) -> Floats:
    """Return the weights of the features and the bias, last."""
    x_CF, right_C = pack_cases(cases)
    prior_F = np.array([*(PRIOR.get(n, 0.0) for n in NAMES), PRIOR_BIAS])
    w_F = prior_F.copy()
    first, second = np.zeros_like(w_F), np.zeros_like(w_F)
    for step in range(1, STEPS + 1):
        p_C = 1 / (1 + np.exp(-np.clip(x_CF @ w_F, -30, 30)))
        gradient = x_CF.T @ (p_C - right_C) + PENALTY * (w_F - prior_F)
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        w_F -= RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    held_F = np.array([*(n in HELD for n in NAMES), False])
    return np.where(held_F, np.minimum(w_F, prior_F), w_F)


def show_folds(cases: Sequence[Case], folds: int) -> None:
    """Print, for stories kept out, how often pairs of each probability are one, beside those of the prior."""
    piles = sorted({c.pile for c in cases})
    p_C = np.zeros(len(cases))
    for fold in range(folds):
        out = set(piles[fold::folds])
        weights = fit_weights([c for c in cases if c.pile not in out])
        kept = [i for i, c in enumerate(cases) if c.pile in out]
        x_CF, _ = pack_cases([cases[i] for i in kept])
        p_C[kept] = 1 / (1 + np.exp(-np.clip(x_CF @ weights, -30, 30)))
    x_CF, right_C = pack_cases(cases)
    prior_C = 1 / (1 + np.exp(-np.clip(x_CF @ np.array([*(PRIOR.get(n, 0.0) for n in NAMES), PRIOR_BIAS]), -30, 30)))
    for what, p in (("prior", prior_C), ("fitted", p_C)):
        taken = p >= 0.5
        right = right_C[taken].sum()
        print(f"{what}: precision {right / max(1, taken.sum()):.3f} recall {right / right_C.sum():.3f}")
        for low in np.arange(0, 1, 0.1):
            rows = (p >= low) & (p < low + 0.1)
            if rows.any():
                print(f"  {low:.1f}  {rows.sum():6d}  said {p[rows].mean():.2f}  true {right_C[rows].mean():.2f}")


def main() -> None:
    """Fit and write, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--readings", type=Path, help="folder that keeps readings from run to run")
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    shelf = ReadingShelf(load_reader(), args.readings)
    cases: list[Case] = []
    for pile in iter_piles(shelf, list_piles()):
        cases += collect_cases(pile, [resolve_document(p.article, p.reading) for p in pile.pages])
    print(f"{len(cases)} pairs, {sum(c.is_one for c in cases)} of them one", flush=True)
    if args.folds:
        show_folds(cases, args.folds)
        return
    write_weights(args.out, fit_weights(cases))


def write_weights(path: Path, weights: Floats) -> None:
    """Write the weights as ``pairs.py`` reads them."""
    rows = {name: round(float(w), 2) for name, w in zip(NAMES, weights, strict=False)}
    lines = ",\n".join(f'  "{name}": {value}' for name, value in rows.items())
    path.write_text(f'{{\n "bias": {round(float(weights[-1]), 2)},\n "weights": {{\n{lines}\n }}\n}}\n', "utf-8")


if __name__ == "__main__":
    main()

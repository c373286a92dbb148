"""Fit the scorers of the comparison on the marked piles: which sentences are of one matter, and how they stand.

    python -m train.comparisons CACHE [--models FOLDER] [--write]

CACHE holds (or gets) the built piles of ``shared/piles/train``. A pair of sentences is of one matter where a gold
comparison has an item in each; its kind is the comparison's (a conflict's only where the sides differ, else agreement).
All other candidates of the piles are unrelated. Five folds over piles; how sure a matter is, is calibrated on the folds
and on ``shared/piles/wikinews/train``, real pages that nothing is fitted on. ``--write`` puts the weights in place.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.compare import likeness, relations
from storyledger.compare.index import index_story, origin_of
from storyledger.compare.likeness import FEATURES, find_candidates, gather_tellings, measure_pairs
from storyledger.compare.relations import Relation, gather_matters
from train.piles import Pile, iter_folders, load_pile, parse_options
from train.scorer import calibrate, fit_scorer, hold_out

ROOM = Path(likeness.__file__).parent
KINDS = ("conflict", "agreement", "framing", "complement")
SCORERS = ("matter", "conflict", "agreement")
REAL_WEIGHT = 3.0  # of a matter of real pages in the calibration: there are few of them
MADE_BY = "python -m train.comparisons CACHE --write"
Floats = NDArray[np.float64]


@dataclass
class Case:
    """A pile's candidate pairs: numbers, kind by the gold ("" unrelated), and how large their comparison is."""

    name: str
    pile: likeness.Pile
    pairs: list[tuple[int, int]]
    rows_PF: Floats  # noqa: N815  (shapes in names, as for variables)
    kinds: list[str]
    sizes: list[int]
    gold: list[dict[str, Any]]
    held: dict[int, list[tuple[int, dict[str, Any]]]]  # gold items by telling, each with its comparison's number


def make_case(pile: Pile) -> Case:
    """Return the pile's candidates with what the gold says of them."""
    index = index_story(pile.story, pile.readings)
    gathered = gather_tellings(pile.story, index)
    pairs = find_candidates(gathered)
    held = _place_items(pile, gathered)
    kinds, sizes = [], []
    for i, j in pairs:
        found = [
            (c["kind"], x["side"] != y["side"], len(c["items"]))
            for number, x in held[i]
            for other, y in held[j]
            if number == other
            for c in (pile.gold["comparisons"][number],)
        ]
        told = {"agreement" if k == "conflict" and not apart else k for k, apart, _ in found if k in KINDS}
        kinds.append(next((k for k in KINDS if k in told), ""))
        sizes.append(min((n for _, _, n in found), default=0))
    return Case(
        pile.name, gathered, pairs, measure_pairs(gathered, pairs), kinds, sizes, pile.gold["comparisons"], held
    )


def _place_items(pile: Pile, gathered: likeness.Pile) -> dict[int, list[tuple[int, dict[str, Any]]]]:
    """Return by telling the gold comparisons' items that it covers by half, as ``score.py`` asks."""
    places: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for n, t in enumerate(gathered.tellings):
        places[t.document].append((t.start, t.end, n))
    held: dict[int, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, comparison in enumerate(pile.gold["comparisons"]):
        for item in comparison["items"]:
            place = pile.find_place(item["file"], item["span"])
            rows = places[place[0]] if place else []
            for start, end, n in rows[max(0, bisect_left(rows, (place[1],)) - 2) :] if place else []:
                if place is None or start >= place[2]:
                    break
                covered = min(end, place[2]) - max(start, place[1])
                if covered >= 0.5 * min(end - start, place[2] - place[1]):
                    held[n].append((number, item))
    return held


def main() -> None:
    """Fit, print what the folds say, and write where asked to."""
    chosen = parse_options(__doc__)
    cases = [make_case(load_pile(f, chosen.cache, chosen.models)) for f in iter_folders("train")]
    held = fit_all(cases, write=chosen.write)
    real = [make_case(load_pile(f, chosen.cache, chosen.models)) for f in iter_folders("wikinews/train")]
    curves = fit_curves([*rate_cases(cases, held), *rate_real(real)])
    if chosen.write:
        (ROOM / "matters.json").write_text(json.dumps(curves, indent=1) + "\n", encoding="utf-8")


def fit_all(cases: Sequence[Case], *, write: bool) -> dict[str, Floats]:
    """Print average precision per scorer in folds, beside word overlap alone; return the held-out probabilities."""
    rows_PF = np.vstack([c.rows_PF for c in cases])
    kinds = np.array([k for c in cases for k in c.kinds])
    sizes = np.array([n for c in cases for n in c.sizes], float)
    piles = [c.name for c in cases for _ in c.pairs]
    weights = np.where(kinds != "", 3.0 / np.maximum(3.0, sizes), 1.0)
    held = {}
    for name in SCORERS:
        chosen = np.ones(len(kinds), bool) if name == "matter" else kinds != ""
        truth = (kinds != "" if name == "matter" else kinds == name).astype(float)
        signs = {f: way for f, (_, way) in FEATURES.items()} if name == "matter" else None
        part = np.where(chosen, weights, 0.0)
        odds = hold_out(rows_PF, truth, piles, list(FEATURES), kind="trees", signs=signs, weights_P=part)
        curve = calibrate(odds[chosen], truth[chosen], weights[chosen])
        held[name] = np.interp(odds, curve["x"], curve["y"])
        plain = rows_PF[:, list(FEATURES).index("share")]
        print(
            f"{name:10s} pairs {int(chosen.sum()):6d} of it {int(truth[chosen].sum()):5d}"
            f"  average precision {rate_ranking(odds[chosen], truth[chosen]):.3f}"
            f"  by word overlap {rate_ranking(plain[chosen], truth[chosen]):.3f}"
        )
        if write:
            fitted = fit_scorer(
                rows_PF[chosen], truth[chosen], [p for p, c in zip(piles, chosen, strict=True) if c], list(FEATURES),
                kind="trees", signs=signs, weights_P=weights[chosen], made_by=MADE_BY,
            )  # fmt: skip
            (ROOM / f"{name}.json").write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")
    return held


@dataclass
class Rated:
    """A matter: its kind and score, whether two items of one gold comparison stand in it, and how much it weighs."""

    kind: str
    score: float
    right: bool
    weight: float


def rate_cases(cases: Sequence[Case], held: dict[str, Floats]) -> list[Rated]:
    """Return the matters of the training piles by scorers that have not seen the pile."""
    found: list[Rated] = []
    start = 0
    for case in cases:
        part = slice(start, start + len(case.pairs))
        start += len(case.pairs)
        found += _rate(case, [held[name][part] for name in SCORERS], 1.0)
    return found


def rate_real(cases: Sequence[Case]) -> list[Rated]:
    """Return the matters of real pages, which no scorer was fitted on: most piles of pages hold several stories."""
    return [
        row
        for case in cases
        if case.pairs
        for row in _rate(case, [relations.score_rows(name, case.rows_PF) for name in SCORERS], REAL_WEIGHT)
    ]


def _rate(case: Case, scores: Sequence[Floats], weight: float) -> list[Rated]:
    rows = zip(case.pairs, *(s.tolist() for s in scores), strict=True)
    origins = [origin_of(case.pile.index, t.document) for t in case.pile.tellings]
    found = []
    for matter in gather_matters([Relation(i, j, *row) for (i, j), *row in rows], origins):
        items = {(n, x["file"], x["span"][0]) for side in matter.sides for i in side for n, x in case.held[i]}
        right = any(count > 1 for count in Counter(n for n, _, _ in items).values())
        found.append(Rated(matter.kind, matter.score, right, weight))
    return found


def fit_curves(rated: Sequence[Rated]) -> dict[str, dict[str, list[float]]]:
    """Return per kind how often a matter of a score has two items of a gold comparison."""
    curves = {}
    for kind in sorted({r.kind for r in rated}):
        rows = [r for r in rated if r.kind == kind]
        truth = np.array([float(r.right) for r in rows])
        curves[kind] = calibrate(np.array([r.score for r in rows]), truth, np.array([r.weight for r in rows]))
        print(f"{kind:10s} matters {len(rows):4d} in gold {truth.mean():.3f}")
    return curves


def rate_ranking(scores: Floats, truth: Floats) -> float:
    """Return the average precision of a ranking."""
    order = np.argsort(-scores, kind="stable")
    right = truth[order]
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    return float((precision * right).sum() / max(1.0, right.sum()))


if __name__ == "__main__":
    main()

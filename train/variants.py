"""Fit the scorer of names that are written in two ways, on the actors of the marked piles.

    python -m train.variants CACHE [--models FOLDER] [--write]

CACHE holds (or gets) the built piles of ``shared/piles/train`` and ``shared/piles/wikinews/train``. A pair of forms is
one where most of their marked mentions are of one actor, or where a marked comparison of names has them on two sides.
Five folds over piles. ``--write`` puts ``variant.json`` into the room.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.compare import variants
from storyledger.compare.index import index_story
from storyledger.compare.names import gather_forms
from storyledger.compare.variants import FEATURES, Form, find_pairs, look_around, measure_forms
from train.comparisons import rate_ranking
from train.piles import Pile, iter_folders, load_pile, parse_options
from train.scorer import calibrate, fit_scorer, hold_out

TARGET = Path(variants.__file__).parent / "variant.json"
MADE_BY = "python -m train.variants CACHE --models FOLDER --write"
SIGNS = {name: way for name, (_, way) in FEATURES.items()}
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A pile's pairs of forms with their numbers, and whether both mean one."""

    name: str
    forms: Sequence[Form]
    pairs: Sequence[tuple[int, int]]
    rows_PF: Floats  # noqa: N815  (shapes in names, as for variables)
    truth: Sequence[bool]


def make_case(pile: Pile) -> Case:
    """Return the pile's pairs of forms with what the gold says of them."""
    index = index_story(pile.story, pile.readings)
    forms = gather_forms(pile.story, index)
    looks = look_around(forms, index)
    pairs = find_pairs(forms, looks)
    meant, sides = find_meant(pile, forms), find_sides(pile, forms)
    truth = [
        (meant[i] is not None and meant[i] == meant[j])
        or any(a == b and x != y for a, x in sides[i] for b, y in sides[j])
        for i, j in pairs
    ]
    return Case(pile.name, forms, pairs, measure_forms(forms, looks, pairs), truth)


def find_meant(pile: Pile, forms: Sequence[Form]) -> list[str | None]:
    """Return by form the marked actor whom most of its mentions mean."""
    rows = defaultdict(list)
    for m in pile.gold["mentions"]:
        place = pile.find_place(m["file"], m["span"]) if m.get("kind", "name") == "name" else None
        if place is not None:
            rows[place[0]].append((place[1], place[2], m["actor"]))
    found: list[str | None] = []
    for form in forms:
        told = Counter(
            actor
            for m in form.mentions
            for start, end, actor in rows[m.document]
            if 2 * (min(m.end, end) - max(m.start, start)) >= end - start
        )
        found.append(told.most_common(1)[0][0] if told else None)
    return found


def find_sides(pile: Pile, forms: Sequence[Form]) -> list[set[tuple[int, str]]]:
    """Return by form the marked comparisons of names in which it stands, each with its side."""
    places = defaultdict(list)
    for number, comparison in enumerate(pile.gold["comparisons"]):
        for item in comparison["items"] if comparison["kind"] == "name_variant" else ():
            place = pile.find_place(item["file"], item["span"])
            if place is not None:
                places[place[0]].append((place[1], place[2], (number, item["side"])))
    return [
        {
            side
            for m in form.mentions
            for start, end, side in places[m.document]
            if 2 * (min(m.end, end) - max(m.start, start)) >= end - start
        }
        for form in forms
    ]


def main() -> None:
    """Fit, print what the folds say, and write where asked to."""
    chosen = parse_options(__doc__)
    folders = [*iter_folders("train"), *iter_folders("wikinews/train")]
    fit_variants([make_case(load_pile(f, chosen.cache, chosen.models)) for f in folders], write=chosen.write)


def fit_variants(cases: Sequence[Case], *, write: bool) -> Floats:
    """Print what five folds say; return the held-out probabilities."""
    rows_PF = np.vstack([c.rows_PF for c in cases])
    truth = np.array([float(t) for c in cases for t in c.truth])
    piles = [c.name for c in cases for _ in c.pairs]
    odds = hold_out(rows_PF, truth, piles, list(FEATURES), kind="trees", signs=SIGNS)
    curve = calibrate(odds, truth, np.ones(len(truth)))
    held: Floats = np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])
    print(f"pairs {len(truth)}, of one {int(truth.sum())}, average precision {rate_ranking(odds, truth):.3f}")
    for least in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        shown = held >= least
        print(f"from {least} on {int(shown.sum())}, of one {int(truth[shown].sum())}")
    if write:
        fitted = fit_scorer(rows_PF, truth, piles, list(FEATURES), kind="trees", signs=SIGNS, made_by=MADE_BY)
        TARGET.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")
    return held


if __name__ == "__main__":
    main()

"""Fit ``articles/rewrites.json``: whether one page tells the story of another in words of its own.

Data: the marked stories for training; a pair is two pages of two outlets, at most two days apart, right is one that the
gold calls a copy. Folds over stories. ``--write`` puts the weights into the room.
Run: ``python -m train.rewrites [--write]``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np

from storyledger.articles import rewrites
from storyledger.articles.copies import follows, read_body
from storyledger.articles.inference import infer_outlets
from storyledger.articles.rewrites import FEATURES, Told, read_told
from storyledger.articles.settling import settle_dates
from storyledger.articles.sourcing import Credit, find_credit, read_sourcing
from storyledger.linkage.scorer import measure_pairs
from train.marked_piles import extract_articles
from train.scorer import calibrate, fit_scorer, hold_out
from train.story_piles import list_piles

TARGET = Path(rewrites.__file__).parent / "rewrites.json"
MADE_BY = "python -m train.rewrites --write"
NAMES = [feature.__name__ for feature in FEATURES]


def iter_pairs(folder: Path) -> Iterator[tuple[Told, Told, bool, Credit | None]]:
    """Yield the pairs of a story, the earlier page first, whether they are a copy, and how the later credits it."""
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    copies = {
        frozenset((Path(file).name, Path(row["origin"]).name))
        for row in gold.get("copies", ())
        for file in row["files"]
    }
    articles = settle_dates(infer_outlets(extract_articles(folder / "pages")))
    told = [read_told(article, read_body(article)) for article in articles]
    for i, j in permutations(range(len(articles)), 2):
        first, later = articles[i], articles[j]
        if first.outlet != later.outlet and follows(first, later):
            right = frozenset((Path(first.path).name, Path(later.path).name)) in copies
            yield told[i], told[j], right, find_credit(read_sourcing(later), first)


def main() -> None:
    """Fit, print what the folds say, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    pairs = [(folder.name, *pair) for folder in list_piles() for pair in iter_pairs(folder)]
    stories = [name for name, *_ in pairs]
    rows_PF = measure_pairs(FEATURES, [p[1] for p in pairs], [p[2] for p in pairs])
    labels = np.array([float(p[3]) for p in pairs])
    odds = hold_out(rows_PF, labels, stories, NAMES, kind="logistic")
    curve = calibrate(odds, labels, np.ones(len(labels)))
    held = np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])
    for credit in ("named", "general", None):
        asked = np.array([p[4] == credit for p in pairs])
        print(f"credit {credit}: {int(asked.sum())} pairs, {int(labels[asked].sum())} copies")
        for least in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
            shown = asked & (held >= least)
            print(f"  from {least} on {int(shown.sum())}, of them copies {int(labels[shown].sum())}")
    fitted = fit_scorer(rows_PF, labels, stories, NAMES, made_by=MADE_BY)
    print(json.dumps(fitted["measured"]))
    if options.write:
        TARGET.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

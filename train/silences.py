"""Fit what a silence weighs on the marked omissions of the invented piles.

    python -m train.silences CACHE [--models FOLDER] [--write]

CACHE holds (or gets) the built piles of ``shared/piles/train``. Candidates are the product's own, with probabilities of
one matter by scorers that have not seen the pile; one is right where ``score.py`` would call it so. Printed: of what
five folds over piles would show, how many are marked ones, and how many of those are found. ``--write`` puts
``silence.json`` into the room.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.compare import silences
from storyledger.compare.silences import FEATURES, Fact, choose_facts, find_facts, gather_near, measure_facts
from train.comparisons import Case, fit_all, make_case
from train.piles import Pile, iter_folders, load_pile, parse_options
from train.scorer import calibrate, fit_scorer, hold_out

TARGET = Path(silences.__file__).parent / "silence.json"
RIGHT = 0.6  # of ``score.py``: from here on an omission is right
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Silences:
    """A pile's facts with their numbers, which of its marked omissions each one is (-1: none), and how many it has."""

    name: str
    facts: Sequence[Fact]
    rows_PF: Floats  # noqa: N815  (shapes in names, as for variables)
    marked: Sequence[int]
    gold: int
    pages: int


def read_silences(pile: Pile, case: Case, matters: Floats) -> Silences:
    """Return the facts of the pile by the held-out probabilities of its pairs."""
    near = gather_near(dict(zip(case.pairs, matters.tolist(), strict=True)))
    facts = find_facts(case.pile, near, case.pile.index)
    rows_PF = measure_facts(case.pile, near, facts, case.pile.index)
    marked = [find_marked(f, pile, case) for f in facts]
    return Silences(pile.name, facts, rows_PF, marked, len(pile.gold["omissions"]), len(case.pile.index.compared))


def find_marked(fact: Fact, pile: Pile, case: Case) -> int:
    """Return the number of the marked omission that the fact is, by the rule of ``score.py``, or -1."""
    names = {article.id: name for name, article in pile.articles.items()}
    tellings = [case.pile.tellings[n] for n in fact.tellings]
    told, silent = {names[t.document] for t in tellings}, {names[d] for d in fact.silent}
    for number, omission in enumerate(pile.gold["omissions"]):
        places = [p for e in omission["evidence"] if (p := pile.find_place(e["file"], e["span"]))]
        if not any(t.document == d and t.start < end and start < t.end for t in tellings for d, start, end in places):
            continue
        wanted, reported = set(omission["omitted_by_files"]), set(omission["reported_by"])
        wrong = silent & set(omission["could_not_know_files"])
        score = _overlap(silent, wanted) / 2 + _overlap(told, reported) / 2 - (0.25 if wrong else 0.0)
        if score >= RIGHT:
            return number
    return -1


def _overlap(a: set[str], b: set[str]) -> float:
    return len(a & b) / len(a | b) if a | b else 0.0


def main() -> None:
    """Fit in folds, print what they would show, and write where asked to."""
    chosen = parse_options(__doc__)
    piles = [load_pile(f, chosen.cache, chosen.models) for f in iter_folders("train")]
    cases = [make_case(p) for p in piles]
    fit_silences(piles, cases, fit_all(cases, write=False)["matter"], write=chosen.write)


def fit_silences(piles: Sequence[Pile], cases: Sequence[Case], matters: Floats, *, write: bool) -> None:
    """Fit on the piles' facts by held-out probabilities of one matter, print what the folds show, and write."""
    starts = np.cumsum([0, *(len(c.pairs) for c in cases)])
    found = [read_silences(p, c, matters[a:b]) for p, c, a, b in zip(piles, cases, starts, starts[1:], strict=False)]
    rows_PF = np.vstack([s.rows_PF for s in found])
    truth = np.array([float(m >= 0) for s in found for m in s.marked])
    names = [s.name for s in found for _ in s.facts]
    odds = hold_out(rows_PF, truth, names, list(FEATURES), kind="logistic")
    curve = calibrate(odds, truth, np.ones(len(truth)))
    scores = np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])
    shown = right = start = 0
    for silence in found:
        part = scores[start : start + len(silence.facts)].tolist()
        start += len(silence.facts)
        picked = choose_facts(silence.facts, part, silence.pages)
        shown += len(picked)
        right += len({silence.marked[n] for n in picked} - {-1})
    reached = sum(len(set(s.marked) - {-1}) for s in found)
    print(f"facts {len(truth)}, of marked ones {int(truth.sum())}; of {sum(s.gold for s in found)} marked omissions")
    print(f"{reached} have a fact; shown {shown}, {right} of them marked ones")
    if write:
        made_by = "python -m train.silences CACHE --write"
        fitted = fit_scorer(rows_PF, truth, names, list(FEATURES), kind="logistic", made_by=made_by)
        TARGET.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

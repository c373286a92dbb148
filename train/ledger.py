"""Fit the ledger's scorers on the marked piles: which figures, and which values, count one thing, and how two stand.

    python -m train.ledger CACHE [--write]

CACHE holds (or gets) the built piles of ``shared/piles/train`` and ``shared/piles/wikinews/train``. Five folds over
piles: the printed relations are those of forests that have not seen the pile, with the product's own candidates,
groups and labels; links of values are learned from the held-out scores of figures. ``--write`` puts the weights into
the room.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.figures import find_figures, links, verdict
from storyledger.figures import quantities as rooms
from storyledger.figures.entries import Entry, make_entry, read_page
from storyledger.figures.ledger import attribute_figures
from storyledger.figures.likeness import FEATURES, count_values, measure_pair, weigh_stems
from storyledger.figures.quantities import Group, Values, find_candidates, gather_values, join_values, order_key
from storyledger.figures.verdict import (
    JUDGED,
    Survey,
    are_unlike,
    choose_label,
    is_disputed,
    is_equal,
    may_be_at_odds,
    measure_verdict,
)
from storyledger.linkage import Weights
from storyledger.linkage.weights import read_weights
from storyledger.types import Figure
from train import scorer
from train.piles import Pile, iter_folders, load_pile
from train.scorer import calibrate, fit_scorer, hold_out, split_groups

ROOM = Path(rooms.__file__).parent
Floats = NDArray[np.float64]
UNREAD = 0.4  # what a pile without its reading weighs
Shares = Callable[[str, list[list[float]]], dict[str, Floats]]


@dataclass
class Case:
    """A pile's entries in the ledger's order, its candidates with their numbers, and its gold."""

    name: str
    figures: list[Figure]
    entries: list[Entry]
    pairs: list[tuple[int, int]]
    rows_NF: Floats  # noqa: N815  (shapes in names, as for variables)
    quantity: dict[str, int]  # gold quantity by figure id
    gold: list[tuple[list[str | None], list[dict[str, Any]]]]  # per quantity: figure ids, relations
    titles: set[str]  # figures in titles, that the marks leave out


def make_case(pile: Pile) -> Case:
    """Return the pile as the ledger meets it."""
    articles = pile.story.documents
    times = {a.id: [t for t in pile.story.times if t.evidence.document == a.id] for a in articles}
    found = [f for a in articles for f in find_figures(a, pile.readings[a.id], times[a.id])]
    figures = attribute_figures(found, pile.story.statements, {a.id for a in pile.story.actors})
    pages = {a.id: read_page(a, pile.readings[a.id]) for a in articles}
    entries = sorted((e for f in figures if (e := make_entry(f, pages[f.evidence.document]))), key=order_key)
    pairs = find_candidates(entries)
    rarity, values = weigh_stems(entries), count_values(entries)
    rows = [measure_pair(entries[i], entries[j], rarity, values) for i, j in pairs]
    gold = [([_find(e, figures, pile) for e in q["entries"]], q["relations"]) for q in pile.gold["figure_ledger"]]
    quantity: dict[str, int] = {}
    for number, (ids, _) in enumerate(gold):
        for ident in ids:
            if ident:
                quantity.setdefault(ident, number)
    titled = {
        (a.id, n) for a in articles for b in a.blocks if b.kind in ("title", "deck") for n in range(b.start, b.end)
    }
    titles = {f.id for f in figures if (f.evidence.document, f.evidence.start) in titled}
    rows_NF = np.array(rows, np.float64).reshape(len(rows), len(FEATURES))
    return Case(pile.name, figures, entries, pairs, rows_NF, quantity, gold, titles)


def _find(row: dict[str, Any], figures: Sequence[Figure], pile: Pile) -> str | None:
    """Return the figure at a gold entry's place, by the rule of ``score.py``."""
    place = pile.find_place(row["file"], row["span"])
    if place is None:
        return None
    near = [
        f for f in figures
        if f.evidence.document == place[0] and f.evidence.start < place[2] and place[1] < f.evidence.end
    ]  # fmt: skip
    near = [f for f in near if row["value"] in (f.value, [f.low, f.high])] or near
    return near[0].id if near else None


def forget_reading(case: Case) -> Case:
    """Return the case as an imported story has it: without trees, vectors and credits, on the same candidates."""
    blank = np.zeros(0, np.float32)
    entries = [replace(e, vector=blank, rule=frozenset(), credit=frozenset()) for e in case.entries]
    rarity, values = weigh_stems(entries), count_values(entries)
    rows = [measure_pair(entries[i], entries[j], rarity, values) for i, j in case.pairs]
    return replace(case, entries=entries, rows_NF=np.array(rows, np.float64).reshape(len(rows), len(FEATURES)))


def label_pairs(case: Case) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return for each candidate whether it is one quantity, and its weight: 0 where the marks do not tell.

    The marks name a quantity only where other pages count the same, and none in titles: two unmarked figures, or an
    unmarked one of the same value, tell nothing. The pairs of a large quantity weigh less, each.
    """
    answers, weights = [], []
    sizes = Counter(case.quantity.values())
    for n, (i, j) in enumerate(case.pairs):
        a, b = case.entries[i].figure.id, case.entries[j].figure.id
        one, two = case.quantity.get(a), case.quantity.get(b)
        same = one is not None and one == two
        answers.append(int(same))
        weight = (4.0 / max(4, sizes[one])) if same and one is not None else 1.0
        unknown = (one is None and two is None) or (None in (one, two) and case.rows_NF[n, 0] > 0)
        weights.append(0.0 if unknown or {a, b} & case.titles else weight)
    return np.array(answers), np.array(weights)


def label_links(case: Case, values: Values) -> tuple[Floats, Floats]:
    """Return for each pair of values whether they are of one gold quantity, and its weight: 0 where no mark tells."""
    marked = [{case.quantity.get(case.entries[i].figure.id, -1) for i in group} - {-1} for group in values.told]
    rows = [(bool(marked[a] & marked[b]), len([m for m in (marked[a], marked[b]) if m])) for a, b in values.pairs]
    return np.array([float(same) for same, _ in rows]), np.array([0.5 * told for _, told in rows])


def verdict_rows(case: Case) -> tuple[list[list[float]], list[str], list[float]]:
    """Return the numbers, labels and weights of the gold's pairs whose figures were found and differ.

    Two values told on ten pages each are a hundred pairs, all alike: every two values of a quantity weigh one.
    """
    by_id = {e.figure.id: e for e in case.entries}
    rows: list[list[float]] = []
    answers: list[str] = []
    weights: list[float] = []
    for ids, relations in case.gold:
        values: list[tuple[float, float]] = []
        group = [by_id[i] for i in dict.fromkeys(ids) if i in by_id]
        place = {e.figure.id: n for n, e in enumerate(group)}
        survey = Survey(group)
        for relation in relations:
            a, b = ids[relation["a"]], ids[relation["b"]]
            if a in place and b in place and a != b and not is_equal(group[place[a]], group[place[b]]):
                rows.append(measure_verdict(survey, place[a], place[b]))
                answers.append(relation["label"])
                low, high = sorted((group[place[a]].value, group[place[b]].value))
                values.append((low, high))
        told = Counter(values)
        weights += [1.0 / told[pair] for pair in values]
    return rows, answers, weights


def score_ledger(case: Case, groups: Sequence[Group], shares: Shares) -> tuple[Counter[str], Counter[str]]:
    """Return right and total by label, as ``score.py`` counts, and true conflicts among those shown."""
    label: dict[frozenset[str], str] = {}
    asked: list[tuple[frozenset[str], float, bool]] = []
    said: dict[str, list[float]] = {name: [] for name in JUDGED}
    for group in groups:
        entries, survey = group.entries, Survey(group.entries)
        rows: list[list[float]] = []
        for i, j in combinations(range(len(entries)), 2):
            pair = frozenset((entries[i].figure.id, entries[j].figure.id))
            label[pair] = "agree"
            if not is_equal(entries[i], entries[j]):
                rows.append(measure_verdict(survey, i, j))
                link = group.find_link(entries[i].value, entries[j].value)
                one, two = entries[i], entries[j]
                disputed = is_disputed(rows[-1]) and may_be_at_odds(one, two) and not are_unlike(one, two)
                asked.append((pair, link, disputed))
        for name, found in (shares(case.name, rows) if rows else {}).items():
            said[name] += found.tolist()
    for n, (pair, link, disputed) in enumerate(asked):
        label[pair], _ = choose_label({k: said[k][n] for k in JUDGED}, link, disputed)
    right, total = Counter[str](), Counter[str]()
    truth: dict[frozenset[str], str] = {}
    for ids, relations in case.gold:
        for relation in relations:
            total[relation["label"]] += 1
            a, b = ids[relation["a"]], ids[relation["b"]]
            if a and b and a != b:
                truth[frozenset((a, b))] = relation["label"]
                right[relation["label"]] += label.get(frozenset((a, b))) == relation["label"]
    for pair, name in label.items():
        if name == "conflict" and all(i in case.quantity for i in pair):
            total["shown"] += 1
            right["shown"] += truth.get(pair) == "conflict"
    return right, total


class Held:
    """The verdicts of the folds, for groups of piles that they have not seen."""

    def __init__(
        self, rows: Floats, labels: Sequence[str], weights: Mapping[str, Floats], piles: Sequence[str]
    ) -> None:
        """Fit the folds."""
        self._weights: dict[str, dict[str, Weights]] = {}
        for fold in split_groups(piles, 5):
            seen = np.flatnonzero(~fold)
            names = list(verdict.FEATURES)
            fitted = {
                label: read_weights(
                    {
                        "features": names,
                        **fit_trees(
                            rows[seen],
                            np.array([float(labels[n] == label) for n in seen]),
                            weights[label][seen],
                        ),
                    }
                )
                for label in JUDGED
            }
            for name in {piles[n] for n in np.flatnonzero(fold)}:
                self._weights[name] = fitted
        self._any = next(iter(self._weights.values()))

    def __call__(self, pile: str, rows: list[list[float]]) -> dict[str, Floats]:
        """Return the probability of each label for each row."""
        fitted = self._weights.get(pile, self._any)
        return {label: w.probabilities(np.array(rows)) for label, w in fitted.items()}


def weigh_verdicts(own: Sequence[float], share: float) -> dict[str, list[float]]:
    """Return the weights of a pile's pairs for each label's scorer.

    For conflicts two values weigh one, however often they are told: in folds that gives 190 of 234 for 121 of 161
    conflicts; the other labels are found less often so (superseded .48 for .53).

    Args:
        own: of each pair, as ``verdict_rows`` gives it.
        share: what the pile weighs.
    """
    return {label: [share * w if label == "conflict" else share for w in own] for label in JUDGED}


def fit_trees(rows: Floats, answers: Floats, weights: Floats) -> dict[str, Any]:
    """Return trees without a calibration: for the folds, where three more fits a label tell little."""
    return scorer._fit_trees(rows, answers, weights, [0] * rows.shape[1])  # noqa: SLF001


def main() -> None:
    """Fit in folds, print the relations, and write the weights where asked to."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("cache", type=Path)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    cases = [make_case(load_pile(f, chosen.cache)) for f in iter_folders("train")]
    read = len(cases)
    cases += [forget_reading(c) for c in cases]
    shares = [1.0] * read + [UNREAD] * read
    labels = [label_pairs(c) for c in cases]
    rows_PF = np.vstack([c.rows_NF for c in cases])
    answers = np.concatenate([told for told, _ in labels])
    weights = np.concatenate([share * told for (_, told), share in zip(labels, shares, strict=True)])
    piles = [c.name for c in cases for _ in c.pairs]
    signs = {name: way for name, (_, way) in FEATURES.items()}
    names = list(FEATURES)
    odds = hold_out(rows_PF, answers, piles, names, kind="trees", signs=signs, weights_P=weights)
    told = weights > 0
    curve = calibrate(odds[told], answers[told], weights[told])
    scores = np.interp(odds, curve["x"], curve["y"])
    found = [verdict_rows(c) for c in cases]
    verdict_PF = np.array([r for rows, _, _ in found for r in rows])
    verdict_labels = [a for _, labels, _ in found for a in labels]
    weighed = [weigh_verdicts(own, share) for (_, _, own), share in zip(found, shares, strict=True)]
    verdict_weights = {label: np.array([w for part in weighed for w in part[label]]) for label in JUDGED}
    verdict_piles = [c.name for c, (rows, _, _) in zip(cases, found, strict=True) for _ in rows]
    held = Held(verdict_PF, verdict_labels, verdict_weights, verdict_piles)
    starts = np.cumsum([0, *(len(c.pairs) for c in cases)])
    values = [
        gather_values(c.entries, c.pairs, scores[a:b]) for c, a, b in zip(cases, starts, starts[1:], strict=False)
    ]
    link_rows_PF = np.vstack([v.rows_PF for v in values])
    known_links = [label_links(c, v) for c, v in zip(cases, values, strict=True)]
    link_answers = np.concatenate([same for same, _ in known_links])
    link_weights = np.concatenate([share * told for (_, told), share in zip(known_links, shares, strict=True)])
    link_piles = [c.name for c, v in zip(cases, values, strict=True) for _ in v.pairs]
    link_scores = _hold_out_links(link_rows_PF, link_answers, link_piles, link_weights)
    ends = np.cumsum([0, *(len(v.pairs) for v in values)])
    groups = [
        join_values(c.entries, v, link_scores[a:b])
        for c, v, a, b in zip(cases[:read], values, ends, ends[1:], strict=False)
    ]
    cases = cases[:read]
    counts = [score_ledger(c, g, held) for c, g in zip(cases, groups, strict=True)]
    right, total = (sum((row[k] for row in counts), Counter[str]()) for k in (0, 1))
    print(" ".join(f"{k} {right[k]}/{total[k]}={right[k] / max(1, total[k]):.3f}" for k in sorted(total)))
    if chosen.write:
        made_by = "python -m train.ledger CACHE --write"
        fitted = fit_scorer(
            rows_PF[told], answers[told].astype(float), [p for p, t in zip(piles, told, strict=True) if t], names,
            kind="trees", signs=signs, weights_P=weights[told], made_by=made_by,
        )  # fmt: skip
        _write("likeness", fitted)
        known = link_weights > 0
        fitted = fit_scorer(
            link_rows_PF[known], link_answers[known], [p for p, k in zip(link_piles, known, strict=True) if k],
            list(links.FEATURES), kind="trees", weights_P=link_weights[known], made_by=made_by,
        )  # fmt: skip
        _write("links", fitted)
        for label in JUDGED:
            truth = np.array([float(a == label) for a in verdict_labels])
            _write(
                label,
                fit_scorer(
                    verdict_PF,
                    truth,
                    verdict_piles,
                    list(verdict.FEATURES),
                    kind="trees",
                    weights_P=verdict_weights[label],
                    made_by=made_by,
                ),
            )


def _hold_out_links(rows_PF: Floats, answers: Floats, piles: Sequence[str], weights: Floats) -> Floats:
    """Return the probability of each link by a scorer that has not seen its pile."""
    odds = hold_out(rows_PF, answers, piles, list(links.FEATURES), kind="trees", weights_P=weights)
    told = weights > 0
    curve = calibrate(odds[told], answers[told], weights[told])
    return np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])


def _write(name: str, fitted: dict[str, Any]) -> None:
    print(name, fitted["measured"])
    (ROOM / f"{name}.json").write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

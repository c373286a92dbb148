"""Train what joins tellings into events: ``python -m train.event_links --cache FOLDER --models FOLDER``.

For the first look every pair of marked clauses of a pile is a row (one event or two), and a share of the pairs of a
marked clause with one that nobody marked, as two. The features are ``events/likeness.py``'s; fitting and calibrating
are ``train.scorer``'s. For the second look (``events/bonds.py``) a row is a pair that the product compares, told by
judges and forests that have not seen the pile (``train.events``, ``train.event_parts``); its average precision on piles
kept out is printed. Writes ``merging.json`` (``--first``: else the one there stays) and ``bonds.npz`` in
``src/storyledger/events/data``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from storyledger.events.blocking import list_pairs
from storyledger.events.bonds import FEATURES as BONDS
from storyledger.events.bonds import measure_bonds
from storyledger.events.finding import make_reports
from storyledger.events.judges import Verdict
from storyledger.events.likeness import FEATURES, load_scorer
from storyledger.events.merging import make_tellings, measure_first
from storyledger.events.ranking import LEAST_LISTED
from storyledger.events.similarity import Telling
from storyledger.events.surroundings import Surroundings
from storyledger.linkage.scorer import measure_pairs
from storyledger.types import EventReport
from train.event_gold import Row, iter_rows, survey
from train.event_stage import Stage, kept_out_bonds, load_kept_out, stage_pile
from train.events import FOLDS, find_fold, judge_kept_out
from train.forests import fit_forest, pack_forest
from train.scorer import fit_scorer
from train.story_piles import Pile, add_piles, is_wikinews, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data"
TREES = 150
UNMARKED = 0.1  # of the pairs of a marked and an unmarked clause, the share that is learned from
# What may only speak for, or against: the rest is left to the pairs.
SIGNS = {
    "same_sense": 1, "happens_once": 1, "shared_words": 1, "told_around": 1, "same_text": 1, "sentences_alike": 1,
    "clauses_alike": 1,
    "same_actor": 1, "same_recipient": 1, "same_present": 1, "same_place": 1, "dates_meet": 1, "same_number": 1,
    "other_sense": -1, "other_family": -1, "other_actors": -1, "other_recipients": -1, "swapped": -1,
    "other_place": -1, "dates_differ": -1, "dates_near": -1, "dated_after": -1, "told_long_after": -1,
    "other_numbers": -1, "side_by_side": -1, "nobody_shared": -1, "same_word": 1, "rare_word": 1, "told_apart": -1,
    "other_status": -1, "one_state": 1,
}  # fmt: skip


def tell_pile(pile: Pile, cache: Path) -> tuple[list[Row], list[Telling]]:
    """Return what is marked or may be listed of a pile, as rows and as tellings, in one order."""
    rows = list(iter_rows(pile))
    verdicts = judge_kept_out(cache, rows)
    kept = [
        (row, verdict)
        for row, verdict in zip(rows, verdicts, strict=True)
        if row.gold or (not row.near and verdict.listed >= LEAST_LISTED)
    ]
    articles = {article.id: article for article in pile.articles}
    around = {name: survey(pile, articles[name]) for name in {row.document for row, _ in kept}}
    reports = [
        report
        for name, own in groupby(kept, key=lambda pair: pair[0].document)
        for report in _report_page(around[name], list(own))
    ]
    return [row for row, _ in kept], make_tellings(reports, articles, pile.marks.readings, pile.cast)


def _report_page(around: Surroundings, kept: Sequence[tuple[Row, Verdict]]) -> tuple[EventReport, ...]:
    return make_reports(around, [row.asked for row, _ in kept], [verdict for _, verdict in kept])


def iter_pairs(pile: Pile, cache: Path, rng: np.random.Generator) -> Iterator[tuple[Telling, Telling, float, float]]:
    """Yield pairs of tellings, whether they are one event, and how much the pair counts."""
    rows, tellings = tell_pile(pile, cache)
    for at, row in enumerate(rows):
        for before in range(at):
            one, other = rows[before].gold, row.gold
            if one is not None and other is not None:
                yield tellings[before], tellings[at], float(one.event == other.event), 1.0
            elif (one is not None or other is not None) and rng.random() < UNMARKED:
                yield tellings[before], tellings[at], 0.0, 1.0


def measure_pile(
    pile: Pile, cache: Path, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the pairs of a pile: features, labels, weights."""
    pairs = list(iter_pairs(pile, cache, rng))
    table = measure_pairs(FEATURES, [a for a, *_ in pairs], [b for _, b, *_ in pairs])
    return table, np.array([label for *_, label, _ in pairs]), np.array([weight for *_, weight in pairs])


@dataclass(frozen=True)
class Compared:
    """Pairs that the product compares in one pile: features by ``names``, whether they are one event, across pages."""

    pile: str
    table: NDArray[np.float32]
    labels: NDArray[np.float64]
    across: NDArray[np.bool_]


def compare_told(stage: Stage, cache: Path, rng: np.random.Generator) -> Iterator[Compared]:
    """Yield the pairs of each story of a pile whose sides are marked, and a share of those of which one is."""
    scorer = load_scorer()
    for tellings in stage.iter_told(load_kept_out(cache, stage.pile)):
        pairs = list_pairs(tellings)
        if not len(pairs):
            continue
        first, rows = measure_first(tellings, pairs)
        table = np.concatenate([rows, measure_bonds(tellings, pairs, first, rows, scorer.names)], axis=1)
        events = [stage.find_events(telling) for telling in tellings]
        marked = np.array([bool(own) for own in events])
        one, other = pairs.T
        kept = (marked[one] & marked[other]) | ((marked[one] ^ marked[other]) & (rng.random(len(pairs)) < UNMARKED))
        labels = np.array([float(bool(events[a] & events[b])) for a, b in pairs[kept]])
        pages = [telling.report.document for telling in tellings]
        across = np.array([pages[a] != pages[b] for a, b in pairs[kept]], np.bool_)
        yield Compared(stage.pile.name, table[kept].astype(np.float32), labels, across)


def fit_bonds(compared: Sequence[Compared]) -> Any:
    """Return the trees of the second look."""
    table, labels = (np.concatenate(parts) for parts in zip(*((c.table, c.labels) for c in compared), strict=True))
    return fit_forest(table, labels, trees=TREES, num_leaves=12, subsample=0.5)


def measure_second(compared: Sequence[Compared], said: Sequence[NDArray[np.float64]]) -> None:
    """Print how well the pairs are told apart, invented piles and Wikinews apart."""
    for name, real in (("invented", False), ("Wikinews", True)):
        own = [at for at, row in enumerate(compared) if is_wikinews(row.pile) == real]
        if own:
            labels, across = (
                np.concatenate([getattr(compared[at], kind) for at in own]) for kind in ("labels", "across")
            )
            chance = np.concatenate([said[at] for at in own])
            both = average_precision_score(labels, chance), average_precision_score(labels[across], chance[across])
            print(f"{name:9s} average precision {both[0]:.3f}, across pages {both[1]:.3f}", flush=True)


def main() -> int:
    """Read the piles, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--first", choices=("logistic", "trees"), help="fit the first look anew, as what")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    if options.first:
        fit_first(options)
    rng = np.random.default_rng(0)
    compared = [
        row for pile in iter_piles(options) for row in compare_told(stage_pile(pile, options.cache), options.cache, rng)
    ]
    write_bonds(compared, options.cache, options.out)
    return 0


def write_bonds(compared: Sequence[Compared], cache: Path, out: Path) -> None:
    """Fit the second look on all piles, and without each fold's, say what it reaches there, and write."""
    names = [*load_scorer().names, *BONDS]
    np.savez_compressed(out / "bonds.npz", **pack_forest(fit_bonds(compared), "bonds", names))
    said: list[NDArray[np.float64]] = [np.zeros(0)] * len(compared)
    for fold in range(FOLDS):
        model = fit_bonds([c for c in compared if find_fold(c.pile) != fold])
        np.savez_compressed(kept_out_bonds(cache, fold), **pack_forest(model, "bonds", names))
        for at, own in enumerate(compared):
            if find_fold(own.pile) == fold:
                said[at] = model.predict_proba(own.table)[:, 1]
    measure_second(compared, said)


def fit_first(options: argparse.Namespace) -> None:
    """Fit and write what a pair looks like by itself."""
    rng, parts, groups = np.random.default_rng(0), [], []
    for pile in iter_piles(options):
        part = measure_pile(pile, options.cache, rng)
        parts.append(part)
        groups += [pile.name] * len(part[1])
    table, labels, weights = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    names = [feature.__name__ for feature in FEATURES]
    made_by = f"python -m train.event_links --first {options.first}"
    fitted = fit_scorer(
        table, labels, groups, names, kind=options.first, signs=SIGNS, weights_P=weights, made_by=made_by
    )
    print(json.dumps(fitted["measured"]))
    (options.out / "merging.json").write_text(json.dumps(fitted) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

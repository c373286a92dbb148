"""Train what joins tellings into events: ``python -m train.event_links --cache FOLDER --models FOLDER``.

Every pair of marked clauses of a pile is a row (one event or two), and a share of the pairs of a marked clause with one
that nobody marked, as two. The features are ``events/likeness.py``'s; fitting and calibrating are ``train.scorer``'s.
Writes ``src/storyledger/events/data/merging.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storyledger.events.finding import make_reports
from storyledger.events.judges import Verdict
from storyledger.events.likeness import FEATURES
from storyledger.events.merging import make_tellings
from storyledger.events.ranking import LEAST_LISTED
from storyledger.events.similarity import Telling
from storyledger.events.surroundings import Surroundings
from storyledger.linkage.scorer import measure_pairs
from storyledger.types import EventReport
from train.event_gold import Row, iter_rows, survey
from train.events import judge_kept_out
from train.scorer import fit_scorer
from train.story_piles import Pile, add_piles, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/merging.json"
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


def main() -> int:
    """Read the piles, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--kind", choices=("logistic", "trees"), default="trees")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    rng, parts, groups = np.random.default_rng(0), [], []
    for pile in iter_piles(options):
        part = measure_pile(pile, options.cache, rng)
        parts.append(part)
        groups += [pile.name] * len(part[1])
    table, labels, weights = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    names = [feature.__name__ for feature in FEATURES]
    made_by = f"python -m train.event_links --kind {options.kind}"
    fitted = fit_scorer(
        table, labels, groups, names, kind=options.kind, signs=SIGNS, weights_P=weights, made_by=made_by
    )
    print(json.dumps(fitted["measured"]))
    options.out.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train who takes part in an event of many tellings: ``python -m train.event_taking --cache FOLDER --models FOLDER``.

A row is an actor that any telling of an event of the product's makes likely (``events/taking.py``), by judges and
forests that have not seen the pile; it is right where the marked event that most of the tellings tell names that actor
in that role. Needs ``train.event_parts`` and ``train.event_links``. Writes
``src/storyledger/events/data/taking.npz``.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from storyledger.events.assembly import choose_type
from storyledger.events.bonds import load_bonds
from storyledger.events.taking import FORESTS, gather_faces, list_takers
from train.event_stage import Labelled, Stage, fit_roles, kept_out_bonds, load_kept_out, stage_pile
from train.events import find_fold
from train.story_piles import add_piles, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/taking.npz"
TREES = 80


def list_taking(stage: Stage, cache: Path) -> list[Labelled]:
    """Return who may take part in those events of the pile that a marked one stands behind."""
    faces, found = gather_faces(stage.pile.cast), []
    bonds = load_bonds(kept_out_bonds(cache, find_fold(stage.pile.name)))
    for tellings, clusters in stage.iter_clusters(load_kept_out(cache, stage.pile), bonds):
        for cluster in clusters:
            own = [tellings[at] for at in cluster.members]
            votes = Counter(event for telling in own for event in stage.find_events(telling))
            if votes:
                event = max(sorted(votes), key=lambda name: votes[name])
                takers = list_takers(own, choose_type([telling.report for telling in own]), faces)
                found += [(taker.features, stage.label(taker.actor, event)) for taker in takers]
    return found


def main() -> int:
    """Read the piles, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    rows: list[Labelled] = []
    for pile in iter_piles(options):
        rows += list_taking(stage_pile(pile, options.cache), options.cache)
    np.savez_compressed(options.out, **fit_roles(rows, FORESTS, TREES, num_leaves=8))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Train who takes which part in a telling: ``python -m train.event_parts --cache FOLDER --models FOLDER``.

A row is an actor of the page of a marked clause, asked about as ``events/parts.py`` asks; it is right where the marked
event names that actor in that role. Needs the judges of the folds (``train.events``). Writes
``src/storyledger/events/data/parts.npz``, and into the folder of ``--cache`` the forests of each fold, which have not
seen its piles.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from storyledger.events.parts import FORESTS
from train.event_stage import Labelled, fit_roles, kept_out_parts, stage_pile
from train.events import FOLDS, find_fold
from train.story_piles import add_piles, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/parts.npz"
TREES = 150


def main() -> int:
    """Read the piles, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    labelled: dict[str, list[Labelled]] = {}
    for pile in iter_piles(options):
        labelled[pile.name] = stage_pile(pile, options.cache).list_asked()
    write_parts(labelled, options.cache, options.out)
    return 0


def write_parts(labelled: dict[str, list[Labelled]], cache: Path, out: Path) -> None:
    """Fit on all piles, and without each fold's, and write."""
    rows = [row for own in labelled.values() for row in own]
    np.savez_compressed(out, **fit_roles(rows, FORESTS, TREES))
    for fold in range(FOLDS):
        seen = [row for name, own in labelled.items() if find_fold(name) != fold for row in own]
        np.savez_compressed(kept_out_parts(cache, fold), **fit_roles(seen, FORESTS, TREES))


if __name__ == "__main__":
    sys.exit(main())

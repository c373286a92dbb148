"""Fit ``actors/somebody.json``: whether what a page only describes is an actor of its own.

Data: the marked stories for training, each read by a network that has not seen it (``--models``, of train.tags). A
chain of descriptions without a name is a case; right is one that a marked description overlaps by half, also of
somebody whom the page names elsewhere: an unsure tie is left open. Five folds over stories; ``--write`` puts the
weights into the room.
Run: ``python -m train.somebody --models FOLDER [--readings FOLDER] [--write]``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storyledger.actors import somebody
from storyledger.actors.marks import Mark, read_marks
from storyledger.actors.page import Page
from storyledger.actors.somebody import FEATURES, Described
from storyledger.actors.within import chain_mentions, decide_type
from storyledger.reading import load_reader
from train.marked_piles import MarkedMention, MarkedPage, ReadingShelf, iter_piles, stands_inside
from train.scorer import calibrate, fit_scorer, hold_out
from train.story_piles import list_piles, split_folders

TARGET = Path(somebody.__file__).parent / "somebody.json"
MADE_BY = "python -m train.somebody --models FOLDER --write"
HALF = 0.5  # of the characters of both together


@dataclass(frozen=True)
class Case:
    """A chain of descriptions: its numbers, whether it is an actor, how many marked mentions it has."""

    pile: str
    invented: bool
    row: list[float]
    right: bool
    mentions: int


def collect_cases(pile: str, page: MarkedPage, *, invented: bool) -> Iterator[Case]:
    """Yield the chains of a page that have descriptions and no name, in the marked paragraphs."""
    told = Page(page.article, page.reading)
    marks = read_marks(page.reading, told)
    chains, described = chain_mentions(told, page.reading, marks), Described(told, marks)
    for group in chains.groups():
        members = [marks[i] for i in group]
        nominal = [m for m in members if m.kind == "nominal"]
        if not nominal or any(m.kind == "name" for m in members):
            continue
        if not any(stands_inside(page.body, m.start, m.end) for m in nominal):
            continue  # headlines and captions are not marked
        found = [_find(mark, page.mentions) for mark in nominal]
        row = described.measure(members, decide_type(members)[0][0])
        yield Case(pile, invented, row, any(found), sum(m is not None for m in found))


def _find(mark: Mark, mentions: tuple[MarkedMention, ...]) -> MarkedMention | None:
    """Return the marked description that shares half of its characters with a mention."""
    for other in mentions:
        shared = min(mark.end, other.end) - max(mark.start, other.start)
        whole = max(mark.end, other.end) - min(mark.start, other.start)
        if other.kind == "nominal" and shared >= HALF * whole:
            return other
    return None


def main() -> None:
    """Fit, print what the folds say, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="model0, model1, ...: networks that lack a fold")
    parser.add_argument("--readings", type=Path, help="folder that keeps readings from run to run")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    cases: list[Case] = []
    folds = split_folders(list_piles())
    for fold in sorted(set(folds.values())):
        shelf = ReadingShelf(load_reader(args.models / f"model{fold}"), args.readings)
        own = [folder for folder, number in folds.items() if number == fold]
        for folder, pile in zip(own, iter_piles(shelf, own), strict=True):
            invented = folder.parent.parent.name != "wikinews"
            cases += [c for p in pile.pages if p.reading.tokens for c in collect_cases(pile.name, p, invented=invented)]
        print(f"fold {fold}: {len(cases)} chains", flush=True)
    rows_NF = np.array([c.row for c in cases])
    right = np.array([float(c.right) for c in cases])
    piles = [c.pile for c in cases]
    odds = hold_out(rows_NF, right, piles, list(FEATURES), kind="trees")
    curve = calibrate(odds, right, np.ones(len(right)))
    held = np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])
    invented = np.array([c.invented for c in cases])
    mentions = np.array([c.mentions for c in cases])
    for name, mask in (("invented", invented), ("Wikinews", ~invented)):
        print(f"{name}: {mask.sum()} chains, {int(right[mask].sum())} actors, {mentions[mask].sum()} mentions")
        for least in (0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6):
            kept = mask & (held >= least)
            print(
                f"  from {least}: {kept.sum()} kept, {int(right[kept].sum())} actors, {mentions[kept].sum()} mentions"
            )
    if args.write:
        fitted = fit_scorer(rows_NF, right, piles, list(FEATURES), kind="trees", made_by=MADE_BY)
        TARGET.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

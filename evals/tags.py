"""What the second network alone is worth: ``python -m evals.tags [--part test]``.

Greedy decode of the shipped network's tags on the marked stories that it has not learned from, no rules: F1 of words
and of exact spans of each head that spells spans; of the heads that judge spans, the share of words that is right.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from storyledger.language.tags import COLUMNS, HEADS
from storyledger.reading import load_reader
from train.tag_corpus import TaggedPage, iter_tagged_pages, list_stories

Spans = set[tuple[int, int, str]]


def list_spans(tags: NDArray[np.int64], labels: tuple[str, ...]) -> Spans:
    """Return the spans that ``tags`` spell, with their labels; an I- without its B- begins one."""
    spans, first, kind = set(), -1, ""
    for i, tag in enumerate([*tags.tolist(), 0]):
        label = labels[tag]
        if first >= 0 and label != f"I-{kind}":
            spans.add((first, i, kind))
            first = -1
        if first < 0 and label != "O":
            first, kind = i, label[2:]
    return spans


def harmonic(right: int, told: int, gold: int) -> float:
    """Return F1."""
    return 2 * right / max(1, told + gold)


def measure_tags(scores_WT: NDArray[np.float32], tags_HW: NDArray[np.int64]) -> dict[str, float]:
    """Return the scores of every head; ``tags_HW``: gold by head, -1 where nothing is known."""
    found: dict[str, float] = {}
    for n, (name, (a, b)) in enumerate(COLUMNS.items()):
        known = tags_HW[n] >= 0
        told, gold = scores_WT[known, a:b].argmax(1), tags_HW[n][known]
        if HEADS[name][0] != "O":
            found[name] = float((told == gold).mean())
            continue
        both = (told > 0) & (gold > 0)
        found[f"{name} words"] = harmonic(int(both.sum()), int((told > 0).sum()), int((gold > 0).sum()))
        x, y = list_spans(told, HEADS[name]), list_spans(gold, HEADS[name])
        found[f"{name} spans"] = harmonic(len(x & y), len(x), len(y))
    return {k: round(v, 4) for k, v in found.items()}


def score_pages(pages: Iterable[TaggedPage]) -> dict[str, float]:
    """Return the scores of the shipped network on ``pages``."""
    network = load_reader().network
    rows, tags = [], []
    for page in pages:
        rows.append(network.predict_rows(page.layout).tags)
        tags.append(np.stack([page.tags[name] for name in HEADS]))
    return measure_tags(np.concatenate(rows), np.concatenate(tags, axis=1))


def main() -> None:
    """Print the scores as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", default="test", choices=("train", "test"))
    args = parser.parse_args()
    print(json.dumps(score_pages(iter_tagged_pages(list_stories(args.part))), indent=1))


if __name__ == "__main__":
    main()

"""Fit ``articles/headline.json``: where a headline ends that runs on into a text's first sentence.

Data: the pages of the marked stories for training that show a title, each once with its title before its text and once
without; an agency's place line is taken off. Folds over stories. ``--write`` puts the weights into the room.
Run: ``python -m train.headline [--write]``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from storyledger.articles import headline
from storyledger.articles.body import BODY_KINDS
from storyledger.articles.headline import FEATURES, PAGE_CHARS, measure_openings
from storyledger.language import end_dateline
from train.marked_piles import extract_articles
from train.scorer import calibrate, fit_scorer, hold_out
from train.story_piles import list_piles

TARGET = Path(headline.__file__).parent / "headline.json"
MADE_BY = "python -m train.headline --write"
SHORTEST = 60  # characters of a first paragraph


def iter_texts(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield each text of a story and where its first sentence begins: 0 without a title."""
    for article in extract_articles(folder / "pages"):
        shown = [article.text[b.start : b.end] for b in article.blocks if b.kind in BODY_KINDS]
        if not article.title or not shown or len(shown[0]) < SHORTEST:
            continue
        body = " ".join(shown)[:PAGE_CHARS]
        body = body[end_dateline(body) :]
        title = " ".join(article.title.split()).rstrip(".!?")
        yield f"{title} {body}", len(title) + 1
        yield body, 0


def main() -> None:
    """Fit, print what the folds say, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows, labels, stories, texts, places, wanted = [], [], [], [], [], []
    for folder in list_piles():
        for text, at in iter_texts(folder):
            starts, measured = measure_openings(text)
            rows.append(measured)
            labels += [float(at > 0 and start == at) for start in starts]
            stories += [folder.name] * len(starts)
            texts += [len(wanted)] * len(starts)
            places += starts
            wanted.append(at)
    rows_PF, right = np.concatenate(rows), np.array(labels)
    odds = hold_out(rows_PF, right, stories, list(FEATURES), kind="logistic")
    curve = calibrate(odds, right, np.ones(len(right)))
    held = np.interp(np.clip(odds, -30, 30), curve["x"], curve["y"])
    best: dict[int, tuple[float, int]] = {}
    for text, score, place in zip(texts, held.tolist(), places, strict=True):
        best[text] = max(best.get(text, (0.0, 0)), (score, place))
    titled = sum(at > 0 for at in wanted)
    print(f"{titled} titles before their first sentences, {len(wanted) - titled} first sentences without")
    for least in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        cut = [(place, wanted[text]) for text, (score, place) in best.items() if score >= least]
        true, none = sum(p == at for p, at in cut), sum(at == 0 for _, at in cut)
        print(f"  from {least} on right {true}, in a wrong place {len(cut) - true - none}, where none is {none}")
    fitted = fit_scorer(rows_PF, right, stories, list(FEATURES), made_by=MADE_BY)
    print(json.dumps(fitted["measured"]))
    if options.write:
        TARGET.write_text(json.dumps(fitted, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""The main directions of clauses in news: ``python -m train.clauses``.

Principal components of the vectors of all clauses of the pages that may be learned from. Writes
``src/storyledger/reading/clauses.npz``. Of 32, 64, 96 and 128 directions, 64 kept .35 of the .37 average precision that
all 384 have at telling pairs of clauses of one event (29 invented piles); sentence vectors had .29.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from storyledger.articles import extract_article
from storyledger.pages import iter_pages
from storyledger.reading import Reader, load_reader
from storyledger.reading.layout import lay_out
from storyledger.reading.network import Floats
from storyledger.reading.trees import decode_sentences
from storyledger.reading.vectors import list_clauses, pool_clauses, project_states
from train.story_piles import list_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/reading/clauses.npz"
DIRECTIONS = 64


def iter_states(reader: Reader) -> Iterator[Floats]:
    """Yield the mean states of the clauses of each page, (clauses, H)."""
    for folder in list_piles():
        for page in iter_pages([str(folder / "pages")], lambda _: None, None):
            layout = lay_out(extract_article(page, {}))
            if not len(layout):
                continue
            rows = reader.network.predict_rows(layout)
            trees = reader.parse(rows, layout, decode_sentences(rows, layout))
            predicates = {p.token for own in reader.find_predicates(rows, trees) for p in own}
            yield pool_clauses(rows, list_clauses(trees, predicates))


def main() -> int:
    """Read the pages, write the directions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    reader = load_reader()
    vectors = project_states(np.concatenate(list(iter_states(reader))), reader.weights)
    mean = vectors.mean(0)
    directions = np.linalg.svd(vectors[::3] - mean, full_matrices=False)[2][:DIRECTIONS].T
    np.savez_compressed(options.out, mean=mean.astype(np.float16), directions=directions.astype(np.float16))
    return 0


if __name__ == "__main__":
    sys.exit(main())

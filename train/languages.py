"""Write ``src/storyledger/articles/model/languages.npz.xz``: py3langid's model, of which a tenth is kept.

    python -m train.languages

The library's own model holds 100,053 strings of bytes in 142 languages and takes 68 MB, 100 MB while it is read:
more than all else that reads a page. Here each language keeps the ``KEPT`` strings that tell most of it
(its share of the Kullback-Leibler divergence from all languages' mean), and what finds them in a text is built
anew, in the library's own format, so that the library reads it and does the counting. Fewer strings make it
less sure of what it tells: the logarithms are multiplied by ``SHARPER``, the multiple at which it is as sure as the
whole model is. Out of the wheel alone: no text is read.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE
from py3langid.modelio import load_model, save_model

TARGET = Path(__file__).resolve().parents[1] / "src" / "storyledger" / "articles" / "model" / "languages.npz.xz"
# chosen on 2,080 stretches (200 to 3,000 characters) of 13 PUD treebanks; see docs/lab.md, Pages and articles
KEPT, SHARPER = 120, 3


def list_strings(nextmove: NDArray[np.uint32], row: NDArray[np.uint16], output: NDArray[np.int64]) -> dict[int, bytes]:
    """Return the bytes that each feature stands for: those of the shortest way to a state that puts it out."""
    string: dict[int, bytes] = {0: b""}
    found: dict[int, bytes] = {}
    queue = deque([0])
    while queue:
        state = queue.popleft()
        if output[state] >= 0:
            found.setdefault(int(output[state]), string[state])
        moves = nextmove[row[state]]
        for letter in np.flatnonzero(moves).tolist():
            to = int(moves[letter])
            if to not in string:
                string[to] = string[state] + bytes([letter])
                queue.append(to)
    return found


def choose_features(table_FL: NDArray[np.float32], kept: int) -> list[int]:
    """Return the features that are among the ``kept`` that tell most of some language, in order."""
    share_FL = np.exp(table_FL.astype(np.float64))
    gain_FL = share_FL * (np.log(share_FL) - np.log(share_FL.mean(axis=1, keepdims=True)))
    top_K = np.unique(np.argsort(-gain_FL, axis=0, kind="stable")[:kept].ravel())
    return [int(feature) for feature in top_K]


def build_automaton(strings: list[bytes]) -> tuple[NDArray[np.uint32], list[int]]:
    """Return what finds the longest of the strings that ends at each byte: moves by state, and what each puts out.

    Source: Aho & Corasick 1975.
    """
    children: list[dict[int, int]] = [{}]
    output = [-1]
    for number, string in enumerate(strings):
        at = 0
        for letter in string:
            if letter not in children[at]:
                children[at][letter] = len(children)
                children.append({})
                output.append(-1)
            at = children[at][letter]
        output[at] = number
    moves, fallback = np.zeros((len(children), 256), np.uint32), [0] * len(children)
    queue = deque([0])
    while queue:
        state = queue.popleft()
        below = fallback[state]
        moves[state] = moves[below]  # the root's own are zero until its children are put in
        if output[state] < 0:
            output[state] = output[below]
        for letter, to in children[state].items():
            fallback[to] = int(moves[below, letter]) if state else 0
            moves[state, letter] = to
            queue.append(to)
    return moves, output


def main() -> None:
    """Read the library's model, write the smaller one."""
    table, prior, classes, nextmove, row, output = load_model(MODEL_DIR / MODEL_FILE)
    strings = list_strings(np.asarray(nextmove).reshape(-1, 256), np.asarray(row), np.asarray(output))
    chosen = choose_features(table, KEPT)
    moves, own = build_automaton([strings[feature] for feature in chosen])
    rows, row_of = np.unique(moves, axis=0, return_inverse=True)
    smaller = table[chosen].astype(np.float32) * SHARPER
    save_model(TARGET, (smaller, prior * SHARPER, classes, rows.ravel(), row_of.ravel(), own))
    print(f"{len(chosen)} of {len(table)} features, {len(moves)} states, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Vectors of sentences and of clauses: the mean of their pieces in three layers, brought to the original space.

A clause is a predicate with what hangs on it, less what tells another thing. Its vector is kept in the 64 main
directions of clauses in news (``clauses.npz``, made by ``python -m train.clauses``), in steps of 1/127.
Source: Reimers & Gurevych 2019 (mean pooling); the space is all-MiniLM-L6-v2's, kept by distillation.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from storyledger.reading.arithmetic import gelu
from storyledger.reading.clauses import Tree, subtree
from storyledger.reading.network import Floats, Rows

STEPS = 127
# What hangs on a predicate but tells another thing.
OTHER_CLAUSES = ("advcl", "parataxis", "conj", "cc", "punct", "discourse", "mark", "vocative", "list", "dislocated")


def sentence_vectors(rows: Rows, sentences: Sequence[tuple[int, int]], weights: dict[str, Floats]) -> Floats:
    """Return one unit vector per sentence, (sentences, 384)."""
    starts = np.array([first for first, _ in sentences])
    sums = np.add.reduceat(rows.states, starts, axis=0)
    counts = np.add.reduceat(rows.pieces, starts)[:, None].astype(np.float32)
    return project_states((sums / counts).astype(np.float32), weights)


def project_states(pooled: Floats, weights: dict[str, Floats]) -> Floats:
    """Return the unit vectors of stretches whose pieces' mean states are given, (N, 384)."""
    hidden = gelu(pooled @ weights["vector_up_w"].T + weights["vector_up_b"])
    vectors: Floats = pooled @ weights["vector_w"].T + weights["vector_b"] + hidden @ weights["vector_down_w"].T
    return _unit(vectors)


def clause_vectors(rows: Rows, clauses: Sequence[tuple[Tree, int]], weights: dict[str, Floats]) -> NDArray[np.int8]:
    """Return one vector per clause, (clauses, 64), in steps of 1/127.

    Args:
        rows: the network's.
        clauses: the tree and, in it, the word that each clause hangs on.
        weights: of the vector head.
    """
    mean, directions = load_directions()
    if not clauses:
        return np.zeros((0, directions.shape[1]), np.int8)
    vectors = _unit(((project_states(pool_clauses(rows, clauses), weights) - mean) @ directions).astype(np.float32))
    return np.rint(vectors * STEPS).astype(np.int8)


def pool_clauses(rows: Rows, clauses: Sequence[tuple[Tree, int]]) -> Floats:
    """Return the mean state of each clause's pieces."""
    members = [[tree.first + word for word in sorted(subtree(tree, top, drop=OTHER_CLAUSES))] for tree, top in clauses]
    starts = np.cumsum([0, *(len(words) for words in members)])[:-1]
    words = np.concatenate([np.array(row) for row in members])
    counts = np.add.reduceat(rows.pieces[words], starts)[:, None].astype(np.float32)
    pooled: Floats = (np.add.reduceat(rows.states[words], starts, axis=0) / counts).astype(np.float32)
    return pooled


def list_clauses(trees: Sequence[Tree], predicates: Collection[int]) -> list[tuple[Tree, int]]:
    """Return the words that clauses hang on, in text order: verbs, predicates, and what is said to be something.

    Args:
        trees: of the sentences, in text order.
        predicates: the words of the text that the roles take for predicates.
    """
    return [
        (tree, word)
        for tree in trees
        for word in range(len(tree))
        if (tree.upos[word] == "VERB" and not tree.deprels[word].startswith("aux"))
        or tree.first + word in predicates
        or any(tree.deprels[child] == "cop" for child in tree.children[word])
    ]


@cache
def load_directions() -> tuple[Floats, Floats]:
    """Return the mean of clauses in the space of sentences and their main directions, (384) and (384, 64)."""
    with (files(__package__) / "clauses.npz").open("rb") as file, np.load(file) as stored:
        return stored["mean"].astype(np.float32), stored["directions"].astype(np.float32)


def _unit(vectors: Floats) -> Floats:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    out: Floats = (vectors / norms).astype(np.float32)
    return out

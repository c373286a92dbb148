"""Sentence vectors: the mean of a sentence's pieces in three layers, brought to the original space.

Source: Reimers & Gurevych 2019 (mean pooling); the space is all-MiniLM-L6-v2's, kept by distillation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from storyledger.reading.arithmetic import gelu
from storyledger.reading.network import Floats, Rows


def sentence_vectors(rows: Rows, sentences: Sequence[tuple[int, int]], weights: dict[str, Floats]) -> Floats:
    """Return one unit vector per sentence, (sentences, 384)."""
    starts = np.array([first for first, _ in sentences])
    sums = np.add.reduceat(rows.states, starts, axis=0)
    counts = np.add.reduceat(rows.pieces, starts)[:, None].astype(np.float32)
    pooled = sums / counts
    hidden = gelu(pooled @ weights["vector_up_w"].T + weights["vector_up_b"])
    vectors = pooled @ weights["vector_w"].T + weights["vector_b"] + hidden @ weights["vector_down_w"].T
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    out: Floats = vectors / norms
    return out

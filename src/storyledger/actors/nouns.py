"""How near two common nouns are in meaning: "storm" and "cyclone" near, "storm" and "lawyer" not.

Reads ``nouns.npz`` (made by ``train/nouns.py``) once. This module must not know what the likeness is used for.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from storyledger.caching import keep_answers


@lru_cache(maxsize=1)
def load_nouns() -> tuple[dict[str, int], NDArray[np.float32]]:
    """Return noun -> row, and the rows: unit vectors."""
    with np.load(BytesIO(files(__package__).joinpath("nouns.npz").read_bytes()), allow_pickle=False) as arrays:
        words = bytes(arrays["words"]).decode().split("\n")
        return {word: i for i, word in enumerate(words)}, arrays["vectors_WD"].astype(np.float32) / 127


@keep_answers(65_536)
def measure_likeness(a: str, b: str) -> float:
    """Return the cosine of two nouns, 1 for the same, 0 where one of them is unknown."""
    if a == b:
        return 1.0
    rows, vectors_WD = load_nouns()
    i, j = rows.get(a), rows.get(b)
    return float(vectors_WD[i] @ vectors_WD[j]) if i is not None and j is not None else 0.0

"""Which articles may share text: word shingles, MinHash, and banding, so that no two pages are compared unasked.

Invariant: the pairs depend on the texts alone, not on their order; the cost grows with the pages and the
pairs that share a band. This module must not know what a copy is.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

import numpy as np
from datasketch import MinHashLSH
from datasketch.minhash import MinHash
from numpy.typing import NDArray

SHINGLE_WORDS = 5
PERMUTATIONS = 128
# 32 bands of 4: pairs with a Jaccard of .3 meet with .23, of .5 with .87, of .7 with 1 (made-up pages, 2026-11)
BANDS, ROWS = 32, 4
BAND_CAP = 200  # a band that more pages share holds furniture; its pairs are found by their other bands
_WORD = re.compile(r"\w+")


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of ``text``, folded, each with its start and end."""
    return [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]


def hash_shingles(words: Sequence[str]) -> NDArray[np.uint64]:
    """Return the distinct hashes of all runs of five words; of the whole where there are fewer."""
    runs = (
        " ".join(words[i : i + SHINGLE_WORDS]).encode("utf-8", "surrogatepass")
        for i in range(max(1, len(words) - SHINGLE_WORDS + 1))
    )
    return np.unique(np.fromiter((zlib.crc32(run) for run in runs), np.uint64))

"""Which articles may share text: word shingles, MinHash and banding, so that no two pages are compared unasked.

Invariant: the pairs depend on the texts alone, not on their order; the cost grows with the pages and with
the pairs that share a band or a paragraph. This module must not know what a copy is.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from importlib import import_module
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

SHINGLE_WORDS = 5
# 64 bands of 2: a pair with a Jaccard of .1 meets with .47, of .2 with .93, of .3 with .998 (by the formula
# 1 - (1 - J^2)^64). News pages of different origin share next to no run of five words, so false pairs are few.
PERMUTATIONS, BANDS, ROWS = 128, 64, 2
PARAGRAPH_WORDS = 12  # shorter paragraphs stand in many pages by chance
GROUP_CAP = 50  # a paragraph or text in more pages than this pairs each with the first alone, not all with all
RARE_WORDS, RARE_PAGES, RARE_SHARED = 4, 6, 12  # pages of one story share up to ten such runs
_WORD = re.compile(r"\w+")


def split_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of ``text``, folded, each with its start and end."""
    return [(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]


def hash_shingles(words: Sequence[str], size: int = SHINGLE_WORDS) -> NDArray[np.uint64]:
    """Return the distinct hashes of all runs of ``size`` words; of the whole where there are fewer."""
    count = max(1, len(words) - size + 1)
    runs = (" ".join(words[i : i + size]).encode("utf-8", "surrogatepass") for i in range(count))
    return np.unique(np.fromiter((zlib.crc32(run) for run in runs), np.uint64, count))


def pair_candidates(texts: Sequence[str], paragraphs: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the pairs ``(i, j)``, i < j, of texts that may share passages, in order.

    Args:
        texts: one an article.
        paragraphs: the same articles' paragraphs; one of twelve words or more that two share makes a pair.
    """
    if len(texts) < 2:
        return []
    firsts = _find_firsts(texts)
    pairs: set[tuple[int, int]] = {(first, number) for number, first in firsts.items()}
    worded = [[word for word, _, _ in split_words(text)] for text in texts]
    library = import_module("datasketch")  # a third of a second that no command but a build should pay
    index = library.MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    empty = library.MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=int)
    for number, words in enumerate(worded):
        if len(words) < PARAGRAPH_WORDS or number in firsts:
            continue
        signature = empty.copy()
        signature.update_batch(hash_shingles(words).tolist())
        pairs.update((other, number) for other in index.query(signature))
        index.insert(number, signature, check_duplication=False)
    pairs.update(_pair_by_paragraph(paragraphs))
    pairs.update(_pair_by_rare_runs(worded))
    return sorted(pairs)


def _find_firsts(texts: Sequence[str]) -> dict[int, int]:
    """Return, of texts that more than ``GROUP_CAP`` pages have to the letter, each later page's first."""
    groups: dict[str, list[int]] = {}
    for number, text in enumerate(texts):
        groups.setdefault(text, []).append(number)
    return {number: group[0] for group in groups.values() if len(group) > GROUP_CAP for number in group[1:]}


def _pair_by_rare_runs(worded: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    """Return the pairs that share some runs of four words which few pages have: a text taken over with changes."""
    held: dict[int, list[int]] = {}
    for number, words in enumerate(worded):
        for run in hash_shingles(words, RARE_WORDS).tolist() if len(words) >= PARAGRAPH_WORDS else []:
            rows = held.setdefault(run, [])
            if len(rows) <= RARE_PAGES:
                rows.append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for rows in held.values():
        if 1 < len(rows) <= RARE_PAGES:
            shared.update(combinations(rows, 2))
    return {pair for pair, count in shared.items() if count >= RARE_SHARED}


def _pair_by_paragraph(paragraphs: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    holders: dict[bytes, list[int]] = {}
    for number, own in enumerate(paragraphs):
        for text in own:
            words = [word for word, _, _ in split_words(text)]
            if len(words) >= PARAGRAPH_WORDS:
                key = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=8).digest()
                group = holders.setdefault(key, [])
                if not group or group[-1] != number:
                    group.append(number)
    pairs: set[tuple[int, int]] = set()
    for group in holders.values():
        firsts = group if len(group) <= GROUP_CAP else group[:1]
        pairs.update((a, b) for a in firsts for b in group if a < b)
    return pairs

"""In how many texts of news at large each word stands: how much it tells, and whether readers expect it anywhere.

The table (``frequencies.tsv.gz``) is made by ``train.frequencies``. Invariant: stems are counted as the table counts
them. This module must not know pages.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from storyledger.language.stems import stem_word

TABLE = "frequencies.tsv.gz"
WORD = re.compile(r"[^\W\d_][\w’'-]{2,}")
POSSESSIVE = re.compile(r"['’]s?$")


def count_stems(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each stem of three letters and more, how often it stands in ``text`` and how often capitalised."""
    counts: Counter[str] = Counter()
    capitals: Counter[str] = Counter()
    for match in WORD.finditer(text):
        word = POSSESSIVE.sub("", match.group())
        stem = stem_word(word.lower())
        counts[stem] += 1
        capitals[stem] += word[:1].isupper()
    for stem, n in counts.items():
        yield stem, n, capitals[stem]


@cache
def load_frequencies() -> tuple[int, Mapping[str, int]]:
    """Return how many texts were counted, and in how many of them each stem stands."""
    packed = (resources.files("storyledger.language") / TABLE).read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines()]
    counts = {stem: int(n) for stem, n in rows}
    return counts.pop(""), counts

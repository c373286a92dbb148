"""What a page is about, as a vector: its telling words, names more than others.

A word tells as much as it is rare in news at large (``frequencies.tsv.gz``, made by ``train.frequencies``): in a pile
of one story the story's own words are in every page, so that rarity in the pile would part what belongs together.
"""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources

from storyledger.language import stem_word
from storyledger.types import Article

TABLE = "frequencies.tsv.gz"
WORD = re.compile(r"[^\W\d_][\w’'-]{2,}")
POSSESSIVE = re.compile(r"['’]s?$")
NAME_WEIGHT = 1.5  # of 1, 1.5 and 2 the one that keeps marked stories for training together best
NAME_SHARE = 0.8  # so often capitalised, a word of a page counts as a name in it
LEAST_TELLING = 2.0  # nats: what stands in more than one text in seven tells nothing
UNKNOWN_TEXTS = 1.5  # a word that the table lacks is taken to stand in so many texts


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
    packed = (resources.files("storyledger.stories") / TABLE).read_bytes()
    rows = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines()]
    counts = {stem: int(n) for stem, n in rows}
    return counts.pop(""), counts


def weigh_words(article: Article) -> dict[str, float]:
    """Return the page's telling stems with their weights, of length one."""
    return weigh_text(f"{article.title or ''} {article.text}")


def weigh_text(text: str) -> dict[str, float]:
    """Return the telling stems of ``text`` with their weights, of length one (tf-idf, logarithmic in both)."""
    texts, frequencies = load_frequencies()
    weights: dict[str, float] = {}
    for stem, n, capital in count_stems(text):
        rarity = math.log(texts / frequencies.get(stem, UNKNOWN_TEXTS))
        if rarity >= LEAST_TELLING:
            weights[stem] = (1 + math.log(n)) * rarity * (NAME_WEIGHT if capital >= NAME_SHARE * n else 1.0)
    length = math.sqrt(math.fsum(w * w for w in weights.values())) or 1.0
    return {stem: w / length for stem, w in weights.items()}

"""What a page is about, as a vector: its telling words, names more than others.

A word tells as much as it is rare in news at large (``frequencies.tsv.gz``, made by ``train.frequencies``): in a pile
of one story the story's own words are in every page, so that rarity in the pile would part what belongs together.
"""

from __future__ import annotations

import math

from storyledger.language import count_stems, load_frequencies
from storyledger.types import Article

NAME_WEIGHT = 1.5  # of 1, 1.5 and 2 the one that keeps marked stories for training together best
NAME_SHARE = 0.8  # so often capitalised, a word of a page counts as a name in it
LEAST_TELLING = 2.0  # nats: what stands in more than one text in seven tells nothing
UNKNOWN_TEXTS = 1.5  # a word that the table lacks is taken to stand in so many texts


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

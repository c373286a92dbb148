"""Counts in how many texts each word stands: ``python -m train.frequencies``.

What makes a word telling is how rare it is in news at large, not in the pile: in a pile of one story the story's own
words are everywhere. Counted on 365 dated Wikinews articles (CC BY 2.5) and on the sentences of gmb-news (public domain
texts) in runs of fifteen; what ships is a table of stems with numbers.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from storyledger.language.frequencies import TABLE, count_stems

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SENTENCES = 15  # of gmb-news that make a text
LEAST = 3  # texts that a stem must stand in to be kept: what is rarer is as telling as what is unknown


def iter_texts() -> Iterator[str]:
    """Yield the texts that are counted."""
    with gzip.open(DATA / "wikinews" / "articles.json.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield f"{article['title']} {article['document']}"
    words: list[str] = []
    with gzip.open(DATA / "names" / "gmb-news.tsv.gz", "rt", encoding="utf-8", errors="replace") as lines:
        sentences = 0
        for line in lines:
            word = line.rstrip("\n").split("\t")[0]
            words.append(word)
            sentences += not word
            if not word and sentences % SENTENCES == 0:
                yield " ".join(words)
                words = []


def main() -> None:
    """Write the table."""
    counts: Counter[str] = Counter()
    texts = 0
    for text in iter_texts():
        counts.update({stem for stem, _, _ in count_stems(text)})
        texts += 1
    kept = sorted((stem, n) for stem, n in counts.items() if n >= LEAST)
    lines = [f"\t{texts}", *(f"{stem}\t{n}" for stem, n in kept)]
    target = Path(__file__).resolve().parents[1] / "src" / "storyledger" / "language" / TABLE
    target.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), 9, mtime=0))


if __name__ == "__main__":
    main()

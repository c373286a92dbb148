"""Writes ``evals/reader_similarities.tsv``: the original encoder's cosine of 5,000 pairs of held-out sentences.

Pairs of the last 1,000 sentences of gmb-news: each with its two nearest and three at random, so that
the whole scale is covered. Numbers only; the text stays in ../shared/data.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch

from train.corpora import DATA, read_gmb, resplit
from train.encode import Labels, encode_sentences
from train.fit import Teacher, open_tokenizer
from train.mixture import GMB_HELD_OUT

OUT = Path(__file__).resolve().parents[1] / "evals" / "reader_similarities.tsv"


def main() -> None:
    """Write the pairs."""
    tokenizer = open_tokenizer()
    sents = [resplit(s) for s in read_gmb(DATA / "names/gmb-news.tsv.gz")[-GMB_HELD_OUT:]]
    coded = encode_sentences(sents, Labels([], [], [], [], []), tokenizer, set())
    teacher = Teacher(tokenizer)
    vectors = torch.cat([teacher(coded[i : i + 50]) for i in range(0, len(coded), 50)])
    vectors = vectors / vectors.norm(dim=1, keepdim=True)
    cosine = vectors @ vectors.T
    rng = random.Random(3)
    lines = ["# first sentence, second sentence (of the last 1,000 of gmb-news), cosine by all-MiniLM-L6-v2"]
    for i in range(len(sents)):
        near = [int(j) for j in cosine[i].argsort(descending=True)[:3] if int(j) != i][:2]
        far = [j for j in rng.sample(range(len(sents)), 5) if j != i and j not in near][:3]
        lines.extend(f"{i}\t{j}\t{float(cosine[i, j]):.5f}" for j in [*near, *far])
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

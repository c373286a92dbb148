"""Where common nouns lie in meaning: "storm" beside "cyclone". Writes ``src/storyledger/actors/nouns.npz``.

Nouns of gmb-news (Penn tag NN), EWT train and GUM train that occur twice and more; vectors of the original encoder for
the word alone, centred, reduced to ``SIZE`` directions, unit length, int8. Run: ``python -m train.nouns [--out FILE]``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from train.corpora import DATA, read_conllu, read_gmb
from train.fit import PRETRAINED, open_tokenizer
from train.network import Encoder

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/nouns.npz"
WORDS = 6000
SIZE = 48


def count_nouns() -> Counter[str]:
    """Return common nouns in lower case with how often they occur."""
    counts: Counter[str] = Counter()
    for sent in read_gmb(DATA / "names/gmb-news.tsv.gz"):
        counts.update(w.lower() for w, tag in zip(sent.words, sent.names["penn"], strict=True) if tag == "NN")
    for name in ("ud-ewt-train", "gum-train"):
        for sent in read_conllu(DATA / f"syntax/{name}.conllu.gz", name):
            rows = zip(sent.lemmas or (), sent.upos or (), strict=True)
            counts.update(lemma.lower() for lemma, upos in rows if upos == "NOUN")
    return Counter({w: n for w, n in counts.items() if w.isalpha() and w.isascii() and len(w) > 2 and n > 1})


@torch.no_grad()
def encode_words(words: list[str]) -> NDArray[np.float32]:
    """Return the original encoder's vector of each word."""
    tokenizer = open_tokenizer()
    encoder = Encoder(0.0)
    encoder.load_pretrained(PRETRAINED)
    encoder.eval()
    rows = []
    for word in words:
        ids = torch.tensor([tokenizer.encode(word).ids])
        hidden = encoder(ids, torch.zeros_like(ids), torch.ones_like(ids, dtype=torch.float))[-1]
        rows.append(hidden[0].mean(dim=0))
    return np.asarray(torch.stack(rows).numpy(), dtype=np.float32)


def reduce_vectors(vectors_WD: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return the vectors in their ``SIZE`` strongest directions, unit length times 127."""
    vectors = vectors_WD / np.linalg.norm(vectors_WD, axis=1, keepdims=True)
    vectors -= vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(vectors, full_matrices=False)
    small = vectors @ directions[:SIZE].T
    small /= np.linalg.norm(small, axis=1, keepdims=True)
    return np.round(small * 127).astype(np.int8)


def main() -> None:
    """Write words and vectors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    torch.set_num_threads(1)
    counts = count_nouns()
    words = sorted(sorted(counts, key=lambda w: (-counts[w], w))[:WORDS])
    text = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    np.savez_compressed(args.out, words=text, vectors_WD=reduce_vectors(encode_words(words)))


if __name__ == "__main__":
    main()

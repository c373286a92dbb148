"""Refits the sentence-vector head on the exported model: ``python -m train.vectors --model MODEL_DIR``.

The head is small and comes last, so it is fitted once more to what the quantised network really says
at run time, in running text, against the original encoder's vectors of the single sentences. Only
``pairs.npz`` and the manifest change. Sentences: ``COUNT`` of gmb-news (none of the held-out thousand)
and the training parts of EWT and GUM.
"""

from __future__ import annotations

import argparse
import json
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from torch import nn

from evals.reader_gold import lay_out_gold
from storyledger.reading import load_reader
from train.corpora import Sent, load_ewt, load_gum, resplit
from train.encode import Labels, encode_sentences
from train.export import digest
from train.fit import Teacher, open_tokenizer
from train.mixture import gmb_part

COUNT = 7000
EPOCHS = 40


def choose_sentences() -> list[Sent]:
    """Return the sentences, in documents."""
    news = [resplit(s) for s in gmb_part(11000, COUNT)]
    return news + load_ewt("train")[:2500] + load_gum("train")[:1500]


def teach(sents: list[Sent]) -> np.ndarray:
    """Return the original encoder's vectors, computed in batches of like length."""
    tokenizer = open_tokenizer()
    plain = [Sent("plain", s.doc, s.words, s.spaces) for s in sents]
    coded = encode_sentences(plain, Labels([], [], [], [], []), tokenizer, set())
    teacher = Teacher(tokenizer)
    out = np.zeros((len(sents), 384), np.float32)
    order = sorted(range(len(sents)), key=lambda i: coded[i].length)
    for at in range(0, len(order), 32):
        part = order[at : at + 32]
        out[part] = teacher([coded[i] for i in part]).numpy()
    return out


def pool(model: Path, sents: list[Sent]) -> np.ndarray:
    """Return each sentence's mean states as the runtime has them."""
    reader = load_reader(model)
    parts = []
    for _, group in groupby(sents, key=lambda s: s.doc):
        document = lay_out_gold(list(group))
        rows = reader.network.predict_rows(document.layout)
        for a, b in document.ranges:
            parts.append(rows.states[a:b].sum(0) / rows.pieces[a:b].sum())
    return np.stack(parts).astype(np.float32)


def fit_head(pooled: np.ndarray, wanted: np.ndarray, stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the head's weights fitted from the stored ones: one minus cosine, plus what pairs' similarities miss."""
    torch.manual_seed(0)
    names = ("vector_w", "vector_b", "vector_up_w", "vector_up_b", "vector_down_w")
    w = {k: nn.Parameter(torch.tensor(stored[k].astype(np.float32))) for k in names}
    x, y = torch.tensor(pooled), nn.functional.normalize(torch.tensor(wanted), dim=1)
    optimiser = torch.optim.AdamW(w.values(), lr=1e-3, weight_decay=1e-3)
    steps = EPOCHS * (len(x) // 256)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.01, steps)
    for _ in range(steps):
        batch = torch.randint(0, len(x), (256,))
        hidden = nn.functional.gelu(x[batch] @ w["vector_up_w"].T + w["vector_up_b"])
        ours = nn.functional.normalize(
            x[batch] @ w["vector_w"].T + w["vector_b"] + hidden @ w["vector_down_w"].T, dim=1
        )
        cosine = (1 - (ours * y[batch]).sum(1)).mean()
        pairs = ((ours @ ours.T - y[batch] @ y[batch].T) ** 2).mean()
        optimiser.zero_grad()
        (cosine + 10 * pairs).backward()
        optimiser.step()
        schedule.step()
    print(f"one minus cosine {cosine.item():.3f}, similarity error {pairs.item() ** 0.5:.3f}")
    return {k: v.detach().numpy().astype(np.float16) for k, v in w.items()}


def main() -> None:
    """Refit and rewrite the folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the original encoder's vectors here")
    parser.add_argument("--teach-only", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sents = choose_sentences()
    if args.cache and args.cache.exists():
        wanted = np.load(args.cache)
    else:
        wanted = teach(sents)
        if args.cache:
            np.save(args.cache, wanted)
    if args.teach_only:
        return
    with np.load(args.model / "pairs.npz") as file:
        stored = {k: file[k] for k in file.files}
    stored |= fit_head(pool(args.model, sents), wanted, stored)
    np.savez(args.model / "pairs.npz", **stored)
    manifest = json.loads((args.model / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["pairs.npz"] = digest(args.model / "pairs.npz")
    (args.model / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()

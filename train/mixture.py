"""Which sentences the training sees, and which are held out.

Held out for good: the last 1,000 sentences of gmb-news (``GMB_HELD_OUT``) and the development and
test splits of every corpus. Sentences of evals/attribution_gold.jsonl are left out of training too.
"""

from __future__ import annotations

import json
from pathlib import Path

from train.attribution import iter_attribution_documents, label_roles
from train.corpora import DATA, Sent, guess_spaces, load_ewt, load_gum, read_bio, read_gmb, read_re3d, resplit
from train.names import re3d_sents

GMB_HELD_OUT = 1000
TIMES_EWT, TIMES_GUM, TIMES_RE3D = 2, 3, 2  # how often an epoch sees the small corpora; all the others once
GOLD = Path(__file__).resolve().parents[1] / "evals" / "attribution_gold.jsonl"


def gold_numbers() -> set[int]:
    """Return the sentence numbers of gmb-news that are annotated for attribution."""
    if not GOLD.exists():
        return set()
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {int(r["sentence"]) for r in rows if "sentence" in r}


def label_sources() -> list[Sent]:
    """Return the sentences that the label lists are counted on."""
    return load_ewt("train") + load_gum("train")


def gmb_part(first: int = 0, count: int | None = None) -> list[Sent]:
    """Return ``count`` (or all) sentences of gmb-news from number ``first``, never the held-out ones."""
    sents = read_gmb(DATA / "names/gmb-news.tsv.gz")
    skip = gold_numbers()
    usable = [s for k, s in enumerate(sents[:-GMB_HELD_OUT]) if k not in skip]
    return usable[first:] if count is None else usable[first : first + count]


def attribution_part() -> list[Sent]:
    """Return the attribution sentences that are not EWT's, labelled by train/attribution.py."""
    sents: list[Sent] = []
    for number, (key, examples) in enumerate(iter_attribution_documents()):
        document = key if len(examples) > 1 else f"attribution-{number // 12}"  # single sentences share a window
        for k, (words, labels) in enumerate(examples):
            sents.append(Sent("attribution", document, words, guess_spaces(words), id=f"{key}-{k}", attribution=labels))
    return sents


def load_mixture() -> tuple[list[Sent], dict[str, list[Sent]]]:
    """Return training sentences and the development sets."""
    ewt, gum = load_ewt("train"), load_gum("train")
    for s in ewt:
        if s.predicates is not None:
            s.attribution = label_roles(s.words, s.upos, s.predicates)
    other = read_bio(DATA / "names/wikigold.txt.gz", "wikigold", "wiki", None)
    other += gmb_part()
    other += read_bio(DATA / "names/crossner-politics-train.txt.gz", "crossner", "crossner")
    other += attribution_part()
    other = [resplit(s) for s in other]
    other += re3d_sents(read_re3d(DATA / "names/re3d-train.jsonl.gz")) * TIMES_RE3D
    return ewt * TIMES_EWT + gum * TIMES_GUM + other, {"gum": load_gum("dev"), "ewt": load_ewt("dev")}

"""Train the ranker of ``actors/``: which earlier actor a description or pronoun means, or none.

Data: GUM train (with gold trees and mentions, and again with the reader's own) and GAP development. The loss
is the negative log-likelihood of all right candidates together ("none" where there is none). Seeds fixed; one core;
minutes. Writes ``src/storyledger/actors/ranker.npz``. Run: ``python -m train.actors [--out FILE]``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from evals.coreference_data import GapCase, GoldDocument, GoldMention, find_top, make_article, read_gap, read_gum
from storyledger.actors.chains import Chains
from storyledger.actors.marks import Mark, read_marks
from storyledger.actors.page import Page
from storyledger.actors.ranker import measure_mark, measure_pair
from storyledger.actors.references import Discourse, tie_appositions
from storyledger.actors.sieves import tie_names
from storyledger.reading import Reader, load_reader
from storyledger.types import Article, Reading

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/ranker.npz"
HIDDEN = 64
EPOCHS = 10
SEED = 11
GAP_WEIGHT = 1.0


@dataclass
class Case:
    """One mention with its candidates; ``right``: 1 for each right one, the first stands for "none"."""

    mark_M: list[float]  # noqa: N815  (shapes in names)
    pairs_ND: list[list[float]]  # noqa: N815  (shapes in names)
    right_N1: list[float]  # noqa: N815  (shapes in names)
    weight: float = 1.0


def match_entities(page: Page, marks: list[Mark], document: GoldDocument) -> dict[int, str]:
    """Return mark -> gold entity: the head stands at the same place; of several, the best overlap."""
    by_head: dict[int, list[GoldMention]] = {}
    for gold in document.mentions:
        top = find_top(document.tokens, gold.first, gold.last)
        by_head.setdefault(document.tokens[top].start, []).append(gold)
    found: dict[int, str] = {}
    for mark in marks:
        rows = by_head.get(page.tokens[mark.head].start, [])
        if rows:
            best = max(rows, key=lambda g: _overlap(mark, g))
            found[mark.index] = best.entity
    return found


def _overlap(mark: Mark, gold: GoldMention) -> float:
    start, end = mark.outer or (mark.start, mark.end)
    inside = min(end, gold.end) - max(start, gold.start)
    return inside / max(1, max(end, gold.end) - min(start, gold.start))


def collect_cases(article: Article, reading: Reading, document: GoldDocument) -> Iterator[Case]:
    """Yield a case for each description and pronoun whose gold entity is known, everything before it resolved."""
    page = Page(article, reading)
    marks = read_marks(reading, page)
    entity = match_entities(page, marks, document)
    chains = Chains(marks)
    first: dict[str, int] = {}
    names = Chains(marks)
    tie_names(page, marks, names)
    tie_appositions(page, marks, names)
    for mark in marks:
        key = entity.get(mark.index)
        if key is not None and key in first:
            chains.join(mark.index, first[key], 1.0, "gold")
        elif key is not None:
            first[key] = mark.index
    yield from _walk(page, marks, chains, names, entity)


def collect_gum(reader: Reader, split: str) -> Iterator[Case]:
    """Yield the cases of a split of GUM on gold trees and mentions, then on the reader's."""
    for document in read_gum(split):
        yield from collect_cases(document.article, document.reading(), document)
        yield from collect_cases(document.article, reader.read(document.article), document)


def _walk(page: Page, marks: list[Mark], chains: Chains, names: Chains, entity: dict[int, str]) -> Iterator[Case]:
    discourse = Discourse(page, marks, chains)
    for mark in marks:
        alone = len(names.members(mark.index)) == 1
        if mark.kind != "name" and mark.form != "relative" and mark.index in entity and alone:
            own = chains.find(mark.index)
            seen = discourse.list_chains(mark)
            before = [m for m in chains.members(mark.index) if m.index < mark.index]
            if not before or own in seen:
                pairs = [
                    measure_pair(page, mark, discourse.describe(mark, chain, rank)) for rank, chain in enumerate(seen)
                ]
                right = [0.0 if own in seen else 1.0, *(1.0 if chain == own else 0.0 for chain in seen)]
                yield Case(measure_mark(mark), pairs, right)
        discourse.see(mark)


def collect_gap(reader: Reader) -> Iterator[Case]:
    """Yield a case for each pronoun of GAP development; where it means neither name, all else is right."""
    for row in read_gap("development"):
        article = make_article(row.id, row.text)
        reading = reader.read(article)
        page = Page(article, reading)
        marks = read_marks(reading, page)
        chains = Chains(marks)
        tie_names(page, marks, chains)
        tie_appositions(page, marks, chains)
        discourse = Discourse(page, marks, chains)
        for mark in marks:
            if (mark.start, mark.end) == row.pronoun:
                yield from _read_gap_case(row, page, mark, marks, discourse)
                break
            discourse.see(mark)


def _read_gap_case(row: GapCase, page: Page, mark: Mark, marks: list[Mark], discourse: Discourse) -> Iterator[Case]:
    seen = discourse.list_chains(mark)

    def holds(chain: int, span: tuple[int, int]) -> bool:
        return any(m.kind == "name" and m.start < span[1] and span[0] < m.end for m in discourse.chains.members(chain))

    named = [(holds(c, row.a), holds(c, row.b)) for c in seen]
    if row.is_a or row.is_b:
        right = [0.0, *(float((a and row.is_a) or (b and row.is_b)) for a, b in named)]
    else:
        right = [1.0, *(float(not a and not b) for a, b in named)]
    if any(right) and marks:
        pairs = [measure_pair(page, mark, discourse.describe(mark, c, rank)) for rank, c in enumerate(seen)]
        yield Case(measure_mark(mark), pairs, right, GAP_WEIGHT)


class Ranker(nn.Module):
    """The two networks of ``ranker.Network``."""

    def __init__(self, mark_size: int, pair_size: int) -> None:
        super().__init__()
        self.pair = nn.Sequential(
            nn.Linear(pair_size + mark_size, HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, 1, bias=False)
        )
        self.none = nn.Sequential(nn.Linear(mark_size, HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, 1))

    def forward(self, marks: torch.Tensor, pairs: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return scores_BN1: "none" first, padded candidates far below."""
        both = torch.cat([pairs, marks[:, None, :].expand(-1, pairs.shape[1], -1)], dim=-1)
        scores = self.pair(both).squeeze(-1).masked_fill(~mask, -1e9)
        return torch.cat([self.none(marks), scores], dim=1)


def make_batch(cases: list[Case], pair_size: int) -> tuple[torch.Tensor, ...]:
    """Return marks_BM, pairs_BND, mask_BN, right_BN1, weight_B."""
    longest = max(1, *(len(c.pairs_ND) for c in cases))
    marks = torch.tensor([c.mark_M for c in cases])
    pairs = torch.zeros(len(cases), longest, pair_size)
    mask = torch.zeros(len(cases), longest, dtype=torch.bool)
    right = torch.zeros(len(cases), longest + 1)
    for i, case in enumerate(cases):
        n = len(case.pairs_ND)
        if n:
            pairs[i, :n] = torch.tensor(case.pairs_ND)
            mask[i, :n] = True
        right[i, : n + 1] = torch.tensor(case.right_N1)
    return marks, pairs, mask, right, torch.tensor([c.weight for c in cases])


def train_ranker(cases: list[Case], dev: list[Case]) -> Ranker:
    """Return the ranker of the last epoch."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    pair_size = next(len(c.pairs_ND[0]) for c in cases if c.pairs_ND)
    model = Ranker(len(cases[0].mark_M), pair_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-3)
    steps = EPOCHS * (len(cases) // 128 + 1)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, steps)
    order = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        model.train()
        total = 0.0
        index = order.permutation(len(cases))
        for at in range(0, len(cases), 128):
            marks, pairs, mask, right, weight = make_batch([cases[i] for i in index[at : at + 128]], pair_size)
            scores = torch.log_softmax(model(marks, pairs, mask), dim=1)
            likelihood = torch.logsumexp(scores.masked_fill(right == 0, -1e9), dim=1)
            loss = -(likelihood * weight).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(marks)
        if epoch % 4 == 3 or epoch == EPOCHS - 1:
            print(f"epoch {epoch}: loss {total / len(cases):.4f}", judge_ranker(model, dev, pair_size), flush=True)
    return model


def judge_ranker(model: Ranker, cases: list[Case], pair_size: int) -> str:
    """Return precision and recall of links by kind on held-out cases, previous mentions gold."""
    model.eval()
    counts = {k: [0, 0, 0] for k in ("pronoun", "nominal")}
    with torch.no_grad():
        for at in range(0, len(cases), 256):
            part = cases[at : at + 256]
            marks, pairs, mask, right, _ = make_batch(part, pair_size)
            best = model(marks, pairs, mask).argmax(dim=1)
            for i, case in enumerate(part):
                row = counts["pronoun" if any(case.mark_M[:9]) else "nominal"]
                row[0] += bool(best[i] > 0 and right[i, best[i]] > 0)
                row[1] += bool(best[i] > 0)
                row[2] += bool(right[i, 0] == 0)
    return " ".join(f"{k}: P {a / max(1, b):.3f} R {a / max(1, c):.3f} of {c}" for k, (a, b, c) in counts.items())


def fit_temperature(model: Ranker, cases: list[Case], pair_size: int) -> float:
    """Return the temperature with the least loss on held-out cases."""
    model.eval()
    with torch.no_grad():
        parts = [make_batch(cases[at : at + 256], pair_size) for at in range(0, len(cases), 256)]
        rows = [(model(p[0], p[1], p[2]), p[3]) for p in parts]
        losses = {}
        for t in np.arange(0.7, 2.01, 0.05):
            total = sum(
                float(-torch.logsumexp(torch.log_softmax(s / t, 1).masked_fill(r == 0, -1e9), 1).sum()) for s, r in rows
            )
            losses[float(t)] = total
    return min(losses, key=lambda t: losses[t])


def save_ranker(model: Ranker, temperature: float, path: Path) -> None:
    """Write the arrays that ``ranker.Network`` names, float16, zipped without time stamps."""
    state = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    np.savez(
        path,
        pair_DH=state["pair.0.weight"].T.astype(np.float16),
        pair_bias_H=state["pair.0.bias"].astype(np.float16),
        pair_out_H=state["pair.3.weight"][0].astype(np.float16),
        none_MH=state["none.0.weight"].T.astype(np.float16),
        none_bias_H=state["none.0.bias"].astype(np.float16),
        none_out_H=state["none.3.weight"][0].astype(np.float16),
        none_bias=state["none.3.bias"].astype(np.float16),
        temperature=np.asarray([temperature], dtype=np.float16),
    )


def main() -> None:
    """Train on GUM train, choose nothing on GUM dev but the temperature, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    reader = load_reader()
    cases, dev = ([*collect_gum(reader, split)] for split in ("train", "dev"))
    cases += collect_gap(reader)
    print(f"{len(cases)} cases to train on, {len(dev)} held out", flush=True)
    model = train_ranker(cases, dev)
    temperature = fit_temperature(model, dev, len(next(c.pairs_ND[0] for c in dev if c.pairs_ND)))
    print(f"temperature {temperature:.2f}")
    save_ranker(model, temperature, args.out)


if __name__ == "__main__":
    main()

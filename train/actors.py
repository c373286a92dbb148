"""Train the ranker of ``actors/``: which earlier actor a description or pronoun means, or none.

Data: GUM train (with gold trees and mentions, and again with the reader's own) and GAP development. Twice: first with
every earlier mention in its right chain, then, with what that first ranker makes of the same texts, also with chains
as they are found, mistakes and all. The loss is the negative log-likelihood of all right candidates together ("none"
where there is none). Seeds fixed; one core; minutes. Writes ``src/storyledger/actors/ranker.npz``.
Run: ``python -m train.actors [--out FILE]``.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from evals.coreference_data import GapCase, GoldDocument, GoldMention, find_top, make_article, read_gap, read_gum
from storyledger.actors.chains import Chains
from storyledger.actors.described import tie_appositions, tie_descriptions
from storyledger.actors.marks import Mark, read_marks
from storyledger.actors.measures import Candidate
from storyledger.actors.metonyms import mark_metonyms
from storyledger.actors.page import Page
from storyledger.actors.quotations import tie_quoted
from storyledger.actors.ranker import Network
from storyledger.actors.references import Discourse, in_reading_order, weigh_mark
from storyledger.actors.sieves import tie_names
from storyledger.reading import Reader, load_reader
from storyledger.types import Article, Reading

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/actors/ranker.npz"
HIDDEN = 128
DROPOUT = 0.3
EPOCHS = 10
FIRST_EPOCHS = 5  # of the ranker whose chains the last one learns from
BATCH = 256
RATE = 3e-3
SEED = 13
FAR_BELOW = -1e9
Floats = NDArray[np.float32]


@dataclass
class Cases:
    """Mentions with their candidates: C mentions, N pairs in all, ``counts_C`` of them for each mention."""

    marks: list[list[float]] = field(default_factory=list)
    pairs: list[list[float]] = field(default_factory=list)
    right: list[float] = field(default_factory=list)  # 1 for each right candidate
    none: list[float] = field(default_factory=list)  # 1 where "none" is right
    counts: list[int] = field(default_factory=list)

    def add(self, mark: list[float], pairs: list[list[float]], right: list[bool], *, none: bool = False) -> None:
        """Add a mention whose right candidates are told; "none" is right where no candidate is, or where told so."""
        self.marks.append(mark)
        self.pairs.extend(pairs)
        self.right.extend(map(float, right))
        self.none.append(float(none or not any(right)))
        self.counts.append(len(pairs))

    def pack(self) -> Table:
        """Return the same as arrays."""
        arrays = (np.asarray(x, dtype=np.float32) for x in (self.marks, self.pairs, self.right, self.none))
        return Table(*arrays, np.asarray(self.counts))


@dataclass
class Table:
    """``Cases`` as arrays: C mentions with M numbers, N pairs with D numbers."""

    marks_CM: Floats  # noqa: N815  (shapes in names)
    pairs_ND: Floats  # noqa: N815  (shapes in names)
    right_N: Floats  # noqa: N815  (shapes in names)
    none_C: Floats  # noqa: N815  (shapes in names)
    counts_C: NDArray[np.int64]  # noqa: N815  (shapes in names)

    def __post_init__(self) -> None:
        """Find where the pairs of each mention start."""
        self.starts = np.concatenate([[0], np.cumsum(self.counts_C)])

    def join(self, other: Table) -> Table:
        """Return both, one after the other."""
        names = ("marks_CM", "pairs_ND", "right_N", "none_C", "counts_C")
        return Table(*(np.concatenate([getattr(self, n), getattr(other, n)]) for n in names))


@dataclass(frozen=True)
class Text:
    """A document with a reading of it."""

    document: GoldDocument
    reading: Reading


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


def is_open(mark: Mark, chains: Chains) -> bool:
    """Tell whether the ranker is asked about a mark: no name, and in no chain yet."""
    return mark.kind != "name" and mark.form != "relative" and len(chains.member_indices(mark.index)) == 1


def collect_right(text: Text, cases: Cases) -> None:
    """Add a case for each description and pronoun whose gold entity is known, everything before it resolved."""
    article = text.document.article
    page = Page(article, text.reading)
    marks = read_marks(text.reading, page)
    entity = match_entities(page, marks, text.document)
    chains, names = Chains(marks), Chains(marks)
    tie_names(page, marks, names)
    tie_appositions(page, marks, names)
    first: dict[str, int] = {}
    for mark in marks:
        key = entity.get(mark.index)
        if key is not None and first.setdefault(key, mark.index) != mark.index:
            chains.join(mark.index, first[key], 1.0, "gold")
    discourse = Discourse(page, marks, chains)
    for mark in in_reading_order(marks):
        if mark.index in entity and is_open(mark, names):
            own = chains.find(mark.index)
            seen = discourse.list_chains(mark)
            before = chains.member_indices(mark.index)[0] < mark.index
            if own in seen or not before:
                cases.add(*discourse.measure(mark, discourse.describe_all(mark, seen)), [c == own for c in seen])
        discourse.see(mark)


def start_chains(page: Page, reading: Reading, marks: list[Mark]) -> Chains:
    """Return the chains as they stand before the ranker is asked."""
    chains = Chains(marks)
    mark_metonyms(page, marks)
    tie_names(page, marks, chains)
    tie_quoted(page, reading, marks, chains)
    tie_descriptions(page, marks, chains)
    return chains


def collect_found(text: Text, network: Network, cases: Cases) -> None:
    """Add a case for each description and pronoun whose gold entity is known, what is before it as ``network`` ties it.

    A candidate is right where most of its mentions are of that entity.
    """
    page = Page(text.document.article, text.reading)
    marks = read_marks(text.reading, page)
    entity = match_entities(page, marks, text.document)
    chains = start_chains(page, text.reading, marks)
    discourse = Discourse(page, marks, chains)
    for mark in in_reading_order(marks):
        if is_open(mark, chains):
            weighed = weigh_mark(network, discourse, mark)
            if mark.index in entity:
                own = entity[mark.index]
                right = [_name_entity(c, entity) == own for c in weighed.candidates]
                cases.add(weighed.mark_M, weighed.pairs_ND, right)
            weighed.tie(chains)
        discourse.see(mark)


def _name_entity(candidate: Candidate, entity: dict[int, str]) -> str | None:
    counts = Counter(entity[m.index] for m in candidate.marks if m.index in entity)
    return counts.most_common(1)[0][0] if counts else None


def read_gap_texts(reader: Reader) -> list[tuple[GapCase, Article, Reading]]:
    """Return the cases of GAP development with their readings."""
    articles = [(row, make_article(row.id, row.text)) for row in read_gap("development")]
    return [(row, article, reader.read(article)) for row, article in articles]


def collect_gap(row: GapCase, article: Article, reading: Reading, network: Network | None, cases: Cases) -> None:
    """Add the case of a pronoun of GAP; where it means neither name, all else is right.

    What is before it is tied by ``network``, without one only names are.
    """
    page = Page(article, reading)
    marks = read_marks(reading, page)
    chains = start_chains(page, reading, marks)
    discourse = Discourse(page, marks, chains)
    for mark in in_reading_order(marks):
        if (mark.start, mark.end) == row.pronoun:
            seen = discourse.list_chains(mark)
            right = judge_gap(row, [chains.members(c) for c in seen])
            neither = not (row.is_a or row.is_b)
            if any(right) or neither:
                cases.add(*discourse.measure(mark, discourse.describe_all(mark, seen)), right, none=neither)
            return
        if network is not None and is_open(mark, chains):
            weigh_mark(network, discourse, mark).tie(chains)
        discourse.see(mark)


def judge_gap(row: GapCase, chains: Sequence[Sequence[Mark]]) -> list[bool]:
    """Return which chains are right: those with the name that the pronoun means, or all with neither name."""

    def holds(chain: Sequence[Mark], span: tuple[int, int]) -> bool:
        return any(m.kind == "name" and m.start < span[1] and span[0] < m.end for m in chain)

    named = [(holds(c, row.a), holds(c, row.b)) for c in chains]
    if row.is_a or row.is_b:
        return [(a and row.is_a) or (b and row.is_b) for a, b in named]
    return [not a and not b for a, b in named]


class Ranker(nn.Module):
    """The two networks of ``ranker.Network``."""

    def __init__(self, mark_size: int, pair_size: int) -> None:
        super().__init__()
        self.pair = nn.Linear(pair_size, HIDDEN)
        self.pair_mark = nn.Linear(mark_size, HIDDEN, bias=False)
        self.pair_out = nn.Linear(HIDDEN, 1, bias=False)
        self.none = nn.Linear(mark_size, HIDDEN)
        self.none_out = nn.Linear(HIDDEN, 1)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, marks_BM: torch.Tensor, pairs_ND: torch.Tensor, rows_N: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return none_B, pair_N; ``rows_N``: the mention of each pair."""
        hidden = torch.relu(self.pair(pairs_ND) + self.pair_mark(marks_BM)[rows_N])
        none = self.none_out(self.dropout(torch.relu(self.none(marks_BM))))
        return none.squeeze(-1), self.pair_out(self.dropout(hidden)).squeeze(-1)


def measure_loss(model: Ranker, table: Table, chosen_B: NDArray[np.int64]) -> torch.Tensor:
    """Return the mean negative log-likelihood of what is right, of the chosen mentions."""
    counts = table.counts_C[chosen_B]
    places = np.concatenate([np.arange(table.starts[i], table.starts[i + 1]) for i in chosen_B])
    rows = torch.from_numpy(np.repeat(np.arange(len(chosen_B)), counts))
    columns = torch.from_numpy(np.concatenate([np.arange(1, n + 1) for n in counts]))
    none, pair = model(torch.from_numpy(table.marks_CM[chosen_B]), torch.from_numpy(table.pairs_ND[places]), rows)
    shape = (len(chosen_B), int(counts.max()) + 1)
    scores = torch.full(shape, FAR_BELOW).index_put((rows, columns), pair)
    scores[:, 0] = none
    right = torch.zeros(shape)
    right[rows, columns] = torch.from_numpy(table.right_N[places])
    right[:, 0] = torch.from_numpy(table.none_C[chosen_B])
    likelihood = torch.log_softmax(scores, dim=1).masked_fill(right == 0, FAR_BELOW)
    return -torch.logsumexp(likelihood, dim=1).mean()


def train_ranker(table: Table, epochs: int) -> Ranker:
    """Return the ranker of the last epoch."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    model = Ranker(table.marks_CM.shape[1], table.pairs_ND.shape[1])
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-3)
    size = len(table.counts_C)
    batches = -(-size // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, epochs * batches)
    order = np.random.default_rng(SEED)
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for chosen in np.array_split(order.permutation(size), batches):
            loss = measure_loss(model, table, chosen)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch}: loss {total / batches:.4f}", flush=True)
    return model.eval()


def list_weights(model: Ranker) -> dict[str, Floats]:
    """Return the arrays that ``ranker.Network`` names."""
    state = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    return {
        "pair_DH": np.concatenate([state["pair.weight"].T, state["pair_mark.weight"].T]),
        "pair_bias_H": state["pair.bias"],
        "pair_out_H": state["pair_out.weight"][0],
        "none_MH": state["none.weight"].T,
        "none_bias_H": state["none.bias"],
        "none_out_H": state["none_out.weight"][0],
        "none_bias": state["none_out.bias"],
    }


def collect_all(
    texts: Sequence[Text], gap: Sequence[tuple[GapCase, Article, Reading]], network: Network | None
) -> Table:
    """Return the cases of GUM and GAP: with everything before them right, or as ``network`` ties it."""
    cases = Cases()
    for text in texts:
        if network is not None:
            collect_found(text, network, cases)
        else:
            collect_right(Text(text.document, text.document.reading()), cases)
            collect_right(text, cases)
    for row in gap:
        collect_gap(*row, network, cases)
    return cases.pack()


def main() -> None:
    """Train twice, write the weights of the second; GUM dev and GAP validation are not looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    args = parser.parse_args()
    reader = load_reader()
    texts = [Text(d, reader.read(d.article)) for d in read_gum("train")]
    gap = read_gap_texts(reader)
    right = collect_all(texts, gap, None)
    print(f"{len(right.counts_C)} cases with everything before them right", flush=True)
    first = Network(**list_weights(train_ranker(right, FIRST_EPOCHS)))
    table = right.join(collect_all(texts, gap, first))
    print(f"{len(table.counts_C)} cases in all", flush=True)
    weights = list_weights(train_ranker(table, EPOCHS))
    np.savez(args.out, **{name: array.astype(np.float16) for name, array in weights.items()})


if __name__ == "__main__":
    main()

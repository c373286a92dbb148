"""Train the ranker of ``actors/``: which earlier actor a description or pronoun means, or none.

Data: GUM train (with gold trees and mentions, and again with the reader's own), GAP development and the marked stories
for training (``../shared/piles``), whose unmarked descriptions are nobody's or new. Twice: first with
every earlier mention in its right chain, then, with what that first ranker makes of the same texts, also with chains
as they are found, mistakes and all. The loss is the negative log-likelihood of all right candidates together ("none"
where there is none). Seeds fixed; one core; minutes. Writes ``src/storyledger/actors/ranker.npz``.
Run: ``python -m train.actors [--out FILE] [--readings FOLDER] [--folds K --fold I]``; with folds the stories of a fold
are kept out, and the ranker is measured on them.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
from storyledger.actors.quotations import read_sayers, tie_same_quote, tie_speaker
from storyledger.actors.ranker import Network
from storyledger.actors.references import Discourse, in_reading_order, list_open, weigh_mark
from storyledger.actors.sieves import tie_names
from storyledger.reading import load_reader
from storyledger.types import Article, Reading
from train.marked_piles import (
    MarkedMention,
    MarkedPage,
    ReadingShelf,
    iter_piles,
    list_piles,
    stands_inside,
)

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
    page = Page(text.document.article, text.reading)
    marks = read_marks(text.reading, page)
    entity = match_entities(page, marks, text.document)
    add_right(page, text.reading, marks, entity, None, cases)


def add_right(
    page: Page,
    reading: Reading,
    marks: list[Mark],
    entity: Mapping[int, str],
    asked: Collection[int] | None,
    cases: Cases,
) -> None:
    """Add the cases of one text with everything before them right; ``asked``: marks that are asked, None: known ones.

    What is asked and has no entity is nobody whom the text marks: none, or another that has no entity, is right.
    """
    chains, names = Chains(marks), Chains(marks)
    tie_names(page, marks, names)
    tie_appositions(page, marks, names)
    first: dict[str, int] = {}
    for mark in marks:
        key = entity.get(mark.index)
        if key is not None and first.setdefault(key, mark.index) != mark.index:
            chains.join(mark.index, first[key], 1.0, "gold", stated=True)
    discourse = Discourse(page, marks, chains, read_sayers(page, reading, marks).speakers)
    for mark in (discourse.marks[i] for i in discourse.order):
        known = mark.index in entity
        if is_open(mark, names) and (known if asked is None else known or mark.index in asked):
            own = chains.find(mark.index)
            candidates = discourse.candidates(mark)
            right = [chains.find(c.last.index) == own if known else _is_unmarked(c, entity) for c in candidates]
            before = chains.member_indices(mark.index)[0] < mark.index
            if any(right) or not before or not known:
                cases.add(*discourse.measure(mark, candidates), right, none=not known)


def _is_unmarked(candidate: Candidate, entity: Mapping[int, str]) -> bool:
    return not any(m.index in entity for m in candidate.marks)


def start_chains(page: Page, reading: Reading, marks: list[Mark]) -> Chains:
    """Return the chains as they stand before the ranker is asked."""
    chains = Chains(marks)
    mark_metonyms(page, marks)
    tie_names(page, marks, chains)
    tie_same_quote(marks, chains, read_sayers(page, reading, marks))
    tie_descriptions(page, marks, chains)
    return chains


def collect_found(text: Text, network: Network, cases: Cases) -> None:
    """Add a case for each description and pronoun whose gold entity is known, what is before it as ``network`` ties it.

    A candidate is right where most of its mentions are of that entity.
    """
    page = Page(text.document.article, text.reading)
    marks = read_marks(text.reading, page)
    add_found(page, text.reading, marks, match_entities(page, marks, text.document), None, network, cases)


def add_found(
    page: Page,
    reading: Reading,
    marks: list[Mark],
    entity: Mapping[int, str],
    asked: Collection[int] | None,
    network: Network,
    cases: Cases,
) -> None:
    """Add the cases of one text with what is before them as ``network`` ties it; ``asked`` as in ``add_right``."""
    chains = start_chains(page, reading, marks)
    sayers = read_sayers(page, reading, marks)
    discourse = Discourse(page, marks, chains, sayers.speakers)
    for mark in list_open(discourse, sayers.talkers):
        if not is_open(mark, chains):
            continue
        if mark.index in sayers.talkers and mark.form == "first":
            tie_speaker(chains, mark, discourse.facts[mark.index].speaker)
            continue
        weighed = weigh_mark(network, discourse, mark)
        if mark.index in entity:
            own = entity[mark.index]
            right = [_name_entity(c, entity) == own for c in weighed.candidates]
            cases.add(weighed.mark_M, weighed.pairs_ND, right)
        elif asked is not None and mark.index in asked:
            right = [_is_unmarked(c, entity) for c in weighed.candidates]
            cases.add(weighed.mark_M, weighed.pairs_ND, right, none=True)
        weighed.tie(chains)


@dataclass(frozen=True)
class MarkedText:
    """A page of a marked story: its marks, the entity of each that is marked, those that the marking covers."""

    page: MarkedPage
    index: Page
    marks: list[Mark]
    entity: dict[int, str]
    asked: frozenset[int]


def match_marked(page: MarkedPage) -> MarkedText:
    """Return the marks of a page beside what is marked on it: a name ends together with its mark, others overlap."""
    index = Page(page.article, page.reading)
    marks = read_marks(page.reading, index)
    starts = sorted(page.mentions, key=lambda m: m.start)
    entity: dict[int, str] = {}
    asked = set()
    for mark in marks:
        if not stands_inside(page.body, mark.start, mark.end):
            continue
        asked.add(mark.index)
        near = [g for g in starts if g.start < mark.end and mark.start < g.end]
        if mark.kind == "name":
            fitting = [g for g in near if g.kind == "name" and abs(g.end - mark.end) <= 2 and g.start >= mark.start - 2]
        else:
            fitting = [g for g in near if g.kind != "name" and _share(mark, g) >= 0.5]
        if fitting:
            entity[mark.index] = max(fitting, key=lambda g: _share(mark, g)).actor
    return MarkedText(page, index, marks, entity, frozenset(asked))


def _share(mark: Mark, gold: MarkedMention) -> float:
    inside = min(mark.end, gold.end) - max(mark.start, gold.start)
    return inside / max(1, max(mark.end, gold.end) - min(mark.start, gold.start))


def collect_marked(text: MarkedText, network: Network | None, cases: Cases) -> None:
    """Add the cases of a page of a marked story."""
    known = (text.index, text.page.reading, text.marks, text.entity, text.asked)
    if network is None:
        add_right(*known, cases)
    else:
        add_found(*known, network, cases)


def _name_entity(candidate: Candidate, entity: dict[int, str]) -> str | None:
    counts = Counter(entity[m.index] for m in candidate.marks if m.index in entity)
    return counts.most_common(1)[0][0] if counts else None


def collect_gap(row: GapCase, article: Article, reading: Reading, network: Network | None, cases: Cases) -> None:
    """Add the case of a pronoun of GAP; where it means neither name, all else is right.

    What is before it is tied by ``network``, without one only names are.
    """
    page = Page(article, reading)
    marks = read_marks(reading, page)
    chains = start_chains(page, reading, marks)
    discourse = Discourse(page, marks, chains, read_sayers(page, reading, marks).speakers)
    for mark in in_reading_order(marks):
        if (mark.start, mark.end) == row.pronoun:
            candidates = discourse.candidates(mark)
            right = judge_gap(row, [chains.members(c.last.index) for c in candidates])
            neither = not (row.is_a or row.is_b)
            if any(right) or neither:
                cases.add(*discourse.measure(mark, candidates), right, none=neither)
            return
        if network is not None and is_open(mark, chains):
            weigh_mark(network, discourse, mark).tie(chains)


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


@dataclass(frozen=True)
class Corpus:
    """All texts to learn from, with their readings."""

    texts: Sequence[Text]
    gap: Sequence[tuple[GapCase, Article, Reading]]
    marked: Sequence[MarkedText]


def collect_all(corpus: Corpus, network: Network | None) -> Table:
    """Return the cases of all texts: with everything before them right, or as ``network`` ties it."""
    cases = Cases()
    for text in corpus.texts:
        if network is not None:
            collect_found(text, network, cases)
        else:
            collect_right(Text(text.document, text.document.reading()), cases)
            collect_right(text, cases)
    for row in corpus.gap:
        collect_gap(*row, network, cases)
    for marked in corpus.marked:
        collect_marked(marked, network, cases)
    return cases.pack()


def read_corpus(shelf: ReadingShelf, folders: list[Path]) -> Corpus:
    """Return GUM train, GAP development and the marked stories of ``folders``, read."""
    texts = [Text(d, shelf.read(d.article)) for d in read_gum("train")]
    articles = [(row, make_article(row.id, row.text)) for row in read_gap("development")]
    gap = [(row, article, shelf.read(article)) for row, article in articles]
    return Corpus(texts, gap, [match_marked(p) for pile in iter_piles(shelf, folders) for p in pile.pages])


def main() -> None:
    """Train twice, write the weights of the second; GUM dev and GAP validation are not looked at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--readings", type=Path, help="folder that keeps readings from run to run")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--fold", type=int, default=0)
    args = parser.parse_args()
    folders = [f for i, f in enumerate(list_piles()) if not args.folds or i % args.folds != args.fold]
    corpus = read_corpus(ReadingShelf(load_reader(), args.readings), folders)
    right = collect_all(corpus, None)
    print(f"{len(right.counts_C)} cases with everything before them right", flush=True)
    first = Network(**list_weights(train_ranker(right, FIRST_EPOCHS)))
    table = right.join(collect_all(corpus, first))
    print(f"{len(table.counts_C)} cases in all", flush=True)
    weights = list_weights(train_ranker(table, EPOCHS))
    np.savez(args.out, **{name: array.astype(np.float16) for name, array in weights.items()})


if __name__ == "__main__":
    main()

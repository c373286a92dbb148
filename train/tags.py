"""Trains the second network: ``python -m train.tags --out FOLDER [--folds K --fold I]``.

It reads the reader's states after the third layer, goes through a copy of the reader's upper three layers and says
each word's tags (``storyledger.language.tags``). The reader stays as it is to the bit, so that nothing of it is
forgotten. Every page is seen as written and with its names exchanged for others of the same kind. With ``--folds``
a fold's stories are kept out and measured, which is how out-of-fold tags for the scorers are made.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from evals.tags import measure_tags
from storyledger.language.tags import COLUMNS, HEADS, WIDTH
from storyledger.reading.layout import Layout, break_points, plan_windows
from storyledger.reading.network import Pieces, middle_states, open_session, window_feed
from storyledger.reading.reader import SHIPPED
from storyledger.reading.shapes import word_feature
from train.network import HIDDEN, Layer, Linear
from train.restore import restore_weights
from train.tag_corpus import UNKNOWN, TaggedPage, iter_tagged_pages, list_stories

FIRST_LAYER = 3  # of the reader's six: what stands below is shared
LOSS = {"content": 1.5, "event": 1.5, "name": 1.5, "loaded": 1.0, "event_type": 0.5, "act": 0.5, "importance": 0.3}
SWAPPED = ("person", "place", "organisation", "facility", "country", "outlet", "armed_group")


class TagNet(nn.Module):
    """The reader's upper layers, copied, and one projection to the tags' scores."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(6 - FIRST_LAYER))
        self.drop = nn.Dropout(0.2)
        self.heads = Linear(HIDDEN, WIDTH)

    def forward(self, states: Tensor, first: Tensor, mask: Tensor) -> Tensor:
        """Return the words' scores (B, W, ``WIDTH``) from the pieces' states (B, P, H) in the middle of the reader."""
        bias = (1.0 - mask[:, None, None, :]) * -1e4
        x = states
        for layer in self.layers:
            x = layer(x, bias)
        words = x.gather(1, first[..., None].expand(-1, -1, HIDDEN))
        return self.heads(self.drop(words))

    def load_reader(self, folder: Path) -> None:
        """Begin with the upper layers of the reader in ``folder``."""
        found = restore_weights(folder)
        for number, layer in enumerate(self.layers, FIRST_LAYER):
            prefix = f"encoder.layers.{number}."
            own = {k.removeprefix(prefix): torch.tensor(v) for k, v in found.items() if k.startswith(prefix)}
            layer.load_state_dict(own)


@dataclass(frozen=True, slots=True)
class CodedWindow:
    """One window: its pieces' states, where its words begin, its words' tags; ``own``: the words that it owns."""

    states: NDArray[np.float16]
    first: NDArray[np.int64]
    tags: NDArray[np.int64]  # (heads, words)
    own: NDArray[np.bool_]
    page: int


def code_page(
    reader: onnxruntime.InferenceSession,
    tokenizer: Pieces,
    number: int,
    layout: Layout,
    tags: dict[str, NDArray[np.int64]],
) -> list[CodedWindow]:
    """Return the page's windows with the states that the shipped reader has in its middle."""
    pieces = tokenizer.word_pieces(layout.words)
    features = [word_feature(w, s) for w, s in zip(layout.words, layout.spaces, strict=True)]
    table = np.stack([tags[name] for name in HEADS])
    coded = []
    for window in plan_windows([len(p) for p in pieces], break_points(layout)):
        feed, first = window_feed(window, pieces, features, tokenizer.special)
        _, states_PS = reader.run(None, feed)
        words = np.arange(window.first, window.last)
        own = (words >= window.own_first) & (words < window.own_last)
        middle = middle_states(states_PS)[0].astype(np.float16)
        coded.append(CodedWindow(middle, first, table[:, window.first : window.last], own, number))
    return coded


# ------------------------------------------------------------------ names exchanged


def collect_names(tagged: list[TaggedPage]) -> dict[str, list[str]]:
    """Return, by type, the capitalised words of the names in ``tagged``: what names are exchanged for."""
    pool: dict[str, set[str]] = defaultdict(set)
    for page in tagged:
        for word, kind in _iter_name_words(page):
            pool[kind].add(word)
    return {kind: sorted(words) for kind, words in pool.items()}


def _iter_name_words(page: TaggedPage) -> list[tuple[str, str]]:
    labels = HEADS["name"]
    return [
        (page.layout.words[i], labels[tag][2:])
        for i, tag in enumerate(page.tags["name"])
        if tag > 0 and labels[tag][2:] in SWAPPED and page.layout.words[i].istitle() and len(page.layout.words[i]) > 2
    ]


def swap_names(page: TaggedPage, pool: dict[str, list[str]], known: set[str], rng: random.Random) -> Layout:
    """Return the page's words with its names' words exchanged, each for one of the same kind, everywhere alike.

    Words that also stand in lower case anywhere ("Union", "Bridge") stay: they tell what the name is of.
    """
    change = {
        word: rng.choice(pool[kind]) for word, kind in sorted(set(_iter_name_words(page))) if word.lower() not in known
    }
    return replace(page.layout, words=[change.get(w, w) for w in page.layout.words])


# ------------------------------------------------------------------ training


def make_batch(windows: list[CodedWindow]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return states (B, P, H), first pieces (B, W), mask (B, P) and tags (B, heads, W) of a few windows."""
    pieces, words = max(len(w.states) for w in windows), max(len(w.first) for w in windows)
    states = torch.zeros(len(windows), pieces, HIDDEN)
    first = torch.zeros(len(windows), words, dtype=torch.long)
    mask = torch.zeros(len(windows), pieces)
    tags = torch.full((len(windows), len(HEADS), words), UNKNOWN)
    for i, w in enumerate(windows):
        states[i, : len(w.states)] = torch.from_numpy(w.states.astype(np.float32))
        first[i, : len(w.first)] = torch.from_numpy(w.first)
        mask[i, : len(w.states)] = 1
        tags[i, :, : len(w.first)] = torch.from_numpy(w.tags)
    return states, first, mask, tags


def sum_losses(rows: Tensor, tags: Tensor) -> Tensor:
    """Return the weighted loss of all heads."""
    total = rows.new_zeros(())
    for n, (name, (a, b)) in enumerate(COLUMNS.items()):
        known = tags[:, n] >= 0
        if known.any():
            total = total + LOSS.get(name, 1.0) * nn.functional.cross_entropy(rows[..., a:b][known], tags[:, n][known])
    return total


def fit(windows: list[CodedWindow], args: argparse.Namespace) -> TagNet:
    """Return the network trained on ``windows``, its weights averaged over the run's last part."""
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    net = TagNet()
    net.load_reader(SHIPPED)
    groups = [
        {"params": list(net.layers.parameters()), "lr": args.rate},
        {"params": list(net.heads.parameters()), "lr": args.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, betas=(0.9, 0.98))
    average = {k: v.clone() for k, v in net.state_dict().items()}
    order: list[int] = []
    began, loss_sum = time.monotonic(), 0.0
    for step in range(args.steps):
        if len(order) < args.batch:
            order = rng.sample(range(len(windows)), len(windows))
        batch = make_batch([windows[order.pop()] for _ in range(args.batch)])
        share = step / args.steps
        for group, base in zip(optimiser.param_groups, (args.rate, args.head_rate), strict=True):
            group["lr"] = base * min(1.0, (step + 1) / 60) * max(0.02, 1 - share)
        for module in net.modules():
            if isinstance(module, Linear):
                module.rounded = share >= args.rounded_from
        states, first, mask, tags = batch
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
            rows = net(states, first, mask)
        loss = sum_losses(rows.float(), tags)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        decay = min(0.995, (1 + step) / (10 + step))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                average[k].lerp_(v, 1 - decay)
        loss_sum += float(loss.detach())
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} loss {loss_sum / 50:.3f} {time.monotonic() - began:.0f} s", flush=True)
            loss_sum = 0.0
    net.load_state_dict(average)
    for module in net.modules():
        if isinstance(module, Linear):
            module.rounded = False
    return net.eval()


@torch.no_grad()
def predict(net: TagNet, windows: list[CodedWindow]) -> list[NDArray[np.float32]]:
    """Return the scores of the words that each window owns, (W, ``WIDTH``)."""
    out = []
    for window in windows:
        states, first, mask, _ = make_batch([window])
        out.append(net(states, first, mask)[0].numpy()[window.own])
    return out


# ------------------------------------------------------------------ the command


def load_windows(tagged: list[TaggedPage], copies: int, seed: int) -> list[list[CodedWindow]]:
    """Return the windows of each page, as written and in ``copies`` versions with other names."""
    reader, tokenizer = open_session(SHIPPED / "reader.onnx", 1), Pieces(SHIPPED / "tokenizer.json")
    rng = random.Random(seed)
    pool, known = collect_names(tagged), {w for p in tagged for w in p.layout.words if w.islower()}
    out = []
    for number, page in enumerate(tagged):
        layouts = [page.layout, *(swap_names(page, pool, known, rng) for _ in range(copies))]
        out.append([w for layout in layouts for w in code_page(reader, tokenizer, number, layout, page.tags)])
    return out


def split_stories(stories: list[str], folds: int) -> dict[str, int]:
    """Return each story's fold: in turns over the sorted names, so that ours and Wikinews' fall into all."""
    return {story: n % folds for n, story in enumerate(sorted(set(stories)))}


def main() -> None:
    """Train on the marked stories, measure on those kept out (a fold, or the test stories)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--rounded-from", type=float, default=0.8)
    parser.add_argument("--copies", type=int, default=2)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--bf16", action="store_true", help="products in bfloat16: twice as fast where they are native")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    tagged = list(iter_tagged_pages(list_stories("train")))
    if args.folds:
        fold_of = split_stories([p.story for p in tagged], args.folds)
        kept_out = [p for p in tagged if fold_of[p.story] == args.fold]
        tagged = [p for p in tagged if fold_of[p.story] != args.fold]
    else:
        kept_out = list(iter_tagged_pages(list_stories("test")))
    learned = [w for page in load_windows(tagged, args.copies, args.seed) for w in page]
    print(f"{len(tagged)} pages, {len(learned)} windows to learn from; {len(kept_out)} pages kept out", flush=True)
    net = fit(learned, args)
    torch.save(net.state_dict(), args.out / "tags.pt")
    settings = {k: v for k, v in vars(args).items() if k != "out"}
    (args.out / "settings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    held = [w for page in load_windows(kept_out, 0, args.seed) for w in page]
    tags = np.concatenate([w.tags[:, w.own] for w in held], axis=1)
    scores = measure_tags(np.concatenate(predict(net, held)), tags)
    (args.out / "scores.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(scores, indent=1))


if __name__ == "__main__":
    main()

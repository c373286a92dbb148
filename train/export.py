"""Writes a trained network as a model folder: ``python -m train.export --from FOLDER --out FOLDER``.

One ONNX graph (encoder and word-level heads), weights in int8, activations scaled per call; the
pairwise weights as half floats; labels, tokenizer and the manifest with every digest. Parity is
checked before anything is kept: the unquantised graph against the framework to 1e-3, the quantised
one by the share of words whose best label stays.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from storyledger.reading.manifest import FILES, SCHEMA
from train.corpora import DATA, load_ewt, load_gum
from train.encode import ATTRIBUTION, GMB, MENTIONS, UNER, Labels
from train.fit import build_network, open_tokenizer
from train.lemma_table import count_lemmas
from train.names import PRODUCT
from train.network import ReaderNet

POSITIONS = 160
SETS = (
    "syntax/ud-ewt-train.conllu.gz", "syntax/gum-train.conllu.gz", "roles/propbank-ewt-train.jsonl.gz",
    "names/uner-ewt-train-early.txt.gz", "names/gmb-news.tsv.gz", "names/wikigold.txt.gz",
    "names/crossner-politics-train.txt.gz", "names/re3d-train.jsonl.gz",
)  # fmt: skip
ORDER = (
    "upos",
    "lemma",
    "mention",
    "names",
    "gmb",
    "uner",
    "pred",
    "attr",
    "start",
    "arc_dep",
    "arc_head",
    "rel_dep",
    "rel_head",
    "role_word",
    "role_pred",
)


class Exported(nn.Module):
    """The network as the runtime calls it: one window, no padding."""

    def __init__(self, net: ReaderNet) -> None:
        """Keep the network, its positions cut to what a window can have."""
        super().__init__()
        self.net = net

    def forward(self, ids: Tensor, features: Tensor, first: Tensor) -> tuple[Tensor, Tensor]:
        """Return the words' rows (1, W, D) and the pieces' states (1, P, 3H)."""
        mask = torch.ones_like(ids, dtype=torch.float32)
        out, states = self.net.words(ids, features, mask, first)
        return torch.cat([out[name] for name in ORDER], -1), states


def digest(path: Path) -> str:
    """Return a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def columns_of(net: ReaderNet) -> dict[str, list[int]]:
    """Return which columns of a row belong to which head."""
    widths = {
        **net.sizes,
        "arc_dep": net.arc_dep.out_features,
        "arc_head": net.arc_head.out_features,
        "rel_dep": net.rel_dep.out_features,
        "rel_head": net.rel_head.out_features,
        "role_word": net.role_word.out_features,
        "role_pred": net.role_pred.out_features,
    }
    found, at = {}, 0
    for name in ORDER:
        found[name] = [at, at + widths[name]]
        at += widths[name]
    return found


def sample_feed(seed: int, pieces: int, vocabulary: int) -> dict[str, np.ndarray]:
    """Return a window of random pieces."""
    rng = np.random.default_rng(seed)
    ids = rng.integers(1000, vocabulary, (1, pieces))
    ids[0, 0], ids[0, -1] = 101, 102
    first = np.arange(1, pieces - 1, 2)[None, :]
    return {"ids": ids, "features": rng.integers(0, 24, (1, pieces)), "first": first}


def export_graph(net: ReaderNet, path: Path) -> None:
    """Write the unquantised graph."""
    feed = {k: torch.tensor(v) for k, v in sample_feed(0, 40, 30000).items()}
    torch.onnx.export(
        Exported(net).eval(),
        tuple(feed.values()),
        str(path),
        input_names=list(feed),
        output_names=["rows", "states"],
        dynamic_axes={"ids": {1: "P"}, "features": {1: "P"}, "first": {1: "W"}, "rows": {1: "W"}, "states": {1: "P"}},
        opset_version=17,
        dynamo=False,
    )


def check_parity(net: ReaderNet, full: Path, small: Path) -> dict[str, float]:
    """Return the largest difference of graph and framework, and how often the quantised labels agree."""
    sessions = [onnxruntime.InferenceSession(str(p), providers=["CPUExecutionProvider"]) for p in (full, small)]
    columns = columns_of(net)
    worst, same, n = 0.0, 0, 0
    for seed in range(8):
        feed = sample_feed(seed, 30 + 12 * seed, 30000)
        with torch.no_grad():
            ours = Exported(net).eval()(*(torch.tensor(v) for v in feed.values()))[0].numpy()
        graph, quantised = (s.run(None, feed)[0] for s in sessions)
        worst = max(worst, float(np.abs(ours - graph).max()))
        a, b = columns["upos"]
        same += int((graph[0, :, a:b].argmax(1) == quantised[0, :, a:b].argmax(1)).sum())
        n += graph.shape[1]
    return {"largest_difference": worst, "quantised_tags_agree_on_random_pieces": same / n}


def main() -> None:
    """Export, check, write the manifest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--full", type=Path, help="keep the unquantised graph here, for benchmarks")
    args = parser.parse_args()
    labels = Labels(**json.loads((args.start / "labels.json").read_text()))
    net = build_network(labels)
    net.load_state_dict(torch.load(args.start / "weights.pt"), strict=False)
    net.eval()
    net.encoder.positions = nn.Embedding.from_pretrained(net.encoder.positions.weight[:POSITIONS].clone())
    args.out.mkdir(parents=True, exist_ok=True)
    full = args.full or args.start / "full.onnx"
    export_graph(net, full)
    small = args.out / "reader.onnx"
    quantize_dynamic(
        full,
        small,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        extra_options={"MatMulConstBOnly": True},
    )
    parity = check_parity(net, full, small)
    print(json.dumps(parity))
    assert parity["largest_difference"] < 1e-3, "the graph does not compute what the framework computes"
    np.savez(
        args.out / "pairs.npz", **{k: v.detach().numpy().astype(np.float16) for k, v in net.pair_weights().items()}
    )
    open_tokenizer().save(str(args.out / "tokenizer.json"))
    lists = {
        "upos": labels.upos,
        "deprel": labels.deprel,
        "lemma": labels.lemma,
        "role": labels.role,
        "path": labels.path,
        "mention": list(MENTIONS),
        "names": list(PRODUCT),
        "attr": list(ATTRIBUTION),
        "gmb": list(GMB),
        "uner": list(UNER),
    }
    (args.out / "labels.json").write_text(json.dumps(lists, ensure_ascii=False, indent=0), encoding="utf-8")
    table = count_lemmas(load_ewt("train") + load_gum("train"), labels.lemma)
    (args.out / "lemmas.json").write_text(
        json.dumps(table, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    write_manifest(args.out, columns_of(net), parity, args.start)


def write_manifest(folder: Path, columns: dict[str, list[int]], parity: dict[str, float], start: Path) -> None:
    """Write ``manifest.json``: digests, columns, training settings, parity."""
    log = start / "settings.json"
    manifest = {
        "schema": SCHEMA,
        "files": {name: digest(folder / name) for name in FILES},
        "columns": columns,
        "parity": parity,
        "data": {name: digest(DATA / name) for name in SETS},
        "training": json.loads(log.read_text()) if log.exists() else {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

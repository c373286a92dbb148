"""Writes the second network into a model folder: ``python -m train.tag_export --from FOLDER [--model MODEL_DIR]``.

One graph in int8, activations scaled per window, checked against the framework as ``train.export`` does; the
manifest gets its digest, its settings and its scores.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from storyledger.language.tags import COLUMNS, HEADS
from storyledger.reading.reader import SHIPPED
from train.export import digest
from train.network import HIDDEN
from train.tags import TagNet


class Exported(nn.Module):
    """The network as the runtime calls it: one window, no padding."""

    def __init__(self, net: TagNet) -> None:
        """Keep the network."""
        super().__init__()
        self.net = net

    def forward(self, states: Tensor, first: Tensor) -> Tensor:
        """Return the words' scores (1, W, T)."""
        return self.net(states, first, torch.ones_like(states[..., 0]))


def export_tags(net: TagNet, target: Path) -> dict[str, float]:
    """Write ``net`` to ``target`` and return how near the written graphs are.

    Returns:
        ``largest_difference`` of the unquantised graph's scores from the framework's, and ``spans_agree``, the share of
        words whose best label of the heads that spell spans stays in int8, on states of noise.
    """
    generator = torch.Generator().manual_seed(0)
    feeds = [
        (torch.randn(1, p, HIDDEN, generator=generator), torch.arange(1, p - 1, 2)[None, :]) for p in (24, 60, 120)
    ]
    wrapped = Exported(net).eval()
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            wrapped,
            feeds[0],
            str(full),
            input_names=["states", "first"],
            output_names=["scores"],
            dynamic_axes={"states": {1: "P"}, "first": {1: "W"}, "scores": {1: "W"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            full,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
            op_types_to_quantize=["MatMul", "Gemm"],
            extra_options={"MatMulConstBOnly": True},
        )
        sessions = [onnxruntime.InferenceSession(str(p), providers=["CPUExecutionProvider"]) for p in (full, target)]
        return _compare(wrapped, sessions, feeds)


def _compare(
    net: Exported, sessions: list[onnxruntime.InferenceSession], feeds: list[tuple[Tensor, Tensor]]
) -> dict[str, float]:
    worst, same = 0.0, []
    for states, first in feeds:
        with torch.no_grad():
            ours = net(states, first).numpy()
        graph, small = (s.run(None, {"states": states.numpy(), "first": first.numpy()})[0] for s in sessions)
        worst = max(worst, float(np.abs(ours - graph).max()))
        for name, (a, b) in COLUMNS.items():
            if HEADS[name][0] == "O":
                same.append(float((graph[..., a:b].argmax(-1) == small[..., a:b].argmax(-1)).mean()))
    return {"largest_difference": worst, "spans_agree": float(np.mean(same))}


def main() -> None:
    """Export, check, bring the manifest up to date."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--from", dest="start", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    args = parser.parse_args()
    net = TagNet()
    net.load_state_dict(torch.load(args.start / "tags.pt"))
    parity = export_tags(net.eval(), args.model / "tags.onnx")
    print(json.dumps(parity))
    assert parity["largest_difference"] < 1e-3, "the graph does not compute what the framework computes"
    path = args.model / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"]["tags.onnx"] = digest(args.model / "tags.onnx")
    manifest["tags"] = {
        "parity": parity,
        "settings": json.loads((args.start / "settings.json").read_text()),
        "scores": json.loads((args.start / "scores.json").read_text()),
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Gives a shipped model back to the framework: ``python -m train.restore --model MODEL_DIR --out FOLDER``.

What a later stage starts from where the weights of the earlier ones were not kept: every int8 weight
times its scale. Word and position vectors were never trained and come from the pre-trained encoder, whole.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from train.encode import Labels
from train.fit import PRETRAINED, build_network

WORD_HEADS = {"upos", "lemma", "mention", "names", "gmb", "uner", "pred", "attr", "start"}


def parameter_name(node: str) -> str:
    """Return the parameter that the graph's node "/encoder/layers.0/query/MatMul_quant" multiplies by."""
    path = node.strip("/").rsplit("/", 1)[0].replace("/", ".")
    return f"linear.{path}.weight" if path in WORD_HEADS else f"{path}.weight"


def restore_weights(model: Path) -> dict[str, NDArray[np.float32]]:
    """Return the parameters of the network by name, as near as int8 and half floats kept them."""
    graph = onnx.load(str(model / "reader.onnx")).graph
    values = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    plain = (k for k, v in values.items() if k.endswith((".weight", ".bias")) and v.dtype == np.float32)
    found = {k.removeprefix("net."): values[k] for k in plain}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in values:
            base = node.input[1].removesuffix("_quantized")
            found[parameter_name(node.name)] = (values[node.input[1]] * values[f"{base}_scale"]).T.astype(np.float32)
    base = "net.encoder.features.weight"
    whole = values[f"{base}_quantized"].astype(np.float32) - values[f"{base}_zero_point"]
    found["encoder.features.weight"] = whole * values[f"{base}_scale"]
    found.pop("encoder.positions.weight")  # cut to a window's length in the graph
    return found | restore_pairs(model / "pairs.npz")


def restore_pairs(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the parameters that the runtime keeps outside the graph."""
    named = {}
    for key, value in np.load(path).items():
        stem, _, kind = key.rpartition("_")
        name = {"w": f"{stem}.weight", "b": f"{stem}.bias"}.get(kind, key)
        named[f"{key}.weight" if key in ("path", "distance") else name] = value.astype(np.float32)
    return named


def main() -> None:
    """Write weights and labels as ``train.fit --from`` reads them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    lists = json.loads((args.model / "labels.json").read_text(encoding="utf-8"))
    lists = {k: lists[k] for k in ("upos", "deprel", "lemma", "role", "path")}
    net = build_network(Labels(**lists))
    net.encoder.load_pretrained(PRETRAINED)
    missing, unknown = net.load_state_dict(
        {k: torch.tensor(v) for k, v in restore_weights(args.model).items()}, strict=False
    )
    assert set(missing) <= {"encoder.words.weight", "encoder.positions.weight"}, missing
    assert not unknown, unknown
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save(net.state_dict(), args.out / "weights.pt")
    (args.out / "labels.json").write_text(json.dumps(lists), encoding="utf-8")
    trained = json.loads((args.model / "manifest.json").read_text(encoding="utf-8"))["training"]
    (args.out / "settings.json").write_text(json.dumps(trained, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

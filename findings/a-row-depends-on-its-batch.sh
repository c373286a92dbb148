#!/usr/bin/env bash
# A dynamically quantised ONNX model gives one input another answer when a louder one stands in its batch.
#
# quantize_dynamic rounds the states of a whole batch by one scale, taken from the largest value in it. A sentence's vector so
# depends on the sentences that it is read with: results change with the order and size of batches, and with padding, although
# every run repeats to the bit. The model before quantisation gives the same row alone and in company.
#
# Seen with onnxruntime 1.32.0, onnx 1.23.2. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.3.5 sympy==1.14.0
cd "$folder"
env/bin/python - <<'PYTHON'
import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

rng = np.random.default_rng(0)
weights = numpy_helper.from_array(rng.normal(size=(64, 8)).astype("f4"), "W")
inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 64])]
outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 8])]
graph = helper.make_graph([helper.make_node("MatMul", ["x", "W"], ["y"])], "g", inputs, outputs, [weights])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
model.ir_version = 10
onnx.save(model, "full.onnx")
quantize_dynamic("full.onnx", "small.onnx", weight_type=QuantType.QInt8)
row, loud = rng.normal(size=(1, 64)).astype("f4"), 20 * rng.normal(size=(1, 64)).astype("f4")
moved = {}
for name in ("full.onnx", "small.onnx"):
    session = onnxruntime.InferenceSession(name, providers=["CPUExecutionProvider"])
    alone = session.run(None, {"x": row})[0][0]
    company = session.run(None, {"x": np.concatenate([row, loud])})[0][0]
    moved[name] = float(np.abs(alone - company).max() / np.abs(alone).max())
    print(f"{name}: the row moves by {moved[name]:.3f} of its largest value")
sys.exit(not (moved["full.onnx"] < 1e-6 and moved["small.onnx"] > 0.05))
PYTHON

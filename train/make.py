"""From the data to a verified model folder: ``python -m train.make --out MODEL_DIR [--work FOLDER]``.

Runs ``train.fit``, ``train.export`` and the rest, each in a process of its own so that its memory goes back.
``README.md`` beside this file says what a run of it reached.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

# One run from the pre-trained encoder on one core (Xeon with AMX at 2.5 GHz, bfloat16 products: about 1,400 pieces a
# second alone, half of that beside other work); in the last quarter with the rounding of the exported form.
SECONDS = 6000
SETTINGS = (
    "--bf16 --batch 16 --rounded-from 0.75 --encoder-rate 2.5e-4 --head-rate 1.2e-3 --decay 0.998 --warmup 150 --seed 4"
)


def run_module(module: str, *arguments: str, check: bool = True) -> None:
    """Run ``python -m module arguments``; its failure is ours unless ``check`` is False."""
    subprocess.run([sys.executable, "-m", module, *arguments], check=check)


def main() -> None:
    """Train, export, fit the vectors, check."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("scratch/train"))
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of training; fewer for a trial of the recipe")
    args = parser.parse_args()
    folder = str(args.work)
    run_module("train.fit", "--out", folder, "--seconds", str(args.seconds), *SETTINGS.split())
    run_module("train.export", "--from", folder, "--out", str(args.out), "--full", str(args.work / "full.onnx"))
    run_module("train.vectors", "--model", str(args.out))
    # The floors that it compares with are those of the shipped weights; another run may miss some by a point.
    run_module("evals.reader", "--model", str(args.out), "--record", str(args.out), check=False)


if __name__ == "__main__":
    main()

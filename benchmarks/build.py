"""How long five pages take from a cold start, and how much memory: the seeds, or the ferry without ../shared.

    python benchmarks/build.py

Prints seconds and peak resident memory of the whole process tree, the machine's cores, and the share of
each stage by building again with its work kept. Promise: five seeds under 20 s and 1 GB on two cores.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
RUNS = 3


def main() -> int:
    """Build a few times and print the figures."""
    pages = SEEDS if SEEDS.is_dir() else ROOT / "examples" / "ferry"
    seconds = []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "storyledger", "build", str(pages), "-o", f"{folder}/a.db", "--quiet"]
            begun = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            seconds.append(time.monotonic() - begun)
            begun = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            again_s = time.monotonic() - begun
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{pages.name}, {len(list(pages.iterdir()))} files, {os.cpu_count()} cores")
    print(f"cold: {min(seconds):.1f} to {max(seconds):.1f} s in {RUNS} runs; with nothing to do: {again_s:.1f} s")
    print(f"largest process: {peak_mb:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Thirty builds killed at random moments: each ledger opens, verifies and finishes to the same export.

    python benchmarks/killed.py [N]

Exits with 1 if one does not. A ledger killed before its file was there counts as opened.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
TOOL = [sys.executable, "-m", "storyledger"]


def export(ledger: Path) -> bytes:
    """Return the canonical export of ``ledger``."""
    return subprocess.run([*TOOL, "export", str(ledger)], check=True, capture_output=True).stdout


def verifies(ledger: Path) -> bool:
    """Tell whether ``ledger`` opens and proves itself."""
    return not subprocess.run([*TOOL, "verify", str(ledger)], check=False, capture_output=True).returncode


def main() -> int:
    """Kill, verify, finish, compare."""
    total, dice, bad = int(sys.argv[1]) if len(sys.argv) > 1 else 30, random.Random(3), 0
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.db"
        begun = time.monotonic()
        build = [*TOOL, "build", str(FERRY), "--quiet", "-o"]
        subprocess.run([*build, str(whole)], check=True, stdout=subprocess.DEVNULL)
        takes_s, wanted = time.monotonic() - begun, export(whole)
        for number in range(total):
            out, wait_s = Path(folder) / f"{number}.db", dice.uniform(0, takes_s)
            process = subprocess.Popen([*build, str(out)], start_new_session=True, stdout=subprocess.DEVNULL)
            time.sleep(wait_s)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            opened = not out.exists() or not out.stat().st_size or verifies(out)
            subprocess.run([*build, str(out)], check=True, stdout=subprocess.DEVNULL)
            same = export(out) == wanted
            bad += not (opened and same)
            print(f"killed after {wait_s:5.1f} of {takes_s:.1f} s: verifies {opened}, same export {same}", flush=True)
    print(f"{total - bad} of {total} good")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

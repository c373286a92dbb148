"""Builds killed at random moments, or right before and after each commit: each ledger verifies and finishes the same.

    python -m benchmarks.killed [N]            thirty, or N, at random moments
    python -m benchmarks.killed --commits [N]  before and after each of the first N commits

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


# a build whose process ends, as if killed, before (even) or after (odd) its n-th commit; argv: n, then the command's
AT_COMMIT = """
import os, sys
from contextlib import contextmanager
from storyledger.store import Ledger
from storyledger.cli import main
left, whole = int(sys.argv.pop(1)), Ledger.transaction
@contextmanager
def transaction(self):
    global left
    with whole(self):
        yield
        left -= 1
        if left == -1: os._exit(9)
    left -= 1
    if left == -1: os._exit(9)
Ledger.transaction = transaction
main()
"""


def kill_at_random(build: list[str], out: Path, wait_s: float) -> bool:
    """Start ``build`` and kill it with all its processes after ``wait_s``; tell whether it was still running."""
    process = subprocess.Popen([*build, str(out)], start_new_session=True, stdout=subprocess.DEVNULL)
    time.sleep(wait_s)
    os.killpg(process.pid, signal.SIGKILL)
    return process.wait() != 0


def kill_at_commit(build: list[str], out: Path, number: int) -> bool:
    """Run ``build`` until it ends at commit ``number``; tell whether it came to that."""
    command = [sys.executable, "-c", AT_COMMIT, str(number), *build[3:], str(out)]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 9


def main() -> int:
    """Kill, verify, finish, compare."""
    at_commits, numbers = "--commits" in sys.argv, [int(a) for a in sys.argv[1:] if a.isdigit()]
    total, dice, bad = (numbers or [30])[0], random.Random(3), 0
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.db"
        begun = time.monotonic()
        build = [*TOOL, "build", str(FERRY), "--quiet", "-o"]
        subprocess.run([*build, str(whole)], check=True, stdout=subprocess.DEVNULL)
        takes_s, wanted = time.monotonic() - begun, export(whole)
        for number in range(2 * total if at_commits else total):
            out, wait_s = Path(folder) / f"{number}.db", dice.uniform(0, takes_s)
            met = kill_at_commit(build, out, number) if at_commits else kill_at_random(build, out, wait_s)
            if at_commits and not met:
                break  # there are no more commits
            opened = not out.exists() or not out.stat().st_size or verifies(out)
            subprocess.run([*build, str(out)], check=True, stdout=subprocess.DEVNULL)
            same = export(out) == wanted
            bad += not (opened and same)
            moment = f"at commit {number // 2}" if at_commits else f"after {wait_s:5.1f} of {takes_s:.1f} s"
            print(f"killed {moment}: verifies {opened}, same export {same}", flush=True)
    print(f"{bad} bad")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

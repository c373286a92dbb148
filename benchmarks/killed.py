"""Builds killed at random moments, or right before and after each commit: each ledger verifies and finishes the same.

    python -m benchmarks.killed [N]            thirty, or N, at random moments
    python -m benchmarks.killed --commits [N]  before and after each of the first N commits
    ... --pages M                              of the ferry's first M pages, not all 17

Exits with 1 if one does not. What was killed before its first commit holds nothing, and says so (E-LEDGER-EMPTY).
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
TOOL = [sys.executable, "-m", "storyledger"]


# what verifies the ledger that a killed build left, finishes it and exports it; argv: ledger, pages
FINISH = """
import contextlib, io, sys
from pathlib import Path
from storyledger.cli import main
ledger, pages = sys.argv[1:]
def run(*arguments):
    try:
        main(list(arguments))
    except SystemExit as end:
        return end.code or 0
told = io.StringIO()
with contextlib.redirect_stderr(told):
    code = run("verify", ledger) if Path(ledger).exists() else 0
verifies = not code or "E-LEDGER-EMPTY" in told.getvalue()
run("build", pages, "--quiet", "-o", ledger)
run("export", ledger, "-o", ledger + ".json")
sys.exit(0 if verifies else 7)
"""


def finish(pages: Path, ledger: Path) -> tuple[bool, bytes]:
    """Return whether what a killed build left verifies, and the export once the same build was run to its end."""
    done = subprocess.run([sys.executable, "-c", FINISH, str(ledger), str(pages)], check=False, capture_output=True)
    return done.returncode == 0, Path(f"{ledger}.json").read_bytes()


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("total", nargs="?", type=int, default=30)
    parser.add_argument("--commits", action="store_true", help="before and after each of the first TOTAL commits")
    parser.add_argument("--pages", type=int, default=100, help="of the ferry's pages so many")
    chosen = parser.parse_args()
    dice, bad, met = random.Random(3), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        for path in sorted(FERRY.iterdir())[: chosen.pages]:
            shutil.copy(path, pages)
        build, begun = [*TOOL, "build", str(pages), "--quiet", "-o"], time.monotonic()
        subprocess.run([*build, str(Path(folder) / "whole.db")], check=True, stdout=subprocess.DEVNULL)
        takes_s, (_, wanted) = time.monotonic() - begun, finish(pages, Path(folder) / "whole.db")
        for number in range(2 * chosen.total if chosen.commits else chosen.total):
            out, wait_s = Path(folder) / f"{number}.db", dice.uniform(0, takes_s)
            running = kill_at_commit(build, out, number) if chosen.commits else kill_at_random(build, out, wait_s)
            if chosen.commits and not running:
                break  # there are no more commits
            verifies, exported = finish(pages, out)
            met += running
            bad += not (verifies and exported == wanted)
            moment = f"at commit {number // 2}" if chosen.commits else f"after {wait_s:5.1f} of {takes_s:.1f} s"
            print(f"killed {moment}: verifies {verifies}, same export {exported == wanted}", flush=True)
    print(f"{met} killed before their end, {bad} bad")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())

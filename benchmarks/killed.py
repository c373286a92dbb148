"""Builds killed at random moments, or within each commit of the store: each ledger verifies and finishes the same.

    python -m benchmarks.killed [N]            thirty, or N, at random moments, with two processes
    python -m benchmarks.killed --commits [K]  K within each commit of a build and of one page more, or just after it
    ... --pages M                              of the ferry's first M pages, not two short ones of its own

Each build is a fork of one process that has all modules and models loaded, killed by the kernel; whether the ledger
verifies, and the same build and export run to their end, is seen in another fork. Exits with 1 if one does not. What
was killed before its first commit holds nothing, and says so (E-LEDGER-EMPTY).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from storyledger.cli import main as command
from storyledger.store import Ledger

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"
TEXT = (
    "Ferry line {line} reopens\n\nBy Ines Halloran\n{day} June 2020\n\nThe ferry line to {line} reopened on Monday, "
    "its operator said. “The first boat was full,” said Tomas Reyer, who runs the line. It had {number} passengers.\n"
)
WHOLE = Ledger.transaction


def run(*arguments: str | Path) -> int:
    """Run a command of the program in this process; return its status."""
    try:
        command([str(a) for a in arguments])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def start(work: Callable[[], int]) -> int:
    """Begin ``work`` in a fork with a process group of its own; return its id."""
    if child := os.fork():
        with contextlib.suppress(OSError):  # it did so itself
            os.setpgid(child, child)
        return child
    os.setpgid(0, 0)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    status = 1
    try:
        status = work()
    finally:
        os._exit(status)


def wait(child: int) -> tuple[bool, int]:
    """Return whether the process was killed, and its status otherwise."""
    _, how = os.waitpid(child, 0)
    return os.WIFSIGNALED(how), os.waitstatus_to_exitcode(how)


def finish(pages: Path, ledger: Path) -> tuple[bool, bytes]:
    """Return whether what a killed build left verifies, and the export once the same build was run to its end."""

    def work() -> int:
        with contextlib.redirect_stderr(io.StringIO()) as told:
            code = run("verify", ledger) if ledger.exists() else 0
        verifies = not code or "E-LEDGER-EMPTY" in told.getvalue()
        built = run("build", pages, "--quiet", "--workers", "1", "-o", ledger)
        return 0 if verifies and not built and not run("export", ledger, "-o", f"{ledger}.json") else 7

    _, status = wait(start(work))
    exported = Path(f"{ledger}.json")
    return status == 0, exported.read_bytes() if exported.exists() else b""


def list_commits(pages: Path, ledger: Path) -> list[float]:
    """Return how long each transaction of a build takes, in seconds."""
    log = Path(f"{ledger}.commits")

    def work() -> int:
        took: list[float] = []

        @contextmanager
        def timed(self: Ledger) -> Iterator[None]:
            begun = time.monotonic()
            with WHOLE(self):
                yield
            took.append(time.monotonic() - begun)

        Ledger.transaction = timed  # type: ignore[method-assign]
        status = run("build", pages, "--quiet", "--workers", "1", "-o", ledger)
        log.write_text(json.dumps(took), encoding="utf-8")
        return status

    wait(start(work))
    return list(json.loads(log.read_text(encoding="utf-8")))


def kill_at_commit(pages: Path, ledger: Path, number: int, after_s: float) -> bool:
    """Build until ``after_s`` into transaction ``number``, where the kernel ends it; tell whether it came to that."""

    def work() -> int:
        left = number

        @contextmanager
        def transaction(self: Ledger) -> Iterator[None]:
            nonlocal left
            mine, left = left == 0, left - 1
            if mine:
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, after_s)
            with WHOLE(self):
                yield
            if mine:
                time.sleep(10)

        Ledger.transaction = transaction  # type: ignore[method-assign]
        return run("build", pages, "--quiet", "--workers", "1", "-o", ledger)

    return wait(start(work))[0]


def kill_at_random(pages: Path, ledger: Path, wait_s: float) -> bool:
    """Begin a build with two processes and kill all of them after ``wait_s``; tell whether it was still running."""
    child = start(lambda: run("build", pages, "--quiet", "--workers", "2", "-o", ledger))
    time.sleep(wait_s)
    os.killpg(child, signal.SIGKILL)
    return wait(child)[0]


class Trial:
    """A pile, what its ledgers hold before the build that is killed, and the export that each must come to."""

    def __init__(self, name: str, pages: Path, folder: Path, before: Path | None = None) -> None:
        """``before``: the ledger that the build adds to."""
        self.name, self.pages, self.before, self.folder = name, pages, before, folder
        self.number = self.met = self.bad = 0
        whole = self.make_ledger()
        begun = time.monotonic()
        self.commits = list_commits(pages, whole)
        self.takes_s = time.monotonic() - begun
        _, self.wanted = finish(pages, whole)
        assert self.wanted

    def make_ledger(self) -> Path:
        """Return the place of another ledger, which is there if the build adds to one."""
        self.number += 1
        place = self.folder / f"{self.name}{self.number}.db"
        if self.before is not None:
            shutil.copy(self.before, place)
        return place

    def take(self, kill: Callable[[Path], bool], moment: str) -> None:
        """Kill one build, see what it left, count."""
        ledger = self.make_ledger()
        self.met += kill(ledger)
        verifies, exported = finish(self.pages, ledger)
        same = exported == self.wanted
        self.bad += not (verifies and same)
        if not (verifies and same):
            print(f"{self.name}, killed {moment}: verifies {verifies}, same export {same}", flush=True)
        for path in self.folder.glob(f"{ledger.name}*"):
            path.unlink()


def main() -> int:
    """Kill, verify, finish, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("total", nargs="?", type=int, default=30)
    parser.add_argument("--commits", action="store_true", help="TOTAL at each commit, not TOTAL in all")
    parser.add_argument("--pages", type=int, default=0, help="of the ferry's pages so many")
    chosen = parser.parse_args()
    dice = random.Random(3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given, pages = folder / "given", folder / "pages"
        given.mkdir()
        pages.mkdir()
        for n, line in enumerate(("Osterby", "Norvik") if not chosen.pages else ()):
            (given / f"{line}.txt").write_text(TEXT.format(line=line, day=4 + n, number=212 + n), encoding="utf-8")
        for path in sorted(FERRY.iterdir())[: chosen.pages]:
            shutil.copy(path, given)
        *_, last = sorted(path.name for path in given.iterdir())
        shutil.copytree(given, pages, dirs_exist_ok=True)
        (pages / last).unlink()
        run("build", pages, "--quiet", "--workers", "1", "-o", folder / "fewer.db")  # and all is loaded
        shutil.copy(given / last, pages)
        trials = [Trial("a build", pages, folder), Trial("a page more", pages, folder, folder / "fewer.db")]
        for trial in trials:
            if not chosen.commits:
                for _ in range(chosen.total // 2):
                    wait_s = dice.uniform(0, trial.takes_s)
                    trial.take(lambda at, s=wait_s, t=trial: kill_at_random(t.pages, at, s), f"after {wait_s:.2f} s")
            for number, took_s in enumerate(trial.commits if chosen.commits else ()):
                for _ in range(chosen.total):
                    after_s = dice.uniform(1e-5, max(took_s, 0.001) * 1.1)
                    trial.take(
                        lambda at, n=number, s=after_s, t=trial: kill_at_commit(t.pages, at, n, s),
                        f"{after_s * 1000:.2f} ms into commit {number + 1}",
                    )
                print(f"{trial.name}: commit {number + 1} of {len(trial.commits)}, {trial.met} killed", flush=True)
    for trial in trials:
        took = f"{trial.takes_s:.2f} s with {len(trial.commits)} commits"
        print(f"{trial.name} ({took}): {trial.met} killed before their end, {trial.bad} bad")
    return any(trial.bad for trial in trials)


if __name__ == "__main__":
    sys.exit(main())

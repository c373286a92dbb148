"""Two writers and ten readers on one ledger, for a minute: nobody sees half a story, nothing is lost.

    python -m benchmarks.crowd [SECONDS] [--readers 10]

Each writer builds pages of its own into the ledger again and again, one of them changed each time; of two at once the
second is told so, to which it comes back. Each reader opens the ledger, looks for damage, loads the story, proves it
against the pages that the ledger keeps, exports it. Exits with 1 where a reader fails or finds a fault, a writer ends
otherwise than done or told, the ledger does not verify at the end, or a page is missing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import Queue
from pathlib import Path

from storyledger.errors import StoryledgerError
from storyledger.export import encode_story, write_canonical
from storyledger.proof import check_story
from storyledger.store import Ledger

TEXT = (
    "Ferry line {who} reopens\n\nBy Ines Halloran\n4 June 2020\n\nThe ferry line to Osterby reopened on Monday, its "
    "operator said. “The first boat was full,” said Tomas Reyer, who runs the line. It carried {number} passengers.\n"
)
TOOL = [sys.executable, "-m", "storyledger"]
TOLD = 4  # the exit code of what the machine does not allow now: another writer is at work


def write_for(seconds: float, ledger: Path, pages: Path, who: str, told: Queue[tuple[str, str]]) -> None:
    """Build again and again; tell how each ended."""
    pages.mkdir()
    for number in range(3):
        (pages / f"{who}{number}.txt").write_text(TEXT.format(who=who, number=100 + number), encoding="utf-8")
    end, rounds, written = time.monotonic() + seconds, 0, False
    while time.monotonic() < end or not written:
        rounds += 1
        (pages / f"{who}0.txt").write_text(TEXT.format(who=who, number=1000 + rounds), encoding="utf-8")
        command = [
            sys.executable,
            "-m",
            "storyledger",
            "build",
            str(pages),
            "-o",
            str(ledger),
            "--quiet",
            "--workers",
            "1",
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        written = written or done.returncode == 0
        if done.returncode == TOLD and "E-LEDGER-BUSY" in done.stderr:
            told.put(("writer", "told that another writes"))
        else:
            told.put(("writer", "done" if done.returncode == 0 else f"FAULT {done.returncode}: {done.stderr[-300:]}"))


def read_for(seconds: float, ledger: Path, told: Queue[tuple[str, str]]) -> None:
    """Open, check, load, prove and export again and again; tell how each ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with Ledger.open_readonly(ledger) as opened:
                damage = list(opened.iter_damage())
                story, captures = opened.load_story(), opened.load_captures()
            by_id = {a.id: data for a in story.documents if (data := captures.get((a.path, a.record, a.sha256)))}
            problems = check_story(story, by_id)
            write_canonical(encode_story(story))
            told.put(("reader", f"FAULT {damage[:1]} {problems[:1]}" if damage or problems else "done"))
        except StoryledgerError as error:
            told.put(("reader", f"FAULT {error}"))
        except Exception as error:  # noqa: BLE001 - that is what we look for
            told.put(("reader", f"FAULT {error!r}"))


def main() -> int:
    """Let them loose, count, verify."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("seconds", nargs="?", type=float, default=60)
    parser.add_argument("--readers", type=int, default=10)
    chosen = parser.parse_args()
    told: Queue[tuple[str, str]] = multiprocessing.Queue()
    ends: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        ledger, begin = Path(folder) / "s.db", Path(folder) / "first"
        write_for(0.01, ledger, begin, "first", told)  # readers need a ledger
        crowd = [
            multiprocessing.Process(target=write_for, args=(chosen.seconds, ledger, Path(folder) / who, who, told))
            for who in ("one", "two")
        ]
        crowd += [
            multiprocessing.Process(target=read_for, args=(chosen.seconds, ledger, told)) for _ in range(chosen.readers)
        ]
        for process in crowd:
            process.start()
        while any(process.is_alive() for process in crowd) or not told.empty():
            while not told.empty():
                ends[told.get()] += 1
            time.sleep(0.2)
        verified = (
            subprocess.run([sys.executable, "-m", "storyledger", "verify", str(ledger)], check=False).returncode == 0
        )
        with Ledger.open_readonly(ledger) as opened:
            names = {a.path for a in opened.load_story().documents}
        missing = {f"{who}{n}.txt" for who in ("first", "one", "two") for n in range(3)} - names
    for (who, how), count in sorted(ends.items()):
        print(f"{who} {how}: {count}")
    print(f"verifies at the end: {verified}; pages missing: {sorted(missing) or 'none'}")
    return not verified or bool(missing) or any("FAULT" in how for _, how in ends)


if __name__ == "__main__":
    sys.exit(main())

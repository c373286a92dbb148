"""Damaged containers: 3,000 made files of ``tests/formats`` with bytes lost, turned, doubled or swapped, seeded.

    python -m evals.formats_mutations [COUNT] [SEED]

Asked: no crash, nothing that takes long, and no silence: each damaged file gives pages or a failure that names it. A crash
inside a library, caught at the last door, is counted apart.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from evals.formats_make import FOLDER
from storyledger import pages
from storyledger.types import Failure

SLOW_S = 20.0
MAX_BYTES = 400_000


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return ``data`` with one kind of damage."""
    kind = rng.choice(("cut", "flip", "zero", "double", "swap", "insert", "drop", "head", "text"))
    if len(data) < 8:
        return b""
    at = rng.randrange(len(data))
    size = min(rng.choice((1, 4, 30, 400)), len(data) - at)
    piece = data[at : at + size]
    noise = bytes(rng.randrange(256) for _ in range(size))
    return {
        "cut": data[:at],
        "flip": data[:at] + noise + data[at + size :],
        "zero": data[:at] + bytes(size) + data[at + size :],
        "double": data[:at] + piece * 40 + data[at:],
        "swap": data[at:] + data[:at],
        "insert": data[:at] + noise + data[at:],
        "drop": data[:at] + data[at + size :],
        "head": noise + data[size:],
        "text": data[:at] + b"<![CDATA[&x;]]>{{\x00\r\n--" + data[at:],
    }[kind]


def list_files() -> list[Path]:
    """Return the made files, small enough to be read many times."""
    return sorted(f for f in FOLDER.rglob("*") if f.is_file() and f.stat().st_size < MAX_BYTES)


def try_files(count: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Return how the damaged files ended, and what should not have been."""
    rng = random.Random(seed)
    files = list_files()
    ends: Counter[str] = Counter()
    bad: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            source = files[number % len(files)]
            data = source.read_bytes()
            for _ in range(rng.choice((1, 1, 1, 2, 5))):
                data = mutate(data, rng)
            target = Path(folder) / source.name
            target.write_bytes(data)
            name = f"{source.name} #{number}"
            failures: list[Failure] = []
            begun = time.monotonic()
            try:
                found = len(list(pages.iter_pages([str(target)], failures.append)))
            except Exception as error:  # noqa: BLE001 - the very thing that is looked for
                bad.append(f"{name}: {error.__class__.__name__}: {error}")
                continue
            finally:
                target.unlink()
            took = time.monotonic() - begun
            if took > SLOW_S:
                bad.append(f"{name}: {took:.0f} s")
            if not found and not failures and source.suffix != ".rdf":
                bad.append(f"{name}: silence")
            crashed = [f for f in failures if f.code == "E-PAGE-UNREADABLE" and f.message.count(": ") > 1]
            ends["crashed inside" if crashed else "pages" if found else "named"] += 1
            bad += [f"{name}: {failure.message}" for failure in crashed]
    return ends, bad


def main(arguments: list[str]) -> int:
    """Print how the files ended; return 1 where one should not have ended so."""
    count = int(arguments[0]) if arguments else 3_000
    seed = int(arguments[1]) if len(arguments) > 1 else 20
    ends, bad = try_files(count, seed)
    print(f"{count} damaged files, seed {seed}: " + ", ".join(f"{n} {end}" for end, n in sorted(ends.items())))
    for line in bad[:40]:
        print("  " + line)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

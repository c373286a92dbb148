"""Whole builds against those of an earlier commit, in one run: ``python -m benchmarks.build --against COMMIT``.

Builds 365 Wikinews articles (``../shared``; without it only the ferry) and ``examples/ferry`` cold, with one worker,
with the code of the working tree and with that of COMMIT in turns, and prints processor seconds and peak memory of each
and their ratio. Processor time, so that a busy machine does not blur it; the least of ``--runs``. Then the words a
second of ``storyledger.read``, beside the bare forward pass of the network in the same windows, and beside spaCy's
small English pipeline where ``en_core_web_sm`` is installed. Exits 1 where COMMIT is less than ``--times`` as slow.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from benchmarks.reader import best_seconds, window_feeds
from storyledger import read_many
from storyledger.api import text_article
from storyledger.reading import load_reader

ROOT = Path(__file__).resolve().parents[1]
WIKINEWS = ROOT.parent / "shared" / "data" / "wikinews" / "articles.json.gz"
FERRY = ROOT / "examples" / "ferry"
READ_TEXTS = 40


@contextmanager
def check_out(commit: str) -> Iterator[Path]:
    """Give the sources of ``commit`` in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(["git", "archive", commit, "src"], cwd=ROOT, check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
        yield Path(folder)


def iter_articles() -> Iterator[dict[str, str]]:
    """Yield the Wikinews articles as records of JSON Lines."""
    with gzip.open(WIKINEWS, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            text = "\n\n".join(part["value"] for part in row["document"] if part.get("value"))
            yield {"title": row["title"], "text": text, "date": row["timestamp"][:10], "outlet": "Wikinews"}


def build_once(code: Path, pages: Path) -> tuple[float, float]:
    """Return processor seconds and peak megabytes of a cold build of ``pages`` with the sources under ``code``."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "storyledger", "build", str(pages), "-o", f"{folder}/a.db"]
        process = subprocess.Popen(
            [*command, "--quiet", "--workers", "1"],
            env={**os.environ, "PYTHONPATH": str(code / "src")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{code}: the build of {pages} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def compare_builds(before: Path, pages: Path, runs: int) -> float:
    """Print what both take for ``pages``, in turns, and return how many times as fast the working tree is."""
    old, new = [], []
    for _ in range(runs):
        old.append(build_once(before, pages))
        new.append(build_once(ROOT, pages))
    (old_s, old_mb), (new_s, new_mb) = min(old), min(new)
    print(
        f"{pages.name}: before {old_s:.1f} s, {old_mb:.0f} MB; now {new_s:.1f} s, {new_mb:.0f} MB: {old_s / new_s:.2f}"
    )
    return old_s / new_s


def compare_readers() -> None:
    """Print the words a second of ``read``, of the bare network and of spaCy, on the same texts."""
    texts = [row["text"] for _, row in zip(range(READ_TEXTS), iter_articles(), strict=False)]
    words = sum(len(text.split()) for text in texts)
    reader = load_reader()
    articles = [text_article(text, f"t{n}", None, None) for n, text in enumerate(texts)]
    feeds = window_feeds(reader, articles)
    rates = {
        "storyledger.read": lambda: list(read_many(texts)),
        "its reader alone": lambda: [reader.read(article) for article in articles],
        "bare forward pass": lambda: [reader.network.session.run(None, feed) for feed in feeds],
    }
    try:
        spacy = import_module("spacy")
        pipeline = spacy.load("en_core_web_sm")
        rates["spaCy en_core_web_sm"] = lambda: list(pipeline.pipe(texts))
    except (ImportError, OSError):
        print("spaCy's en_core_web_sm is not installed: left out")
    for name, work in rates.items():
        print(f"{name}: {words / best_seconds(work):,.0f} words a second")


def main() -> int:
    """Compare, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", default="37c6600")
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--articles", type=int, default=365, help="of Wikinews")
    parser.add_argument("--times", type=float, default=3.0, help="as fast as COMMIT, asked of every pile")
    given = parser.parse_args()
    began = time.monotonic()
    with check_out(given.against) as before, tempfile.TemporaryDirectory() as folder:
        reached = [compare_builds(before, FERRY, given.runs)]
        if WIKINEWS.is_file():
            pages = Path(folder) / f"{given.articles} Wikinews articles"
            pages.mkdir()
            rows = (row for _, row in zip(range(given.articles), iter_articles(), strict=False))
            (pages / "wikinews.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            reached.append(compare_builds(before, pages, given.runs))
            compare_readers()
    print(f"asked {given.times}; {os.cpu_count()} cores, {time.monotonic() - began:.0f} s in all")
    return int(min(reached) < given.times)


if __name__ == "__main__":
    sys.exit(main())

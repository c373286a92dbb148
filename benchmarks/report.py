"""Size and speed of the account: one file and a folder, the ferry as it is and grown to hundreds of pages.

    python benchmarks/report.py                 the ferry's gold, and piles of copies of it
    python benchmarks/report.py STORY.db ...    ledgers, too

The grown piles hold the ferry N times over with ids of their own, as N stories beside each other; the last
column is what one page costs, which must not grow with the pile. Exits 1 where the ferry's one file is over
two megabytes or a page of the largest folder costs more than twice a page of the smallest.
"""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from storyledger.api import captures_by_document
from storyledger.export import read_story
from storyledger.report import render_report, write_report_folder
from storyledger.store import Ledger
from storyledger.types import Story

FERRY = Path(__file__).resolve().parents[2] / "shared" / "piles" / "ferry"
SIZES = (1, 4, 22)  # 17, 68 and 374 pages
LIMIT_BYTES = 2_000_000


def main() -> int:
    """Print the table; return the exit status."""
    story = read_story(FERRY / "gold_story.json")
    captures = {a.id: (FERRY / "pages" / a.path).read_bytes() for a in story.documents}
    print(f"{'pile':<22}{'pages':>6}{'form':>8}{'files':>7}{'MB':>8}{'index MB':>10}{'s':>8}{'ms a page':>11}")
    size = measure_file("ferry", story, captures)
    costs = [measure_folder(f"ferry x {n}", *grow_story(story, captures, n)) for n in SIZES]
    for path in sys.argv[1:]:
        with Ledger.open_readonly(Path(path)) as ledger:
            kept = ledger.load_story()
            measure_file(Path(path).stem, kept, captures_by_document(ledger, kept))
            measure_folder(Path(path).stem, kept, captures_by_document(ledger, kept))
    return int(size > LIMIT_BYTES or costs[-1] > 2 * costs[0])


def measure_file(name: str, story: Story, captures: dict[str, bytes]) -> int:
    """Print the one-file form's row; return its bytes."""
    start = time.perf_counter()
    size = len(render_report(story, captures, []).encode())
    print_row(name, len(story.documents), "file", 1, size, size, time.perf_counter() - start)
    return size


def measure_folder(name: str, story: Story, captures: dict[str, bytes]) -> float:
    """Print the folder form's row; return seconds a page."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        start = time.perf_counter()
        write_report_folder(story, captures, [], folder)
        took_s = time.perf_counter() - start
        sizes = [p.stat().st_size for p in folder.rglob("*") if p.is_file()]
        index = (folder / "index.html").stat().st_size
        print_row(name, len(story.documents), "folder", len(sizes), sum(sizes), index, took_s)
    return took_s / max(len(story.documents), 1)


def print_row(name: str, pages: int, form: str, files: int, size: int, index: int, took_s: float) -> None:
    """Print one row of the table."""
    cost_ms = took_s / max(pages, 1) * 1000
    print(
        f"{name:<22}{pages:>6}{form:>8}{files:>7}{size / 1e6:>8.2f}{index / 1e6:>10.2f}{took_s:>8.2f}{cost_ms:>11.1f}"
    )


def grow_story(story: Story, captures: dict[str, bytes], times: int) -> tuple[Story, dict[str, bytes]]:
    """Return ``story`` ``times`` over, every id with the copy's number before it."""
    ids = {
        v.id
        for name in ("documents", "actors", "statements", "events", "figures", "ledger")
        for v in getattr(story, name)
    }
    ids |= {c.id for c in story.comparisons} | {s.version_group for s in story.statements if s.version_group}
    copies = [rename(story, ids, f"{n}/") for n in range(times)]
    sections = {f.name: tuple(v for c in copies for v in getattr(c, f.name)) for f in dataclasses.fields(story)}
    return Story(**sections), {f"{n}/{key}": data for n in range(times) for key, data in captures.items()}


def rename(value: Any, ids: set[str], prefix: str) -> Any:
    """Return ``value`` with every string that is an id renamed."""
    if isinstance(value, str):
        return prefix + value if value in ids else value
    if isinstance(value, tuple):
        return tuple(rename(inner, ids, prefix) for inner in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: rename(getattr(value, f.name), ids, prefix) for f in dataclasses.fields(value)}
        return type(value)(**fields)
    return value


if __name__ == "__main__":
    sys.exit(main())

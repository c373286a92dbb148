"""Odd pages in mixed piles, for as long as you like: nothing may break, nothing may be lost, nothing may get out.

    python -m evals.fuzz --minutes 10 [--seed 1] [--keep FOLDER] [--batch 12] [--pages 10000]

Each batch is built with good pages beside it. It fails where the build raises, a good page is lost or its text differs
from that of the page alone, an odd file is neither a document nor counted, a stage fails with a fault of ours, the
ledger does not verify, an export lets hostile text out, a batch takes longer than its size allows or the process more
memory than a gigabyte. Exits with 1 if one did; the batch is kept in FOLDER and made again by its seed.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from random import Random

from evals.odd_pages import make_odd
from storyledger import pipeline
from storyledger.export import encode_story, write_canonical, write_tables
from storyledger.proof import check_story
from storyledger.report import render_report
from storyledger.settings import Settings
from storyledger.show import VIEWS, show_story
from storyledger.spelling import clean_text
from storyledger.store import Ledger
from storyledger.types import Story

_FERRY = (
    "Ferry line to Osterby reopens\n\nBy Ines Halloran\n4 June 2020\n\nThe ferry line to Osterby reopened on Monday "
    "after three months, its operator said.\n\n“The first boat was full,” said Tomas Reyer, who runs the line. It "
    "carried 212 passengers.\n\nThe line had been closed since a fire in March killed two sailors.\n"
)
_SCHOOL = (
    "<html><head><title>School roof falls in Quillan</title></head><body><article><h1>School roof falls in Quillan</h1>"
    "<p>6 June 2020</p><p>Part of a school roof in Quillan fell on Friday, and nobody was hurt, the brigade said.</p>"
    "<p>“The children had gone home an hour before,” headmistress Mira Osk told the Quillan Post.</p><p>The repair "
    "will cost 90,000 euros, the town council said.</p></article></body></html>"
)
GOOD = {"good1.txt": _FERRY, "good2.html": _SCHOOL}
ESCAPES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
SCRIPT = re.compile(r"<script>alert|<img src=x|<svg onload|href=\"javascript:", re.IGNORECASE)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\Z")
CPU_S, CPU_S_PER_PAGE, CPU_S_PER_MB = 28.0, 1.0, 50.0  # of a batch: ten seconds are a page's limit for 200 kB
MEMORY_KB = 1_000_000


def main() -> int:
    """Make and build batches until the time is over."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--batch", type=int, default=12, help="odd pages a batch")
    parser.add_argument("--pages", type=int, default=10**9, help="end after so many odd pages")
    parser.add_argument("--keep", type=Path, help="where batches that fail are kept")
    chosen = parser.parse_args()
    end, number, faults = time.monotonic() + 60 * chosen.minutes, chosen.seed * 1_000_000, 0
    alone, pages, peak_kb = _read_alone(), 0, 0
    while time.monotonic() < end and pages < chosen.pages:
        number += 1
        pages += chosen.batch
        for fault in run_batch(number, chosen.batch, alone, chosen.keep):
            faults += 1
            print(f"batch {number}: {fault}", flush=True)
        peak_kb = max(peak_kb, _read_peak_kb())
        if number % 10 == 0:
            print(f"{pages} pages, {faults} faults, peak {peak_kb / 1e6:.2f} GB", file=sys.stderr, flush=True)
    print(
        f"{pages} odd pages in {number - chosen.seed * 1_000_000} batches, {faults} faults, peak {peak_kb / 1e6:.2f} GB"
    )
    return bool(faults)


def _read_alone() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        story = _build(_write(Path(folder), GOOD), Path(folder) / "s.db")[0]
        return {d.path: d.text for d in story.documents}


def run_batch(number: int, size: int, alone: dict[str, str], keep: Path | None = None) -> list[str]:
    """Return what is wrong with a batch: ``size`` odd pages beside the good ones, whose texts ``alone`` has."""
    dice = Random(number)
    odd = dict(make_odd(dice) for _ in range(size))
    with tempfile.TemporaryDirectory() as folder:
        pile = _write(Path(folder), GOOD, odd)
        begun = time.process_time()
        _forget_peak()
        try:
            faults = list(_iter_faults(pile, Path(folder), odd, alone))
        except Exception:  # noqa: BLE001 - that is what we look for
            faults = [traceback.format_exc()]
        took = time.process_time() - begun
        allowed = CPU_S + CPU_S_PER_PAGE * size + CPU_S_PER_MB * sum(map(len, odd.values())) / 1e6
        if took > allowed:
            faults.append(f"took {took:.0f} s of the processor, {allowed:.0f} are allowed for its size")
        if _read_peak_kb() > MEMORY_KB:
            faults.append(f"the process took {_read_peak_kb() / 1e6:.1f} GB")
        if faults and keep is not None:
            shutil.copytree(pile, keep / str(number), dirs_exist_ok=True)
    return faults


def _forget_peak() -> None:
    """Have the kernel count the process's peak of memory from here on, where it can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _read_peak_kb() -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    except OSError:
        found = None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _write(folder: Path, good: dict[str, str], odd: dict[bytes, bytes] | None = None) -> Path:
    pile = folder / "pile"
    pile.mkdir()
    for name, text in good.items():
        (pile / name).write_text(text, encoding="utf-8")
    for name_b, data in (odd or {}).items():
        Path(os.fsdecode(os.fsencode(pile) + b"/" + name_b)).write_bytes(data)
    return pile


def _build(pile: Path, out: Path) -> tuple[Story, pipeline.Summary, list[str]]:
    with Ledger.create(out) as ledger:
        summary = pipeline.build_story([str(pile)], ledger, Settings(workers=1))
        story, damage = ledger.load_story(), list(ledger.iter_damage())
        captures = {(p, r, s): data for (p, r, s), data in ledger.load_captures().items()}
        by_id = {a.id: captures[a.path, a.record, a.sha256] for a in story.documents}
    return story, summary, damage + [f"{p.section} {p.entry}: {p.what}" for p in check_story(story, by_id)]


def _iter_faults(pile: Path, folder: Path, odd: dict[bytes, bytes], alone: dict[str, str]) -> Iterator[str]:
    story, summary, damage = _build(pile, folder / "s.db")
    yield from damage
    texts = {d.path: d.text for d in story.documents}
    for name, text in alone.items():
        if texts.get(name) != text:
            yield f"{name} is {'lost' if name not in texts else 'another text'}"
    told = {d.path for d in story.documents} | {f.path for f in summary.failures}
    for name_b in odd:
        name = clean_text(os.fsdecode(name_b))
        if not any(path == name or path.startswith(name + "!") for path in told):
            yield f"{name!r} is neither a document nor counted"
    for failure in summary.failures:
        if failure.code.startswith("E-BUG"):
            yield f"{failure.path} [{failure.record}] {failure.stage}: {failure.message}"
    yield from _iter_leaks(story, summary, folder)


def _iter_leaks(story: Story, summary: pipeline.Summary, folder: Path) -> Iterator[str]:
    exported = write_canonical(encode_story(story))
    json.loads(exported, parse_constant=lambda name: sys.exit(f"{name} in the export"))
    lines = [exported, *(line for section in VIEWS for line in show_story(story, section))]
    for line in lines:
        if found := ESCAPES.search(line.removesuffix("\n")):
            yield f"{found[0]!r} reaches the terminal: {line[max(0, found.start() - 40) : found.end()]!r}"
    if found := SCRIPT.search(render_report(story, {}, summary.failures)):
        yield f"{found[0]!r} in the account"
    for path in write_tables(story, folder / "tables"):
        if path.suffix == ".csv":
            for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))):
                bad = [c for c in row if c.startswith(FORMULA) and not NUMBER.match(c)]
                if bad:
                    yield f"{path.name} has the formula {bad[0][:40]!r}"


if __name__ == "__main__":
    sys.exit(main())

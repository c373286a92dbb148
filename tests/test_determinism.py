"""One pile gives one story: whatever the order of files, processes, hash seed, time zone and locale.

All differ at once here; ``python -m evals.determinism`` turns them one by one, where this fails.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.tool import TOOL

FERRY = Path(__file__).resolve().parents[1] / "examples" / "ferry"


def export(folder: Path, pages: list[Path], workers: int, **environment: str) -> bytes:
    ledger, written = folder / f"{workers}.db", folder / f"{workers}.json"
    for call in (["build", *pages, "-o", ledger, "--workers", workers, "--quiet"], ["export", ledger, "-o", written]):
        command = [*TOOL, *map(str, call)]
        subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)
    return written.read_bytes()


def test_an_export_depends_on_the_pages_alone(tmp_path: Path) -> None:
    pages = sorted(p for p in FERRY.iterdir() if p.suffix in (".html", ".txt"))[:4]
    one = export(tmp_path, pages, 1, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")
    other = export(tmp_path, pages[::-1], 2, PYTHONHASHSEED="7", TZ="Pacific/Kiritimati", LC_ALL="tr_TR.UTF-8")
    assert b"statements" in one
    assert one == other

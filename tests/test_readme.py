"""The tour of the README, run as it stands: what it promises must come out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"<!-- tour( python)? -->\n```\w+\n(.*?)```", re.DOTALL)


def test_the_tour_of_the_readme_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    blocks = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(blocks) == 4
    for python, text in blocks:
        if python:
            subprocess.run([sys.executable, "-c", text], cwd=tmp_path, check=True, capture_output=True)
            continue
        for line in text.splitlines():
            command, _, promised = line.partition("# ->")
            done = subprocess.run(
                ["bash", "-c", f"set -o pipefail; {command}"],
                cwd=tmp_path,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{command}: {done.stderr}"
            assert promised.strip() in done.stdout, f"{command}: {promised.strip()!r} is not in what it prints"

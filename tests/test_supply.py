"""What is installed and shipped: bounds that were tried, a licence for each package, a wheel that is the same twice."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_every_dependency_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [line for line in project["dependencies"] if "<" not in line] == []


def test_every_dependency_is_pinned_and_has_a_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.split(r"[<>=~!\[; ]", line)[0].lower() for line in project["dependencies"]}
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    billed = {c["name"] for c in json.loads((ROOT / "docs" / "sbom.json").read_text(encoding="utf-8"))["components"]}
    listed = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert names - pinned == set(), "python docs/supply.py"
    assert names - billed == set(), "python docs/supply.py"
    assert "see the package" not in listed


def test_a_wheel_built_twice_is_the_same_to_the_byte(tmp_path: Path) -> None:
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is absent: it builds the wheel")
    built = []
    for name in ("one", "two"):
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        built.append(next((tmp_path / name).glob("*.whl")).read_bytes())
    assert built[0] == built[1]

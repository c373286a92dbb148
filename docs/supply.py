"""Write what is installed with Storyledger: versions, licences, sizes, a bill of materials.

    python docs/supply.py            write constraints.txt, docs/licences.md and docs/sbom.json
    python docs/supply.py --bounds   print the upper bound of every dependency: below the next major version that was tried

What counts is what is installed beside this interpreter: run it in a fresh environment (`pip install -e '.[dev]'`)
after the tests passed there, so that the versions are ones that were tried.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DATA = """## Data in the package

| file | from | licence |
|---|---|---|
| `nations.tsv`, `geography/cities.npz` | GeoNames (geonames.org): countries, capitals, places of 1,000 people and more; columns dropped, coordinates rounded to a thousandth of a degree | CC BY 4.0 |
| `geography/outlines.npz` | Natural Earth 1:50 million (naturalearthdata.com), by the npm package world-atlas 2.0.2 (ISC); small islands dropped, coordinates rounded | public domain |
| `reading/model/` | the reader's weights, `MODEL_CARD.md` | CC BY-SA 4.0 |
"""
HEAD = "<!-- made by `python docs/supply.py`; do not edit -->\n"


def close_over(requirements: list[str], extra: str = "") -> dict[str, Distribution]:
    """Return every distribution that ``requirements`` bring, by its normal name."""
    found: dict[str, Distribution] = {}
    queue = [(Requirement(line), extra) for line in requirements]
    while queue:
        wanted, extra_of = queue.pop()
        name = normal(wanted.name)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": extra_of}):
            continue
        if name in found and not wanted.extras:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform, or an extra that is not installed
        for line in found[name].requires or ():
            queue += [(Requirement(line), e) for e in (wanted.extras or {""})]
    return dict(sorted(found.items()))


def normal(name: str) -> str:
    """Return ``name`` as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(dist: Distribution) -> str:
    """Return the licence that a distribution states: an expression, else its classifiers, else its word."""
    data = dist.metadata
    if data.get("License-Expression"):
        return str(data["License-Expression"])
    classified = [c.rpartition("::")[2].strip() for c in data.get_all("Classifier") or () if c.startswith("License ::")]
    stated = (data.get("License") or "").strip().split("\n", maxsplit=1)[0]
    return "; ".join(c for c in classified if c != "OSI Approved") or stated[:60] or "see the package"


def size_of(dist: Distribution) -> int:
    """Return the bytes that a distribution's files take."""
    paths = [Path(str(dist.locate_file(f))) for f in dist.files or () if not str(f).endswith(".pyc")]
    return sum(p.stat().st_size for p in paths if p.is_file())


def licences(base: dict[str, Distribution], rest: dict[str, Distribution]) -> str:
    """Return the table of what is installed, with the size of the base install."""
    parts = [HEAD, "# What is installed with it\n"]
    for title, dists in (("The base install", base), ("For the tests and other extras", rest)):
        total = sum(map(size_of, dists.values())) / 1e6
        parts.append(
            f"## {title}: {len(dists)} packages, {total:.0f} MB\n\n| package | version | licence | MB |\n|---|---|---|---|"
        )
        parts += [f"| {n} | {d.version} | {licence_of(d)} | {size_of(d) / 1e6:.1f} |" for n, d in dists.items()]
        parts.append("")
    return "\n".join([*parts, DATA])


def bill(base: dict[str, Distribution]) -> str:
    """Return a CycloneDX 1.5 bill of materials of the base install."""
    components = [
        {
            "type": "library",
            "name": n,
            "version": d.version,
            "purl": f"pkg:pypi/{n}@{d.version}",
            "licenses": [{"license": {"name": licence_of(d)}}],
        }
        for n, d in base.items()
    ]
    main = {
        "type": "application",
        "name": PROJECT["name"],
        "version": PROJECT["version"],
        "licenses": [{"license": {"id": PROJECT["license"]}}],
    }
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": main},
        "components": components,
    }
    return json.dumps(whole, indent=1) + "\n"


def bounds() -> None:
    """Print each dependency with its lower bound and the major version below which it was tried."""
    for line in PROJECT["dependencies"]:
        wanted = Requirement(line)
        tried = Version(distribution(wanted.name).version)
        upper = f"<{tried.major + 1}" if tried.major else f"<0.{tried.minor + 1}"
        low = ",".join(sorted(str(s) for s in wanted.specifier if s.operator == ">="))
        print(f'    "{wanted.name}{low},{upper}",')


def main() -> None:
    """Write the three files, or print the bounds."""
    if "--bounds" in sys.argv:
        bounds()
        return
    extras = PROJECT["optional-dependencies"]
    base = close_over(PROJECT["dependencies"])
    every = close_over([*PROJECT["dependencies"], *extras["dev"]])
    rest = {n: d for n, d in every.items() if n not in base}
    pins = "".join(f"{n}=={d.version.partition('+')[0]}\n" for n, d in every.items())
    (ROOT / "constraints.txt").write_text(
        "# made by `python docs/supply.py`: the versions that the tests passed with\n" + pins, encoding="utf-8"
    )
    (ROOT / "docs" / "licences.md").write_text(licences(base, rest), encoding="utf-8")
    (ROOT / "docs" / "sbom.json").write_text(bill(base), encoding="utf-8")
    print(f"base install: {len(base)} packages, {sum(map(size_of, base.values())) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()

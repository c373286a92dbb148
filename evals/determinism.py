"""One pile built under every circumstance that must not matter: the exports are equal to the byte.

    python -m evals.determinism [PAGES] [--python COMMAND ...] [--quick]

Circumstances: the order in which files are given, 1, 2 and 8 workers, hash seeds, time zones, locales, the folder that
the process stands in, an optimised interpreter, and each other Python that a COMMAND starts (with what Storyledger
needs). A locale that the machine lacks is said and counts as nothing. Exits with 1 where an export differs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FERRY = ROOT / "examples" / "ferry"
PYTHON = [sys.executable]


@dataclass(frozen=True, slots=True)
class Way:
    """A circumstance: what is given instead of the folder, options of the build, environment, interpreter."""

    name: str
    files: tuple[str, ...] = ()
    options: tuple[str, ...] = ("--workers", "1")
    around: dict[str, str] = field(default_factory=dict)
    python: tuple[str, ...] = tuple(PYTHON)
    stands_in: Path = ROOT


def iter_ways(pages: Path, pythons: list[str], *, quick: bool) -> Iterator[Way]:
    """Yield the circumstances, the plainest first."""
    yield Way("the folder, one worker")
    files = sorted(str(p) for p in pages.iterdir())
    shuffled = random.Random(7).sample(files, len(files))
    yield Way("files, backwards", tuple(reversed(files)), around={"PYTHONHASHSEED": "1"})
    if not quick:
        yield Way("files, shuffled", tuple(shuffled), around={"PYTHONHASHSEED": "4294967295"})
    for workers in ("2", "8")[: 1 if quick else 2]:
        yield Way(f"{workers} workers", options=("--workers", workers))
    zones = ("Asia/Kathmandu", "Pacific/Kiritimati", "America/St_Johns")
    locales = ("C", "C.UTF-8", "tr_TR.UTF-8", "de_DE.ISO-8859-1")
    if quick:
        yield Way("seed, zone and locale", around={"PYTHONHASHSEED": "99", "TZ": zones[1], "LC_ALL": locales[0]})
    else:
        for zone in zones:
            yield Way(f"time zone {zone}", around={"TZ": zone})
        for locale in locales:
            there = "" if is_there(locale) else " (not on this machine)"
            yield Way(f"locale {locale}{there}", around={"LC_ALL": locale, "LANG": locale})
        yield Way("standing in /", stands_in=Path("/"))
        yield Way("python -O", python=(*PYTHON, "-O"))
    for command in pythons:
        yield Way(f"by {tell_version(command)}", python=tuple(shlex.split(command)))


def is_there(locale: str) -> bool:
    """Tell whether the machine has a locale."""
    listed = subprocess.run(["locale", "-a"], check=False, capture_output=True, text=True).stdout.split()
    return re.sub(r"\W", "", locale.casefold()) in {re.sub(r"\W", "", name.casefold()) for name in listed}


def tell_version(command: str) -> str:
    """Return the version of the Python that ``command`` starts."""
    code = "import platform; print(platform.python_implementation(), platform.python_version())"
    return subprocess.run(
        [*shlex.split(command), "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def export(way: Way, pages: Path, out: Path) -> bytes:
    """Return the canonical export of the pile, built in that way."""
    tool = [*way.python, "-m", "storyledger"]
    around = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}", **way.around}
    build = [*tool, "build", *(way.files or [str(pages)]), "-o", str(out), "--quiet", *way.options]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL, env=around, cwd=way.stands_in)
    told = subprocess.run(
        [*tool, "export", str(out)], check=True, stdout=subprocess.PIPE, env=around, cwd=way.stands_in
    )
    return told.stdout


def find_differing(pages: Path, pythons: list[str], *, quick: bool) -> list[str]:
    """Print each circumstance with its export's hash; return those whose export differs from the first's."""
    wanted, differing = b"", []
    with tempfile.TemporaryDirectory() as folder:
        for number, way in enumerate(iter_ways(pages, pythons, quick=quick)):
            found = export(way, pages, Path(folder) / f"{number}.db")
            wanted = wanted or found
            same = found == wanted
            print(f"{way.name:44} {hashlib.sha256(found).hexdigest()[:16]} {'same' if same else 'DIFFERS'}", flush=True)
            differing += [] if same else [way.name]
    return differing


def main() -> int:
    """Build, export, compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("pages", nargs="?", type=Path, default=FERRY, help="a folder of pages; examples/ferry")
    parser.add_argument("--python", action="append", default=[], metavar="COMMAND", help="another Python to build with")
    parser.add_argument("--quick", action="store_true", help="one build for each kind of circumstance")
    chosen = parser.parse_args()
    return bool(find_differing(chosen.pages.resolve(), chosen.python, quick=chosen.quick))


if __name__ == "__main__":
    sys.exit(main())

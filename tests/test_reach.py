"""Whatever a stage can reach is in its key: code, lexicons, versions of libraries."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from storyledger import reach
from storyledger.pipeline import PAGE_STAGES
from storyledger.work import Stage

CODE = Path(reach.__file__).parent
LOADED = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sorted(m for m in sys.modules if m.startswith('storyledger.')))"


@pytest.mark.parametrize("stage", PAGE_STAGES, ids=lambda s: s.name)
def test_every_module_that_a_stage_loads_is_in_its_reach(stage: Stage) -> None:
    module = stage.function.__module__
    loaded = subprocess.run([sys.executable, "-c", LOADED, module], capture_output=True, text=True, check=True)
    assert set(loaded.stdout.split()) <= reach.reach_modules(module)


def forget() -> None:
    for cached in (reach.digest_module, reach.read_imports, reach._digest_file):
        cached.cache_clear()


@pytest.mark.parametrize("stage", PAGE_STAGES, ids=lambda s: s.name)
def test_any_changed_line_that_a_stage_can_reach_changes_its_key(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    before = stage.make_key("a")
    modules = reach.reach_modules(stage.function.__module__)
    files = {f for m in modules for f in (reach.find_source(m), *reach.iter_data(m))}
    digest = reach._digest_file
    for changed in files:
        reach.digest_module.cache_clear()
        monkeypatch.setattr(reach, "_digest_file", lambda f, c=changed: "other" if f == c else digest(f))
        assert stage.make_key("a") != before, changed
    monkeypatch.setattr(reach, "_digest_file", digest)
    forget()
    assert stage.make_key("a") == before


@pytest.mark.parametrize(
    ("stage", "file"),
    [
        ("mentions", "nations.py"),
        ("mentions", "folding.py"),
        ("mentions", "journal.py"),
        ("mentions", "actors/lexicon.toml"),
        ("events", "events/data/senses.toml"),
        ("times", "reading/times/absolute.py"),
        ("reading", "reading/lexicon/words.toml"),
    ],
)
def test_what_once_left_stale_ledgers_is_reached(stage: str, file: str) -> None:
    found = next(s for s in PAGE_STAGES if s.name == stage)
    modules = reach.reach_modules(found.function.__module__)
    assert CODE / file in {f for m in modules for f in (reach.find_source(m), *reach.iter_data(m))}


def test_a_stage_does_not_reach_the_rooms_after_it() -> None:
    modules = reach.reach_modules(PAGE_STAGES[2].function.__module__)
    assert not {m for m in modules if m.startswith(("storyledger.actors", "storyledger.compare", "storyledger.report"))}


def test_the_versions_of_data_libraries_count(monkeypatch: pytest.MonkeyPatch) -> None:
    (mentions,) = (s for s in PAGE_STAGES if s.name == "mentions")
    libraries = dict(reach.reach_libraries(reach.reach_modules(mentions.function.__module__)))
    assert {"babel", "pycountry", "numpy", "rapidfuzz"} <= set(libraries)
    before = mentions.make_key("a")
    read = reach._read_distribution
    monkeypatch.setattr(reach, "_read_distribution", lambda n: ("99", ()) if n == "pycountry" else read(n))
    reach.digest_module.cache_clear()
    assert mentions.make_key("a") != before
    reach.digest_module.cache_clear()


def test_imports_are_read_as_python_reads_them() -> None:
    for path in sorted(CODE.rglob("*.py")):
        module = ".".join(["storyledger", *path.relative_to(CODE).with_suffix("").parts]).removesuffix(".__init__")
        missing = parse_imports(module, path) - reach.read_imports(module)
        assert not missing, (module, missing)


def parse_imports(module: str, path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            origin = reach._resolve(module, node.level, node.module or "")
            found |= {origin, *(f"{origin}.{a.name}" for a in node.names if reach.is_module(f"{origin}.{a.name}"))}
    return found

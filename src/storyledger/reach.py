"""What a function can reach: the code and data that its result may depend on, as one hash.

The import graph is read from the source, imports inside functions too, and followed from the function's module through
the whole package; of a package that is reached, every data file beside its modules counts, and of other people's
libraries the version, with those that they require in turn. Invariant: whatever line or lexicon row a function can come
to is in its hash. Model weights are left out: the reader has a digest of its own.
"""

from __future__ import annotations

import functools
import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from storyledger.ids import hash_parts

PACKAGE = __name__.partition(".")[0]
CODE = Path(__file__).parent
LEFT_OUT = frozenset({".onnx", ".pyc"})
IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]+)|import[ \t]+([\w.]+[^\n#]*))", re.MULTILINE
)
ON_DEMAND = re.compile(r"import_module\(\"([\w.]+)\"")
COMMENT = re.compile(r"#[^\n]*")
VERSION = re.compile(r"^Version: (.+)$", re.MULTILINE)
REQUIRES = re.compile(r"^Requires-Dist: (.+)$", re.MULTILINE)
REQUIREMENT = re.compile(r"^[\w.-]+")


def digest_reach(function: Callable[..., Any]) -> str:
    """Return a hash of all code and data that ``function`` can reach, and of the versions of the libraries there."""
    return digest_module(function.__module__)


@functools.cache
def digest_module(module: str) -> str:
    """Return ``digest_reach`` of everything in a module of this package."""
    modules = sorted(reach_modules(module))
    files = sorted({f for m in modules for f in (find_source(m), *iter_data(m))})
    code = [(f.relative_to(CODE).as_posix(), _digest_file(f)) for f in files]
    return hash_parts(code, sorted(reach_libraries(modules)))


def reach_modules(module: str) -> set[str]:
    """Return the modules of this package that ``module`` imports, directly or not, itself included.

    Importing a module runs its packages; of the outermost only the file counts, for it loads everything on demand.
    """
    reached: set[str] = set()
    queue = [module]
    while queue:
        current = queue.pop()
        if current in reached:
            continue
        reached.add(current)
        if current != PACKAGE:
            queue += [name for name in read_imports(current) if name.partition(".")[0] == PACKAGE]
            queue.append(current.rpartition(".")[0])
    return reached


@functools.cache
def read_imports(module: str) -> frozenset[str]:
    """Return the modules that a module of this package names in its imports, whether ours or others'.

    Read by the lines' shape: parsing the whole source as Python takes ten times as long, at every start. A test holds
    it against Python's own parser.
    """
    text = find_source(module).read_text(encoding="utf-8")
    found = set(ON_DEMAND.findall(text))
    for dots, origin, names, plain in IMPORT.findall(text):
        if plain:
            found |= {part.split()[0] for part in plain.split(",")}
            continue
        place = _resolve(module, len(dots), origin)
        inside = (
            f"{place}.{part.split()[0]}" for part in COMMENT.sub("", names).strip("()").split(",") if part.strip()
        )
        found |= {place, *(name for name in inside if is_module(name))}
    return frozenset(found)


def _resolve(module: str, dots: int, origin: str) -> str:
    """Return what an import of names comes from; dots count from the module's own package."""
    if not dots:
        return origin
    package = module if find_source(module).name == "__init__.py" else module.rpartition(".")[0]
    parts = package.split(".")
    return ".".join([*parts[: len(parts) - dots + 1], *filter(None, [origin])])


@functools.cache
def is_module(name: str) -> bool:
    """Tell whether this package has a module of that name."""
    return name.partition(".")[0] == PACKAGE and any(p.is_file() for p in _candidates(name))


@functools.cache
def find_source(module: str) -> Path:
    """Return the file of a module of this package.

    Raises:
        FileNotFoundError: there is none.
    """
    for path in _candidates(module):
        if path.is_file():
            return path
    raise FileNotFoundError(module)


def _candidates(module: str) -> tuple[Path, Path]:
    place = CODE.joinpath(*module.split(".")[1:])
    return place / "__init__.py", place.with_suffix(".py")


def iter_data(module: str) -> Iterator[Path]:
    """Yield the data files of a package that a module stands in: beside it and in folders that are no packages.

    Of a module that stands in no package of its own, those of its name.
    """
    source = find_source(module)
    if source.parent != CODE:
        yield from _list_folder(source.parent)
    else:
        yield from (p for p in sorted(CODE.glob(f"{source.stem}.*")) if p.suffix not in {".py", *LEFT_OUT})


@functools.cache
def _list_folder(folder: Path) -> tuple[Path, ...]:
    return tuple(_iter_folder(folder))


def _iter_folder(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name != "__pycache__" and not (path / "__init__.py").is_file():
            yield from _iter_folder(path)
        elif path.is_file() and path.suffix not in {".py", *LEFT_OUT}:
            yield path


@functools.cache
def _digest_file(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def reach_libraries(modules: Iterable[str]) -> set[tuple[str, str]]:
    """Return the name and version of each library that the modules import, and of what those require in turn."""
    names = {name.partition(".")[0] for module in modules for name in read_imports(module) if module != PACKAGE}
    outside = names - {PACKAGE, ""} - sys.stdlib_module_names
    queue = [d for name in sorted(outside) for d in _find_distributions(name)]
    found: dict[str, str] = {}
    while queue:
        name = queue.pop()
        if name not in found:
            version, required = _read_distribution(name)
            found[name] = version
            queue += required
    return set(found.items())


def _find_distributions(name: str) -> list[str]:
    """Return the libraries that an import may come from; most are called as their package is."""
    if _read_distribution(_canonical(name))[0]:
        return [_canonical(name)]
    return [_canonical(d) for d in _distributions().get(name, [])]


@functools.cache
def _distributions() -> dict[str, list[str]]:
    return {name: list(found) for name, found in metadata.packages_distributions().items()}


@functools.cache
def _read_distribution(name: str) -> tuple[str, tuple[str, ...]]:
    """Return the version of a library and the names of those that it always requires; "" where it is absent."""
    try:
        told = metadata.distribution(name).read_text("METADATA") or ""
    except metadata.PackageNotFoundError:
        return "", ()
    head = told.partition("\n\n")[0]  # read by its lines: as a mail message it takes ten times as long
    required = (r for r in REQUIRES.findall(head) if "extra ==" not in r)
    version = VERSION.search(head)
    return version[1] if version else "", tuple(_canonical(m.group()) for r in required if (m := REQUIREMENT.match(r)))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

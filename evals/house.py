"""How much each line decides: ``python -m evals.house [ROOT]`` (``just house``).

By room: functions, their lines at the median and the 95th percentile, decisions a line, and the share of functions
whose complexity is over 10. A decision is a branch that a reader has to follow: ``if``, ``elif``, a ternary, ``for``,
``while``, ``except``, ``case``, each further operand of ``and`` and ``or``, and each ``for`` and ``if`` of a
comprehension; complexity is one more than a function's decisions (McCabe 1976, as radon counts it). Lines are those
from ``def`` to the end, the docstring left out. Functions inside functions count with the outer one and by themselves.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.match_case)
TOO_COMPLEX = 10
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class Measured:
    """One function: where it stands, its lines and its decisions."""

    room: str
    name: str
    lines: int
    decisions: int


def count_decisions(function: ast.AST) -> int:
    """Return how many branches a function has."""
    count = 0
    for node in ast.walk(function):
        count += isinstance(node, BRANCHES)
        count += len(node.values) - 1 if isinstance(node, ast.BoolOp) else 0
        count += 1 + len(node.ifs) if isinstance(node, ast.comprehension) else 0
    return count


def count_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (function.body[0].end_lineno or 0) - function.body[0].lineno + 1
    return lines


def measure_file(path: Path, room: str) -> list[Measured]:
    """Return the functions and methods of a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, FUNCTIONS))
    return [Measured(room, f.name, count_lines(f), count_decisions(f)) for f in functions]


def measure_package(package: Path) -> list[Measured]:
    """Return all functions of a package; its rooms are its folders, what stands beside them is "(root)"."""
    found: list[Measured] = []
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        found += measure_file(path, parts[0] if len(parts) > 1 else "(root)")
    return found


def describe(name: str, own: list[Measured]) -> str:
    """Return the row of a room."""
    lines = [m.lines for m in own]
    far = statistics.quantiles(lines, n=20)[-1] if len(lines) > 1 else lines[0]
    share = sum(m.decisions + 1 > TOO_COMPLEX for m in own) / len(own)
    rate = sum(m.decisions for m in own) / max(1, sum(lines))
    return f"{name:12} {len(own):9} {statistics.median(lines):7.0f} {far:5.0f} {rate:10.2f} {share:9.1%}"


def main() -> int:
    """Print the table."""
    package = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT) / "src" / "storyledger"
    found = measure_package(package)
    rooms: dict[str, list[Measured]] = defaultdict(list)
    for measured in found:
        rooms[measured.room].append(measured)
    print(f"{'room':12} functions  median   95%  decisions  over {TOO_COMPLEX}")
    for name in sorted(rooms):
        print(describe(name, rooms[name]))
    print(describe("whole", found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Write the pages of docs/ that are made from the code: command line, schema, errors, settings, scores.

    python docs/generate.py            write them
    python docs/generate.py --check    exit 1 if one is not what the code would make
"""

from __future__ import annotations

import ast
import dataclasses
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from storyledger.cli import main as cli
from storyledger.errors import StoryledgerError
from storyledger.settings import Settings
from storyledger.store.schema import OWN_TABLES, SCHEMA_VERSION, STORY_TABLES
from storyledger.store.mapping import column_names, iter_tables

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
HEAD = "<!-- made by `just docs-write`; do not edit -->\n"


def command_line() -> str:
    """Return the help of every command."""
    parts = [HEAD, "# Command line\n"]
    for name, command in sorted(cli.commands.items()):
        context = click.Context(command, info_name=f"storyledger {name}", max_content_width=100, terminal_width=100)
        parts.append(f"## {name}\n\n```\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def schema() -> str:
    """Return every table with its columns."""
    parts = [HEAD, f"# The ledger file\n\nSchema version {SCHEMA_VERSION}. One SQLite file; open it with anything.\n"]
    parts.append("Positions are code points into `document.text`. `nth` keeps the order; `parent` is the id (or")
    parts.append("`parent/nth`) of the row that a child belongs to. Lists of plain values are JSON.\n")
    for section, root in STORY_TABLES.items():
        parts.append(f"## {section}\n")
        for table in iter_tables(root):
            parts.append(f"- `{table.name}`: " + ", ".join(f"`{c}`" for c in column_names(table)))
        parts.append("")
    parts.append("## The file's own tables\n")
    parts += [f"```sql\n{' '.join(statement.split())}\n```" for statement in OWN_TABLES]
    return "\n".join(parts) + "\n"


def iter_codes() -> Iterator[tuple[str, str, str]]:
    """Yield ``(code, class, message pattern)`` of every error that the package raises or records."""
    for path in sorted((ROOT / "src" / "storyledger").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found = [a for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                code = next((a.value for a in found if a.value[:2] in ("E-", "W-")), None)
                if code and isinstance(node.func, ast.Name | ast.Attribute):
                    name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                    where = path.relative_to(ROOT / "src" / "storyledger").as_posix()
                    yield code, name, where


def errors() -> str:
    """Return every error code with who can act and where it comes from."""
    statuses = {c.__name__: c.exit_status for c in StoryledgerError.__subclasses__()}
    rows = sorted(set(iter_codes()))
    parts = [HEAD, "# Errors\n", "Exit status by kind: " + ", ".join(f"`{k}` {v}" for k, v in sorted(statuses.items()))]
    parts += ["", "| code | kind | raised in |", "|---|---|---|"]
    parts += [f"| {code} | {kind.strip('_')} | {where} |" for code, kind, where in rows]
    return "\n".join(parts) + "\n"


def settings() -> str:
    """Return every setting with its default."""
    parts = [HEAD, "# Settings\n", (Settings.__doc__ or "").replace("    ", ""), "", "| name | default |", "|---|---|"]
    parts += [f"| {f.name} | {f.default!r} |" for f in dataclasses.fields(Settings)]
    return "\n".join(parts) + "\n"


def scores() -> str:
    """Return the pinned scores as a table, a column a run."""
    path = ROOT / "evals" / "story_floors.json"
    floors = json.loads(path.read_text())["floors"] if path.is_file() else {}
    labels = list(dict.fromkeys(label for values in floors.values() for label in values))
    parts = [HEAD, "# Scores\n", "Reached at the last raising of the floors, by `python -m evals.gate` on `../shared`.\n"]
    parts.append("| measure | " + " | ".join(floors) + " |\n|---|" + "---|" * len(floors))
    for label in labels:
        parts.append(f"| {label} | " + " | ".join(f"{v.get(label, ''):}" for v in floors.values()) + " |")
    return "\n".join(parts) + "\n"


PAGES = {
    "command-line.md": command_line,
    "schema.md": schema,
    "errors.md": errors,
    "settings.md": settings,
    "scores.md": scores,
}


def main() -> int:
    """Write or check the pages."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--check" in sys.argv[1:]:
            stale += [] if path.is_file() and path.read_text(encoding="utf-8") == text else [name]
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"not up to date: {', '.join(stale)}; run `just docs-write`")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())

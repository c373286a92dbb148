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
    everything = click.Context(cli)
    for name in cli.list_commands(everything):
        command = cli.get_command(everything, name)
        if command is None:
            raise LookupError(name)
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


def contract() -> str:
    """Return the keys of story.json, by section, from the values themselves."""
    parts = [HEAD, "# story.json\n", CONTRACT_LEAD]
    for section, root in STORY_TABLES.items():
        parts += [f"## {section}\n", (root.cls.__doc__ or "").strip() + "\n", "| key | type |", "|---|---|"]
        parts += [f"| {f.name} | `{str(f.type).replace('|', chr(92) + '|')}` |" for f in dataclasses.fields(root.cls)]
        parts.append("")
    parts.append("## timeline\n\nEvent ids in order of time.")
    return "\n".join(parts) + "\n"


CONTRACT_LEAD = """\
`storyledger export LEDGER --format story` writes one JSON object: `schema` ("storyledger/story/1"), the sections
below, and `stages` (those that were run). Lists are in a fixed order; ids are the same from run to run on the same
input. An evidence is `{document, start, end, text}`: code points of that document's `text`, end exclusive, and
`text` is exactly what stands there.

`documents[].source_map` rows are `[text_start, text_end, source_start, source_end]`: the text between the first two
stands letter for letter between the last two of the source as received, decoded with `encoding`, without its
byte-order mark. A row whose sides differ in length is one character that the source writes as an entity. What is not
in the map was put there by the program (a newline between paragraphs); no evidence starts or ends there.

Where the file is no text (PDF, Word, a compressed page), the source is text derived from it, UTF-8: `derived` names the
reader and the file's SHA-256, and `sha256` is the source's (docs/pages.md). `completeness` says how much of an article a
document holds: whole, cut, stub, empty or caption, with `completeness_reason`.

`--without-pages` writes null for the documents' `text`; positions and hashes stay, so whoever has the pages can
verify. Numbers are probabilities in [0, 1] where they are called confidence.
"""


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
    parts = [
        HEAD,
        "# Scores\n",
        "Reached at the last raising of the floors, by `python -m evals.gate` on `../shared`.\n",
    ]
    parts.append("| measure | " + " | ".join(floors) + " |\n|---|" + "---|" * len(floors))
    for label in labels:
        parts.append(f"| {label} | " + " | ".join(f"{v.get(label, ''):}" for v in floors.values()) + " |")
    return "\n".join(parts) + "\n"


KEY_MEASURES = {
    "documents / body words": "article text kept and furniture dropped, word F1",
    "documents / published": "publication dates right",
    "actors / names found": "names found, F1",
    "actors / clusters B3": "names of one actor together, B-cubed F1",
    "actors / type accuracy": "types of actors right",
    "statements / core found": "statements found, F1 (overlap .7)",
    "statements / speaker right": "speaker right, of those found",
    "statements / wrong mouth": "put in a wrong mouth, of those in a named one (smaller is better)",
    "times / span and value": "time expressions with value, F1",
    "figures / found": "figures found with their value",
    "events / found (high importance)": "important events found",
    "events / date right": "dates of events right",
    "events / cross-document links": "reports of one event brought together, F1",
    "comparisons / conflict": "conflicts found",
    "comparisons / agreement": "agreements found",
    "copies / found": "copies found",
}


def readme_scores() -> str:
    """Return the README's table of scores."""
    path = ROOT / "evals" / "story_floors.json"
    floors = json.loads(path.read_text())["floors"] if path.is_file() else {}
    lines = ["| | " + " | ".join(floors) + " |", "|---|" + "---|" * len(floors)]
    for label, words in KEY_MEASURES.items():
        lines.append(f"| {words} | " + " | ".join(str(v.get(label, "")) for v in floors.values()) + " |")
    return "\n".join(lines)


def readme() -> str:
    """Return the README with its table of scores made anew."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- scores -->\n")
    _, _, after = rest.partition("<!-- end of scores -->")
    return f"{before}<!-- scores -->\n{readme_scores()}\n<!-- end of scores -->{after}"


PAGES = {
    "../README.md": readme,
    "command-line.md": command_line,
    "contract.md": contract,
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

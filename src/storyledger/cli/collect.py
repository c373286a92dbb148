"""Commands that collect words from a ledger and hand them out: note, dossier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from storyledger.cli.narrow import LEDGER, load_story
from storyledger.cli.say import say
from storyledger.dossier import DEFAULT, Dossier, list_dossiers, write_docx, write_html, write_markdown
from storyledger.errors import UsageError
from storyledger.report.wording import count_noun
from storyledger.store import Ledger
from storyledger.workbench.desk import today
from storyledger.workbench.moves import make_note

WRITERS: Mapping[str, Callable[[Dossier], str | bytes]] = {
    ".docx": write_docx,
    ".md": write_markdown,
    ".html": write_html,
}


@click.command("note")
@LEDGER
@click.argument("entry")
@click.option("--text", help="A comment that stands before the words.")
@click.option("--dossier", default=DEFAULT, show_default=True, help="The dossier that it goes into.")
@click.option("--by", help="Who collects, as they call themselves.")
def note_command(ledger: Path, entry: str, text: str | None, dossier: str, by: str | None) -> None:
    """Collect the words of ENTRY (an id, as `export` and `why` have it) into a dossier of the LEDGER."""
    with Ledger.open(ledger) as opened:
        note = replace(make_note(opened, entry, text, dossier, by), made_on=today())
        opened.add_judgements([note])
    say(f"no. {note.number}, into {dossier}: “{note.a[3]}”")


@click.command("dossier")
@LEDGER
@click.argument("name", required=False)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="FILE.docx, FILE.md, FILE.html.")
def dossier_command(ledger: Path, name: str | None, output: Path | None) -> None:
    """Print a dossier of the LEDGER as Markdown, or write it as a file, its sources as footnotes.

    Without a NAME the dossiers are listed; with -o, where there is but one, that one is written.
    """
    story = load_story(ledger)
    with Ledger.open_readonly(ledger) as opened:
        found = list_dossiers(opened.load_judgements(), story)
    if name is None and not (output and len(found) == 1):
        if output or not found:
            raise UsageError("E-DOSSIER-NAME", f"there are {len(found)} dossiers", "name one; `note` collects into one")
        for dossier in found:
            say(f"{dossier.name}: {count_noun(len(dossier.items), 'note')}")
        return
    dossier = _choose(found, name)
    if output is None:
        say(write_markdown(dossier).rstrip("\n"))
        return
    writer = WRITERS.get(output.suffix.lower())
    if writer is None:
        raise UsageError(
            "E-EXPORT-OUTPUT", f"{output.name} has no ending that is known", "end it in .docx, .md or .html"
        )
    data = writer(dossier)
    output.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    say(str(output))


def _choose(found: list[Dossier], name: str | None) -> Dossier:
    chosen = next((d for d in found if name in (None, d.name)), None)
    if chosen is None:
        known = ", ".join(d.name for d in found) or "none"
        raise UsageError("E-DOSSIER-NAME", f"there is no dossier {name!r}", f"there are: {known}")
    return chosen


COMMANDS = (note_command, dossier_command)

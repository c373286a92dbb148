"""Commands that make something of a ledger: export, datasette, report, brief, why, diff."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import click

from storyledger.api import captures_by_document, write_datasette
from storyledger.brief import write_brief
from storyledger.changes import LINES_AT_MOST, NOTHING_CHANGED, describe_changes
from storyledger.cli.ledgers import check_target, write_account
from storyledger.cli.narrow import AS_OF, LEDGER, load_story
from storyledger.cli.say import hand_out, say
from storyledger.days import check_day
from storyledger.errors import UsageError
from storyledger.events import event_rows, gdelt_rows
from storyledger.export import (
    WRITERS,
    encode_story,
    iter_lines,
    write_canonical,
    write_events,
    write_gdelt,
    write_tables,
)
from storyledger.proof import iter_reasons, trace_entry
from storyledger.show import plain
from storyledger.spelling import for_json
from storyledger.store import Ledger


@click.command("export")
@LEDGER
@click.option(
    "--format",
    "kind",
    type=click.Choice(["story", "csv", "jsonl", "events", "gdelt", "datasette", *WRITERS]),
    default="story",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="File, or folder for all but story and jsonl.")
@click.option("--without-pages", is_flag=True, help="Leave the articles' texts out; positions and hashes stay.")
@AS_OF
def export_command(ledger: Path, kind: str, output: Path | None, without_pages: bool, as_of: str | None) -> None:
    """Write the LEDGER's story for other tools.

    The contract's JSON (story), tables (csv), JSON lines, political events, Parquet by table and day, W3C web
    annotations, a TimelineJS timeline, nodes and edges for Gephi, FollowTheMoney entities, a Datasette site, drafts of
    ClaimReview, GDELT's event columns, places and events as GeoJSON, pages with their marks for spaCy (docbin).
    """
    story = load_story(ledger, as_of)
    if kind not in ("story", "jsonl"):
        if output is None:
            raise UsageError("E-EXPORT-OUTPUT", f"--format {kind} writes a folder", "name it with -o")
        if kind == "datasette":
            written = write_datasette(story, output)
        elif kind == "gdelt":
            written = write_gdelt(gdelt_rows(story), output)
        elif kind in WRITERS:
            written = WRITERS[kind](story, output)
        else:
            written = write_tables(story, output) if kind == "csv" else write_events(event_rows(story), output)
        for path in written:
            say(str(path))
        return
    with Ledger.open_readonly(ledger) as opened:
        shape = opened.read_meta().get("shape")
    text = "\n".join(iter_lines(story)) + "\n" if kind == "jsonl" else ""
    if kind == "story":
        document = encode_story(story, shape)
        if without_pages:
            for record in document["documents"]:
                record["text"] = None
        text = write_canonical(document)
    _write(text, output)


@click.command("datasette")
@LEDGER
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder; else LEDGER-datasette beside it.")
@AS_OF
def datasette_command(ledger: Path, output: Path | None, as_of: str | None) -> None:
    """Write the LEDGER's story as a site for Datasette: a database with search, views of it and questions.

    The ledger stays as it is: it is proved to the byte, and its own tables are not for reading.
    """
    base, metadata = write_datasette(load_story(ledger, as_of), output or ledger.with_name(f"{ledger.stem}-datasette"))
    say(f"site: datasette {shlex.quote(str(base))} --metadata {shlex.quote(str(metadata))}")


@click.command("report")
@LEDGER
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="FILE.html, or DIR/ for a folder.")
@AS_OF
def report_command(ledger: Path, output: Path, as_of: str | None) -> None:
    """Write the account of the LEDGER as a page that needs nothing else."""
    check_target(output)
    with Ledger.open_readonly(ledger) as opened:
        write_account(opened, output, as_of)
    say(f"account: {output}")


@click.command("brief")
@LEDGER
@click.option("--since", metavar="YYYY-MM-DD", help="Also list what pages of this day and later tell first.")
@click.option("--markdown", is_flag=True, help="Headings and lists as Markdown.")
@AS_OF
def brief_command(ledger: Path, since: str | None, markdown: bool, as_of: str | None) -> None:
    """Print the LEDGER's story for ten minutes: what happened, what is disputed, what is new."""
    for line in write_brief(load_story(ledger, as_of), check_day(since) if since else None, markdown=markdown):
        say(line)


@click.command("why")
@LEDGER
@click.argument("ident", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def why_command(ledger: Path, ident: str, as_json: bool) -> None:
    """Print the chain from the entry ID (or its first characters) to the bytes it rests on."""
    with Ledger.open_readonly(ledger) as opened:
        story = opened.load_finished_story()
        captures = captures_by_document(opened, story)
        steps = opened.load_steps()
    section, entry, links = trace_entry(story, ident, captures)
    if as_json:
        rows = [{name: getattr(link, name) for name in link.__slots__} for link in links]
        say(for_json(json.dumps({"section": section, "id": entry.id, "links": rows}, ensure_ascii=False)))
        return
    say(f"{section} {entry.id}")
    for reason in iter_reasons(entry):
        say(f"  why: {plain(reason)}")
    for link in links:
        say(f"\n  {plain(link.outlet or link.path)}, {link.published or 'undated'}: {link.path}")
        say(f"  …{plain(link.before)} [{plain(link.words)}] {plain(link.after)}…")
        place = f"source [{link.source_start}:{link.source_end}]" if link.source_start is not None else "no source"
        place = f"{link.place} of the file, {place}" if link.place else place
        held = "no capture kept" if link.source_words is None else f"capture reads {plain(link.source_words)!r}"
        say(f"  text [{link.start}:{link.end}], {place}, {held}")
        say(f"  page sha256 {link.sha256}")
        for stage, key in steps.get(link.document, ()):
            say(f"  made by {stage}, step {key[:16]}")


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--all", "show_all", is_flag=True, help="Every line; without it 40 under each heading.")
def diff_command(old: Path, new: Path, show_all: bool) -> None:
    """Print what changed from the ledger OLD to the ledger NEW: pages, actors, statements, events, numbers, conflicts.

    Exits with 1 where something changed, 0 where nothing did.
    """
    lines = list(describe_changes(load_story(old), load_story(new), sys.maxsize if show_all else LINES_AT_MOST))
    for line in lines:
        say(line)
    if lines != [NOTHING_CHANGED]:
        sys.exit(1)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        hand_out(text)
    else:
        output.write_text(text, encoding="utf-8")


COMMANDS = (export_command, datasette_command, report_command, brief_command, why_command, diff_command)

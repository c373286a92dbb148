"""The command that follows a folder: watch."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import click

from storyledger import pipeline
from storyledger.changes import Change, iter_changes
from storyledger.cli.build import describe_failure
from storyledger.cli.ledgers import LEDGER_TO_WRITE
from storyledger.cli.say import say
from storyledger.errors import NothingRead
from storyledger.ids import hash_parts
from storyledger.settings import Settings
from storyledger.spelling import for_json
from storyledger.store import Ledger

State = tuple[tuple[str, int, int], ...]
MOST_IN_FEED = 200  # entries; older ones are in the ledger all the same


@click.command("watch")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", type=LEDGER_TO_WRITE, required=True, help="The ledger to write; added to if it exists.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0.2, 3600), help="Seconds between looks."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON line a change.")
@click.option("--feed", type=click.Path(dir_okay=False, path_type=Path), help="Also keep an Atom feed of the changes.")
@click.option("--times", default=0, type=click.IntRange(0), help="Look so many times and end (0: until Ctrl-C).")
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Processes to use (0: as many as fit).")
def watch_command(
    folder: Path, output: Path, every: float, as_json: bool, feed: Path | None, times: int, workers: int
) -> None:
    """Build as files arrive in FOLDER, and say what is new.

    New pages, events, statements by whom, numbers and conflicts that changed; a file is read once it has stopped
    growing. Between looks the ledger is free for others.
    """
    built: State | None = None
    before = _look(folder, output)
    look = 0
    while True:
        look += 1
        now = _look(folder, output)
        if now and now == before and now != built:
            changes = _build(folder, output, workers)
            built = now
            _tell(changes, as_json)
            if feed is not None and changes:
                _write_feed(feed, changes)
        before = now
        if look == times:
            return
        time.sleep(every)


def _look(folder: Path, output: Path) -> State:
    """Return the files of ``folder`` with their size and time; the ledger and what stands beside it are none."""
    own = output.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not str(path.resolve()).startswith(str(own)):
            told = path.stat()
            found.append((str(path), told.st_size, told.st_mtime_ns))
    return tuple(found)


def _build(folder: Path, output: Path, workers: int) -> list[Change]:
    with Ledger.create(output) as ledger:
        old = ledger.load_story()
        try:
            summary = pipeline.build_story([str(folder)], ledger, Settings(workers=workers))
        except NothingRead as error:
            say(f"storyledger: {error}", err=True)
            return []
        for failure in summary.failures:
            say(describe_failure(failure), err=True)
        return list(iter_changes(old, ledger.load_story()))


def _tell(changes: Iterable[Change], as_json: bool) -> None:
    heading = ""
    for change in changes:
        if as_json:
            row = {"at": _now(), "section": change.heading, "change": change.line}
            say(for_json(json.dumps(row, ensure_ascii=False)))
            continue
        if change.heading != heading:
            heading = change.heading
            say(f"{heading} ({_now()})")
        say(f"  {change.line}")


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _write_feed(path: Path, changes: Sequence[Change]) -> None:
    """Put ``changes`` before what the feed at ``path`` has, as Atom (RFC 4287)."""
    now = _now()
    new = [
        f"<entry><id>urn:storyledger:{hash_parts(now, n, c.heading, c.line)[:32]}</id><updated>{now}</updated>"
        f"<title>{escape(f'{c.heading}: {c.line}')}</title><category term={quoteattr(c.heading)}/></entry>"
        for n, c in enumerate(changes)
    ]
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    kept = [*new, *(line for line in lines if line.startswith("<entry>"))][:MOST_IN_FEED]
    head = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:storyledger:watch</id><title>What is new</title><updated>{now}</updated>"
        "<author><name>Storyledger</name></author>"
    )
    text = "\n".join([head, *(" ".join(entry.split("\n")) for entry in kept), "</feed>"]) + "\n"
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


COMMANDS = (watch_command,)

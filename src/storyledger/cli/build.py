"""Commands that make something of pages or exports: build, import, extract, read."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from storyledger import api, pipeline
from storyledger.cli.explain import explain_page
from storyledger.cli.ledgers import LEDGER_TO_WRITE, check_target, import_story, write_account
from storyledger.cli.say import say
from storyledger.errors import NothingRead
from storyledger.pipeline import Summary
from storyledger.settings import Settings
from storyledger.spelling import for_json
from storyledger.store import Ledger
from storyledger.types import Failure
from storyledger.work import Listener, Progress

FAILURES_SHOWN = 20


@click.command("build")
@click.argument("paths", nargs=-1, required=True)
@click.option("-o", "--output", type=LEDGER_TO_WRITE, required=True, help="The ledger to write; added to if it exists.")
@click.option("--report", type=click.Path(path_type=Path), help="Also write the account here (FILE.html or DIR/).")
@click.option("--model", type=click.Path(path_type=Path), help="Folder of another reader model.")
@click.option("--no-keep-pages", is_flag=True, help="Do not keep the pages' bytes in the ledger.")
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Processes to use (0: as many as fit).")
@click.option(
    "--engine",
    type=click.Choice(["processes", "ray"]),
    default="processes",
    show_default=True,
    help="What to work on: processes of this machine, or Ray (the cluster at RAY_ADDRESS, or one started here).",
)
@click.option("--strict", is_flag=True, help="Exit with 1 if any page failed.")
@click.option("--quiet", is_flag=True, help="No progress.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def build_command(
    paths: tuple[str, ...],
    output: Path,
    report: Path | None,
    model: Path | None,
    no_keep_pages: bool,
    workers: int,
    engine: Literal["processes", "ray"],
    strict: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Read the pages at PATHS (files, folders, - for standard input) into a ledger.

    Run it again with more pages: only what changed is done again. Interrupted, it goes on from there.
    """
    settings = Settings(model=model, keep_pages=not no_keep_pages, workers=workers, engine=engine)
    if report is not None:
        check_target(report)
    existed = output.exists()
    with Ledger.create(output) as ledger:
        try:
            with _progress(quiet or as_json) as listener:
                summary = pipeline.build_story(paths, ledger, settings, listener, sys.stdin.buffer)
        except NothingRead:
            ledger.close()
            if not existed:
                output.unlink(missing_ok=True)
            raise
        if report is not None:
            write_account(ledger, report)
    _print_summary(summary, output, report, as_json)
    if strict and summary.failures:
        sys.exit(1)


@click.command("import")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=LEDGER_TO_WRITE, required=True, help="The ledger to write; must not exist.")
@click.option("--pages", type=click.Path(exists=True, path_type=Path), help="Folder of the pages it was made from.")
def import_command(export: Path, output: Path, pages: Path | None) -> None:
    """Make a ledger from an EXPORT (story.json), so that it can be shown, verified and reported on."""
    story, found = import_story(export, output, pages)
    kept = f", {found} of {len(story.documents)} pages found" if pages else ""
    say(f"{output}: {len(story.documents)} documents, {len(story.actors)} actors{kept}")


@click.command("extract")
@click.argument("files", nargs=-1, required=True)
@click.option("--explain", is_flag=True, help="Print what was taken of each page, what was dropped, and why.")
def extract_command(files: tuple[str, ...], explain: bool) -> None:
    """Print one JSON line a page: path, title, outlet, authors, published, text and more."""
    failures: list[Failure] = []
    done = 0
    for page, article in api.extract_pages(files, failures):
        if explain:
            for line in explain_page(page, article):
                say(line)
        elif article is not None:
            say(for_json(json.dumps(api.extract_record(article), ensure_ascii=False)))
        done += article is not None
    for failure in failures:
        say(describe_failure(failure), err=True)
    if not done:
        raise NothingRead("E-PILE-EMPTY", "no page could be read", "name files or folders with saved pages")


@click.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--published", help="ISO date that “yesterday” counts from.")
@click.option("--outlet", help="Who published the text.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (the default prints the statements and events).")
def read_command(file: str, published: str | None, outlet: str | None, as_json: bool) -> None:
    """Print what one FILE tells: names, statements, times, events, figures, with positions.

    A text is read as it stands; of a saved page, a PDF, a mail its article is, and the positions count in that:
    --json prints it as "text".
    """
    result = api.read_file(file, published, outlet, sys.stdin.buffer)
    if result.article.completeness_reason:
        say(f"W-PAGE-PART {file}: {result.article.completeness}: {result.article.completeness_reason}", err=True)
    if as_json:
        keep = {f.name: getattr(result, f.name) for f in dataclasses.fields(result) if f.name != "article"}
        keep["text"] = result.article.text
        say(for_json(json.dumps(msgspec.to_builtins(keep), ensure_ascii=False)))
        return
    names = {a.id: a.name for a in result.actors}
    for actor in result.actors:
        say(f"{actor.type:13} {actor.name} ({len(actor.mentions)})")
    for said in result.statements:
        who = names.get(said.speaker.actor or "", said.speaker.text or "?")
        say(f"[{said.content.start}:{said.content.end}] {who} {said.act}: {said.content.text}")
    for event in result.events:
        say(f"{event.type:11} {event.status:10} {event.summary}")


COMMANDS = (build_command, import_command, extract_command, read_command)


# ------------------------------------------------------------------ printing


def describe_failure(failure: Failure) -> str:
    """Return the one line about a page that failed: which, what is wrong, what to do."""
    name = failure.path + (f" [{failure.record}]" if failure.record else "")
    return f"{failure.code} {name}: {failure.message}" + (f" ({failure.advice})" if failure.advice else "")


def _print_summary(summary: Summary, output: Path, report: Path | None, as_json: bool) -> None:
    if as_json:
        fields = dataclasses.asdict(summary)
        say(for_json(json.dumps({**fields, "ledger": str(output), "report": str(report) if report else None})))
        return
    for failure in summary.failures[:FAILURES_SHOWN]:
        say(describe_failure(failure), err=True)
    if len(summary.failures) > FAILURES_SHOWN:
        say(f"... and {len(summary.failures) - FAILURES_SHOWN} more, in the table “failure”", err=True)
    c = summary.counts
    say(
        f"{summary.pages} pages, {summary.articles} articles, {summary.words:,} words, "
        f"{len(summary.failures)} failures, {summary.seconds:.1f} s"
    )
    if summary.partial:
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(summary.partial.items()))
        say(f"not whole: {told} (storyledger show {output} sources says why)")
    say(
        f"{c['actors']} actors, {c['statements']} statements, {c['events']} events, {c['figures']} figures, "
        f"{c['comparisons']} comparisons"
    )
    say(f"ledger: {output}")
    say(f"account: {report}" if report else f"account: storyledger report {output} -o story.html")


@contextmanager
def _progress(quiet: bool) -> Iterator[Listener]:
    """Give a listener that draws a bar a stage on a terminal, and is silent elsewhere."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda _: None
        return
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
    )
    with Bar(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        yield _Listener(bar)


class _Listener:
    """Draws what the pipeline reports."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self._tasks, self._begun = bar, {}, {}  # type: ignore[var-annotated]

    def __call__(self, progress: Progress) -> None:
        stage = progress.stage
        if stage not in self._tasks:
            self._tasks[stage] = self._bar.add_task(stage, total=progress.total or None, rate="")
            self._begun[stage] = time.monotonic()
        seconds = time.monotonic() - self._begun[stage]
        rate = f"{progress.words / seconds:,.0f} words/s" if progress.words and seconds > 1 else ""
        total = progress.total or (progress.done or None)
        self._bar.update(self._tasks[stage], completed=progress.done, total=total, rate=rate)

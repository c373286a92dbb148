"""The one command that speaks to a network: fetch."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from storyledger.cli.build import describe_failure
from storyledger.cli.say import say
from storyledger.errors import NothingRead
from storyledger.harvest import fetch_feeds
from storyledger.show import plain


@click.command("fetch")
@click.argument("feeds", nargs=-1, required=True)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The WARC to add to."
)
@click.option("--most", default=50, show_default=True, type=click.IntRange(1, 1000), help="Pages of one feed.")
@click.option(
    "--delay",
    default=2.0,
    show_default=True,
    type=click.FloatRange(0.0, 60.0),
    help="Seconds between requests.",
)
@click.option("--quiet", is_flag=True, help="No progress.")
def fetch_command(feeds: tuple[str, ...], output: Path, most: int, delay: float, quiet: bool) -> None:
    """Fetch the pages that FEEDS (addresses of RSS or Atom feeds) name into a WARC, which `build` reads.

    No other command uses the network. robots.txt is obeyed, requests to one host wait for one another, and what the
    file already has is not fetched again: run it every hour beside `watch`.
    """
    console = Console(stderr=True, quiet=quiet or not sys.stderr.isatty(), markup=False)
    with console.status("fetching") as status:
        harvest = fetch_feeds(
            feeds, output, most=most, delay=delay, listener=lambda address: status.update(plain(address))
        )
    for failure in harvest.failures:
        say(describe_failure(failure), err=True)
    if not harvest.kept and not harvest.known:
        raise NothingRead("E-FETCH-NOTHING", "no page was fetched", "see the lines above")
    say(f"{harvest.kept} pages fetched, {harvest.known} were there before, {len(harvest.failures)} failures: {output}")


COMMANDS = (fetch_command,)

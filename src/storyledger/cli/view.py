"""Commands that print what a ledger has: show, stories."""

from __future__ import annotations

import json
from pathlib import Path

import click

from storyledger.cli.narrow import AS_OF, LEDGER, load_story, narrow_story
from storyledger.cli.say import say
from storyledger.days import check_day
from storyledger.show import VIEWS, list_stories, show_story


@click.command("show")
@LEDGER
@click.argument("section", type=click.Choice(list(VIEWS)), default="timeline")
@click.option("--actor", metavar="NAME", help="Only what this actor (a name, or part of one) says or takes part in.")
@click.option("--outlet", metavar="NAME", help="Only what pages of this outlet tell.")
@click.option("--since", metavar="YYYY-MM-DD", help="Only what pages of this day and later tell.")
@AS_OF
def show_command(
    ledger: Path, section: str, actor: str | None, outlet: str | None, since: str | None, as_of: str | None
) -> None:
    """Print a SECTION of the LEDGER's story, readable at 80 columns."""
    story = narrow_story(load_story(ledger, as_of), actor, outlet, check_day(since) if since else None)
    for line in show_story(story, section):
        say(line)


@click.command("stories")
@LEDGER
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def stories_command(ledger: Path, as_json: bool) -> None:
    """List the stories that the pages of LEDGER tell, the earliest first."""
    story = load_story(ledger)
    if as_json:
        say(json.dumps({"stories": list_stories(story)}, ensure_ascii=False, indent=1))
        return
    for line in show_story(story, "stories"):
        say(line)


COMMANDS = (show_command, stories_command)

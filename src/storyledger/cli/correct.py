"""Commands that correct a ledger: judge, reject, rename, judgements.

A correction is written to the ledger's journal, keyed to evidence in the source, and obeyed at once by
building anew what rests on the cast; ``--later`` leaves that to the next build.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TextIO

import click

from storyledger import pipeline
from storyledger.actors import check_judgements, find_mention_key
from storyledger.cli.ledgers import LEDGER
from storyledger.errors import UsageError
from storyledger.journal import MentionKey, list_active, make_judgement, read_judgements, write_judgements
from storyledger.settings import Settings
from storyledger.show import plain
from storyledger.store import Ledger
from storyledger.types import Actor, ActorMention, Judgement, Story

BECAUSE = click.option("--because", help="Why, for whoever reads the journal.")
LATER = click.option("--later", is_flag=True, help="Only write it down; the next build obeys it.")


@click.command("judge")
@LEDGER
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice(["same", "different"]))
@BECAUSE
@LATER
def judge_command(ledger: Path, a: str, b: str, verdict: str, because: str | None, later: bool) -> None:
    """Say that A and B are the SAME actor, or DIFFERENT ones.

    A and B are actor ids, names, or one mention as PATH@START (its file and its position in the text, as `why` prints).
    """
    with Ledger.open(ledger) as opened:
        story, number = opened.load_story(), _next_number(opened)
        keys = _find_key(story, a), _find_key(story, b)
        verb = {"same": "same", "different": "different"}[verdict]
        entry = make_judgement(number, verb, keys[0], b=keys[1], because=because, made_on=_today())  # type: ignore[arg-type]
        _enter(opened, [entry], later)


@click.command("reject")
@LEDGER
@click.argument("target")
@BECAUSE
@LATER
def reject_command(ledger: Path, target: str, because: str | None, later: bool) -> None:
    """Say that TARGET (an actor's id or name, or PATH@START) is no actor at all."""
    with Ledger.open(ledger) as opened:
        key = _find_key(opened.load_story(), target)
        entry = make_judgement(_next_number(opened), "reject", key, because=because, made_on=_today())
        _enter(opened, [entry], later)


@click.command("rename")
@LEDGER
@click.argument("target")
@click.argument("name")
@BECAUSE
@LATER
def rename_command(ledger: Path, target: str, name: str, because: str | None, later: bool) -> None:
    """Give TARGET (an actor's id or name, or PATH@START) another NAME in the account."""
    with Ledger.open(ledger) as opened:
        key = _find_key(opened.load_story(), target)
        entry = make_judgement(_next_number(opened), "rename", key, value=name, because=because, made_on=_today())
        _enter(opened, [entry], later)


@click.command("judgements")
@LEDGER
@click.option("--undo", type=int, metavar="NUMBER", help="Take this judgement back.")
@click.option("--export", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the journal here.")
@click.option("--import", "source", type=click.File(encoding="utf-8"), help="Add a colleague's journal to this one.")
@LATER
def judgements_command(ledger: Path, undo: int | None, target: Path | None, source: TextIO | None, later: bool) -> None:
    """List the journal of corrections, and what of it could not be obeyed; undo, export, import."""
    with Ledger.open(ledger) as opened:
        known = opened.load_judgements()
        if undo is not None:
            _enter(opened, [_make_undo(known, undo)], later)
        if source is not None:
            _enter(opened, read_judgements(source.read(), known), later)
        if target is not None:
            target.write_text(write_judgements(known), encoding="utf-8")
            click.echo(f"{len(known)} judgements: {target}")
        _print_journal(opened)


COMMANDS = (judge_command, reject_command, rename_command, judgements_command)


def _enter(ledger: Ledger, entries: list[Judgement], later: bool) -> None:
    """Write entries to the journal and have them obeyed."""
    ledger.add_judgements(entries)
    for entry in entries:
        click.echo(f"judgement {_describe(entry)}")
    if not later and "shape" not in ledger.read_meta():
        pipeline.build_story((), ledger, Settings())


def _print_journal(ledger: Ledger) -> None:
    journal, story = ledger.load_judgements(), ledger.load_story()
    active = {j.number for j in list_active(journal)}
    problems = {p.number: p.message for p in check_judgements(journal, story.actors, story.documents)}
    for entry in journal:
        undone = "" if entry.number in active or entry.verb == "undo" else " [undone]"
        click.echo(f"{_describe(entry)}{undone}")
        if entry.number in problems:
            click.echo(f"   not in force: {plain(problems[entry.number])}")


def _describe(entry: Judgement) -> str:
    words = [f"“{plain(key[3])}”" for key in (entry.a, entry.b) if key]
    told = " and ".join(words) if entry.verb in ("same", "different") else words[0]
    value = f" {plain(entry.value)}" if entry.value else ""
    because = f" because {plain(entry.because)}" if entry.because else ""
    return f"{entry.number}. {entry.verb} {told}{value}{because} ({entry.made_on})"


def _make_undo(known: list[Judgement], number: int) -> Judgement:
    target = next((j for j in known if j.number == number), None)
    if target is None:
        raise UsageError("E-JUDGE-NUMBER", f"there is no judgement {number}", "`storyledger judgements` lists them")
    return make_judgement(max(j.number for j in known) + 1, "undo", target.a, value=str(number), made_on=_today())


def _find_key(story: Story, target: str) -> MentionKey:
    return find_mention_key(_find_target(story, target), story.documents)


def _find_target(story: Story, target: str) -> Actor | ActorMention:
    """Return the actor or mention that a person means by an id, a name, or PATH@START."""
    path, at, start = target.rpartition("@")
    if at and start.isdigit():
        ids = {a.id for a in story.documents if a.path == path}
        spots = [m for a in story.actors for m in a.mentions if m.document in ids and m.start <= int(start) < m.end]
        if spots:
            return min(spots, key=lambda m: m.end - m.start)
        raise UsageError("E-JUDGE-TARGET", f"no mention stands at {target}", "`storyledger why ACTOR` prints positions")
    wanted = target.casefold()
    found = [a for a in story.actors if a.id.startswith(target)]
    found = found or [a for a in story.actors if a.name.casefold() == wanted]
    found = found or [a for a in story.actors if any(x.text.casefold() == wanted for x in a.aliases)]
    if len(found) == 1:
        return found[0]
    which = "no actor is" if not found else f"{len(found)} actors are"
    raise UsageError(
        "E-JUDGE-TARGET", f"{which} called {target!r}", "name it by its id: `storyledger show LEDGER actors`"
    )


def _next_number(ledger: Ledger) -> int:
    return max((j.number for j in ledger.load_judgements()), default=0) + 1


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()

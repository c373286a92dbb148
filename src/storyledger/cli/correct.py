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
from storyledger.actors import check_judgements
from storyledger.cli.narrow import LEDGER
from storyledger.cli.say import say
from storyledger.cli.targets import (
    find_event,
    find_page,
    key_actor,
    key_one_event,
    key_page,
    key_two_events,
    names_event,
)
from storyledger.corrections import check_corrections, check_value
from storyledger.errors import UsageError
from storyledger.events import check_event_judgements
from storyledger.journal import list_active, make_judgement, read_judgements, write_judgements
from storyledger.settings import Settings
from storyledger.show import plain
from storyledger.store import Ledger
from storyledger.types import Judgement, JudgementVerb

BECAUSE = click.option("--because", help="Why, for whoever reads the journal.")
EVENT = click.option("--event", "is_event", is_flag=True, help="PATH@START is where an event is told.")
BY = click.option("--by", envvar="STORYLEDGER_BY", help="Who judges, as they call themselves (or STORYLEDGER_BY).")
LATER = click.option("--later", is_flag=True, help="Only write it down; the next build obeys it.")


VERDICTS: dict[tuple[str, str], JudgementVerb] = {
    ("actor", "same"): "same",
    ("actor", "different"): "different",
    ("event", "same"): "same_event",
    ("event", "different"): "different_event",
    ("page", "same"): "same_story",
    ("page", "different"): "different_story",
}


@click.command("judge")
@LEDGER
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice(["same", "different"]))
@EVENT
@BECAUSE
@BY
@LATER
def judge_command(
    ledger: Path, a: str, b: str, verdict: str, is_event: bool, because: str | None, by: str | None, later: bool
) -> None:
    """Say that A and B are the SAME actor, event or story, or DIFFERENT ones.

    A and B are two actors (ids, or names) or two events (ids); or one mention as PATH@START (its file and its position
    in the text, as `why` prints). Beside an event's id, or with --event, PATH@START is one telling of an event: so one
    telling is taken out of an event that it does not belong to.

    A and B may also be two pages (their files, as `stories` lists them): SAME moves page A to the story of page B,
    DIFFERENT takes it out of that story.
    """
    with Ledger.open(ledger) as opened:
        story, number = opened.load_story(), _next_number(opened)
        if is_event or names_event(a) or names_event(b):
            subject, keys = "event", key_two_events(story, a, b)
        elif (one := find_page(story, a)) and (other := find_page(story, b)):
            subject, keys = "page", (key_page(one), key_page(other))
        else:
            subject, keys = "actor", (key_actor(story, a), key_actor(story, b))
        verb = VERDICTS[subject, verdict]
        entry = make_judgement(number, verb, keys[0], b=keys[1], because=because, made_on=_today(), by=by)
        _enter(opened, [entry], later)


@click.command("reject")
@LEDGER
@click.argument("target")
@EVENT
@BECAUSE
@BY
@LATER
def reject_command(ledger: Path, target: str, is_event: bool, because: str | None, by: str | None, later: bool) -> None:
    """Say that TARGET is no actor at all, or no event.

    TARGET is an actor's id or name, or PATH@START; or an event's id, or PATH@START with --event.
    """
    with Ledger.open(ledger) as opened:
        story = opened.load_story()
        about_event = is_event or names_event(target)
        key = key_one_event(story, find_event(story, target)) if about_event else key_actor(story, target)
        verb: JudgementVerb = "reject_event" if about_event else "reject"
        entry = make_judgement(_next_number(opened), verb, key, because=because, made_on=_today(), by=by)
        _enter(opened, [entry], later)


@click.command("rename")
@LEDGER
@click.argument("target")
@click.argument("name")
@BECAUSE
@BY
@LATER
def rename_command(ledger: Path, target: str, name: str, because: str | None, by: str | None, later: bool) -> None:
    """Give TARGET (an actor's id or name, or PATH@START) another NAME in the account."""
    with Ledger.open(ledger) as opened:
        key = key_actor(opened.load_story(), target)
        entry = make_judgement(
            _next_number(opened), "rename", key, value=name, because=because, made_on=_today(), by=by
        )
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
            entries = read_judgements(source.read(), known)
            for entry in entries:
                check_value(entry.verb, entry.value)
            _enter(opened, entries, later)
        if target is not None:
            target.write_text(write_judgements(known), encoding="utf-8")
            say(f"{len(known)} judgements: {target}")
        _print_journal(opened)


COMMANDS = (judge_command, reject_command, rename_command, judgements_command)


def _enter(ledger: Ledger, entries: list[Judgement], later: bool) -> None:
    """Write entries to the journal and have them obeyed."""
    ledger.add_judgements(entries)
    for entry in entries:
        say(f"judgement {_describe(entry)}")
    if later or "shape" in ledger.read_meta():
        return
    before = ledger.load_story()
    counts = pipeline.build_story((), ledger, Settings()).counts
    was = {"actors": len(before.actors), "events": len(before.events)}
    say("built anew: " + ", ".join(f"{counts[name]} {name} (before: {was[name]})" for name in was))
    problems = _find_problems(ledger)
    for entry in entries:
        if entry.number in problems:
            say(f"   not in force: {plain(problems[entry.number])}")


def _find_problems(ledger: Ledger) -> dict[int, str]:
    """Return, by number, why an entry of the journal is not in force."""
    journal, story = ledger.load_judgements(), ledger.load_story()
    found = check_judgements(journal, story.actors, story.documents)
    found += check_event_judgements(journal, story.events, story.documents)
    found += check_corrections(journal, story)
    return {p.number: p.message for p in found}


def _print_journal(ledger: Ledger) -> None:
    journal = ledger.load_judgements()
    active, problems = {j.number for j in list_active(journal)}, _find_problems(ledger)
    if not journal:
        say("no judgements")
    for entry in journal:
        undone = "" if entry.number in active or entry.verb == "undo" else " [undone]"
        say(f"{_describe(entry)}{undone}")
        if entry.number in problems:
            say(f"   not in force: {plain(problems[entry.number])}")


def _describe(entry: Judgement) -> str:
    words = [f"“{plain(key[3])}”" for key in (entry.a, entry.b) if key]
    told = " and ".join(words) if entry.b is not None else words[0]
    value = f" {plain(entry.value)}" if entry.value else ""
    because = f" because {plain(entry.because)}" if entry.because else ""
    by = f", {plain(entry.by)}" if entry.by else ""
    return f"{entry.number}. {entry.verb.replace('_', ' ')} {told}{value}{because} ({entry.made_on}{by})"


def _make_undo(known: list[Judgement], number: int) -> Judgement:
    target = next((j for j in known if j.number == number), None)
    if target is None:
        raise UsageError("E-JUDGE-NUMBER", f"there is no judgement {number}", "`storyledger judgements` lists them")
    return make_judgement(max(j.number for j in known) + 1, "undo", target.a, value=str(number), made_on=_today())


def _next_number(ledger: Ledger) -> int:
    return max((j.number for j in ledger.load_judgements()), default=0) + 1


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()

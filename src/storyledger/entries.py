"""The border on the way out: what a story says can be stored, proves itself, and has an id of its own.

Invariant: an entry that cannot be shown is counted and left out, with what refers to it; its neighbours stay.
This module must not know how an entry was made.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import msgspec

from storyledger.ids import make_id
from storyledger.proof import Problem, iter_problems
from storyledger.types import Failure, Story

SECTIONS = ("documents", "actors", "statements", "events", "figures", "ledger", "times", "comparisons", "omissions")


def drop_unproven(story: Story, failures: list[Failure]) -> Story:
    """Return ``story`` without entries that break the contract; each is counted as a failure of ours.

    An entry that refers to a dropped one goes too, so the check is run until it finds nothing.
    """
    story = settle_ids(story)
    problems = [*iter_unstorable(story), *iter_problems(story, {})]
    while problems:
        for problem in problems:
            message = f"{problem.section} {problem.entry}: {problem.what}"
            advice = "the entry was left out; please report it"
            failures.append(Failure("", None, problem.section, "E-BUG-ENTRY", message, advice))
        story = _without(story, {(p.section, p.entry) for p in problems})
        problems = [p for p in iter_problems(story, {}) if p.section != "documents"]
    return story


def _without(story: Story, bad: set[tuple[str, str]]) -> Story:
    kept: dict[str, Any] = {}
    for section in SECTIONS[1:]:
        names = [(getattr(e, "id", None) or getattr(e, "about", ""), e) for e in getattr(story, section)]
        kept[section] = tuple(
            e for n, (name, e) in enumerate(names) if not {(section, name), (section, f"{section}[{n}]")} & bad
        )
    told = {e.id for e in kept["events"]}
    return replace(story, **kept, timeline=tuple(i for i in story.timeline if i in told))


def settle_ids(story: Story) -> Story:
    """Return ``story`` with each entry once and no id twice: equal entries are one, others of its id get their own."""
    kept = {s: _settle(getattr(story, s)) for s in SECTIONS if any(hasattr(e, "id") for e in getattr(story, s)[:1])}
    return replace(story, **kept)


def _settle(entries: Sequence[Any]) -> tuple[Any, ...]:
    by_id: dict[str, list[Any]] = {}
    for entry in entries:
        same = by_id.setdefault(entry.id, [])
        if entry not in same:
            same.append(entry)
    if all(len(same) == 1 for same in by_id.values()) and len(by_id) == len(entries):
        return tuple(entries)
    return tuple(replace(e, id=_nth_id(i, n)) for i, same in by_id.items() for n, e in enumerate(same))


def _nth_id(ident: str, number: int) -> str:
    return make_id(ident.partition(":")[0], ident, number) if number else ident


def iter_unstorable(story: Story) -> Iterator[Problem]:
    """Yield the entries that a table or JSON cannot hold: half characters, numbers beyond a float."""
    for section in SECTIONS:
        for number, entry in enumerate(getattr(story, section)):
            name = getattr(entry, "id", None) or f"{section}[{number}]"
            try:
                msgspec.msgpack.encode(entry)
            except (UnicodeError, OverflowError, ValueError, TypeError) as error:
                yield Problem(section, name, f"cannot be stored: {type(error).__name__}")
            else:
                if not all(map(math.isfinite, _iter_numbers(entry))):
                    yield Problem(section, name, "a number beyond any")


def _iter_numbers(entry: Any) -> Iterator[float]:
    """Yield the floats of an entry itself; those inside its parts are probabilities."""
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, float):
            yield value

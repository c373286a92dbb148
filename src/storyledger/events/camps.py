"""Which state an actor acts for, read from its name alone: "U.S. troops" and "Washington" for the United States.

One job: from the cast to ISO codes of states. A name that speaks of two states, or of a state only as its
whereabouts ("in", "of" after anything but a government), has none. This module must not know reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from storyledger.events.lexicon import base_forms, load_classes, load_words
from storyledger.nations import find_capital, find_country, find_demonym
from storyledger.types import Actor, EventReport, Participant

_STATES = frozenset({"country", "government", "armed_group"})
_BREAKS = frozenset({"in", "of", "at", "from", "on", "that", "who", "which"})
# What a state can do only through its government; it can be attacked, and its troops can leave, without it.
_POLITICAL = frozenset(
    {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "AID", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"}
)


def find_camps(actors: Iterable[Actor]) -> dict[str, str]:
    """Return by actor id the ISO code of the state that a country, a government or its troops act for."""
    camps = {}
    for actor in actors:
        code = (
            _find_code(actor) if actor.type in _STATES else _find_troops(actor.name) if actor.type == "group" else None
        )
        if code is not None:
            camps[actor.id] = code
    return camps


def _find_code(actor: Actor) -> str | None:
    codes = {_read_state(alias.text) for alias in actor.aliases if alias.kind == "name"} or {_read_state(actor.name)}
    codes.discard(None)
    return codes.pop() if len(codes) == 1 else None


def _read_state(name: str) -> str | None:
    """The state of "Norway", "Oslo" (of a government), "Norwegian troops", "Norway's army", "Government of Norway"."""
    words = name.removeprefix("the ").removeprefix("The ").split()
    whole = find_country(name) or find_capital(name)
    if whole is not None or not words:
        return whole
    if words[0].lower() == "government" and words[1:2] == ["of"]:
        return find_country(" ".join(words[2:]))
    first = words[0].removesuffix("'s").removesuffix("’s")
    return find_demonym(first) or find_country(first)


def _find_troops(name: str) -> str | None:
    """The state of "the last Norwegian soldiers" and "thousands of Norwegian troops"; None for what is no force."""
    words = name.split()
    for at, word in enumerate(words):
        code = find_demonym(word) or (find_country(word) if word[:1].isupper() else None)
        rest = list(takewhile(lambda w: w.lower() not in _BREAKS, words[at + 1 :]))
        if code is not None:
            return code if rest and set(base_forms(rest[-1].lower())) & load_classes()["force"] else None
    return None


def find_governments(actors: Iterable[Actor], camps: Mapping[str, str]) -> dict[str, str]:
    """Return by state the one actor that is its government; a state with none or several is left out."""
    found: dict[str, set[str]] = {}
    for actor in actors:
        names = {alias.text.lower() for alias in actor.aliases} | {actor.name.lower()}
        whole = any(set(name.split()) & load_words("governments") for name in names)
        if actor.type == "government" and actor.id in camps and whole:
            found.setdefault(camps[actor.id], set()).add(actor.id)
    return {code: next(iter(ids)) for code, ids in found.items() if len(ids) == 1}


def find_governing(actors: Sequence[Actor], camps: Mapping[str, str]) -> dict[str, str]:
    """Return by the id of a country that of the actor that governs it."""
    governments = find_governments(actors, camps)
    return {actor.id: governments[camps[actor.id]] for actor in actors
            if actor.type == "country" and camps.get(actor.id) in governments}  # fmt: skip


def let_governments_act(reports: Sequence[EventReport], governing: Mapping[str, str]) -> list[EventReport]:
    """Return the reports with a country replaced by its government where only a government can act or be asked."""
    return [_let_act(report, governing) for report in reports]


def _let_act(report: EventReport, countries: Mapping[str, str]) -> EventReport:
    acting = {row.actor for row in report.participants} | {row.actor for row in report.involved}
    if report.type not in _POLITICAL or acting.isdisjoint(countries):
        return report
    rows = [Participant(row.role, countries.get(row.actor, row.actor)) for row in report.participants]
    involved = [replace(row, actor=countries.get(row.actor, row.actor)) for row in report.involved]
    return replace(report, participants=tuple(dict.fromkeys(rows)), involved=tuple(involved))

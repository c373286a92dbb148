"""One event out of the reports of it: type, date, participants, status, importance, summary.

Invariant: everything in the event stands in one of its reports; nothing is averaged into existence.
This module must not know why the reports were brought together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from storyledger.events.headlines import SUMMARY_CHARS, Tongue, choose_headline
from storyledger.events.ranking import weigh_standing
from storyledger.events.similarity import Telling, count_origins, evidence_key
from storyledger.ids import make_id
from storyledger.types import Event, EventMerge, EventReport, EventStatus, EventWhen, Participant

_MOST_SURE = 0.98  # of one report: that many agree is to count even where one is sure
# Of a participant, by the mean over the tellings that name it and a share of those that leave it out; .2 to .25 and .2
# to .4 are alike on marked piles kept out.
TAKES_PART = 0.225
LEFT_OUT = 0.3
AS_LIKELY = 0.5  # how near the less likely of two roles must be to be told too
# Of how sure a telling's day is, where no words say it: pages assume the same day. .5 to .8 are alike on
# marked piles kept out.
ASSUMED = 0.7
_OPEN = (date(1800, 1, 1).toordinal(), date(2200, 1, 1).toordinal())


def assemble_event(tellings: Sequence[Telling], merges: Sequence[EventMerge], tongue: Tongue) -> Event:
    """Return the event that ``tellings`` report; they come in order of publication.

    ``tongue`` knows the names for its headline.
    """
    reports = [telling.report for telling in tellings]
    best = min(reports, key=lambda report: (-_worth(report), evidence_key(report.evidence)))
    when, notes = tighten_interval(tellings)
    mentions = tuple(sorted(dict.fromkeys(report.evidence for report in reports), key=evidence_key))
    return Event(
        id=make_id("event", sorted({report.id for report in reports})),
        type=_vote_type(reports, best),
        summary=choose_headline(reports, tongue),
        participants=_gather_participants(tellings),
        place=_most_told(report.place for report in reports if report.place is not None),
        when=when,
        status=settle_status(reports),
        importance=_weigh(tellings),
        mentions=mentions,
        confidence=_stand_for(tellings),
        merges=tuple(_with_notes(sorted(merges, key=_merge_key), notes)),
        statuses=tuple(dict.fromkeys((report.document, report.status) for report in reports)),
    )


def _stand_for(tellings: Sequence[Telling]) -> float:
    """How likely a careful reader would list the event: by its likeliest telling, and by how many origins tell it."""
    origins = count_origins(tellings)
    return round(weigh_standing(max(telling.report.confidence for telling in tellings), origins), 3)


def _merge_key(merge: EventMerge) -> tuple[bool, float, tuple[str, int, int], tuple[str, int, int]]:
    return merge.refused, -merge.probability, evidence_key(merge.a), evidence_key(merge.b)


def _with_notes(merges: Sequence[EventMerge], notes: Sequence[str]) -> list[EventMerge]:
    """Conflicting dates are noted where the reader looks for reasons: at the first merge."""
    if not merges or merges[0].refused or not notes:
        return list(merges)
    return [replace(merges[0], reasons=(*merges[0].reasons, *notes)), *merges[1:]]


def _worth(report: EventReport) -> float:
    """How well a report would stand for its event: important, sure, with participants, long enough to read."""
    length = len(report.evidence.text)
    readable = 0.15 if 30 <= length <= SUMMARY_CHARS else -0.1
    return report.importance + 0.3 * report.confidence + readable + 0.05 * min(len(report.participants), 2)


def _vote_type(reports: Sequence[EventReport], best: EventReport) -> str:
    votes: Counter[str] = Counter()
    for report in reports:
        votes[report.type] += round(100 * report.confidence)
    top = max(votes.values())
    winners = sorted(kind for kind, count in votes.items() if count == top)
    return best.type if best.type in winners else winners[0]


def _gather_participants(tellings: Sequence[Telling]) -> tuple[Participant, ...]:
    """Whom the tellings, taken together, likely name as a participant, in the likelier role; both where they are near.

    What one of many tellings says of an actor that the others leave out counts less than what it says alone.
    """
    told: dict[str, list[tuple[float, float]]] = {}
    for telling in tellings:
        for actor, odds in _weigh_involved(telling.report).items():
            told.setdefault(actor, []).append(odds)
    votes = {actor: sum(max(odds) >= TAKES_PART for odds in heard) for actor, heard in told.items()}
    rows = []
    for actor in sorted(told, key=lambda name: (-votes[name], name)):
        heard = len(told[actor]) + LEFT_OUT * (len(tellings) - len(told[actor]))
        acts, undergoes = (math.fsum(side) / heard for side in zip(*told[actor], strict=True))
        if acts >= TAKES_PART and acts >= AS_LIKELY * undergoes:
            rows.append(Participant("actor", actor))
        if undergoes >= TAKES_PART and undergoes >= AS_LIKELY * acts:
            rows.append(Participant("recipient", actor))
    return tuple(sorted(_one_a_state(rows, votes, tellings), key=lambda row: row.role))


def _weigh_involved(report: EventReport) -> dict[str, tuple[float, float]]:
    """How likely each actor of one telling acts and is acted on; its participants are sure where it has no odds."""
    found: dict[str, tuple[float, float]] = {}
    odds = [(row.actor, row.acts, row.undergoes) for row in report.involved]
    if not odds:
        odds = [(row.actor, float(row.role == "actor"), float(row.role == "recipient")) for row in report.participants]
    for actor, acts, undergoes in odds:
        before = found.get(actor, (0.0, 0.0))
        found[actor] = max(before[0], acts), max(before[1], undergoes)
    return found


def _one_a_state(
    rows: Sequence[Participant], votes: Mapping[str, int], tellings: Sequence[Telling]
) -> list[Participant]:
    """Of a country, its government and its troops in one role, the one that most tellings name.

    Rows come with the most told first.
    """
    states = {actor: state for telling in tellings for actor, state in telling.states.items()}
    kept: list[Participant] = []
    for row in rows:
        state = states.get(row.actor)
        before = [k for k in kept if k.role == row.role and states.get(k.actor) == state]
        if state is None or not before or votes[before[0].actor] == votes[row.actor]:
            kept.append(row)
    return kept


def _most_told(values: object) -> str | None:
    counts = Counter(values)  # type: ignore[call-overload]
    return min(counts, key=lambda value: (-counts[value], value)) if counts else None


def tighten_interval(tellings: Sequence[Telling]) -> tuple[EventWhen | None, list[str]]:
    """Return the interval that the reports support most, and a note for each stated date that it leaves out.

    A report supports another's interval where the two meet and its own is no narrower; of one origin the surest counts.
    What is stated narrows a stated interval that it meets. Ties go to the narrower, then the earlier.
    """
    dated = [telling for telling in tellings if telling.report.when is not None]
    if not dated:
        return None, []
    ranked = sorted(dated, key=lambda row: (-_support(row, dated), _days(row), row.earliest, row.report.id))
    core = ranked[0]
    low, high, notes = core.earliest, core.latest, []
    for telling in sorted(dated, key=lambda row: (_days(row), row.earliest, row.report.id)):
        if not telling.stated or telling.report.when is None:
            continue
        if not (telling.earliest <= high and telling.latest >= low):
            notes.append(f"dated otherwise in {telling.report.document}: {telling.report.when.text}")
        elif core.stated:
            low, high = max(low, telling.earliest), min(high, telling.latest)
    text = core.report.when.text if core.report.when is not None else None
    return EventWhen(_iso(low), _iso(high), text), notes


def _support(telling: Telling, dated: Sequence[Telling]) -> float:
    """How likely the interval of ``telling`` is right, by it and the others that allow it.

    What hardly tells an event of its own, joined to one that does, counts less for its day.
    """
    doubts: dict[str, float] = {}
    for other in dated:
        if _meet(telling, other) and _days(other) >= _days(telling) - 1:
            says = math.sqrt(other.report.confidence) * (1.0 if other.stated else ASSUMED)
            doubt = 1.0 - _MOST_SURE * other.report.dated * says
            doubts[other.is_copy_of] = min(doubt, doubts.get(other.is_copy_of, 1.0))
    return round(1.0 - math.prod(doubts.values()), 6)


def _days(telling: Telling) -> int:
    return telling.latest - telling.earliest


def _meet(one: Telling, other: Telling) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _iso(day: int) -> str | None:
    return None if day in _OPEN else date.fromordinal(day).isoformat()


def settle_status(reports: Sequence[EventReport]) -> EventStatus:
    """Return what the reports, in order of publication, come to: what happened beats what was planned."""
    statuses = [report.status for report in reports]
    if "reported" in statuses:
        return "reported"
    for status in reversed(statuses):
        if status == "called_off":
            return "called_off"
    if "claimed" in statuses:
        return "claimed"
    return statuses[-1]


def _weigh(tellings: Sequence[Telling]) -> float:
    """Importance: the best report's, more for each further independent origin and for each telling."""
    origins = count_origins(tellings)
    best = max(telling.report.importance for telling in tellings)
    return round(min(1.0, best + 0.08 * min(origins - 1, 4) + 0.01 * min(len(tellings) - 1, 5)), 3)

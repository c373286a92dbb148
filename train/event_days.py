"""Train when an event was: ``python -m train.event_days --cache FOLDER --models FOLDER [--measure]``.

A row is a time that may be a marked clause's (``events/whens.py``); it is right where the contract's scorer would take
it for the marked days: they meet, and it is not much wider. ``--measure`` says how many clauses' days are chosen right
on piles kept out, and by the share given. Writes ``src/storyledger/events/data/when.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from storyledger.events.whens import Calendar, Dated, Told, make_table, name_features
from storyledger.types import EventWhen
from train.event_gold import iter_rows, survey
from train.scorer import fit_scorer, hold_out
from train.story_piles import Pile, add_piles, is_wikinews, iter_piles

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/events/data/when.json"
LEAST_NAMED = 30  # rows that must have a feature
FEW_DAYS = 3  # what a day may be widened to and still be one


def day_range(iso: str | None) -> tuple[date, date] | None:
    """Return the first and last day of an ISO day, month or year."""
    if not iso:
        return None
    parts = [int(part) for part in iso[:10].split("-")]
    first = date(*[*parts, 1, 1][:3])
    if len(parts) == 3:
        return first, first
    after = date(first.year + 1, 1, 1) if len(parts) == 1 or first.month == 12 else date(first.year, first.month + 1, 1)
    return first, after - timedelta(days=1)


def is_right(when: EventWhen | None, gold: dict[str, Any]) -> bool:
    """Whether ``when`` is the marked interval, as the contract's scorer decides it."""
    first, last = day_range(gold["earliest"]), day_range(gold.get("latest"))
    low, high = (day_range(when.earliest), day_range(when.latest)) if when is not None else (None, None)
    if first is None or low is None or (high is None and last is not None):
        return False
    begin, end = low[0], high[1] if high is not None else date.max
    until = last[1] if last is not None else date.max
    wide = 2 * (until - first[0]).days if last is not None else date.max.toordinal()
    return begin <= until and end >= first[0] and (end - begin).days <= max(wide, FEW_DAYS)


def iter_dated(pile: Pile) -> Iterator[list[tuple[Dated, bool]]]:
    """Yield for each marked clause with a marked day the times that may be its own, and which are right."""
    events = {event["id"]: event for event in pile.gold["events"]}
    calendars = {a.id: Calendar(survey(pile, a)) for a in pile.articles if a.id in pile.marks.readings}
    for row in iter_rows(pile):
        when = events[row.gold.event]["when"] if row.gold is not None else {}
        if when.get("earliest"):
            told = Told(row.asked.candidate.frame, row.asked.clause, row.asked.status)
            found = calendars[row.document].list_dated(told)
            yield [(one, is_right(one.when, when)) for one in found]


def main() -> int:
    """Read the piles, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--measure", action="store_true", help="say what piles kept out reach")
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    clauses = [(pile.name, rows) for pile in iter_piles(options) for rows in iter_dated(pile) if rows]
    rows = [row for _, own in clauses for row in own]
    groups = [name for name, own in clauses for _ in own]
    counts = Counter(name for row, _ in rows for name in name_features(row))
    names = sorted(name for name, count in counts.items() if count >= LEAST_NAMED)
    table, labels = make_table([row for row, _ in rows], names), np.array([float(right) for _, right in rows])
    if options.measure:
        report(clauses, hold_out(table, labels, groups, names, kind="logistic"))
    fitted = fit_scorer(table, labels, groups, names, kind="logistic", made_by="python -m train.event_days")
    print(json.dumps(fitted["measured"]), flush=True)
    options.out.write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    return 0


def report(clauses: Sequence[tuple[str, list[tuple[Dated, bool]]]], odds: np.ndarray) -> None:
    """Print how many days are chosen right on piles kept out, of how many could be."""
    at, right, could = 0, Counter[bool](), Counter[bool]()
    told, wrong = Counter[bool](), Counter[bool]()
    for name, own in clauses:
        real, best = is_wikinews(name), int(np.argmax(odds[at : at + len(own)]))
        right[real] += own[best][1]
        could[real] += any(is_it for _, is_it in own)
        told[real] += own[best][0].when.text is not None
        wrong[real] += own[best][0].when.text is not None and not own[best][1]
        at += len(own)
    for real, name in ((False, "invented"), (True, "Wikinews")):
        count = sum(is_wikinews(n) == real for n, _ in clauses)
        print(
            f"{name}: {right[real] / count:.3f} of {count} right, {could[real] / count:.3f} among the candidates, "
            f"told in words {told[real] / count:.3f}, of these wrong {wrong[real] / max(1, told[real]):.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())

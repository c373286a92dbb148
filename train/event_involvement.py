"""Train who takes part in an event told: ``python -m train.event_involvement --cache FOLDER --models FOLDER``.

A row is an actor around a marked clause; it is right where the marked event names that actor in that role. Features
are ``events/involvement.py``'s. Writes ``involved_acting.json`` and ``involved_undergoing.json`` into ``events/data``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from storyledger.events.involvement import FILES, list_involved
from storyledger.events.parts import Part
from storyledger.events.ranking import share_words
from storyledger.events.senses import Candidate
from train.event_gold import iter_rows, survey
from train.event_parts import LEAST_NAMED, TARGET
from train.events import judge_kept_out
from train.scorer import fit_scorer
from train.story_piles import Pile, add_piles, find_in_text, iter_piles

TITLE, BEHIND = 40, 2  # characters that a mention may have before and behind the marked name
HALF = 0.5


def name_actors(pile: Pile) -> dict[str, str]:
    """Return the marked actor that most mentions of each actor of the cast stand for."""
    marked: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for mention in pile.gold["mentions"]:
        article = pile.article_of(mention["file"])
        span = find_in_text(article, *mention["span"]) if article is not None else None
        if article is not None and span is not None:
            marked[article.id].append((*span, mention["actor"]))
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for actor in pile.cast:
        for mention in actor.mentions:
            for start, end, gold in marked[mention.document]:
                if _is_one((mention.start, mention.end), (start, end), named=mention.kind == "name"):
                    votes[actor.id][gold] += 2 if mention.kind == "name" else 1
    return {actor: max(sorted(count), key=lambda name: count[name]) for actor, count in votes.items()}


def _is_one(own: tuple[int, int], marked: tuple[int, int], *, named: bool) -> bool:
    """Whether a mention is a marked one, as the contract's scorer decides it: a name may have its title before it."""
    if named and own[0] <= marked[0] <= own[0] + TITLE and 0 <= own[1] - marked[1] <= BEHIND:
        return True
    return share_words(own, marked) >= HALF


def iter_involved(pile: Pile, cache: Path) -> Iterator[tuple[Part, dict[str, bool]]]:
    """Yield the actors around each marked clause, and whether the marked event names them in each role."""
    named, events = name_actors(pile), {event["id"]: event for event in pile.gold["events"]}
    rows = [row for row in iter_rows(pile) if row.gold is not None]
    verdicts = judge_kept_out(cache, rows)
    articles = {article.id: article for article in pile.articles}
    around = {name: survey(pile, articles[name]) for name in {row.document for row in rows}}
    for row, verdict in zip(rows, verdicts, strict=True):
        kind = max(verdict.types, key=lambda name: (verdict.types[name], name))
        told = Candidate(row.asked.candidate.frame, replace(row.asked.candidate.sense, type=kind))
        event = events[row.gold.event] if row.gold is not None else {}
        for part in list_involved(around[row.document], told, row.asked.tokens, verdict.types):
            yield part, {role: named.get(part.actor) in event[role] for role in FILES}


def main() -> int:
    """Read the piles, fit both roles, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_piles(parser)
    parser.add_argument("--out", type=Path, default=TARGET)
    options = parser.parse_args()
    rows, groups = [], []
    for pile in iter_piles(options):
        found = list(iter_involved(pile, options.cache))
        rows += found
        groups += [pile.name] * len(found)
    counts = Counter(name for part, _ in rows for name in part.features)
    names = sorted(name for name, count in counts.items() if count >= LEAST_NAMED)
    table = np.array([[part.features.get(name, 0.0) for name in names] for part, _ in rows])
    for role, file in FILES.items():
        labels = np.array([float(right[role]) for _, right in rows])
        fitted = fit_scorer(table, labels, groups, names, kind="trees", made_by="python -m train.event_involvement")
        print(role, json.dumps(fitted["measured"]), flush=True)
        (options.out / file).write_text(json.dumps(fitted) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A marked pile as the events of the product meet it: its predicates judged, its reports, its tellings, and the gold.

Judges and forests are those that have not seen the pile, so that what is learned from them sees what a new pile shows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger import stories
from storyledger.events.clusters import Cluster
from storyledger.events.finding import choose_real, make_reports
from storyledger.events.judges import Verdict
from storyledger.events.merging import gather_tellings, list_tellings
from storyledger.events.parts import FORESTS, Company, list_parts, load_forests, make_table
from storyledger.events.senses import Candidate
from storyledger.events.similarity import Telling
from storyledger.events.surroundings import Surroundings
from storyledger.linkage.forest import Forest
from storyledger.types import EventReport
from train.event_gold import Row, iter_rows, meets, survey
from train.events import find_fold, judge_kept_out
from train.forests import fit_forest, pack_forest
from train.story_piles import Pile, find_in_text

LEAST_NAMED = 30  # rows that must have a feature
Arrays = dict[str, NDArray[Any]]
Labelled = tuple[Mapping[str, Mapping[str, float]], Mapping[str, bool]]  # features by role, whether the role is right


class Stage:
    """A pile's predicates with their verdicts, each page's surroundings made once."""

    def __init__(self, pile: Pile, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> None:
        """Keep the predicates by page."""
        self.pile, self._named = pile, name_actors(pile)
        self._events = {event["id"]: event for event in pile.gold["events"]}
        self._asked: dict[str, list[tuple[Row, Verdict]]] = defaultdict(list)
        for row, verdict in zip(rows, verdicts, strict=True):
            self._asked[row.document].append((row, verdict))
        articles = {article.id: article for article in pile.articles}
        self._around: dict[str, Surroundings] = {name: survey(pile, articles[name]) for name in self._asked}
        self._marked = list_marked(pile)

    def label(self, actor: str, event: str) -> dict[str, bool]:
        """Return for each role whether the marked event names the actor of the cast in it."""
        return {role: self._named.get(actor) in self._events[event][role] for role in FORESTS}

    def list_asked(self) -> list[Labelled]:
        """Return the actors around each marked clause as one telling asks about them."""
        found: list[Labelled] = []
        for name, pairs in self._asked.items():
            company = Company(self._around[name])
            for row, verdict in pairs:
                if row.gold is None:
                    continue
                kind = max(verdict.types, key=lambda label: (verdict.types[label], label))
                candidate = row.asked.candidate
                told = Candidate(candidate.frame, replace(candidate.sense, type=kind))
                found += [
                    (dict.fromkeys(FORESTS, part.features), self.label(part.actor, row.gold.event))
                    for part in list_parts(company, told, row.asked.tokens, verdict.types)
                ]
        return found

    def report(self, forests: Mapping[str, Forest]) -> dict[str, tuple[EventReport, ...]]:
        """Return what the product tells of each page, by ``forests`` of who takes part."""
        found = {}
        for name, pairs in self._asked.items():
            asked, verdicts = [row.asked for row, _ in pairs], [verdict for _, verdict in pairs]
            real = choose_real(self._around[name], asked, verdicts)
            chosen = [asked[at] for at in real], [verdicts[at] for at in real]
            found[name] = make_reports(self._around[name], *chosen, forests)
        return found

    def iter_told(self, forests: Mapping[str, Forest]) -> Iterator[list[Telling]]:
        """Yield the tellings of each story of the pile."""
        reports = self.report(forests)
        for story in stories.find_stories(list(self.pile.articles)):
            told = [report for article in story for report in reports.get(article.id, ())]
            yield list_tellings(told, self.pile.articles, self.pile.marks.readings, self.pile.cast)

    def iter_clusters(
        self, forests: Mapping[str, Forest], bonds: Forest
    ) -> Iterator[tuple[list[Telling], list[Cluster]]]:
        """Yield the tellings of each story of the pile, and its events; ``bonds``: the trees of the second look."""
        reports = self.report(forests)
        for story in stories.find_stories(list(self.pile.articles)):
            told = [report for article in story for report in reports.get(article.id, ())]
            marks = self.pile.marks
            yield gather_tellings(told, self.pile.articles, marks.readings, self.pile.cast, bonds=bonds)

    def find_events(self, telling: Telling) -> frozenset[str]:
        """Return the marked events that a telling meets, as the contract's scorer decides it."""
        evidence = telling.report.evidence
        own = (evidence.start, evidence.end)
        return frozenset(event for span, event in self._marked.get(evidence.document, ()) if meets(own, span))


def list_marked(pile: Pile) -> dict[str, list[tuple[tuple[int, int], str]]]:
    """Return the marked clauses of each page, in the article's positions, with their events."""
    found: dict[str, list[tuple[tuple[int, int], str]]] = defaultdict(list)
    for event in pile.gold["events"]:
        for mention in event["mentions"]:
            article = pile.article_of(mention["file"])
            span = find_in_text(article, *mention["span"]) if article is not None else None
            if article is not None and span is not None:
                found[article.id].append((span, event["id"]))
    return found


def name_actors(pile: Pile) -> dict[str, str]:
    """Return the marked actor that most mentions of each actor of the cast stand for."""
    marked: dict[str, dict[tuple[int, int], str]] = defaultdict(dict)
    for mention in pile.gold["mentions"]:
        article = pile.article_of(mention["file"])
        span = find_in_text(article, *mention["span"]) if article is not None else None
        if article is not None and span is not None:
            marked[article.id][span] = mention["actor"]
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    for actor in pile.cast:
        for mention in actor.mentions:
            gold = _find_marked(marked[mention.document], mention.start, mention.end)
            if gold is not None:
                votes[actor.id][gold] += 2 if mention.kind == "name" else 1
    return {actor: max(sorted(count), key=lambda name: count[name]) for actor, count in votes.items()}


def _find_marked(marked: Mapping[tuple[int, int], str], start: int, end: int) -> str | None:
    """Who is marked at a mention: the same words, or most of them."""
    if (start, end) in marked:
        return marked[start, end]
    near = [
        (min(end, high) - max(start, low), who)
        for (low, high), who in marked.items()
        if 2 * (min(end, high) - max(start, low)) >= max(end, high) - min(start, low)
    ]
    return max(near)[1] if near else None


def stage_pile(pile: Pile, cache: Path) -> Stage:
    """Return the pile with the verdicts of judges that have not seen it."""
    rows = list(iter_rows(pile))
    return Stage(pile, rows, judge_kept_out(cache, rows))


def load_kept_out(cache: Path, pile: Pile) -> Mapping[str, Forest]:
    """Return the forests of who takes part that have not seen the pile."""
    path = kept_out_parts(cache, find_fold(pile.name))
    return load_forests(path.name, path.parent)


def kept_out_parts(cache: Path, fold: int) -> Path:
    """Return where the forests stand that have not seen the piles of a fold."""
    return cache / f"parts{fold}.npz"


def kept_out_bonds(cache: Path, fold: int) -> Path:
    """Return where the trees of the second look stand that have not seen the piles of a fold."""
    return cache / f"bonds{fold}.npz"


def fit_roles(labelled: Sequence[Labelled], forests: Mapping[str, str], trees: int, **settings: float) -> Arrays:
    """Return the arrays of the forest of each role, as ``linkage/forest.py`` reads them; ``forests``: its name."""
    packed: Arrays = {}
    for role, name in forests.items():
        counts = Counter(feature for features, _ in labelled for feature in features[role])
        names = sorted(feature for feature, count in counts.items() if count >= LEAST_NAMED)
        table = make_table([features[role] for features, _ in labelled], names)
        labels = np.array([float(right[role]) for _, right in labelled])
        packed |= pack_forest(fit_forest(table, labels, trees=trees, **settings), name, names)
    return packed

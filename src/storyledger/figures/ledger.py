"""The ledger: figures of one quantity across pages, in order of time, with a label for every pair.

Invariant: the ledger does not depend on the order of pages, and gives each figure at most one
quantity. This module must not know how figures are found.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from types import MappingProxyType

from storyledger.engine import Engine
from storyledger.ids import make_id
from storyledger.naming import name_figures
from storyledger.types import Actor, Article, Figure, FigureRelation, Quantity, Reading, Statement

from .entries import Entry, make_entry, read_page
from .quantities import Group, group_entries, order_key
from .verdict import Label, judge_group

# A page of news has some fifteen numbers in seven hundred words; one with a thousand is a table or a list, whose rows
# would be set beside each other by the hundred thousand.
MOST_OF_PAGE = 1000
MOST_PAIRED = 64  # entries of one quantity that are compared with each other; beyond, the nearest in time


def build_ledger(
    figures: Sequence[Figure],
    articles: Sequence[Article],
    readings: Mapping[str, Reading],
    actors: Sequence[Actor],
    statements: Sequence[Statement],
    engine: Engine,  # noqa: ARG001 (the rooms' common signature)
    moved: Mapping[str, str] = MappingProxyType({}),
    stories: Mapping[str, int] = MappingProxyType({}),
) -> tuple[list[Figure], list[Quantity]]:
    """Return the figures with who says them and their quantity, and the quantities told more than once.

    A figure inside the content of one actor's statement is that actor's. Figures are of one quantity
    where unit, kind of count, counted noun and surroundings agree; entries stand in order of the day
    they are told of, and every pair has a label (beyond 64 entries, pairs near in time). Of a page with more than
    a thousand figures the first thousand take part.

    Args:
        figures: of all articles.
        articles: their pages; a figure without its article keeps to itself.
        readings: what stands near and over a number; an imported story has none.
        actors: known actors; an unknown one is no source.
        statements: whose contents attribute figures.
        engine: what to group with.
        moved: by figure, another one with which it is of one quantity, as a person says.
        stories: by document the number of its story; without it all are of one.
    """
    known = {actor.id for actor in actors}
    attributed = attribute_figures(figures, statements, known)
    pages = {a.id: read_page(a, readings.get(a.id)) for a in articles}
    placed = [f for f in _cut_lists(attributed) if f.evidence.document in pages]
    entries = [e for f in placed if (e := make_entry(f, pages[f.evidence.document]))]
    groups = move_entries(group_entries(entries, stories), entries, moved)
    ledger = sorted((_quantity(group) for group in groups), key=lambda q: q.id)
    of = {figure: q.id for q in ledger for figure in q.entries}
    units = {e.figure.id: unit for group in groups for e in group.entries if e.bare and (unit := find_unit(e, group))}
    return [replace(f, quantity=of.get(f.id), unit=units.get(f.id, f.unit)) for f in attributed], ledger


def move_entries(groups: Sequence[Group], entries: Sequence[Entry], moved: Mapping[str, str]) -> list[Group]:
    """Return the groups with each moved entry in the group of the other, surely linked; of one left, none is made."""
    if not moved:
        return list(groups)
    by_figure = {e.figure.id: e for e in entries}
    made = [({e.figure.id: e for e in g.entries}, dict(g.links)) for g in groups]
    at = {figure: number for number, (members, _) in enumerate(made) for figure in members}
    for figure, other in sorted(moved.items()):
        if not {figure, other} <= by_figure.keys() or (figure in at and at[figure] == at.get(other)):
            continue
        if figure in at:
            made[at[figure]][0].pop(figure)
        if other not in at:
            made.append(({other: by_figure[other]}, {}))
            at[other] = len(made) - 1
        members, links = made[at[other]]
        value = by_figure[figure].value
        links |= {(min(value, e.value), max(value, e.value)): 1.0 for e in members.values()}
        members[figure], at[figure] = by_figure[figure], at[other]
    return [Group(tuple(sorted(m.values(), key=order_key)), links) for m, links in made if len(m) > 1]


def list_crowded(figures: Mapping[str, Sequence[Figure]]) -> dict[str, int]:
    """Return, of figures by document, how many each has that are too many for all to be set beside others."""
    return {document: len(found) for document, found in figures.items() if len(found) > MOST_OF_PAGE}


def _cut_lists(figures: Sequence[Figure]) -> list[Figure]:
    """Return the figures without those beyond the first ``MOST_OF_PAGE`` of a page."""
    seen: Counter[str] = Counter()
    kept = []
    for figure in figures:
        seen[figure.evidence.document] += 1
        if seen[figure.evidence.document] <= MOST_OF_PAGE:
            kept.append(figure)
    return kept


def find_unit(entry: Entry, group: Group) -> str | None:
    """Return the unit of a figure without its noun: that of the others of its quantity, those of its value first."""
    told = [e for e in group.entries if not e.bare]
    same = [e for e in told if e.figure.value == entry.figure.value]
    units = Counter(e.figure.unit for e in same or told)
    return units.most_common(1)[0][0] if units else None


def attribute_figures(figures: Sequence[Figure], statements: Sequence[Statement], known: set[str]) -> list[Figure]:
    """Return the figures with the speaker of the one statement that holds them.

    The shortest content that holds the figure decides; two speakers for it, and it stays unattributed.
    What was attributed before is kept.
    """
    contents: dict[str, list[tuple[int, int, str]]] = {}
    for statement in statements:
        if statement.speaker.actor in known and statement.speaker.actor is not None:
            evidence = statement.content
            contents.setdefault(evidence.document, []).append((evidence.start, evidence.end, statement.speaker.actor))
    said = {document: Contents(rows) for document, rows in contents.items()}
    return [f if f.attributed_to else replace(f, attributed_to=_find_speaker(f, said)) for f in figures]


class Contents:
    """Whose words stand where on a page."""

    def __init__(self, rows: Iterable[tuple[int, int, str]]) -> None:
        """Take ``(start, end, speaker)`` of each statement's content."""
        self._rows = sorted(rows)
        self._starts = [start for start, _, _ in self._rows]
        self._reach = list(accumulate((end for _, end, _ in self._rows), max))  # the farthest end up to each

    def list_holding(self, place: int) -> list[tuple[int, int, str]]:
        """Return the contents that ``place`` stands in."""
        holding, row = [], bisect_right(self._starts, place) - 1
        while row >= 0 and self._reach[row] > place:
            if self._rows[row][1] > place:
                holding.append(self._rows[row])
            row -= 1
        return holding


def _find_speaker(figure: Figure, said: Mapping[str, Contents]) -> str | None:
    start, end = figure.evidence.start, figure.evidence.end
    contents = said.get(figure.evidence.document)
    holding = contents.list_holding((start + end) // 2) if contents else []
    if not holding:
        return None
    least = min(stop - begin for begin, stop, _ in holding)
    speakers = {actor for begin, stop, actor in holding if stop - begin == least}
    return speakers.pop() if len(speakers) == 1 else None


def _quantity(group: Group) -> Quantity:
    entries = group.entries
    ids = tuple(entry.figure.id for entry in entries)
    count = len(entries)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, min(count, i + MOST_PAIRED))]
    rows = zip(pairs, judge_group(entries, pairs, group.find_link), strict=True)
    relations = tuple(_relate(entries[i], entries[j], label, sure) for (i, j), (label, sure) in rows)
    return Quantity(make_id("quantity", sorted(ids)), _name(entries), ids, relations)


def _relate(a: Entry, b: Entry, label: Label, sure: float) -> FigureRelation:
    least = min(sure, 0.9 if a.bare or b.bare else 1.0)
    return FigureRelation(a.figure.id, b.figure.id, label, round(least, 3))


def _name(group: Sequence[Entry]) -> str:
    """The kind of count with its commonest noun, else the most typical way in which the group names what is counted."""
    kinds = Counter(entry.kind for entry in group if entry.kind)
    if kinds:
        return f"people {kinds.most_common(1)[0][0]}"
    return name_figures(entry.figure for entry in group)

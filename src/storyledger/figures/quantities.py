"""Bringing figures of one quantity together: by unit, kind and noun first, then by what surrounds them.

Invariant: the groups do not depend on the order of the figures; each entry is compared with a bounded
number of others, so the work is linear. This module must not know labels.
"""

from __future__ import annotations

from collections.abc import Iterable

from .entries import Entry

RECENT = 6  # how many earlier entries that share a word are looked at; the same on every pile
SHARED_NAMES = 3  # rarer names that pages of one story share; Wikinews, 364 articles
ALIKE = 0.6  # share of the words of two counts that must be the same; ferry pile 01 to 11


def group_entries(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Return the groups of entries that tell one quantity, each in order of time; single ones are left out."""
    blocks: dict[tuple[str, ...], list[Entry]] = {}
    for entry in sorted(entries, key=order_key):
        blocks.setdefault(entry.block, []).append(entry)
    groups = [group for key in sorted(blocks) for group in _join(blocks[key])]
    return [group for group in groups if len(group) > 1]


def order_key(entry: Entry) -> tuple[str, str, int]:
    """Order by as-of day, then by place: the order of a ledger's rows."""
    day = entry.first.isoformat() if entry.first else "9999"
    return day, entry.figure.evidence.document, entry.figure.evidence.start


def _join(block: list[Entry]) -> list[list[Entry]]:
    parent = list(range(len(block)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    postings: dict[str, list[int]] = {}
    for i, entry in enumerate(block):
        keys = sorted(_keys(entry))
        seen = sorted({j for key in keys for j in postings.get(key, ())[-RECENT:]})
        for j in seen:
            if find(i) != find(j) and are_one(block[j], entry):
                parent[find(i)] = find(j)
        for key in keys:
            postings.setdefault(key, []).append(i)
    groups: dict[int, list[Entry]] = {}
    for i, entry in enumerate(block):
        groups.setdefault(find(i), []).append(entry)
    return list(groups.values())


def _keys(entry: Entry) -> set[str]:
    """The words by which an entry finds its like; a kind of count needs no more than the kind."""
    return {f"kind:{entry.kind}"} if entry.kind else set(entry.stems) | {f"~{w}" for w in entry.context}


def are_one(a: Entry, b: Entry) -> bool:
    """Tell whether two entries of a block count the same thing."""
    if a.scope != b.scope and a.scope and b.scope:
        return False
    if a.kind:
        shared = len(a.names & b.names)
        return shared >= SHARED_NAMES or a.figure.evidence.document == b.figure.evidence.document
    one_page = a.figure.evidence.document == b.figure.evidence.document
    if not one_page and len(a.names & b.names) < SHARED_NAMES:
        return False
    if a.stems == b.stems:
        return True
    union = a.stems | b.stems
    if union and len(a.stems & b.stems) / len(union) >= ALIKE:
        return True
    shared_context = (a.context & b.context) - (a.names & b.names)
    equal = a.value == b.value and a.block[0] not in ("count", "people", "votes")
    if a.block[0] == "percent" and not equal:
        return False  # shares of all kinds stand in the same surroundings
    need = 1 if a.block[0] == "knots" else 2 if equal and a.block[0] != "percent" else 3
    return len(shared_context) >= need

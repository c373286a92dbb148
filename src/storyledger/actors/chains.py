"""Chains of mentions inside one article: a forest of links, so that every tie keeps its reason and its weight.

Invariant: links only join different chains, so they form trees, and cutting one link parts a chain in two.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyledger.actors.marks import Mark


@dataclass(frozen=True, slots=True)
class Tie:
    """Mention ``a`` and mention ``b`` (mark indices) are one, with what probability and why."""

    a: int
    b: int
    probability: float
    reason: str


class Chains:
    """The chains of an article's marks."""

    def __init__(self, marks: list[Mark]) -> None:
        """Start with every mark alone."""
        self.marks = marks
        self.ties: list[Tie] = []
        self._parent = list(range(len(marks)))
        self._members = {i: [i] for i in range(len(marks))}

    def find(self, i: int) -> int:
        """Return the chain of mark ``i``: the index of one of its marks."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def join(self, a: int, b: int, probability: float, reason: str) -> bool:
        """Tie two marks; False where they are in one chain already."""
        one, two = self.find(a), self.find(b)
        if one == two:
            return False
        keep, drop = min(one, two), max(one, two)
        self._parent[drop] = keep
        self._members[keep] = sorted(self._members[keep] + self._members.pop(drop))
        self.ties.append(Tie(max(a, b), min(a, b), probability, reason))
        return True

    def members(self, i: int) -> list[Mark]:
        """Return the marks of the chain of mark ``i`` in text order."""
        return [self.marks[k] for k in self._members[self.find(i)]]

    def member_indices(self, i: int) -> list[int]:
        """Return the indices of the marks of the chain of mark ``i``, in order."""
        return self._members[self.find(i)]

    def groups(self) -> list[list[int]]:
        """Return all chains as lists of mark indices, by first mention."""
        return [self._members[k] for k in sorted(self._members)]

"""A sentence with its tree, and the stretches of words that hang from a word of it.

Positions here are words of the sentence, not of the article. It must not know the model.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed sentence. ``first`` is its first word in the article; ``heads`` are positions in the sentence."""

    first: int
    words: Sequence[str]
    upos: Sequence[str]
    lemmas: Sequence[str]
    heads: Sequence[int]
    deprels: Sequence[str]
    children: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Index the children of each word, in order."""
        self.children.extend([] for _ in self.words)
        for word, head in enumerate(self.heads):
            if head != word:
                self.children[head].append(word)

    def __len__(self) -> int:
        """Return how many words there are."""
        return len(self.words)


def subtree(tree: Tree, top: int, without: Collection[int] = (), drop: Collection[str] = ()) -> set[int]:
    """Return ``top`` and all below it, minus the children in ``without`` and top's children by label ``drop``."""
    members, stack = set(), [top]
    while stack:
        word = stack.pop()
        members.add(word)
        stack.extend(
            c
            for c in tree.children[word]
            if c not in without and not (word == top and tree.deprels[c] in drop) and c not in members
        )
    return members


def stretch(tree: Tree, members: Collection[int], head: int) -> tuple[int, int]:
    """Return the unbroken run of ``members`` around ``head``, without punctuation at its edges."""
    first, last = head, head + 1
    while first - 1 in members:
        first -= 1
    while last in members:
        last += 1
    return trim(tree, first, last, head)


OPENING = {"(": ")", "[": "]", "“": "”", "‘": "’"}


def trim(tree: Tree, first: int, last: int, head: int) -> tuple[int, int]:
    """Return ``[first, last)`` without punctuation at its edges, never losing ``head``."""
    while last - 1 > head and tree.upos[last - 1] == "PUNCT" and not _closes(tree, first, last):
        last -= 1
    while first < head and tree.upos[first] == "PUNCT" and not _closes(tree, first, last):
        first += 1
    return first, last


def _closes(tree: Tree, first: int, last: int) -> bool:
    """Tell whether the last word closes a bracket that stands inside the stretch."""
    closing = tree.words[last - 1]
    if closing not in {")", "]"}:
        return False
    inner = tree.words[first : last - 1]
    opening = "(" if closing == ")" else "["
    return list(inner).count(opening) > list(inner).count(closing) and inner[0] != opening


def ancestors(tree: Tree, word: int) -> Iterator[int]:
    """Yield the heads above ``word``, up to the root."""
    while tree.heads[word] != word:
        word = tree.heads[word]
        yield word


def branch_towards(tree: Tree, top: int, word: int) -> int | None:
    """Return the child of ``top`` that ``word`` hangs from, or None where it does not hang from ``top``."""
    below = word
    for above in ancestors(tree, word):
        if above == top:
            return below
        below = above
    return None

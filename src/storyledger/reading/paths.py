"""The way through the tree from a predicate to a word, as the role scorer sees it.

Invariant: training and reading describe a path with the same key.
"""

from __future__ import annotations

from collections.abc import Sequence

LONGEST = 4  # steps that are spelt out; longer paths are told by their lengths only
MOST_STEPS = 12  # a guard: predicted heads may form a cycle while training


def climb(heads: Sequence[int], word: int) -> list[int]:
    """Return ``word`` and its ancestors up to the root, heads as sentence positions, a root its own head."""
    chain = [word]
    while heads[chain[-1]] != chain[-1] and len(chain) <= MOST_STEPS:
        chain.append(heads[chain[-1]])
    return chain


def path_keys(heads: Sequence[int], deprels: Sequence[str], predicate: int) -> list[str]:
    """Return for each word of the sentence the key of its path from ``predicate``.

    A path is the labels climbed from the predicate and those descended to the word; one longer than
    ``LONGEST`` is told by both lengths and the branch that it enters.
    """
    chain = climb(heads, predicate)
    ups = ["^".join(deprels[w] for w in chain[:k]) for k in range(len(chain))]
    # word -> (steps up, steps down, the labels down, the branch entered): each word's from its head's
    known = {word: (steps, 0, "", "-") for steps, word in reversed(list(enumerate(chain)))}
    keys = []
    for word in range(len(heads)):
        up, down, labels, branch = known.get(word) or _descend(heads, deprels, word, known)
        short = up + down <= LONGEST
        keys.append(f"{ups[up]}/{labels}" if short else f"{min(up, 4)}>{min(down, 4)}:{branch}")
    return keys


Way = tuple[int, int, str, str]


def _descend(heads: Sequence[int], deprels: Sequence[str], word: int, known: dict[int, Way]) -> Way:
    """Return the way to ``word``, and keep those to the words above it."""
    below: list[int] = []
    at = word
    while at not in known and len(below) <= MOST_STEPS:
        below.append(at)
        at = heads[at]
    if at not in known or known[at][1] + len(below) > MOST_STEPS + 1:  # a cycle, or as deep as one
        return MOST_STEPS, MOST_STEPS + 1, "", deprels[_climb_far(heads, word)]
    for at in reversed(below):
        up, down, labels, branch = known[heads[at]]
        label = deprels[at]
        known[at] = (up, down + 1, f"{labels}_{label}", branch) if down else (up, 1, label, label)
    return known[word]


def _climb_far(heads: Sequence[int], word: int) -> int:
    for _ in range(MOST_STEPS):
        word = heads[word]
    return word


def back_off(key: str) -> str:
    """Return the coarser key of a path that training saw too rarely."""
    if ">" in key:
        return key.split(":", maxsplit=1)[0]
    up, down = key.split("/")
    return f"{min(up.count('^') + bool(up), 4)}>{min(down.count('_') + bool(down), 4)}"


def distance_bucket(steps: int) -> int:
    """Return the class, 0 to 12, of a signed distance in words."""
    size = abs(steps)
    bucket = size if size <= 2 else 3 if size <= 4 else 4 if size <= 8 else 5 if size <= 16 else 6
    return 6 + bucket if steps >= 0 else 6 - bucket

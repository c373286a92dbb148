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
    above = {word: steps for steps, word in reversed(list(enumerate(chain)))}
    ups = ["^".join(deprels[w] for w in chain[:k]) for k in range(len(chain))]
    keys = []
    for word in range(len(heads)):
        down: list[str] = []
        at = word
        while at not in above and len(down) <= MOST_STEPS:
            down.append(deprels[at])
            at = heads[at]
        up = above.get(at, MOST_STEPS)
        if up + len(down) <= LONGEST:
            keys.append(f"{ups[up]}/{'_'.join(reversed(down))}")
        else:
            keys.append(f"{min(up, 4)}>{min(len(down), 4)}:{down[-1] if down else '-'}")
    return keys


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

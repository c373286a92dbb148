"""Where an argument's head word stands in a gold tree; shared by training and measuring."""

from __future__ import annotations

from train.corpora import Sent


def role_heads(sent: Sent, index: int, args: list[tuple[str, int, int]]) -> dict[int, str]:
    """Return the head word of each argument with its role (first argument of a head wins)."""
    assert sent.heads is not None
    assert sent.upos is not None
    found: dict[int, str] = {}
    for role, first, last in args:
        if role in ("V", "C-V"):
            continue
        heads = [i for i in range(first, last) if not first <= sent.heads[i] < last or sent.heads[i] == i]
        heads = [i for i in heads if sent.upos[i] != "PUNCT"] or heads
        if index in heads and len(heads) > 1:
            heads.remove(index)
        found.setdefault(heads[0], role)
    return found

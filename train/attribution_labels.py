"""What the makers of attribution data share: word lists, spans, painting labels."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent

Span = tuple[int, int]
Example = tuple[list[str], list[str]]
Found = tuple[Span | None, Span | None, list[Span]]  # source, cue, content

WORDS = {
    name: frozenset(text.split())
    for name, text in tomllib.loads((HERE / "attribution_words.toml").read_text(encoding="utf-8")).items()
}


def paint(length: int, found: Sequence[Found]) -> list[str]:
    """Return one label a word; a content is painted last, so that what is inside it is content."""
    labels = ["O"] * length
    for source, cue, content in sorted(found, key=lambda f: sum(b - a for a, b in f[2])):
        for span, label in ((source, "source"), (cue, "cue"), *((c, "content") for c in content)):
            if span:
                labels[span[0] : span[1]] = [label] * (span[1] - span[0])
    return labels

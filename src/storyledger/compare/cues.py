"""Causal cues as patterns: "because", "led to", "blamed", "in order to".

Invariant: data only. This module must not know what is compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from storyledger.compare.framing import compile_words
from storyledger.compare.words import load_cues


@dataclass(frozen=True, slots=True)
class Cue:
    """One row of cues: its pattern, where the cause stands, what it is."""

    pattern: re.Pattern[str]
    cause_after: bool
    kind: str


@cache
def cause_cues() -> tuple[Cue, ...]:
    """Return the causal cues of ``cues.toml``."""
    return tuple(
        Cue(
            compile_words(row["cues"]),
            row["side"] == "after",
            "blame" if row.get("blame") else "aim" if row.get("aim") else "cause",
        )
        for row in load_cues()["causes"]
    )

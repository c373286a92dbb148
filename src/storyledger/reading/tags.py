"""What the second network says of each word: the tags, and how a Reading keeps their probabilities.

The heads are learned from marked stories (``train/tags.py``): the parts of statements, the clauses that tell
events, loaded words, names, numbers and times. A head whose first label is "O" spells spans (IOB2); the others
judge the words of such a span. Rooms read probabilities from here, never the network itself.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from storyledger.types import Reading

Floats = NDArray[np.float32]

ACTOR_TYPES = (
    "person", "organisation", "armed_group", "government", "country", "place", "facility", "weapon_system",
    "agreement", "event_name", "outlet", "publication", "group",
)  # fmt: skip
EVENT_TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
    "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "OTHER",
)  # fmt: skip


def _iob2(*labels: str) -> tuple[str, ...]:
    """Return the labels of a head that spells spans."""
    return ("O", *(f"{edge}-{label}" for label in labels for edge in "BI"))


HEADS: dict[str, tuple[str, ...]] = {
    "source": _iob2("source"),
    "cue": _iob2("cue"),
    "content": _iob2("content"),
    "named": ("actor", "nobody"),
    "act": ("say", "ask", "promise", "threaten", "demand", "deny", "think"),
    "polarity": ("affirmed", "denied"),
    "event": _iob2("event"),
    "event_type": EVENT_TYPES,
    "status": ("reported", "planned", "denied", "claimed", "called_off"),
    "importance": ("low", "medium", "high"),
    "loaded": _iob2("voice", "scare"),
    "name": _iob2(*ACTOR_TYPES),
    "nominal": _iob2("mention"),
    "role": _iob2("role"),
    "figure": _iob2("figure"),
    "time": _iob2("DATE", "TIME", "DURATION", "SET"),
}


def _columns() -> dict[str, tuple[int, int]]:
    found, at = {}, 0
    for name, labels in HEADS.items():
        found[name] = (at, at + len(labels))
        at += len(labels)
    return found


COLUMNS = _columns()
WIDTH = max(end for _, end in COLUMNS.values())

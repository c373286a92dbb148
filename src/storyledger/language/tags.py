"""What the second network says of each word: the tags, and how a Reading keeps their probabilities.

The heads are learned from marked stories (``train/tags.py``): the parts of statements, the clauses that tell
events, loaded words, names, numbers and times. A head whose first label is "O" spells spans (IOB2); the others
judge the words of such a span. Rooms read probabilities from here, never the network itself:
the reader (``reading/``) fills what stands here.
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
SURE_OUTSIDE = (
    0.9  # a word this surely outside keeps no judgement on the span that it is not in: nobody asks, and it packs
)
JUDGED = {
    "named": "source", "act": "content", "polarity": "content",
    "event_type": "event", "status": "event", "importance": "event",
}  # fmt: skip


def pack_tags(probabilities_WT: Floats) -> bytes:
    """Return the probabilities in steps of 1/255, compressed: about 15 bytes a word instead of 400."""
    steps = np.rint(probabilities_WT * 255).astype(np.uint8)
    return zlib.compress(np.ascontiguousarray(steps.T).tobytes(), 6)


def unpack_tags(packed: bytes) -> Floats:
    """Return the probabilities that ``pack_tags`` packed, (W, ``WIDTH``)."""
    steps = np.frombuffer(zlib.decompress(packed), np.uint8) if packed else np.zeros(0, np.uint8)
    out: Floats = steps.reshape(WIDTH, -1).T.astype(np.float32) / np.float32(255)
    return out


def read_tags(reading: Reading) -> dict[str, Floats]:
    """Return, by head, the probabilities of its labels for each token of ``reading``: (tokens, labels).

    The labels stand in ``HEADS``. A head that judges a span ("act", "event_type" ...) is zero where the token is
    surely in no such span. A Reading without tags (made by another program) gives zeros.
    """
    table = unpack_tags(reading.tags) if reading.tags else np.zeros((len(reading.tokens), WIDTH), np.float32)
    return {name: table[:, a:b] for name, (a, b) in COLUMNS.items()}

"""Ids: tagged hashes of canonical JSON arrays.

Invariant: an id depends only on the values named, never on order of work, time or place, and two
different arrays never collide by joining ("us", "a.b" and "us.a", "b" differ). This module must not
know what its ids are ids of.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

Scalar = str | int | float | bool | None
Part = Any  # a Scalar or a (nested) sequence of them; what JSON can hold

ID_HEX_CHARS = 16  # 64 bits: a collision among a million ids has a chance of 1 in 40 million


def make_id(tag: str, *parts: Part) -> str:
    """Return ``tag`` + ":" + the first 16 hex digits of the SHA-256 of ``[tag, *parts]``.

    Source: simonw/llm ``logs.py``, which tags its hashes with kind and version.
    """
    return f"{tag}:{hash_parts(tag, *parts)[:ID_HEX_CHARS]}"


def hash_parts(*parts: Part) -> str:
    """Return the SHA-256, in hex, of ``parts`` as a canonical JSON array."""
    blob = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(blob.encode("utf-8", "surrogatepass")).hexdigest()

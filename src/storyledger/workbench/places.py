"""The words that an entry stands on, written so that it is found again when the story has followed and its id is gone.

Invariant: a place is taken only while the page has the same words there; an entry is found at it by the rule that the
journal's keys follow. This module must not know HTTP.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from storyledger.errors import UsageError
from storyledger.journal import find_keyed
from storyledger.store import Ledger
from storyledger.types import Evidence

NUMBER = re.compile(r"[0-9]{1,9}")


def write_place(spot: Evidence) -> str:
    """Return a place as an address or a form carries it: DOCUMENT START END and a digest of its words."""
    return f"{spot.document} {spot.start} {spot.end} {_digest(spot.text)}"


def read_place(ledger: Ledger, text: object) -> Evidence:
    """Return the place that ``text`` names; the digest may be left out.

    Raises:
        UsageError: it is none, or the page has other words there by now.
    """
    parts = str(text).split()
    if len(parts) not in (3, 4) or not all(NUMBER.fullmatch(part) for part in parts[1:3]):
        raise UsageError("E-JUDGE-TARGET", f"{str(text)[:80]!r} is no place", "write DOCUMENT START END")
    found = ledger.entries.load_values("documents", parts[:1], without=("dropped", "blocks"))
    if not found:
        raise UsageError("E-JUDGE-TARGET", f"there is no page {parts[0][:80]!r}", "load the page again")
    start, end = int(parts[1]), int(parts[2])
    words = found[0].text[start:end]
    if not words or (len(parts) == 4 and _digest(words) != parts[3]):
        raise UsageError("E-JUDGE-TARGET", "the page has other words there by now", "load the page again")
    return Evidence(parts[0], start, end, words)


def find_at(ledger: Ledger, section: str, places: Sequence[object]) -> str | None:
    """Return the entry of ``section`` that stands at the first of ``places``, and at the others where one does."""
    held: list[set[str]] = []
    best = None
    for place in places:
        try:
            spot = read_place(ledger, place)
        except UsageError:
            return None
        marks = [m for m in ledger.entries.list_marks(spot.document) if m.section == section]
        rows = [(m.start, m.end, m.id) for m in marks]
        best = best or find_keyed(("", spot.start, spot.end, ""), rows)
        held.append({ident for low, high, ident in rows if low < spot.end and spot.start < high})
    common = set.intersection(*held) if held else set()
    return best if best in common or not common else min(common)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]

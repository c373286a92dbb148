"""Searches that people saved: entries of the journal, so that they merge, are taken back and move with it.

Invariant: a saved search is the address's own words and filters, nothing else of an address is kept. This module must
not know HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from storyledger.errors import UsageError
from storyledger.journal import list_active
from storyledger.types import Judgement

PARTS = ("q", "section", "outlet", "since", "until", "day", "who", "speaker", "said_by", "kind", "document", "disputed")
MOST_CHARS, MOST_NAME = 2000, 120


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name: ``query`` is what stands behind the question mark; ``number`` takes it back."""

    number: int
    name: str
    query: str
    by: str | None
    made_on: str


def clean_query(query: str) -> str:
    """Return the words and filters of an address, in one order.

    Raises:
        UsageError: it has none.
    """
    given = dict(parse_qsl(query[:MOST_CHARS]))
    kept = [(name, given[name]) for name in PARTS if given.get(name)]
    if not kept:
        raise UsageError("E-SERVE-SEARCH", "there is nothing to search for in it", "search first, then save")
    return urlencode(kept)


def list_searches(journal: Iterable[Judgement]) -> Sequence[SavedSearch]:
    """Return the saved searches in force, by name; of two of one name the later."""
    found = {j.a[3]: j for j in list_active(journal) if j.verb == "save_search"}
    return [SavedSearch(j.number, name, j.value or "", j.by, j.made_on) for name, j in sorted(found.items())]

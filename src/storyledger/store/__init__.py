"""The ledger file: the only room that knows sqlite3."""

from storyledger.store.entries import Entry
from storyledger.store.entry_index import EntryIndex, Filters, Mark, Mentioned
from storyledger.store.flat import write_flat
from storyledger.store.ledger import Ledger, check_ledger, explain_fault

__all__ = [
    "Entry",
    "EntryIndex",
    "Filters",
    "Ledger",
    "Mark",
    "Mentioned",
    "check_ledger",
    "explain_fault",
    "write_flat",
]

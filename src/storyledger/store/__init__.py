"""The ledger file: the only room that knows sqlite3."""

from storyledger.store.ledger import Ledger, check_ledger

__all__ = ["Ledger", "check_ledger"]

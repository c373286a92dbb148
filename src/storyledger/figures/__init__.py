"""Every number that is a claim, and the ledger that compares them.

``find_figures`` reads one article; ``build_ledger`` brings figures of one quantity together across
pages and labels every pair. Invariant: scope before verdict, and in doubt compatible. This room must
not know how times or names are found.
"""

from .find import find_figures
from .ledger import MOST_OF_PAGE, build_ledger, list_crowded

__all__ = ["MOST_OF_PAGE", "build_ledger", "find_figures", "list_crowded"]

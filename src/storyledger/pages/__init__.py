"""Where pages come from: files, folders, archives, feeds, standard input become ``Page`` values.

Invariant: every file met is either a page (or several), a part of a page, or a ``Failure``; nothing is fetched, nothing
is written, and the order of the pages depends on their names alone. The room must not know what
becomes of a page.
"""

from storyledger.pages.again import derive_again
from storyledger.pages.walk import iter_pages

__all__ = ["derive_again", "iter_pages"]

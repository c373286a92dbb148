"""Files that are parts of a saved page, not pages: the folder that a browser saves beside "PAGE.html".

Browsers and tools name it after the page ("PAGE_files", "PAGE-Dateien", "PAGE.files", "PAGE_archivos"), and the page
refers to it; so a folder that is merely called so stays a folder of pages. This module must not know a file system.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from storyledger.errors import PageError

_PAGE = re.compile(r"\.(?:x?html?|shtml|php|aspx?)$", re.IGNORECASE)
_ENDING = re.compile(r"[._-][^\W\d_]{3,14}\Z")


def find_attendants(names: Sequence[str], read: Callable[[str], bytes]) -> frozenset[str]:
    """Return those of the files ``names`` (paths with forward slashes) that are parts of a page among them.

    Args:
        names: all files that are looked at together.
        read: the bytes of one; called for a page beside a folder that is named after it.
    """
    folders: dict[str, list[str]] = {}
    for name in names:
        parts = name.split("/")
        for depth in range(1, len(parts)):
            folders.setdefault("/".join(parts[:depth]), []).append(name)
    found: set[str] = set()
    pages = {_PAGE.sub("", name): name for name in names if _PAGE.search(name)}
    for folder, inner in sorted(folders.items()):
        page = pages.get(_ENDING.sub("", folder)) if _ENDING.search(folder) else None
        if page is not None and page not in found and _refers(page, folder, read):
            found.update(inner)
    return frozenset(found)


def _refers(page: str, folder: str, read: Callable[[str], bytes]) -> bool:
    try:
        data = read(page)
    except (PageError, OSError, RuntimeError, EOFError):
        return False
    name = folder.rsplit("/", 1)[-1]
    forms = {
        name,
        quote(name),
        quote(name, safe="()!*'~,;:@&=+$"),
        name.replace(" ", "%20"),
        name.replace("&", "&amp;"),
    }
    return any(f"{form}/".encode() in data for form in forms)

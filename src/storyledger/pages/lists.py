"""Lists of addresses without texts (Pocket, Instapaper, bookmarks): named as what they are.

This module must not know files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyledger.errors import PageError
from storyledger.pages.file import File, read_whole
from storyledger.types import Page


def iter_list(file: File) -> Iterator[Page]:
    """Yield nothing.

    Raises:
        PageError: always: how many addresses the list has, and that their texts are not in it.
    """
    addresses = len(set(re.findall(rb"https?://[^\s\"'<>,]+", read_whole(file))))
    message = f"a list of {addresses} addresses without the texts"
    raise PageError("W-PAGE-LIST", message, "save the pages that it names", path=file.path)

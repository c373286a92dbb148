"""SingleFile's compressed pages: an HTML file that is a zip file at its end and unpacks itself in a browser.

This module must not know files.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from storyledger.errors import PageError
from storyledger.pages.compose import compose_page
from storyledger.pages.file import File, read_whole
from storyledger.pages.zipped import Zipped
from storyledger.types import Page


def iter_singlefile_zip(file: File) -> Iterator[Page]:
    """Yield the page inside; of one that is no such page (a page with a zip file behind it), the page itself.

    Raises:
        PageError: the page inside is damaged or locked.
    """
    data = read_whole(file)
    archive = Zipped(data, file.path)
    if "index.html" not in archive.names:
        yield compose_page(file, data)
        return

    def find_part(address: str) -> bytes | None:
        name = posixpath.normpath(address.split("?", maxsplit=1)[0].split("#", maxsplit=1)[0])
        try:
            return archive.read(name) if name in archive.names and name.endswith((".html", ".htm")) else None
        except PageError:
            return None

    page = archive.read("index.html")
    yield compose_page(file, page, find_part=find_part, reader="singlefile", received=data, always_derived=True)

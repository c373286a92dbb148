"""Make the sources of a file that is no text a second time, so that they can be compared with those that were kept."""

from __future__ import annotations

from storyledger.errors import PageError
from storyledger.pages.file import file_of_bytes
from storyledger.pages.readers import iter_file
from storyledger.types import Failure

_NAMES = {"html": "again.html", "markdown": "again.md", "text": "again.txt"}  # what the bytes alone may leave open


def derive_again(reader: str, received: bytes) -> frozenset[str]:
    """Return the hashes of the sources that ``reader`` makes of a file's bytes; none where it can make none."""
    failures: list[Failure] = []
    file = file_of_bytes(received, _NAMES.get(reader, "again"), None, failures.append)
    try:
        return frozenset(page.sha256 for page in iter_file(file))
    except PageError:
        return frozenset(("",))

"""``sources.csv``: what a person states about saved pages, beside them.

Columns, in any order, a header line first: file, url, outlet, title, published, authors (separated by
";"), note. Unknown columns are ignored. This module must not know what the statements are worth.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from storyledger.errors import PageError
from storyledger.types import SourceNote

SIDECAR_NAME = "sources.csv"


def parse_sidecar(data: bytes, path: str) -> dict[str, SourceNote]:
    """Return the notes of a ``sources.csv`` by file name (relative, forward slashes).

    Raises:
        PageError: there is no ``file`` column, or the bytes are no table.
    """
    text = _decode(data)
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=False))
    except csv.Error as error:
        raise PageError("E-PAGE-SIDECAR", f"not a table: {error}", "save it as CSV", path=path) from error
    notes: dict[str, SourceNote] = {}
    for row in rows:
        cells = {(k or "").strip().lower(): v.strip() for k, v in row.items() if isinstance(v, str)}
        if "file" not in cells:
            raise PageError("E-PAGE-SIDECAR", "no column named file", "the first line names the columns", path=path)
        if cells["file"]:
            notes[cells["file"].replace("\\", "/").removeprefix("./")] = _make_note(cells)
    return notes


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _make_note(cells: Mapping[str, str]) -> SourceNote:
    authors = tuple(name.strip() for name in cells.get("authors", "").split(";") if name.strip())
    return SourceNote(
        url=cells.get("url") or None,
        outlet=cells.get("outlet") or None,
        title=cells.get("title") or None,
        published=cells.get("published") or None,
        authors=authors,
        note=cells.get("note") or None,
    )

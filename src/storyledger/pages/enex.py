"""Evernote's exports (ENEX): each note is an article that somebody clipped.

This module must not know files.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from storyledger.errors import PageError
from storyledger.pages.days import local_day
from storyledger.pages.file import File
from storyledger.pages.make import make_page
from storyledger.types import Page, SourceNote


def iter_enex(file: File) -> Iterator[Page]:
    """Yield a page for each note; ``record`` is its number from 1.

    Raises:
        PageError: the file breaks off or is no ENEX; the notes before that place are yielded.
    """
    number = 0
    with file.open() as stream:
        try:
            events = etree.iterparse(
                stream, tag="note", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
            )
            for _, note in events:
                number += 1
                with file.guard(str(number)):
                    yield _make_note(note, str(number), file)
                note.clear()
                while note.getprevious() is not None:
                    del note.getparent()[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            message = f"the export breaks off after note {number}"
            raise PageError("E-PAGE-XML", message, "export it again", path=file.path) from error


def _make_note(note: etree._Element, record: str, file: File) -> Page:
    content = (note.findtext("content") or "").encode("utf-8", "replace")
    told = SourceNote(
        url=note.findtext("note-attributes/source-url") or None,
        title=note.findtext("title") or None,
        authors=tuple(a for a in [note.findtext("note-attributes/author")] if a and "@" not in a)
        if note.findtext("note-attributes/source-url") is None
        else (),
        captured=local_day(note.findtext("created")),
    )
    return make_page(
        file.label, record, content, media="html", charset="utf-8", sidecar=file.sidecar, declared=told, given=True
    )

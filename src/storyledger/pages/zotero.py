"""What a Zotero library says of the pages saved in it: its RDF export, with the files beside it.

This module must not know files.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from storyledger.pages.days import find_written_day, local_day
from storyledger.pages.zipped import local_name, parse_xml
from storyledger.types import SourceNote

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def parse_library(data: bytes, path: str) -> dict[str, SourceNote]:
    """Return the notes of an RDF export by file name (relative to it, forward slashes).

    Raises:
        PageError: it is no XML.
    """
    root = parse_xml(data, path)
    by_id = {e.get(f"{_RDF}about"): e for e in root if e.get(f"{_RDF}about")}
    notes = {}
    for item in root:
        links = [e.get(f"{_RDF}resource") for e in item if local_name(e) == "link"]
        for ident in links:
            attachment = by_id.get(ident)
            place = _resource(attachment) if attachment is not None else None
            if place:
                notes[place] = _make_note(item)
    return notes


def _resource(attachment: etree._Element) -> str | None:
    """Return where an attachment's file lies: "files/12/page.html"."""
    for element in attachment:
        if local_name(element) == "resource":
            return unquote(element.get(f"{_RDF}resource") or "").removeprefix("./") or None
    return None


def _make_note(item: etree._Element) -> SourceNote:
    parent = next((e for e in item if local_name(e) == "isPartOf"), None)
    outlet = next(_texts(parent, "title"), None) if parent is not None else None
    day = next(_texts(item, "date"), None)
    return SourceNote(
        url=next((u for e in item if local_name(e) == "identifier" for u in _texts(e, "value") if "://" in u), None),
        outlet=outlet,
        title=next((t for e in item if local_name(e) == "title" and (t := (e.text or "").strip())), None),
        published=(local_day(day) or find_written_day(day) or day) if day else None,
        authors=tuple(_people(item)),
    )


def _texts(element: etree._Element, name: str) -> Iterator[str]:
    for one in element.iter():
        if local_name(one) == name and (one.text or "").strip():
            yield (one.text or "").strip()


def _people(item: etree._Element) -> Iterator[str]:
    authors = next((e for e in item if local_name(e) == "authors"), None)
    for person in authors.iter() if authors is not None else ():
        if local_name(person) == "Person":
            name = " ".join(filter(None, (next(_texts(person, n), "") for n in ("givenName", "surname"))))
            if name:
                yield name

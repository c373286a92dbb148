"""The agencies' XML: NITF, NewsML-G2 and the older NewsML: the text of each item with its head.

This module must not know files.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from storyledger.errors import PageError
from storyledger.pages.days import local_day
from storyledger.pages.file import File, read_whole
from storyledger.pages.make import make_page
from storyledger.pages.zipped import local_name, parse_xml, shown_text
from storyledger.types import Page, SourceNote

_AS_HTML = {
    "hl1": "h2", "hl2": "h3", "media-caption": "figcaption", "bq": "blockquote", "block": "div", "note": "aside",
    "nitf-table": "table",
}  # fmt: skip
_HOLDERS = ("inlineXML", "DataContent")
_NOT_USED = ("stat:canceled", "stat:withheld")


def iter_news_xml(file: File) -> Iterator[Page]:
    """Yield a page for each item with a text; ``record`` is its number from 1, None for one alone.

    Raises:
        PageError: the file is no XML, or has no item.
    """
    root = parse_xml(read_whole(file), file.path)
    items = [e for e in root.iter() if local_name(e) in ("newsItem", "NewsItem")] or [root]
    found = 0
    for number, item in enumerate(items, 1):
        record = str(number) if len(items) > 1 else None
        with file.guard(record):
            page = _read_item(item, file, record)
            found += 1
            yield page
    if not found and len(items) == 1:
        return
    if not found:
        raise PageError("E-PAGE-EMPTY", "no item with a text", "see whether it is whole", path=file.path)


def _read_item(item: etree._Element, file: File, record: str | None) -> Page:
    names = ("body.content", "inlineXML", "inlineData", "DataContent")
    body = next((found for name in names if (found := _find(item, name)) is not None), None)
    own = _find(body, "body") if body is not None else None
    held = own if own is not None and body is not None and local_name(body) in _HOLDERS else body
    if held is None:
        raise PageError("E-PAGE-EMPTY", "the item has no text in it", "ask for the item with its text", path=file.path)
    nitf = _find(held, "body.content")
    note = SourceNote(
        url=_address(item),
        outlet=_text(item, "infoSource", "name") or _attribute(item, "pubdata", "name") or _text(item, "creditline")
        or _text(item, "distributor", "org") or _text(item, "Provider") or _text(item, "distributor"),
        title=_text(item, "hedline", "hl1") or _text(item, "headline") or _text(item, "HeadLine")
        or _text(item, "title"),
        published=_day(item),
        authors=_authors(item),
    )  # fmt: skip
    source = _inner_xml(nitf if nitf is not None else held)  # last: it renames elements in place
    status = next((e.get("qcode") for e in item.iter() if local_name(e) == "pubStatus"), None)
    cut = "the agency has withdrawn the item" if status in _NOT_USED else None
    return make_page(
        file.path if record is None else file.label, file.record if record is None else record, source, media="html",
        charset="utf-8", sidecar=file.sidecar, declared=note, given=True, cut=cut,
    )  # fmt: skip


def _find(element: etree._Element | None, name: str) -> etree._Element | None:
    return next((e for e in element.iter() if local_name(e) == name), None) if element is not None else None


def _inner_xml(element: etree._Element) -> bytes:
    """Return what stands in ``element`` as HTML; NITF's names for lines and captions as HTML's."""
    for one in element.iter():
        name = local_name(one)
        if name:
            one.tag = _AS_HTML.get(name, name)
    for dropped in list(element.iter("media-reference", "media-metadata", "media-producer", "head", "title")):
        if dropped is not element and dropped.getparent() is not None:
            dropped.clear()
    etree.cleanup_namespaces(element)
    text = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
    return text.encode("utf-8", "replace")


def _text(item: etree._Element, *path: str) -> str | None:
    here: etree._Element | None = item
    for name in path:
        here = _find(here, name)
    words = shown_text(here) if here is not None else ""
    return words or None


def _attribute(item: etree._Element, name: str, key: str) -> str | None:
    found = _find(item, name)
    return found.get(key) if found is not None else None


def _address(item: etree._Element) -> str | None:
    for name, key in (("remoteContent", "href"), ("link", "href"), ("ex-ref", "ex-ref")):
        found = _attribute(item, name, key)
        if found and found.startswith("http"):
            return found
    return None


def _day(item: etree._Element) -> str | None:
    stated = (
        _attribute(item, "date.issue", "norm") or _attribute(item, "date.release", "norm")
        or _text(item, "contentCreated") or _text(item, "firstCreated") or _text(item, "versionCreated")
        or _text(item, "FirstCreated") or _text(item, "ThisRevisionCreated")
        or _attribute(item, "pubdata", "date.publication")
    )  # fmt: skip
    return local_day(stated)


def _authors(item: etree._Element) -> tuple[str, ...]:
    people = [e for e in item.iter() if local_name(e) == "byline" or (local_name(e) == "creator" and _text(e, "name"))]
    names = []
    for one in people:
        person = _text(one, "person") or _text(one, "name") or shown_text(one)
        if person:
            names.append(person.removeprefix("By ").removeprefix("by ").strip())
    return tuple(dict.fromkeys(names))

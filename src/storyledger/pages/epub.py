"""Books of articles (EPUB): the documents of the spine, in its order, each a page.

Navigation, covers and title pages are no articles. No library was taken: EbookLib's licence is the AGPL.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from storyledger.errors import PageError
from storyledger.pages.days import local_day
from storyledger.pages.file import File, read_whole
from storyledger.pages.make import make_page
from storyledger.pages.zipped import Zipped, local_name, parse_xml, shown_text
from storyledger.types import Derivation, Page, SourceNote

_NO_ARTICLE = re.compile(
    r"(?:^|[/_.-])(?:nav|toc|cover|title_?page|titlepage|copyright|colophon|index)(?:[/_.-]|$)", re.IGNORECASE
)
MIN_CHARS = 80
MAX_DOCUMENTS = 5_000


def iter_epub(file: File) -> Iterator[Page]:
    """Yield the documents of a book; ``record`` is the document's path in it.

    Raises:
        PageError: it is damaged or has no spine.
    """
    data = read_whole(file)
    archive = Zipped(data, file.path)
    place = _find_package(archive, file)
    package = archive.read_xml(place)
    title, made, publisher = (_metadata(package, name) for name in ("title", "date", "publisher"))
    derived = Derivation("epub", hashlib.sha256(data).hexdigest(), len(data))
    spine = [p for p in _iter_spine(package, place) if not _NO_ARTICLE.search(p.rpartition("/")[2])][:MAX_DOCUMENTS]
    for name in spine:
        with file.guard(name):
            part = archive.read(name)
            if len(_visible(part)) < MIN_CHARS:
                continue
            alone = len(spine) == 1
            note = SourceNote(
                outlet=publisher,
                published=local_day(made) if alone else None,
                title=_heading(part) or (title if alone else None),
            )
            yield make_page(
                file.label, name, part, media="html", sidecar=file.sidecar, declared=note, given=True,
                derived=derived, received=data,
            )  # fmt: skip


def _find_package(archive: Zipped, file: File) -> str:
    root = archive.read_xml("META-INF/container.xml")
    places = [e.get("full-path") for e in root.iter() if local_name(e) == "rootfile"]
    if not places or not places[0]:
        raise PageError("E-PAGE-ARCHIVE", "the book names no contents", "save it again", path=file.path)
    return str(places[0])


def _iter_spine(package: etree._Element, place: str) -> Iterator[str]:
    items = {e.get("id"): e for e in package.iter() if local_name(e) == "item"}
    for ref in package.iter():
        item = items.get(ref.get("idref")) if local_name(ref) == "itemref" and ref.get("linear") != "no" else None
        if item is not None and "nav" not in (item.get("properties") or "").split():
            yield posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(item.get("href") or "")))


def _metadata(package: etree._Element, name: str) -> str | None:
    found = [e.text for e in package.iter() if local_name(e) == name and e.tag.startswith("{http://purl.org/dc")]
    return (found[0] or "").strip() or None if found else None


def _heading(part: bytes) -> str | None:
    """Return the first heading: what a document calls its title is often its file's name."""
    match = re.search(rb"<h[12]\b[^>]*>(.*?)</h[12]\s*>", part, re.IGNORECASE | re.DOTALL)
    return _visible(b"<p>" + match.group(1) + b"</p>") or None if match else None


def _visible(part: bytes) -> str:
    try:
        return shown_text(parse_xml(part, "", recover=True))
    except PageError:
        return " ".join(re.sub(r"<[^>]*>", " ", part.decode("utf-8", "replace")).split())

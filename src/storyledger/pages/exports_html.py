"""Press archives' exports as HTML (Europresse, Factiva): each article of the file by itself.

This module must not know files.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from lxml import etree, html

from storyledger.pages.days import find_written_day
from storyledger.pages.file import File
from storyledger.pages.make import make_page
from storyledger.types import Derivation, Page, SourceNote

_EUROPRESSE = re.compile(rb"rdp__DocPublicationName|docOcurrContainer|titreArticle")
_FACTIVA = re.compile(rb"""class=["'][^"']*\b(?:enArticle|articleParagraph|enHeadline)\b""")
_ARTICLE = {"europresse": "article", "factiva": "div"}
_NAMES = {
    "title": ("titreArticle", "rdp__articletitle", "enHeadline", "hlHeadline"),
    "outlet": ("rdp__DocPublicationName", "DocPublicationName"),
    "body": ("docOcurrContainer", "articleParagraph"),
    "authors": ("docAuthors", "sm-margin-bottomNews", "author"),
}


def iter_html_export(file: File, data: bytes) -> Iterator[Page]:
    """Yield the articles of an export; nothing where ``data`` is none."""
    head = data[:2_000_000]
    kind = "europresse" if _EUROPRESSE.search(head) else "factiva" if _FACTIVA.search(head) else None
    if kind is None:
        return
    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    derived = Derivation("html", hashlib.sha256(data).hexdigest(), len(data))
    for number, article in enumerate(_find_articles(root, kind), 1):
        bodies = _by_class(article, _NAMES["body"])
        if not bodies:
            continue
        head_text = _words(article)[:600]
        source = "".join(etree.tostring(body, encoding="unicode", method="html", with_tail=False) for body in bodies)
        note = SourceNote(
            outlet=_text_of(article, _NAMES["outlet"], cut=True) or _after_day(article),
            title=_text_of(article, _NAMES["title"]),
            published=find_written_day(head_text),
            authors=tuple(n for n in re.split(r"\s*[;,]\s*", _text_of(article, _NAMES["authors"]) or "") if n),
        )
        yield make_page(
            file.label, str(number), source.encode(), media="html", charset="utf-8", sidecar=file.sidecar,
            declared=note, given=True, derived=derived, received=data,
        )  # fmt: skip


def _find_articles(root: html.HtmlElement, kind: str) -> list[html.HtmlElement]:
    found = list(root.iter(_ARTICLE[kind]))
    return found if kind == "europresse" else [e for e in found if "article" in (e.get("class") or "").split()]


def _words(element: html.HtmlElement) -> str:
    return " ".join(" ".join(str(part) for part in element.itertext()).split())


def _by_class(element: html.HtmlElement, names: tuple[str, ...]) -> list[html.HtmlElement]:
    for name in names:
        found = [e for e in element.iter() if isinstance(e.tag, str) and name in (e.get("class") or "").split()]
        if found:
            return found
    return []


def _text_of(element: html.HtmlElement, names: tuple[str, ...], *, cut: bool = False) -> str | None:
    found = _by_class(element, names)
    text = _words(found[0]) if found else ""
    return (re.split(r"\s+[,•|]\s*|,\s", text)[0] if cut else text) or None


def _after_day(article: html.HtmlElement) -> str | None:
    """Return Factiva's source: the line after the day."""
    lines = [_words(e) for e in article.iter("div")]
    day = next((n for n, line in enumerate(lines) if len(line) < 40 and find_written_day(line)), None)
    return (
        next((line for line in lines[day + 1 : day + 3] if not re.match(r"\d", line)), None)
        if day is not None
        else None
    )

"""JSON and JSON Lines as crawlers, news tools and services write them: an object is an article.

A file of lines has one object a line; one document has them in a list, alone or under ``articles``, ``items``,
``results``, ``data``, ``entries``, ``docs``, ``stories``, ``documents`` (JSON Feed, NewsAPI, wallabag, ninjs 1 to 3).

The accepted keys, the first present one wins: a page as fetched ``html``, ``raw_html``; the article ``content_html``,
``body_html``, ``html_content``, ``body_xhtml`` | ``text``, ``maintext``, ``content``, ``content_text``, ``body``,
``article``, ``raw_text``, ``plain_text``, ``cleaned_text``, ``articleBody``, ``body_text``; ``url``, ``link``,
``source_url``, ``canonical_link``, ``external_url``; ``title``, ``headline``; ``date``, ``published``,
``date_publish``, ``published_at``, ``publish_date``, ``pubDate``, ``datePublished``, ``date_published``,
``firstpublished``, ``versioncreated``; ``outlet``, ``source``, ``sitename``, ``site_name``, ``domain_name``,
``source_domain``, ``publisher``, ``source-hostname``; ``authors``, ``author``, ``byline``, ``published_by``. Keys are
read without regard to case.

Invariant: one bad line is one failure and the next line is read. This module must not know files.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from storyledger.errors import PageError
from storyledger.pages.file import File, read_whole
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.types import Page, SourceNote

PAGE_KEYS = ("html", "raw_html")
HTML_KEYS = ("content_html", "body_html", "html_content", "body_xhtml")
TEXT_KEYS = (
    "text", "maintext", "content", "content_text", "body", "article", "raw_text", "plain_text", "cleaned_text",
    "articlebody", "body_text",
)  # fmt: skip
URL_KEYS = ("url", "link", "source_url", "canonical_link", "external_url", "resolved_url")
TITLE_KEYS = ("title", "headline")
DATE_KEYS = (
    "date", "published", "date_publish", "published_at", "publish_date", "pubdate", "datepublished", "publishedat",
    "date_published", "firstpublished", "firstcreated", "versioncreated",
)  # fmt: skip
OUTLET_KEYS = (
    "outlet", "source", "sitename", "site_name", "publisher", "source_domain", "source-hostname", "hostname",
    "domain_name",
)  # fmt: skip
AUTHOR_KEYS = ("authors", "author", "byline", "published_by")
LIST_KEYS = ("articles", "items", "results", "data", "entries", "docs", "stories", "documents", "list")
_MARKUP = re.compile(
    r"<(?:p|div|br|h[1-6]|ul|ol|blockquote|figure|table|section|article|span|strong|em|a)\b[^<]*>", re.IGNORECASE
)
_ESCAPED = re.compile(r"&lt;(?:p|div|br|h[1-6]|ul|blockquote|figure)\b[^<]*?&gt;", re.IGNORECASE)


def iter_jsonl(file: File) -> Iterator[Page]:
    """Yield a page for each line that is an object with text or HTML; ``record`` is the line's number from 1."""
    with file.open() as stream:
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        yield from _iter_lines(cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if packed else stream, file)


def _iter_lines(lines: BinaryIO, file: File) -> Iterator[Page]:
    number = 0
    while line := lines.readline(PAGE_BYTES + 1):
        number += 1
        if len(line) > PAGE_BYTES:
            advice = f"the limit is {PAGE_BYTES} bytes"
            file.fail(str(number), PageError("E-PAGE-TOO-LARGE", "the line is too long", advice))
            while line and not line.endswith(b"\n"):
                line = lines.readline(PAGE_BYTES)
            continue
        if line.strip():
            with file.guard(str(number)):
                yield make_record(_parse(line, file.path, "write one object a line"), file, str(number))


def iter_json(file: File) -> Iterator[Page]:
    """Yield a page for each article of one JSON document; ``record`` is its number from 1, None for one alone.

    Raises:
        PageError: it is no JSON, or has no article.
    """
    value = _parse(read_whole(file), file.path, "see whether it is whole")
    rows = _find_rows(value, 0)
    if rows is None:
        yield make_record(value, file, None)
        return
    outlet = value.get("title") if isinstance(value, dict) and "jsonfeed" in str(value.get("version")) else None
    for number, row in enumerate(rows, 1):
        with file.guard(str(number)):
            yield make_record(row, file, str(number), outlet)


def _parse(data: bytes, path: str, advice: str) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise PageError("E-PAGE-JSON", "it is not JSON", advice, path=path) from error


def _find_rows(value: Any, depth: int) -> list[Any] | None:
    """Return the list of articles in a document; None where the document is one article itself."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or depth > 3:
        return None
    keys = {str(key).lower(): item for key, item in value.items()}
    if _find_text(keys, (*PAGE_KEYS, *HTML_KEYS, *TEXT_KEYS)) is not None or "bodies" in keys:
        return None
    for name in (*LIST_KEYS, "_embedded", "response", "hits"):
        inner = keys.get(name)
        found = inner if isinstance(inner, list) else _find_rows(inner, depth + 1) if isinstance(inner, dict) else None
        if found:
            return found
    return None


def make_record(value: Any, file: File, record: str | None, outlet: str | None = None) -> Page:
    """Return the page that an object is.

    Raises:
        PageError: it is no object, or has no text.
    """
    if not isinstance(value, dict):
        raise PageError("E-PAGE-JSON", "the line is not an object", "write one object a line", path=file.path)
    keys = {str(key).lower(): item for key, item in value.items()}
    inner = keys.get("_source") or keys.get("fields")
    keys = {**{str(k).lower(): v for k, v in inner.items()}, **keys} if isinstance(inner, dict) else keys
    keys = _flatten_ninjs(keys)
    page = _find_text(keys, PAGE_KEYS)
    body = page or _find_text(keys, HTML_KEYS) or _find_text(keys, TEXT_KEYS)
    if body is None:
        if _find_text(keys, URL_KEYS):
            message, advice = "a title and an address without the text", "save the page that it names"
            raise PageError("W-PAGE-LIST", message, advice, path=file.path)
        raise PageError("E-PAGE-EMPTY", "no text under a known key", "see docs/pages.md for the keys", path=file.path)
    media, body = tell_markup(body)
    note = make_note(keys, outlet)
    return make_page(
        file.path if record is None else file.label, file.record if record is None else record,
        body.encode("utf-8", "replace"), media="html" if page else media, charset="utf-8", sidecar=file.sidecar,
        declared=note, given=page is None or not re.search(r"<(?:html|body|head)\b", page[:20_000], re.IGNORECASE),
    )  # fmt: skip


def tell_markup(body: str) -> tuple[Any, str]:
    """Return whether ``body`` is HTML or text, and it with markup that was escaped twice as markup."""
    if not _MARKUP.search(body) and _ESCAPED.search(body):
        body = html.unescape(body)
    return ("html" if _MARKUP.search(body) else "text"), body


def _flatten_ninjs(keys: dict[str, Any]) -> dict[str, Any]:
    """Return the keys with what ninjs 2 and 3 keep in lists of parts by role."""
    found = dict(keys)
    bodies = [b for b in keys.get("bodies") or () if isinstance(b, dict) and isinstance(b.get("value"), str)]
    if bodies:
        main = max(
            bodies,
            key=lambda b: (
                b.get("role") in (None, "main", "body"),
                "html" in str(b.get("contenttype")),
                len(b["value"]),
            ),
        )
        found["content_html" if "html" in str(main.get("contenttype", "")) else "body_text"] = main["value"]
    headlines = [h for h in keys.get("headlines") or () if isinstance(h, dict) and isinstance(h.get("value"), str)]
    if headlines and not isinstance(keys.get("headline"), str):
        found["headline"] = max(headlines, key=lambda h: h.get("role") in (None, "main", "headline"))["value"]
    infosources = keys.get("infosources") or keys.get("infosource")
    if isinstance(infosources, list) and infosources and isinstance(infosources[0], dict):
        found.setdefault("outlet", infosources[0].get("name"))
    return found


def _find_text(keys: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((keys[name] for name in names if isinstance(keys.get(name), str) and keys[name].strip()), None)


def make_note(keys: Mapping[str, Any], outlet: str | None = None) -> SourceNote:
    """Return what the object's keys declare of its page."""
    authors: list[str] = []
    for name in AUTHOR_KEYS:
        value = keys.get(name)
        for item in value if isinstance(value, list) else [value]:
            spelt = item.get("name") if isinstance(item, dict) else item
            if isinstance(spelt, str) and spelt.strip():
                authors.append(re.sub(r"^\s*by\s+", "", spelt.strip(), flags=re.IGNORECASE))
        if authors:
            break
    told = next((keys[name] for name in OUTLET_KEYS if keys.get(name)), None)
    told = told.get("name") or told.get("title") if isinstance(told, dict) else told
    shown = told if isinstance(told, str) and "://" not in told else None
    return SourceNote(
        url=_find_text(keys, URL_KEYS),
        outlet=shown or outlet,
        title=_find_text(keys, TITLE_KEYS),
        published=_find_text(keys, DATE_KEYS),
        authors=tuple(authors),
    )

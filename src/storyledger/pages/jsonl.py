"""JSON Lines as crawlers and news tools write them: one page an object a line.

The accepted keys, the first present one wins: text of the page ``html``, ``raw_html``, ``html_content``,
``body_html`` | ``text``, ``maintext``, ``content``, ``body``, ``article``, ``raw_text``, ``plain_text``,
``cleaned_text``; ``url``, ``link``, ``source_url``, ``canonical_link``; ``title``, ``headline``;
``date``, ``published``, ``date_publish``, ``published_at``, ``publish_date``, ``pubDate``, ``datePublished``;
``outlet``, ``source``, ``sitename``, ``site_name``, ``source_domain``, ``publisher``, ``source-hostname``;
``authors``, ``author``, ``byline``. Keys are read without regard to case.

Invariant: one bad line is one failure and the next line is read. This module must not know files.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, cast

from storyledger.errors import PageError
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.types import Failure, Page, SourceNote

HTML_KEYS = ("html", "raw_html", "html_content", "body_html")
TEXT_KEYS = ("text", "maintext", "content", "body", "article", "raw_text", "plain_text", "cleaned_text", "articlebody")
URL_KEYS = ("url", "link", "source_url", "canonical_link")
TITLE_KEYS = ("title", "headline")
DATE_KEYS = (
    "date",
    "published",
    "date_publish",
    "published_at",
    "publish_date",
    "pubdate",
    "datepublished",
    "publishedat",
)
OUTLET_KEYS = ("outlet", "source", "sitename", "site_name", "publisher", "source_domain", "source-hostname", "hostname")
AUTHOR_KEYS = ("authors", "author", "byline")


def iter_jsonl(stream: BinaryIO, label: str, on_failure: Callable[[Failure], None]) -> Iterator[Page]:
    """Yield a page for each line that is an object with text or HTML; ``record`` is the line's number from 1."""
    lines = cast("BinaryIO", gzip.GzipFile(fileobj=stream)) if label.lower().endswith(".gz") else stream
    number = 0
    while True:
        line = lines.readline(PAGE_BYTES + 1)
        if not line:
            return
        number += 1
        if len(line) > PAGE_BYTES:
            on_failure(
                _fail(label, number, "E-PAGE-TOO-LARGE", "the line is too long", f"the limit is {PAGE_BYTES} bytes")
            )
            while line and not line.endswith(b"\n"):
                line = lines.readline(PAGE_BYTES)
            continue
        if line.strip():
            try:
                yield _make_record(line, label, str(number))
            except PageError as error:
                on_failure(_fail(label, number, error.code, error.message, error.advice))


def _fail(label: str, number: int, code: str, message: str, advice: str) -> Failure:
    return Failure(label, str(number), "pages", code, message, advice)


def _make_record(line: bytes, label: str, record: str) -> Page:
    try:
        value = json.loads(line.decode("utf-8-sig", "surrogateescape"))
    except (ValueError, RecursionError) as error:
        raise PageError("E-PAGE-JSON", "the line is not JSON", "write one object a line", path=label) from error
    if not isinstance(value, dict):
        raise PageError("E-PAGE-JSON", "the line is not an object", "write one object a line", path=label)
    keys = {str(key).lower(): item for key, item in value.items()}
    html, text = _find_text(keys, HTML_KEYS), _find_text(keys, TEXT_KEYS)
    body = html or text
    if body is None:
        raise PageError("E-PAGE-EMPTY", "no text under a known key", "see docs/pages.md for the keys", path=label)
    data = body.encode("utf-8", "replace")
    return make_page(label, record, data, media="html" if html else "text", charset="utf-8", declared=make_note(keys))


def _find_text(keys: Mapping[str, Any], names: tuple[str, ...]) -> str | None:
    return next((keys[name] for name in names if isinstance(keys.get(name), str) and keys[name].strip()), None)


def make_note(keys: Mapping[str, Any]) -> SourceNote:
    """Return what the object's keys declare of its page."""
    authors: list[str] = []
    for name in AUTHOR_KEYS:
        value = keys.get(name)
        for item in value if isinstance(value, list) else [value]:
            spelt = item.get("name") if isinstance(item, dict) else item
            if isinstance(spelt, str) and spelt.strip():
                authors.append(spelt.strip())
        if authors:
            break
    outlet = next((keys[name] for name in OUTLET_KEYS if keys.get(name)), None)
    outlet = outlet.get("name") or outlet.get("title") if isinstance(outlet, dict) else outlet
    return SourceNote(
        url=_find_text(keys, URL_KEYS),
        outlet=outlet if isinstance(outlet, str) and "://" not in outlet else None,
        title=_find_text(keys, TITLE_KEYS),
        published=_find_text(keys, DATE_KEYS),
        authors=tuple(authors),
    )

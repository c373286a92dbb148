"""RSS and Atom files: the items that carry their whole text become pages.

An item with a summary alone is named as a failure: a summary is not the article. This module must not
know files.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import feedparser

from storyledger.errors import PageError
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.types import Failure, Page, SourceNote

FULL_CHARS = 500  # of visible text: a summary is shorter, an article longer
_TAG = re.compile(r"<[^>]{0,1000}>")


def iter_feed(stream: BinaryIO, label: str, on_failure: Callable[[Failure], None]) -> Iterator[Page]:
    """Yield a page for each item with its text; ``record`` is the item's number from 1 in the file.

    Raises:
        PageError: the file is too large, or no feed.
    """
    data = stream.read(PAGE_BYTES + 1)
    if len(data) > PAGE_BYTES:
        raise PageError("E-PAGE-TOO-LARGE", "the feed is too large", f"the limit is {PAGE_BYTES} bytes", path=label)
    # sanitising would change the items' HTML; nothing here is shown in a browser
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version") and not feed.entries:
        raise PageError("E-PAGE-KIND", "not an RSS or Atom feed", "name it .html or .txt if it is a page", path=label)
    outlet = feed.feed.get("title")
    for number, entry in enumerate(feed.entries, 1):
        try:
            yield _make_item(entry, label, str(number), outlet)
        except PageError as error:
            on_failure(Failure(label, str(number), "pages", error.code, error.message, error.advice))


def _make_item(entry: Any, label: str, record: str, outlet: str | None) -> Page:
    bodies = [part.get("value") or "" for part in entry.get("content", [])] + [entry.get("summary") or ""]
    body = max(bodies, key=lambda one: len(_TAG.sub("", one)))
    if len(_TAG.sub("", body)) < FULL_CHARS:
        advice = "save the page that it links to"
        raise PageError("W-PAGE-SUMMARY", "the item has a summary, not the article", advice, path=label)
    note = SourceNote(
        url=entry.get("link"),
        outlet=outlet or None,
        title=entry.get("title"),
        published=_date_of(entry.get("published_parsed")) or entry.get("published"),
        authors=tuple(a["name"] for a in entry.get("authors", []) if a.get("name")),
    )
    return make_page(label, record, body.encode("utf-8", "replace"), media="html", charset="utf-8", declared=note)


def _date_of(parsed: time.struct_time | None) -> str | None:
    return time.strftime("%Y-%m-%d", parsed) if parsed else None

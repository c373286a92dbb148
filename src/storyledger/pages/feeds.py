"""RSS and Atom files: the items that carry their whole text become pages.

An item with a summary alone is named as a failure: a summary is not the article. The outlet of an item is the one that
it names as its source, else the feed's; of a feed whose items lie on other hosts (an aggregator) it is left open, and a
feed's title such as "Courier - World" is cut to the part that its host has. This module must not know files.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import feedparser

from storyledger.errors import PageError
from storyledger.pages.days import local_day
from storyledger.pages.file import File, read_whole
from storyledger.pages.jsonl import tell_markup
from storyledger.pages.make import make_page
from storyledger.types import Page, SourceNote

FULL_CHARS = 500  # of visible text: a summary is shorter, an article longer
_TAG = re.compile(r"<[^>]{0,1000}>")
_PARTS = re.compile(r"\s+[-–—|»:/]\s+|\s*[|»]\s*")


def iter_feed(file: File) -> Iterator[Page]:
    """Yield a page for each item with its text; ``record`` is the item's number from 1 in the file.

    Raises:
        PageError: the file is too large, or no feed.
    """
    data = read_whole(file)
    # sanitising would change the items' HTML; nothing here is shown in a browser
    feed = feedparser.parse(data, sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version") and not feed.entries:
        advice = "name it .html or .txt if it is a page"
        raise PageError("E-PAGE-KIND", "not an RSS or Atom feed", advice, path=file.path)
    for number, entry in enumerate(feed.entries, 1):
        with file.guard(str(number)):
            yield _make_item(entry, file, str(number), feed.feed)
    if feed.get("bozo") and not _is_closed(data):
        message = f"the feed breaks off after item {len(feed.entries)}"
        file.fail(None, PageError("E-PAGE-FEED", message, "fetch it again"))


def _is_closed(data: bytes) -> bool:
    tail = data[-200:].rstrip().lower()
    return tail.endswith((b"</rss>", b"</feed>", b"</rdf:rdf>", b"</channel>")) or b"</rss" in tail or b"</feed" in tail


def _make_item(entry: Any, file: File, record: str, feed: Any) -> Page:
    bodies = [part.get("value") or "" for part in entry.get("content", [])] + [entry.get("summary") or ""]
    body = max((tell_markup(one)[1] for one in bodies), key=lambda one: len(_TAG.sub("", one)))
    if len(_TAG.sub("", body)) < FULL_CHARS:
        advice = "save the page that it links to"
        raise PageError("W-PAGE-SUMMARY", "the item has a summary, not the article", advice, path=file.path)
    raw = entry.get("published") or entry.get("issued") or entry.get("updated")
    note = SourceNote(
        url=entry.get("link"),
        outlet=_find_outlet(entry, feed),
        title=_plain(entry.get("title")),
        published=local_day(raw) or raw,
        authors=tuple(a["name"] for a in entry.get("authors", []) if a.get("name")),
    )
    return make_page(
        file.label, record, body.encode("utf-8", "replace"), media="html", charset="utf-8", sidecar=file.sidecar,
        declared=note, given=True,
    )  # fmt: skip


def _plain(text: str | None) -> str | None:
    """Return a title without tags and entities; feeds escape them once too often."""
    shown = html.unescape(html.unescape(_TAG.sub("", text or "")))
    return " ".join(shown.split()) or None


def _find_outlet(entry: Any, feed: Any) -> str | None:
    source = entry.get("source") or {}
    named = _plain(source.get("title") or source.get("value"))
    if named:
        return named
    title = _plain(feed.get("title"))
    home, item = _host(feed.get("link")), _host(entry.get("link"))
    if not title:
        return None
    if home and item and _site(home) != _site(item):
        return None
    parts = [part.strip() for part in _PARTS.split(title) if part and part.strip()]
    if len(parts) > 1:
        letters = re.sub(r"[\W_]", "", home.lower())
        own = [part for part in parts if re.sub(r"[\W_]", "", part.lower()).removeprefix("the") in letters]
        return own[0] if own else title
    return title


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _site(host: str) -> str:
    parts = host.split(".")
    return ".".join(parts[-3:] if len(parts) > 2 and len(parts[-2]) <= 3 and len(parts[-1]) == 2 else parts[-2:])

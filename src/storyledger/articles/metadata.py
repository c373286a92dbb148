"""What a page's own metadata states: JSON-LD, OpenGraph, meta and time elements.

Invariant: nothing is concluded here; what contradicts the page is left to facts.py. A modification date
is never given as the publication. This module must not know the page's lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from storyledger.articles.dates import parse_stated_date
from storyledger.articles.names import find_people
from storyledger.articles.tree import Tree, strip_letters

_SCRIPT_CHARS = 3_000_000
_NODES = 20_000  # of JSON-LD that are visited; a page with more is hostile
_ARTICLE = re.compile(
    r"(?:article|blogposting|report|liveblog|review|newsstory|posting|interview|column)", re.IGNORECASE
)
_PUBLISHED = (
    "article:published_time", "og:published_time", "article:published", "datepublished", "og:article:published_time",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "article.published", "publish-date",
    "publish_date",
    "publishdate", "published_date", "pubdate", "publication_date", "publicationdate", "date.issued", "dc.date.issued",
    "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "date_published", "published",
    "originalpublicationdate", "rnews:datepublished", "displaydate", "article_date_original", "ptime", "date",
    "release_date",
    "published_at", "created", "issued", "bt:pubdate", "vr:published_time", "citation_publication_date",
    "citation_date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "article:modified",
)
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator", "dcterms.creator", "creator",
    "citation_author", "og:article:author", "article:author_name", "authors", "cxenseparse:author", "twitter:data1",
)  # fmt: skip
_TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "title", "hdl", "citation_title")
_OUTLETS = (
    "og:site_name",
    "application-name",
    "cre",
    "source",
    "dc.publisher",
    "publisher",
    "citation_publisher",
    "article:publisher",
)
_DECKS = ("og:description", "description", "twitter:description")


@dataclass(frozen=True, slots=True)
class Stated:
    """What the metadata states, each list with the most trusted first."""

    titles: tuple[str, ...] = ()
    deck: str | None = None
    outlets: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    linked_authors: tuple[str, ...] = ()
    published: str | None = None
    published_raw: str | None = None
    modified: str | None = None
    modified_raw: str | None = None
    url: str | None = None
    language: str | None = None
    body: str | None = None


@dataclass(slots=True)
class _Linked:
    """The JSON-LD of a page: its article nodes, and every node by its id."""

    articles: list[dict[str, Any]] = field(default_factory=list)
    by_id: dict[str, dict[str, Any]] = field(default_factory=dict)
    outlets: list[str] = field(default_factory=list)


def read_metadata(tree: Tree) -> Stated:
    """Return what the page states about itself."""
    meta = _read_meta(tree.root)
    linked = _read_linked(tree.root, _list_own_titles(tree.root, meta), _find_url(tree.root, meta))
    times = list(_iter_times(tree.root))
    language = _find_language(tree.root, meta)
    american = is_american(language)
    published = _first(
        [
            *_values(linked, "datePublished"),
            *_values(linked, "coverageStartTime"),
            *_meta_values(meta, _PUBLISHED),
            *[raw for kind, raw in times if kind == "published"],
            *([] if any(kind == "published" for kind, _ in times) else _find_header_time(tree.root)),
        ],
        american,
    )
    modified = _first(
        [
            *_values(linked, "dateModified"),
            *_meta_values(meta, _MODIFIED),
            *[raw for kind, raw in times if kind == "modified"],
        ],
        american,
    )
    return Stated(
        titles=tuple(_iter_titles(tree.root, linked, meta)),
        deck=next(iter(_meta_values(meta, _DECKS)), None),
        outlets=tuple(
            dict.fromkeys([*_meta_values(meta, _OUTLETS[:1]), *linked.outlets, *_meta_values(meta, _OUTLETS[1:])])
        ),
        authors=_find_authors(linked, meta),
        linked_authors=_find_linked_authors(tree.root)
        if (marked := _find_marked_authors(tree.root)) is None
        else marked,
        published=parse_stated_date(published, american=american) if published else None,
        published_raw=published,
        modified=parse_stated_date(modified, american=american) if modified else None,
        modified_raw=modified,
        url=_find_url(tree.root, meta),
        language=language,
        body=_find_body(linked),
    )


def find_stated_body(tree: Tree) -> str | None:
    """Return the article body that the page states in JSON-LD, if it does."""
    meta = _read_meta(tree.root)
    return _find_body(_read_linked(tree.root, _list_own_titles(tree.root, meta), _find_url(tree.root, meta)))


def _find_body(linked: _Linked) -> str | None:
    bodies = [b for b in _values(linked, "articleBody") if len(b) > 400]
    return max(bodies, key=len)[:200_000] if bodies else None


def _first(values: list[str], american: bool | None) -> str | None:
    return next((value for value in values if parse_stated_date(value, american=american)), None)


def is_american(language: str | None) -> bool | None:
    """Return whether numbers in dates are month, day, year in the language of a region; None where it does not tell."""
    tag = (language or "").lower()
    if tag == "en-us":
        return True
    return False if tag[:2] not in ("", "en") or tag in ("en-gb", "en-au", "en-in", "en-ie", "en-nz", "en-za") else None


def _read_linked(root: etree._Element, titles: list[str], url: str | None) -> _Linked:
    linked = _Linked()
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            value = _parse_json(script.text[:_SCRIPT_CHARS])
            for node in _iter_nodes(value if value is not None else _salvage_json(script.text[:_SCRIPT_CHARS])):
                _sort_node(linked, node)
    linked.articles = _keep_own(linked.articles, titles, url)
    return linked


def _list_own_titles(root: etree._Element, meta: dict[str, list[str]]) -> list[str]:
    """Return, squeezed, what the page calls itself: in its meta elements, its title, its first heading."""
    shown = [element for name in ("title", "h1") for element in list(root.iter(name))[:1]]
    texts = [*_meta_values(meta, _TITLES), *(strip_letters("".join(map(str, one.itertext()))) for one in shown)]
    return [key for text in texts if (key := _squeeze(text))]


def _squeeze(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _keep_own(nodes: list[dict[str, Any]], titles: list[str], url: str | None) -> list[dict[str, Any]]:
    """Return the nodes that are the page's own article, the surest first: a list of other stories says nothing of it.

    A node is the page's own by its title or its address; where none is so, those that state neither are left, and
    where all state one, all.
    """
    if len(nodes) < 2:
        return nodes
    own = [node for node in nodes if _is_own(node, titles, url)]
    silent = [node for node in nodes if not (_strings(node.get("headline")) or _strings(node.get("name")))]
    return [*own, *silent] if own else silent or nodes


def _is_own(node: dict[str, Any], titles: list[str], url: str | None) -> bool:
    place = node.get("mainEntityOfPage") or node.get("url")
    place = place.get("@id") if isinstance(place, dict) else place
    if url and isinstance(place, str) and place.rstrip("/") == url.rstrip("/"):
        return True
    keys = [_squeeze(text) for name in ("headline", "name", "alternativeHeadline") for text in _strings(node.get(name))]
    return any(
        len(key) > 9 and (title.startswith(key[:60]) or key.startswith(title[:60])) for key in keys for title in titles
    )


def _parse_json(text: str) -> Any:
    plain = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*.*?\*/)?\s*|\s*(?:-->|//\]\]>|;)?\s*$", "", text)
    for attempt in (plain, plain.replace("\n", " ").replace("\t", " ").replace(",]", "]").replace(",}", "}")):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


_SALVAGED = ("headline", "datePublished", "dateModified")


def _salvage_json(text: str) -> dict[str, Any]:
    """Return the few facts that broken JSON-LD still shows."""
    node: dict[str, Any] = {}
    for key in _SALVAGED:
        match = re.search(rf'"{key}"\s*:\s*"([^"\n]{{1,300}})"', text)
        if match:
            node[key] = match.group(1)
    match = re.search(r'"author"\s*:\s*\[?\s*\{[^{}]{0,300}?"name"\s*:\s*"([^"\n]{1,100})"', text)
    if match:
        node["author"] = match.group(1)
    return {**node, "@type": "Article"} if node else {}


# keys under which a node holds other pages, or the posts of a live blog, each with facts of its own
_OTHERS = frozenset((
    "itemListElement", "liveBlogUpdate", "comment", "review", "citation", "mentions", "relatedLink", "isRelatedTo",
    "hasPart", "isBasedOn", "subjectOf", "about",
))  # fmt: skip


def _iter_nodes(value: Any) -> Iterator[dict[str, Any]]:
    stack, seen = [value], 0
    while stack and seen < _NODES:
        item = stack.pop()
        seen += 1
        if isinstance(item, dict):
            yield item
            inner = [v for key, v in item.items() if isinstance(v, dict | list) and key not in _OTHERS]
            stack.extend(reversed(inner))
        elif isinstance(item, list):
            stack.extend(reversed(item))


def _sort_node(linked: _Linked, node: dict[str, Any]) -> None:
    kinds = " ".join(_strings(node.get("@type")))
    if isinstance(node.get("@id"), str) and len(node) > 1:
        linked.by_id.setdefault(node["@id"], node)
    if _ARTICLE.search(kinds) and (
        "headline" in node or "datePublished" in node or "articleBody" in node or "author" in node
    ):
        linked.articles.append(node)
        linked.outlets.extend(_names(linked, node.get("publisher"), people=False))
    elif "WebSite" in kinds or "NewsMediaOrganization" in kinds:
        linked.outlets.extend(_strings(node.get("name"))[:1])


def _strings(value: Any) -> list[str]:
    items = value if isinstance(value, list) else [value]
    return [item.strip() for item in items if isinstance(item, str) and item.strip()]


def _values(linked: _Linked, key: str) -> list[str]:
    return [value for node in linked.articles[:20] for value in _strings(node.get(key))]


def _names(linked: _Linked, value: Any, *, people: bool) -> list[str]:
    """Return the names in an author or publisher value: text, node, reference, or a list of these."""
    names: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, str):
            names.append(item)
        elif isinstance(item, dict):
            node = item if "name" in item else linked.by_id.get(str(item.get("@id")), {})
            if people and "Organization" in " ".join(_strings(node.get("@type"))):
                continue
            names.extend(_strings(node.get("name")))
    return names


def _find_authors(linked: _Linked, meta: dict[str, list[str]]) -> tuple[str, ...]:
    """Return the people of the first place that names any."""
    found: tuple[str, ...] = ()
    for node in linked.articles[:5]:
        for key in ("author", "creator"):
            people = [p for name in _names(linked, node.get(key), people=True) for p in find_people(name)]
            found = found or tuple(dict.fromkeys(people))
    for key in _AUTHORS:
        people = [p for value in meta.get(key, []) if "://" not in value for p in find_people(value)]
        if people and set(people) >= set(found):  # the same people and more: one place names the first alone
            return tuple(dict.fromkeys(people))
    return found


_AUTHOR_PATH = re.compile(
    r"/(?:authors?|staff|by|profiles?|journalists?|people|contributors?|writers?|reporters?|columnists?|bios?)/[\w.%-]",
    re.IGNORECASE,
)


def _find_marked_authors(root: etree._Element) -> tuple[str, ...] | None:
    """Return the people in elements marked as the author, comments apart; None where nothing is so marked."""
    marked = [e for e in root.iter(etree.Element) if "author" in (e.get("itemprop") or "").lower().split()]
    marked = [e for e in marked if not any(_is_remark(above) for above in e.iterancestors())]
    found: dict[str, None] = {}
    for element in marked[:20]:
        named = [e for e in element.iter(etree.Element) if e.get("itemprop") == "name"][:1] or [element]
        text = named[0].get("content") or " ".join(map(str, named[0].itertext()))
        found.update(dict.fromkeys(find_people(" ".join(strip_letters(text).split()))))
    return tuple(found) if marked else None


def _is_remark(element: etree._Element) -> bool:
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''} {element.get('id') or ''}".lower()
    return "comment" in names or "review" in names.split()


def _find_linked_authors(root: etree._Element) -> tuple[str, ...]:
    """Return the people whom the first links to authors' pages name, together as they stand."""
    found: dict[str, None] = {}
    holder = None
    for element in root.iter("a"):
        if (element.get("rel") or "").lower() != "author" and not _AUTHOR_PATH.search(element.get("href") or ""):
            continue
        people = find_people(" ".join(strip_letters("".join(map(str, element.itertext()))).split()))
        parent = element.getparent()
        above = parent.getparent() if parent is not None else None
        if people and (holder is None or above is holder):
            holder = above
            found.update(dict.fromkeys(people))
    return tuple(found)


def _read_meta(root: etree._Element) -> dict[str, list[str]]:
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = strip_letters(element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key and content:
                meta.setdefault(key, []).append(content[:5000])
    return meta


def _meta_values(meta: dict[str, list[str]], keys: tuple[str, ...]) -> list[str]:
    return [value for key in keys for value in meta.get(key, []) if "://" not in value[:12]]


def _iter_times(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield ("published" or "modified", value) of the page's marked time elements."""
    for element in root.iter("time", "abbr", "span"):
        names = " ".join((element.get(a) or "") for a in ("class", "itemprop", "pubdate", "id")).lower()
        value = element.get("datetime") or (element.get("content") if element.tag != "time" else None) or ""
        if not value:
            continue
        if "modif" in names or "update" in names:
            yield "modified", value
        elif (
            "publish" in names
            or "pubdate" in names
            or "entry-date" in names
            or "post-date" in names
            or "article" in names
        ):
            yield "published", value


def _find_header_time(root: etree._Element) -> list[str]:
    """Return the first machine-readable time between heading and text: what it shows may be "2 days ago"."""
    headed, chars = False, 0
    for element in root.iter("h1", "p", "time"):
        headed = headed or element.tag == "h1"
        if element.tag == "p" and headed:
            chars += len("".join(map(str, element.itertext())))
        if element.tag == "time" and headed and element.get("datetime") and chars < _LEAD_CHARS:
            inside = {one.tag for one in element.iterancestors()}
            if not inside & {"aside", "nav", "footer", "li"}:
                return [element.get("datetime") or ""]
    return []


_LEAD_CHARS = 400


def _iter_titles(root: etree._Element, linked: _Linked, meta: dict[str, list[str]]) -> Iterator[str]:
    seen = set()
    title = root.find(".//title")
    shown = strip_letters("".join(map(str, title.itertext()))) if title is not None else ""
    for value in [*_values(linked, "headline"), *_meta_values(meta, _TITLES), shown]:
        text = " ".join(value.split())
        if text and text not in seen:
            seen.add(text)
            yield text


def _find_url(root: etree._Element, meta: dict[str, list[str]]) -> str | None:
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and "://" in (link.get("href") or ""):
            return str(link.get("href")).strip()
    stated = next((v.strip() for key in ("og:url", "twitter:url") for v in meta.get(key, []) if "://" in v), None)
    return stated or _find_saved_from(root)


# what savers write at the head of a page: Internet Explorer and browsers after it, SingleFile, HTTrack, reader views
_SAVED_FROM = re.compile(
    r"saved from url=\(\d+\)\s*(https?://\S+)|Page saved with SingleFile\s+url:\s*(https?://\S+)"
    r"|Mirrored from\s+(?!https?:)(\S+)\s+by HTTrack"
)


def _find_saved_from(root: etree._Element) -> str | None:
    """Return the address that the saver of the page noted in a comment or in the bar of its reader view."""
    comments = [
        *root.itersiblings(etree.Comment, preceding=True),
        *(c for c, _ in zip(root.iter(etree.Comment), range(20), strict=False)),
    ]
    for comment in comments:
        match = _SAVED_FROM.search(str(comment.text or "")[:2000])
        if match:
            return match.group(1) or match.group(2) or f"http://{match.group(3)}"
    link = next((e for e in root.iter("a") if "reader-domain" in (e.get("class") or "")), None)
    return link.get("href") if link is not None and "://" in (link.get("href") or "") else None


_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")


def _find_language(root: etree._Element, meta: dict[str, list[str]]) -> str | None:
    for value in (root.get("lang"), *meta.get("og:locale", []), *meta.get("language", [])):
        if value and _LANGUAGE.fullmatch(value.strip()):
            return value.strip().replace("_", "-")
    return None

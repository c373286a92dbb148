"""HTML to lines: every text node is tagged with its source position before any library sees it.

The source is cut into tags and text nodes here; each text node gets one letter in front that no news
page uses (CJK extension B, with one of extension G before it past 42,000 nodes), lxml repairs the
tree, trafilatura says what it would keep, and the letters lead back. Searching the output in the
source afterwards would take the first of two equal sentences.

Invariant: a line is made of source characters alone; the letters never reach it. This module must not
know what is furniture.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module

from lxml import etree
from lxml.html import HTMLParser

from storyledger.articles.lines import Line, LineBuilder, Markup
from storyledger.errors import PageError

FIRST_LOW, LOW_COUNT = 0x20000, 42_718
FIRST_HIGH, HIGH_COUNT = 0x30000, 4_939
_LETTERS = re.compile(r"([\U00030000-\U0003134A]?)([\U00020000-\U0002A6DD])")
_RESERVED = re.compile(r"[\U00020000-\U0003FFFF]")
_TAG = re.compile(r"""</?([a-zA-Z][^\s/>]*+)(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')|[="'])*+>""")
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\s/>])|\Z", re.IGNORECASE)
    for name in ("script", "style", "noscript", "template", "textarea", "iframe", "xmp", "noframes", "svg", "math")
}
_SHADOW = re.compile(r"<template\b[^>]*\bshadowroot(?:mode)?\b", re.IGNORECASE)
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "ruby",
        "rb",
        "rt",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "textarea",
        "iframe",
        "svg",
        "math",
        "object",
        "embed",
        "canvas",
        "head",
        "select",
        "option",
        "del",  # struck out: the page takes back what stands there, so it is none of its words any more
        "s",
        "strike",
    ]
)
# what stands raised as the sign of a note: figures, one letter, asterisks and daggers
_NOTE = re.compile(r"([\[(]?)\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|([a-z])|[*†‡§¶]{1,3})\s*[\])]?", re.IGNORECASE)
# what is raised to a power: a ten, a unit, a letter of a formula
_POWER = re.compile(r"(?:\b10|(?<![^\W\d_])(?:[kcdm]?m|mi|ft|in|yd|s|sec|[a-z]))\s?\Z", re.IGNORECASE)
_STRUCK = frozenset(("span", "font"))
_STRONG = frozenset(("b", "strong"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
RESCUE_NODES = 2_000  # beyond, trafilatura votes without justext, which looks far around each short line
VOTE_NODES = 8_000  # text nodes; the pages of the article set have up to 1,587, 31 deep
VOTE_DEPTH = 100
# libxml2 compares each attribute of a tag with all before it: 16,000 take .7 s, 100,000 42 s; the pages of the article
# set have up to 60
TAG_CHARS, TAG_ATTRIBUTES = 20_000, 4_000
_MAX_DEPTH = 200  # deeper ancestors say nothing more about a line
_NAMES_CHARS = 600


@dataclass(slots=True)
class Tree:
    """A parsed page: its root, its text nodes' positions, and its source."""

    root: etree._Element
    nodes: list[tuple[int, int]]
    source: str


def parse_tree(source: str) -> Tree | None:
    """Return the page as lxml repairs it, with tagged text nodes; None where there is no element at all."""
    nodes: list[tuple[int, int]] = []
    marked = "".join(_iter_marked(source, nodes))
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, no_network=True)
    data = marked.replace("\x00", "\ufffd").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        return None
    if root is None:
        return None
    for element in root.iter("template"):
        if "shadowrootmode" in element.attrib or "shadowroot" in element.attrib:
            element.tag = "div"  # as it is shown
    return Tree(root, nodes, source)


def _iter_marked(source: str, nodes: list[tuple[int, int]]) -> Iterator[str]:
    """Yield the source with a letter before each text node that shows anything.

    Raises:
        PageError: a tag has so many attributes that parsing it alone would take the page's time.
    """
    for start, end, is_text in iter_pieces(source):
        piece = source[start:end]
        if not is_text and end - start > TAG_CHARS and _count_attributes(piece) > TAG_ATTRIBUTES:
            message = f"one of its tags has more than {TAG_ATTRIBUTES:,} attributes"
            raise PageError("E-PAGE-WORK", message, "save the page again: that is no article")
        if is_text and not piece.isspace():
            yield _letters_of(len(nodes))
            nodes.append((start, end))
            piece = _RESERVED.sub("?", piece)
        yield piece


def _count_attributes(piece: str) -> int:
    """Return how many attributes the tag has that ``piece`` begins with: no value counts, nor what it holds."""
    match = _TAG.match(piece)
    return len(_VALUE.sub(" ", match.group()).split()) if match else 0


_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+)""")


def _letters_of(number: int) -> str:
    high, low = divmod(number, LOW_COUNT)
    return (chr(FIRST_HIGH + min(high, HIGH_COUNT) - 1) if high else "") + chr(FIRST_LOW + low)


def iter_pieces(source: str) -> Iterator[tuple[int, int, bool]]:
    """Yield ``(start, end, is text)``, covering the source; linear in its length, whatever is in it."""
    at = text_from = 0
    last_close = source.rfind(">")
    while (at := source.find("<", at)) >= 0:
        end = _end_of_markup(source, at, last_close)
        if end <= at:
            at += 1
            continue
        if at > text_from:
            yield text_from, at, True
        yield at, end, False
        at = text_from = end
    if text_from < len(source):
        yield text_from, len(source), True


def _end_of_markup(source: str, at: int, last_close: int) -> int:
    """Return where the markup that begins at ``at`` ends; ``at`` itself where it is a plain "<"."""
    following = source[at + 1 : at + 2]
    if following == "!" and source.startswith("<!--", at):
        end = source.find("-->", at + 4)
        return end + 3 if end >= 0 else len(source)
    if at > last_close:
        return at
    if following and following in "!?":
        return source.find(">", at) + 1
    match = _TAG.match(source, at)
    if match is None:
        return at
    raw = _RAW_END.get(match.group(1).lower())
    if raw is not None and _SHADOW.search(match.group()):
        return match.end()  # a declarative shadow root: what it holds is shown
    if raw is None or source[at + 1] == "/" or source[match.end() - 2] == "/":
        return match.end()
    found = raw.search(source, match.end())
    return found.start() if found else len(source)


def find_nodes(text: str | None) -> list[int]:
    """Return the numbers of the text nodes whose letters stand in ``text``."""
    if not text:
        return []
    return [_number_of(m) for m in _LETTERS.finditer(text)]


def _number_of(match: re.Match[str]) -> int:
    high = ord(match.group(1)) - FIRST_HIGH + 1 if match.group(1) else 0
    return high * LOW_COUNT + ord(match.group(2)) - FIRST_LOW


def strip_letters(text: str) -> str:
    """Return ``text`` without the letters that lead back to the source."""
    return _LETTERS.sub("", text)


@dataclass(slots=True)
class _Walk:
    """The state of one walk over a tree."""

    tree: Tree
    lines: list[Line] = field(default_factory=list)
    builder: LineBuilder | None = None
    tag: str = ""
    path: tuple[str, ...] = ()
    names: str = ""
    inline_names: str = ""
    block: int = 0
    blocks_seen: int = 0
    deepest: int = 0
    link_chars: int = 0
    strong_chars: int = 0
    parts: list[tuple[int, int]] = field(default_factory=list)
    nodes: list[list[tuple[int, int]]] = field(default_factory=list)
    in_link: int = 0
    in_strong: int = 0
    in_heading: int = 0
    itemprops: list[str] = field(default_factory=list)
    frames: list[tuple[str, tuple[str, ...], str, int, int]] = field(default_factory=list)
    article: int = 0
    articles_seen: int = 0

    def break_line(self) -> None:
        """End the line, if there is one."""
        builder = self.builder
        self.builder = None
        if builder is not None and builder.length:
            text, rows = builder.finish()
            props = " ".join(self.itemprops)
            names = self.names + self.inline_names
            holder, above = (self.frames[-n][3] if n <= len(self.frames) else 0 for n in (1, 2))
            markup = Markup(
                self.tag, self.path, names, self.block, self.link_chars, 0, self.strong_chars, props, self.article,
                holder, above,
            )  # fmt: skip
            self.lines.append(Line(text, rows, markup=markup))
            self.nodes.append(self.parts)
        self.link_chars = self.strong_chars = 0
        self.parts = []
        self.inline_names = ""

    def add_text(self, text: str | None) -> None:
        """Append the text nodes whose letters stand in ``text``."""
        if not text:
            return
        numbers = find_nodes(text)
        if not numbers:
            if self.builder is not None:
                self.builder.add_space()
            return
        if self.builder is None:
            self.builder = LineBuilder(self.tree.source)
        for number in numbers:
            if number < len(self.tree.nodes):
                node = self.tree.nodes[number]
                added = self.builder.add_node(*node)
                self.builder.add_blank_after(*node)
                self.link_chars += added if self.in_link else 0
                self.strong_chars += added if self.in_strong else 0
                self.parts.append((number, added))


def read_lines(tree: Tree, *, vote: bool = True) -> list[Line]:
    """Return the lines of the page in the order of its source.

    Args:
        tree: as ``parse_tree`` gives it; with ``vote`` it is used up.
        vote: whether to ask trafilatura which text it would keep (``Markup.kept_chars``).
    """
    walk = _Walk(tree)
    body = tree.root.find("body")
    _walk(walk, tree.root if body is None else body)
    walk.break_line()
    if not vote or not _is_votable(walk):
        return walk.lines
    kept = _keep_nodes(tree)
    return [_count_kept(line, parts, kept) for line, parts in zip(walk.lines, walk.nodes, strict=True)]


def _is_votable(walk: _Walk) -> bool:
    """Return whether the page is one that trafilatura handles in reasonable time: not too deep, not too many nodes."""
    return bool(walk.lines) and len(walk.tree.nodes) <= VOTE_NODES and walk.deepest <= VOTE_DEPTH


def _keep_nodes(tree: Tree) -> frozenset[int]:
    """Return the numbers of the text nodes that trafilatura takes for the article."""
    extract = import_module("trafilatura.core").bare_extraction  # .15 s that a pile of plain texts need not pay
    try:
        fast = len(tree.nodes) > RESCUE_NODES
        document = extract(tree.root, with_metadata=False, include_comments=False, fast=fast)
    except Exception:  # noqa: BLE001 - a library fed with hostile pages; its vote is one of many, the page goes on
        return frozenset()
    text = getattr(document, "text", None)
    return frozenset(find_nodes(text))


def _count_kept(line: Line, parts: list[tuple[int, int]], kept: frozenset[int]) -> Line:
    chars = sum(added for number, added in parts if number in kept)
    if not chars or line.markup is None:
        return line
    return dataclasses.replace(line, markup=dataclasses.replace(line.markup, kept_chars=chars))


def read_flat_lines(source: str) -> list[Line]:
    """Return the text nodes of ``source`` as lines without markup: for pages that no parser makes a tree of."""
    lines = []
    for start, end, is_text in iter_pieces(source):
        if is_text:
            builder = LineBuilder(source)
            builder.add_node(start, end)
            if builder.length:
                lines.append(Line(*builder.finish()))
    return lines


def _walk(walk: _Walk, root: etree._Element) -> None:
    """Visit the elements in document order without recursion: hostile pages nest 100,000 deep."""
    context = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in context:
        if event == "comment":
            if element is not root:
                walk.add_text(element.tail)
        elif event == "end":
            _leave(walk, element, is_root=element is root)
        elif element.tag in SKIPPED or _is_withdrawn(element):
            context.skip_subtree()
        else:
            _enter(walk, element)


def _is_withdrawn(element: etree._Element) -> bool:
    """Tell whether an inline element is none of the page's words: struck out by its style, or the sign of a note.

    "12<sup>3</sup> people" shows twelve people and a note; its text is 123 people to whoever drops the tag.
    """
    if element.tag in _STRUCK:
        return "line-through" in element.get("style", "")
    if element.tag != "sup":
        return False
    note = _NOTE.fullmatch(strip_letters("".join(map(str, element.itertext()))).strip())
    if note is None:
        return False
    if note.group(1) or element.find(".//a") is not None:
        return True
    before = element.getprevious()
    above = element.getparent()
    text = before.tail if before is not None else above.text if above is not None else None
    return note.group(2) is None and bool(text) and not _POWER.search(strip_letters(text or ""))


def _enter(walk: _Walk, element: etree._Element) -> None:
    tag = element.tag
    if tag in INLINE:
        walk.in_link += tag == "a"
        walk.in_strong += tag in _STRONG
        if "itemprop" in element.attrib:
            walk.itemprops.append(element.get("itemprop", ""))
        if walk.builder is None and element.get("class"):  # the line begins in it: "<span class=caption>"
            walk.inline_names = f"{walk.inline_names} {tag}|{element.get('class', '').lower()}"[-_NAMES_CHARS:]
    elif tag == "br":
        if walk.in_heading:
            walk.add_text(" ")
        else:
            walk.break_line()
    else:
        walk.break_line()
        walk.frames.append((walk.tag, walk.path, walk.names, walk.block, walk.article))
        if tag == "article":
            walk.articles_seen += 1
            walk.article = walk.articles_seen
        walk.in_heading += tag in _HEADINGS
        walk.blocks_seen += 1
        walk.deepest = max(walk.deepest, len(walk.frames))
        walk.tag, walk.block = tag, walk.blocks_seen
        if len(walk.path) < _MAX_DEPTH:
            walk.path = (*walk.path, tag)
        own = _own_names(element)
        if own:
            walk.names = f"{walk.names} {tag}|{own}"[-_NAMES_CHARS:]
        if "itemprop" in element.attrib:
            walk.itemprops.append(element.get("itemprop", ""))
    walk.add_text(element.text)


def _leave(walk: _Walk, element: etree._Element, *, is_root: bool) -> None:
    tag = element.tag
    if tag in INLINE:
        walk.in_link -= tag == "a"
        walk.in_strong -= tag in _STRONG
    elif tag not in SKIPPED and tag != "br":
        walk.break_line()
        walk.in_heading -= tag in _HEADINGS
        walk.itemprops.clear()
        if walk.frames:
            walk.tag, walk.path, walk.names, walk.block, walk.article = walk.frames.pop()
    if not is_root:
        walk.add_text(element.tail)


def _own_names(element: etree._Element) -> str:
    """Return class, id, role and whether it is hidden, lower case."""
    get = element.attrib.get
    own = f"{get('class', '')} {get('id', '')} {get('role', '')} {get('data-testid', '')}".strip().lower()
    style = get("style", "")
    if "hidden" in element.attrib or ("none" in style and "display:none" in style.replace(" ", "").lower()):
        own += " is-hidden"
    return own

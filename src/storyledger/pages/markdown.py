"""Markdown notes: what a clipper put above the text (front matter) is what it declares; the rest is the article.

A note without front matter is read as a capture, as it always was: its text may be anything. markdown-it does the
marks; each block of the note stays on its line. This module must not know files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from markdown_it import MarkdownIt

from storyledger.pages.file import File, read_whole
from storyledger.pages.jsonl import make_note
from storyledger.pages.make import make_page
from storyledger.pages.paper import Block, Facts, derive_page, write_source
from storyledger.types import Page, SourceNote

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?\n", re.DOTALL | re.MULTILINE)
_LINK = re.compile(
    r"\A\s*\[?\[?([^\]|]+?)(?:\|[^\]]*)?\]?\]?(?:\(.*\))?\s*\Z"
)  # Obsidian writes names as links to notes
FRONT_CHARS = 65_536
MARKS = 5_000  # of one kind; nested ten thousand deep they would take minutes, and no article has so many


def iter_markdown(file: File) -> Iterator[Page]:
    """Yield the page that a note is.

    Raises:
        PageError: it is empty or too large.
    """
    data = read_whole(file)
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    front = _FRONT.match(text)
    keys = _read_front(front.group(1)) if front is not None and len(front.group()) < FRONT_CHARS else None
    if front is None or keys is None or max(text.count(c) for c in "[*>`_") > MARKS:
        yield make_page(file.path, file.record, data, media="text", sidecar=file.sidecar, declared=file.declared)
        return
    blocks = _read_blocks(text, front.end())
    note = _make_note(keys)
    yield derive_page(file, "markdown", data, write_source(blocks, Facts(note.title)), note, given=True)


def _read_front(text: str) -> dict[str, Any] | None:
    try:
        value = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return {str(key).lower(): item for key, item in value.items()} if isinstance(value, dict) else None


class _Loader(yaml.SafeLoader):
    """YAML with days as they are written, and without references: a short note could stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias."""
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in rows if not tag.endswith("timestamp")]
    for key, rows in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _make_note(keys: Mapping[str, Any]) -> SourceNote:
    told = {name: _unlink(value) for name, value in keys.items() if value}
    if isinstance(told.get("source"), str) and "://" in told["source"]:
        told.setdefault("url", told["source"])  # Obsidian's clipper: source is the address
    for name in ("site", "publication", "publisher", "website"):
        if isinstance(told.get(name), str):
            told.setdefault("outlet", told[name])
    told.setdefault("url", told.get("original") or told.get("source-url") or told.get("clipped_from"))
    captured = told.get("created") or told.get("saved") or told.get("clipped") or told.get("date_saved")
    note = make_note({**told, "date": told.get("published") or told.get("date")})
    day = captured[:10] if isinstance(captured, str) and re.match(r"\d{4}-\d\d-\d\d", captured) else None
    return SourceNote(note.url, note.outlet, note.title, note.published, note.authors, captured=day)


def _unlink(value: Any) -> Any:
    if isinstance(value, list):
        return [_unlink(item) for item in value if item]
    if isinstance(value, str) and (match := _LINK.match(value)):
        return match.group(1).strip()
    return value if isinstance(value, str | dict) else str(value)


def _read_blocks(text: str, start: int) -> list[Block]:
    """Return the note's blocks, each line on the line of the file where it stands."""
    marked = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = re.sub(r"\[\[([^\]\[|]{1,200}\|)?([^\]\[]{1,300})\]\]", r"\2", text[start:])
    body = re.sub(r"!\[[^\]\[\n]{0,500}\]\([^)\n]{0,2000}\)", "", body)
    blocks = [Block("!--", [""]) for _ in range(text.count("\n", 0, start))]
    at = len(blocks)
    first = at
    tags: list[str] = []
    for token in marked.parse(body):
        if token.type.endswith("_open"):
            tags.append(token.tag)
        elif token.type.endswith("_close") and tags:
            tags.pop()
        if token.type not in ("inline", "code_block", "fence") or not token.content.strip():
            continue
        begins = first + (token.map[0] if token.map else 0)
        blocks += [Block("!--", [""]) for _ in range(max(0, begins - at))]
        lines = marked.renderInline(token.content).split("\n") if token.type == "inline" else [""]
        lines = [re.sub(r"^\[[ x]\]\s*", "", line) for line in lines]
        blocks.append(Block(_tell_tag(tags), lines, is_markup=True))
        at = max(begins, at) + len(lines)
    return blocks


def _tell_tag(tags: list[str]) -> str:
    for tag in reversed(tags):
        if tag in ("h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote"):
            return tag
    return "li" if tags and tags[-1] in ("td", "th") else "p"

"""What was taken of a page, what was dropped and why: lines for a person who misses something.

This module must not decide anything: it prints what pages and articles are.
"""

from __future__ import annotations

from collections.abc import Iterator

from storyledger.proof import decode_source
from storyledger.types import Article, Page, SourceNote

SHOWN_CHARS = 72
DROPPED_SHOWN = 60


def explain_page(page: Page, article: Article | None) -> Iterator[str]:
    """Yield the lines on one page; ``article`` is None where it gave none."""
    yield f"{page.path}{' / ' + page.record if page.record else ''}"
    yield f"  read as {_describe_source(page)}"
    for who, note in (("sources.csv or the library says", page.sidecar), ("the container says", page.declared)):
        told = _describe_note(note)
        if told:
            yield f"  {who}: {told}"
    if article is None:
        return
    told = "" if article.completeness_reason is None else f": {article.completeness_reason}"
    yield f"  completeness {article.completeness}{told}"
    words = len(article.text.split())
    yield f"  decoded as {article.encoding}; language {article.language or '?'}; {words} words taken:"
    for block in article.blocks:
        yield f"    {block.kind:10} {_shorten(article.text[block.start : block.end])}"
    yield from _iter_dropped(page, article)


def _describe_source(page: Page) -> str:
    told = "HTML" if page.media == "html" else "text"
    if page.derived is not None:
        told += f" made of a {page.derived.reader} file of {page.derived.size_bytes} bytes"
    told += "; the container gives it as the article, so no line was judged" if page.given else ""
    return told + (f"; not whole: {page.cut}" if page.cut else "")


def _describe_note(note: SourceNote | None) -> str:
    if note is None:
        return ""
    names = ("title", "outlet", "published", "url", "captured", "note")
    told = [f"{name} {getattr(note, name)}" for name in names if getattr(note, name)]
    return "; ".join([*told, *([f"authors {', '.join(note.authors)}"] if note.authors else [])])


def _iter_dropped(page: Page, article: Article) -> Iterator[str]:
    if not article.dropped:
        yield "  nothing was dropped"
        return
    source = decode_source(page.data, article.encoding)
    yield f"  {len(article.dropped)} lines dropped:"
    for one in article.dropped[:DROPPED_SHOWN]:
        yield f"    {one.reason or 'furniture':22} {_shorten(source[one.source_start : one.source_end])}"
    if len(article.dropped) > DROPPED_SHOWN:
        yield f"    ... and {len(article.dropped) - DROPPED_SHOWN} more"


def _shorten(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SHOWN_CHARS else flat[: SHOWN_CHARS - 1] + "…"

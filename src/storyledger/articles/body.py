"""The text that people mean by "the article": paragraphs, headings, lists, quotations."""

from __future__ import annotations

from storyledger.types import Article

BODY_KINDS = frozenset(("paragraph", "heading", "list", "quote"))


def body_text(article: Article) -> str:
    """Return the article's body, blocks parted by empty lines, without title, byline and captions."""
    return "\n\n".join(article.text[b.start : b.end] for b in article.blocks if b.kind in BODY_KINDS)

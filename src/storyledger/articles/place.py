"""What an article's facts need of the other pages: copies, origins, inferred dates and outlets.

Invariant: the result does not depend on the order of the articles; the articles come back in the order
in which they came. This module must not know how pages are cleaned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from storyledger.engine import Engine
from storyledger.ids import make_id
from storyledger.types import Article, CopyOf


def place_articles(articles: Sequence[Article], engine: Engine) -> list[Article]:
    """Return the articles with what only the pile can tell: copies, origins, inferred facts."""
    del engine
    first: dict[str, Article] = {}
    for article in sorted(articles, key=lambda one: (one.path, one.record or "")):
        first.setdefault(article.sha256, article)
    placed = []
    for article in articles:
        root = first[article.sha256]
        copy = None if root.id == article.id else CopyOf(root.id, "byte_duplicate")
        placed.append(dataclasses.replace(article, copy_of=copy, origin=make_id("origin", root.id)))
    return placed

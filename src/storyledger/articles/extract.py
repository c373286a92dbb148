"""One page to one article, without knowledge of the other pages but which of their lines repeat.

This module must not know how a line is judged or how a fact is read; it calls those in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from storyledger.articles.assemble import Choice, assemble_text
from storyledger.articles.decode import decode_page
from storyledger.articles.lines import Line, split_capture
from storyledger.articles.tree import Tree, keep_nodes, parse_tree, read_lines
from storyledger.errors import PageError
from storyledger.ids import make_id
from storyledger.types import Article, BlockKind, Page


def fingerprint_lines(page: Page) -> tuple[str, ...]:
    """Return the hashes of the page's lines, each once, in order; the pile counts who shares them.

    Case, digits and white space do not count, so that "3 comments" and "12 comments" are one line.
    """
    source, _ = decode_page(page)
    tree = parse_tree(source) if page.media == "html" else None
    lines = read_lines(tree, frozenset()) if tree is not None else split_capture(source)
    return tuple(dict.fromkeys(hash_line(line.text) for line in lines))


def hash_line(text: str) -> str:
    """Return the hash of a line that ``fingerprint_lines`` tells."""
    plain = " ".join("".join("0" if c.isdigit() else c for c in text.casefold()).split())
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def extract_article(page: Page, repeated: Mapping[str, int]) -> Article:
    """Return the article on ``page``: text, blocks, map, and the facts that the page itself tells.

    Args:
        page: as received.
        repeated: hash of a line (``fingerprint_lines``) -> number of other, not byte-identical pages
            of the pile that have it.

    Raises:
        PageError: the page shows no text.
    """
    source, encoding = decode_page(page)
    tree = parse_tree(source) if page.media == "html" else None
    lines = read_lines(tree, keep_nodes(tree)) if tree is not None else split_capture(source)
    if not lines:
        raise PageError("E-PAGE-NO-TEXT", "the page shows no text", "see whether it was saved whole", path=page.path)
    choices = _choose(lines, tree, repeated)
    layout = assemble_text(choices)
    title = next((c.line.text[c.start : c.end] for c in choices if c.kind == "title"), None)
    return Article(
        id=make_id("article", page.path, page.record, page.sha256),
        path=page.path,
        record=page.record,
        encoding=encoding,
        sha256=page.sha256,
        text=layout.text,
        source_map=layout.source_map,
        blocks=layout.blocks,
        dropped=layout.dropped,
        title=title,
    )


def _choose(lines: list[Line], tree: Tree | None, repeated: Mapping[str, int]) -> list[Choice]:
    """Decide line by line (first, plain rules: long lines with sentences are the body)."""
    choices: list[Choice] = []
    titled = False
    for line in lines:
        kind: BlockKind | None = None
        if tree is not None and line.markup is not None:
            if line.markup.tag == "h1" and not titled:
                kind, titled = "title", True
            elif line.markup.kept_chars * 2 > len(line.text):
                kind = "heading" if line.markup.tag in ("h2", "h3", "h4") else "paragraph"
        elif not titled and 20 <= len(line.text) <= 150 and line.text[-1] not in ".!:":
            kind, titled = "title", True
        elif len(line.text) > 100 and line.text.rstrip("\"'”’)\xa0 ").endswith((".", "!", "?", "…")):
            kind = "paragraph" if "cookie" not in line.text.lower() else None
        if repeated.get(hash_line(line.text), 0) >= 3:
            kind = None
        choices.append(Choice(line, 0, len(line.text), kind, "furniture" if kind is None else ""))
    return choices

"""An article that its container gave as such: every line is kept; what a line is, its markup tells.

Invariant: nothing is dropped but a service's own mark at the end of a text that it cut ("[+3120 chars]") and a title
that stands twice. This module must not know scores: no line is judged.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from storyledger.articles.assemble import Choice
from storyledger.articles.lines import Line
from storyledger.types import BlockKind

# NewsAPI and its like end what they cut so
CUT_MARK = re.compile(r"\s*(?:…|\.\.\.)?\s*\[\s*\+?\s*[\d.,]+\s*(?:chars?|characters|words)\s*\]\s*\Z")
_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd", "td", "th"), "list"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    **dict.fromkeys(("blockquote",), "quote"),
}


def keep_given(lines: Sequence[Line], titles: Sequence[str]) -> list[Choice]:
    """Return a choice for each line; the first that is one of ``titles`` is the title."""
    wanted = {_plain(title) for title in titles}
    choices: list[Choice] = []
    titled = False
    for line in lines:
        end = len(line.text)
        if _plain(line.text) in wanted:
            choices.append(Choice(line, 0, end, None if titled else "title", "shown twice" if titled else ""))
            titled = True
            continue
        mark = CUT_MARK.search(line.text)
        if mark and mark.start():
            choices.append(Choice(line, 0, mark.start(), _tell_kind(line)))
            choices.append(Choice(line, mark.start(), end, None, "cut mark"))
        else:
            choices.append(Choice(line, 0, end, _tell_kind(line)))
    return choices


def _tell_kind(line: Line) -> BlockKind:
    if line.markup is None:
        return "paragraph"
    own = (*line.markup.path, line.markup.tag)
    return next((_KINDS[tag] for tag in reversed(own) if tag in _KINDS), "paragraph")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())

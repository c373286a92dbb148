"""Posts and pulled quotations set into a page: a block of somebody's words with their name in the line below it.

"— Name (@handle) May 11, 2022". The words need no marks and no verb of saying: the markup says that they are quoted.
This module must not know speakers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from storyledger.language.quotations import CREDIT
from storyledger.statements.anchors import TURN, Anchor
from storyledger.statements.sources import Said
from storyledger.statements.speakers import Attributed
from storyledger.statements.view import View

SCORE = 1.0  # of the content and of the source: nothing is guessed
CREDIT_TOKENS = 25  # a longer line is no credit


def find_posts(view: View) -> Iterator[Attributed]:
    """Yield the paragraphs of each quoted block that a line of credit follows, with the name in that line as source."""
    parse = view.parse
    kinds = {block.start: block.kind for block in parse.article.blocks}
    quoted = [kinds.get(start) == "quote" for start, _ in parse.paragraphs]
    for number, (start, end) in enumerate(parse.paragraphs):
        credit = CREDIT.match(parse.text, start, end)
        if not credit or not number or not quoted[number - 1]:
            continue
        first, last = view.paragraphs[number]
        name = parse.token_at(credit.end())
        words = list(takewhile(lambda i: parse.upos[i] in {"PROPN", "NOUN", "ADJ"}, range(name, last)))
        if not words or last - first > CREDIT_TOKENS:
            continue
        phrase = words[0], words[-1] + 1
        above = [n for n in takewhile(lambda n: quoted[n], range(number - 1, -1, -1)) if not _is_credit(view, n)]
        for n in reversed(above):
            low, high = view.trim(*view.paragraphs[n])
            if high - low > 1:
                anchor = Anchor("turn", None, None, n, ((low, high, TURN),))
                yield Attributed(Said(anchor, low, high, TURN, SCORE), parse.span_head(*phrase), phrase, SCORE)


def _is_credit(view: View, paragraph: int) -> bool:
    return bool(CREDIT.match(view.parse.text, *view.parse.paragraphs[paragraph]))

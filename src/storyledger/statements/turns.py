"""The turns of an interview or transcript: "NAME: words", dashes, questions with the answers that follow them.

This module must not know cues or speakers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from storyledger.statements.view import Span, View

TURN = re.compile(r"\s*:?[A-Z][\w.’'\-]*(?: [A-Z(][\w.’'\-)]*){0,5}\s?:\s")  # "MOSS:", "Q:", "Union leader Karl Moss:"
LEAD = re.compile(r"\s*[A-Z][\w.’'\- ]{2,60}:\s?[“\"«]")  # a line with a speaker and a quotation
DASH = re.compile(r"\s*[–—-]\s?\S")
QUESTIONS = 3  # so many lines that only ask make an interview
NAMED = 2
DASHES = 3
MARKS = '“"«„'
Turn = tuple[Literal["turn", "question", "answer"], int, list[Span]]


def find_turns(view: View) -> Iterator[Turn]:
    """Yield (kind, number of the paragraph, ranges of tokens that may be said) for each turn."""
    text, paragraphs = view.parse.text, view.parse.paragraphs
    asks = [text[a:b].rstrip().endswith("?") and not any(m in text[a:b] for m in MARKS) for a, b in paragraphs]
    dashed = sum(bool(DASH.match(text, a, b)) for a, b in paragraphs) >= DASHES
    named = sum(bool(TURN.match(text, a, b)) for a, b in paragraphs) >= NAMED
    talk = sum(asks) >= QUESTIONS
    for number, (a, b) in enumerate(paragraphs):
        first, last = view.paragraphs[number]
        if last - first < 1 or first >= view.n or view.is_heading[first]:
            continue
        name = TURN.match(text, a, b)
        if name and (named or LEAD.match(text, a, b)):
            yield "turn", number, list_ranges(view, view.parse.token_at(name.end()), last, asked=False)
        elif dashed and DASH.match(text, a, b):
            yield "turn", number, list_ranges(view, first + 1, last, asked=False)
        elif talk and asks[number]:
            yield "question", number, list_ranges(view, first, last, asked=True)
        elif talk and any(asks[max(0, number - 2) : number]):
            yield "answer", number, list_ranges(view, first, last, asked=False)


def list_ranges(view: View, first: int, last: int, *, asked: bool) -> list[Span]:
    """Return the whole turn, its first sentences, its sentences up to the last; of a question its last sentences."""
    inside = [s for s in view.sentences if first <= s[0] < last]
    ends = sorted({*(b for _, b in inside if b <= last), last})
    ranges = {view.trim(first, end) for end in (*ends[:3], *ends[-2:]) if end > first}
    if asked:
        ranges |= {view.trim(a, last) for a, _ in inside[-2:]}
    return sorted(r for r in ranges if r[1] > r[0])

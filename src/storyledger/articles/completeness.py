"""How much of an article a page holds: all of it, a part, a teaser, nothing but a picture's words.

Invariant: what is not whole has a reason in words; what the container knows beats what the text shows. This module
must not know how the text was chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.articles.assemble import Choice, Layout
from storyledger.articles.body import BODY_KINDS
from storyledger.articles.given import CUT_MARK
from storyledger.articles.metadata import Stated
from storyledger.types import Completeness, Page

STUB_WORDS = 60  # of body; the shortest whole article of the article set has 63
LAST_CHARS = 300
_WALL = re.compile(
    r"\b(?:subscribe|subscri(?:ption|bers?)|sign\s+(?:in|up)|log\s?in|register|abonn\w+|suscr[ií]b\w+|assine)\b[^.]{0,80}"
    r"\b(?:to\s+(?:continue|keep|finish|read|unlock|view|access)|for\s+(?:full|unlimited)\s+access|para\s+(?:leer|seguir|continuar)"
    r"|weiter|pour\s+(?:lire|continuer))\b"
    r"|\b(?:to\s+(?:continue|keep)\s+reading|continue\s+reading|read\s+the\s+(?:full|whole|rest)|keep\s+reading)\b"
    r"|\b(?:this|the\s+full)\s+(?:article|story|content|post)\s+is\s+(?:only\s+)?(?:for|available\s+to|reserved|exclusive)\b"
    r"|\b(?:already\s+a\s+(?:subscriber|member))\b"
    r"|\bfor\s+(?:paying\s+)?(?:subscribers|members)\s+only\b|\bréservé\s+aux\s+abonnés\b|\bnur\s+für\s+abonnenten\b|\bsolo\s+para\s+suscriptores\b",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.)\s*\])\s*\Z")
_BRACKETED = re.compile(r"\[\s*(?:…|\.\.\.|&hellip;)\s*\]\s*\Z")
_SENTENCE_END = re.compile(r"[.!?…:;。！？।؟][\"'”’»)\]]*\Z")


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is there, and why so little."""

    state: Completeness
    reason: str | None = None


def judge_completeness(known: str | None, choices: Sequence[Choice], layout: Layout, stated: Stated) -> Extent:
    """Return how much of the article ``layout`` holds.

    Args:
        known: why the container knows that the page is not whole.
        choices: what was kept and dropped, in order.
        layout: the text with its blocks.
        stated: the page's metadata.
    """
    bodies = [layout.text[b.start : b.end] for b in layout.blocks if b.kind in BODY_KINDS]
    words = sum(len(body.split()) for body in bodies)
    if not words:
        return _judge_bodiless(layout)
    if known:
        return Extent("cut", known)
    mark = next((c for c in reversed(choices) if c.kind is None and c.reason == "cut mark"), None)
    if mark is not None or CUT_MARK.search(bodies[-1]):
        return Extent("cut", "the text ends in the mark of a service that cuts texts")
    told = len(stated.body.split()) if stated.body else 0
    if told > 2 * words + STUB_WORDS:
        return Extent("cut", f"the page's metadata has {told} words of it, the page {words}")
    if _BRACKETED.search(bodies[-1]):
        return Extent("cut", "the text ends in dots in brackets")
    wall = _find_wall(choices)
    if wall and words < WALL_WORDS:
        return Extent("cut", f"the page asks for a subscription: “{wall}”")
    if words < STUB_WORDS and _TRAILING.search(bodies[-1]):
        return Extent("stub", "a teaser that ends in dots")
    if words < STUB_WORDS and not _SENTENCE_END.search(bodies[-1].rstrip()):
        return Extent("stub", f"{words} words, and no end of a sentence")
    return Extent("stub", f"{words} words") if words < STUB_WORDS // 2 else Extent("whole")


def find_break(page: Page, choices: Sequence[Choice]) -> str | None:
    """Return that the file ends amid a sentence of the article, where it does: it was cut on its way."""
    last = next((choice for choice in reversed(choices) if choice.line.text), None)
    if page.media != "html" or page.given or page.derived or last is None or last.line.markup is None:
        return None
    closed = b"</html" in page.data[-TAIL_BYTES:].lower() or b"</body" in page.data[-TAIL_BYTES:].lower()
    places = {(c.line.markup.path, c.line.markup.names) for c in choices if c.kind == "paragraph" and c.line.markup}
    elsewhere = (last.line.markup.path, last.line.markup.names) not in places
    ended = _SENTENCE_END.search(last.line.text.rstrip()) is not None
    return None if closed or ended or elsewhere else "the file ends amid a sentence"


TAIL_BYTES = 4_096  # of a page, in which its last tags stand
WALL_REACH = 8  # lines past the last of the body in which its subscription notice stands
WALL_WORDS = 400  # a page with more beside its subscription notice shows the article to whoever saved it


def _judge_bodiless(layout: Layout) -> Extent:
    kinds = {block.kind for block in layout.blocks}
    if "caption" in kinds:
        return Extent("caption", "nothing but the words of pictures")
    return Extent("empty", "no text beside " + " and ".join(sorted(kinds)))


def _find_wall(choices: Sequence[Choice]) -> str | None:
    """Return the words of a paywall that stand after the body has begun, shortened."""
    body = [n for n, choice in enumerate(choices) if choice.kind in BODY_KINDS]
    for choice in choices[body[0] : body[-1] + WALL_REACH] if body else ():
        text = choice.line.text[choice.start : choice.end]
        match = _WALL.search(text) if len(text) <= LAST_CHARS else None
        if match:
            return match.group()[:60]
    return None

"""Finding: all rules over the text, the longest readings kept, resolved in text order.

Invariant: expressions never overlap, each is ``article.text[start:end]``, and the same article gives
the same expressions. Linear in the text: every rule is one pass. This module must not know the
grammar; a rule's resolver does.
"""

from __future__ import annotations

import re

from storyledger.types import Article, Evidence, Reading, TimeExpression

from . import absolute, amounts, clock, deictic, vague
from .absolute import month_number
from .draft import Draft, Resolver
from .governors import Governors
from .lexicon import MONTH
from .placing import Choose
from .scene import Scene, cut_sentences, is_day_first, is_historic, publication_days, revision_day
from .timex import Days, interval_of, make_date

_RULES = (*absolute.RULES, *deictic.RULES, *vague.RULES, *amounts.RULES, *clock.RULES)
_DATELINE = re.compile(r"(?:^|\n)[A-Z][A-Za-z .,'/-]{2,60}$")
LONGEST_RUN = 64  # matches that are weighed against each other; hostile text chains them without end
Match = tuple[int, int, re.Match[str], Resolver]


def find_times(article: Article, reading: Reading, choose: Choose | None = None) -> tuple[TimeExpression, ...]:
    """Return the time expressions of ``article`` with value and interval, in text order, not overlapping.

    Counted from the publication date (an interval where that is inferred), the narrated time or a date
    of the same sentence; what names no year or week is placed by learned weights, or by ``choose`` (a
    trainer's). A value whose anchor is unknown keeps its open form ("XXXX-WXX-5") and no interval. The
    reading may be empty; then sentences are cut at full stops.

    Cost: linear in the length of the text.
    """
    published = publication_days(article)
    sentences = cut_sentences(article, reading)
    scene = Scene(article.text, published, revision_day(article, published), is_day_first(article.text), sentences)
    scene.historic, scene.choose = is_historic(article.text, published), choose
    scene.governors = Governors(article.text, reading) if reading.tokens else None
    names, stamps = _name_spans(reading), _find_stamps(article.text, published)
    found: list[TimeExpression] = []
    last = 0
    for group in _groups(_matches(article.text)):
        for start, end, match, resolver in group:
            if start < last or any(
                a <= start and end <= b and (a, b) != (start, end) for a, b in names.get(start // 64, ())
            ):
                continue
            while scene.sentence + 1 < len(sentences) and sentences[scene.sentence + 1].start <= start:
                scene.sentence += 1
            scene.published = next((days for low, high, days in stamps if low <= start < high), published)
            draft = resolver(match, scene)
            if draft is None:
                continue
            found.append(_expression(article, start, end, draft))
            last = end
            days = draft.days or interval_of(draft.value)
            if draft.type in ("DATE", "TIME") and not draft.value.endswith("_REF"):
                dateline = bool(_DATELINE.search(article.text[max(0, start - 70) : start]))
                scene.note(days, start, draft.value, explicit=draft.explicit, dateline=dateline)
    return tuple(found)


# A paragraph that says when it was added: "UPDATE 20 May: ...", "UPDATE (20 May, 5pm): ...".
_STAMP = re.compile(
    rf"(?:^|\n)[ \t]*UPDATED?\b[ :(]*(?:(?P<d>\d{{1,2}}) (?P<m>{MONTH})|(?P<m2>{MONTH}) (?P<d2>\d{{1,2}}))\b[^\n]*",
    re.IGNORECASE,
)


def _find_stamps(text: str, published: Days | None) -> list[tuple[int, int, Days]]:
    """Return the paragraphs that were added to the page later, and their day: they count from their own stamp."""
    found = []
    for match in _STAMP.finditer(text) if published is not None else ():
        month, day = month_number(match["m"] or match["m2"]), int(match["d"] or match["d2"])
        days = [make_date(published[1].year + k, month, day) for k in (0, 1)] if published is not None else []
        stamp = next((d for d in days if d is not None and published is not None and d >= published[0]), None)
        if stamp is not None:
            found.append((match.start(), match.end(), (stamp, stamp)))
    return found


def _matches(text: str) -> list[Match]:
    found: list[Match] = []
    for pattern, resolver in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            while start < end and text[start].isspace():
                start += 1
            while end > start and text[end - 1].isspace():
                end -= 1
            if start < end:
                found.append((start, end, match, resolver))
    found.sort(key=lambda row: (row[0], -row[1]))
    return found


def _groups(matches: list[Match]) -> list[list[Match]]:
    """Cut the matches into runs that overlap; each run's best first: longest, then leftmost."""
    groups: list[list[Match]] = []
    edge = -1
    for row in matches:
        if row[0] >= edge or len(groups[-1]) >= LONGEST_RUN:
            groups.append([])
        groups[-1].append(row)
        edge = max(edge, row[1])
    return [kept for group in groups for kept in _split(group)]


def _split(group: list[Match]) -> list[list[Match]]:
    """Keep text order where a long run holds several expressions side by side."""
    if len(group) == 1:
        return [group]
    best = max(group, key=lambda row: (row[1] - row[0], -row[0]))
    before = [row for row in group if row[1] <= best[0]]
    inside = [row for row in group if row[1] > best[0] and row[0] < best[1]]
    after = [row for row in group if row[0] >= best[1]]
    inside.sort(key=lambda row: (row[0] - row[1], row[0]))
    return [*(_split(before) if before else []), inside, *(_split(after) if after else [])]


def _name_spans(reading: Reading) -> dict[int, list[tuple[int, int]]]:
    """Names that may hold a date in them, by the 64 characters that they touch; a date that is all of it stays."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for mention in reading.mentions:
        if mention.kind == "name" and mention.score >= 0.5:
            for cell in range(mention.start // 64, (mention.end - 1) // 64 + 1):
                spans.setdefault(cell, []).append((mention.start, mention.end))
    return spans


def _expression(article: Article, start: int, end: int, draft: Draft) -> TimeExpression:
    days = draft.days or (interval_of(draft.value) if draft.type in ("DATE", "TIME") else None)
    evidence = Evidence(article.id, start, end, article.text[start:end])
    first, last = (days[0].isoformat(), days[1].isoformat()) if days else (None, None)
    return TimeExpression(evidence, draft.value, draft.type, first, last, draft.confidence, draft.anchor)

"""Dates and outlets that a page does not tell, from its text and the other pages.

A page without a date says "on Friday" or "last week" of something that a dated page tells too: the day is
then the dated page's, and the publication lies in the days after (or before, where it is still to come).
Source of the idea: document dating by the events that documents share (Chambers 2012).

Invariant: what is inferred is an interval (a day only where it shrinks to one) and lists the words that it
rests on; where two inferences exclude each other, or nothing ties the pages, the answer stays None. Wrong
is worse than unknown. The cost grows with the mentions of days that share two names, never with all pairs
of pages. This module must not know markup.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from storyledger.articles.body import BODY_KINDS
from storyledger.articles.dates import WEEKDAYS
from storyledger.articles.lexicon import load_lexicon
from storyledger.types import Article, Evidence

WINDOW_CHARS = 160  # on either side of a day's name: about its clause and the next
PAIR_CAP = 100  # mentions kept for two names: more say the same
LINKS_READ = 2000
BARE_DAYS = 3  # a weekday named without a date is that of the day or of the few before it
COPY_DAYS = 2
_DAY = re.compile(
    r"\b(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|\b(?P<week>last\s+week)\b"
    r"|\b(?P<month>january|february|march|april|may|june|july|august|september|october|november|december)\.?\s+(?P<day>\d{1,2})\b(?!\s*,?\s*\d{4}|\d)",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:will|would|expect(?:s|ed)?|plan(?:s|ned)?|scheduled|due|upcoming|ahead\s+of|set\s+to|next|slated|is\s+to|are\s+to|to\s+meet|when\s+he\s+meets|when\s+she\s+meets|later)\b",
    re.IGNORECASE,
)
_SKEWED = re.compile(r"\b(?:last|next|every|each|previous|following|until|since|a\s+week\s+ago)\s+\Z", re.IGNORECASE)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]{2,}")
_WORD = re.compile(r"\b[a-z]{4,}")
# words of meeting are one thing to tell; others must agree by their stem
_MEETING = re.compile(
    r"\b(?:meet|meets|met|meeting|meetings|talks|visit|visits|visited|visiting|summit|travel\w*|trip|hosted|received)\b",
    re.IGNORECASE,
)
_TITLES = load_lexicon()["not_surnames"]


@dataclass(frozen=True, slots=True)
class _Mention:
    """A day named in an article: where, which, with what around it."""

    article: int
    start: int
    end: int
    weekday: int | None  # None: "last week"
    day: dt.date | None  # resolved, in a dated article
    names: frozenset[str]
    stems: frozenset[str]
    ahead: bool


def infer_outlets(articles: Sequence[Article]) -> list[Article]:
    """Return the articles with the outlets that the pile tells: the same host, or an author of one outlet alone."""
    by_host: dict[str, Counter[str]] = defaultdict(Counter)
    by_author: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        if article.outlet and article.outlet_basis != "inferred":
            by_host[_host_of(article)][article.outlet] += 1
            for author in article.authors:
                by_author[author][article.outlet] += 1
    return [_infer_outlet(article, by_host, by_author) for article in articles]


def _host_of(article: Article) -> str:
    return re.sub(r"^\w+://(?:www\.)?|[/:?#].*", "", article.url or "").lower()


def _infer_outlet(
    article: Article, by_host: Mapping[str, Counter[str]], by_author: Mapping[str, Counter[str]]
) -> Article:
    if article.outlet is not None and (article.outlet_confidence or 0) > 0.6:
        return article
    host = _host_of(article)
    if host and host in by_host:
        name = min(by_host[host].items(), key=lambda one: (-one[1], one[0]))[0]
        return dataclasses.replace(article, outlet=name, outlet_basis="inferred", outlet_confidence=0.85)
    told = [by_author[a] for a in article.authors if a in by_author]
    if article.outlet is None and told and all(len(c) == 1 and sum(c.values()) >= 2 for c in told):
        names = {name for counts in told for name in counts}
        if len(names) == 1:
            evidence = tuple(_find_text(article, a) for a in article.authors if a in by_author and a in article.text)
            return dataclasses.replace(
                article, outlet=names.pop(), outlet_basis="inferred", outlet_confidence=0.65, outlet_evidence=evidence
            )
    return article


def _find_text(article: Article, words: str) -> Evidence:
    at = article.text.index(words)
    return Evidence(article.id, at, at + len(words), words)


def infer_dates(articles: Sequence[Article], copies: Mapping[int, int]) -> list[Article]:
    """Return the articles with the publication dates that the pile tells.

    Args:
        articles: the pile, in a fixed order.
        copies: number of a copy -> number of its source.
    """
    undated = [n for n, article in enumerate(articles) if article.published is None]
    if not undated:
        return list(articles)
    index = _index_mentions(articles)
    dated = list(articles)
    for number in undated:
        found = _infer_from_days(articles, number, index) or _infer_from_copy(articles, number, copies)
        if found is not None:
            dated[number] = found
    return dated


def _infer_from_copy(articles: Sequence[Article], number: int, copies: Mapping[int, int]) -> Article | None:
    """A copy appears on the day of its source or in the two after it."""
    source = articles[copies[number]] if number in copies else None
    if source is None or source.published is None or len(source.published) != 10:
        return None
    day = dt.date.fromisoformat(source.published)
    body = next((b for b in articles[number].blocks if b.kind in BODY_KINDS), None)
    own = articles[number]
    evidence = (Evidence(own.id, body.start, body.end, own.text[body.start : body.end]),) if body else ()
    return _state(own, (day, day + dt.timedelta(COPY_DAYS)), evidence, 0.6)


def _index_mentions(articles: Sequence[Article]) -> dict[tuple[str, str], list[_Mention]]:
    """Return the resolved days of the dated articles by every two names beside them."""
    index: dict[tuple[str, str], list[_Mention]] = defaultdict(list)
    for number, article in enumerate(articles):
        if article.published is None or len(article.published) != 10:
            continue
        for mention in _iter_mentions(number, article, dt.date.fromisoformat(article.published)):
            if mention.day is not None:
                for pair in combinations(sorted(mention.names)[:10], 2):
                    if len(index[pair]) < PAIR_CAP:
                        index[pair].append(mention)
    return index


def _iter_mentions(number: int, article: Article, published: dt.date | None) -> Iterator[_Mention]:
    for block in article.blocks:
        if block.kind not in BODY_KINDS:
            continue
        for match in _DAY.finditer(article.text, block.start, block.end):
            if match.group("weekday") and not match.group()[0].isupper():
                continue
            low, high = max(block.start, match.start() - WINDOW_CHARS), min(block.end, match.end() + WINDOW_CHARS)
            around = article.text[low:high]
            if match.group("weekday") and _SKEWED.search(article.text, max(low, match.start() - 20), match.start()):
                continue
            ahead = _AHEAD.search(around) is not None
            yield _Mention(
                number, match.start(), match.end(),
                WEEKDAYS[match.group("weekday").lower()] if match.group("weekday") else None,
                _resolve(match, published, ahead=ahead) if published else None,
                _find_names(around), _find_stems(around), ahead,
            )  # fmt: skip


def _find_names(text: str) -> frozenset[str]:
    names = (re.sub(r"[’'-].*\Z", "", m.group()).casefold() for m in _NAME.finditer(text))
    return frozenset(name for name in names if len(name) > 2 and name not in _TITLES)


def _find_stems(text: str) -> frozenset[str]:
    stems = {m.group()[:6] for m in _WORD.finditer(text)}
    return frozenset(stems | {"*meeting*"} if _MEETING.search(text) else stems)


def _resolve(match: re.Match[str], published: dt.date, *, ahead: bool) -> dt.date | None:
    """Return the day that a dated article means: the next of that name where it lies ahead, else the last."""
    if match.group("week"):
        return None
    if match.group("month"):
        return None  # written without a year; the weekday chain is the surer one
    weekday = WEEKDAYS[match.group("weekday").lower()]
    back = (published.weekday() - weekday) % 7
    if ahead:
        return published + dt.timedelta((7 - back) % 7)
    return published - dt.timedelta(back)


def _infer_from_days(
    articles: Sequence[Article], number: int, index: Mapping[tuple[str, str], list[_Mention]]
) -> Article | None:
    """Intersect what each day that another page dates says of when this page was published."""
    own = articles[number]
    votes: Counter[tuple[dt.date, dt.date]] = Counter()
    grounds: dict[tuple[dt.date, dt.date], tuple[Evidence, Evidence]] = {}
    for mention in _iter_mentions(number, own, None):
        for other in _find_partners(mention, index):
            interval = _bound(mention, other)
            if interval is not None:
                votes[interval] += 1
                there = articles[other.article]
                pair = (_quote(own, mention), _quote(there, other))
                grounds.setdefault(interval, pair)
    if not votes:
        return None
    best = sorted(votes.items(), key=lambda one: (-one[1], one[0]))
    interval, count = best[0]
    rival = next((n for (low, high), n in best[1:] if low > interval[1] or high < interval[0]), 0)
    if rival * 2 > count:
        return None  # two days fit about as well
    for (low, high), _ in best[1:]:
        if low <= interval[1] and high >= interval[0]:
            interval = max(interval[0], low), min(interval[1], high)
    return _state(own, interval, grounds[best[0][0]], 0.75 if count > 1 else 0.65)


def _find_partners(mention: _Mention, index: Mapping[tuple[str, str], list[_Mention]]) -> list[_Mention]:
    """Return the dated mentions that tell the same: two names and a word of the matter shared, the weekday the same."""
    seen: dict[tuple[int, int], _Mention] = {}
    for pair in combinations(sorted(mention.names)[:10], 2):
        for other in index.get(pair, ())[:LINKS_READ]:
            seen.setdefault((other.article, other.start), other)
    return [other for _, other in sorted(seen.items()) if _tell_the_same(mention, other)]


def _tell_the_same(a: _Mention, b: _Mention) -> bool:
    if a.weekday is not None and a.weekday != b.weekday:
        return False
    meeting = "*meeting*" in a.stems and "*meeting*" in b.stems
    names, stems = len(a.names & b.names), len((a.stems & b.stems) - {"*meeting*"} - _COMMON)
    if a.weekday is None:
        return meeting and names >= 2
    return (names >= 2 and (meeting or stems >= 2)) or (names >= 3 and stems >= 1)


_COMMON = load_lexicon()["common_stems"]


def _bound(mention: _Mention, other: _Mention) -> tuple[dt.date, dt.date] | None:
    day = other.day
    assert day is not None
    if mention.weekday is None:
        monday = day - dt.timedelta(day.weekday()) + dt.timedelta(7)
        return monday, monday + dt.timedelta(6)
    if mention.ahead:
        return day - dt.timedelta(BARE_DAYS), day
    return day, day + dt.timedelta(BARE_DAYS)


def _quote(article: Article, mention: _Mention) -> Evidence:
    return Evidence(article.id, mention.start, mention.end, article.text[mention.start : mention.end])


def _state(article: Article, interval: tuple[dt.date, dt.date], evidence: Sequence[Evidence], sure: float) -> Article:
    low, high = interval[0].isoformat(), interval[1].isoformat()
    exact = low if low == high else low[:7] if low[:7] == high[:7] else low[:4] if low[:4] == high[:4] else None
    return dataclasses.replace(
        article,
        published=exact,
        published_earliest=low,
        published_latest=high,
        published_basis="inferred",
        published_evidence=tuple(evidence),
        published_confidence=sure,
    )

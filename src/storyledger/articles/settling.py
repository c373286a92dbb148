"""Which day a date line means that leaves its order or its year open: the one that lies by the pile's other days.

Invariant: a day is settled only where one of its readings is near a dated page and every other is far from all; the
result does not depend on the order of the articles. This module must not know how a date is written.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from bisect import bisect
from collections.abc import Sequence

from storyledger.types import Article

NEAR_DAYS = 60
TIMES_FARTHER, DAYS_FARTHER = 3, 20
SETTLED = 0.8  # the confidence: on the marked piles for training 8 of 8 settled days were right


def settle_dates(articles: Sequence[Article]) -> list[Article]:
    """Return the articles, those with open days dated where the dates of the others settle which is meant."""
    known = sorted(
        dt.date.fromisoformat(a.published).toordinal() for a in articles if a.published and len(a.published) == 10
    )
    return [_settle(article, known) if article.published_choices and known else article for article in articles]


def _settle(article: Article, known: Sequence[int]) -> Article:
    ranked = sorted((_days_to_nearest(known, day), day) for day in article.published_choices)
    near, day = ranked[0]
    if near > NEAR_DAYS or any(far < TIMES_FARTHER * near + DAYS_FARTHER for far, _ in ranked[1:2]):
        return article
    return dataclasses.replace(
        article, published=day, published_earliest=day, published_latest=day, published_basis="stated",
        published_confidence=SETTLED,
    )  # fmt: skip


def _days_to_nearest(known: Sequence[int], day: str) -> int:
    number = dt.date.fromisoformat(day).toordinal()
    at = bisect(known, number)
    return min(abs(number - other) for other in known[max(0, at - 1) : at + 1])

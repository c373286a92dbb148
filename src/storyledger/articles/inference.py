from __future__ import annotations
from collections.abc import Mapping, Sequence
from storyledger.types import Article


def infer_outlets(articles: Sequence[Article]) -> list[Article]:
    return list(articles)


def infer_dates(articles: Sequence[Article], copies: Mapping[int, int]) -> list[Article]:
    return list(articles)

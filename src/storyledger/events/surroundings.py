"""What the work on one article looks things up in, made once for all its predicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.events.dating import TimeIndex
from storyledger.events.participants import CastIndex
from storyledger.events.senses import TypeMap
from storyledger.events.trees import Trees
from storyledger.events.voices import VoiceIndex
from storyledger.types import Article, Cast, Reading, Statement, TimeExpression


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One article's trees, types of names, cast, times and statements, each found by position."""

    article: Article
    trees: Trees
    types: TypeMap
    cast: CastIndex
    times: TimeIndex
    voices: VoiceIndex


def look_around(
    article: Article,
    reading: Reading,
    cast: Cast,
    times: Sequence[TimeExpression],
    statements: Sequence[Statement],
) -> Surroundings:
    """Return what the work on one article looks things up in; linear in the article's length."""
    trees = Trees(reading, article.text)
    types = TypeMap(trees, reading, cast)
    return Surroundings(article, trees, types, CastIndex(cast), TimeIndex(times), VoiceIndex(statements))

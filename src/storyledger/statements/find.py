"""Finds the statements of one article: who is said to have said or thought what, in which words, to whom and where.

The engine proposes, scores and chooses; here what it chose is written down. This module must not know how it chose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from storyledger.ids import make_id
from storyledger.language.parse import Parse, parse_of
from storyledger.language.tags import read_tags
from storyledger.statements.circumstances import Circumstances
from storyledger.statements.engine import Spoken, attribute, is_resumed
from storyledger.statements.model import Model, load_model
from storyledger.statements.speakers import Company
from storyledger.statements.view import CLASS, View, take_tags
from storyledger.types import Article, Cast, Evidence, Reading, Speaker, Statement, TimeExpression

UNSURE = 0.45  # below .5, from which the account shows: quotation marks that do not pair
RESUMED_STOPS = 2  # full stops between two quotations of one speaker in a paragraph: his cue's sentence lies between


def find_statements(
    article: Article, reading: Reading, cast: Cast, times: Sequence[TimeExpression]
) -> tuple[Statement, ...]:
    """Return what the article says that somebody said, in text order, without overlaps.

    A statement's content is the whole of what is attributed and nothing else; its speaker is an actor of ``cast`` or,
    where the source is anonymous or unresolved, null with its words.
    """
    if not reading.tokens:
        return ()
    parse, model = parse_of(article, reading), load_model()
    view = View(parse, take_tags(read_tags(reading)))
    spoken = attribute(view, Company(parse, cast.mentions, article.outlet), model)
    return Writer(view, model, Circumstances(view, spoken, times)).write(spoken)


class Writer:
    """Writes what was chosen in one article as statements."""

    def __init__(self, view: View, model: Model, circumstances: Circumstances) -> None:
        """Write with these."""
        self.view, self.parse, self.model, self.circumstances = view, view.parse, model, circumstances

    def write(self, spoken: Sequence[Spoken]) -> tuple[Statement, ...]:
        """Return the statements, in text order."""
        out: list[Statement] = []
        for number, own in enumerate(spoken):
            resumed = number > 0 and resumes(self.view, spoken[number - 1], own)
            out.append(self._write_one(number, own, out[-1].id if resumed else None))
        return tuple(out)

    def _write_one(self, number: int, own: Spoken, continues: str | None) -> Statement:
        said, cue = own.said, own.said.anchor.cue
        document = self.parse.article.id
        start, end = self.parse.chars(said.first, said.last)
        return Statement(
            id=make_id("statement1", document, start, end),
            speaker=self._speaker(own),
            cue=evidence(self.parse, cue, cue + 1) if cue is not None else None,
            content=Evidence(document, start, end, self.parse.text[start:end]),
            kind=self._kind(own),
            act=own.act,
            polarity="denied" if own.denied else "affirmed",
            said_on=self.circumstances.find_date(number),
            to=self.circumstances.find_hearer(number),
            continues=continues,
            version_group=None,
            version_relation=None,
            confidence=self._confidence(own),
            venue=self.circumstances.find_venue(number),
        )

    def _speaker(self, own: Spoken) -> Speaker:
        if own.source.head is None:
            return Speaker(own.actor, "", None)
        words = evidence(self.parse, *own.source.phrase)
        return Speaker(own.actor, words.text, words)

    def _kind(self, own: Spoken) -> Literal["direct", "indirect", "mixed"]:
        """Return whether the content stands in quotation marks, or has some inside; a turn is its speaker's words."""
        first, last = own.said.first, own.said.last
        k = self.view.quote_of[first]
        if own.said.anchor.how != "cue" or (k >= 0 and self.view.quotations[k][0] == first):
            return "direct"
        marks = self.view.opens[first:last].max(initial=-1) >= 0 or (self.view.quote_of[first:last] >= 0).any()
        return "mixed" if marks else "indirect"

    def _confidence(self, own: Spoken) -> float:
        """Return how likely it is that this was said, by the one who is named where one is."""
        sure = self.model.confidence.read(own.said.score)
        if own.actor is not None:
            sure *= self.model.in_mouth.read(own.speaker_score)
        start, end = self.parse.chars(own.said.first, own.said.last)
        broken = any(not q.closed and q.outer_start < end and q.end > start for q in self.parse.quotations)
        return round(min(sure, UNSURE) if broken else sure, 3)


def evidence(parse: Parse, first: int, last: int) -> Evidence:
    """Return the words of a range of tokens."""
    start, end = parse.chars(first, last)
    return Evidence(parse.article.id, start, end, parse.text[start:end])


def resumes(view: View, before: Spoken, own: Spoken) -> bool:
    """Say whether a quotation without a cue goes on with the statement before: of the same speaker, close behind it."""
    a, b = before.said, own.said
    if b.anchor.how != "quotation" or own.actor != before.actor or a.anchor.how == "turn":
        return False
    quoted = view.quote_of[a.first] >= 0 or a.anchor.how == "quotation"
    stops = int((view.codes[a.last : b.first] == CLASS["stop"]).sum())
    near = b.anchor.paragraph == a.anchor.paragraph and stops <= RESUMED_STOPS
    return quoted and (near or is_resumed(view, a, b))

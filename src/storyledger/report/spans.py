"""Every range of every article that an entry of the account rests on: the way back from the text.

Invariant: whatever the account quotes, it has a span here with a target, so every citation leads
somewhere and every sentence names all entries that stand on it. This module must not know HTML.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from storyledger.report.lookup import Lookup
from storyledger.report.marks import Span
from storyledger.report.terms import TERMS
from storyledger.report.wording import say_day, say_figure, say_interval, shorten
from storyledger.types import Actor, Article, EventMerge, Evidence, MergeReason, Statement

LABEL_CHARS = 70
SURE_MERGE = 0.7  # a less sure one says why, in the margin of the words
COMPARISON_WORDS = {
    "conflict": "Accounts conflict",
    "role_conflict": "Roles conflict",
    "name_variant": "Named differently",
    "framing": "Framed differently",
    "complement": "Completed elsewhere",
    "agreement": "Told alike elsewhere",
}


def collect_spans(lookup: Lookup) -> dict[str, list[Span]]:
    """Return the spans of each document, by document id, in the order of the story's sections."""
    spans: dict[str, list[Span]] = {article.id: [] for article in lookup.story.documents}
    for document, span in _iter_spans(lookup):
        if document in spans:
            spans[document].append(span)
    return spans


def _iter_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    yield from _iter_actor_spans(lookup)
    yield from _iter_statement_spans(lookup)
    yield from _iter_event_spans(lookup)
    yield from _iter_figure_spans(lookup)
    yield from _iter_compared_spans(lookup)
    for time in lookup.story.times:
        words = say_interval(time.earliest, time.latest) if time.earliest or time.latest else say_day(time.value)
        yield _span(lookup, time.evidence, "t", "t", f"“{shorten(time.evidence.text, 40)}” is {words}")
    for article in lookup.story.documents:
        yield from _iter_provenance(lookup, article)


def _span(lookup: Lookup, evidence: Evidence, kind: str, entry: str, label: str, key: str = "") -> tuple[str, Span]:
    target = lookup.evidence_anchor(evidence)
    return evidence.document, Span(evidence.start, evidence.end, kind, entry, label, target, key)


def _iter_actor_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    for actor in lookup.story.actors:
        anchor, seen = lookup.anchor("a", actor.id), set()
        for mention in actor.mentions:
            evidence = Evidence(mention.document, mention.start, mention.end, mention.text)
            # A target at every mention would be half of the page; the account links to the first one in each page.
            first = mention.document not in seen
            target, key = (lookup.evidence_anchor(evidence), actor.id) if first else ("", "")
            seen.add(mention.document)
            yield mention.document, Span(mention.start, mention.end, "a", anchor, actor.name, target, key)
        yield from _iter_actor_targets(lookup, actor, anchor)


def _iter_actor_targets(lookup: Lookup, actor: Actor, anchor: str) -> Iterator[tuple[str, Span]]:
    for role in actor.roles:
        if role.evidence:
            yield _span(lookup, role.evidence, "a", anchor, f"{actor.name}: {shorten(role.role, LABEL_CHARS)}")
    yield from _iter_merges(lookup, actor.merges, "a", anchor, actor.name)


def _iter_merges(
    lookup: Lookup, merges: Iterable[MergeReason | EventMerge], kind: str, anchor: str, name: str
) -> Iterator[tuple[str, Span]]:
    """Yield why two places are one entry, where that is not sure: a reader of the second place may doubt it."""
    for merge in merges:
        yield _span(lookup, merge.a, "", "", "")
        if merge.refused or merge.probability < SURE_MERGE:
            told = f"kept apart from {name}" if merge.refused else f"taken for {name}"
            because = f", because {'; '.join(merge.reasons)}" if merge.reasons else ""
            words = shorten(merge.a.text, 40)
            label = f"“{shorten(merge.b.text, 40)}” is {told} (“{words}”, {lookup.cite(merge.a.document)}){because}"
            yield _span(lookup, merge.b, kind, anchor, label)
        else:
            yield _span(lookup, merge.b, "", "", "")


def _iter_statement_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    for statement in lookup.story.statements:
        anchor = lookup.anchor("s", statement.id)
        label = f"{speaker_name(lookup, statement)}: {shorten(statement.content.text, LABEL_CHARS)}"
        yield _span(lookup, statement.content, "s", anchor, label, statement.id)


def speaker_name(lookup: Lookup, statement: Statement) -> str:
    """Return who a statement is attributed to: the actor's name, else the source as written."""
    return lookup.name(statement.speaker.actor) or statement.speaker.text or "an unnamed source"


def _iter_event_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    for event in lookup.story.events:
        kind = TERMS["plover"].get(event.type, event.type.lower())
        words = f"{kind}: {event.summary}" if kind else event.summary
        anchor, label = lookup.anchor("e", event.id), shorten(words, LABEL_CHARS)
        for mention in event.mentions:
            yield _span(lookup, mention, "e", anchor, label, event.id)
        yield from _iter_merges(lookup, event.merges, "e", anchor, label)


def _iter_figure_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    for figure in lookup.story.figures:
        label = f"{say_figure(figure)}: {shorten(figure.about, LABEL_CHARS)}"
        yield _span(lookup, figure.evidence, "f", lookup.anchor("f", figure.id), label, figure.id)


def _iter_compared_spans(lookup: Lookup) -> Iterator[tuple[str, Span]]:
    for comparison in lookup.story.comparisons:
        anchor = lookup.anchor("c", comparison.id)
        kind = "g" if comparison.kind in ("agreement", "complement") else "c"
        label = f"{COMPARISON_WORDS[comparison.kind]}: {shorten(comparison.about, LABEL_CHARS)}"
        for side in comparison.sides:
            for evidence in side.evidence:
                yield _span(lookup, evidence, kind, anchor, label, comparison.id)
    for number, omission in enumerate(lookup.story.omissions, 1):
        label = f"Left out elsewhere: {shorten(omission.about, LABEL_CHARS)}"
        for evidence in omission.evidence:
            yield _span(lookup, evidence, "o", f"o{number}", label)


def _iter_provenance(lookup: Lookup, article: Article) -> Iterator[tuple[str, Span]]:
    anchor = f"source{lookup.numbers[('d', article.id)]}"
    for evidence in article.published_evidence:
        yield _span(lookup, evidence, "o", anchor, "The date of this or another page rests on this")
    for evidence in article.outlet_evidence:
        yield _span(lookup, evidence, "o", anchor, "The outlet of this page rests on this")

"""The comparison of a story: every comparer in turn, the surest first.

Invariant: only entries that an earlier stage tied to one matter (one event, quantity, actor, saying) or
that share words are set beside each other; nothing is compared all with all. This module must
not know how any comparer works.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storyledger.compare.framing import compare_framing
from storyledger.compare.index import index_story
from storyledger.compare.names import compare_names
from storyledger.compare.numbers import compare_figures
from storyledger.compare.occurrences import compare_events
from storyledger.compare.offices import compare_roles
from storyledger.compare.omissions import find_cuts
from storyledger.compare.posts import compare_posts
from storyledger.compare.relations import measure_relations, relate_tellings
from storyledger.compare.sentences import compare_sentences
from storyledger.compare.silences import find_silences
from storyledger.engine import Engine
from storyledger.types import Comparison, Omission, Reading, Story


def compare_story(
    story: Story,
    readings: Mapping[str, Reading],
    engine: Engine,  # noqa: ARG001 (the rooms' common signature)
) -> tuple[list[Comparison], list[Omission]]:
    """Return the comparisons and omissions of ``story``, each list with the surest first.

    Args:
        story: documents, actors, statements, events, figures, ledger and times; what it has of
            comparisons and omissions is not looked at.
        readings: by document; may be empty, then what needs trees or sentence vectors is left out.
        engine: not asked: every comparer is near-linear in the pile, and its lookups cost more to send than to use.
    """
    index = index_story(story, readings)
    found = [
        *compare_figures(story, index),
        *compare_events(story, index),
        *compare_names(story, index),
        *compare_roles(story, index),
        *compare_posts(story, index),
        *compare_framing(story, index),
    ]
    found += compare_sentences(index, found, story.figures)
    pile, relations = measure_relations(story, index)
    found += relate_tellings(pile, relations, index)
    matters = {(r.a, r.b): r.matter for r in relations}
    silences = find_silences(pile, matters, index)
    return order_comparisons(found), order_omissions([*find_cuts(story, index), *silences])


def order_omissions(omissions: Iterable[Omission]) -> list[Omission]:
    """Return the omissions, the surest first."""
    return sorted(omissions, key=lambda o: (-o.confidence, o.about, o.evidence[0].document, o.evidence[0].start))


def order_comparisons(comparisons: list[Comparison]) -> list[Comparison]:
    """Return each comparison once (of two with one id the surer), the surest first, then by id."""
    best: dict[str, Comparison] = {}
    for comparison in comparisons:
        if comparison.id not in best or comparison.confidence > best[comparison.id].confidence:
            best[comparison.id] = comparison
    usable = [c for c in best.values() if sum(bool(s.evidence) for s in c.sides) >= min(2, len(c.sides))]
    return sorted(usable, key=lambda c: (-c.confidence, c.id))

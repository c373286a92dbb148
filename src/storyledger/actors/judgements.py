"""What the journal of corrections keys an actor to, and whether the cast keeps what it says."""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.errors import UsageError
from storyledger.journal import (
    JudgementProblem,
    MentionKey,
    check_entries,
    find_source_span,
    index_places,
    select_subject,
)
from storyledger.types import Actor, ActorMention, Article, Judgement


def key_mention(mention: ActorMention, article: Article) -> MentionKey:
    """Return the journal key of a mention.

    Raises:
        UsageError: the mention has no place in the source.
    """
    span = find_source_span(article, mention.start, mention.end)
    if span is None:
        raise UsageError("E-JUDGE-SOURCE", f"{mention.text!r} has no place in the source", "choose another mention")
    return article.sha256, span[0], span[1], mention.text


def find_mention_key(target: Actor | ActorMention, articles: Sequence[Article]) -> MentionKey:
    """Return the journal key of a mention, or of the mention that stands for an actor best.

    For an actor: the first mention of its name in the page with the smallest hash, the fullest form first.
    """
    by_id = {a.id: a for a in articles}
    if isinstance(target, ActorMention):
        return key_mention(target, by_id[target.document])
    ranked = sorted(
        target.mentions,
        key=lambda m: (
            m.kind != "name",
            not m.text.endswith(target.name),
            -len(m.text),
            by_id[m.document].sha256,
            m.start,
        ),
    )
    for mention in ranked:
        if find_source_span(by_id[mention.document], mention.start, mention.end):
            return key_mention(mention, by_id[mention.document])
    raise UsageError("E-JUDGE-SOURCE", f"{target.name!r} has no place in the source", "choose another actor")


def check_judgements(
    judgements: Sequence[Judgement], actors: Sequence[Actor], articles: Sequence[Article]
) -> list[JudgementProblem]:
    """Return every entry in force about actors that they do not keep, and why: contradicted, lost, not obeyed."""
    places = ((m.document, m.start, m.end, actor.id) for actor in actors for m in actor.mentions)
    rows = index_places(places, articles)
    return check_entries(select_subject(judgements, "actor"), rows, {a.id: a.name for a in actors})

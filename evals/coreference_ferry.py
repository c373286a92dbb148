"""Gold mentions of the ferry with their clusters forgotten: what resolution alone does, and what corrections add."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from storyledger.actors import DocumentActors, resolve_actors, resolve_document
from storyledger.actors.judgements import key_mention
from storyledger.engine import SerialEngine
from storyledger.export import read_story
from storyledger.journal import make_judgement
from storyledger.types import Actor, ActorMention, Article, Judgement, Mention, Reading, Story

FERRY = Path(__file__).resolve().parents[2] / "shared" / "piles" / "ferry"
Spot = tuple[str, int]  # document, end: the start may move by an article or title


def read_gold() -> Story:
    """Return the ferry's gold as a story."""
    return read_story(FERRY / "gold_story.json")


def resolve_gold(story: Story, read: Callable[[Article], Reading]) -> list[DocumentActors]:
    """Return the local actors of each article, its mentions gold, who they are forgotten."""
    given: dict[str, list[Mention]] = {}
    for actor in story.actors:
        for m in actor.mentions:
            type_ = actor.type if m.kind == "name" else None
            given.setdefault(m.document, []).append(Mention(m.start, m.end, 0, 0, -1, m.kind, type_, 1.0))  # type: ignore[arg-type]
    found = []
    for article in story.documents:
        own = read(article)
        mentions = tuple(sorted(given.get(article.id, []), key=lambda m: (m.start, -m.end)))
        found.append(
            resolve_document(
                article, Reading(own.document, own.tokens, own.sentences, mentions, own.predicates, own.attributions)
            )
        )
    return found


def place_names(actors: Sequence[Actor]) -> dict[Spot, str]:
    """Return where each named mention stands -> its actor."""
    return {(m.document, m.end): a.id for a in actors for m in a.mentions if m.kind == "name"}


def score_b_cubed(gold: dict[Spot, str], found: dict[Spot, str]) -> float:
    """Return B-cubed F1 by mention; a mention not found stands alone."""
    pairs = [(gold[k], found.get(k, str(k))) for k in gold]
    golds, founds, cells = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), Counter(pairs)
    precision = sum(n * n / founds[b] for (_, b), n in cells.items()) / len(pairs)
    recall = sum(n * n / golds[a] for (a, _), n in cells.items()) / len(pairs)
    return 2 * precision * recall / (precision + recall)


def measure_ferry(read: Callable[[Article], Reading]) -> dict[str, float]:
    """Return B-cubed on gold mentions."""
    story = read_gold()
    actors = resolve_actors(resolve_gold(story, read), story.documents, [], SerialEngine())
    return {"gold_mentions_b_cubed": score_b_cubed(place_names(story.actors), place_names(actors))}


def measure_corrections(read: Callable[[Article], Reading], count: int = 10) -> dict[str, float]:
    """Return B-cubed by mention of every kind before and after the judgements that a gold-knowing user makes first."""
    story = read_gold()
    documents = resolve_gold(story, read)
    gold = {(m.document, m.end): a.id for a in story.actors for m in a.mentions}
    judgements: list[Judgement] = []
    scores = []
    for _ in range(count + 1):
        actors = resolve_actors(documents, story.documents, judgements, SerialEngine())
        scores.append(score_b_cubed(gold, {(m.document, m.end): a.id for a in actors for m in a.mentions}))
        following = suggest_judgement(story, actors, gold, judgements)
        if following is None:
            break
        judgements.append(following)
    return {"before": scores[0], "after": scores[-1], "judgements": float(len(judgements[:count]))}


def suggest_judgement(
    story: Story, actors: Sequence[Actor], gold: dict[Spot, str], made: Sequence[Judgement]
) -> Judgement | None:
    """Return the judgement that sets most mentions right: the largest actor to join, or the largest mixture to part."""
    articles = story.documents
    by_id = {a.id: a for a in articles}
    tried = {frozenset((j.a, j.b)) for j in made}
    options: list[tuple[int, str, ActorMention, ActorMention]] = []
    largest: dict[str, tuple[int, ActorMention, str]] = {}
    for actor in actors:
        sides: dict[str, list[ActorMention]] = {}
        for m in actor.mentions:
            if (m.document, m.end) in gold:
                sides.setdefault(gold[m.document, m.end], []).append(m)
        ranked = sorted(sides.items(), key=lambda s: (-len(s[1]), s[0]))
        if not ranked:
            continue
        for _, rest in ranked[1:]:
            options.append((len(rest), "different", ranked[0][1][0], rest[0]))
        name, mentions = ranked[0]
        if name in largest:
            options.append((min(len(mentions), largest[name][0]), "same", largest[name][1], mentions[0]))
        if name not in largest or len(mentions) > largest[name][0]:
            largest[name] = (len(mentions), mentions[0], actor.id)
    for _, verb, a, b in sorted(
        options, key=lambda o: (-o[0], o[1], o[2].document, o[2].start, o[3].document, o[3].start)
    ):
        one, two = key_mention(a, by_id[a.document]), key_mention(b, by_id[b.document])
        if frozenset((one, two)) not in tried:
            return make_judgement(len(made) + 1, verb, one, b=two)  # type: ignore[arg-type]
    return None

"""Who stands where, document by document: what statements, events and figures ask of the actors.

Invariant: mentions sorted by place; one span belongs to one actor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import guess_gender
from storyledger.actors.names import split_words
from storyledger.types import Actor, ActorMention, Cast, CastMention

WORDS = {"male": "he", "female": "she"}
GUESSED = 0.5  # what a given name weighs beside a title or a pronoun that is sure
CLEARLY = 2.0  # so many times as much must speak for one as for the other
LEAST = 0.5


def cast_documents(actors: Sequence[Actor]) -> dict[str, Cast]:
    """Return document id -> its resolved mentions in text order; documents in order of id."""
    found: dict[str, dict[tuple[int, int], CastMention]] = {}
    for actor in actors:
        gender = find_gender(actor)
        for m in actor.mentions:
            cast = CastMention(m.start, m.end, actor.id, actor.name, actor.type, m.kind, m.confidence, gender)
            known = found.setdefault(m.document, {}).setdefault((m.start, m.end), cast)
            if (known.confidence, known.actor) < (cast.confidence, cast.actor):
                found[m.document][m.start, m.end] = cast
    return {
        d: Cast(d, tuple(rows[k] for k in sorted(rows, key=lambda s: (s[0], -s[1]))))
        for d, rows in sorted(found.items())
    }


def find_gender(actor: Actor) -> str | None:
    """Return "he" or "she" as titles, descriptions and pronouns of a person say all over the pile; None where unclear.

    One page often tells it by a title that another leaves out.
    """
    if actor.type != "person":
        return None
    votes: Counter[str] = Counter()
    for mention in actor.mentions:
        gender = _read_gender(mention)
        if gender in WORDS:
            votes[gender] += mention.confidence  # type: ignore[assignment]  # weights in a Counter
    guessed = guess_gender(split_words(actor.name))
    if guessed in WORDS:
        votes[guessed] += GUESSED  # type: ignore[assignment]  # weights in a Counter
    ranked = votes.most_common(2)
    if not ranked or ranked[0][1] < LEAST:
        return None
    other = ranked[1][1] if len(ranked) > 1 else 0.0
    return WORDS[ranked[0][0]] if ranked[0][1] > CLEARLY * other else None


def drop_misheard(actors: Sequence[Actor]) -> list[Actor]:
    """Return the actors without the pronouns of the other gender: "she" tied to whom the pile calls he is nobody's.

    Of the marked stories for training all of them were wrong.
    """
    kept = []
    for actor in actors:
        gender = find_gender(actor)
        own = tuple(m for m in actor.mentions if not _is_other(m, gender))
        kept.append(actor if len(own) == len(actor.mentions) else replace(actor, mentions=own))
    return kept


def _is_other(mention: ActorMention, gender: str | None) -> bool:
    if gender is None or mention.kind != "pronoun":
        return False
    told = _read_gender(mention)
    return told in WORDS and WORDS[told] != gender


def _read_gender(mention: ActorMention) -> str | None:
    """Return the gender that a mention's pronoun, title ("Ms Berg") or noun ("the spokeswoman") says."""
    lexicon, words = load_lexicon(), split_words(mention.text)
    if mention.kind == "pronoun":
        return lexicon.pronouns.get(words[0]) if words else None
    if mention.kind == "nominal":
        return lexicon.head_gender.get(words[-1]) if words else None
    return next((g for w in words[:-1] if (g := lexicon.title_gender.get(w) or lexicon.head_gender.get(w))), None)

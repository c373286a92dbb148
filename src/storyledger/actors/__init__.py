"""Who is who across the pile: names, coreference, resolution, and corrections that last.

``resolve_document`` brings the mentions of one article together, ``resolve_actors`` those of all articles, obeying the
journal of judgements; ``cast_documents`` says who stands where. The room imports no other room.
"""

from storyledger.actors.cast import cast_documents
from storyledger.actors.documents import DocumentActors, Link, LocalActor
from storyledger.actors.judgements import (
    JudgementProblem,
    MentionKey,
    check_judgements,
    find_mention_key,
    list_active,
    make_judgement,
    read_judgements,
    write_judgements,
)
from storyledger.actors.resolve import resolve_actors
from storyledger.actors.within import resolve_document

__all__ = [
    "DocumentActors",
    "JudgementProblem",
    "Link",
    "LocalActor",
    "MentionKey",
    "cast_documents",
    "check_judgements",
    "find_mention_key",
    "list_active",
    "make_judgement",
    "read_judgements",
    "resolve_actors",
    "resolve_document",
    "write_judgements",
]

"""Who is who across the pile: names, coreference, resolution, and corrections that last.

``resolve_document`` brings the mentions of one article together, ``resolve_actors`` those of all articles, obeying the
journal of judgements; ``cast_documents`` says who stands where, ``hear_voices`` who is "I" in what is said. The room
imports no other room.
"""

from storyledger.actors.cast import cast_documents
from storyledger.actors.documents import DocumentActors, Link, LocalActor
from storyledger.actors.judgements import check_judgements, find_mention_key
from storyledger.actors.resolve import resolve_actors
from storyledger.actors.voices import hear_voices
from storyledger.actors.within import resolve_document

__all__ = [
    "DocumentActors",
    "Link",
    "LocalActor",
    "cast_documents",
    "check_judgements",
    "find_mention_key",
    "hear_voices",
    "resolve_actors",
    "resolve_document",
]

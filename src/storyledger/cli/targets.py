"""What a person means on the command line: an actor, an event or one mention; and its key in the journal."""

from __future__ import annotations

from storyledger.actors import find_mention_key
from storyledger.errors import UsageError
from storyledger.events import key_event, key_telling
from storyledger.journal import MentionKey
from storyledger.types import Actor, ActorMention, Article, Event, Evidence, Story


def key_actor(story: Story, target: str) -> MentionKey:
    """Return the key of the actor or mention that a person means by an id, a name, or PATH@START.

    Raises:
        UsageError: there is none, or more than one.
    """
    return find_mention_key(_find_actor(story, target), story.documents)


def _find_actor(story: Story, target: str) -> Actor | ActorMention:
    path, at, start = target.rpartition("@")
    if at and start.isdigit():
        ids = {a.id for a in story.documents if a.path == path}
        spots = [m for a in story.actors for m in a.mentions if m.document in ids and m.start <= int(start) < m.end]
        if spots:
            return min(spots, key=lambda m: m.end - m.start)
        raise UsageError("E-JUDGE-TARGET", f"no mention stands at {target}", "`storyledger why ACTOR` prints positions")
    wanted = target.casefold()
    found = [a for a in story.actors if ":" in target and a.id.startswith(target)]
    found = found or [a for a in story.actors if a.name.casefold() == wanted]
    found = found or [a for a in story.actors if any(x.text.casefold() == wanted for x in a.aliases)]
    if len(found) == 1:
        return found[0]
    which = "no actor is" if not found else f"{len(found)} actors are"
    raise UsageError(
        "E-JUDGE-TARGET", f"{which} called {target!r}", "name it by its id: `storyledger show LEDGER actors`"
    )


def names_event(target: str) -> bool:
    """Tell whether a person names an event by its id; no actor is called so."""
    return target.startswith("event:")


def find_event(story: Story, target: str) -> Event | Evidence:
    """Return the event, or its telling, that a person means by an id or PATH@START.

    Raises:
        UsageError: there is none, or more than one.
    """
    path, at, start = target.rpartition("@")
    if at and start.isdigit():
        ids = {a.id for a in story.documents if a.path == path}
        spots = [m for e in story.events for m in e.mentions if m.document in ids and m.start <= int(start) < m.end]
        if spots:
            return min(spots, key=lambda m: (m.end - m.start, m.start))
        raise UsageError("E-JUDGE-TARGET", f"no event is told at {target}", "`storyledger why EVENT` prints positions")
    found = [e for e in story.events if names_event(target) and e.id.startswith(target)]
    if len(found) == 1:
        return found[0]
    which = "no event has" if not found else f"{len(found)} events have"
    raise UsageError("E-JUDGE-TARGET", f"{which} the id {target!r}", "`storyledger show LEDGER timeline` prints ids")


def key_one_event(story: Story, target: Event | Evidence, besides: Event | Evidence | None = None) -> MentionKey:
    """Return the key of an event, by a telling other than ``besides``, or of one telling."""
    if isinstance(target, Evidence):
        return key_telling(target, story.documents)
    return key_event(target, story.documents, besides if isinstance(besides, Evidence) else None)


def key_two_events(story: Story, a: str, b: str) -> tuple[MentionKey, MentionKey]:
    """Return the keys of two events or tellings; of a telling and its own event, that of another telling of it."""
    one, other = find_event(story, a), find_event(story, b)
    return key_one_event(story, one, other), key_one_event(story, other, one)


def find_page(story: Story, target: str) -> Article | None:
    """Return the page that a person means by its file as `stories` lists it, None where no page's file is called so."""
    return next((a for a in story.documents if target in (a.path, f"{a.path}#{a.record}")), None)


def key_page(page: Article) -> MentionKey:
    """Return the key of a whole page."""
    return page.sha256, 0, 0, page.path

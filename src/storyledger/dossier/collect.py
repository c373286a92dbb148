"""From the journal's notes to dossiers: each note with its words, who says them, and where they stand.

Invariant: a note's words are the page's as saved, whatever a later build makes of the entry; a note whose page left the
ledger stays, and says so. This module must not know how a dossier is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storyledger.corrections import read_fields
from storyledger.journal import find_keyed, index_places, list_active
from storyledger.types import Article, Judgement, Story

DEFAULT = "Dossier"
NEAR = 0.5  # of the longer of two ranges that a statement and a note share, to be of one thing


@dataclass(frozen=True, slots=True)
class Item:
    """One note: the words, who says them where that is known, the page that has them (None: it left), the comment."""

    number: int
    words: str
    speaker: str | None
    article: Article | None
    note: str
    by: str | None
    made_on: str

    @property
    def source(self) -> str:
        """The outlet, the headline, the day and the address, as a footnote has them."""
        page = self.article
        if page is None:
            return "a page that is no longer in this ledger"
        parts = [page.outlet or page.path, f"“{page.title}”" if page.title else "", page.published or "undated"]
        parts += [page.url or "", f"as saved: {page.path}, SHA-256 {page.sha256[:16]}…"]
        return ", ".join(p for p in parts if p)


@dataclass(frozen=True, slots=True)
class Dossier:
    """Notes under one name, in the order in which they were made."""

    name: str
    items: tuple[Item, ...]


def list_dossiers(journal: Iterable[Judgement], story: Story) -> list[Dossier]:
    """Return the dossiers by name; notes that were taken back are in none."""
    notes = [j for j in list_active(journal) if j.verb == "note"]
    pages = {a.sha256: a for a in story.documents}
    wanted = {pages[k[0]].id for j in notes for k in (j.a, j.b) if k and k[0] in pages}
    spoken = {s.id: s for s in story.statements if s.content.document in wanted}
    spots = [(s.content.document, s.content.start, s.content.end, s.id) for s in spoken.values()]
    said = index_places(spots, story.documents)
    names = {a.id: a.name for a in story.actors}
    found: dict[str, list[Item]] = {}
    for entry in sorted(notes, key=lambda j: j.number):
        fields = read_fields(entry.value)
        items = found.setdefault(str(fields.get("dossier") or DEFAULT), [])
        for at, key in enumerate(k for k in (entry.a, entry.b) if k):
            owner = spoken.get(find_keyed(key, said.get(key[0], ()), NEAR) or "")
            speaker = (names.get(owner.speaker.actor or "") or owner.speaker.text or None) if owner else None
            note = str(fields.get("text") or "") if at == 0 else ""
            items.append(Item(entry.number, key[3], speaker, pages.get(key[0]), note, entry.by, entry.made_on))
    return [Dossier(name, tuple(items)) for name, items in sorted(found.items())]

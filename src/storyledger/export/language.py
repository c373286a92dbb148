"""The pages with what was read in them as spaCy's DocBin: text, names, and the story's entries as span groups.

Invariant: a document's text is the page's, character for character, and every span has exactly our edges: tokens are
cut wherever a span begins or ends, so that none is moved to a token's edge. This module must not know the ledger file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

from storyledger.errors import UsageError
from storyledger.types import Article, Story

LABELS = {
    "person": "PERSON", "organisation": "ORG", "armed_group": "ORG", "outlet": "ORG", "government": "ORG",
    "country": "GPE", "place": "LOC", "facility": "FAC", "group": "NORP", "event_name": "EVENT", "agreement": "LAW",
    "weapon_system": "PRODUCT", "publication": "WORK_OF_ART",
}  # fmt: skip
"""OntoNotes' label, as spaCy's own models give them, for an actor's type."""
GROUPS = ("mentions", "statements", "events", "figures", "comparisons")
TOKEN = re.compile(r"\w+|[^\w\s]|\s+")
Mark = tuple[int, int, str, str]  # start, end, label, id of the entry


def write_docbin(story: Story, folder: Path) -> list[Path]:
    """Write every page as a spaCy ``Doc`` into pages.spacy, readable with any vocabulary.

    ``doc.ents`` are the names that stand on the page, with OntoNotes' labels; ``doc.spans`` has the groups of
    ``GROUPS``, each span with the id of its entry. ``doc.user_data`` has what tells the page: id, path, sha256,
    outlet, published, url.

    Raises:
        UsageError: spaCy, the extra ``spacy``, is not installed.
    """
    if find_spec("spacy") is None:
        raise UsageError("E-EXPORT-SPACY", "DocBin needs spaCy", "pip install 'storyledger[spacy]'")
    from spacy.tokens import DocBin  # noqa: PLC0415 - an extra
    from spacy.vocab import Vocab  # noqa: PLC0415

    vocab, packed = Vocab(), DocBin(store_user_data=True)
    marks = collect_marks(story)
    for article in story.documents:
        if article.text:
            packed.add(_make_doc(article, marks.get(article.id, {}), vocab))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pages.spacy"
    packed.to_disk(path)
    return [path]


def collect_marks(story: Story) -> dict[str, dict[str, list[Mark]]]:
    """Return what stands on each page, by document and group, in text order."""
    found: dict[str, dict[str, list[Mark]]] = {}
    for group, document, mark in _iter_marks(story):
        if mark[0] < mark[1]:
            found.setdefault(document, {}).setdefault(group, []).append(mark)
    return {d: {g: sorted(set(marks)) for g, marks in groups.items()} for d, groups in found.items()}


def _iter_marks(story: Story) -> Iterator[tuple[str, str, Mark]]:
    for actor in story.actors:
        label = LABELS.get(actor.type, actor.type.upper())
        for m in actor.mentions:
            yield ("names" if m.kind == "name" else "others"), m.document, (m.start, m.end, label, actor.id)
    for s in story.statements:
        yield "statements", s.content.document, (s.content.start, s.content.end, s.act, s.id)
    for e in story.events:
        for spot in e.mentions:
            yield "events", spot.document, (spot.start, spot.end, e.type, e.id)
    for f in story.figures:
        yield "figures", f.evidence.document, (f.evidence.start, f.evidence.end, f.unit or "number", f.id)
    for c in story.comparisons:
        for spot in (e for side in c.sides for e in side.evidence):
            yield "comparisons", spot.document, (spot.start, spot.end, c.kind, c.id)


def _make_doc(article: Article, marks: dict[str, list[Mark]], vocab: Any) -> Any:
    from spacy.tokens import Doc, Span  # noqa: PLC0415 - an extra

    spots = [m for group in marks.values() for m in group]
    words, spaces = cut_tokens(article.text, {m[0] for m in spots}, {m[1] for m in spots})
    doc = Doc(vocab, words=words, spaces=spaces)
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}

    def place(mark: Mark) -> Any:
        start, end, label, ident = mark
        return Span(doc, starts[start], ends[end], label=label, span_id=ident)

    names = marks.get("names", [])
    doc.ents = [place(m) for m in _drop_nested(names)]
    groups = {"mentions": sorted({*names, *marks.get("others", ())})} | {g: marks.get(g, []) for g in GROUPS[1:]}
    for name, group in groups.items():
        doc.spans[name] = [place(m) for m in group]
    known = ("id", "path", "sha256", "outlet", "published", "url")
    doc.user_data = {name: getattr(article, name) for name in known}
    return doc


def _drop_nested(marks: Sequence[Mark]) -> list[Mark]:
    """Return marks that do not overlap, the longer kept: ``doc.ents`` takes no others."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda m: (m[0], -m[1])):
        if not kept or kept[-1][1] <= mark[0]:
            kept.append(mark)
    return kept


def cut_tokens(text: str, begins: set[int], ends: set[int]) -> tuple[list[str], list[bool]]:
    """Return the tokens of ``text`` and whether a blank follows each; a span's edge is a token's."""
    edges = {0, len(text)} | {c for c in begins | ends if 0 < c < len(text)}
    edges |= {e for m in TOKEN.finditer(text) for e in m.span()}
    words: list[str] = []
    spaces: list[bool] = []
    for start, end in pairwise(sorted(edges)):
        # a blank belongs to the token before, but where a span begins with it or ends behind it
        if text[start:end] == " " and words and not spaces[-1] and start not in begins and end not in ends:
            spaces[-1] = True
        else:
            words.append(text[start:end])
            spaces.append(False)
    return words, spaces

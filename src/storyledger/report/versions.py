"""Word differences, for statements told in several versions and for copies of a page.

Invariant: the pieces of a side, joined, are that side's text to the letter, so that the browser's check
can hold it against the capture. Cost: difflib on sentences, and on words within what differs, up to
``COMPARED_CHARS`` at once.
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass

from storyledger.report.lookup import Lookup
from storyledger.types import Article, Statement

MOST_CHANGED = 3  # tellings of one statement, the earliest with them
COMPARED_CHARS = 8000  # difflib on words is quadratic at worst: a longer stretch is marked as a whole
_CHUNK = re.compile(r"[^.!?\n]*(?:[.!?\n]+|$)", re.DOTALL)
_WORD = re.compile(r"\s+|\w+(?:[’'.,]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A run of text; ``changed``: the other side has it differently or not at all."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A telling, its words against the earliest one's; ``alike``: the statements with the very same words."""

    statement: Statement
    anchor: str
    pieces: tuple[DiffPiece, ...]
    first: bool
    alike: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class VersionGroup:
    """One statement in all its versions, the earliest first."""

    anchor: str
    key: str
    tellings: int
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class CopyDiff:
    """A copy against the page that it was made from, and how many words went and came."""

    kept: tuple[DiffPiece, ...]
    own: tuple[DiffPiece, ...]
    added_words: int
    removed_words: int


def diff_words(a: str, b: str) -> tuple[tuple[DiffPiece, ...], tuple[DiffPiece, ...]]:
    """Return both texts in pieces, with the words that the other does not have marked."""
    words_a, words_b = _WORD.findall(a), _WORD.findall(b)
    keys_a, keys_b = [_fold(w) for w in words_a], [_fold(w) for w in words_b]
    left: list[DiffPiece] = []
    right: list[DiffPiece] = []
    for op, i0, i1, j0, j1 in difflib.SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_opcodes():
        if i1 > i0:
            left.append(DiffPiece("".join(words_a[i0:i1]), op != "equal"))
        if j1 > j0:
            right.append(DiffPiece("".join(words_b[j0:j1]), op != "equal"))
    return tuple(left), tuple(right)


def _fold(word: str) -> str:
    """Typographic and plain quotes are one word here: outlets set them as they like."""
    return " " if word.isspace() else word.translate(str.maketrans("“”‘’", "\"\"''"))


def group_versions(lookup: Lookup) -> list[VersionGroup]:
    """Return the statements that are told in more than one version, in the story's order."""
    groups: dict[str, list[Statement]] = {}
    for statement in lookup.story.statements:
        if statement.version_group:
            groups.setdefault(statement.version_group, []).append(statement)
    told = [g for g in groups.values() if len(g) > 1]
    return [_make_group(lookup, number, group) for number, group in enumerate(told, 1)]


def list_changed(lookup: Lookup) -> list[VersionGroup]:
    """Return the statements that tellings put in other words or another mouth, those first: earliest and changed."""
    rank = {"misattributed": 0, "paraphrase": 1}
    found = []
    for group in group_versions(lookup):
        relations = [v.statement.version_relation for v in group.versions]
        best = min((rank[r] for r in relations if r in rank), default=None)
        if best is not None and len(group.versions) > 1:
            first = max((v for v in group.versions if v.first), key=lambda v: len(v.statement.content.text))
            told = [v for v in group.versions if v.statement.version_relation in rank and not _is_again(v, first)]
            if told:
                found.append((best, dataclasses.replace(group, versions=(first, *told[: MOST_CHANGED - 1]))))
    return [group for _, group in sorted(found, key=lambda row: row[0])]


def _is_again(version: Version, first: Version) -> bool:
    """Whether a telling has the first one's very words, and nobody else says them."""
    same = _fold_text(version.statement.content.text) == _fold_text(first.statement.content.text)
    return same and version.statement.version_relation != "misattributed"


def _make_group(lookup: Lookup, number: int, group: list[Statement]) -> VersionGroup:
    group = sorted(group, key=lambda s: (lookup.order(s.content.document)[:2], s.version_relation is not None))
    same: dict[tuple[str, str], list[Statement]] = {}
    for statement in group:
        who = statement.speaker.actor or statement.speaker.text
        same.setdefault((who, _fold_text(statement.content.text)), []).append(statement)
    # A group may hold two halves of one utterance: each telling is held against the half that it is closest to.
    bases = [s for s in group if s.content.document == group[0].content.document]
    versions = [_make_version(lookup, alike, bases) for alike in same.values()]
    return VersionGroup(f"v{number}", group[0].version_group or "", len(group), tuple(versions))


def _make_version(lookup: Lookup, alike: list[Statement], bases: list[Statement]) -> Version:
    statement = alike[0]
    first = statement in bases
    base = statement if first else max(bases, key=lambda b: _overlap(b.content.text, statement.content.text))
    pieces = diff_words(base.content.text, statement.content.text)[1]
    return Version(statement, lookup.anchor("s", statement.id), pieces, first, tuple(alike[1:]))


def _overlap(a: str, b: str) -> float:
    words_a, words_b = ({w for w in _WORD.findall(_fold_text(t)) if w[0].isalnum()} for t in (a, b))
    return len(words_a & words_b) / max(len(words_a | words_b), 1)


def _fold_text(text: str) -> str:
    return " ".join(_fold(word) for word in _WORD.findall(text) if not word.isspace())


def diff_copy(article: Article, source: Article) -> CopyDiff:
    """Return ``article`` against the page it was made from: by sentences, then by words where those differ."""
    chunks_a, chunks_b = _CHUNK.findall(source.text), _CHUNK.findall(article.text)
    keys_a, keys_b = [_fold_text(c) for c in chunks_a], [_fold_text(c) for c in chunks_b]
    left: list[DiffPiece] = []
    right: list[DiffPiece] = []
    for op, i0, i1, j0, j1 in difflib.SequenceMatcher(None, keys_a, keys_b, autojunk=False).get_opcodes():
        a, b = "".join(chunks_a[i0:i1]), "".join(chunks_b[j0:j1])
        if op == "replace" and len(a) + len(b) < COMPARED_CHARS:
            pieces = diff_words(a, b)
            left.extend(pieces[0])
            right.extend(pieces[1])
        else:
            left.extend([DiffPiece(a, op != "equal")] if a else [])
            right.extend([DiffPiece(b, op != "equal")] if b else [])
    removed, added = (sum(_count_words(p.text) for p in side if p.changed) for side in (left, right))
    return CopyDiff(tuple(left), tuple(right), added, removed)


def _count_words(text: str) -> int:
    return sum(1 for word in _WORD.findall(text) if word[0].isalnum())

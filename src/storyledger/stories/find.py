"""Pages into stories: average linkage of what they are about, by blocks.

Of vectors of length one the mean similarity of two groups is the product of their means, so that a block's groups can
be clustered on like pages: a pile of any size costs blocks of bounded size. Invariant: the stories depend on the pages,
not on their order. This module must not know actors or events.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from storyledger.ids import make_id
from storyledger.journal import STORY_VERBS, list_active
from storyledger.language import cut_sentences, end_dateline, find_small
from storyledger.naming import name_page
from storyledger.stories.words import weigh_text, weigh_words
from storyledger.types import Actor, Article, Judgement, NewsStory

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# Of .06 to .15 on ten mixtures of marked stories for training, each among a hundred pages of other news: from .10 on
# every page of a story is with its own and no story is split; from .12 on hardly a stranger comes along.
TOGETHER_AT = 0.13
BLOCK = 1500  # pages clustered at once: 1.1 million pairs, a third of a second
_OWN = re.compile(r"(?i)\b(?:i|we|you|he|she|they|my|our|your|his|her|their)\b")  # a headline has no such word
MAIN_ACTORS = 6
SHORTEST_NAME, LONGEST_NAME = 4, 14  # words of a first sentence by which a story may be called
BODY = frozenset({"deck", "paragraph", "heading"})
NAMED_TYPES = frozenset({"person", "organisation", "armed_group", "government", "country", "facility"})


@dataclass(slots=True)
class _Group:
    """Pages (their numbers) and the sum of their vectors, a row of one matrix."""

    pages: list[int]
    total: csr_matrix


def find_stories(articles: Sequence[Article], judgements: Iterable[Judgement] = ()) -> list[list[Article]]:
    """Return the articles by the story they tell, the stories in order of their first page's time.

    Pages about something else than the pile (``in_story`` false) go where their words put them; a page that a person
    moved goes where that person put it.
    """
    ordered = sorted(articles, key=lambda a: (a.published_earliest or "9", a.path, a.record or "", a.id))
    if not ordered:
        return []
    matrix = _stack([weigh_words(a) for a in ordered])
    groups = [_Group([n], matrix[n]) for n in range(len(ordered))]
    while True:
        joined = [g for at in range(0, len(groups), BLOCK) for g in _cluster(groups[at : at + BLOCK])]
        if len(joined) == len(groups) or len(groups) <= BLOCK:
            break
        groups = joined
    groups_of = _move([g.pages for g in joined], ordered, judgements)
    return [[ordered[n] for n in sorted(pages)] for pages in sorted(groups_of, key=min)]


def _move(
    found: Sequence[Sequence[int]], ordered: Sequence[Article], judgements: Iterable[Judgement]
) -> list[set[int]]:
    """Return the groups of page numbers as a person's entries, one after the other, leave them; none is empty.

    An entry moves its first page alone, and the pages of the same bytes with it: what else belonged to it is not told.
    """
    groups = [set(pages) for pages in found]
    numbers: dict[str, set[int]] = {}
    for n, article in enumerate(ordered):
        numbers.setdefault(article.sha256, set()).add(n)
    for entry in list_active(judgements):
        if entry.verb not in STORY_VERBS or entry.b is None:
            continue
        moved, beside = numbers.get(entry.a[0], set()), numbers.get(entry.b[0], set())
        home = next((g for g in groups if g & beside), None)
        if not moved or home is None or moved & beside:
            continue
        if entry.verb == "same_story":
            groups = [g if g is home else g - moved for g in groups]
            home |= moved
        elif home & moved:
            home -= moved
            groups.append(moved)
        groups = [g for g in groups if g]
    return groups


def _stack(weights: Sequence[dict[str, float]]) -> csr_matrix:
    """Return the pages' vectors as rows."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - a third of a second that only a build needs

    columns: dict[str, int] = {}
    cells = [(n, columns.setdefault(stem, len(columns)), w) for n, row in enumerate(weights) for stem, w in row.items()]
    rows, places, values = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_matrix((values, (rows, places)), shape=(len(weights), max(1, len(columns))), dtype=np.float64)


def _cluster(groups: Sequence[_Group]) -> list[_Group]:
    """Return ``groups`` joined where the mean similarity of their pages is ``TOGETHER_AT`` and more."""
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - as above

    if len(groups) < 2:
        return list(groups)
    labels = fcluster(linkage(_distances(groups), "average"), 1 - TOGETHER_AT, "distance")
    by_label: dict[int, list[_Group]] = {}
    for group, label in zip(groups, labels, strict=True):
        by_label.setdefault(int(label), []).append(group)
    return [_join(parts) for parts in by_label.values()]


def _join(parts: Sequence[_Group]) -> _Group:
    total = parts[0].total
    for part in parts[1:]:
        total = total + part.total
    return _Group([n for g in parts for n in g.pages], total)


def _distances(groups: Sequence[_Group]) -> NDArray[np.float64]:
    """Return the condensed distances of the groups: one less the mean similarity of their pages."""
    from scipy.sparse import vstack  # noqa: PLC0415 - as above

    sizes = np.array([len(g.pages) for g in groups], dtype=np.float64)
    totals = vstack([g.total for g in groups], format="csr")
    similar = (totals @ totals.T).toarray() / np.outer(sizes, sizes)
    upper = np.triu_indices(len(groups), 1)
    found: NDArray[np.float64] = np.clip(1.0 - similar[upper], 0.0, 1.0)
    return found


def tell_stories(groups: Sequence[Sequence[Article]], cast: Sequence[Actor]) -> list[NewsStory]:
    """Return the stories with a name, their span of time and their main actors; pages apart are in none."""
    told = [[a for a in group if a.in_story] for group in groups]
    told = [group for group in told if group]
    return [_tell(group, main) for group, main in zip(told, _list_main(told, cast), strict=True)]


def _tell(group: Sequence[Article], main: tuple[str, ...]) -> NewsStory:
    documents = tuple(a.id for a in group)
    days = sorted(d for a in group for d in (a.published_earliest, a.published_latest) if d)
    return NewsStory(
        id=make_id("story1", *sorted(documents)),
        name=_name(group),
        earliest=days[0] if days else None,
        latest=days[-1] if days else None,
        documents=documents,
        actors=main,
    )


def _name(group: Sequence[Article]) -> str:
    """Return the headline of the page that is most like all others: the story's own words.

    Of pages saved without headlines the first sentence that says best what all are about: it is a headline as often as
    the page's first sentence.
    """
    titled = [a for a in group if a.title]
    if 2 * len(titled) >= len(group):
        return name_page(titled[int(np.argmax(_liken(titled, list(map(_tell_words, titled)))))])
    heads = {a.id: head for a in group if (head := " ".join((a.title or "").split()) or _find_head(a))}
    named = [a for a in group if a.id in heads]
    if not named:
        return name_page(group[int(np.argmax(_liken(group, list(map(_tell_words, group)))))])
    pages = _liken(group, list(map(_tell_words, named)))
    likeness = pages * _liken(group, [heads[a.id] for a in named])
    return heads[named[int(np.argmax(np.round(likeness, 9)))].id]


def _tell_words(article: Article) -> str:
    return f"{article.title or ''} {article.text}"


def _find_head(article: Article) -> str:
    """Return a page's first sentence if a story may be called by it: of a headline's length, no question."""
    block = next((b for b in article.blocks if b.kind in BODY), None)
    start, end = (block.start, block.end) if block else (0, len(article.text))
    start += end_dateline(article.text[start:end])
    first = next(iter(cut_sentences(article.text, start, end, find_small(article.text))), None)
    words = " ".join(article.text[slice(*first)].split()) if first else ""
    if _OWN.search(words):
        return ""
    fit = SHORTEST_NAME <= len(words.split()) <= LONGEST_NAME and words[:1].isupper() and not words.endswith("?")
    return words.rstrip(".") if fit else ""


def _liken(group: Sequence[Article], texts: Sequence[str]) -> NDArray[np.float64]:
    """Return how like each text is to all pages of the group together."""
    matrix = _stack([*(weigh_words(a) for a in group), *map(weigh_text, texts)])
    whole = np.asarray(matrix[: len(group)].sum(0)).ravel()
    likeness: NDArray[np.float64] = np.round(np.asarray(matrix[len(group) :] @ whole).ravel(), 9)
    return likeness


def _list_main(groups: Sequence[Sequence[Article]], cast: Sequence[Actor]) -> list[tuple[str, ...]]:
    """Return for each group the actors with a name that most of its pages name, at most ``MAIN_ACTORS``."""
    of = {article.id: number for number, group in enumerate(groups) for article in group}
    standing: list[dict[str, int]] = [{} for _ in groups]
    for actor in cast:
        if actor.type in NAMED_TYPES and any(m.kind == "name" for m in actor.mentions[:50]):
            told = Counter(m.document for m in actor.mentions)
            places: dict[int, list[int]] = {}
            for document, times in told.items():
                if document in of:
                    places.setdefault(of[document], []).append(times)
            for number, here in places.items():
                standing[number][actor.id] = len(here) * 1000 + min(sum(here), 999)
    return [tuple(sorted(own, key=lambda i: (-own[i], i))[:MAIN_ACTORS]) for own in standing]

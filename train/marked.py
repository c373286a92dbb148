"""Marked stories as the program sees them: articles, readings and casts with the gold's statements on them.

A pile is read once into a working folder (``read_pile``): pages, articles, readings, times and the cast of the whole
pile. Gold positions, which are the source's, are brought to the article through its source map; what is not in the text
is dropped and counted.

``python -m train.marked --work FOLDER --models MODEL0 MODEL1 MODEL2`` reads every pile that may be learned from with
the model whose second network has not seen it: MODELi with tags of ``train.tags --folds 3 --fold i``, which deals the
stories by the same turns. Tags and casts are then as sure as they are on a new page.
"""

from __future__ import annotations

import argparse
import bisect
import json
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from storyledger import actors, articles, pages, reading
from storyledger.engine import SerialEngine
from storyledger.errors import StoryledgerError
from storyledger.pipeline import find_repeated
from storyledger.reading import times
from storyledger.types import Article, Cast, Page, Reading

PILES = Path(__file__).resolve().parents[2] / "shared" / "piles"
TRAINING = ("train", "wikinews/train")  # what may be learned from
Span = tuple[int, int]


@dataclass(frozen=True)
class Gold:
    """A marked statement, positions in the article's text."""

    span: Span
    core: bool
    act: str
    denied: bool
    speaker: str | None
    cue: Span | None
    source: Span | None


@dataclass(frozen=True)
class MarkedArticle:
    """An article with its reading, its cast, the gold's statements, and which gold actor each cast actor is."""

    pile: str
    fold: int
    article: Article
    reading: Reading
    cast: Cast
    gold: list[Gold]
    lost: int  # statements of the gold whose words are not in the text
    actors: dict[str, str]


def list_piles(parts: tuple[str, ...]) -> dict[str, Path]:
    """Return the piles of the parts ("train", "test", "wikinews/train", "wikinews/test") by a name of their own."""
    return {
        f"{part.replace('/', '-')}_{folder.name}": folder
        for part in parts
        for folder in sorted((PILES / part).iterdir())
        if folder.is_dir() and folder.name != "wikinews"
    }


def deal_piles(piles: dict[str, Path], folds: int) -> dict[str, int]:
    """Return the fold of each pile: by turns over the stories' sorted names, as ``train.tags.split_stories`` deals."""
    order = {story: n % folds for n, story in enumerate(sorted({p.name for p in piles.values()}))}
    return {name: order[folder.name] for name, folder in piles.items()}


def iter_marked(parts: tuple[str, ...], work: Path, folds: int) -> Iterator[MarkedArticle]:
    """Yield the marked articles of the piles that were read and resolved; a pile is in one fold."""
    piles = list_piles(parts)
    order = deal_piles(piles, folds)
    for name, folder in piles.items():
        if not (work / "cast" / f"{name}.pkl").exists():
            continue
        yield from _join(name, order[name], folder, work)


def read_pile(name: str, folder: Path, work: Path, reader: reading.Reader) -> None:
    """Write what the program reads of a pile into the working folder, once."""
    target = work / "cache" / f"{name}.pkl"
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    found = list(pages.iter_pages([str(folder / "pages")], lambda _: None, None))
    repeated = find_repeated({p.id: (p.sha256, articles.fingerprint_lines(p)) for p in found})
    made = [a for p in found if (a := _extract(p, repeated.get(p.id, {}))) is not None]
    placed = sorted(articles.place_articles(made, SerialEngine()), key=lambda a: (a.path, a.record or "", a.id))
    rows = [(a, r := reader.read(a), times.find_times(a, r)) for a in placed]
    target.write_bytes(pickle.dumps((name, str(folder), rows)))


def _extract(page: Page, repeated: dict[str, int]) -> Article | None:
    try:
        return articles.extract_article(page, repeated)
    except StoryledgerError:
        return None


def resolve_pile(name: str, work: Path) -> None:
    """Write the cast of a pile that was read, once."""
    target = work / "cast" / f"{name}.pkl"
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    _, _, rows = pickle.loads((work / "cache" / f"{name}.pkl").read_bytes())
    mentions = [actors.resolve_document(a, r) for a, r, _ in rows]
    cast = actors.resolve_actors(mentions, [a for a, _, _ in rows], (), SerialEngine())
    target.write_bytes(pickle.dumps((cast, actors.cast_documents(cast))))


def _join(name: str, fold: int, folder: Path, work: Path) -> Iterator[MarkedArticle]:
    """Yield the articles of one pile with the gold on them."""
    _, _, rows = pickle.loads((work / "cache" / f"{name}.pkl").read_bytes())
    _, casts = pickle.loads((work / "cast" / f"{name}.pkl").read_bytes())
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    marked = {d["file"] for d in gold["documents"]}
    here = [(a, r) for a, r, _ in rows if PurePath(a.path).name in marked]
    named = name_actors([a for a, _ in here], casts, gold)
    for article, own in here:
        file = PurePath(article.path).name
        rows_of = [_place(article, s) for s in gold["statements"] if s["file"] == file]
        found = [g for g in rows_of if g is not None]
        cast = casts.get(article.id, Cast(article.id, ()))
        lost = len(rows_of) - len(found)
        yield MarkedArticle(name, fold, article, own, cast, found, lost, named)


def _place(article: Article, said: dict[str, Any]) -> Gold | None:
    span = to_text(article, said["span"])
    if span is None:
        return None
    cue, source = (to_text(article, said[k]) if said.get(k) else None for k in ("cue_span", "source_span"))
    denied = said["polarity"] == "denied"
    return Gold(span, said["tier"] == "core", said.get("act", "say"), denied, said["speaker"], cue, source)


def to_text(article: Article, span: Span) -> Span | None:
    """Return a range of the source as a range of the text, None where an end of it is not in the text."""
    ends = [row[3] for row in article.source_map]
    row = bisect.bisect_right(ends, span[0])
    last = bisect.bisect_left(ends, span[1])
    if row >= len(ends) or last >= len(ends):
        return None
    text_start, text_end, start, end = article.source_map[row]
    text_from, text_to, low, high = article.source_map[last]
    if not (start <= span[0] < end and low < span[1] <= high):
        return None
    begin = text_start + (span[0] - start if text_end - text_start == end - start else 0)
    stop = text_from + span[1] - low if text_to - text_from == high - low else text_to
    return (begin, stop) if stop > begin else None


def name_actors(documents: list[Article], casts: dict[str, Cast], gold: dict[str, Any]) -> dict[str, str]:
    """Return the gold actor that each actor of the cast mostly is: by its names, else by its descriptions."""
    votes: dict[str, dict[str, Counter[str]]] = {kind: defaultdict(Counter) for kind in ("name", "nominal")}
    for article in documents:
        own = sorted(casts.get(article.id, Cast("", ())).mentions, key=lambda m: m.start)
        starts = [m.start for m in own]
        for mark in gold["mentions"]:
            span = to_text(article, mark["span"]) if mark["file"] == PurePath(article.path).name else None
            if span is None or mark["kind"] not in votes:
                continue
            near = own[bisect.bisect_left(starts, span[0] - 80) : bisect.bisect_left(starts, span[1])]
            fits = [m for m in near if _is_same(m.start, m.end, m.kind, span, mark["kind"])]
            if fits:
                best = min(fits, key=lambda m: m.end - m.start)
                votes[mark["kind"]][best.actor][mark["actor"]] += 1
    return {a: c.most_common(1)[0][0] for kind in ("nominal", "name") for a, c in votes[kind].items()}


def _is_same(start: int, end: int, kind: str, span: Span, wanted: str) -> bool:
    """Say whether a mention is a marked one, as the scorer has it: a name with its title before it, or half shared."""
    if wanted == "name":
        return kind == "name" and start <= span[0] and end >= span[1] and end - span[1] <= 2 and span[0] - start <= 40
    shared = min(end, span[1]) - max(start, span[0])
    return shared > 0 and shared / (max(end, span[1]) - min(start, span[0])) >= 0.5


def main() -> None:
    """Read all piles, each with the model of its fold, and resolve their casts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--models", type=Path, nargs="+", required=True)
    args = parser.parse_args()
    piles = list_piles(TRAINING)
    order = deal_piles(piles, len(args.models))
    for fold, model in enumerate(args.models):
        reader = reading.load_reader(model)
        for name in (n for n in piles if order[n] == fold):
            read_pile(name, piles[name], args.work, reader)
            resolve_pile(name, args.work)
            print(f"fold {fold} {name}", flush=True)


if __name__ == "__main__":
    main()

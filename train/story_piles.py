"""Marked piles as the product reads them: articles, readings, cast, statements, and the gold beside them.

A pile is built as far as the stages that need no events; the work stays in a ledger a pile under ``--cache``, so that a
second run redoes what the code or the model changed and nothing else. What is marked is given in the article's own
positions: what the article left out is dropped and counted.

The second network has learned the marked piles by heart, so what is learned from its tags must see tags of a network
that has not seen the pile: ``python -m train.story_piles --models FOLDER`` trains one for each of three folds of the
stories (20 minutes each on one core of its own) and leaves a model folder a fold; the trainers take it as ``--models``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyledger import actors, reading, statements
from storyledger.engine import SerialEngine
from storyledger.pipeline import Marks, Shelf, make_articles, mark_pages
from storyledger.reading.reader import SHIPPED
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import Actor, Article, Cast, Statement
from storyledger.work import PageWork

SHARED = Path(__file__).resolve().parents[2] / "shared" / "piles"
TRAINING = ("train", "wikinews/train")  # what may be learned from
FOLDS = 3  # of the networks that have not seen a pile
STEPS = 1000


@dataclass(frozen=True, slots=True)
class Pile:
    """A pile read as far as its statements; ``gold`` is its ``gold.json``."""

    name: str  # of its folder under the shared piles, "_" for "/"
    articles: tuple[Article, ...]
    marks: Marks
    cast: tuple[Actor, ...]
    casts: Mapping[str, Cast]
    statements: Mapping[str, tuple[Statement, ...]]
    gold: dict[str, Any]

    def article_of(self, file: str) -> Article | None:
        """Return the article made from the page ``file``; None where it was not read."""
        return next((a for a in self.articles if Path(a.path).name == file and a.id in self.marks.readings), None)


def list_piles(*parts: str) -> list[Path]:
    """Return the folders of the piles in ``parts`` of the shared piles, sorted."""
    return sorted(path.parent for part in parts or TRAINING for path in (SHARED / part).glob("*/gold.json"))


def is_wikinews(name: str) -> bool:
    """Whether a pile is one of Wikinews', by its name; else it is an invented one."""
    return name.startswith("wikinews")


def read_pile(folder: Path, cache: Path, model: Path | None = None) -> Pile:
    """Return the pile in ``folder`` as the reader in ``model`` reads it, its work kept in a ledger in ``cache``."""
    cache.mkdir(parents=True, exist_ok=True)
    name = "_".join(folder.relative_to(SHARED).parts)
    engine, settings = SerialEngine(), Settings(workers=1, model=model)
    with Ledger.create(cache / f"{name}.db") as ledger:
        shelf = Shelf(ledger, settings, [], lambda _: None)
        shelf.take_pages([str(folder / "pages")], None)
        work = PageWork(ledger, engine, lambda _: None, [])
        placed = make_articles(shelf, work, engine, {})
        marks = mark_pages(placed, work, settings, reading.model_digest(settings.model))
    full = [a for a in placed if a.id in marks.mentions]
    cast = actors.resolve_actors([marks.mentions[a.id] for a in full], placed, (), engine)
    casts = actors.cast_documents(cast)
    said = {
        a.id: statements.find_statements(
            a, marks.readings[a.id], casts.get(a.id, Cast(a.id, ())), marks.times.get(a.id, ())
        )
        for a in full
    }
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return Pile(name, tuple(placed), marks, tuple(cast), casts, said, gold)


def add_piles(parser: argparse.ArgumentParser) -> None:
    """Let a trainer be told where the piles' work is kept, and which networks have not seen which."""
    parser.add_argument("--cache", type=Path, required=True, help="folder in which the piles' work is kept")
    parser.add_argument("--models", type=Path, help="models that have not seen a fold, from train.story_piles")


def iter_piles(options: argparse.Namespace) -> Iterator[Pile]:
    """Yield the piles that may be learned from, each with the tags of a network that has not seen it.

    Without ``--models`` all have the shipped network's, which has.
    """
    folders = list_piles()
    fold_of = split_folders(folders)
    for folder in folders:
        model = options.models / f"model{fold_of[folder]}" if options.models else None
        yield read_pile(folder, options.cache, model)


def split_folders(folders: Sequence[Path]) -> dict[Path, int]:
    """Return each pile's fold: in turns over the sorted names, as ``train.tags`` deals the stories out."""
    names = sorted({folder.name for folder in folders})
    return {folder: names.index(folder.name) % FOLDS for folder in folders}


def find_in_text(article: Article, start: int, end: int) -> tuple[int, int] | None:
    """Return the range of the article's text that stands at ``[start, end)`` of its source; None where none does."""
    found: list[int] = []
    for text_start, text_end, source_start, source_end in article.source_map:
        if source_end <= start or source_start >= end:
            continue
        even = text_end - text_start == source_end - source_start
        found += [text_start + max(0, start - source_start) * even, text_end - max(0, source_end - end) * even]
    return (min(found), max(found)) if found else None


def train_models(models: Path, steps: int) -> None:
    """Leave in ``models`` a whole model folder for each fold, its second network trained without the fold's stories."""
    for fold in range(FOLDS):
        state, model = models / f"fold{fold}", models / f"model{fold}"
        kept_out = ["--folds", str(FOLDS), "--fold", str(fold), "--steps", str(steps), "--bf16"]
        subprocess.run([sys.executable, "-m", "train.tags", "--out", str(state), *kept_out], check=True)
        shutil.copytree(SHIPPED, model, dirs_exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "train.tag_export", "--from", str(state), "--model", str(model)], check=True
        )


def main() -> int:
    """Train the networks of the folds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="folder for the models")
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    train_models(options.models, options.steps)
    return 0


if __name__ == "__main__":
    sys.exit(main())

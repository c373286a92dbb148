"""The marked piles as the product reads them, beside what their marks say.

A pile is built once into a ledger under a folder of the caller's; ``load_pile`` gives its story, its readings and
its gold, with every gold place moved from the source file into the article's text. Invariant: what is returned
depends on the ledger and the gold alone. Nothing of the piles is written into the repository.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storyledger.pipeline import build_story
from storyledger.settings import Settings
from storyledger.store import Ledger
from storyledger.types import Article, Reading, Story
from train.story_piles import list_piles, split_folders

PILES = Path(__file__).resolve().parents[2] / "shared" / "piles"


@dataclass(frozen=True)
class Pile:
    """A built pile: ``gold`` as in gold.json, ``places`` the article of each file, ``name`` its folder."""

    name: str
    story: Story
    readings: dict[str, Reading]
    gold: dict[str, Any]
    articles: dict[str, Article]  # by file name

    def find_place(self, file: str, span: list[int]) -> tuple[str, int, int] | None:
        """Return document, start and end in its text of a range of the source, or None where the text lacks it."""
        article = self.articles.get(file)
        if article is None:
            return None
        start = next((a + span[0] - s for a, _, s, e in article.source_map if s <= span[0] < e), None)
        end = next((a + span[1] - s for a, _, s, e in article.source_map if s < span[1] <= e), None)
        return None if start is None or end is None or end <= start else (article.id, start, end)


def iter_folders(which: str) -> Iterator[Path]:
    """Yield the folders of the piles under ``which`` ("train", "test", "wikinews/train"), in order of name."""
    yield from sorted(p for p in (PILES / which).iterdir() if (p / "gold.json").is_file())


def parse_options(description: str | None) -> argparse.Namespace:
    """Return what a trainer of ``compare`` was told: ``cache``, ``models`` (None: the shipped one), ``write``."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("cache", type=Path, help="where the ledgers of the piles are kept; one for each set of models")
    options.add_argument("--models", type=Path, help="models that have not seen a fold, from train.story_piles")
    options.add_argument("--write", action="store_true")
    return options.parse_args()


def load_pile(folder: Path, cache: Path, models: Path | None = None) -> Pile:
    """Return the pile in ``folder``, built into ``cache`` if no build of it has finished there.

    Args:
        folder: of the pile.
        cache: where its ledger is kept.
        models: of ``train.story_piles``: the pile is read by the one that has not seen it; else by the shipped one.
    """
    path = cache / f"{folder.name}.db"
    with Ledger.create(path) as ledger:
        if not ledger.load_steps():
            model = models / f"model{split_folders(list_piles())[folder]}" if models else None
            build_story([str(folder / "pages")], ledger, Settings(model=model))
        story = ledger.load_story()
        keys = {key: ident for ident, rows in ledger.load_steps().items() for stage, key in rows if stage == "reading"}
        readings = {keys[key]: reading for key, reading in ledger.load_work(list(keys), Reading).items()}
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    return Pile(folder.name, story, readings, gold, {Path(a.path).name: a for a in story.documents})

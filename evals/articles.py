"""Text, titles, dates and authors of 196 saved pages, out of fold, against hand-cleaned text.

    python -m evals.articles [html] [text]

Each page is read with the line model that was trained without its site (``evals/articles_folds``, five
folds, made by ``train/articles.py``); everything else is the package's own. Captures are made from the
pages as the contract's scorer makes them. Prints a table and exits with 1 where a floor of floors.toml,
section articles, is missed. Needs ../shared; exits with 0, saying so, where it is absent.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib.util
import io
import json
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from storyledger.articles import body_text
from storyledger.articles.extract import extract_with_models
from storyledger.articles.heads import read_head_weights
from storyledger.articles.model import LineModel, read_line_model
from storyledger.errors import PageError
from storyledger.pages.make import make_page

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
DATA = SHARED / "data" / "articles"
FOLDS = HERE / "articles_folds"
_COUNT = re.compile(r"(\w+) (\d*\.?\d+)(?:/(\d+))?")


def load_module(path: Path, name: str) -> Any:
    """Return the module in the file ``path``: the scorer and the training recipe are no packages."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def load_fold(media: str, fold: int) -> LineModel:
    """Return the line model that has not seen the sites of ``fold``."""
    return read_line_model(FOLDS / f"{media}_{fold}.npz")


def iter_sources(media: str, captures: Path) -> Iterator[tuple[str, int, bytes]]:
    """Yield ``(name, fold, bytes)`` of every page, as HTML or as its capture."""
    recipe = load_module(HERE.parent / "train" / "articles.py", "train_articles")
    for page in recipe.read_gold():
        name = re.sub(r"(\.(html?|gz))+$", "", Path(page["html_file"]).name)
        file = DATA / "html" / f"{name}.html.gz"
        data = gzip.decompress(file.read_bytes()) if media == "html" else (captures / f"{name}.txt").read_bytes()
        yield name, recipe.fold_of(page["site"]), data


def extract_all(media: str, captures: Path, out: Path) -> float:
    """Write what ``storyledger extract`` would print for every page; return pages a second."""
    began, count = time.perf_counter(), 0
    suffix = ".html" if media == "html" else ".txt"
    with out.open("w", encoding="utf-8") as file:
        for name, fold, data in iter_sources(media, captures):
            count += 1
            with contextlib.suppress(PageError):
                page = make_page(name + suffix, None, data)
                heads = FOLDS / f"head_{fold}.npz"
                article = extract_with_models(
                    page,
                    {},
                    lambda kind, fold=fold: load_fold(kind, fold),
                    lambda heads=heads: read_head_weights(heads),
                )
                row = {
                    "path": article.path,
                    "title": article.title,
                    "authors": article.authors,
                    "published": article.published,
                    "text": body_text(article),
                }
                file.write(json.dumps(row) + "\n")
    return count / (time.perf_counter() - began)


def score(scorer: Any, out: Path) -> dict[str, float]:
    """Return the scorer's numbers: P, R, F1 and the counts of exact titles, dates and authors."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        scorer.main([str(DATA / "gold.jsonl.gz"), str(out)])
    return {name.lower(): float(value) for name, value, _ in _COUNT.findall(printed.getvalue())}


def main(kinds: list[str]) -> int:
    """Measure the kinds of page named, all by default; return 1 where a floor is missed."""
    if not DATA.is_dir():
        print("../shared is absent: nothing measured")
        return 0
    scorer = load_module(SHARED / "contract" / "score_articles.py", "score_articles")
    floors = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8")).get("articles", {})
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        captures = Path(folder) / "captures"
        scorer.main(["--captures", str(DATA / "html"), str(captures)])
        for media in kinds or ["html", "text"]:
            speed = extract_all(media, captures, Path(folder) / f"{media}.jsonl")
            found = score(scorer, Path(folder) / f"{media}.jsonl")
            print(f"{media}: {speed:.1f} pages a second")
            for name in ("p", "r", "f1", "title", "date", "authors"):
                floor = floors.get(f"{media}_{name}")
                short = floor is not None and found[name] < floor
                missed += short
                print(
                    f"  {name:8s} {found[name]:8.3f}   floor {floor if floor is not None else '-'}"
                    + (" MISSED" if short else "")
                )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Measures statements with gold upstream: who said what, the reader's trees and the gold's actors and mentions given.

``python -m evals.statements`` reads the ferry's articles with the shipped model, gives ``find_statements`` the cast of
``gold_story.json``, and scores with ``../shared/contract/score.py``: tuned on pages 01 to 11, 12 to 16 kept for looking
rarely. Then the same finder on the news sentences of ``attribution_gold.jsonl``, each as an article of its own. Exits
with 1 where a floor of ``evals/floors.toml`` [statements] is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from storyledger.engine import SerialEngine
from storyledger.export import encode_story, read_story
from storyledger.reading import Reader, load_reader
from storyledger.reading.times import find_times
from storyledger.statements import find_statements, link_versions
from storyledger.types import Article, Block, Cast, CastMention, Reading, Statement, Story
from train.corpora import guess_spaces

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
FERRY = SHARED / "piles" / "ferry"
DEVELOP = "01,02,03,04,05,06,07,08,09,10,11"
KEPT = "12,13,14,15,16"


def cast_from_gold(story: Story) -> dict[str, Cast]:
    """Return each document's cast as the gold's mentions have it: names and descriptions, no pronouns."""
    rows: dict[str, list[CastMention]] = {a.id: [] for a in story.documents}
    for actor in story.actors:
        for m in (m for m in actor.mentions if m.document in rows):
            rows[m.document].append(CastMention(m.start, m.end, actor.id, actor.name, actor.type, m.kind, 1.0))
    return {k: Cast(k, tuple(sorted(v, key=lambda m: (m.start, m.end)))) for k, v in rows.items()}


def make_statements(story: Story, readings: dict[str, Reading]) -> list[Statement]:
    """Return the statements of all documents, versions linked."""
    casts = cast_from_gold(story)
    found: list[Statement] = []
    for article in story.documents:
        reading = readings[article.id]
        found += find_statements(article, reading, casts[article.id], find_times(article, reading))
    return link_versions(found, story.documents, readings, SerialEngine(), story.actors)


def score(export: Path, files: str, show: int = 0) -> dict[str, Any]:
    """Return what the contract's scorer says of an export, for the files that begin with one of ``files``."""
    command = [sys.executable, str(SHARED / "contract" / "score.py"), str(export), str(FERRY / "gold.json"),
               str(FERRY / "pages"), "--json", "--files", files, "--show", str(show)]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    sys.stderr.write(done.stderr)
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def rate(cell: Any) -> float:
    """Return a score's number: the F1 of a table, or a/b of a fraction."""
    if isinstance(cell, dict):
        return float(cell["f1"])
    top, bottom = str(cell).split("/")
    return int(top) / int(bottom) if int(bottom) else 0.0


# --------------------------------------------------------------------------- single news sentences


def read_news() -> list[list[str]]:
    """Return the words of each sentence of gmb-news."""
    with gzip.open(SHARED / "data/names/gmb-news.tsv.gz", "rt", encoding="utf-8") as lines:
        blocks = lines.read().split("\n\n")
    return [[row.split("\t")[0] for row in block.split("\n") if row.strip()] for block in blocks if block.strip()]


def write_out(words: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the words as text and where each stands in it."""
    text, spots = "", []
    for word, space in zip(words, guess_spaces(words), strict=True):
        spots.append((len(text), len(text) + len(word)))
        text += word + (" " if space else "")
    return text.rstrip(), spots


def measure_news(reader: Reader, part: str) -> dict[str, float]:
    """Return content token precision, recall and F1, and the share of sources found, over one half of the gold."""
    news = read_news()
    both = found = wanted = named = sources = 0
    for line in (HERE / "attribution_gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] != part:
            continue
        text, spots = write_out(news[row["sentence"]])
        article = Article("a", "a", None, "utf-8", "", text, (), (Block(0, len(text), "paragraph"),))
        statements = find_statements(article, reader.read(article), Cast("a", ()), ())
        have = covered(spots, [(s.content.start, s.content.end) for s in statements])
        want = {i for a in row["attributions"] for first, last in a["content"] for i in range(first, last)}
        both, found, wanted = both + len(have & want), found + len(have), wanted + len(want)
        said = [covered(spots, [(e.start, e.end)]) for s in statements if (e := s.speaker.evidence)]
        gold = [set(range(*a["source"])) for a in row["attributions"] if a["source"]]
        sources += len(gold)
        named += sum(any(2 * len(s & g) >= max(len(s), len(g)) for s in said) for g in gold)
    p, r = both / max(1, found), both / max(1, wanted)
    return {"content precision": p, "content recall": r, "content F1": 2 * p * r / (p + r), "sources": named / sources}


def covered(spots: list[tuple[int, int]], spans: list[tuple[int, int]]) -> set[int]:
    """Return the words that stand in one of the spans."""
    return {i for i, (a, b) in enumerate(spots) for start, end in spans if a < end and start < b}


def main() -> int:
    """Print the table; return 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--export", type=Path, default=None)
    options = parser.parse_args()
    if not FERRY.is_dir():
        print("../shared/piles/ferry is absent: nothing measured")
        return 0
    story = read_story(FERRY / "gold_story.json")
    reader = load_reader(None)
    readings = {a.id: reader.read(a) for a in story.documents}
    statements = make_statements(story, readings)
    with tempfile.TemporaryDirectory() as folder:
        path = options.export or Path(folder) / "story.json"
        path.write_text(json.dumps(encode_story(replace(story, statements=tuple(statements)))), encoding="utf-8")
        rows = {name: score(path, files, options.show) for name, files in (("01-11", DEVELOP), ("12-16", KEPT))}
        versions = score(path, "")["versions"]
    news = {f"news {part}: {k}": v for part in ("develop", "measure") for k, v in measure_news(reader, part).items()}
    return report(rows, versions, news)


def report(rows: dict[str, dict[str, Any]], versions: dict[str, str], news: dict[str, float]) -> int:
    """Print the scores beside their floors; return the exit status."""
    floors = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8")).get("statements", {})
    missed = 0
    print(f"{'gold upstream':34s} {'01-11':>32s} {'12-16':>32s}")
    for key in rows["01-11"]["statements"]:
        cells = [rows[k]["statements"][key] for k in ("01-11", "12-16")]
        print(f"{key:34s} {cells[0]!s:>32s} {cells[1]!s:>32s}")
        for part, cell in zip(("develop", "kept"), cells, strict=True):
            floor = floors.get(f"{part}: {key}")
            if floor is not None:
                value = rate(cell) if not isinstance(cell, float) else cell
                bad = value > floor if key == "wrong mouth" else value < floor
                missed += bad
                print(f"    {part}: {value:.3f}, floor {floor}{'  MISSED' if bad else ''}")
    for key, cell in versions.items():
        floor = floors.get(f"versions: {key}", 0.0)
        missed += rate(cell) < floor
        print(f"versions {key:25s} {cell:>32s}   floor {floor}")
    for key, value in news.items():
        floor = floors.get(key, 0.0)
        missed += value < floor
        print(f"{key:34s} {value:32.3f}   floor {floor}{'  MISSED' if value < floor else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

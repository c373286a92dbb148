"""Speed and growth of who-is-who: articles to local actors, 1,000 articles to a cast, one article more.

    python benchmarks/actors.py [--articles 1000]

The articles are Wikinews texts read once, then copied with every name respelt (vowels for vowels, consonants for
consonants, the same length), so that each copy has a cast of its own and offsets hold. Exits 1 where a limit of
floors.toml [actors_speed] is missed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import sys
import time
import tomllib
from dataclasses import replace
from itertools import islice
from pathlib import Path

from storyledger.actors import DocumentActors, resolve_actors, resolve_document
from storyledger.engine import ProcessEngine, SerialEngine
from storyledger.reading import load_reader
from storyledger.types import Article, Block, Reading

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "wikinews" / "articles.json.gz"
BASE_ARTICLES = 40
VOWELS, CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"


def iter_texts() -> list[str]:
    """Return the texts of the first Wikinews articles."""
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, BASE_ARTICLES)]
    return ["\n\n".join(part["value"] for part in row["document"]) for row in rows]


def make_article(name: str, text: str) -> Article:
    """Return an article whose source is its text."""
    rows = ((0, len(text), 0, len(text)),)
    return Article(
        name, name, None, "utf-8", name, text, rows, (Block(0, len(text), "paragraph"),), published="2010-01-01"
    )


def respell(article: Article, reading: Reading, copy: int) -> tuple[Article, Reading]:
    """Return a copy whose names are spelt with other letters; the same word becomes the same word."""
    dice = random.Random(copy)
    letters = {}
    for group in (VOWELS, CONSONANTS):
        mixed = dice.sample(group, len(group))
        letters |= dict(zip(group, mixed, strict=True)) | dict(
            zip(group.upper(), (c.upper() for c in mixed), strict=True)
        )
    text = list(article.text)
    for m in reading.mentions:
        if m.kind == "name":
            text[m.start : m.end] = [letters.get(c, c) for c in article.text[m.start : m.end]]
    name = f"{article.id}-{copy}"
    return replace(make_article(name, "".join(text))), replace(reading, document=name)


def resolve_pair(pair: tuple[Article, Reading]) -> DocumentActors:
    """Return the local actors of one article (at module level: processes pickle it)."""
    return resolve_document(*pair)


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and print; exit 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    count = parser.parse_args().articles
    reader = load_reader()
    base = [(a, reader.read(a)) for a in (make_article(f"w{i}", t) for i, t in enumerate(iter_texts()))]
    pairs = [respell(*base[i % len(base)], i // len(base)) for i in range(count)]
    words = sum(len(r.tokens) for _, r in pairs)
    started, spent = time.perf_counter(), _children_cpu_s()
    with ProcessEngine(2) as engine:
        documents = list(engine.map_values(resolve_pair, pairs))
    found = {"within_wall_s": time.perf_counter() - started, "within_cpu_s": _children_cpu_s() - spent}
    articles = [a for a, _ in pairs]
    mentions = sum(len(a.mentions) for d in documents for a in d.actors)
    for size in sorted({count // 4, count // 2, count}):
        started = time.process_time()
        actors = resolve_actors(documents[:size], articles[:size], [], SerialEngine())
        found[f"across_{size}_cpu_s"] = time.process_time() - started
    found["two_cores_s"] = found["within_cpu_s"] / 2 + found[f"across_{count}_cpu_s"]
    started = time.process_time()
    one = resolve_document(*pairs[0])
    resolve_actors([*documents[1:], one], articles, [], SerialEngine())
    found["add_one_cpu_s"] = time.process_time() - started
    found["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{count} articles, {words} words, {mentions} mentions, {len(actors)} actors")
    limits = (
        tomllib.loads((ROOT / "evals" / "floors.toml").read_text("utf-8")).get("actors_speed", {})
        if (ROOT / "evals" / "floors.toml").exists()
        else {}
    )
    for name, value in found.items():
        print(f"{name:20s} {value:10.2f}" + (f"   at most {limits[name]}" if name in limits else ""))
    if count == 1000 and any(found[k] > v for k, v in limits.items() if k in found):
        sys.exit("slower than the limit")


if __name__ == "__main__":
    main()

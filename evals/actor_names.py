"""Names with their type on texts of another make, beside a well-known pipeline: ``python -m evals.actor_names``.

re3d's two folders, names of people, bodies and places as marked there (confidence .5 and more), exact range and type.
Ours are the names of the cast, read as the product reads a page. spaCy's small English pipeline is measured in the same
run where it is installed (``pip install spacy en-core-web-sm``); it is no dependency.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from evals.reader_gold import Tally, make_article
from storyledger.actors import resolve_actors, resolve_document
from storyledger.engine import SerialEngine
from storyledger.reading import load_reader
from storyledger.types import Article

DATA = Path(__file__).resolve().parents[2] / "shared/data/names"
SURE = 0.5
GOLD = {"Person": "person", "Organisation": "organisation", "Location": "place"}
OURS = {
    "person": "person", "organisation": "organisation", "armed_group": "organisation", "government": "organisation",
    "outlet": "organisation", "country": "place", "place": "place", "facility": "place",
}  # fmt: skip
SPACY = {"PERSON": "person", "ORG": "organisation", "GPE": "place", "LOC": "place", "FAC": "place"}
ARTICLE = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
Spans = set[tuple[int, int, str]]


def read_texts(part: str) -> Iterator[tuple[str, Spans]]:
    """Yield text and gold names of each document of a folder."""
    with gzip.open(DATA / f"re3d-{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            rows = (e for e in row["entities"] if e["type"] in GOLD and e["confidence"] >= SURE)
            yield row["text"], {(*trim(row["text"], e["begin"], e["end"]), GOLD[e["type"]]) for e in rows}


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without its article and possessive ending: what differs in convention only."""
    if head := ARTICLE.match(text, start, end):
        start = head.end()
    tail = re.search(r"['’]s?$", text[start:end])
    return start, end - (len(tail.group()) if tail else 0)


def find_ours() -> Callable[[str], Spans]:
    """Return what finds the names of a text as the product does."""
    reader = load_reader()

    def find(text: str) -> Spans:
        paragraphs = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
        article: Article = replace(make_article(text, paragraphs), source_map=((0, len(text), 0, len(text)),))
        local = resolve_document(article, reader.read(article))
        bare = {n for a in local.actors for n in a.names}
        found: Spans = set()
        for actor in resolve_actors([local], [article], (), SerialEngine()):
            kind = OURS.get(actor.type)
            for m in actor.mentions:
                if m.kind == "name" and kind:
                    name = max((n for n in bare if m.text.endswith(n)), key=len, default=m.text)
                    found.add((*trim(text, m.end - len(name), m.end), kind))
        return found

    return find


def find_spacy() -> Callable[[str], Spans] | None:
    """Return what finds names with spaCy's small pipeline, None where it is not installed."""
    try:
        pipeline: Any = importlib.import_module("spacy").load("en_core_web_sm")
    except (ImportError, OSError):
        return None

    def find(text: str) -> Spans:
        return {
            (*trim(text, e.start_char, e.end_char), SPACY[e.label_]) for e in pipeline(text).ents if e.label_ in SPACY
        }

    return find


def main() -> None:
    """Print both, folder by folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("train", "dev"), default=None)
    part = parser.parse_args().part
    for who, find in (("ours", find_ours()), ("spaCy, small", find_spacy())):
        for folder in (part,) if part else ("train", "dev"):
            if find is None:
                print(f"{who:14s} re3d {folder:6s} not installed")
                continue
            exact, ranges = Tally(), Tally()
            for text, gold in read_texts(folder):
                found = find(text)
                exact.add(gold, found)
                ranges.add({g[:2] for g in gold}, {f[:2] for f in found})
            print(f"{who:14s} re3d {folder:6s} with type F1 {exact.f1():.1f}   range alone {ranges.f1():.1f}")


if __name__ == "__main__":
    main()

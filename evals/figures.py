"""How well figures and the ledger do: the ferry table, the seeds sample, and the ledger with gold upstream.

``python -m evals.figures`` prints a table and exits 1 where a floor of ``floors.toml`` is missed. The
figures are found on the gold's body text without a reading (what a pile without a model would get);
the whole pipeline is scored by ``score.py`` on an export. The last line counts the conflicts that
the ledger calls among 364 unconnected Wikinews articles, where a reader found none.
"""

from __future__ import annotations

import argparse
import collections
import dataclasses
import datetime as dt
import gzip
import html
import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from storyledger.engine import SerialEngine
from storyledger.export import read_story
from storyledger.figures import build_ledger, find_figures
from storyledger.reading.times import find_times
from storyledger.types import Article, Figure, Quantity, Reading

SHARED = Path(__file__).resolve().parents[2] / "shared"
FLOORS = Path(__file__).with_name("floors.toml")
FREE = ("optional", "duration")  # gold figures that may be left out


def find_all(articles: Iterable[Article]) -> list[Figure]:
    found: list[Figure] = []
    for article in articles:
        reading = Reading(article.id, (), (), (), (), ())
        found += find_figures(article, reading, find_times(article, reading))
    return found


def source_span(article: Article, start: int, end: int) -> tuple[int, int]:
    """The range of the source: gold stands in its positions."""
    first = next((s + start - a for a, b, s, _ in article.source_map if a <= start < b), -1)
    last = next((s + end - a for a, b, s, _ in article.source_map if a < end <= b), -1)
    return first, last


def value_fits(figure: Figure, value: Any) -> bool:
    """The rule of ``score.py``: a range by both ends, a vague duration by its place alone."""
    if isinstance(value, list):
        return [figure.low, figure.high] == value
    return value is None or figure.value == value


def match_figures(
    figures: Sequence[Figure], articles: Sequence[Article], gold: Sequence[dict[str, Any]]
) -> list[tuple[Figure, dict[str, Any]]]:
    """One to one, in order of the gold: a figure that overlaps with the value."""
    places: dict[str, list[tuple[int, int, Figure]]] = collections.defaultdict(list)
    by_id = {a.id: a for a in articles}
    for figure in figures:
        article = by_id[figure.evidence.document]
        span = source_span(article, figure.evidence.start, figure.evidence.end)
        places[Path(article.path).name].append((*span, figure))
    used: set[str] = set()
    pairs = []
    for row in gold:
        low, high = row["span"]
        near = [f for a, b, f in places[row["file"]] if a < high and low < b and f.id not in used]
        hit = next((f for f in near if value_fits(f, row["value"])), None)
        if hit:
            used.add(hit.id)
            pairs.append((hit, row))
    return pairs


def score_found(name: str, articles: Sequence[Article], gold: Sequence[dict[str, Any]]) -> dict[str, float]:
    figures = find_all(articles)
    pairs = match_figures(figures, articles, gold)
    need = [row for row in gold if not any(row.get(k) for k in FREE) and row["unit"] != "rank"]
    got = [row for _, row in pairs if not any(row.get(k) for k in FREE) and row["unit"] != "rank"]
    units = sum(f.unit == row["unit"] for f, row in pairs) / max(1, len(pairs))
    signs = sum(f.comparator[:1] == row["comparator"][:1] for f, row in pairs) / max(1, len(pairs))
    beyond = 1 - len(pairs) / max(1, len(figures))
    print(f"  {name}: found {len(got)}/{len(need)} beyond gold {beyond:.3f} unit {units:.3f} comparator {signs:.3f}")
    return {
        f"{name}_found": len(got) / len(need),
        f"{name}_unit": units,
        f"{name}_comparator": signs,
        f"{name}_within": 1 - beyond,
    }


def score_ledger(
    name: str, ledger: Sequence[Quantity], pairs: Sequence[tuple[Figure, dict[str, Any]]], gold: dict[str, Any]
) -> dict[str, float]:
    """Relations right by label, and conflicts that gold does not have between figures that it has."""
    labels = {frozenset((r.a, r.b)): r.label for q in ledger for r in q.relations}
    figure_of = {row["id"]: figure.id for figure, row in pairs}
    right: collections.Counter[str] = collections.Counter()
    total: collections.Counter[str] = collections.Counter()
    true_conflicts, known = set(), set()
    for quantity in gold["figure_ledger"]:
        ids = [figure_of.get(e["figure"]) for e in quantity["entries"]]
        known.update(i for i in ids if i)
        for relation in quantity["relations"]:
            a, b = ids[relation["a"]], ids[relation["b"]]
            total[relation["label"]] += 1
            if a and b:
                right[relation["label"]] += labels.get(frozenset((a, b))) == relation["label"]
                if relation["label"] == "conflict":
                    true_conflicts.add(frozenset((a, b)))
    false = sum(v == "conflict" and k <= known and k not in true_conflicts for k, v in labels.items())
    print(f"  {name}: " + " ".join(f"{k} {right[k]}/{total[k]}" for k in sorted(total)) + f" false conflicts {false}")
    return {name: sum(right.values()) / sum(total.values()), f"{name}_no_false_conflicts": float(false == 0)}


def seed_articles(gold: dict[str, Any]) -> list[Article]:
    """The sample's pages with the gold's body alone, at its place in the source."""
    articles = []
    for row in gold["documents"]:
        source = (SHARED / "seeds" / row["file"]).read_text(encoding="utf-8").removeprefix("\ufeff")
        parts, spans, at = [], [], 0
        for paragraph in row["body"]:
            start = source.find(paragraph)
            spans.append((at, at + len(paragraph), start, start + len(paragraph)))
            parts.append(paragraph)
            at += len(paragraph) + 2
        day = row.get("published") or (row.get("published_inferred") or {}).get("value")
        articles.append(
            Article(row["file"], row["file"], None, "utf-8", "", "\n\n".join(parts), tuple(spans), (), published=day)
        )
    return articles


def wikinews_articles() -> list[Article]:
    articles = []
    for line in gzip.decompress((SHARED / "data" / "wikinews" / "articles.json.gz").read_bytes()).decode().splitlines():
        row = json.loads(line)
        parts = {p["name"]: html.unescape(p.get("value") or "") for p in row["document"]}
        try:
            day = dt.datetime.strptime(parts.pop("dateline", "").strip(), "%B %d, %Y").date().isoformat()  # noqa: DTZ007
        except ValueError:
            continue
        name = f"{row['docId']:04d}"
        articles.append(Article(name, name, None, "utf-8", "", "\n\n".join(parts.values()), (), (), published=day))
    return articles


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not SHARED.is_dir():
        print("../shared is absent: nothing to measure")
        return 0
    gold = json.loads((SHARED / "piles" / "ferry" / "gold.json").read_text(encoding="utf-8"))
    story = read_story(SHARED / "piles" / "ferry" / "gold_story.json")
    engine, scores = SerialEngine(), {}
    for name, first, last in (("ferry_01_11", "01", "11"), ("ferry_12_16", "12", "16")):
        part = [a for a in story.documents if first <= a.path[:2] <= last]
        rows = [f for f in gold["figures"] if first <= f["file"][:2] <= last]
        scores |= score_found(name, part, rows)
    sample = json.loads((SHARED / "gold" / "seeds_sample.json").read_text(encoding="utf-8"))
    scores |= score_found("seeds", seed_articles(sample), [f for f in sample["figures"] if not f.get("in_caption")])
    bare = [dataclasses.replace(f, quantity=None) for f in story.figures]
    given, ledger = build_ledger(bare, story.documents, {}, story.actors, story.statements, engine)
    named = {f.id: f for f in given}
    scores |= score_ledger("ledger_gold_upstream", ledger, [(named[r["id"]], r) for r in gold["figures"]], gold)
    own, ledger = build_ledger(find_all(story.documents), story.documents, {}, story.actors, story.statements, engine)
    scores |= score_ledger("ledger_own_figures", ledger, match_figures(own, story.documents, gold["figures"]), gold)
    pages = wikinews_articles()
    _, strangers = build_ledger(find_all(pages), pages, {}, [], [], engine)
    calls = sum(r.label == "conflict" for q in strangers for r in q.relations)
    print(f"  conflicts called among {len(pages)} unconnected articles: {calls}")
    scores["no_conflicts_among_strangers"] = float(calls == 0)
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get("figures", {}) if FLOORS.is_file() else {}
    missed = [
        f"{k}: {scores.get(k, 0.0):.3f} is under the floor {v}" for k, v in floors.items() if scores.get(k, 0.0) < v
    ]
    print("\n".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""How well the comparison finds what differs: on the ferry's gold, on changed passages, and origins.

    python -m evals.compare [--part gold|origins|passages] [--pairs N] [--misses N]

Three parts: the ferry with everything upstream as in its gold (comparisons forgotten), scored by the
contract's ``score.py``; the number of independent origins of the ferry's facts; passages of GMB news
and Wikinews with one thing changed (``train/mutations.py``). What comparisons do on the marked piles is printed by
``python -m train.comparisons``. Exit status 1 where a floor of ``floors.toml`` [compare] is missed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from storyledger.compare import compare_story
from storyledger.compare.index import index_story
from storyledger.compare.origins import count_origins
from storyledger.compare.passages import KINDS, compare_passages
from storyledger.compare.words import content_stems
from storyledger.engine import SerialEngine
from storyledger.export.story import decode_story, encode_story, read_document
from storyledger.types import Evidence, Story
from train.compare import is_found, lay_out
from train.mutations import KINDS as CHANGES
from train.mutations import Pair, make_pairs, read_gmb, read_wikinews

SHARED = Path(__file__).resolve().parents[2] / "shared"
FERRY = SHARED / "piles" / "ferry"
FLOORS = Path(__file__).parent / "floors.toml"
TUNED_ON = ",".join(f"{n:02d}" for n in range(1, 12))
HELD_OUT = ",".join(f"{n:02d}" for n in range(12, 17))


def compare_gold() -> tuple[Story, dict[str, Any]]:
    """Return the ferry's gold story with comparisons and omissions made anew, and its document."""
    document = read_document(FERRY / "gold_story.json")
    story = replace(decode_story(document), comparisons=(), omissions=())
    comparisons, omissions = compare_story(story, {}, SerialEngine())
    story = replace(story, comparisons=tuple(comparisons), omissions=tuple(omissions))
    made = encode_story(story)
    document["comparisons"], document["omissions"] = made["comparisons"], made["omissions"]
    return story, document


def load_score() -> ModuleType:
    """Return the contract's ``score.py`` as a module."""
    spec = importlib.util.spec_from_file_location("contract_score", SHARED / "contract" / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score_gold(document: dict[str, Any], prefixes: str = "") -> dict[str, Any]:
    """Return what ``score.py`` says of comparisons and omissions, over all files or those of ``prefixes``."""
    score = load_score()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "story.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        story = score.Story(path, FERRY / "pages")
    wanted = tuple(prefixes.split(",")) if prefixes else ()
    files = {d["file"] for d in json.loads((FERRY / "gold.json").read_text(encoding="utf-8"))["documents"]}
    gold = score.Gold(FERRY / "gold.json", story.src, {f for f in files if not wanted or f.startswith(wanted)})
    result = {"comparisons": score.score_comparisons(story, gold, 0)}
    if not wanted:
        result["omissions"] = score.score_omissions(story, gold)
    return result


def rate_found(text: str) -> tuple[int, int]:
    """Return the two numbers of "12/14 found, ..."."""
    found = re.match(r"(\d+)/(\d+)", text)
    assert found is not None
    return int(found.group(1)), int(found.group(2))


def run_gold() -> dict[str, float]:
    """Print the scores with gold upstream and return what has floors."""
    _, document = compare_gold()
    print("gold upstream (ferry)")
    rates = {}
    for name, prefixes in (("all", ""), ("01-11", TUNED_ON), ("12-16", HELD_OUT)):
        for section, rows in score_gold(document, prefixes).items():
            for key, value in rows.items():
                print(f"  {name:6s} {section:12s} {key:60s} {value}")
                if name == "all" and re.match(r"\d+/\d+", str(value)) and not key.startswith("shown"):
                    got, of = rate_found(value)
                    rates[f"gold_{key}"] = got / of
    return rates


def run_origins() -> dict[str, float]:
    """Print how many of the ferry's facts and copies have the right independent origins."""
    story, _ = compare_gold()
    index = index_story(story, {})
    gold = json.loads((FERRY / "gold.json").read_text(encoding="utf-8"))["origins"]
    print("independent origins (ferry, gold upstream)")
    right = 0
    for fact in gold["by_fact"]:
        got = count_origins(index, _find_evidence(fact, story))
        hit = got == fact["independent_origins"]
        right += hit
        print(f"  {'right' if hit else 'WRONG'} {got} for {fact['independent_origins']}: {fact['fact']}")
    by_origin: dict[str, set[str]] = {}
    for article in story.documents:
        by_origin.setdefault(article.origin or article.id, set()).add(Path(article.path).name)
    groups = sum(any(set(g) == found for found in by_origin.values()) for g in gold["groups"])
    print(f"  groups of copies {groups}/{len(gold['groups'])}")
    return {"origins": (right + groups) / (len(gold["by_fact"]) + len(gold["groups"]))}


def _find_evidence(fact: dict[str, Any], story: Story) -> list[Evidence]:
    """Return for each document of a fact (the gold has no places for it) the place that has most of its words."""
    wanted = content_stems(fact["fact"])
    places = [m for e in story.events for m in e.mentions]
    places += [f.evidence for f in story.figures] + [s.content for s in story.statements]
    found = []
    for name in fact["files"]:
        rows = [p for p in places if Path(p.document).name == name]
        found.append(max(rows, key=lambda p: (len(wanted & content_stems(p.text)), -len(p.text), -p.start)))
    return found


def iter_pairs(count: int) -> Iterator[Pair]:
    """Yield the measured pairs: Wikinews, that nothing was fitted on, and GMB news under another seed."""
    gmb, names = read_gmb()
    yield from make_pairs("wikinews", read_wikinews(), names, count, seed=7)
    yield from make_pairs("gmb", gmb, names, count, seed=8)


def run_passages(count: int, misses: int) -> dict[str, float]:
    """Print found and false alarms by source and kind of change and return what has floors."""
    found: Counter[tuple[str, str]] = Counter()
    total: Counter[tuple[str, str]] = Counter()
    alarms: Counter[tuple[str, str]] = Counter()
    untouched: Counter[tuple[str, bool]] = Counter()
    for pair in iter_pairs(count):
        result = compare_passages(*lay_out(pair.a), *lay_out(pair.b))
        sure = [d for d in result.differences if d.confidence >= 0.5]
        if pair.kind is None:
            untouched[pair.source, pair.reworded] += 1
            kinds = {d.kind for d in sure}
            for kind in [*kinds, *(["any"] if kinds else [])]:
                alarms[pair.source, kind] += 1
            if kinds and misses > 0:
                misses -= 1
                print("  ALARM", sorted(kinds), pair.a, pair.b, sep="\n    ")
            continue
        total[pair.source, pair.kind] += 1
        gaps = {g.sentence for g in result.gaps if g.confidence >= 0.5}
        hit = pair.sentence in gaps if pair.kind == "cut" else any(is_found(pair, d) for d in sure)
        found[pair.source, pair.kind] += hit
        if not hit and misses > 0:
            misses -= 1
            print("  MISS", pair.kind, pair.a[pair.sentence or 0], pair.b, sep="\n    ")
    return _print_passages(found, total, alarms, untouched)


def _print_passages(
    found: Counter[tuple[str, str]],
    total: Counter[tuple[str, str]],
    alarms: Counter[tuple[str, str]],
    untouched: Counter[tuple[str, bool]],
) -> dict[str, float]:
    rates: dict[str, float] = {}
    print("changed passages: found; false alarms on untouched and reworded ones")
    for source in ("wikinews", "gmb"):
        silent = untouched[source, True] + untouched[source, False]
        for kind in CHANGES:
            rate = found[source, kind] / max(1, total[source, kind])
            false = alarms[source, kind] / max(1, silent)
            rates[f"{source}_{kind}"] = rate
            row = f"found {rate:.3f} of {total[source, kind]:4d}   false alarms {false:.4f} of {silent}"
            print(f"  {source:9s} {kind:12s} {row}")
        every = sum(found[source, k] for k in CHANGES) / max(1, sum(total[source, k] for k in CHANGES))
        rates[f"{source}_found"], rates[f"{source}_silent"] = every, 1 - alarms[source, "any"] / max(1, silent)
        print(f"  {source:9s} {'all':12s} found {every:.3f}   silent on {rates[f'{source}_silent']:.4f}")
    return rates


def check_floors(rates: dict[str, float]) -> int:
    """Print each missed floor and return the exit status."""
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get("compare", {}) if FLOORS.exists() else {}
    missed = {k: v for k, v in floors.items() if k in rates and rates[k] < v}
    for name, floor in missed.items():
        print(f"MISSED {name}: {rates[name]:.3f} < {floor}")
    return 1 if missed else 0


def main() -> int:
    """Run the parts asked for and return 1 where a floor is missed."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=["gold", "origins", "passages"])
    options.add_argument("--pairs", type=int, default=150, help="changed passages per kind and source")
    options.add_argument("--misses", type=int, default=0, help="print up to N misses and false alarms")
    chosen = options.parse_args()
    if not SHARED.is_dir():
        print("../shared is absent: nothing to measure on")
        return 0
    rates: dict[str, float] = {}
    if chosen.part in (None, "gold"):
        rates |= run_gold()
    if chosen.part in (None, "origins"):
        rates |= run_origins()
    if chosen.part in (None, "passages"):
        rates |= run_passages(chosen.pairs, chosen.misses)
    return check_floors(rates)


assert set(KINDS) < {*CHANGES, "cut"}

if __name__ == "__main__":
    sys.exit(main())

"""Events: PLOVER codes on 322 sentences, event chains across documents, merging with gold upstream.

    python -m evals.events             measure, print, exit 1 where a floor of floors.toml [events] is missed
    python -m evals.events codes       one part alone (codes, chains, merging); --show N prints errors

Codes: every sentence is read alone; the report that a reader would likeliest list as important gives its type, as in
the brief. The sentences were coded
with the PLOVER of 2016; DEMAND is today's REQUEST, DISAPPROVE and INVESTIGATE are ACCUSE, FIGHT is
ASSAULT, and, as its codebook has it, a cooperative act that is announced is AGREE and a hostile one is
THREATEN (Storyledger keeps the type and says ``planned``). Even numbered sentences of each type were
looked at while the lexicon was written; odd ones were not: both halves are printed.

Chains: MEANTIME's English articles, gold event mentions, CoNLL F1 of the clusters over all documents of
the split, beside the baseline that puts mentions of one lemma together.
"""

from __future__ import annotations

import argparse
import collections
import csv
import gzip
import io
import json
import sys
import tomllib
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evals.chain_scores import b_cubed, ceaf_e, conll_f1, muc
from storyledger.actors import cast_documents, resolve_actors, resolve_document
from storyledger.engine import SerialEngine
from storyledger.events import find_reports, merge_reports
from storyledger.events.finding import describe_predicate
from storyledger.events.surroundings import look_around
from storyledger.export import read_story
from storyledger.ids import make_id
from storyledger.reading import Reader, load_reader
from storyledger.reading.times import find_times
from storyledger.statements import find_statements
from storyledger.types import Actor, Article, Block, Cast, CastMention, EventReport, Reading

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
TODAYS = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
COOPERATIVE = {"CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}
OF_GOLD = 0.8  # how likely a marked mention is one: merging is measured, not whether a reader would list it
HOSTILE = {"REJECT", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "PROTEST"}


def read_json(path: Path) -> Any:
    """Return the value of a gzipped JSON file."""
    return json.loads(gzip.decompress(path.read_bytes()))


def make_article(number: str, text: str, published: str | None = None) -> Article:
    """Return an article of one paragraph block per line."""
    blocks, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            blocks.append(Block(start, start + len(line), "paragraph"))
        start += len(line) + 1
    return Article(
        number, number, None, "utf-8", "", text, (), tuple(blocks), published=published, published_earliest=published,
        published_latest=published, language="en",
    )  # fmt: skip


def cast_of_mentions(reading: Reading, text: str) -> Cast:
    """Every name of the reader's an actor of its own: the sentence stands alone."""
    rows = [
        CastMention(m.start, m.end, text[m.start : m.end], text[m.start : m.end], m.type or "group", m.kind, m.score)
        for m in reading.mentions
    ]
    return Cast(reading.document, tuple(sorted(rows, key=lambda row: (row.start, row.end))))


# --------------------------------------------------------------------------- codes


@dataclass(frozen=True)
class Coded:
    """One sentence: what was coded, what was found, and the reports that were chosen from."""

    number: str
    text: str
    gold: str
    found: str
    reports: tuple[EventReport, ...]
    source: bool | None
    target: bool | None


def code_sentences(reader: Reader) -> Iterator[Coded]:
    """Yield every coded sentence with the program's code."""
    rows = read_json(SHARED / "data" / "events" / "plover-gsr.json.gz")
    for row in rows:
        if row["event"] != "DOCUMENT":
            yield _code_sentence(reader, row)


def _code_sentence(reader: Reader, row: dict[str, Any]) -> Coded:
    article = make_article(row["id"], row["text"], "2000-01-01")
    reading = reader.read(article)
    times = find_times(article, reading)
    cast = cast_of_mentions(reading, article.text)
    statements = find_statements(article, reading, cast, times)
    reports = find_reports(article, reading, cast, times, statements)
    best = min(
        reports, key=lambda report: (-report.importance * report.confidence, report.evidence.start), default=None
    )
    gold = TODAYS.get(row["event"], row["event"])
    sides = {
        role: [p.actor for p in best.participants if p.role == role] if best else [] for role in ("actor", "recipient")
    }
    return Coded(
        row["id"], row["text"], gold, code_report(best), reports,
        _names_one(row.get("source"), sides["actor"]), _names_one(row.get("target"), sides["recipient"]),
    )  # fmt: skip


def code_report(report: EventReport | None) -> str:
    """Return the type as the codebook of 2016 has it."""
    if report is None:
        return "none"
    if report.status == "planned" and report.type in COOPERATIVE:
        return "AGREE"
    return "THREATEN" if report.status == "planned" and report.type in HOSTILE else report.type


def _names_one(coded: list[dict[str, Any]] | None, found: list[str]) -> bool | None:
    """Whether a participant shares a content word with a coded actor; None where none is coded."""
    if not coded:
        return None
    coded = [coded] if isinstance(coded, dict) else coded
    words = [word for actor in coded if isinstance(actor, dict) for word in actor.get("actorText", "").split()]
    want = {word.lower() for word in words if word[:1].isupper()} or {word.lower() for word in words}
    have = {word.strip(",.'’").lower() for name in found for word in name.split()}
    return bool(want & have)


def macro_f1(pairs: list[tuple[str, str]]) -> tuple[float, dict[str, tuple[float, int]]]:
    """Return the mean F1 over the gold types, and each with its count."""
    scores: dict[str, tuple[float, int]] = {}
    for kind in sorted({gold for gold, _ in pairs}):
        right = sum(gold == found == kind for gold, found in pairs)
        told, wanted = sum(found == kind for _, found in pairs), sum(gold == kind for gold, _ in pairs)
        scores[kind] = (2 * right / (told + wanted), wanted)
    return sum(score for score, _ in scores.values()) / len(scores), scores


def measure_codes(reader: Reader, show: int) -> dict[str, float]:
    """Print and return the scores on the coded sentences."""
    rows = list(code_sentences(reader))
    halves = {"looked at (even)": rows[0::2], "not looked at (odd)": rows[1::2], "all": rows}
    out = {}
    for name, half in halves.items():
        mean, scores = macro_f1([(row.gold, row.found) for row in half])
        print(f"codes, {name}: macro-F1 {mean:.3f}, accuracy {sum(r.gold == r.found for r in half) / len(half):.3f}")
        out[f"codes macro-F1 {name}"] = mean
    print("  " + "  ".join(f"{kind} {score:.2f}/{count}" for kind, (score, count) in scores.items()))
    for side in ("source", "target"):
        known = [value for row in rows if (value := getattr(row, side)) is not None]
        out[f"codes {side} right"] = sum(known) / len(known)
        print(f"  {side} right {sum(known)}/{len(known)}")
    for row in [row for row in halves["looked at (even)"] if row.gold != row.found][:show]:
        told = [f"{r.type}:{r.predicate_lemma}:{r.status}:{r.importance}" for r in row.reports]
        print(f"  {row.gold} got {row.found} {told} | {row.text}")
    return out


# --------------------------------------------------------------------------- chains


def read_meantime(split: str) -> tuple[dict[str, tuple[Article, list[list[tuple[int, int]]]]], list[dict[str, Any]]]:
    """Return the articles with the character range of every token by sentence, and the gold event mentions."""
    folder = SHARED / "data" / "coref" / f"meantime-{split}"
    words: dict[str, dict[int, list[str]]] = {}
    with gzip.open(folder / "conll.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(io.StringIO(lines.read())):
            document = row["topic/subtopic_name/doc"].rsplit("/", 1)[-1]
            words.setdefault(document, {}).setdefault(int(row["sent_id"]), []).append(row["token"])
    mentions = read_json(folder / "event_mentions.json.gz")
    return {name: _join_words(name, sentences) for name, sentences in words.items()}, mentions


def _join_words(name: str, sentences: dict[int, list[str]]) -> tuple[Article, list[list[tuple[int, int]]]]:
    text, places = "", []
    for number in range(max(sentences) + 1):
        row = []
        for word in sentences.get(number, []):
            row.append((len(text), len(text) + len(word)))
            text += word + " "
        text = text.rstrip(" ") + "\n"
        places.append(row)
    return make_article(name, text), places


def read_pile(reader: Reader, articles: list[Article]) -> tuple[dict[str, Reading], list[Actor]]:
    """Return the readings and the resolved cast of a pile."""
    readings = {article.id: reader.read(article) for article in articles}
    documents = [resolve_document(article, readings[article.id]) for article in articles]
    return readings, resolve_actors(documents, articles, (), SerialEngine())


def measure_chains(reader: Reader, split: str = "val") -> dict[str, float]:
    """Print and return the CoNLL F1 of the merging on gold mentions, beside the same-lemma baseline."""
    pile, mentions = read_meantime(split)
    articles = [article for article, _ in pile.values()]
    readings, actors = read_pile(reader, articles)
    casts = cast_documents(actors)
    gold: dict[Hashable, Hashable] = {}
    lemma: dict[Hashable, Hashable] = {}
    reports: dict[tuple[str, int, int], EventReport] = {}
    for article, places in pile.values():
        reading = readings[article.id]
        cast = casts.get(article.id, Cast(article.id, ()))
        around = look_around(article, reading, cast, find_times(article, reading), ())  # who says so plays no part
        for mention in mentions:
            if mention["doc_id"] == article.id:
                start, end = places[mention["sent_id"]][mention["mention_head_id"]]
                key = (article.id, start, end)
                token = max((i for i, t in enumerate(reading.tokens) if t.start <= start), default=0)
                gold[key], lemma[key] = mention["coref_chain"], mention["mention_head_lemma"].lower()
                told = describe_predicate(around, token)
                reports[key] = replace(told, id=make_id("report", *key), confidence=OF_GOLD)
    return _score_chains(gold, lemma, reports, articles, readings, actors)


def _score_chains(
    gold: dict[Hashable, Hashable],
    lemma: dict[Hashable, Hashable],
    reports: dict[tuple[str, int, int], EventReport],
    articles: list[Article],
    readings: dict[str, Reading],
    actors: list[Actor],
) -> dict[str, float]:
    # Two mentions of one clause share its evidence: the mention's own place keeps them apart.
    placed = [
        replace(report, evidence=replace(report.evidence, start=key[1], end=key[2])) for key, report in reports.items()
    ]
    events = merge_reports(placed, articles, readings, actors)
    # a mention that the merging leaves out, as nothing that a reader would list, stands alone
    found: dict[Hashable, Hashable] = {key: ("alone", key) for key in gold} | {
        (place.document, place.start, place.end): event.id for event in events for place in event.mentions
    }
    out = {}
    for name, partition in (("ours", found), ("same lemma", lemma), ("alone", {key: key for key in gold})):
        parts = [f(gold, partition) for f in (muc, b_cubed, ceaf_e)]
        out[f"chains CoNLL F1 {name}"] = conll_f1(gold, partition)
        print(f"chains, {name}: CoNLL {conll_f1(gold, partition):.3f} (MUC, B3, CEAFe {[round(p, 3) for p in parts]})")
    out["chains above same lemma"] = out["chains CoNLL F1 ours"] - out["chains CoNLL F1 same lemma"]
    return out


# --------------------------------------------------------------------------- merging with gold upstream


def gold_reports(
    reader: Reader,
) -> tuple[list[EventReport], dict[tuple[str, int, int], set[int]], dict[str, Reading], Any]:
    """Return every gold mention of the ferry's events as a report, the events forgotten, and which events it tells."""
    story = read_story(SHARED / "piles" / "ferry" / "gold_story.json")
    readings = {article.id: reader.read(article) for article in story.documents}
    lookups = {a.id: look_around(a, readings[a.id], Cast(a.id, ()), (), ()) for a in story.documents}
    reports, tells = [], collections.defaultdict(set)
    for number, event in enumerate(story.events):
        for place in event.mentions:
            reading = readings[place.document]
            inside = [i for i, t in enumerate(reading.tokens) if t.start >= place.start and t.end <= place.end]
            reports.append(
                EventReport(
                    make_id("report", place.document, place.start, place.end, event.type), place.document, event.type,
                    place, _head_lemma(reading, inside, lookups[place.document], event.type), event.participants,
                    event.place, event.when, event.status, event.importance, _sentence_of(reading, inside), OF_GOLD,
                )
            )  # fmt: skip
            tells[place.document, place.start, place.end].add(number)
    return reports, tells, readings, story


def _head_lemma(reading: Reading, inside: list[int], around: Any, kind: str) -> str:
    """The predicate that find_reports would name: the first of the type, else the highest in the tree."""
    described = [describe_predicate(around, i) for i in inside if reading.tokens[i].upos in ("VERB", "NOUN")]
    typed = [report.predicate_lemma for report in described if report.type == kind and report.confidence > 0]
    known = [i for i in inside if reading.tokens[i].head not in inside or reading.tokens[i].head == i]
    return typed[0] if typed and kind != "OTHER" else (reading.tokens[known[0]].lemma if known else "")


def _sentence_of(reading: Reading, inside: list[int]) -> int:
    return next((n for n, s in enumerate(reading.sentences) if inside and s.first <= inside[0] < s.last), 0)


def measure_merging(reader: Reader, show: int) -> dict[str, float]:
    """Print and return the F1 of cross-document links that the merging alone makes of gold reports."""
    reports, tells, readings, story = gold_reports(reader)
    out = {}
    for name, used in (("with sentence vectors", readings), ("without readings", {})):
        events = merge_reports(reports, story.documents, used, story.actors)
        home = {(m.document, m.start, m.end): number for number, event in enumerate(events) for m in event.mentions}
        spots = sorted(tells)
        right = told = wanted = 0
        for n, one in enumerate(spots):
            for other in spots[:n]:
                if one[0] != other[0]:
                    same, joined = bool(tells[one] & tells[other]), home.get(one, one) == home.get(other, other)
                    right, told, wanted = right + (same and joined), told + joined, wanted + same
        score = 2 * right / (told + wanted)
        print(f"merging on gold upstream, {name}: links F1 {score:.3f} (p {right / told:.3f}, r {right / wanted:.3f})")
        out[f"merging links F1 {name}"] = score
        for event in [e for e in events if len({min(tells[m.document, m.start, m.end]) for m in e.mentions}) > 1][
            :show
        ]:
            print("  merged:", [m.text[:50] for m in event.mentions])
    return out


def check_floors(scores: dict[str, float]) -> list[str]:
    """Return a line for each pinned score that was missed."""
    floors = tomllib.loads((HERE / "floors.toml").read_text(encoding="utf-8")).get("events", {})
    return [
        f"floor missed: {name} {scores[name]:.3f} < {floor}"
        for name, floor in floors.items()
        if name in scores and scores[name] < floor - 1e-9
    ]


def main() -> int:
    """Measure what was asked, print it, and return 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", choices=("codes", "chains", "merging"))
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--split", default="val", choices=("train", "val"))
    parser.add_argument("--model", type=Path, default=None)
    asked = parser.parse_args()
    reader = load_reader(asked.model)
    scores: dict[str, float] = {}
    if asked.part in (None, "codes"):
        scores |= measure_codes(reader, asked.show)
    if asked.part in (None, "chains"):
        scores |= measure_chains(reader, asked.split)
    if asked.part in (None, "merging"):
        scores |= measure_merging(reader, asked.show)
    missed = check_floors(scores)
    print("\n".join(missed) or "all floors held")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Scores of the reader: ``python -m evals.reader [--model DIR] [--part NAME ...]``.

Prints each score beside its floor (``evals/floors.toml``, section ``reader``) and exits 1 where one is
missed. Official splits of ../shared/data; what is sampled is said in the row's name.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from evals.reader_gold import GoldDocument, Tally, iter_documents, make_article, raw_text
from storyledger.reading import Reader, load_reader
from storyledger.reading.clauses import Tree
from storyledger.reading.mentions import find_phrases
from storyledger.reading.names import decode_names, find_names
from storyledger.reading.network import Rows
from storyledger.reading.vectors import sentence_vectors
from storyledger.types import Reading
from train.corpora import (
    DATA,
    Sent,
    bio_spans,
    guess_spaces,
    load_ewt,
    load_gum,
    load_pud,
    read_gmb,
    read_re3d,
    resplit,
)
from train.encode_roles import role_heads
from train.names import gmb_product, gum_names, re3d_sents

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.toml"
GMB_HELD_OUT = 1000
Scores = dict[str, float]


def parse_gold(reader: Reader, document: GoldDocument) -> tuple[Rows, list[Tree]]:
    """Return the rows and the predicted trees of gold sentences."""
    rows = reader.network.predict_rows(document.layout)
    return rows, reader.parse(rows, document.layout, document.ranges)


def plain(label: str) -> str:
    """Return the universal part of a dependency label, as the official scorer compares it."""
    return label.split(":", maxsplit=1)[0]


def score_trees(reader: Reader, sents: list[Sent], name: str) -> Scores:
    """Return tags, UAS, LAS and lemmas on gold tokens and sentences."""
    right = {"tags": 0, "UAS": 0, "LAS": 0, "lemmas": 0}
    n = 0
    for document in iter_documents(sents):
        _, trees = parse_gold(reader, document)
        for sent, tree in zip(document.sents, trees, strict=True):
            for i in range(len(tree)):
                n += 1
                head = tree.heads[i] == sent.heads[i]
                right["tags"] += tree.upos[i] == sent.upos[i]
                right["UAS"] += head
                right["LAS"] += head and plain(tree.deprels[i]) == plain(sent.deprels[i])
                right["lemmas"] += tree.lemmas[i] == sent.lemmas[i]
    return {f"{k}, {name}": 100 * v / n for k, v in right.items()}


def score_raw(reader: Reader, sents: list[Sent]) -> Scores:
    """Return sentence boundaries and LAS from GUM's raw paragraphs."""
    ends, spans, las = Tally(), Tally(), Tally()
    for document in iter_documents(sents, 10**6):
        text, paragraphs, offsets = raw_text(document.sents)
        reading = reader.read(make_article(text, paragraphs))
        ends.add({o[-1][1] for o in offsets}, {s.end for s in reading.sentences})
        spans.add({(o[0][0], o[-1][1]) for o in offsets}, {(s.start, s.end) for s in reading.sentences})
        gold = set()
        for sent, own in zip(document.sents, offsets, strict=True):
            gold |= {
                (own[i], own[h] if h != i else None, plain(d))
                for i, (h, d) in enumerate(zip(sent.heads, sent.deprels, strict=True))
            }
        where = [(t.start, t.end) for t in reading.tokens]
        las.add(
            gold,
            {(where[i], where[t.head] if t.head != i else None, plain(t.deprel)) for i, t in enumerate(reading.tokens)},
        )
    return {
        "sentence boundaries, GUM dev raw": ends.f1(),
        "sentences exact, GUM dev raw": spans.f1(),
        "LAS, GUM dev raw": las.f1(),
    }


def spans_of(rows: Rows, reader: Reader, head: str, first: int, last: int) -> list[tuple[int, int, str]]:
    """Return the names that one corpus's own head marks in words ``[first, last)``."""
    return [(a, b, k) for a, b, k, _ in decode_names(rows.heads[head][first:last], reader.labels[head])]


def product_spans(rows: Rows, reader: Reader, tree: Tree) -> list[tuple[int, int, str]]:
    """Return the names of the Reading itself, the five kinds."""
    here = slice(tree.first, tree.first + len(tree))
    return [(a, b, k) for a, b, k, _ in find_names(rows.heads["names"][here], reader.labels["names"], tree)]


BIG = {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "per": "PER", "org": "ORG", "geo": "LOC", "gpe": "LOC"}


def to_big(spans: list[tuple[int, int, str]]) -> set[tuple[int, int, str]]:
    """Return the spans of persons, organisations and places."""
    return {(a, b, BIG[k]) for a, b, k in spans if k in BIG}


Gold = Callable[[Sent], list[tuple[int, int, str]]]


def score_names(reader: Reader, sents: list[Sent], asked: dict[str, tuple[str, Gold]]) -> Scores:
    """Return exact F1 by row of (head, gold spans); the head "names" is the Reading's own decision."""
    tallies = {row: Tally() for row in asked}
    for document in iter_documents(sents):
        rows = reader.network.predict_rows(document.layout)
        for sent, (first, last) in zip(document.sents, document.ranges, strict=True):
            tree = Tree(first, sent.words, (), (), range(last - first), ())
            open_words = {i for i, t in enumerate(sent.names.get("re3d", ())) if t == "?"}
            for row, (head, gold) in asked.items():
                found = (
                    product_spans(rows, reader, tree) if head == "names" else spans_of(rows, reader, head, first, last)
                )
                found = [s for s in found if not open_words & set(range(s[0], s[1]))]
                tallies[row].add(to_big(gold(sent)), to_big(found))
    return {row: tally.f1() for row, tally in tallies.items()}


def tagged(scheme: str) -> Gold:
    """Return what reads a scheme's gold spans."""
    return lambda sent: bio_spans(sent.names[scheme])


def score_all_names(reader: Reader) -> Scores:
    """Return the five name scores: UNER and gmb by the head of their own convention and by the Reading's."""
    ewt = [s for s in load_ewt("test") if "uner" in s.names]
    gmb = [resplit(s) for s in read_gmb(DATA / "names/gmb-news.tsv.gz")[-GMB_HELD_OUT:]]
    re3d = re3d_sents(read_re3d(DATA / "names/re3d-dev.jsonl.gz"))

    def uner(name: str) -> dict[str, tuple[str, Gold]]:
        return {f"names, {name}": ("uner", tagged("uner")), f"names, {name}, the Reading's": ("names", tagged("uner"))}

    return (
        score_names(reader, ewt, uner("UNER EWT test"))
        | score_names(reader, load_pud(), uner("UNER PUD"))
        | score_names(
            reader,
            gmb,
            {
                "names, gmb-news held out": ("gmb", tagged("gmb")),
                "names, gmb-news held out, the Reading's": ("names", gmb_product),
            },
        )
        | score_names(reader, load_gum("dev"), {"names, GUM dev": ("names", gum_names)})
        | score_names(reader, re3d, {"names, re3d dev": ("names", tagged("re3d"))})
    )


def score_mentions(reader: Reader, sents: list[Sent]) -> Scores:
    """Return exact F1 of mentions of any kind: every noun phrase, name and pronoun that GUM marks."""
    tally = Tally()
    for document in iter_documents(sents):
        rows, trees = parse_gold(reader, document)
        for sent, tree in zip(document.sents, trees, strict=True):
            logits = rows.heads["mention"][tree.first : tree.first + len(tree)]
            found = {(a, b) for a, b, *_ in find_phrases(logits, reader.labels["mention"], tree)}
            tally.add({(a, b) for a, b, *_ in sent.mentions}, found)
    return {"mentions, GUM dev": tally.f1()}


def score_roles(reader: Reader, sents: list[Sent]) -> Scores:
    """Return exact spans and heads of arguments, predicates given; and spans end to end."""
    spans, heads, free, first_roles = Tally(), Tally(), Tally(), {"ARG0": Tally(), "ARG1": Tally()}
    for document in iter_documents([s for s in sents if s.predicates is not None]):
        rows, trees = parse_gold(reader, document)
        asked = [(tree, p.index) for sent, tree in zip(document.sents, trees, strict=True) for p in sent.predicates]
        given = iter(reader.read_roles(rows, asked))
        free_found = reader.find_predicates(rows, trees)
        for sent, tree, own in zip(document.sents, trees, free_found, strict=True):
            everything: set = set()
            for p in sent.predicates:
                found = next(given).arguments
                gold = {(r, a, b) for r, a, b in p.args if r not in ("V", "C-V")}
                got = {(a.role, a.first - tree.first, a.last - tree.first) for a in found}
                spans.add(gold, got)
                everything |= {(p.index, *g) for g in gold}
                gold_heads = {(r, h) for h, r in role_heads(sent, p.index, p.args).items()}
                heads.add(gold_heads, {(a.role, a.head - tree.first) for a in found})
                for role, tally in first_roles.items():
                    tally.add({g for g in gold if g[0] == role}, {g for g in got if g[0] == role})
            got = {
                (p.token - tree.first, a.role, a.first - tree.first, a.last - tree.first)
                for p in own
                for a in p.arguments
            }
            free.add(everything, got)
    return {
        "roles, exact spans, EWT test": spans.f1(),
        "roles, argument heads, EWT test": heads.f1(),
        "roles, end to end, EWT test": free.f1(),
        "roles, ARG0 spans, EWT test": first_roles["ARG0"].f1(),
        "roles, ARG1 spans, EWT test": first_roles["ARG1"].f1(),
    }


def iter_attribution_gold(part: str) -> Iterator[tuple[Sent, list[dict]]]:
    """Yield the annotated sentences of one part with their attributions."""
    sents = read_gmb(DATA / "names/gmb-news.tsv.gz")
    for line in (HERE / "attribution_gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["part"] == part:
            yield sents[row["sentence"]], row["attributions"]


def words_in(spans: list[tuple[int, int]], offsets: list[tuple[int, int]]) -> set[int]:
    """Return the tokens that character spans cover, punctuation left to the caller."""
    return {i for i, (a, b) in enumerate(offsets) if any(x < b and a < y for x, y in spans)}


def score_attribution(reader: Reader, part: str) -> Scores:
    """Return content token F1 and speaker token F1 over matched and unmatched attributions.

    A predicted attribution is matched to the gold one whose content it shares most tokens with; tokens
    of unmatched ones count against precision or recall.
    """
    content, speaker = Tally(), Tally()
    for number, (sent, gold) in enumerate(iter_attribution_gold(part)):
        text, _, offsets = raw_text([Sent("gmb", "d", sent.words, guess_spaces(sent.words))])
        solid = {i for i, w in enumerate(sent.words) if any(c.isalnum() for c in w)}
        found = []
        for a in reader.read(make_article(text)).attributions:
            source = words_in([a.source], offsets[0]) if a.source else set()
            found.append((words_in(list(a.content), offsets[0]) & solid, source & solid))
        left = list(range(len(found)))
        for k, g in enumerate(gold):
            want = {i for a, b in g["content"] for i in range(a, b)} & solid
            who = set(range(*g["source"])) & solid if g["source"] else set()
            best = max(left, key=lambda j: (len(found[j][0] & want), -j), default=None)
            if best is not None and found[best][0] & want:
                left.remove(best)
                got, said_by = found[best]
            else:
                got, said_by = set(), set()
            content.add({(number, k, i) for i in want}, {(number, k, i) for i in got})
            speaker.add({(number, k, i) for i in who}, {(number, k, i) for i in said_by})
        for j in left:
            content.add(set(), {(number, "+", j, i) for i in found[j][0]})
            speaker.add(set(), {(number, "+", j, i) for i in found[j][1]})
    return {f"attribution content, {part}": content.f1(), f"attribution speaker, {part}": speaker.f1()}


def rank(values: np.ndarray) -> np.ndarray:
    """Return the ranks of values, ties by order."""
    ranks = np.empty(len(values))
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def score_vectors(reader: Reader) -> Scores:
    """Return Spearman's correlation with the original encoder's similarities, 5,000 pairs of held-out sentences."""
    rows = [
        line.split("\t")
        for line in (HERE / "reader_similarities.tsv").read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
    ]
    sents = [resplit(s) for s in read_gmb(DATA / "names/gmb-news.tsv.gz")[-GMB_HELD_OUT:]]
    parts = []
    for document in iter_documents(sents):
        rows_WD = reader.network.predict_rows(document.layout)
        parts.append(sentence_vectors(rows_WD, document.ranges, reader.weights))
    vectors = np.concatenate(parts)
    ours = np.array([vectors[int(a)] @ vectors[int(b)] for a, b, _ in rows])
    theirs = np.array([float(c) for _, _, c in rows])
    return {"sentence vectors, Spearman, 5,000 pairs": float(np.corrcoef(rank(ours), rank(theirs))[0, 1])}


def score_determinism(reader: Reader, folder: Path | None) -> Scores:
    """Return the share of 200 articles (first 1,200 characters) read alike alone and in shuffled company."""
    with gzip.open(DATA / "wikinews/articles.json.gz", "rt", encoding="utf-8") as lines:
        texts = [t for line in lines if (t := article_text(json.loads(line)))][:200]
    articles = [make_article(t[:1200]) for t in texts]
    alone: list[Reading] = [reader.read(a) for a in articles]
    order = list(range(len(articles)))
    random.Random(7).shuffle(order)
    other = load_reader(folder)
    again = {i: other.read(articles[i]) for i in order}
    return {"determinism, 200 articles": 100 * sum(alone[i] == again[i] for i in order) / max(1, len(order))}


def article_text(row: dict) -> str:
    """Return the running text of a wikinews row."""
    return "\n\n".join(part["value"] for part in row["document"] if part.get("value"))


PARTS: dict[str, Callable[[Reader, Path | None], Scores]] = {
    "raw": lambda r, _: score_raw(r, load_gum("dev")),
    "gum": lambda r, _: score_trees(r, load_gum("dev"), "GUM dev"),
    "ewt": lambda r, _: score_trees(r, load_ewt("dev"), "EWT dev"),
    "names": lambda r, _: score_all_names(r),
    "mentions": lambda r, _: score_mentions(r, load_gum("dev")),
    "roles": lambda r, _: score_roles(r, load_ewt("test")),
    "attribution": lambda r, _: score_attribution(r, "develop") | score_attribution(r, "measure"),
    "vectors": lambda r, _: score_vectors(r),
    "determinism": score_determinism,
}


def record_scores(folder: Path, reached: Scores) -> None:
    """Write the scores into the folder's manifest, beside those of parts that were not measured now."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["scores"] = dict(sorted({**manifest.get("scores", {}), **reached}.items()))
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, print, compare with the floors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    parser.add_argument("--record", type=Path, help="write the scores into this model folder's manifest")
    parser.add_argument("--part", nargs="*", choices=list(PARTS), default=list(PARTS))
    args = parser.parse_args()
    if not DATA.is_dir():
        print("skipped: ../shared/data is absent")
        return
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")).get("reader", {}) if FLOORS.exists() else {}
    reader, missed = load_reader(args.model), []
    reached: Scores = {}
    for part in args.part:
        began = time.monotonic()
        for name, value in PARTS[part](reader, args.model).items():
            reached[name] = round(value, 3)
            floor = floors.get(name)
            low = floor is not None and round(value, 3) < floor
            missed += [name] * low
            print(
                f"{name:48} {value:8.3f}  {'' if floor is None else f'floor {floor:.3f}'}{'  MISSED' if low else ''}",
                flush=True,
            )
        print(f"  ({part}: {time.monotonic() - began:.0f} s)", flush=True)
    if args.record:
        record_scores(args.record, reached)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()

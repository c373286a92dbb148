"""Who is who, measured: within articles (GUM, GAP), across articles (MEANTIME), on gold mentions (ferry).

    python -m evals.coreference               every part; exit 1 where a floor of floors.toml [actors] is missed
    python -m evals.coreference --only gap    one part: gum, gap, meantime, pairs, ferry, corrections

CoNLL F1 is the mean of MUC, B-cubed and CEAF-e (Pradhan et al. 2012); gold and found mentions may differ; chains of one
mention do not count. The baselines work on the same mentions.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx

from evals.actor_pairs import collect_pairs, measure_pairs
from evals.coreference_data import ChainDocument, GapCase, make_article, read_gap, read_gum, read_meantime
from evals.coreference_ferry import measure_corrections, measure_ferry
from storyledger.actors import resolve_actors, resolve_document
from storyledger.actors.chains import Chains
from storyledger.actors.marks import Mark, read_marks
from storyledger.actors.page import Page
from storyledger.actors.references import Record
from storyledger.actors.within import chain_mentions
from storyledger.engine import SerialEngine
from storyledger.folding import fold_text
from storyledger.reading import load_reader
from storyledger.types import Article, Mention, Reading

FLOORS = Path(__file__).resolve().parent / "floors.toml"
Clusters = list[frozenset[Hashable]]


def score_muc(gold: Clusters, found: Clusters) -> tuple[float, float]:
    """Return precision and recall of links (Vilain et al. 1995)."""

    def side(keys: Clusters, others: Clusters) -> float:
        at = {m: i for i, cluster in enumerate(others) for m in cluster}
        kept = sum(len(k) - len({at.get(m, ("alone", m)) for m in k}) for k in keys)
        total = sum(len(k) - 1 for k in keys)
        return kept / total if total else 0.0

    return side(found, gold), side(gold, found)


def score_b_cubed(gold: Clusters, found: Clusters) -> tuple[float, float]:
    """Return precision and recall by mention (Bagga & Baldwin 1998)."""

    def side(keys: Clusters, others: Clusters) -> float:
        at = {m: i for i, cluster in enumerate(others) for m in cluster}
        total = sum(len(k) for k in keys)
        right = sum(sum(n * n for n in Counter(at[m] for m in k if m in at).values()) / len(k) for k in keys)
        return right / total if total else 0.0

    return side(found, gold), side(gold, found)


def score_ceaf_e(gold: Clusters, found: Clusters) -> tuple[float, float]:
    """Return precision and recall of the best matching of clusters (Luo 2005, entity similarity)."""
    at = {m: i for i, cluster in enumerate(found) for m in cluster}
    graph = nx.Graph()
    for i, cluster in enumerate(gold):
        for j, n in Counter(at[m] for m in cluster if m in at).items():
            graph.add_edge(("g", i), ("f", j), weight=2 * n / (len(cluster) + len(found[j])))
    total = sum(graph[a][b]["weight"] for a, b in nx.max_weight_matching(graph))
    return (total / len(found) if found else 0.0), (total / len(gold) if gold else 0.0)


def score_conll(gold: Iterable[Iterable[Hashable]], found: Iterable[Iterable[Hashable]]) -> float:
    """Return the mean F1, in points, of the three; chains of one mention are left out on both sides."""
    one, two = ([frozenset(c) for c in side if len(set(c)) > 1] for side in (gold, found))
    rows = [score(one, two) for score in (score_muc, score_b_cubed, score_ceaf_e)]
    return 100 * sum(2 * p * r / (p + r) if p + r else 0.0 for p, r in rows) / 3


# what hangs from a noun and is outside the mention in GUM, as its training part shows
OUTER = frozenset(
    {"case", "cc", "punct", "mark", "conj", "parataxis", "cop", "nsubj", "aux", "csubj", "expl", "advcl", "discourse"}
    | {"appos", "vocative", "dislocated", "list", "orphan", "reparandum", "dep"}
)
# what of a predicate ("is a firm in need today") belongs to the noun, not to its clause
NOMINAL = frozenset({"det", "amod", "compound", "nmod", "acl", "nummod", "flat", "fixed", "goeswith"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


def cover_span(page: Page, mark: Mark, *, given: bool = False) -> tuple[int, int]:
    """Return the whole phrase of a mark, as GUM counts it: a noun with what hangs from it and its possessive ending.

    ``given``: descriptions keep the phrase that they came with (GUM's own).
    """
    tokens, top = page.tokens, mark.head
    if (given and mark.kind != "name") or (mark.kind == "pronoun" and mark.form != "demonstrative"):
        low, high = mark.outer or (mark.start, mark.end)
        return min(low, mark.start), max(high, mark.end)
    while tokens[top].deprel == "flat" and tokens[top].head != top:
        top = tokens[top].head
    members = list_members(page, top)
    sentence = page.sentences[page.sentence_of(top)]
    first = last = top
    while first > sentence.first and (first - 1 in members or tokens[first - 1].upos == "PUNCT"):
        first -= 1
    while last + 1 < sentence.last and (last + 1 in members or tokens[last + 1].upos == "PUNCT"):
        last += 1
    if mark.kind == "name":
        first, last = min(first, mark.first), max(last, mark.last - 1)
    while first < top and tokens[first].upos in {"PUNCT", "CCONJ"}:
        first += 1
    while last > top and tokens[last].upos == "PUNCT" and not closes(page, first, last):
        last -= 1
    if last + 1 < sentence.last and page.word(last + 1) in POSSESSIVE and tokens[last + 1].deprel.startswith("case"):
        last += 1
    return tokens[first].start, tokens[last].end


def closes(page: Page, first: int, last: int) -> bool:
    """Tell whether token ``last`` is the bracket or quotation mark that one in the phrase waits for."""
    words = [page.word(i) for i in range(first, last + 1)]
    sign = words[-1]
    return (sign == ")" and words.count("(") == words.count(")")) or (sign == '"' and words.count('"') % 2 == 0)


def list_members(page: Page, top: int) -> set[int]:
    """Return the tokens of the phrase that ``top`` heads."""
    children = page.children[top]
    relations = {c: page.tokens[c].deprel.split(":")[0] for c in children}
    clause = "cop" in relations.values()
    queue = [c for c, r in relations.items() if r not in OUTER and (r in NOMINAL or not clause)]
    members = {top}
    while queue:
        i = queue.pop()
        members.add(i)
        queue.extend(page.children[i])
    return members


def chain_article(article: Article, reading: Reading, record: Record | None = None) -> tuple[list[Mark], Chains]:
    """Return the marks of an article and their chains."""
    page = Page(article, reading)
    marks = read_marks(reading, page)
    return marks, chain_mentions(page, reading, marks, record)


def measure_gum(read: Callable[[Article], Reading] | None) -> dict[str, float]:
    """Return CoNLL F1 on GUM dev and of the head-match baseline: the reader's mentions, without ``read`` gold ones."""
    gold: list[set[Hashable]] = []
    found: list[set[Hashable]] = []
    heads: list[set[Hashable]] = []
    for document in read_gum("dev"):
        reading = read(document.article) if read else document.reading()
        entities: dict[str, set[Hashable]] = defaultdict(set)
        for m in document.mentions:
            entities[m.entity].add((document.article.id, m.start, m.end))
        gold += entities.values()
        marks, chains = chain_article(document.article, reading)
        page = Page(document.article, reading)
        spans = [(document.article.id, *cover_span(page, m, given=read is None)) for m in marks]
        found += [{spans[i] for i in group} for group in chains.groups()]
        by_head: dict[str, set[Hashable]] = defaultdict(set)
        for mark, span in zip(marks, spans, strict=True):
            by_head[mark.words[-1] if mark.kind == "name" and mark.words else mark.head_word].add(span)
        heads += by_head.values()
    return {"conll": score_conll(gold, found), "head_match": score_conll(gold, heads)}


def measure_gap(read: Callable[[Article], Reading], split: str = "validation") -> dict[str, float]:
    """Return GAP's F1 in points (all, masculine, feminine) with the two names given, as the task has it.

    ``free``: with no names given: a name is taken where the pronoun's chain has it.
    """
    counts: dict[str, list[int]] = {k: [0, 0, 0] for k in ("all", "m", "f", "free")}
    for case in read_gap(split):
        article = make_article(case.id, case.text)
        record: Record = {}
        marks, chains = chain_article(article, read(article), record)
        gender = "f" if case.text[slice(*case.pronoun)].lower() in {"she", "her", "hers", "herself"} else "m"
        for keys, answer in (
            (("all", gender), choose_name(case, marks, record)),
            (("free",), answer_gap(case, marks, chains)),
        ):
            for guess, truth in zip(answer, (case.is_a, case.is_b), strict=True):
                for key in keys:
                    counts[key][0] += guess and truth
                    counts[key][1] += guess
                    counts[key][2] += truth
    return {f"f1_{k}": 200 * right / max(1, guessed + true) for k, (right, guessed, true) in counts.items()}


def choose_name(case: GapCase, marks: Sequence[Mark], record: Record) -> tuple[bool, bool]:
    """Return which of the two names the ranker finds likelier for the pronoun; neither where it weighs none."""
    pronoun = next((m for m in marks if (m.start, m.end) == case.pronoun), None)
    weighed = record.get(pronoun.index, []) if pronoun is not None else []
    a, b = (
        max((p for chain, p in weighed if any(_touches(marks[i], span) for i in chain)), default=0.0)
        for span in (case.a, case.b)
    )
    return (a >= b and a > 0), b > a


def _touches(mark: Mark, span: tuple[int, int]) -> bool:
    return mark.kind == "name" and mark.start < span[1] and span[0] < mark.end


def answer_gap(case: GapCase, marks: Sequence[Mark], chains: Chains) -> tuple[bool, bool]:
    """Return whether the pronoun stands in the chain of name A, of name B."""
    pronoun = next((m for m in marks if (m.start, m.end) == case.pronoun), None)
    members = chains.members(pronoun.index) if pronoun is not None else []
    return any(_touches(m, case.a) for m in members), any(_touches(m, case.b) for m in members)


TYPES = {"PER": "person", "ORG": "organisation", "LOC": "place", "PRO": "facility"}


def give_mentions(article: Article, reading: Reading, mentions: Sequence[tuple[int, int, str]]) -> Reading:
    """Return the reading with MEANTIME's mentions in place of its own, their chains forgotten.

    A phrase around a name with the same head ("US automaker X"), or around two names, counts as a description, as the
    reader has it.
    """
    page = Page(article, reading)
    made: list[Mention] = []
    for start, end, chain in sorted({(s, e, c[:3]) for s, e, c in mentions}, key=lambda m: (m[1] - m[0], m)):
        first, last = page.token_range(start, end)
        if first < last:
            head = page.find_head(first, last)
            upos = page.tokens[head].upos
            inside = [m for m in made if m.kind == "name" and start <= m.start and m.end <= end]
            wraps = any(m.end == end or m.first <= head < m.last for m in inside) or len(inside) > 1
            kind = "pronoun" if upos in {"PRON", "DET"} else "name" if upos == "PROPN" and not wraps else "nominal"
            type_ = TYPES.get(chain) if kind != "pronoun" else None
            made.append(Mention(start, end, first, last, head, kind, type_, 1.0))  # type: ignore[arg-type]
    made.sort(key=lambda m: (m.start, -m.end))
    return replace(reading, mentions=tuple(made), tags=b"")  # the tags would spell names of their own


def measure_meantime(read: Callable[[Article], Reading], split: str = "val") -> dict[str, float]:
    """Return CoNLL F1 of entity chains across the articles of a topic, gold mentions, beside exact-name matching."""
    documents = read_meantime(split)
    gold: dict[str, set[Hashable]] = defaultdict(set)
    exact: dict[str, set[Hashable]] = defaultdict(set)
    exact_names: dict[str, set[Hashable]] = defaultdict(set)
    found: list[set[Hashable]] = []
    for topic in sorted({d.topic for d in documents}):
        part = [d for d in documents if d.topic == topic]
        articles = [d.article for d in part]
        readings = [give_mentions(d.article, read(d.article), d.mentions) for d in part]
        local = [resolve_document(a, r) for a, r in zip(articles, readings, strict=True)]
        pages = {a.id: Page(a, r) for a, r in zip(articles, readings, strict=True)}
        heads = index_heads(pages, part)
        for actor in resolve_actors(local, articles, [], SerialEngine()):
            tops = [(m.document, find_top(pages[m.document], m.start, m.end)) for m in actor.mentions]
            found += [{span for top in tops for span in heads.get(top, ())}]
        for d in part:
            for start, end, chain in d.mentions:
                gold[topic + chain].add((d.article.id, start, end))
                text = fold_text(d.article.text[start:end])
                exact[topic + text].add((d.article.id, start, end))
                page = pages[d.article.id]
                named = page.tokens[find_top(page, start, end)].upos == "PROPN"
                exact_names[topic + text if named else f"{d.article.id} {start} {end}"].add((d.article.id, start, end))
    taken: set[Hashable] = set()
    single = []
    for cluster in sorted(found, key=lambda c: (-len(c), str(sorted(map(str, c))))):
        single.append(cluster - taken)
        taken |= cluster
    baseline = max(score_conll(gold.values(), side.values()) for side in (exact, exact_names))  # all words, names alone
    return {"conll": score_conll(gold.values(), single), "exact_name": baseline}


def find_top(page: Page, start: int, end: int) -> int:
    """Return the head token of a range."""
    first, last = page.token_range(start, end)
    return page.find_head(first, max(last, first + 1))


def index_heads(pages: dict[str, Page], part: Sequence[ChainDocument]) -> dict[tuple[str, int], list[Hashable]]:
    """Return (article, head token) -> the given mentions with that head: a name and the phrase around it are one."""
    heads: dict[tuple[str, int], list[Hashable]] = defaultdict(list)
    for d in part:
        for start, end, _ in d.mentions:
            heads[d.article.id, find_top(pages[d.article.id], start, end)].append((d.article.id, start, end))
    return heads


def main() -> None:
    """Measure, print beside the floors, exit 1 where one is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=("gum", "gap", "meantime", "pairs", "ferry", "corrections"))
    only = parser.parse_args().only
    reader = load_reader()
    parts: dict[str, Callable[[], dict[str, float]]] = {
        "gum": lambda: {**measure_gum(reader.read), **{f"gold_mentions_{k}": v for k, v in measure_gum(None).items()}},
        "gap": lambda: measure_gap(reader.read),
        "meantime": lambda: measure_meantime(reader.read),
        "pairs": lambda: measure_pairs(
            collect_pairs(lambda d: (d.article, give_mentions(d.article, reader.read(d.article), d.mentions)), "val")
        ),
        "ferry": lambda: measure_ferry(reader.read),
        "corrections": lambda: measure_corrections(reader.read),
    }
    scores = {f"{part}_{k}": v for part, measure in parts.items() if only in {None, part} for k, v in measure().items()}
    if "gum_conll" in scores:
        scores["gum_over_head_match"] = scores["gum_conll"] - scores["gum_head_match"]
    if "meantime_conll" in scores:
        scores["meantime_over_exact_name"] = scores["meantime_conll"] - scores["meantime_exact_name"]
    floors = tomllib.loads(FLOORS.read_text("utf-8")).get("actors", {}) if FLOORS.exists() else {}
    missed = [k for k, floor in floors.items() if k in scores and scores[k] < floor - 1e-9]
    for name, value in scores.items():
        print(f"{name:36s} {value:8.3f}" + (f"   floor {floors[name]}" if name in floors else ""))
    if missed:
        sys.exit(f"below the floor: {', '.join(missed)}")


if __name__ == "__main__":
    main()

"""Train the scorers of ``storyledger.statements``: ``python -m train.statements --work FOLDER [--out FILE]``.

Data: the marked piles of ../shared/piles/train and ../shared/piles/wikinews/train as ``python -m train.marked`` read
them: with tags of networks that have not seen the pile. Three folds by story, the same as the tags'. Each fold's
scorers are measured on the piles that they have not seen, whole (found, exact, speaker, act), and what their numbers
are worth is measured there; the package's scorers are trained on all piles. One core, seeds fixed. LightGBM is a need
of training only.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage.forest import predict_forest, read_forest
from storyledger.statements.acts import ACT, ACTS, measure_acts
from storyledger.statements.engine import (
    Spoken,
    attribute,
    find_source,
    find_speaker,
    join_rows,
    name_way,
    score_speakers,
)
from storyledger.statements.measures import ANCHOR
from storyledger.statements.model import SPAN_FEATURES, Model, build_model
from storyledger.statements.sources import SOURCE, Sources
from storyledger.statements.speakers import SPEAKER, Company, Speakers
from storyledger.statements.sums import Lemmas, Sums
from storyledger.statements.view import View
from storyledger.types import CastMention
from train.forests import fit_forest, pack_forest
from train.marked import TRAINING, Gold, MarkedArticle, iter_marked
from train.statement_tables import (
    HIT,
    LemmaCounts,
    Proposed,
    align_gold,
    count_lemmas,
    label_sources,
    label_speakers,
    make_view,
    propose,
    share_spans,
)

TARGET = Path(__file__).resolve().parents[1] / "src/storyledger/statements/model.npz"
FOLDS = 3
TREES = {"anchor": 120, "span": 160, "source": 120, "speaker": 240, "act": 80}
SLOW = {"learning_rate": 0.05, "colsample_bytree": 0.25}  # for speakers: many numbers say nearly the same
LEAST = {
    "anchor": 0.02,
    "span": 0.38,
    "source": 0.3,
    "speaker": 0.7,
    "speaker_at_head": 0.2,
    "speaker_in_source": 0.5,
    "speaker_pronoun": 0.8,
    "speaker_no_source": 0.7,
    "denied": 0.2,
}  # chosen out of fold
TOLD = 0.6  # where who spoke before is learned from: a little below what is shown teaches to live with mistakes
NEGATIVES = 0.25  # share of spans far from any statement that are learned from
FAR = 0.3  # of the characters shared
OPTIONAL = 0.6  # weight of statements that the gold does not ask for
RARE = 8  # rows of a leaf of the act scorers: denials are two in a hundred
FREE = 0.25  # weight of a described actor as the speaker of what has none: the gold lists fewer actors than the cast
FORGOTTEN = 0.07  # share of earlier speakers that training takes away, as the program will sometimes not know them
BARE = 0.3  # share of articles that training reads without tied pronouns
HIDDEN = 0.5  # share of actors whose gender training does not tell
SEED = 5
Arrays = dict[str, NDArray[Any]]


@dataclass
class Case:
    """One marked article with what its fold's lemmas make of it."""

    marked: MarkedArticle
    view: View
    lemmas: Lemmas
    made: Proposed
    likely: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))  # of the anchors, out of fold


def load_cases(work: Path) -> tuple[list[Case], Lemmas]:
    """Return all articles, each proposed with lemmas counted without its fold, and the lemmas of all."""
    have = list(iter_marked(TRAINING, work, FOLDS))
    views = [make_view(m) for m in have]
    counts = [count_lemmas(v, m.gold, m.cast) for m, v in zip(have, views, strict=True)]
    nothing = LemmaCounts(*(Counter() for _ in fields(LemmaCounts)))
    by_fold = []
    for fold in range(FOLDS):
        own = (c for m, c in zip(have, counts, strict=True) if m.fold == fold)
        by_fold.append(reduce(LemmaCounts.add, own, nothing))
    total = reduce(LemmaCounts.add, by_fold, nothing)
    tables = [total.add(own, -1).table() for own in by_fold]
    cases = [Case(m, v, tables[m.fold], propose(v, m.gold, tables[m.fold])) for m, v in zip(have, views, strict=True)]
    return cases, total.table()


# --------------------------------------------------------------------------- fitting


def fit_anchors(cases: Sequence[Case]) -> Arrays:
    rows = np.concatenate([c.made.anchor_rows for c in cases])
    labels = np.concatenate([c.made.anchor_label for c in cases])
    return pack_forest(fit_forest(rows, labels, trees=TREES["anchor"]), "anchor", list(ANCHOR))


def fit_spans(cases: Sequence[Case]) -> Arrays:
    """Return both span scorers; anchors that the first scorer would not look at teach nothing."""
    rng = np.random.default_rng(SEED)
    rows, near, same, weights = [], [], [], []
    for case in cases:
        made = case.made
        live = case.likely[made.table.anchor] > LEAST["anchor"]
        close = made.hit > FAR
        kept = live & (close | (rng.random(len(live)) < NEGATIVES))
        core = np.array([g.core for g in case.marked.gold] + [True])[made.which]
        own = made.fits > 0
        rows.append(join_rows(made.table, made.anchor_rows, case.likely)[kept])
        near.append(((made.hit >= HIT) & own)[kept])
        same.append((made.same & own)[kept])
        weights.append((np.where(close, 1.0, 1 / NEGATIVES) * np.where(core, 1.0, OPTIONAL))[kept])
    table, weight = np.concatenate(rows), np.concatenate(weights)
    found = fit_forest(table, np.concatenate(near), weight, trees=TREES["span"])
    exact = fit_forest(table, np.concatenate(same), weight, trees=TREES["span"])
    return pack_forest(found, "found", SPAN_FEATURES) | pack_forest(exact, "exact", SPAN_FEATURES)


def fit_sources(cases: Sequence[Case]) -> Arrays:
    rows, labels = [], []
    for case in cases:
        sources = Sources(Sums(case.view, case.lemmas))
        for gold, said in align_gold(case.marked.gold, case.made):
            heads, right = label_sources(sources, said, gold)
            if heads and (right.any() or gold.source is None):
                rows.append(sources.measure(said, heads))
                labels.append(right)
    return pack_forest(
        fit_forest(np.concatenate(rows), np.concatenate(labels), trees=TREES["source"]), "source", list(SOURCE)
    )


def fit_speakers(
    cases: Sequence[Case],
    finders: Mapping[int, Any] | Sequence[Any],
    first: Mapping[int, Arrays] | Sequence[Arrays] = (),
) -> Arrays:
    """Return the speaker scorer; sources are those that scorers without the article's fold find.

    ``first``: speaker scorers by fold. Who spoke before is then whom they name, mistakes and all.
    """
    rng = np.random.default_rng(SEED)
    rows_of = first.items() if isinstance(first, Mapping) else enumerate(first)
    judges = {fold: _Judge(arrays) for fold, arrays in rows_of}
    rows, labels, weights = [], [], []
    for case in cases:
        sources = Sources(Sums(case.view, case.lemmas))
        company = Company(case.view.parse, hide_ties(case.marked, rng), case.marked.article.outlet)
        speakers = Speakers(sources, company)
        for gold, said in align_gold(case.marked.gold, case.made):
            statement = find_source(sources, said, finders[case.marked.fold])
            candidates, right = label_speakers(speakers, statement, gold, case.marked.actors)
            if candidates:
                rows.append(speakers.measure(statement, candidates))
                labels.append(right)
                held = speakers.holders(statement) if gold.speaker is None else set()
                free = [a in held and a not in case.marked.actors for a in candidates]
                weights.append(np.where(free, FREE, 1.0))
            known = [a for a, r in zip(candidates, right, strict=True) if r and rng.random() > FORGOTTEN]
            told = find_speaker(speakers, statement, judges[case.marked.fold])[0] if judges else None
            speakers.add(statement, told if judges else known[0] if known else None)
    return pack_forest(
        fit_forest(
            np.concatenate(rows), np.concatenate(labels), np.concatenate(weights), trees=TREES["speaker"], **SLOW
        ),
        "speaker",
        list(SPEAKER),
    )


def hide_ties(marked: MarkedArticle, rng: np.random.Generator) -> list[CastMention]:
    """Return the cast's mentions, some without what the cast does not always know.

    A share of the articles has no pronoun tied to anybody and no gender: who "he" is must be told by the text then. In
    the others half of the actors have no gender: a lone page tells none.
    """
    bare = rng.random() < BARE
    hidden = {a for a in sorted({m.actor for m in marked.cast.mentions}) if bare or rng.random() < HIDDEN}
    mentions = (m for m in marked.cast.mentions if not (bare and m.kind == "pronoun"))
    return [replace(m, gender=None) if m.actor in hidden else m for m in mentions]


def fit_acts(cases: Sequence[Case]) -> Arrays:
    rows, golds = [], []
    for case in cases:
        pairs = align_gold(case.marked.gold, case.made)
        rows.append(measure_acts(Sums(case.view, case.lemmas), [said for _, said in pairs]))
        golds += [gold for gold, _ in pairs]
    table = np.concatenate(rows)
    packed: Arrays = {}
    for act in ACTS:
        forest = fit_forest(table, np.array([g.act == act for g in golds]), trees=TREES["act"], leaf_rows=RARE)
        packed |= pack_forest(forest, f"act_{act}", list(ACT))
    denied = fit_forest(table, np.array([g.denied for g in golds]), trees=TREES["act"], leaf_rows=RARE)
    return packed | pack_forest(denied, "denied", list(ACT))


def shared_arrays(lemmas: Lemmas, curves: dict[str, tuple[NDArray[Any], NDArray[Any]]] | None = None) -> Arrays:
    """Return what stands beside the trees: lemmas, thresholds, what scores are worth."""
    words = sorted(lemmas.rates)
    line = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    arrays: Arrays = {
        "lemma": np.array(words),
        "lemma_rate": np.array([lemmas.rates[w] for w in words], np.float32),
        "lemma_count": np.array([lemmas.counts[w] for w in words], np.int32),
        "lemma_acts": np.array([lemmas.acts[w] for w in words], np.float32),
        "noun": np.array(list(lemmas.persons)),
        "noun_persons": np.array(list(lemmas.persons.values()), np.float32),
        "least_names": np.array(list(LEAST)),
        "least": np.array(list(LEAST.values())),
    }
    for name in ("confidence", "in_mouth"):
        score, worth = (curves or {}).get(name, line)
        arrays |= {f"{name}_score": np.asarray(score), f"{name}_worth": np.asarray(worth)}
    return arrays


class _Finder:
    """What ``find_source`` needs of a model."""

    def __init__(self, arrays: Arrays) -> None:
        self.source, self.least = read_forest(arrays, "source", tuple(SOURCE)), LEAST


class _Judge:
    """What ``find_speaker`` needs of a model."""

    def __init__(self, arrays: Arrays) -> None:
        told = dict.fromkeys(("speaker", "speaker_pronoun", "speaker_no_source"), TOLD)
        self.speaker, self.least = read_forest(arrays, "speaker", tuple(SPEAKER)), LEAST | told


def note(began: float, what: str) -> None:
    """Print progress."""
    print(f"{time.monotonic() - began:.0f} s {what}", flush=True)


def train(work: Path, target: Path) -> None:
    """Fit, measure out of fold, fit on all, write."""
    began = time.monotonic()
    cases, lemmas = load_cases(work)
    lost = sum(c.marked.lost for c in cases)
    note(began, f"{len(cases)} articles, {sum(len(c.marked.gold) for c in cases)} statements, {lost} not in the text")
    folds = [[c for c in cases if c.marked.fold == f] for f in range(FOLDS)]
    others = [[c for c in cases if c.marked.fold != f] for f in range(FOLDS)]
    anchors = [fit_anchors(o) for o in others]
    for fold, arrays in enumerate(anchors):
        forest = read_forest(arrays, "anchor", tuple(ANCHOR))
        for case in folds[fold]:
            case.likely = predict_forest(forest, case.made.anchor_rows)
    note(began, "anchors")
    sources = [fit_sources(o) for o in others]
    finders = [_Finder(s) for s in sources]
    first = [fit_speakers(o, finders) for o in others]
    note(began, "sources, speakers")
    measured: list[Row] = []
    for fold in range(FOLDS):
        parts = anchors[fold] | sources[fold] | fit_spans(others[fold]) | fit_acts(others[fold])
        parts |= fit_speakers(others[fold], finders, first)
        note(began, f"fold {fold}")
        if not folds[fold]:
            continue
        parts |= shared_arrays(folds[fold][0].lemmas)
        np.savez_compressed(work / f"statements_{fold}.npz", **parts)
        model = build_model(parts)
        for case in folds[fold]:
            measured += measure_case(case, model)
        print(summarise(measured), flush=True)
    curves = {"confidence": fit_curve(measured, "score", "found"), "in_mouth": fit_curve(measured, "mouth", "right")}
    print(report(measured, curves), flush=True)
    print(count_reasons(measured), flush=True)
    whole = fit_anchors(cases) | fit_spans(cases) | fit_sources(cases) | fit_acts(cases)
    whole |= fit_speakers(cases, finders, first)
    np.savez_compressed(target, **(whole | shared_arrays(lemmas, curves)))
    note(began, f"wrote {target.name}, {target.stat().st_size:,} bytes")


def train_speakers(work: Path, target: Path) -> None:
    """Fit sources and speakers anew, out of fold and on all; what finds statements stays as ``target`` has it."""
    began = time.monotonic()
    cases, _ = load_cases(work)
    folds = sorted({c.marked.fold for c in cases})
    others = {f: [c for c in cases if c.marked.fold != f] for f in folds}
    note(began, f"{len(cases)} articles")
    sources = {f: fit_sources(others[f]) for f in folds}
    finders = {f: _Finder(sources[f]) for f in folds}
    first = {f: fit_speakers(others[f], finders) for f in folds}
    note(began, "sources, first speakers")
    ways: list[Way] = []
    for fold in folds:
        judge = _Judge(fit_speakers(others[fold], finders, first))
        ways += [w for c in cases if c.marked.fold == fold for w in measure_ways(c, finders[fold], judge)]
        note(began, f"fold {fold}")
    print(describe_ways(ways), flush=True)
    np.savez_compressed(work / "ways.npz", ways=np.array([astuple(w) for w in ways], object).astype(str))
    with np.load(target, allow_pickle=False) as stored:
        arrays = {k: stored[k] for k in stored.files if not k.startswith(("source_", "speaker_", "least"))}
    shown = [w for w in ways if w.right is not None and w.score > LEAST[w.way]]
    told = [Row(w.invented, w.score, mouth=w.score, right=w.right) for w in shown]
    curve = fit_curve(told, "mouth", "right")
    arrays |= {"in_mouth_score": np.asarray(curve[0]), "in_mouth_worth": np.asarray(curve[1])}
    arrays |= {"least_names": np.array(list(LEAST)), "least": np.array(list(LEAST.values()))}
    arrays |= fit_sources(cases) | fit_speakers(cases, finders, first)
    np.savez_compressed(target, **arrays)
    note(began, f"wrote {target.name}, {target.stat().st_size:,} bytes")


# --------------------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Way:
    """A marked statement with the likeliest speaker: by which way, how sure, whether it is right.

    ``right``: None where the gold names nobody; ``known``: it is an actor of the gold.
    """

    pile: str
    invented: bool
    way: str
    score: float
    right: bool | None
    known: bool


def measure_ways(case: Case, finder: Any, judge: Any) -> list[Way]:
    """Return the ways of one article's marked statements, in text order."""
    sources = Sources(Sums(case.view, case.lemmas))
    speakers = Speakers(sources, Company(case.view.parse, case.marked.cast.mentions, case.marked.article.outlet))
    found = []
    for gold, said in align_gold(case.marked.gold, case.made):
        statement = find_source(sources, said, finder)
        scores = score_speakers(speakers, statement, judge)
        actor = max(scores, key=lambda a: scores[a]) if scores else None
        way = name_way(speakers, statement, actor) if actor is not None else "speaker_no_source"
        who = case.marked.actors.get(actor) if actor is not None else None
        right = who == gold.speaker if gold.speaker is not None else None
        invented = not case.marked.pile.startswith("wikinews")
        found.append(Way(case.marked.pile, invented, way, scores[actor] if actor else 0.0, right, who is not None))
        speakers.add(statement, find_speaker(speakers, statement, judge)[0])
    return found


def describe_ways(ways: Sequence[Way]) -> str:
    """Return, by way and threshold, how many speakers are right and how many in a wrong mouth."""
    lines = []
    for invented in (True, False):
        own = [w for w in ways if w.invented == invented]
        named = sum(w.right is not None for w in own)
        for way in sorted({w.way for w in own}):
            for least in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
                shown = [w for w in own if w.way == way and w.score > least]
                right = sum(bool(w.right) for w in shown)
                wrong = sum(w.known and not w.right for w in shown)
                kind = "invented" if invented else "Wikinews"
                lines.append(f"{kind} {way} {least}: right {right / named:.3f} wrong mouth {wrong / named:.3f}")
    return "\n".join(lines)


@dataclass
class Row:
    """A statement of the program or of the gold, after matching; what is not known is None."""

    invented: bool
    score: float | None  # None: missed
    found: bool = False
    exact: bool = False
    core: bool | None = None  # None: nothing of the gold
    mouth: float | None = None  # score of the actor that speaks; None: nobody named
    right: bool | None = None
    named: bool | None = None  # the gold names somebody
    wrong: bool | None = None  # in the mouth of another actor of the gold
    why: str | None = None  # why the gold's speaker is not found
    act: bool | None = None
    denied: tuple[bool, bool] | None = None  # by the gold, by the program


def measure_case(case: Case, model: Model) -> list[Row]:
    """Return the rows of one article, the program's statements matched to the gold's one to one."""
    company = Company(case.view.parse, case.marked.cast.mentions, case.marked.article.outlet)
    spoken = attribute(case.view, company, model)
    gold, invented = case.marked.gold, not case.marked.pile.startswith("wikinews")
    spans = [case.view.parse.chars(s.said.first, s.said.last) for s in spoken]
    matched = match_spans(spans, gold)
    rows = []
    for number, own in enumerate(spoken):
        row = Row(invented, own.said.score)
        if number in matched:
            row = _compare(row, own, spans[number], gold[matched[number]], case.marked.actors)
            if row.named and not row.right:
                row.why = explain(own, gold[matched[number]], case.marked, case.view)
        rows.append(row)
    missed = [g for k, g in enumerate(gold) if k not in matched.values()]
    rows += [Row(invented, None, core=g.core, denied=(g.denied, False)) for g in missed]
    return rows + [Row(invented, None, core=True) for _ in range(case.marked.lost)]


def match_spans(spans: Sequence[tuple[int, int]], gold: Sequence[Gold]) -> dict[int, int]:
    """Return number -> number in the gold, the best pairs first."""
    starts, ends = np.array([s for s, _ in spans], np.int32), np.array([e for _, e in spans], np.int32)
    pairs = [(float(x), i, j) for j, g in enumerate(gold) for i, x in enumerate(share_spans(starts, ends, g.span))]
    found: dict[int, int] = {}
    for shared, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if shared >= HIT and i not in found and j not in found.values():
            found[i] = j
    return found


def _compare(row: Row, own: Spoken, span: tuple[int, int], gold: Gold, actors: dict[str, str]) -> Row:
    who = actors.get(own.actor) if own.actor is not None else None
    row.found, row.exact, row.core = True, span == gold.span, gold.core
    row.mouth = own.speaker_score if own.actor is not None else None
    row.named, row.right = gold.speaker is not None, gold.speaker is not None and who == gold.speaker
    row.wrong = who != gold.speaker if who is not None else None
    row.act, row.denied = own.act == gold.act, (gold.denied, own.denied)
    return row


def explain(own: Spoken, gold: Gold, marked: MarkedArticle, view: View) -> str:
    """Return where the way to the gold's speaker ended."""
    if gold.speaker not in {marked.actors.get(m.actor) for m in marked.cast.mentions}:
        return "nobody in the article's cast is the speaker"
    if gold.source is None:
        return "no source marked"
    at = view.parse.starts[own.source.head] if own.source.head is not None else -1
    if not gold.source[0] <= at < gold.source[1]:
        return "source not found"
    there = {marked.actors.get(m.actor) for m in marked.cast.mentions if m.start <= at < m.end}
    if not there:
        return "no mention at the source"
    if gold.speaker in there:
        return "the speaker's mention at the source"
    return "another's mention at the source" if there - {None} else "mention of somebody whom the gold does not list"


def count_reasons(rows: Sequence[Row]) -> str:
    """Return what wrong and missing speakers are made of, as shares of all that the gold names."""
    named = sum(bool(r.named) for r in rows)
    found = Counter((r.why, "wrong" if r.wrong else "open") for r in rows if r.why is not None)
    return "\n".join(f"{n / named:.3f} {why}: {how}" for (why, how), n in found.most_common())


def summarise(rows: Sequence[Row]) -> str:
    """Return the measures as lines, invented and Wikinews piles apart."""
    lines = []
    for name, invented in (("invented", True), ("Wikinews", False)):
        own = [r for r in rows if r.invented == invented]
        shown = [r for r in own if r.score is not None]
        core = [r for r in own if r.core]
        hits = [r for r in core if r.found]
        counted = len(shown) - sum(r.found and not r.core for r in shown)
        p, recall = len(hits) / max(1, counted), len(hits) / max(1, len(core))
        matched = [r for r in shown if r.found]
        named = [r for r in matched if r.named]
        mouths = [r for r in matched if r.wrong is not None]
        unnamed = [r for r in matched if not r.named]
        denied = [r for r in own if r.denied is not None and r.denied[0]]
        lines.append(
            f"{name}: P {p:.3f} R {recall:.3f} F1 {2 * p * recall / max(1e-9, p + recall):.3f} "
            f"exact {sum(r.exact for r in hits) / max(1, len(core)):.3f} "
            f"speaker {sum(bool(r.right) for r in named) / max(1, len(named)):.3f} "
            f"wrong mouth {sum(bool(r.wrong) for r in mouths) / max(1, len(mouths)):.3f} "
            f"unnamed kept {sum(r.wrong is None for r in unnamed) / max(1, len(unnamed)):.3f} "
            f"act {sum(bool(r.act) for r in matched) / max(1, len(matched)):.3f} "
            f"denied {sum(r.denied[1] for r in denied if r.denied)}/{len(denied)}"
        )
    return "\n".join(lines)


def fit_curve(rows: Sequence[Row], score: str, truth: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rising line that fits how often statements of a score were right, in a few points.

    Source: isotonic regression, pool adjacent violators (Ayer et al. 1955).
    """
    known = sorted(
        (getattr(r, score), bool(getattr(r, truth)))
        for r in rows
        if r.score is not None and getattr(r, score) is not None
    )
    blocks: list[list[float]] = []  # sum of scores, sum of truths, size
    for x, y in known:
        blocks.append([x, float(y), 1.0])
        while len(blocks) > 1 and blocks[-2][1] / blocks[-2][2] >= blocks[-1][1] / blocks[-1][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    merged = [b for b in blocks if b[2] >= 15] or blocks
    return np.array([b[0] / b[2] for b in merged]), np.array([b[1] / b[2] for b in merged])


def report(rows: Sequence[Row], curves: dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]) -> str:
    """Return what shown confidence is worth: expected calibration error in ten parts of equal size."""
    shown = [r for r in rows if r.score is not None]
    sure = np.array([np.interp(r.score, *curves["confidence"]) for r in shown])
    true = np.array([r.found for r in shown], float)
    order = np.argsort(sure, kind="stable")
    parts = np.array_split(order, 10)
    error = sum(len(p) * abs(sure[p].mean() - true[p].mean()) for p in parts if len(p)) / max(1, len(shown))
    return f"calibration error {error:.3f} over {len(shown)} statements"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=TARGET)
    parser.add_argument("--speakers", action="store_true", help="sources and speakers alone; the rest as --out has it")
    args = parser.parse_args()
    (train_speakers if args.speakers else train)(args.work, args.out)


if __name__ == "__main__":
    sys.exit(main())

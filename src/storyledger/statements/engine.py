"""From an article's view to what is said in it and by whom: propose, score, choose.

Invariant: predict and choose are apart; what is chosen depends on the arrays only. This module must not know how
statements are written down.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from storyledger.linkage.forest import predict_forest
from storyledger.statements.acts import ACTS, measure_acts
from storyledger.statements.anchors import BEHIND, Anchor, cue_lemma, find_anchors
from storyledger.statements.choice import choose_spans
from storyledger.statements.cues import Act, denies
from storyledger.statements.denials import find_denied, withholds
from storyledger.statements.edges import SpanTable, measure_spans
from storyledger.statements.measures import measure_anchors
from storyledger.statements.model import Model
from storyledger.statements.posts import find_posts
from storyledger.statements.sources import Said, Sources, pronoun_of
from storyledger.statements.speakers import Attributed, Company, Speakers
from storyledger.statements.sums import Sums
from storyledger.statements.view import View

Floats = NDArray[np.float64]
ANSWERS = 3  # quotations that fill their paragraphs make an interview
GUEST_LEAST = 0.2  # mean score of its guest; all three out of fold on the train piles: right in 15 interviews of 16
GUEST_LEAD = 1.3  # so many times as much as the next person
DENIED = 0.12  # what is denied is short and seldom marked, so its scores are low
SHOWN = 0.02  # above the least: shown, and not sure
GUEST_SCORE = 0.8  # shown as sure as a speaker with this score


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement with its source phrase, its speaker (None: nobody) with how sure that is, its act, its polarity."""

    said: Said
    source: Attributed
    actor: str | None
    speaker_score: float
    act: Act
    denied: bool


def choose_said(view: View, sums: Sums, model: Model) -> list[Said]:
    """Return what is said in the article, without overlaps, in text order."""
    anchors = [a for a in find_anchors(view, model.lemmas.rates) if a.cue is None or not withholds(view, a.cue)]
    rows = measure_anchors(sums, anchors)
    likely = predict_forest(model.anchor, rows)
    kept = np.flatnonzero(likely > model.least["anchor"])
    anchors = [anchors[k] for k in kept]
    table = measure_spans(sums, anchors)
    worth = score_spans(table, rows[kept], likely[kept], model)
    denying = np.array([a.cue is not None and denies(cue_lemma(view, a.cue)) for a in anchors], bool)
    worth = worth + DENIED * denying[table.anchor] if len(table.anchor) else worth
    chosen = choose_from(table, anchors, worth, model.least["span"])
    added = [d for d in list_denied(view, model.least["span"] + SHOWN) if not any(meet(d, said) for said in chosen)]
    return sorted([*chosen, *added], key=lambda s: (s.first, s.last))


def meet(one: Said, other: Said) -> bool:
    """Say whether two share words."""
    return one.first < other.last and other.first < one.last


def list_denied(view: View, score: float) -> list[Said]:
    """Return the denials that grammar finds, as sure as ``score``."""
    found: list[Said] = []
    for cue in (i for i, tag in enumerate(view.parse.upos) if tag == "VERB"):
        span = find_denied(view, cue)
        if span is not None and (not found or found[-1].last <= span[0]):
            anchor = Anchor("cue", cue, None, int(view.paragraph_of[cue]), ((*span, BEHIND),))
            found.append(Said(anchor, *span, BEHIND, score))
    return found


def score_spans(table: SpanTable, anchor_rows: NDArray[np.float32], likely: Floats, model: Model) -> Floats:
    """Return what each span is worth: the mean of being what is said nearly, and to the word."""
    full = join_rows(table, anchor_rows, likely)
    found, exact = predict_forest(model.found, full), predict_forest(model.exact, full)
    return 0.5 * (found + exact)


def join_rows(table: SpanTable, anchor_rows: NDArray[np.float32], likely: Floats) -> NDArray[np.float32]:
    """Return the spans' measures with those of their anchors, in the order of ``SPAN_FEATURES``."""
    of = table.anchor
    return np.hstack([table.rows, likely[of, None].astype(np.float32), anchor_rows[of]])


def choose_from(table: SpanTable, anchors: list[Anchor], worth: Floats, at_least: float) -> list[Said]:
    """Return the spans of the worthiest set as statements."""
    cues = np.array([-1 if a.cue is None else a.cue for a in anchors], np.int64)
    group = cues[table.anchor] if len(table.anchor) else np.zeros(0, np.int64)
    chosen = choose_spans(table.first, table.last, worth, group, at_least)
    said = [
        Said(anchors[table.anchor[k]], int(table.first[k]), int(table.last[k]), int(table.stands[k]), float(worth[k]))
        for k in chosen
    ]
    return sorted(said, key=lambda s: (s.first, s.last))


def find_source(sources: Sources, said: Said, model: Model) -> Attributed:
    """Return the statement with the phrase that it is attributed to, or with none."""
    heads = sources.candidates(said)
    if heads:
        scores = predict_forest(model.source, sources.measure(said, heads))
        best, worth = int(scores.argmax()), dict(zip(heads, scores.tolist(), strict=True))
        if scores[best] > model.least["source"]:
            return Attributed(said, heads[best], sources.phrase(heads[best]), float(scores[best]), worth)
        return Attributed(said, None, (0, 0), 0.0, worth)
    return Attributed(said, None, (0, 0), 0.0)


def score_speakers(speakers: Speakers, statement: Attributed, model: Model) -> dict[str, float]:
    """Return the actors that may speak, each with how likely it does; of two who speak as one neither."""
    candidates = speakers.candidates(statement)
    if not candidates or (statement.head is not None and speakers.is_joined(statement.head)):
        return {}
    scores = predict_forest(model.speaker, speakers.measure(statement, candidates))
    return dict(zip(candidates, scores.tolist(), strict=True))


def find_speaker(speakers: Speakers, statement: Attributed, model: Model) -> tuple[str | None, float]:
    """Return the likeliest of the actors that are sure enough for their way, and how sure; None where there is none."""
    scores = score_speakers(speakers, statement, model)
    sure = {a: x for a, x in scores.items() if x > model.least[name_way(speakers, statement, a)]}
    actor = max(sure, key=lambda a: sure[a], default=None)
    issuers = speakers.list_issuers(statement) & scores.keys()
    if issuers and (actor is None or speakers.stands_there(actor, statement)):  # no statement speaks of itself
        issuer = max(sorted(issuers), key=lambda a: scores[a])
        return issuer, max(scores[issuer], sure.get(actor or "", 0.0))
    return actor, max(scores.values(), default=0.0) if actor is None else sure[actor]


def name_way(speakers: Speakers, statement: Attributed, actor: str) -> str:
    """Return by which way an actor would come to speak: each has a threshold of its own in ``Model.least``."""
    if statement.head is None:
        return "speaker_no_source"
    if speakers.stands_there(actor, statement):
        return "speaker_at_head"
    if pronoun_of(speakers.parse, statement.head):
        return "speaker_pronoun"
    return "speaker_in_source" if speakers.names_it(actor, statement) else "speaker"


def find_guest(speakers: Speakers, statements: list[Attributed], model: Model) -> str | None:
    """Return the person whom an interview is with; None where the article is none, or it stays open.

    Its answers have no source, and each for itself leaves its speaker open; all together they say who it is.
    """
    bare = {n for n, s in enumerate(statements) if is_bare(speakers.view, s)}
    if len(bare) < ANSWERS:
        return None
    sums: Counter[str] = Counter()
    for number, statement in enumerate(statements):
        if number in bare:
            scores = score_speakers(speakers, statement, model)
            sums.update({a: x for a, x in scores.items() if speakers.company.types.get(a) == "person"})
        speakers.add(statement, find_speaker(speakers, statement, model)[0])
    ranked = sums.most_common(2)
    sure = bool(ranked) and ranked[0][1] > GUEST_LEAST * len(bare)
    return ranked[0][0] if sure and all(ranked[0][1] > GUEST_LEAD * x for _, x in ranked[1:]) else None


def is_bare(view: View, statement: Attributed) -> bool:
    """Say whether a quotation or an answer without a source fills its paragraph."""
    said = statement.said
    first, last = view.paragraphs[said.anchor.paragraph]
    fills = said.first - first <= 1 and last - said.last <= 2
    return fills and statement.head is None and said.anchor.how in {"quotation", "answer"}


def is_resumed(view: View, before: Said, said: Said) -> bool:
    """Say whether a quotation opens its paragraph while the one that ``before`` stands in is still open."""
    k = said.anchor.quotation
    if k is None or not view.parse.quotations[k].resumes:
        return False
    return bool(view.quote_of[before.last - 1] == k - 1)


def _meets(said: Said, posts: list[Attributed]) -> bool:
    """Say whether what is said stands in a post: the whole post is its author's."""
    return any(meet(said, post.said) for post in posts)


def attribute(view: View, company: Company, model: Model) -> list[Spoken]:
    """Return what is said in the article with who says it and how."""
    sums = Sums(view, model.lemmas)
    posts = list(find_posts(view))
    sources = Sources(sums)
    statements = [
        find_source(sources, said, model) for said in choose_said(view, sums, model) if not _meets(said, posts)
    ]
    statements = sorted([*statements, *posts], key=lambda s: (s.said.first, s.said.last))
    chosen = [statement.said for statement in statements]
    guest = find_guest(Speakers(sources, company), statements, model)
    speakers = Speakers(sources, company)
    acts = measure_acts(sums, chosen)
    kinds = np.stack([predict_forest(forest, acts) for forest in model.acts], axis=1).argmax(axis=1)
    denied = predict_forest(model.denied, acts) > model.least["denied"]
    out: list[Spoken] = []
    for number, (said, source) in enumerate(zip(chosen, statements, strict=True)):
        if out and is_resumed(view, out[-1].said, said):
            actor, score = out[-1].actor, out[-1].speaker_score
        else:
            actor, score = find_speaker(speakers, source, model)
            if source in posts:
                actor, score = next(iter(speakers.holders(source)), None), source.score
            elif actor is None and guest is not None and is_bare(view, source):
                actor, score = guest, GUEST_SCORE
        speakers.add(source, actor)
        refuted = said.anchor.cue is not None and find_denied(view, said.anchor.cue) is not None
        out.append(Spoken(said, source, actor, score, ACTS[int(kinds[number])], refuted or bool(denied[number])))
    return out

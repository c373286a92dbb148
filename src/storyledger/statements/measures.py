"""What an anchor looks like: numbers for the scorer that says whether it attributes anything.

``ANCHOR`` names them with what they mean. Numbers that stand for kinds (tags, relations, classes of tokens) are
questions to trees, not sizes. This module must not know contents or speakers.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from storyledger.statements.anchors import Anchor, cue_end
from storyledger.statements.cues import (
    Construction,
    denies,
    load_cues,
    load_matters,
    load_nouns,
    load_sources,
    load_things,
)
from storyledger.statements.sums import Sums, highest, mean
from storyledger.statements.view import CLASS

Row = dict[str, float]
ANCHOR = {
    "how": "cue, quotation, turn, question or answer",
    "upos": "the cue's part of speech; of other anchors the class of their first token",
    "deprel": "the cue's relation to its head",
    "rate": "share of the lemma's uses in which it was a cue; of other anchors the highest near them",
    "count": "how often the lemma was a cue, log",
    "clause": "the lexicon has the lemma with a clause",
    "infinitive": "the lexicon has it with an infinitive",
    "object_infinitive": "the lexicon has it with an object and an infinitive",
    "object": "the lexicon has it with a noun phrase",
    "quoted": "the lexicon has it with quotations",
    "matter": "the lexicon has it with a preposition",
    "noun": "the lexicon has it as a noun",
    "denies": "the lexicon has it as a denial",
    "p_cue": "the network's probability that it is a cue",
    "p_cue_near": "the highest such probability beside it",
    "p_source_before": "the highest probability of a source before it",
    "p_source_after": "the same behind it",
    "p_content_behind": "mean probability of content behind it",
    "p_content_before": "the same before it",
    "p_content_at": "the same of itself",
    "open_behind": "tokens to the next opening mark",
    "close_before": "tokens from the last closing mark",
    "colon_behind": "tokens to the next colon",
    "comma_before": "a comma stands before it",
    "comma_behind": "the class of what stands behind it",
    "that_behind": "tokens to the next that",
    "to_behind": "tokens to the next to",
    "negated": "a negation stands before it; of a quotation: it is closed",
    "modal": "a modal stands before it",
    "to_before": "to stands before it",
    "be_before": "a form of be stands before it",
    "have_before": "a form of have stands before it",
    "form": "ends with -ing or -s; of other anchors: begins with a capital",
    "if_before": "a conjunction of condition or time stands before it",
    "subject": "it has a subject before or behind it",
    "subject_tag": "the subject's part of speech",
    "subject_wh": "the subject is a relative pronoun",
    "subject_distance": "tokens from the subject",
    "subject_thing": "the subject says nothing: a thing, it, this, I, we, you",
    "subject_document": "the subject is a text, a court or a study",
    "subject_anonymous": "the subject names nobody",
    "subject_source": "the network's probability that the subject is a source",
    "agent": "it has an agent with by",
    "ccomp": "it has a clause before or behind it",
    "xcomp": "it has an infinitive before or behind it",
    "obj": "it has an object before or behind it",
    "obl": "it has a prepositional phrase before or behind it",
    "advcl": "it has an adverbial clause before or behind it",
    "parataxis": "it has a parenthesis before or behind it",
    "predicate": "the reader has it as a predicate; of other anchors: finite verbs inside",
    "arg0": "score of its agent",
    "arg1": "score of its theme",
    "arg1_clause": "its theme is a clause",
    "arg1_length": "tokens of its theme",
    "position": "tokens from the sentence's (other anchors: the paragraph's) start",
    "sentence_length": "tokens of the sentence; of other anchors: full stops inside",
    "in_paragraph": "tokens from the paragraph's start; of other anchors: to its end",
    "sentence_quotations": "quotations in its sentence",
    "paragraph_quotations": "quotations in its paragraph",
    "by_behind": "by stands behind it",
    "as_behind": "as stands behind it",
    "head_rate": "rate of its head's lemma",
    "article_rate": "how much the article attributes",
    "length": "tokens of a quotation or turn",
    "resumes": "it goes on with the quotation of the paragraph before",
    "question_before": "the paragraph before asks",
    "paragraph_rate": "how much else attributes in its paragraph",
}
HOWS = {"cue": 0, "quotation": 1, "turn": 2, "question": 3, "answer": 4}
_UPOS = {tag: n for n, tag in enumerate(("VERB", "NOUN", "ADP", "ADV", "ADJ", "AUX", "PROPN"))}
_DEPRELS = {
    name: n
    for n, name in enumerate(
        ("root", "ccomp", "conj", "advcl", "acl", "parataxis", "xcomp", "amod", "case", "obl", "nmod", "obj", "nsubj",
         "compound", "dep")
    )
}  # fmt: skip
_NEGATIONS = frozenset({"not", "n't", "n’t", "never", "nor", "neither", "hardly", "no"})
_MODALS = frozenset(
    {"will", "would", "may", "might", "should", "could", "can", "must", "shall", "'ll", "’ll", "'d", "’d"}
)
_BE = frozenset({"is", "was", "were", "are", "be", "been", "being", "am"})
_HAVE = frozenset({"has", "have", "had"})
_CONDITIONS = frozenset({"if", "unless", "whether", "when", "as"})
_RELATIVES = frozenset({"who", "which", "that", "what"})
_SUBJECT_TAGS = {"PROPN": 1, "PRON": 2, "NOUN": 3}
_LEXICON: tuple[Construction, ...] = get_args(Construction)
_AROUND = 8
_FAR = 14


def measure_anchors(sums: Sums, anchors: list[Anchor]) -> NDArray[np.float32]:
    """Return one row of ``ANCHOR`` numbers for each anchor."""
    rows = np.zeros((len(anchors), len(ANCHOR)), np.float32)
    for number, anchor in enumerate(anchors):
        row = dict.fromkeys(ANCHOR, 0.0)
        row["how"] = HOWS[anchor.how]
        if anchor.cue is None:
            _measure_stretch(sums, anchor, row)
        else:
            _measure_cue(sums, anchor.cue, row)
        rows[number] = list(row.values())
    return rows


# --------------------------------------------------------------------------- quotations and turns


def _measure_stretch(sums: Sums, anchor: Anchor, row: Row) -> None:
    """Fill the row of an anchor without a cue: what it is like, and what attributes around it."""
    view, tags, n = sums.view, sums.view.tags, sums.view.n
    first, last, _ = anchor.spans[-1]
    low, high = view.paragraphs[anchor.paragraph]
    row["p_content_at"], row["length"] = mean(sums.content, first, last), last - first
    row["p_content_before"] = mean(sums.content, max(low, first - _AROUND), first)
    row["p_content_behind"] = mean(sums.content, last, min(n, last + _AROUND))
    for name, values in (("p_cue_near", tags.cue), ("p_source_before", tags.source)):
        row[name] = highest(values, first - _AROUND, first)
    row["p_cue_near"] = max(row["p_cue_near"], highest(tags.cue, last, last + _AROUND))
    row["p_source_after"] = highest(tags.source, last, last + _AROUND)
    row["position"], row["in_paragraph"] = first - low, high - last
    row["paragraph_quotations"] = sum(low <= a < high for a, _ in view.quotations)
    row["colon_behind"] = float(first > 1 and view.codes[first - 2] == CLASS["colon"])
    row["comma_before"] = float(view.codes[first - 2]) if first > 1 else -1.0
    for name, step in (("comma_behind", 0), ("that_behind", 1), ("to_behind", 2)):
        row[name] = float(view.codes[min(n, last + step)])
    row["upos"], row["form"] = float(view.codes[first]), float(view.parse.forms[first][:1].isupper())
    row["predicate"] = float(sums.finite[last] - sums.finite[first])
    row["sentence_length"] = float(sums.stops[last] - sums.stops[first])
    outside = np.where(view.quote_of[:n] < 0, sums.rates, 0.0)
    row["paragraph_rate"] = highest(outside, low, high)
    row["rate"] = highest(outside, max(low, first - _FAR), min(high, last + _FAR))
    row["count"] = highest(outside, last, min(high, last + _AROUND))
    if anchor.quotation is not None:
        quotation = view.parse.quotations[anchor.quotation]
        row["resumes"], row["negated"] = float(quotation.resumes), float(quotation.closed)
    if anchor.paragraph:
        a, b = view.parse.paragraphs[anchor.paragraph - 1]
        row["question_before"] = float(view.parse.text[a:b].rstrip().endswith("?"))


# --------------------------------------------------------------------------- cues


def _measure_cue(sums: Sums, cue: int, row: Row) -> None:
    """Fill the row of a word that may be a cue."""
    _measure_word(sums, cue, row)
    _measure_network(sums, cue, row)
    _measure_neighbours(sums, cue, row)
    _measure_subject(sums, cue, row)
    _measure_arguments(sums, cue, row)


def _measure_word(sums: Sums, cue: int, row: Row) -> None:
    parse, lemma, cues = sums.view.parse, sums.lemmas[cue], load_cues()
    row["upos"], row["deprel"] = _UPOS.get(parse.upos[cue], 9), _DEPRELS.get(parse.bases[cue], 20)
    row["rate"], row["count"] = float(sums.rates[cue]), float(np.log1p(sums.known.counts.get(lemma, 0)))
    for construction in _LEXICON:
        row[construction] = float(lemma in cues[construction])
    row["denies"] = float(denies(lemma))
    row["matter"] = float(any(lemma == verb for verb, _ in load_matters()))
    row["noun"] = float(lemma in load_nouns())
    row["form"] = float(parse.words[cue].endswith("ing")) + 2.0 * parse.words[cue].endswith("s")
    head = parse.heads[cue]
    row["head_rate"] = float(sums.rates[head]) if head != cue else 0.0
    row["article_rate"] = float(sums.rate[-1]) / max(1, sums.view.n)


def _measure_network(sums: Sums, cue: int, row: Row) -> None:
    view, tags, behind = sums.view, sums.view.tags, cue_end(sums.view, cue)
    first, last = view.sentence_span(cue)
    row["p_cue"], row["p_content_at"] = float(tags.cue[cue]), float(tags.content[cue])
    row["p_cue_near"] = max(highest(tags.cue, cue - 5, cue), highest(tags.cue, cue + 1, cue + 6))
    row["p_source_before"] = highest(tags.source, max(first, cue - 6), cue)
    row["p_source_after"] = highest(tags.source, cue + 1, min(last, cue + 7))
    row["p_content_behind"] = mean(sums.content, min(behind + 1, view.n), min(view.n, behind + 9))
    row["p_content_before"] = mean(sums.content, max(0, cue - 9), cue)


def _measure_neighbours(sums: Sums, cue: int, row: Row) -> None:
    """Fill what stands around the cue: marks, negation, modals, conjunctions."""
    view, words, codes = sums.view, sums.view.parse.words, sums.view.codes
    first, last = view.sentence_span(cue)
    low, high = view.paragraphs[int(view.paragraph_of[cue])]

    def steps_to(name: str, end: int) -> float:
        return next((float(t - cue) for t in range(cue + 1, end) if codes[t] == CLASS[name]), 0.0)

    row["open_behind"], row["colon_behind"] = (
        steps_to("open", min(high, cue + 25)),
        steps_to("colon", min(high, cue + 20)),
    )
    row["that_behind"], row["to_behind"] = steps_to("that", min(last, cue + 16)), steps_to("to", min(last, cue + 12))
    closed = (float(cue - t) for t in range(cue - 1, max(low, cue - 25) - 1, -1) if view.closes[t] >= 0)
    row["close_before"] = next(closed, 0.0)
    row["comma_before"] = float(cue > 0 and codes[cue - 1] == CLASS["comma"])
    row["comma_behind"] = float(codes[min(view.n, cue_end(view, cue))])
    before = words[max(first, cue - 4) : cue]
    row["negated"], row["modal"] = float(any(w in _NEGATIONS for w in before)), float(any(w in _MODALS for w in before))
    row["to_before"] = float(before[-1:] == ("to",))
    row["be_before"], row["have_before"] = (float(any(w in kind for w in before[-2:])) for kind in (_BE, _HAVE))
    row["if_before"] = float(any(w in _CONDITIONS for w in words[max(first, cue - _AROUND) : cue]))
    row["by_behind"] = float(words[cue + 1 : cue + 2] == ("by",))
    row["as_behind"] = float("as" in words[cue + 1 : cue + _AROUND])
    row["position"], row["sentence_length"], row["in_paragraph"] = cue - first, last - first, cue - low
    row["sentence_quotations"] = sum(first - 1 <= a <= last for a, _ in view.quotations)
    row["paragraph_quotations"] = sum(low <= a < high for a, _ in view.quotations)
    row["paragraph_rate"] = float(sums.rate[high] - sums.rate[low] - sums.rates[cue])


def _measure_subject(sums: Sums, cue: int, row: Row) -> None:
    parse = sums.view.parse
    subjects = parse.subjects(cue) if parse.upos[cue] in {"VERB", "AUX", "ADJ"} else []
    if not subjects:
        return
    subject, word = subjects[0], parse.words[subjects[0]]
    documents, anonymous = load_sources()
    lemma = parse.lemmas[subject]
    row["subject"], row["subject_tag"] = 1.0 + (subject > cue), _SUBJECT_TAGS.get(parse.upos[subject], 4)
    row["subject_wh"], row["subject_distance"] = float(word in _RELATIVES), cue - subject
    empty = 2.0 * (word in {"it", "this", "that"}) + 4.0 * (word in {"i", "we", "you"})
    row["subject_thing"] = float(lemma in load_things()) + empty
    row["subject_document"], row["subject_anonymous"] = float(lemma in documents), float(lemma in anonymous)
    row["subject_source"] = float(sums.view.tags.source[subject])


def _measure_arguments(sums: Sums, cue: int, row: Row) -> None:
    parse = sums.view.parse
    for child in parse.children[cue]:
        relation = parse.bases[child]
        if relation in {"ccomp", "xcomp", "obj", "obl", "advcl", "parataxis"}:
            row[relation] = 1.0 + (child > cue)
            row["agent"] += float(relation == "obl" and parse.has_word(child, {"by"}))
    predicate = parse.predicates.get(cue)
    row["predicate"] = float(predicate is not None)
    for argument in predicate.arguments if predicate is not None else ():
        if argument.role == "ARG0":
            row["arg0"] = argument.score
        elif argument.role == "ARG1":
            row["arg1"], row["arg1_length"] = argument.score, argument.last - argument.first
            row["arg1_clause"] = float(parse.upos[argument.head] in {"VERB", "AUX"})

"""Which cue a quotation has: behind it, before it, or that of the quotation that it resumes.

A quotation is an utterance where it reads as one (a sentence of its own, set off by comma or colon); all other marks
are words in quotation marks, titles and nicknames: part of what is around them. This module must not know speakers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storyledger.statements.cues import load_cues
from storyledger.statements.quotations import Quotation
from storyledger.statements.trees import Trees

FINAL = ".,?!…—–-"
STOPS = ".?!…"
MAX_CUE_TOKENS = 40  # from the closing mark to its cue: "said Mikkel, who ...": the subject may be long


@dataclass(frozen=True, slots=True)
class Utterance:
    """A quotation that is something said. ``whole``: ends with its own full stop."""

    quotation: Quotation
    start: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """The cue of an utterance and where it stands; ``resumed``: it is that of the utterance with that number."""

    cue: int | None
    how: str
    score: float
    resumed: int | None = None


def find_utterances(trees: Trees, quotations: list[Quotation]) -> list[Utterance]:
    """Return the quotations that are utterances, their content without a comma before the closing mark."""
    return [u for q in quotations if (u := _read_utterance(trees, q)) is not None]


def _read_utterance(trees: Trees, q: Quotation) -> Utterance | None:
    text = trees.text
    start, end = q.start, q.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    if end <= start or not _reads_as_sentence(trees, q, start, end):
        return None
    return Utterance(q, start, end, text[end - 1] in STOPS and text[end : q.end].strip() == "")


def _reads_as_sentence(trees: Trees, q: Quotation, start: int, end: int) -> bool:
    """Say whether the quotation is set off like speech: begins like a sentence or resumes one, and ends like one."""
    text = trees.text
    before = text[max(0, q.outer_start - 3) : q.outer_start].rstrip()
    after = text[q.outer_end : q.outer_end + 2].lstrip()
    line_start = q.outer_start == 0 or text[q.outer_start - 1] == "\n" or not before
    set_off = line_start or before[-1] in '.?!…:,;—–-"”’)'
    capital = _first_letter(text, start, end).isupper() or text[start].isdigit()
    final = text[q.end - 1] in FINAL or (after[:1] in (",", ".") and _has_cue_after(trees, q))
    verb = _has_finite_verb(trees, start, end)
    if before[-1:] == ":" or (line_start and final):
        return verb or final
    if before[-1:] == "," and not _has_cue_before(trees, q):
        return False  # a title: "her novel, “The Salt Road”, won"
    if set_off and capital:
        return (final and (verb or text[q.end - 1] in FINAL)) or (verb and len(text[start:end].split()) >= 4)
    if set_off and not capital:  # "X," she said, "but not today."
        return verb and text[q.end - 1] in STOPS and _has_cue_before(trees, q)
    return capital and verb and final and _has_cue_before(trees, q)


def _first_letter(text: str, start: int, end: int) -> str:
    match = re.search(r"[^\W\d_]", text[start:end])
    return match.group() if match else ""


def _has_finite_verb(trees: Trees, start: int, end: int) -> bool:
    first, last = trees.tokens_in(start, end)
    return any(trees.tokens[i].upos in ("VERB", "AUX") for i in range(first, last))


def is_speech_verb(trees: Trees, i: int) -> bool:
    """Say whether token ``i`` is a verb that can stand with a quotation."""
    lemma = trees.cue_lemma(i)
    cues = load_cues()
    return trees.tokens[i].upos == "VERB" and (lemma in cues["clause"] or lemma in cues["quoted"])


def _has_cue_after(trees: Trees, q: Quotation) -> bool:
    return find_cue_after(trees, q, len(trees.text)) is not None


def _has_cue_before(trees: Trees, q: Quotation) -> bool:
    return find_cue_before(trees, q, 0) is not None


def find_cue_after(trees: Trees, q: Quotation, limit: int) -> int | None:
    """Return the verb of "..., she said" behind the closing mark: before any sentence end, before ``limit``.

    The first speech verb counts if nothing but a noun phrase stands before it, or if it comes first and its
    subject follows; a verb of a relative clause ("said a man who told ...") is not reached before it.
    """
    text = trees.text
    first = trees.token_at(q.outer_end)
    for i in range(first, min(first + MAX_CUE_TOKENS, len(trees.tokens))):
        token = trees.tokens[i]
        if token.start >= limit or "\n" in text[q.outer_end : token.start]:
            return None
        if token.upos == "PUNCT" and trees.word(i) in (".", "?", "!", ";", ":"):
            return None
        if is_speech_verb(trees, i) and not _in_relative(trees, i):
            return i
        if (
            token.upos == "VERB"
            and not _in_relative(trees, i)
            and trees.label(i) not in ("acl", "amod", "advcl", "xcomp")
        ):
            return None
    return None


def _stands_alone(trees: Trees, q: Quotation, verb: int) -> bool:
    """Say whether an unknown verb ends the sentence of a quotation: "...," the coach deadpanned."."""
    comma = trees.text[q.end - 1 : q.end] in ",?!" or trees.text[q.outer_end : q.outer_end + 1] == ","
    following = trees.word(verb + 1) if verb + 1 < len(trees.tokens) else "."
    near = verb - trees.token_at(q.outer_end) <= 8
    return comma and near and following in (".", ",") and not trees.select(verb, "aux:pass")


def _in_relative(trees: Trees, i: int) -> bool:
    return trees.label(i) == "acl" or any(
        trees.word(s) in ("who", "which", "that", "whose") for s in trees.select(i, "nsubj", "nsubj:pass")
    )


def find_cue_before(trees: Trees, q: Quotation, limit: int) -> int | None:
    """Return the verb of "she said: ..." before the opening mark, in the same sentence, after ``limit``."""
    last = trees.token_at(q.outer_start) - 1
    best = None
    for i in range(last, max(-1, last - MAX_CUE_TOKENS), -1):
        token = trees.tokens[i]
        if token.start < limit or "\n" in trees.text[token.start : q.outer_start]:
            break
        if token.upos == "PUNCT" and trees.word(i) in (".", "?", "!"):
            break
        if is_speech_verb(trees, i) and not _in_relative(trees, i):
            best = i
            break
    return best


def anchor_utterances(trees: Trees, utterances: list[Utterance]) -> list[Anchor]:
    """Return for each utterance its cue, or the utterance that it resumes, or neither."""
    anchors: list[Anchor] = []
    for k, u in enumerate(utterances):
        following = utterances[k + 1].quotation.outer_start if k + 1 < len(utterances) else len(trees.text)
        before = utterances[k - 1] if k else None
        anchors.append(_anchor(trees, u, before, anchors, following))
    return anchors


def _anchor(trees: Trees, u: Utterance, before: Utterance | None, anchors: list[Anchor], following: int) -> Anchor:
    """Return the anchor of one utterance, the surest first."""
    q = u.quotation
    same = before is not None and before.quotation.paragraph == q.paragraph
    floor = before.quotation.outer_end if before is not None and same else 0
    if q.closed and _goes_on(trees.text, u):
        cue = find_cue_after(trees, q, following)
        if cue is not None:
            return Anchor(cue, "after", 0.97)
    cue = find_cue_before(trees, q, floor)
    last = anchors[-1] if anchors else None
    if cue is not None and (last is None or last.cue != cue):
        return Anchor(cue, "before", 0.95 if trees.text[: q.outer_start].rstrip()[-1:] == ":" else 0.9)
    spoken = last is not None and same and (last.cue is not None or last.resumed is not None)
    if last is not None and spoken and _is_resumed(trees.text[floor : q.outer_start]):
        return Anchor(last.cue, "resumed", 0.95, len(anchors) - 1)
    if last is not None and q.resumes:
        return Anchor(last.cue, "next paragraph", 0.95, len(anchors) - 1)
    return Anchor(None, "orphan", 0.5)


def _goes_on(text: str, u: Utterance) -> bool:
    """Say whether the sentence goes on behind the closing mark."""
    after = text[u.quotation.outer_end : u.quotation.outer_end + 40].lstrip()
    if text[u.end : u.quotation.end].strip() == "," or after[:1] in (",", "–", "—"):
        return True
    return not u.whole or text[u.end - 1] in "?!…" or after[:1].islower()


def _is_resumed(between: str) -> bool:
    """Say whether between two quotations stands one cue sentence at most: " she said. " or ", she said, "."""
    return len(re.findall(r"[.?!](?:\s|$)", between.strip())) <= 1

"""Contents that stand before or around their cue: "X, she said", "The radar, it confirms, had ...", "according to NP".

Read off the commas of the sentence, for there the parser errs most. This module must not know quotations or speakers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from storyledger.statements.contents import (
    Content,
    has_finite,
    is_passive,
    is_unreal,
    object_end,
    span_content,
    trim_edges,
)
from storyledger.statements.cues import Act, load_cues
from storyledger.statements.trees import Trees

DATELINE = re.compile(r"[A-Z][\w .,'’/-]{1,60}?(?:\([\w .,'’/-]{1,30}\)\s*)?(?:\s[-–]|\s?—)\s+")
ASIDES = ("however,", "meanwhile,", "however", "though,")
CALLING = frozenset({"call", "describe", "term", "label", "dub", "brand"})
SUBORDINATORS = frozenset(
    {"because", "as", "when", "after", "before", "while", "who", "which", "where", "since", "adding", "and", "but"}
)
OPENS_CLAUSE = frozenset({'"', "“", ":", "that", "it", "he", "she", "they", "we", "there"})


def find_before(trees: Trees, cue: int, phrase_start: int, low: int, high: int) -> Content | None:
    """Return the clause before "..., NP said" whose sentence ends with the cue: read off the commas.

    Nothing but a hearer, a time, a venue or a reason for anonymity may follow; the clause before has a finite verb.
    """
    act = load_cues()["clause"].get(trees.cue_lemma(cue))
    before = trees.text[low:phrase_start].rstrip()
    if (
        act is None
        or act == "think"
        or trees.cue_lemma(cue) in ("urge", "request")
        or is_unreal(trees, cue)
        or is_passive(trees, cue)
        or before[-1:] not in (",", "”", '"')
    ):
        return None
    first, last = trees.tokens_in(low, low + len(before))
    if not has_finite(trees, first, low + len(before)) or not _nothing_follows(trees, cue, high):
        return None
    if not any(trees.label(i) in ("nsubj", "csubj", "expl") for i in range(first, last)):
        return None
    opening = first + (trees.tokens[first].upos == "ADV")
    if last - first < 3 or trees.tokens[opening].upos == "SCONJ" or _is_participle(trees, opening):
        return None
    return strip_dateline(trees, low, low + len(before), act, "before", 0.92)


def find_inside(trees: Trees, cue: int, phrase_start: int, low: int, high: int) -> Content | None:
    """Return the whole sentence of "The radar, it confirms, had been down": the cue stands inside it between commas."""
    act = load_cues()["clause"].get(trees.cue_lemma(cue))
    before = trees.text[low:phrase_start].rstrip()
    closed = cue + 1 < len(trees.tokens) and trees.word(cue + 1) == ","
    if act is None or not closed or before[-1:] != "," or is_unreal(trees, cue) or is_passive(trees, cue):
        return None
    if not has_finite(trees, cue + 2, high) or has_finite(trees, trees.token_at(low), low + len(before)):
        return None
    return strip_dateline(trees, low, high, act, "inside", 0.85)


def _is_participle(trees: Trees, i: int) -> bool:
    """Say whether a sentence begins with a participle: "Facing defeat", "Asked whether"."""
    return trees.tokens[i].upos == "VERB" and trees.word(i).endswith(("ing", "ed"))


def _nothing_follows(trees: Trees, cue: int, high: int) -> bool:
    """Say whether no clause is attributed behind the cue: no "that", no finite verb outside of a subordinate clause."""
    k = cue + 1
    if k < len(trees.tokens) and trees.word(k) in OPENS_CLAUSE:
        return False
    while k < len(trees.tokens) and trees.tokens[k].start < high:
        if trees.word(k) in SUBORDINATORS:
            return True
        if (
            trees.word(k) == "that"
            or trees.tokens[k].upos == "AUX"
            or (trees.tokens[k].upos == "VERB" and trees.label(k) not in ("acl", "amod", "advcl"))
        ):
            return False
        k += 1
    return True


def strip_dateline(trees: Trees, start: int, end: int, act: Act, how: str, score: float) -> Content | None:
    """Return the content without the dateline ("OSLO, March 3 (Agency) - ") that a first sentence may begin with."""
    match = DATELINE.match(trees.text, start, end)
    at_line = start == 0 or trees.text[start - 1] == "\n"
    if at_line and match is not None and _shouts(match.group()):
        start = match.end()
    start, end = trim_edges(trees.text, start, end)
    for opening in ("But ", "And "):
        if trees.text.startswith(opening, start, end):
            start += len(opening)
    return Content(start, end, act, how, score) if end > start else None


def _shouts(dateline: str) -> bool:
    """Say whether a dateline begins with a place in capitals."""
    first = re.match(r"\w+", dateline)
    return first is not None and len(first.group()) > 1 and first.group().isupper()


def find_called(trees: Trees, cue: int, high: int) -> Content | None:
    """Return what stands behind "what officials called": to the comma or the end."""
    if trees.cue_lemma(cue) not in CALLING or is_passive(trees, cue):
        return None
    first = cue + 1 + (trees.word(min(cue + 1, len(trees.tokens) - 1)) == "as")
    return span_content(trees, first, object_end(trees, cue, first, high), "say", "called", 0.8)


def find_around(trees: Trees, first: int, last: int, low: int, high: int) -> Iterator[Content]:
    """Yield the sentence without its "according to NP" (tokens ``first`` to ``last``): the longer side of it."""
    before = trim_edges(trees.text, low, trees.tokens[first].start)
    after = trim_edges(trees.text, trees.tokens[last - 1].end, high)
    for word in ASIDES:
        if trees.text.startswith(word, after[0], after[1]):
            after = trim_edges(trees.text, after[0] + len(word), after[1])
    if re.match(r"(?:who|which|whose)\b", trees.text[after[0] : after[1]]):  # "according to X, which runs two camps"
        after = (after[1], after[1])
    gloss = re.search(r", (?:which|who|where|whose) [^,]*$", trees.text[after[0] : after[1]])
    after = (after[0], after[0] + gloss.start()) if gloss else after
    start, end = before if before[1] - before[0] >= after[1] - after[0] else after
    content = strip_dateline(trees, start, end, "say", "according", 0.93)
    if content is not None and has_finite(trees, trees.token_at(content.start), content.end):
        yield content

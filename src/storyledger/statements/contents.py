"""What a cue attributes, read off the tree: from a cue's token to the content's characters.

The content is the whole of what is attributed: a finite clause without "that", an infinitive with "to" and whoever is to
do it, a noun phrase with what belongs to it; where the cue stands behind or inside ("X, she said"), the clause around it.
This module must not know quotation marks or speakers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyledger.statements.cues import Act, load_cues, load_needs
from storyledger.statements.segments import Segments
from storyledger.statements.sources import Source
from storyledger.statements.trees import Span, Trees

MODALS = frozenset(
    {"will", "would", "may", "might", "should", "could", "can", "must", "shall", "'ll", "’ll", "'d", "’d"}
)
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "neither", "nor", "hardly"})
COMPLEMENTISERS = frozenset({"that"})
EDGE = frozenset(" \t\n\u00a0,;:-–—")
DATELINE = re.compile(r"[A-Z][\w .,'’/-]{1,60}?(?:\([\w .,'’/-]{1,30}\)\s*)?(?:\s[-–]|\s?—)\s+")
FINITE = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Content:
    """Positions of a content with the act it is reported as, and how sure its construction is."""

    start: int
    end: int
    act: Act
    how: str
    score: float


def iter_contents(trees: Trees, cue: int) -> Iterator[Content]:
    """Yield what the verb ``cue`` may attribute, the surest construction first; only one of them is meant.

    Negated cues attribute nothing ("did not say"), nor do those that somebody may, would or might use.
    """
    if is_unreal(trees, cue):
        return
    for construction in (_with_infinitive_of, _with_clause, _with_infinitive, _around, _with_object):
        content = construction(trees, cue)
        if content is not None and content.end > content.start:
            yield content


def is_unreal(trees: Trees, cue: int) -> bool:
    """Say whether the cue is negated, only possible, conditional or asked for."""
    around = trees.select(cue, "aux", "advmod", "neg", "cc", "cc:preconj")
    if any(trees.word(c) in NEGATIONS or (trees.word(c) in MODALS and trees.label(c) == "aux") for c in around):
        return True
    if any(trees.word(c) in ("if", "unless", "whether") for c in trees.select(cue, "mark")):
        return True
    head = trees.tokens[cue].head
    if trees.label(cue) == "xcomp" and trees.tokens[head].lemma in (
        "decline",
        "refuse",
        "fail",
        "want",
        "try",
        "expect",
        "need",
    ):
        return True
    return any(trees.word(c) in ("no", "nobody", "none", "neither", "nothing") for c in _subject_words(trees, cue))


def _subject_words(trees: Trees, cue: int) -> list[int]:
    """Return the subjects of the cue with their determiners."""
    subjects = trees.select(cue, "nsubj")
    return [*subjects, *(d for s in subjects for d in trees.select(s, "det"))]


def _is_passive(trees: Trees, cue: int) -> bool:
    return bool(trees.select(cue, "nsubj:pass", "aux:pass", "csubj:pass"))


def _lemma(trees: Trees, cue: int) -> str:
    return trees.tokens[cue].lemma.lower()


def _make(trees: Trees, span: Span, act: Act, how: str, score: float) -> Content | None:
    """Return the content of a range of tokens, its edges trimmed; None where nothing is left."""
    start, end = trim_edges(trees.text, *trees.chars(span))
    return Content(start, end, act, how, score) if end > start else None


def trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without white space, commas, dashes and colons at its edges and without a last full stop."""
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and (text[end - 1] in EDGE or (text[end - 1] == "." and _is_full_stop(text, start, end))):
        end -= 1
    return start, end


def _is_full_stop(text: str, start: int, end: int) -> bool:
    """Say whether the last dot ends a sentence and not an abbreviation ("6 a.m.", "U.S.")."""
    word = text[max(start, end - 6) : end].rsplit(" ", 1)[-1]
    return not re.search(r"(?:^|[^\w])(?:\w\.){2,}$|^(?:\w\.){2,}$", word) or text[end : end + 1] == ""


# --------------------------------------------------------------------------- constructions


def _with_clause(trees: Trees, cue: int) -> Content | None:
    """Find "said (that) the road was closed" and "asked whether it was": the clause without "that"."""
    act = load_cues()["clause"].get(_lemma(trees, cue)) or load_cues()["quoted"].get(_lemma(trees, cue))
    clauses = trees.select(cue, "ccomp")
    if act is None or not clauses or _is_passive(trees, cue):
        return None
    clause = clauses[0]
    marks = [c for c in trees.select(clause, "mark") if trees.word(c) in COMPLEMENTISERS]
    first, last = trees.reach(clause, _foreign(trees, clause, cue))
    if marks and first <= marks[0] < last - 1:
        first = max(first, marks[0] + 1) if marks[0] - first <= 2 else first
    if first <= cue < last:  # the clause lies around the cue: keep its longer side
        first, last = (first, cue) if cue - first >= last - cue else (cue + 1, last)
    if act == "ask" and not marks and _is_that_clause_missing(trees, clause):
        act = "ask"
    content = _make(trees, (first, last), act, "clause", 0.9 if first > cue else 0.88)
    return _without_dateline(trees, content)


def _is_that_clause_missing(trees: Trees, clause: int) -> bool:
    return not any(trees.word(c) in ("whether", "if") for c in trees.select(clause, "mark"))


def _foreign(trees: Trees, clause: int, cue: int) -> list[int]:
    """Return what hangs under a clause but is not attributed: the cue itself where it hangs there."""
    under = [c for c in trees.children[clause] if c == cue]
    return [*under, *(c for c in trees.select(clause, "parataxis", "discourse") if cue in trees.subtree(c))]


def _with_infinitive_of(trees: Trees, cue: int) -> Content | None:
    """Find "urged residents to leave", "called on the state to sell": from who is to do it to the end of what."""
    act = load_cues()["object_infinitive"].get(_lemma(trees, cue))
    if act is None or _is_passive(trees, cue):
        return None
    infinitives = [x for x in trees.select(cue, "xcomp", "ccomp", "advcl") if _has_to(trees, x)]
    objects = [o for o in trees.select(cue, "obj", "iobj", "obl") if o > cue and infinitives and o < infinitives[0]]
    if not infinitives or not objects:
        return None
    first, last = trees.reach(objects[0])[0], trees.reach(infinitives[0])[1]
    preposition = trees.select(objects[0], "case")
    first = max(first, preposition[0] + 1) if preposition and preposition[0] == first else first
    return _make(trees, (first, last), act, "object infinitive", 0.85)


def _has_to(trees: Trees, verb: int) -> bool:
    return any(trees.word(c) == "to" for c in trees.select(verb, "mark", "aux"))


def _with_infinitive(trees: Trees, cue: int) -> Content | None:
    """Find "vowed to fight on" with its "to", and "denied having met him"."""
    act = load_cues()["infinitive"].get(_lemma(trees, cue))
    if act is None or _is_passive(trees, cue):
        return None
    for x in trees.select(cue, "xcomp", "ccomp", "advcl"):
        gerund = trees.word(x).endswith("ing") or any(trees.word(c).endswith("ing") for c in trees.select(x, "aux"))
        if x > cue and (_has_to(trees, x) or (gerund and trees.label(x) != "advcl")):
            return _make(trees, trees.reach(x), act, "infinitive", 0.85)
    return None


def _around(trees: Trees, cue: int) -> Content | None:
    """Find "X, the mayor said" and "as the mayor put it": the clause that the cue hangs on, without the cue."""
    act = load_cues()["clause"].get(_lemma(trees, cue)) or load_cues()["quoted"].get(_lemma(trees, cue))
    head = trees.tokens[cue].head
    hangs = trees.label(cue) == "parataxis" or (
        trees.label(cue) == "advcl" and any(trees.word(c) == "as" for c in trees.select(cue, "mark", "advmod", "case"))
    )
    if act is None or head == cue or not hangs or trees.select(cue, "ccomp") or not trees.select(cue, "nsubj"):
        return None
    content = piece_around(trees, head, trees.reach(cue), act)
    return _without_dateline(trees, content)


def piece_around(trees: Trees, clause: int, hole: Span, act: Act) -> Content | None:
    """Return the longer side of a clause around a cue's phrase, as a content."""
    under = [i for i in trees.subtree(clause) if not hole[0] <= i < hole[1]]
    before, after = [i for i in under if i < hole[0]], [i for i in under if i >= hole[1]]
    before, after = _spoken(trees, before), _spoken(trees, after)
    side = before if len(before) >= len(after) else after
    return _make(trees, (side[0], side[-1] + 1), act, "around", 0.88) if len(side) > 1 else None


def _spoken(trees: Trees, tokens: list[int]) -> list[int]:
    """Return the tokens where more than punctuation is among them."""
    return tokens if any(trees.tokens[i].upos != "PUNCT" for i in tokens) else []


def find_before(trees: Trees, cue: int, source: Source, segments: Segments) -> Iterator[Content]:
    """Yield the clause before "..., NP said" where the cue's sentence ends with it: read off the commas, not the tree.

    Nothing but a hearer, a time or a venue may follow the cue; the clause before has a finite verb.
    """
    act = load_cues()["clause"].get(_lemma(trees, cue))
    low, high = segments.at(trees.tokens[cue].start)
    before = trees.text[low : source.start].rstrip()
    if (
        act is None
        or is_unreal(trees, cue)
        or source.start > trees.tokens[cue].start
        or before[-1:] not in (",", "”", '"')
    ):
        return
    first, last = trees.tokens_in(low, low + len(before))
    if not any(trees.tokens[i].upos in FINITE for i in range(first, last)) or not _nothing_follows(trees, cue, high):
        return
    start, end = trim_edges(trees.text, low, low + len(before))
    content = _without_dateline(trees, Content(start, end, act, "before", 0.9))
    if content is not None and end > start:
        yield content


def _nothing_follows(trees: Trees, cue: int, high: int) -> bool:
    """Say whether behind the cue stand only a hearer, a time or a venue."""
    i = cue + 1
    while (
        i < len(trees.tokens)
        and trees.tokens[i].start < high
        and trees.tokens[i].upos in ("NOUN", "PROPN", "DET", "ADJ", "PRON", "ADV")
    ):
        if trees.word(i) in ("that", "it", "he", "she", "they", "there", "we") and trees.word(cue) not in (
            "told",
            "tells",
        ):
            return False
        i += 1
    if i >= len(trees.tokens) or trees.tokens[i].start >= high:
        return True
    return trees.tokens[i].upos in ("PUNCT", "ADP", "SCONJ", "CCONJ") and trees.word(i) not in (
        "that",
        "whether",
        "if",
        ":",
        "“",
        '"',
    )


def _with_object(trees: Trees, cue: int) -> Content | None:
    """Find "announced the closure", "denied the charge", "described the vote as a farce": the object to its end."""
    lemma = _lemma(trees, cue)
    act = load_cues()["object"].get(lemma)
    objects = [o for o in trees.select(cue, "obj") if o > cue]
    if act is None or not objects or _is_passive(trees, cue):
        return None
    first, last = trees.reach(objects[0])
    needs = load_needs().get(lemma, frozenset())
    tails = [
        c for c in trees.children[cue] if c > objects[0] and _belongs(trees, c, needs | {"of", "for", "as", "at", "on"})
    ]
    if needs and not any(trees.is_named(p, needs) for c in [*tails, objects[0]] for p in _prepositions(trees, c)):
        return None
    if (
        lemma in ("call", "brand", "label", "dub")
        and not tails
        and not trees.select(objects[0], "xcomp", "amod", "appos")
    ):
        return None
    for tail in tails:
        last = max(last, trees.reach(tail)[1])
    return _make(trees, (first, last), act, "object", 0.72)


def _prepositions(trees: Trees, i: int) -> list[int]:
    """Return the prepositions of a phrase and of what hangs on it directly."""
    return [p for k in (i, *trees.select(i, "nmod", "acl", "advcl")) for p in trees.select(k, "case", "mark")]


def _belongs(trees: Trees, i: int, prepositions: Iterable[str]) -> bool:
    """Say whether what follows the object is part of what is said of it."""
    label = trees.label(i)
    if label in ("xcomp", "ccomp"):
        return True
    if label in ("obl", "nmod", "advcl"):
        return any(trees.is_named(p, prepositions) for p in trees.select(i, "case", "mark")) and not _is_day(trees, i)
    return False


def _is_day(trees: Trees, i: int) -> bool:
    return trees.tokens[i].lemma.endswith("day") and trees.tokens[i].upos == "PROPN"


def _without_dateline(trees: Trees, content: Content | None) -> Content | None:
    """Return the content without the dateline ("OSLO, March 3 (Agency) - ") that a first sentence begins with."""
    if content is None:
        return None
    line_start = trees.text.rfind("\n", 0, content.start) + 1
    if line_start != content.start:
        return content
    match = DATELINE.match(trees.text, content.start, content.end)
    if match is None or not _shouts(match.group()):
        return content
    return Content(match.end(), content.end, content.act, content.how, content.score)


def _shouts(dateline: str) -> bool:
    """Say whether a dateline begins with a place in capitals."""
    first = re.match(r"\w+", dateline)
    return first is not None and len(first.group()) > 2 and first.group().isupper()

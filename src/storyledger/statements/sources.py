"""Who a cue attributes to: the noun phrase that is its source.

Read off the words beside the cue where it plainly stands there, else off the tree. This module must not know contents,
quotation marks or actors.
"""

from __future__ import annotations

from dataclasses import dataclass

from storyledger.statements.cues import load_cues, load_sources
from storyledger.statements.phrases import (
    INDEFINITE,
    LINKS,
    NOMINAL,
    PHRASE,
    RELATIVES,
    TIME_WORDS,
    has_be_before,
    skip_phrase,
)
from storyledger.statements.trees import Trees

MAX_SOURCE_CHARS = 160  # the longest apposition with its relative clause in 300 annotated news sentences has 97
MAX_STEPS = 6  # from a participle up to the verb that has the subject; longer chains were parse errors
NEAR = 6  # tokens around the head of a phrase that is too long
BETWEEN = frozenset({"AUX", "ADV"})
OPENERS = frozenset({'"', "”", "’", "'", "»"})
LEADERS = frozenset({"leader", "group", "minister", "president"})
# Written with a capital they are an office still, and who holds it may follow: "the Foreign Secretary, Anna Berg".
OFFICES = LEADERS | {"secretary", "chairman", "chairwoman", "director", "premier", "chancellor", "governor", "mayor"}
PAPERS = frozenset({"today", "week", "month", "year"})  # with a capital they end the name of a paper
NOT_INVERTED = frozenset(
    {"tell", "inform", "assure", "remind", "accuse", "blame", "urge", "ask", "call", "describe", "deny", "reject"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """A noun phrase: its head token and the positions of all of it."""

    head: int
    start: int
    end: int


def find_source(trees: Trees, cue: int, low: int = 0) -> Source | None:
    """Return the source of the verb ``cue``: the noun phrase beside it, else its subject or its governor's.

    ``low``: where its sentence begins.
    """
    if has_be_before(trees, cue):
        return _climb(trees, cue)
    if trees.cue_lemma(cue) == "quote" and (quoted := _read_behind(trees, cue)) is not None:
        return quoted  # "...," the agency quoted the minister
    if cue and trees.word(cue - 1) == "as" and trees.word(cue).endswith("ing"):
        return _read_quoted(trees, cue, low)
    if (above := _governing_cue(trees, cue)) is not None:
        return find_source(trees, above, low)
    near = _read_before(trees, cue, low) or _read_over_commas(trees, cue, low) or _read_after(trees, cue, low)
    return near or _climb(trees, cue)


def _governing_cue(trees: Trees, cue: int) -> int | None:
    """Return the verb of speech whose source goes on with "saying" or "adding", whatever noun the tree hangs it on.

    "Denied the reports, saying": not the reports; "said the incident would shock, adding": not the incident.
    """
    if not trees.word(cue).endswith("ing") or trees.tokens[cue].head == cue:
        return None
    up = trees.tokens[cue].head
    if trees.label(cue) == "acl":
        over = trees.tokens[up].head
        return over if _speaks(trees, over) and up in trees.select(over, "obj", "iobj", "obl") else None
    if _speaks(trees, up):
        return up if _takes_object(trees, up, cue) else None
    for _ in range(MAX_STEPS):
        if trees.word(cue) != "adding" and not trees.word(up).endswith("ing"):
            return None
        up = trees.tokens[up].head
        if _speaks(trees, up):
            return up
    return None


def _takes_object(trees: Trees, verb: int, participle: int) -> bool:
    """Say whether the participle's own subject is the object of the verb before it: no "with officials saying"."""
    own = [i for i in trees.select(participle, "nsubj") if verb < i < participle]
    return bool(own) and not trees.select(participle, "mark") and trees.word(own[0] - 1) != "with"


def _speaks(trees: Trees, i: int) -> bool:
    cues = load_cues()
    lemma = trees.cue_lemma(i)
    return trees.tokens[i].upos == "VERB" and (lemma in cues["clause"] or lemma in cues["object"])


def _read_quoted(trees: Trees, cue: int, low: int) -> Source | None:
    """Return who is quoted in "quoted the minister as saying" or "was quoted as saying"."""
    for k in range(cue - 2, -1, -1):
        if trees.tokens[k].start < low:
            return None
        if trees.cue_lemma(k) in ("quote", "cite"):
            if has_be_before(trees, k):
                return _climb(trees, k) or next((make_source(trees, s) for s in trees.select(k, "nsubj:pass")), None)
            end = skip_phrase(trees, k + 1, trees.tokens[cue - 1].start, links=True)
            return phrase_source(trees, k + 1, end) if end > k + 1 else None
    return None


def _read_behind(trees: Trees, cue: int) -> Source | None:
    """Return the noun phrase right behind a verb of the same sentence."""
    end = trees.sentence_span(cue)[1]
    last = skip_phrase(trees, cue + 1, trees.tokens[end - 1].end, links=True)
    return phrase_source(trees, cue + 1, last) if cue + 1 < last else None


def _climb(trees: Trees, cue: int) -> Source | None:
    """Return the subject of the cue, or of the verb that it hangs on."""
    at = cue
    inverted = trees.cue_lemma(cue) not in NOT_INVERTED
    for _ in range(MAX_STEPS):
        found = _own_source(trees, at)
        if found is not None and (found < at or inverted):
            return make_source(trees, found)
        if trees.select(at, "nsubj", "expl"):
            return None
        up = trees.tokens[at].head
        label = trees.label(at)
        if label == "conj" and trees.label(up) == "ccomp" and _is_resumed(trees, at):
            up = trees.tokens[up].head
        if up == at or label not in ("conj", "xcomp", "advcl", "acl", "parataxis", "dep"):
            return None
        if label == "acl":
            return make_source(trees, up) if can_speak(trees, up) else None
        at = up
    return None


def _is_resumed(trees: Trees, cue: int) -> bool:
    """Say whether ", and warned that" joins the cue to the verb of saying before, not to what that one says."""
    joined = cue > 1 and trees.word(cue - 1) in ("and", "but") and trees.word(cue - 2) == ","
    return joined and cue + 1 < len(trees.tokens) and trees.word(cue + 1) == "that"


def can_speak(trees: Trees, noun: int) -> bool:
    """Say whether a participle's noun may be its speaker: a name, a text or people ("a statement saying")."""
    documents, anonymous = load_sources()
    lemma = trees.cue_lemma(noun)
    return trees.tokens[noun].upos == "PROPN" or lemma in documents or lemma in anonymous or lemma in LEADERS


def _read_before(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the noun phrase right before the cue, where it begins behind a mark, a conjunction or at the start.

    Surer than the tree, where the tree sees the clause before ("X, Commander Falk said") as one with it.
    """
    last = cue - 1
    while last >= 0 and trees.tokens[last].upos in BETWEEN and trees.tokens[last].start >= low:
        last -= 1
    first = last + 1
    while first > 0 and trees.tokens[first - 1].start >= low and _is_of_phrase(trees, first - 1):
        first -= 1
    return _check_phrase(trees, first, last + 1, low)


def _is_of_phrase(trees: Trees, i: int) -> bool:
    if trees.tokens[i].upos in ("ADP", "CCONJ") or trees.word(i) in ("'s", "’s", "'", "’", "-"):
        return trees.word(i) in LINKS
    return trees.tokens[i].upos in PHRASE and trees.word(i) not in RELATIVES


def _check_phrase(trees: Trees, first: int, last: int, low: int) -> Source | None:
    """Return the source of a run of tokens if it is a noun phrase that begins where one can."""
    if first < last and trees.tokens[first].upos == "CCONJ":
        first += 1
    if first >= last or (
        trees.tokens[last - 1].upos in ("ADP", "DET", "PART") and trees.word(last - 1) not in INDEFINITE
    ):
        return None
    if trees.tokens[first].upos == "ADP" or trees.word(first) in ("to", "'s", "’s"):
        return None
    before = first - 1
    if (
        before >= 0
        and trees.tokens[before].start >= low
        and trees.tokens[before].upos in ("VERB", "AUX", "ADP", "PRON")
    ):
        return None
    return phrase_source(trees, first, last)


def _read_over_commas(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the subject of "Anna Berg, a student who ..., said": all from the sentence's start to the comma."""
    if cue == 0 or trees.word(cue - 1) != "," or trees.tokens[cue - 1].start < low:
        return None
    first = trees.token_at(low)
    while trees.tokens[first].upos in ("CCONJ", "PUNCT") and first < cue:
        first += 1
    participle = trees.tokens[first].upos == "VERB" and trees.word(first).endswith(("ed", "en"))
    end = skip_phrase(trees, first + participle, trees.tokens[cue].start, links=True)
    if end <= first or end >= cue - 1 or trees.word(end) != "," or trees.tokens[first].upos == "ADP":
        return None
    if not any(trees.tokens[i].upos in NOMINAL for i in range(first, end)):
        return None
    found = phrase_source(trees, first, end)
    if found is None or trees.word(cue).endswith("ing"):
        return found
    return Source(found.head, found.start, trees.tokens[cue - 2].end)


def _read_after(trees: Trees, cue: int, low: int) -> Source | None:
    """Return the noun phrase behind a cue that follows a quotation or a clause: "...," said Mikkel Dahn, a student."""
    before = trees.word(cue - 1) if cue else ""
    participle = trees.word(cue).endswith("ing")
    if participle or trees.cue_lemma(cue) in NOT_INVERTED or before not in OPENERS | {","}:
        return None
    if before == "," and not any(trees.tokens[i].upos in ("VERB", "AUX") for i in range(trees.token_at(low), cue)):
        return None
    high = trees.tokens[trees.sentence_span(cue)[1] - 1].end
    last = skip_phrase(trees, cue + 1, high, links=True)
    if last == cue + 1 or (last < len(trees.tokens) and trees.tokens[last].upos in ("VERB", "AUX")):
        return None
    found = phrase_source(trees, cue + 1, last)
    return None if found is None or _is_thing(trees, found) else with_name(trees, found, last)


def _is_thing(trees: Trees, source: Source) -> bool:
    """Say whether a bare noun in the singular stands where a speaker would: "claimed responsibility"."""
    token = trees.tokens[source.head]
    bare = token.upos == "NOUN" and (token.start, token.end) == (source.start, source.end)
    return bare and not trees.word(source.head).endswith("s") and not can_speak(trees, source.head)


def with_name(trees: Trees, source: Source, last: int) -> Source:
    """Return the source with a name behind its comma: "its secretary, Kaspar Ruud"."""
    named = trees.tokens[source.head].upos == "PROPN" and trees.word(source.head) not in OFFICES
    if last >= len(trees.tokens) or trees.word(last) != "," or named:
        return source
    end = last + 1
    while end < len(trees.tokens) and trees.tokens[end].upos == "PROPN":
        end += 1
    return Source(source.head, source.start, trees.tokens[end - 1].end) if end > last + 1 else source


def phrase_source(trees: Trees, first: int, last: int) -> Source | None:
    """Return the source of a run of tokens; its head is the last noun or name before the first preposition.

    Words of time at its end are left out: "a senior official this week".
    """
    while (
        last - 1 > first and trees.word(last - 1) in TIME_WORDS and trees.text[trees.tokens[last - 1].start].islower()
    ):
        last -= 1  # "Lisbon Today" is a paper
    stop = next((i for i in range(first + 1, last) if trees.tokens[i].upos == "ADP"), last)
    heads = [i for i in range(first, stop) if trees.tokens[i].upos in NOMINAL or trees.word(i) in INDEFINITE]
    nouns = [i for i in heads if trees.word(i) not in INDEFINITE] or heads
    if nouns and trees.word(nouns[-1]) in TIME_WORDS and trees.word(nouns[-1]) not in PAPERS:
        return None  # "announced last November", "two years of talks"
    return Source(nouns[-1], *trees.chars((first, last))) if nouns else None


def _own_source(trees: Trees, verb: int) -> int | None:
    """Return the head of the verb's subject or, of a passive, of its agent; of a relative pronoun the antecedent."""
    subjects = trees.select(verb, "nsubj")
    passive = has_be_before(trees, verb) or bool(trees.select(verb, "aux:pass"))
    active = [s for s in subjects if not passive or trees.tokens[s].deprel != "nsubj:pass"]
    for s in active:
        if trees.word(s) in RELATIVES and trees.label(verb) == "acl":
            return trees.tokens[verb].head
        return s
    if len(subjects) > len(active):
        quoted = [c for c in trees.select(verb, "obl", "advcl") if trees.word(c) in ("saying", "telling", "warning")]
        if quoted:
            return subjects[0]
        agents = [o for o in trees.select(verb, "obl") if any(trees.word(p) == "by" for p in trees.select(o, "case"))]
        return agents[0] if agents else None
    return None


def make_source(trees: Trees, head: int) -> Source | None:
    """Return the phrase around ``head``: what hangs on it and is of one piece with it, inside its line.

    A wrongly attached far word must not stretch it; too long, it is cut to the words around the head.
    """
    if trees.tokens[head].upos in ("VERB", "AUX", "PUNCT", "ADV") or trees.word(head) in TIME_WORDS - PAPERS:
        return None
    inside = set(trees.subtree(head, trees.select(head, "parataxis", "cop", "case")))
    first, last = _run_around(trees, head, inside)
    relative = next((i for i in range(head + 1, last + 1) if trees.word(i) in RELATIVES), None)
    last = relative - 1 if relative is not None else last
    while last > head and trees.tokens[last].upos in ("PUNCT", "ADP"):
        last -= 1
    start, end = trees.chars((first, last + 1))
    if end - start > MAX_SOURCE_CHARS:
        inside = {i for i in inside if abs(i - head) <= NEAR and trees.tokens[i].upos in PHRASE}
        first, last = _run_around(trees, head, inside)
        start, end = trees.chars((first, last + 1))
    return Source(head, start, end)


def _run_around(trees: Trees, head: int, inside: set[int]) -> tuple[int, int]:
    """Return the first and last of the run of ``inside`` tokens around ``head``, no punctuation at its edges."""
    first = last = head
    while first - 1 in inside and "\n" not in trees.text[trees.tokens[first - 1].end : trees.tokens[first].start]:
        first -= 1
    while last + 1 in inside and "\n" not in trees.text[trees.tokens[last].end : trees.tokens[last + 1].start]:
        last += 1
    while last > head and trees.tokens[last].upos == "PUNCT":
        last -= 1
    while first < head and trees.tokens[first].upos == "PUNCT":
        first += 1
    return first, last

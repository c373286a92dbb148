"""Noun phrases and times read off the words, left to right: where they end.

This module must not know cues or speakers.
"""

from __future__ import annotations

from storyledger.statements.trees import Trees
from storyledger.statements.words import load_words

NOMINAL = frozenset({"NOUN", "PROPN", "NUM", "PRON"})
PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "PART", "PRON", "SYM", "X"})
LINKS = frozenset({"of", "for", "at", "in", "from", "with", "'s", "’s", "'", "’", "-", "and", "&", "on", "to"})
RELATIVES = frozenset({"who", "which", "that", "whom", "what", "whose"})
TIME_WORDS = load_words("times")
INDEFINITE = load_words("indefinite")
VENUES = load_words("venues")
PREPOSITIONS = frozenset({"on", "in", "at", "during", "after", "by", "before", "from", "through", "via"})
MAX_TIME_TOKENS = 14


def skip_phrase(trees: Trees, i: int, high: int, *, links: bool = False) -> int:
    """Return the token behind the noun phrase that begins at ``i``; ``links``: prepositions inside belong to it."""
    k = i
    while k < len(trees.tokens) and trees.tokens[k].start < high:
        token = trees.tokens[k]
        inner = trees.word(k) in LINKS and (
            links
            or trees.word(k) in ("of", "'s", "’s", "'", "’", "-", "&")
            or (trees.word(k) == "and" and _joins_names(trees, k))
        )
        noun = token.upos in PHRASE and trees.word(k) not in RELATIVES and trees.word(k) != "to"
        linked = k > i and inner and not (trees.word(k) == "to" and _is_verb(trees, k + 1))
        if k > i and trees.word(k) in ("-", "–") and token.start == trees.tokens[k - 1].end:
            k += 2 if k + 1 < len(trees.tokens) and trees.tokens[k + 1].start == token.end else 1  # "state-owned"
        elif noun or linked:
            k += 1
        else:
            break
    k = min(k, len(trees.tokens))
    while k > i and trees.tokens[k - 1].upos in ("ADP", "CCONJ"):
        k -= 1
    return k


def _joins_names(trees: Trees, k: int) -> bool:
    return 0 < k < len(trees.tokens) - 1 and trees.tokens[k - 1].upos == trees.tokens[k + 1].upos == "PROPN"


def _is_verb(trees: Trees, k: int) -> bool:
    return k < len(trees.tokens) and trees.tokens[k].upos in ("VERB", "AUX")


def has_be_before(trees: Trees, verb: int) -> bool:
    """Say whether a form of "be" stands before a participle: "were read out", "was told"."""
    k = verb - 1
    while k >= 0 and trees.tokens[k].upos in ("AUX", "ADV", "PART"):
        if trees.tokens[k].lemma == "be" and not trees.word(verb).endswith("ing"):
            return True
        k -= 1
    return False


def skip_time(trees: Trees, i: int, high: int, *, venues: bool = True) -> int:
    """Return the token behind "on Tuesday", "late last week", "in an interview with the paper"; ``i`` where none is.

    A phrase with a preposition that is no time is only skipped where "that" follows it, for then it is where something
    was said; not without ``venues``.
    """
    k = i
    while k < len(trees.tokens) and trees.tokens[k].start < high and k - i < MAX_TIME_TOKENS:
        word = trees.word(k)
        if (
            word in TIME_WORDS
            and trees.tokens[k].upos in ("NOUN", "PROPN", "ADV", "ADJ", "DET", "ADP", "SCONJ")
            and _is_time_run(trees, k)
        ):
            k += 1
        elif word in PREPOSITIONS and trees.tokens[k].upos in ("ADP", "SCONJ"):
            end = _end_of_place(trees, k + 1, skip_phrase(trees, k + 1, high, links=venues))
            timed = any(trees.word(t) in TIME_WORDS for t in range(k + 1, end)) and end - k <= 6
            venue = venues and any(trees.word(t) in VENUES for t in range(k + 1, end)) and end - k <= 5
            if end == k + 1 or not (timed or venue or (venues and _that_follows(trees, end, high))):
                break
            k = end
        elif word == "," and k > i and _that_follows(trees, k + 1, high):
            k += 1
        else:
            break
    return k


def _end_of_place(trees: Trees, first: int, last: int) -> int:
    """Return where a place or venue ends: before a second phrase of its own ("in a statement | the mayor ...")."""
    for k in range(first + 1, last):
        if trees.word(k - 1) in VENUES and trees.tokens[k].upos in ("DET", "PRON", "PROPN"):
            return k
    return last


def _is_time_run(trees: Trees, k: int) -> bool:
    """Say whether a word of time is not the beginning of something else ("this government", "last rites")."""
    if trees.word(k) not in ("this", "last", "late", "early", "before", "after", "may", "march", "earlier", "later"):
        return True
    following = trees.word(k + 1) if k + 1 < len(trees.tokens) else ""
    return following in TIME_WORDS or following == "on" or trees.word(k) in ("earlier", "later")


def _that_follows(trees: Trees, k: int, high: int) -> bool:
    """Say whether "that" stands at ``k``, or behind one more phrase with a preposition."""
    for _ in range(3):
        if k >= len(trees.tokens) or trees.tokens[k].start >= high:
            return False
        if trees.word(k) == "that":
            return True
        if trees.word(k) == ",":
            k += 1
        elif trees.word(k) in PREPOSITIONS or trees.word(k) in TIME_WORDS:
            k = max(k + 1, skip_phrase(trees, k + 1, high, links=True))
        else:
            return False
    return k < len(trees.tokens) and trees.word(k) == "that"

"""The words that tell an event: the clause around its predicate, without what tells something else.

Invariant: a clause is one range of the sentence that contains the predicate, and starts and ends at
tokens. This module must not know PLOVER or actors.
"""

from __future__ import annotations

from storyledger.events.frames import Frame
from storyledger.events.lexicon import load_words
from storyledger.events.trees import Trees

MAX_CLAUSE_CHARS = 240  # gold clauses: 47 at the median, 113 at the 98th percentile, 176 at most (ferry 01 to 11)
# What hangs on a predicate but tells another thing.
_LEFT_OUT = ("conj", "cc", "punct", "parataxis", "advcl", "discourse", "mark", "dislocated", "vocative", "list")
_PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM", "VERB"})  # what goes on a phrase rather than begins a clause
_COMMA = 2  # tokens from a noun to the participle after a comma
_GOING_ON = frozenset({"and", "but", "or", "so", "yet"})  # after a comma: another clause, whatever the tree makes of it
_STOPS = frozenset({".", "!", "?", ";", ":", "—", "–", "--"})


def find_clause(trees: Trees, frame: Frame) -> tuple[int, int]:
    """Return the first and last (exclusive) token of the clause that tells ``frame``.

    A contiguous run around the predicate of its own arguments; what is left out ends the run where it
    stands between, unless a longer part of the clause follows within the bound.
    """
    index = frame.token
    keep = _kept(trees, index)
    if frame.is_noun:
        keep |= _light_part(trees, frame)
    first = last = index
    own = sorted(keep)
    position = own.index(index)
    for previous in reversed(own[:position]):
        if not _joins(trees, previous, first, index):
            break
        first = previous
    for following in own[position + 1 :]:
        if not _joins(trees, following, last, index):
            break
        last = following
    first, last = _trim(trees, first, _find_end(trees, last, index), index)
    return _with_noun(trees, first, index), last


def _find_end(trees: Trees, last: int, index: int) -> int:
    """Where the clause of a verb without an object ends, if it would end inside the phrase that follows.

    A tree may hang the object elsewhere ("rejected the U.S. | offer to stay"): then the words go on to the next mark.
    """
    if trees.tokens[index].upos != "VERB" or trees.dependents(index, "obj", "ccomp"):
        return last
    after = trees.reading.sentences[trees.sentence_of[index]].last
    if last + 1 >= after or trees.tokens[last + 1].upos not in _PHRASE:
        return last
    end = last
    while end + 1 < after and trees.tokens[end + 1].upos != "PUNCT":
        end += 1
    return end if trees.tokens[end].end - trees.tokens[index].start <= MAX_CLAUSE_CHARS else last


def _with_noun(trees: Trees, first: int, index: int) -> int:
    """Where the clause of a participle begins: at the noun that it is said of, where that stands right before it."""
    noun = trees.tokens[index].head
    bare = trees.tokens[index].deprel == "acl" and trees.tokens[index].upos == "VERB" and noun < first
    if not bare or first - noun > _COMMA or any(trees.words[token] != "," for token in range(noun + 1, first)):
        return first
    before = [token for token in trees.subtree(noun, "acl", "conj", "nmod", "appos") if token <= noun]
    starts = trees.tokens[min(before)].start
    return min(before) if trees.tokens[index].start - starts <= MAX_CLAUSE_CHARS else first


def _kept(trees: Trees, index: int) -> set[int]:
    keep = {index}
    for child in trees.children[index]:
        if trees.relation(child) in _LEFT_OUT:
            continue
        if trees.relation(child) in ("nsubj", "csubj", "obl", "obj", "nmod"):
            keep |= set(trees.subtree(child, "acl:relcl", "parataxis", "appos"))
        elif (
            trees.relation(child) == "acl"
        ):  # of a relative clause the first part: what is joined on tells something new
            keep |= set(trees.subtree(child, "parataxis", "conj"))
        else:
            keep |= set(trees.subtree(child, "parataxis"))
    return keep


def _light_part(trees: Trees, frame: Frame) -> set[int]:
    """For the object of a light verb, the verb and its subject tell the event too."""
    head = trees.tokens[frame.token].head
    if trees.relation(frame.token) != "obj" or trees.tokens[head].upos != "VERB":
        return set()
    return _kept(trees, head)


def _joins(trees: Trees, new: int, edge: int, index: int) -> bool:
    """Whether the run may jump the gap to ``new``: over few words, no end of a clause, within the bound."""
    gap = abs(new - edge) - 1
    between = range(min(new, edge) + 1, max(new, edge))
    if any(trees.words[token] in _STOPS for token in between):
        return False
    if any(trees.words[token] in _GOING_ON and trees.words[token - 1] == "," for token in between):
        return False
    if new < index and any(
        trees.words[token] in load_words("marks") and trees.tokens[token].head == index for token in (edge, *between)
    ):
        return False
    span = abs(trees.tokens[new].start - trees.tokens[index].start)
    return gap <= (8 if new < edge else 4) and span <= MAX_CLAUSE_CHARS


def _trim(trees: Trees, first: int, last: int, index: int) -> tuple[int, int]:
    """Cut punctuation and connectives at the edges."""
    noun = trees.tokens[index].upos not in ("VERB", "AUX")
    while first < index and (
        trees.tokens[first].upos in ("PUNCT", "CCONJ", "SCONJ", "SYM")
        or (noun and trees.tokens[first].upos == "ADP")
        or trees.words[first] in load_words("marks")
    ):
        first += 1
    following = trees.words[last + 1] if last + 1 < len(trees.words) else ""
    if (
        following in ("after", "before") and trees.tokens[last].deprel == "obl:unmarked"
    ):  # "a week | after the wreck ..."
        last = max(index, min(trees.subtree(last)) - 1)
    while last > index and trees.tokens[last].upos in ("PUNCT", "CCONJ"):
        last -= 1
    return first, last + 1

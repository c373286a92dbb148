"""Names from the network's rows: where they stand, of what kind, without titles and determiners.

Invariant: names never overlap, are in text order, start and end at a token's edge and inside one
sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.reading.arithmetic import Floats, softmax
from storyledger.reading.clauses import Tree
from storyledger.reading.gazetteer import titles
from storyledger.reading.wordlists import word_set

NameSpan = tuple[int, int, str, float]  # words of the sentence, kind, score
DETERMINERS = word_set("determiners")
NAMES_TOO = word_set("names_too")
OFFICES, PORTFOLIOS = word_set("offices"), word_set("portfolios")
POSSESSIVES = frozenset({"'s", "’s", "'", "’", "'S"})


def decode_names(logits_NL: Floats, labels: Sequence[str]) -> list[NameSpan]:
    """Return the names that the rows spell out, greedy, in order.

    A name runs from a B over the I's after it (an I after O begins one too); its kind is the one with
    the highest summed probability over the run, so that one stray label cannot split it.
    """
    p = softmax(logits_NL)
    best = p.argmax(1)
    spans: list[NameSpan] = []
    first: int | None = None
    for i in range(len(best) + 1):
        label = labels[int(best[i])] if i < len(best) else "O"
        if first is not None and not label.startswith("I-"):
            spans.append(_typed(p, labels, first, i))
            first = None
        if first is None and label != "O":
            first = i
    return spans


def _typed(p: Floats, labels: Sequence[str], first: int, last: int) -> NameSpan:
    """Return the span with its likeliest kind and that kind's mean probability."""
    mass: dict[str, float] = {}
    for column, label in enumerate(labels):
        if label != "O":
            mass[label[2:]] = mass.get(label[2:], 0.0) + float(p[first:last, column].sum())
    kind = max(sorted(mass), key=lambda k: mass[k])
    return first, last, kind, mass[kind] / (last - first)


def clean_name(words: Sequence[str], first: int, last: int, kind: str) -> tuple[int, int]:
    """Return the name without leading titles and determiners and without a possessive ending.

    What is no person keeps a capitalised title: "General Electric", "the Premier League".
    """
    while last - 1 > first and (words[last - 1] in POSSESSIVES or not any(c.isalnum() for c in words[last - 1])):
        if words[last - 1] in {")", "!", "?"} and "(" in words[first:last]:
            break
        last -= 1
    while first < last - 1 and (step := _lead(words, first, last, kind == "PER")):
        first += step
    return first, last


def _lead(words: Sequence[str], first: int, last: int, is_person: bool) -> int:
    """Return how many words of a determiner, a title or stray punctuation begin the name."""
    low = [w.lower() for w in words[first : min(first + 4, last)]]
    if is_person or words[first][:1].islower() or words[first].endswith("."):
        for size in (3, 2, 1):
            if size < last - first and tuple(low[:size]) in titles():
                return size
    return int(low[0] in DETERMINERS or not any(c.isalnum() for c in low[0]))


def _after_title(words: Sequence[str], first: int, last: int) -> int:
    """Return where a person's name begins: after the last title inside it ("Iraqi President X")."""
    for k in range(last - 2, first, -1):
        if (words[k].lower(),) in titles() and words[k].lower() not in NAMES_TOO:
            return k + 1
    return first


def _is_title(words: Sequence[str], first: int, last: int) -> bool:
    """Tell whether the words are a title, or with those behind them ("Prime" Minister)."""
    low = [w.lower() for w in words[first : last + 2]]
    return any(tuple(low[:size]) in titles() for size in range(last - first, len(low) + 1))


def find_offices(words: Sequence[str]) -> list[tuple[int, int]]:
    """Return the ranges of offices with their portfolio: "Secretary of State", "Minister of Trade and Industry"."""
    found = []
    for first, word in enumerate(words):
        end = first + 1
        if word.lower() not in OFFICES or not word[:1].isupper():
            continue
        while end + 1 < len(words) and words[end].lower() in {"of", "for", "and", ","}:
            start = end + 1 + (words[end + 1].lower() == "the")
            stop = start
            while stop < len(words) and words[stop].lower() in PORTFOLIOS and words[stop][:1].isupper():
                stop += 1
            if stop == start:
                break
            end = stop
        if end > first + 1:
            found.append((first, end))
    return found


def _cut_office(span: NameSpan, offices: Sequence[tuple[int, int]]) -> NameSpan | None:
    """Return the name without the office that it begins with or runs into; None where it is nothing else."""
    first, last, kind, score = span
    for a, b in offices:
        if a <= first < b:
            if last <= b:
                return None
            first, kind = b, "PER"  # whoever follows holds it
        elif first < a < last <= b:
            last = a
    return first, last, kind, score


def find_names(logits_NL: Floats, labels: Sequence[str], tree: Tree) -> list[NameSpan]:
    """Return the cleaned names of a sentence; what is a title alone, or begins one, is no name."""
    found = []
    offices = find_offices(tree.words)
    for span in decode_names(logits_NL, labels):
        cut = _cut_office(span, offices)
        if cut is None:
            continue
        first, last, kind, score = cut
        a, b = clean_name(tree.words, first, last, kind)
        if kind == "PER":
            a = _after_title(tree.words, a, b)
        if kind == "PER" and _is_title(tree.words, a, b):
            continue
        if any(c.isalnum() for w in tree.words[a:b] for c in w):
            found.append((a, b, kind, score))
    return found

"""Who is said to have said what: source, cue and content.

The network marks words as source, cue or content; the roles of a cue's predicate and the tree give
the extents; quotation marks carry a content over sentences. Precision first: without a content there
is no attribution. Positions are words of the article until the very end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.reading.clauses import Tree, stretch, subtree
from storyledger.reading.layout import Layout
from storyledger.reading.network import Floats
from storyledger.reading.quotations import WordRange, quotation_at
from storyledger.reading.wordlists import read_lists
from storyledger.types import Attribution, Predicate

SIGNS = frozenset({",", ".", '"', "“", "”", "''", "``", ":", ";", "‘", "’", "--", "—", "–", "’’", "‘‘"})
TAIL_SURE = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """An attribution in words of the article."""

    source: WordRange | None
    cue: WordRange | None
    content: tuple[WordRange, ...]
    score: float


def cue_words() -> dict[str, frozenset[str]]:
    """Return the lemmas that attribute, by their kind."""
    return read_lists("cues.toml")


def find_attributions(
    trees: Sequence[Tree],
    predicates: Sequence[Sequence[Predicate]],
    marks_WA: Floats,
    quotations: Sequence[WordRange],
    layout: Layout,
) -> tuple[Attribution, ...]:
    """Return the attributions in text order; ``marks_WA``: probabilities of O, source, cue, content."""
    found: list[Found] = []
    for tree, own in zip(trees, predicates, strict=True):
        found.extend(_in_sentence(tree, own, marks_WA, quotations))
    found = _drop_nested_twins(found)
    found.extend(_loose_quotations(trees, found, quotations, layout))
    found.sort(key=lambda f: (min(a for a, _ in f.content), f.cue or (0, 0)))
    return tuple(_to_offsets(f, layout) for f in found)


def _in_sentence(
    tree: Tree, predicates: Sequence[Predicate], marks: Floats, quotations: Sequence[WordRange]
) -> list[Found]:
    """Return the attributions whose cue stands in this sentence."""
    found = []
    by_token = {p.token: p for p in predicates}
    for word in range(len(tree)):
        if tree.lemmas[word].lower() == "accord" or tree.words[word].lower() == "according":
            found.extend(_according(tree, word))
        elif tree.first + word in by_token:
            found.extend(_by_predicate(tree, word, by_token[tree.first + word], marks, quotations))
    return found


def _according(tree: Tree, word: int) -> list[Found]:
    """Return what is attributed by "according to X": the clause that it hangs from, without it."""
    if word + 1 >= len(tree) or tree.words[word + 1].lower() != "to":
        return []
    noun = (
        tree.heads[word]
        if tree.deprels[word] in {"case", "mark", "fixed"}
        else next((c for c in tree.children[word] if c > word + 1 and tree.upos[c] in {"NOUN", "PROPN", "PRON"}), None)
    )
    if noun is None or noun <= word:
        return []
    source = stretch(tree, subtree(tree, noun, drop=("case",)), noun)
    source = (max(source[0], word + 2), source[1])
    inside = set(range(word, source[1]))
    top = tree.heads[noun] if tree.deprels[word] in {"case", "mark", "fixed"} else tree.heads[word]
    if top in inside or source[0] >= source[1]:
        return []
    members = set(subtree(tree, _clause_top(tree, top))) - inside - set(range(word, source[1]))
    pieces = _pieces(tree, members)
    if not pieces:
        return []
    base = tree.first
    return [Found((base + source[0], base + source[1]), (base + word, base + word + 2), pieces, 0.85)]


def _clause_top(tree: Tree, word: int) -> int:
    """Return the word that heads what ``word`` is said of: the sentence's main clause, or what is quoted in it."""
    while tree.heads[word] != word and tree.deprels[word] not in {"ccomp", "parataxis"}:
        word = tree.heads[word]
    return word


def _by_predicate(
    tree: Tree, word: int, predicate: Predicate, marks: Floats, quotations: Sequence[WordRange]
) -> list[Found]:
    """Return the attribution that the predicate at ``word`` makes, if it is a cue with a content."""
    at = tree.first + word
    lemma, cues = tree.lemmas[word].lower(), cue_words()
    p_cue = float(marks[at, 2])
    kind = next((k for k in ("say", "think", "act", "nouns") if lemma in cues[k]), "")
    if predicate.is_noun and kind != "nouns" and p_cue < 0.5:
        return []
    threshold = {"say": 0.15, "think": 0.4, "act": 0.4, "nouns": 0.5}.get(kind, 0.6)
    if p_cue < threshold or (quotation_at(quotations, at) is not None and p_cue < 0.6):
        return []
    source = _source(tree, predicate, marks, word)
    content = _content(tree, word, predicate, marks, quotations, kind)
    if not content:
        return []
    if source is not None:
        content = tuple(c for c in content if c[1] <= source[0] or c[0] >= source[1])
    if not content:
        return []
    mean = math.fsum(float(marks[a:b, 3].sum()) for a, b in content) / sum(b - a for a, b in content)
    score = 0.5 * p_cue + 0.3 * mean + (0.2 if source is not None else 0.0)
    return [Found(source, _cue_range(tree, word), content, min(score, 0.99))]


def _cue_range(tree: Tree, word: int) -> WordRange:
    """Return the cue with its particle or preposition ("called on", "pointed out")."""
    last = word + 1
    if last < len(tree) and tree.deprels[last] == "compound:prt" and tree.heads[last] == word:
        last += 1
    return tree.first + word, tree.first + last


def _source(tree: Tree, predicate: Predicate, marks: Floats, word: int) -> WordRange | None:
    """Return the sayer: the cue's subject or ARG0, else the nearest run of words marked as source."""
    top = word
    for _ in range(3):
        for child in tree.children[top]:
            if tree.deprels[child] in {"nsubj", "obl:agent"} or (
                tree.deprels[child] == "obl"
                and any(tree.words[c].lower() == "by" for c in tree.children[child])
                and any(tree.deprels[c] in {"nsubj:pass", "aux:pass"} for c in tree.children[top])
            ):
                first, last = stretch(tree, subtree(tree, child, drop=("case", "acl:relcl", "cc", "punct")), child)
                return _antecedent(tree, child, tree.first + first, tree.first + last)
        if tree.deprels[top] not in {"conj", "xcomp"} or tree.heads[top] == top:
            break
        top = tree.heads[top]
    for argument in predicate.arguments:
        if argument.role == "ARG0" and argument.score > 0.5:
            return argument.first, argument.last
    return _marked_source(tree, marks, word)


def _antecedent(tree: Tree, child: int, first: int, last: int) -> WordRange:
    """Return the antecedent's words for a relative pronoun, else the range itself."""
    if tree.words[child].lower() not in {"who", "which", "that"} or tree.upos[child] != "PRON":
        return first, last
    for above in (tree.heads[child], tree.heads[tree.heads[child]]):
        if tree.deprels[above] in {"acl:relcl", "acl"}:
            noun = tree.heads[above]
            a, b = stretch(tree, subtree(tree, noun, drop=("acl:relcl", "acl", "case", "punct", "cc", "conj")), noun)
            return tree.first + a, tree.first + b
    return first, last


def _marked_source(tree: Tree, marks: Floats, word: int) -> WordRange | None:
    """Return the run of words that the network marks as source and that stands nearest to the cue."""
    runs = _runs([float(marks[tree.first + i, 1]) > 0.5 for i in range(len(tree))])
    if not runs:
        return None
    first, last = min(runs, key=lambda r: min(abs(r[0] - word), abs(r[1] - 1 - word)))
    return tree.first + first, tree.first + last


def _runs(flags: Sequence[bool]) -> list[WordRange]:
    """Return the unbroken runs of true flags."""
    runs, first = [], None
    for i, flag in enumerate([*flags, False]):
        if flag and first is None:
            first = i
        elif not flag and first is not None:
            runs.append((first, i))
            first = None
    return runs


def _content(
    tree: Tree, word: int, predicate: Predicate, marks: Floats, quotations: Sequence[WordRange], kind: str
) -> tuple[WordRange, ...]:
    """Return what is said: the cue's clause, or the clause it is put into, or the words marked as content."""
    members: set[int] = set()
    for child in tree.children[word]:
        if (
            tree.deprels[child] in {"ccomp", "csubj"}
            or (tree.deprels[child] in {"xcomp", "advcl"} and kind in {"act", "think"} and child > word)
            or (tree.deprels[child] == "parataxis" and kind == "say" and quotation_at(quotations, tree.first + child))
        ):
            members |= subtree(tree, child)
    if not members and tree.deprels[word] == "parataxis":
        members = set(subtree(tree, tree.heads[word])) - subtree(tree, word)
    if not members:
        for argument in predicate.arguments:
            head = argument.head - tree.first
            if argument.role in {"ARG1", "ARG2"} and tree.upos[head] in {"VERB", "AUX"} and argument.score > 0.5:
                members |= {i - tree.first for i in range(argument.first, argument.last)}
    marked = {i for i in range(len(tree)) if float(marks[tree.first + i, 3]) > 0.5}
    if not members:
        members = {i for a, b in _runs([i in marked for i in range(len(tree))]) if b - a >= 2 for i in range(a, b)}
    quoted = _quoted_words(tree, word, quotations) if kind == "say" else set()
    own_subject = {i for c in tree.children[word] if tree.deprels[c] == "nsubj" for i in subtree(tree, c)}
    members = _without_tail((members | quoted) - {word} - own_subject, quoted, tree, word, marks)
    return _extend_quotations(_pieces(tree, members), quotations, tree.first + word)


def _without_tail(members: set[int], quoted: set[int], tree: Tree, word: int, marks: Floats) -> set[int]:
    """Return the members without what follows the cue of a content that stands before it.

    "X, she told reporters in the harbour": unless quoted or marked as content, that is where and how it was said.
    """
    if not any(i < word for i in members):
        return members
    after = {i for i in members if i > word and i not in quoted}
    sure = sum(float(marks[tree.first + i, 3]) for i in after) / max(1, len(after))
    return members if sure > TAIL_SURE else members - after


def _quoted_words(tree: Tree, word: int, quotations: Sequence[WordRange]) -> set[int]:
    """Return the sentence's words in quotations of four words and more that do not hold the cue."""
    out: set[int] = set()
    for i in range(len(tree)):
        quotation = quotation_at(quotations, tree.first + i)
        if quotation and quotation[1] - quotation[0] >= 4 and not quotation[0] <= tree.first + word < quotation[1]:
            out.add(i)
    return out


def _pieces(tree: Tree, members: set[int]) -> tuple[WordRange, ...]:
    """Return the members as runs, as words of the article, without marks, "that" and punctuation at the edges."""
    pieces = []
    for first, last in _runs([i in members for i in range(len(tree))]):
        a, b = first, last
        while a < b and (tree.words[a] in SIGNS or (tree.words[a].lower() == "that" and tree.deprels[a] == "mark")):
            a += 1
        while b > a and tree.words[b - 1] in SIGNS:
            b -= 1
        if b - a >= 2 or (b > a and len(members) <= 2 and tree.upos[a] not in {"PUNCT", "SCONJ"}):
            pieces.append((tree.first + a, tree.first + b))
    return tuple(pieces)


def _extend_quotations(pieces: Sequence[WordRange], quotations: Sequence[WordRange], cue: int) -> tuple[WordRange, ...]:
    """Return the pieces, one that reaches into a quotation's last or first words taken to the quotation's end."""
    out: list[WordRange] = []
    for begin, end in pieces:
        head, tail = quotation_at(quotations, begin), quotation_at(quotations, end - 1)
        first = min(begin, head[0]) if head and not head[0] <= cue < head[1] else begin
        last = max(end, tail[1]) if tail and not tail[0] <= cue < tail[1] else end
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return tuple(out)


def _drop_nested_twins(found: Sequence[Found]) -> list[Found]:
    """Return the attributions without a second one of the very same content; the surer one stays."""
    best: dict[tuple[WordRange, ...], Found] = {}
    for f in found:
        if f.content not in best or best[f.content].score < f.score:
            best[f.content] = f
    return [f for f in found if best[f.content] is f]


def _loose_quotations(
    trees: Sequence[Tree], found: Sequence[Found], quotations: Sequence[WordRange], layout: Layout
) -> list[Found]:
    """Return long quotations without a cue of their own, given to the attribution just before them in the paragraph."""
    ends = {t.first: t.first + len(t) for t in trees}
    extra = []
    ordered = sorted((f for f in found if f.cue), key=lambda f: f.cue or (0, 0))
    for first, last in quotations:
        if last - first < 5 or any(a < last and first < b for f in found for a, b in f.content):
            continue
        before = [f for f in ordered if f.cue and f.cue[0] < first]
        if not before or not before[-1].cue or any(layout.forced[i] for i in range(before[-1].cue[1], first)):
            continue
        last_word = max(before[-1].cue[1], *(b for _, b in before[-1].content))
        between = sum(1 for start in ends if last_word < start < first)
        if between <= 1:
            extra.append(Found(before[-1].source, before[-1].cue, ((first, last),), 0.6))
    return extra


def _to_offsets(found: Found, layout: Layout) -> Attribution:
    """Return the attribution as offsets into the text."""

    def span(words: WordRange) -> tuple[int, int]:
        first, last = words
        while last - 1 > first and layout.words[last - 1] in SIGNS:
            last -= 1
        return layout.starts[first], layout.ends[last - 1]

    return Attribution(
        span(found.source) if found.source else None,
        span(found.cue) if found.cue else None,
        tuple(span(c) for c in found.content),
        round(found.score, 4),
    )

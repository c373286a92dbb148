"""What refers to something: names, noun phrases and pronouns.

A noun phrase is its head's subtree: the network decides which words head a mention and of what type,
the tree says how far it reaches. Invariant: spans lie inside one sentence; a mention that a name
heads is listed once, as the name.
"""

from __future__ import annotations

from collections.abc import Sequence

from storyledger.reading.arithmetic import softmax
from storyledger.reading.clauses import Tree, stretch, subtree
from storyledger.reading.network import Floats
from storyledger.reading.settling import TypedName
from storyledger.reading.wordlists import word_set
from storyledger.types import Mention, MentionKind, NameType

OUTER = word_set("outer")
PRONOUNS = word_set("pronouns")
PERSONAL = word_set("personal_pronouns")
TYPES: dict[str, NameType] = {"person": "person", "place": "place", "organization": "organisation"}


def head_of(tree: Tree, first: int, last: int) -> int:
    """Return the word of ``[first, last)`` whose head stands outside it, the first such that is no punctuation."""
    outside = [i for i in range(first, last) if not first <= tree.heads[i] < last or tree.heads[i] == i]
    solid = [i for i in outside if tree.upos[i] != "PUNCT"]
    return (solid or outside or [first])[0]


def mention_heads(logits_NM: Floats, labels: Sequence[str], tree: Tree) -> list[tuple[int, str, float]]:
    """Return the words that head a mention with type and probability."""
    p = softmax(logits_NM)
    found = []
    for i in range(len(tree)):
        none = float(p[i, 0])
        if tree.words[i].lower() in PRONOUNS and tree.upos[i] == "PRON" and tree.deprels[i] != "expl":
            none = min(none, 0.3)
        if none < 0.5 and tree.upos[i] != "PUNCT":
            found.append((i, labels[1 + int(p[i, 1:].argmax())], 1.0 - none))
    return found


def phrase_extent(tree: Tree, head: int) -> tuple[int, int]:
    """Return the words of the noun phrase that ``head`` heads, with its modifiers, appositions and relative clauses."""
    if tree.upos[head] == "PRON" and tree.words[head].lower() in PRONOUNS:
        return head, head + 1
    return stretch(tree, subtree(tree, head, drop=OUTER), head)


def find_phrases(logits_NM: Floats, labels: Sequence[str], tree: Tree) -> list[tuple[int, int, int, str, float]]:
    """Return every mention's words, head, type and score, names or not, in text order."""
    found = []
    for head, kind, score in mention_heads(logits_NM, labels, tree):
        first, last = phrase_extent(tree, head)
        found.append((first, last, head, kind, score))
    return sorted(found)


def list_mentions(
    names: Sequence[TypedName],
    phrases: Sequence[tuple[int, int, int, str, float]],
    tree: Tree,
    starts: Sequence[int],
    ends: Sequence[int],
) -> list[Mention]:
    """Return the mentions of a sentence in text order; ``starts`` and ``ends`` are offsets of the article's words."""
    mentions: list[Mention] = []
    named: set[int] = set()
    base = tree.first

    def add(first: int, last: int, head: int, kind: MentionKind, kind_type: NameType | None, score: float) -> None:
        mentions.append(
            Mention(
                starts[base + first],
                ends[base + last - 1],
                base + first,
                base + last,
                base + head,
                kind,
                kind_type,
                round(score, 4),
            )
        )

    for name in names:
        named.update(range(name.first, name.last))
        add(name.first, name.last, head_of(tree, name.first, name.last), "name", name.type, name.score)
    for first, last, head, kind, score in phrases:
        if head in named:
            continue
        if tree.upos[head] == "PRON":
            add(first, last, head, "pronoun", _pronoun_type(tree.words[head].lower()), score)
        elif kind != "time":
            add(first, last, head, "nominal", _phrase_type(tree, head, kind), score)
    return sorted(mentions, key=lambda m: (m.start, -m.end))


def _pronoun_type(word: str) -> NameType | None:
    """Return person for pronouns that only people have."""
    return "person" if word in PERSONAL else None


def _phrase_type(tree: Tree, head: int, kind: str) -> NameType | None:
    """Return the type of a noun phrase: several people are a group."""
    plural = tree.words[head].lower() != tree.lemmas[head].lower() and tree.words[head].lower().endswith(
        ("s", "men", "people")
    )
    if kind == "person" and (plural or tree.words[head].lower() == "people"):
        return "group"
    return TYPES.get(kind)

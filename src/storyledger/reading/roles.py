"""Predicates and their arguments.

The network says which words are predicates and scores each word of the sentence as the head of an
argument; the argument's extent is what hangs from that head. Negation and modality are read off the
tree. Source: PropBank's roles; the path feature is Gildea & Jurafsky 2002's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from storyledger.reading.arithmetic import gelu, softmax
from storyledger.reading.clauses import Tree, branch_towards, stretch, subtree
from storyledger.reading.network import Floats
from storyledger.reading.paths import back_off, distance_bucket, path_keys
from storyledger.reading.trees import LONGEST_SENTENCE
from storyledger.reading.wordlists import word_set
from storyledger.types import Argument, Predicate

ROLE_CHUNK = 2048  # words of sentences whose predicates are scored at once
FARTHEST = LONGEST_SENTENCE
DISTANCES = np.array([distance_bucket(steps) for steps in range(-FARTHEST, FARTHEST + 1)])
CORE = frozenset({"ARG0", "ARG1", "ARG2", "ARG3", "ARG4", "ARG5"})
PREDICATE_TAGS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN"})
CLAUSE_SIDES = word_set("clause_sides")
NEGATIONS = word_set("negations")
NEGATIVE_SUBJECTS = word_set("negative_subjects")
MODALS = word_set("modals")
HEDGES = word_set("hedges")
CONTROLLERS = word_set("controllers")
CAUSATIVES = word_set("causatives")


class RoleScorer:
    """Scores each word of a sentence as an argument's head of a predicate."""

    def __init__(self, weights: dict[str, Floats], roles: Sequence[str], paths: Sequence[str]) -> None:
        """Keep the weights; ``paths`` are the known path keys in the order of their rows."""
        self.weights = weights
        self.roles = list(roles)
        self.rows = {key: i for i, key in enumerate(paths)}

    def path_row(self, key: str) -> int:
        """Return the row of a path key, of a coarser one where training saw it too rarely."""
        row = self.rows.get(key)
        return self.rows.get(back_off(key), 0) if row is None else row

    def score(self, word_WR: Floats, pred_WR: Floats, asked: Sequence[tuple[Tree, int]]) -> list[Floats]:
        """Return for each asked (tree, predicate) the (N, roles) probabilities of its sentence's words.

        ``word_WR`` and ``pred_WR`` are the rows of all words of the article. Predicates are scored
        together, up to ``ROLE_CHUNK`` words at once.
        """
        scores: list[Floats] = []
        group: list[tuple[Tree, int]] = []
        size = 0
        for tree, predicate in asked:
            group.append((tree, predicate))
            size += len(tree)
            if size >= ROLE_CHUNK:
                scores.extend(self._score_group(word_WR, pred_WR, group))
                group, size = [], 0
        return [*scores, *(self._score_group(word_WR, pred_WR, group) if group else ())]

    def _score_group(self, word_WR: Floats, pred_WR: Floats, group: Sequence[tuple[Tree, int]]) -> list[Floats]:
        """Return the probabilities of a few predicates."""
        paths: list[int] = []
        for tree, predicate in group:
            paths.extend(map(self.path_row, path_keys(tree.heads, tree.deprels, predicate)))
        words = np.concatenate([np.arange(tree.first, tree.first + len(tree)) for tree, _ in group])
        predicates = np.repeat([tree.first + p for tree, p in group], [len(tree) for tree, _ in group])
        steps = DISTANCES[words - predicates + FARTHEST]
        w = self.weights
        x = gelu(word_WR[words] + pred_WR[predicates] + w["path"][paths] + w["distance"][steps])
        x = gelu(x @ w["role_mid_w"].T + w["role_mid_b"])
        p = softmax(x @ w["role_out_w"].T + w["role_out_b"])
        cuts = np.cumsum([len(tree) for tree, _ in group])[:-1]
        return np.split(p, cuts)


def decode_arguments(scores_NL: Floats, tree: Tree, predicate: int, roles: Sequence[str]) -> tuple[Argument, ...]:
    """Return the arguments in text order; of a core role only the likeliest head is kept."""
    best = scores_NL.argmax(1)
    taken: dict[str, tuple[float, int]] = {}
    found: list[tuple[int, str, float]] = []
    for word in np.flatnonzero(best):
        role, score = roles[int(best[word])], float(scores_NL[word, best[word]])
        if role in CORE:
            if role in taken and taken[role][0] >= score:
                continue
            taken[role] = (score, int(word))
        else:
            found.append((int(word), role, score))
    found.extend((word, role, score) for role, (score, word) in taken.items())
    return tuple(_argument(tree, predicate, *item) for item in sorted(found))


def _argument(tree: Tree, predicate: int, head: int, role: str, score: float) -> Argument:
    """Return the argument headed by ``head`` with its extent, as tokens of the article."""
    first, last = argument_extent(tree, predicate, head, role)
    return Argument(role, tree.first + first, tree.first + last, tree.first + head, round(score, 4))


def argument_extent(tree: Tree, predicate: int, head: int, role: str) -> tuple[int, int]:
    """Return the words of the argument that ``head`` heads: its subtree without the predicate's own branch.

    A light verb or its noun stands alone. A noun that the predicate modifies loses its preposition, and a
    clause's predicate what belongs to its own clause. What somebody makes or wants somebody to do is one
    argument. With EWT dev's gold trees 96 % of the spans come out exactly.
    """
    if role in {"ARGM-PRR", "ARGM-LVB"}:
        return head, head + 1
    branch = branch_towards(tree, head, predicate)
    if branch is None:
        members = subtree(tree, head)
        if role == "ARG1" and tree.deprels[head] == "obj" and tree.lemmas[predicate].lower() in CAUSATIVES:
            return _with_small_clause(tree, predicate, head, members)
        return stretch(tree, members, head)
    if branch == predicate and tree.deprels[predicate] in {"cop", "aux", "aux:pass"}:
        members = subtree(tree, head, drop=CLAUSE_SIDES) - _negations(tree, head)
        members = {m for m in members if m > predicate or m == head} if predicate < head else members
        return stretch(tree, members, head)
    clause = any(tree.deprels[c] == "cop" for c in tree.children[head])
    drop = CLAUSE_SIDES if clause else {"case", "cc", "mark"}
    return stretch(tree, subtree(tree, head, without=(branch,), drop=drop) - _negations(tree, head), head)


def _with_small_clause(tree: Tree, predicate: int, head: int, members: set[int]) -> tuple[int, int]:
    """Return the object with what it is made or wanted to do or be ("him look weak")."""
    after = [c for c in tree.children[predicate] if tree.deprels[c] == "xcomp" and c > head]
    if not after:
        return stretch(tree, members, head)
    whole = members | subtree(tree, after[0])
    return stretch(tree, set(range(min(members), max(whole) + 1)), head)


def _negations(tree: Tree, head: int) -> set[int]:
    """Return the negations that hang from ``head``: they belong to the predicate."""
    return {c for c in tree.children[head] if tree.lemmas[c] == "not" and tree.deprels[c] == "advmod"}


def decode_predicate(tree: Tree, word: int, arguments: tuple[Argument, ...]) -> Predicate:
    """Return the predicate at ``word`` of the sentence with its negation and modality."""
    return Predicate(
        token=tree.first + word,
        lemma=tree.lemmas[word],
        is_noun=tree.upos[word] in {"NOUN", "PROPN"},
        negated=is_negated(tree, word),
        modality=find_modality(tree, word),
        arguments=arguments,
    )


def is_negated(tree: Tree, word: int) -> bool:
    """Tell whether a negation hangs from the predicate, its copula's clause or its subject's determiner."""
    top = tree.heads[word] if tree.deprels[word] in {"cop", "aux", "aux:pass"} else word
    for child in tree.children[top]:
        low = tree.words[child].lower()
        if low in NEGATIONS or tree.lemmas[child] == "not":
            return True
        if tree.deprels[child] in {"nsubj", "nsubj:pass", "obj"} and tree.upos[top] in {"VERB", "AUX"}:
            if low in NEGATIVE_SUBJECTS:
                return True
            if any(
                tree.words[c].lower() in {"no", "neither"} and tree.deprels[c] == "det" for c in tree.children[child]
            ):
                return True
    return False


def find_modality(tree: Tree, word: int) -> str | None:
    """Return the lemma of the modal, hedge or controlling verb over the predicate, or None."""
    top = tree.heads[word] if tree.deprels[word] in {"cop", "aux", "aux:pass"} else word
    for child in tree.children[top]:
        low = tree.lemmas[child].lower()
        if tree.deprels[child] == "aux":
            surface = {"ca": "can", "wo": "will", "'ll": "will", "’ll": "will", "'d": "would", "’d": "would"}
            low = surface.get(tree.words[child].lower(), low)
            if low in MODALS:
                return low
        if low in HEDGES and tree.deprels[child] in {"advmod", "amod"}:
            return low
    above = tree.heads[top]
    if above != top and tree.deprels[top] in {"xcomp", "ccomp", "acl"} and tree.lemmas[above].lower() in CONTROLLERS:
        return tree.lemmas[above].lower()
    return None

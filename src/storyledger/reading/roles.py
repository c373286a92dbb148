"""Predicates and their arguments.

The network says which words are predicates and scores each word of the sentence as the head of an
argument; the argument's extent is what hangs from that head. Negation and modality are read off the
tree. Source: PropBank's roles; the path feature is Gildea & Jurafsky 2002's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from storyledger.reading.arithmetic import gelu
from storyledger.reading.clauses import Tree, branch_towards, stretch, subtree
from storyledger.reading.network import Floats
from storyledger.reading.paths import back_off, distance_bucket, path_keys
from storyledger.types import Argument, Predicate

CORE = frozenset({"ARG0", "ARG1", "ARG2", "ARG3", "ARG4", "ARG5"})
PREDICATE_TAGS = frozenset({"VERB", "AUX", "NOUN", "ADJ", "PROPN"})
CLAUSE_SIDES = frozenset(
    "nsubj nsubj:pass csubj csubj:pass aux aux:pass cop punct mark cc expl discourse vocative conj parataxis advcl".split()
)
NEGATIONS = frozenset({"not", "never", "n't", "n’t", "no", "neither", "nor", "without", "nobody", "none", "nothing"})
MODALS = frozenset({"will", "would", "shall", "should", "may", "might", "can", "could", "must", "ought"})
HEDGES = frozenset(
    "allegedly reportedly apparently possibly probably likely perhaps maybe purportedly supposedly potentially "
    "alleged reported possible probable suspected planned attempted proposed potential expected apparent purported".split()
)
CONTROLLERS = frozenset(
    "plan intend hope want wish threaten vow promise pledge agree refuse fail try attempt seek expect prepare "
    "propose offer aim need claim pretend appear seem decide consider urge ask order tell demand".split()
)


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

    def score(self, word_NR: Floats, pred_R: Floats, tree: Tree, predicate: int) -> Floats:
        """Return (N, roles) probabilities."""
        w = self.weights
        paths = [self.path_row(key) for key in path_keys(tree.heads, tree.deprels, predicate)]
        steps = [distance_bucket(i - predicate) for i in range(len(tree))]
        x = gelu(word_NR + pred_R + w["path"][paths] + w["distance"][steps])
        x = gelu(x @ w["role_mid_w"].T + w["role_mid_b"])
        logits = x @ w["role_out_w"].T + w["role_out_b"]
        logits -= logits.max(1, keepdims=True)
        e = np.exp(logits)
        out: Floats = e / e.sum(1, keepdims=True)
        return out


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
    first, last = argument_extent(tree, predicate, head)
    return Argument(role, tree.first + first, tree.first + last, tree.first + head, round(score, 4))


def argument_extent(tree: Tree, predicate: int, head: int) -> tuple[int, int]:
    """Return the words of the argument that ``head`` heads: its subtree without the predicate's own branch.

    Where the predicate is an auxiliary, copula or light verb below the head, the head is a predicate
    itself and only its inner modifiers belong to the argument.
    """
    branch = branch_towards(tree, head, predicate)
    if branch is None:
        return stretch(tree, subtree(tree, head), head)
    if branch == predicate and tree.deprels[predicate] in {"cop", "aux", "aux:pass"}:
        members = {m for m in subtree(tree, head, drop=CLAUSE_SIDES)}
        members = {m for m in members if m > predicate or m == head} if predicate < head else members
        return stretch(tree, members, head)
    return stretch(tree, subtree(tree, head, without=(branch,)), head)


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
            if low in {"nobody", "none", "nothing", "neither"}:
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

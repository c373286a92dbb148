"""``load_reader`` and ``Reader.read``: one pass of the network, then arithmetic.

Invariant: the same text gives the same Reading to the bit, alone or in any company, and every span
lies inside the text on code points. It must not know other stages.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from storyledger.language import Quotation, find_quotations
from storyledger.language.tags import pack_tags
from storyledger.reading.arithmetic import softmax, tag_probabilities
from storyledger.reading.attribution import find_attributions
from storyledger.reading.clauses import Tree
from storyledger.reading.layout import Layout, lay_out
from storyledger.reading.lemmas import LemmaTable
from storyledger.reading.manifest import ModelFolder, open_model_folder
from storyledger.reading.mentions import find_phrases, list_mentions
from storyledger.reading.names import find_names
from storyledger.reading.network import Floats, Network, Rows
from storyledger.reading.quotations import count_in_words
from storyledger.reading.roles import PREDICATE_TAGS, RoleScorer, decode_arguments, decode_predicate
from storyledger.reading.sections import cut_layout, join_readings, plan_sections
from storyledger.reading.settling import join_ship_prefixes, settle_types
from storyledger.reading.trees import best_tree, decode_relations, decode_sentences, score_arcs, score_relations
from storyledger.reading.vectors import clause_vectors, list_clauses, sentence_vectors
from storyledger.types import Article, Mention, Predicate, Reading, Sentence, Token

SHIPPED = Path(__file__).parent / "model"


class Reader:
    """The loaded model. ``digest`` names it: two readers of one digest give the same readings."""

    def __init__(self, model: ModelFolder, threads: int = 1) -> None:
        """Load the network and the weights of the pairwise scorers."""
        self.digest = model.digest
        self.labels = model.labels
        self.network = Network(model.folder, model.columns, threads)
        with np.load(model.folder / "pairs.npz") as stored:
            self.weights: dict[str, Floats] = {k: stored[k].astype(np.float32) for k in stored.files}
        u = self.weights["rel_u"]
        self.weights["rel_flat"] = np.ascontiguousarray(u.transpose(1, 0, 2).reshape(u.shape[1], -1))
        table = json.loads((model.folder / "lemmas.json").read_text(encoding="utf-8"))
        self.lemmas = LemmaTable(table, model.labels["lemma"])
        self.role_scorer = RoleScorer(self.weights, model.labels["role"], model.labels["path"])

    def read(self, article: Article) -> Reading:
        """Return what the reader marks in ``article``; an article without words gives an empty Reading."""
        layout = lay_out(article)
        if not len(layout):
            return Reading(article.id, (), (), (), (), ())
        quotations = find_quotations(article)
        parts = [
            (first, self.read_section(article.id, cut_layout(layout, first, last), quotations))
            for first, last in plan_sections(layout)
        ]
        return join_readings(article.id, parts)

    def read_section(self, document: str, layout: Layout, quotations: Sequence[Quotation]) -> Reading:
        """Return the Reading of one section, its words counted from the section's first."""
        rows = self.network.predict_rows(layout)
        sentences = decode_sentences(rows, layout)
        trees = self.parse(rows, layout, sentences)
        mentions = self.find_mentions(rows, layout, trees)
        predicates = self.find_predicates(rows, trees)
        marks = softmax(rows.heads["attr"])
        vectors = sentence_vectors(rows, sentences, self.weights)
        clauses = list_clauses(trees, {p.token for own in predicates for p in own})
        return Reading(
            document=document,
            tokens=tuple(t for tree in trees for t in list_tokens(tree, layout)),
            sentences=tuple(
                Sentence(a, b, layout.starts[a], layout.ends[b - 1], layout.kinds[a]) for a, b in sentences
            ),
            mentions=tuple(mentions),
            predicates=tuple(p for own in predicates for p in own),
            attributions=find_attributions(trees, predicates, marks, count_in_words(quotations, layout), layout),
            vectors=vectors.astype("<f2").tobytes(),
            tags=pack_tags(tag_probabilities(rows.tags)),
            clauses=tuple(tree.first + word for tree, word in clauses),
            clause_vectors=clause_vectors(rows, clauses, self.weights).tobytes(),
        )

    def parse(self, rows: Rows, layout: Layout, sentences: Sequence[tuple[int, int]]) -> list[Tree]:
        """Return the sentences' trees, with tags and lemmas."""
        h = rows.heads
        heads = [best_tree(score_arcs(h["arc_dep"][a:b], h["arc_head"][a:b], self.weights)) for a, b in sentences]
        absolute = [a + head for (a, _), own in zip(sentences, heads, strict=True) for head in own]
        scores_WL = score_relations(h["rel_dep"], h["rel_head"], absolute, self.weights)
        upos = [self.labels["upos"][k] for k in h["upos"].argmax(1).tolist()]
        trees = []
        for (a, b), own in zip(sentences, heads, strict=True):
            words, tags = layout.words[a:b], upos[a:b]
            lemmas = [self.lemmas.lemma(w, u, s) for w, u, s in zip(words, tags, h["lemma"][a:b], strict=True)]
            trees.append(
                Tree(a, words, tags, lemmas, own, decode_relations(scores_WL[a:b], own, self.labels["deprel"]))
            )
        return trees

    def find_mentions(self, rows: Rows, layout: Layout, trees: Sequence[Tree]) -> list[Mention]:
        """Return the mentions of all sentences in text order; a name has one type in all of them."""
        names, phrases = [], []
        for tree in trees:
            here = slice(tree.first, tree.first + len(tree))
            names.append(join_ship_prefixes(find_names(rows.heads["names"][here], self.labels["names"], tree), tree))
            phrases.append(find_phrases(rows.heads["mention"][here], self.labels["mention"], tree))
        typed = settle_types(names, trees)
        return [
            mention
            for tree, own, noun_phrases in zip(trees, typed, phrases, strict=True)
            for mention in list_mentions(own, noun_phrases, tree, layout.starts, layout.ends)
        ]

    def find_predicates(self, rows: Rows, trees: Sequence[Tree]) -> list[list[Predicate]]:
        """Return each sentence's predicates with their arguments, in text order."""
        is_predicate = rows.heads["pred"][:, 1] > rows.heads["pred"][:, 0]
        asked = [
            (tree, word)
            for tree in trees
            for word in range(len(tree))
            if is_predicate[tree.first + word]
            and tree.upos[word] in PREDICATE_TAGS
            and tree.deprels[word] not in {"aux", "aux:pass"}
        ]
        found: dict[int, list[Predicate]] = {tree.first: [] for tree in trees}
        for (tree, _), predicate in zip(asked, self.read_roles(rows, asked), strict=True):
            found[tree.first].append(predicate)
        return [found[tree.first] for tree in trees]

    def read_roles(self, rows: Rows, asked: Sequence[tuple[Tree, int]]) -> list[Predicate]:
        """Return the predicates at the asked words of sentences, with their arguments."""
        scores = self.role_scorer.score(rows.heads["role_word"], rows.heads["role_pred"], asked)
        return [
            decode_predicate(tree, word, decode_arguments(scores_NL, tree, word, self.labels["role"]))
            for (tree, word), scores_NL in zip(asked, scores, strict=True)
        ]


def list_tokens(tree: Tree, layout: Layout) -> list[Token]:
    """Return the sentence's tokens; heads become positions in the article."""
    return [
        Token(
            layout.starts[tree.first + i],
            layout.ends[tree.first + i],
            tree.lemmas[i],
            tree.upos[i],
            tree.first + tree.heads[i],
            tree.deprels[i],
        )
        for i in range(len(tree))
    ]


def load_reader(folder: Path | None = None) -> Reader:
    """Return the reader in ``folder``, the shipped one where it is None.

    Raises:
        UsageError: the folder is not a model of this contract, or not the one its manifest describes.
    """
    return Reader(open_model_folder(SHIPPED if folder is None else folder))


@functools.lru_cache(maxsize=1)
def _keep_reader(folder: str) -> Reader:
    """Return the reader of this process, loaded once."""
    return load_reader(Path(folder) if folder else None)


def read_article(article: Article, folder: str = "") -> Reading:
    """Return what the reader in ``folder`` (the shipped one where it is empty) marks in an article.

    Raises:
        UsageError: as ``load_reader``.
    """
    return _keep_reader(folder).read(article)


def model_digest(folder: Path | None = None) -> str:
    """Return the digest that the reader in ``folder`` would have, without loading it.

    Raises:
        UsageError: as ``load_reader``.
    """
    return open_model_folder(SHIPPED if folder is None else folder).digest

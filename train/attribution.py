"""Training data for attribution: who (source) is said (cue) to have said or thought what (content).

Nothing open has it in quantity, so it is made from four places: sentences written for the purpose
(``attribution_sentences.jsonl``), surface rules over the news of gmb-news, GUM's discourse trees and PropBank's
frames of saying. Each rule was judged by reading a sample; ``attribution.md`` has the table. The 300 sentences
of ``evals/attribution_gold.jsonl`` never appear here.

Labels are one of ``source``, ``cue``, ``content`` and ``O`` for each word. Where attributions nest, the outermost wins:
all of its content is ``content``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from train.attribution_labels import HERE, Example
from train.attribution_rules import iter_news, turn_round
from train.attribution_trees import iter_discourse, label_roles

__all__ = ["iter_attribution_documents", "iter_attribution_examples", "label_roles"]

KINDS = {"S": "source", "C": "cue", "Q": "content"}


def split_words(text: str) -> list[str]:
    """Return the words and marks of a plain sentence, clitics apart."""
    text = re.sub(r"(\w)(n't|n’t|['’](?:s|re|ve|ll|d|m))\b", r"\1 \2", text)
    return re.findall(
        r"n['’]t|['’](?:s|re|ve|ll|d|m)(?!\w)|(?:Mr|Ms|Mrs|Dr|Gen|Sen)\.|\d+(?:[.,]\d+)*|\w+(?:-\w+)*|\S", text
    )


def parse_markup(text: str) -> Example:
    """Return the words and labels of a sentence written with ``[S ...] [C ...] [Q ...]``."""
    words: list[str] = []
    labels: list[str] = []
    label = "O"
    for piece in re.split(r"(\[[SCQ] |\])", text):
        if not piece:
            continue
        if piece == "]":
            label = "O"
        elif re.fullmatch(r"\[[SCQ] ", piece):
            label = KINDS[piece[1]]
        else:
            new = split_words(piece)
            words += new
            labels += [label] * len(new)
    return words, labels


STRAIGHT = {"“": '"', "”": '"', "‘": "'", "’": "'"}


def read_own(path: Path = HERE / "attribution_sentences.jsonl") -> Iterator[tuple[str, list[Example]]]:
    """Yield the written documents as (id, sentences); every second one with straight quotation marks."""
    for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        sentences = [parse_markup(s) for s in row["sentences"]]
        if n % 2:
            sentences = [([STRAIGHT.get(w, w) for w in words], labels) for words, labels in sentences]
        yield row["id"], sentences


def iter_attribution_documents() -> Iterator[tuple[str, list[Example]]]:
    """Yield (id, sentences in order) of everything; only our own documents have more than one sentence."""
    for _ in range(4):  # few and made for what is missing: seen four times an epoch
        yield from read_own()
    for number, rule, words, labels in iter_news():
        if rule == "said" and number % 2:
            continue  # six thousand of one shape would drown the others
        yield f"gmb-attribution-{number}", [turn_round(words, labels, number // 2 % 8)]
    for key, words, labels in iter_discourse():
        yield f"gum-attribution-{key}", [(words, labels)]


def iter_attribution_examples() -> Iterator[Example]:
    """Yield (words, labels) of every training sentence.

    ``labels[i]`` is ``"source"``, ``"cue"``, ``"content"`` or ``"O"`` for ``words[i]``: plain labels without B- and I-,
    as ``train.encode.ATTRIBUTION`` has them. Words are split as in Universal Dependencies (clitics apart, marks apart).
    PropBank's sentences are not among them: the trainer has them with their trees and takes ``label_roles`` for them.
    Sentences of one document are only kept together by ``iter_attribution_documents``.
    """
    for _, sentences in iter_attribution_documents():
        yield from sentences

"""Open coreference data as the project's own values: GUM (gold trees and mentions), GAP, MEANTIME.

Everything is read from ``../shared/data``; nothing of it is kept here. A gold mention is a range of the text with the
number of its entity. Names are given as the reader gives them (without article, title and what follows the name).
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storyledger.types import Article, Block, Mention, Reading, Sentence, Token

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_ENTITY = re.compile(r"\((\d+)-([a-z]+)-([^()]*)(\))?|(\d+)\)")
NAME_TYPES = {
    "person": "person",
    "organization": "organisation",
    "place": "place",
    "object": "facility",
    "event": "event_name",
}


@dataclass(frozen=True)
class GoldMention:
    """Tokens ``[first, last)`` that mean ``entity``; ``name`` is the bare name inside, where there is one."""

    first: int
    last: int
    entity: str
    type: str
    start: int
    end: int


@dataclass
class GoldDocument:
    """A text with its gold trees and mentions."""

    article: Article
    tokens: list[Token]
    sentences: list[Sentence]
    mentions: list[GoldMention] = field(default_factory=list)

    def reading(self) -> Reading:
        """Return the gold annotation as a Reading."""
        return Reading(self.article.id, tuple(self.tokens), tuple(self.sentences), tuple(_as_mentions(self)), (), ())


def make_article(name: str, text: str) -> Article:
    """Return an article of that text whose source is the text itself."""
    rows = ((0, len(text), 0, len(text)),)
    return Article(name, name, None, "utf-8", name, text, rows, (Block(0, len(text), "paragraph"),))


def read_gum(split: str) -> list[GoldDocument]:
    """Return the documents of a split of GUM: "train", "dev" or "test"."""
    with gzip.open(DATA / "syntax" / f"gum-{split}.conllu.gz", "rt", encoding="utf-8") as lines:
        blocks = lines.read().split("\n\n")
    documents: list[list[str]] = []
    for block in blocks:
        if "# newdoc id" in block:
            documents.append([])
        if block.strip():
            documents[-1].append(block)
    return [_read_document(blocks) for blocks in documents]


def _read_document(blocks: list[str]) -> GoldDocument:
    name = re.search(r"newdoc id = (\S+)", blocks[0])
    builder = _Builder()
    for block in blocks:
        builder.add_sentence(block)
    article = make_article(name.group(1) if name else "", builder.text.rstrip())
    return GoldDocument(article, builder.tokens, builder.sentences, builder.mentions)


class _Builder:
    """Grows text, tokens, sentences and mentions, one CoNLL-U block at a time."""

    def __init__(self) -> None:
        self.text = ""
        self.tokens: list[Token] = []
        self.sentences: list[Sentence] = []
        self.mentions: list[GoldMention] = []
        self._open: dict[str, list[tuple[int, str]]] = {}

    def add_sentence(self, block: str) -> None:
        if "# newpar" in block and self.text:
            self.text = self.text.rstrip() + "\n\n"
        base = len(self.tokens)
        glued_until, glued_space = 0, True
        for row in (line.split("\t") for line in block.splitlines() if line and line[0].isdigit()):
            if "." in row[0]:
                continue
            if "-" in row[0]:
                glued_until, glued_space = int(row[0].split("-")[1]), "SpaceAfter=No" not in row[9]
                continue
            number = int(row[0])
            head = base + int(row[6]) - 1 if row[6] != "0" else base + number - 1
            start = len(self.text)
            self.text += row[1]
            self.tokens.append(Token(start, len(self.text), row[2], row[3], head, row[7]))
            self._mark(row[9], len(self.tokens) - 1)
            if number < glued_until:
                continue
            spaced = glued_space if number == glued_until else "SpaceAfter=No" not in row[9]
            self.text += " " if spaced else ""
        if not self.text.endswith((" ", "\n")):
            self.text += " "
        last = len(self.tokens)
        self.sentences.append(Sentence(base, last, self.tokens[base].start, self.tokens[last - 1].end, "paragraph"))

    def _mark(self, misc: str, token: int) -> None:
        cell = re.search(r"(?:^|\|)Entity=([^|]*)", misc)
        for number, opened, _, closed, closing in _ENTITY.findall(cell.group(1) if cell else ""):
            if number:
                self._open.setdefault(number, []).append((token, opened))
            if closed or closing:
                key = number or closing
                if self._open.get(key):
                    first, kind = self._open[key].pop()
                    span = self.tokens[first].start, self.tokens[token].end
                    self.mentions.append(GoldMention(first, token + 1, key, kind, *span))


def find_top(tokens: list[Token], first: int, last: int) -> int:
    """Return the token of the range that its governor outside holds."""
    tops = [i for i in range(first, last) if not first <= tokens[i].head < last or tokens[i].head == i]
    return tops[0] if tops else last - 1


def find_bare_name(tokens: list[Token], first: int, last: int, head: int) -> tuple[int, int]:
    """Return the run of proper nouns around ``head``, small words between them included."""

    def is_part(i: int) -> bool:
        return tokens[i].upos == "PROPN" or (tokens[i].upos in {"ADJ", "NOUN"} and tokens[i].lemma[:1].isupper())

    small = {"of", "and", "for", "-", "the", ".", "in"}
    low, high = head, head
    while low > first and (
        is_part(low - 1) or (low - 2 >= first and tokens[low - 1].lemma in small - {"the"} and is_part(low - 2))
    ):
        low -= 1
    while high + 1 < last and (
        is_part(high + 1)
        or (tokens[high + 1].lemma in small and any(is_part(k) for k in range(high + 2, min(high + 4, last))))
    ):
        high += 1
    while high > head and not is_part(high):
        high -= 1
    while low < head and not is_part(low):
        low += 1
    return low, high + 1


def _as_mentions(document: GoldDocument) -> Iterator[Mention]:
    tokens = document.tokens
    seen: set[tuple[int, int]] = set()
    for gold in sorted(document.mentions, key=lambda m: (m.first, -m.last)):
        head = find_top(tokens, gold.first, gold.last)
        kind = (
            "pronoun" if tokens[head].upos in {"PRON", "DET"} else "name" if tokens[head].upos == "PROPN" else "nominal"
        )
        first, last = gold.first, gold.last
        type_ = NAME_TYPES.get(gold.type)
        if kind == "name":
            first, last = find_bare_name(tokens, gold.first, gold.last, head)
        elif type_ not in {"person", "organisation", "place"}:
            type_ = None
        if (first, last) not in seen:
            seen.add((first, last))
            yield Mention(
                tokens[first].start,
                tokens[last - 1].end,
                first,
                last,
                head,
                kind,
                type_ if kind != "pronoun" else None,
                1.0,
            )  # type: ignore[arg-type]


@dataclass(frozen=True)
class GapCase:
    """One pronoun of GAP with its two names and which of them it means."""

    id: str
    text: str
    pronoun: tuple[int, int]
    a: tuple[int, int]
    b: tuple[int, int]
    is_a: bool
    is_b: bool


def read_gap(split: str) -> list[GapCase]:
    """Return the cases of GAP: "development" (train on it) or "validation" (measure on it)."""
    with gzip.open(DATA / "coref" / f"gap-{split}.tsv.gz", "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        GapCase(
            row["ID"],
            row["Text"],
            _span(row, "Pronoun"),
            _span(row, "A"),
            _span(row, "B"),
            row["A-coref"].upper() == "TRUE",
            row["B-coref"].upper() == "TRUE",
        )
        for row in rows
    ]


def _span(row: dict[str, str], key: str) -> tuple[int, int]:
    start = int(row[f"{key}-offset"])
    return start, start + len(row[key])


@dataclass(frozen=True)
class ChainDocument:
    """A MEANTIME article with entity mentions ``(start, end, chain)``; chains run across documents of a topic."""

    topic: str
    article: Article
    mentions: tuple[tuple[int, int, str], ...]


def read_meantime(split: str) -> list[ChainDocument]:
    """Return the English articles of MEANTIME ("train", "val") with their entity chains."""
    with gzip.open(DATA / "coref" / f"meantime-{split}" / "dataset.conll.gz", "rt", encoding="utf-8") as lines:
        parts = re.split(r"^#begin document .*$", lines.read(), flags=re.MULTILINE)
    found = (_read_chains(part) for part in parts[1:])
    return [d for d in found if d is not None and "english" in d.article.id]


_CHAIN = re.compile(r"\(((?:PER|ORG|LOC|PRO|FIN|MIX)\w*)(\))?|((?:PER|ORG|LOC|PRO|FIN|MIX)\w*)\)")


def _read_chains(part: str) -> ChainDocument | None:
    text, name, sentence = "", "", None
    opened: dict[str, list[int]] = {}
    mentions: list[tuple[int, int, str]] = []
    for row in (line.split("\t") for line in part.splitlines() if line.count("\t") >= 4):
        name = row[0]
        if sentence is not None and row[1] != sentence:
            text = text.rstrip() + "\n\n"
        sentence = row[1]
        glued = row[3] in {",", ".", "'s", ")", ";", ":", "?", "!", "%", "n't", "''"} and text.endswith(" ")
        text = (text[:-1] if glued else text) + ""
        start = len(text)
        word = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}.get(row[3], row[3])
        text += word
        for chain, closed, closing in _CHAIN.findall(row[4]):
            if chain:
                opened.setdefault(chain, []).append(start)
            if (closed or closing) and opened.get(chain or closing):
                mentions.append((opened[chain or closing].pop(), len(text), chain or closing))
        text += "" if word in {"(", "$"} else " "
    return ChainDocument(name.split("/")[0], make_article(name, text.rstrip()), tuple(mentions)) if name else None

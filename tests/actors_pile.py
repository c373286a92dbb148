"""Small articles with their mentions, for the tests of who is who: no model, flat trees."""

from __future__ import annotations

import re
from hashlib import sha256

from storyledger.actors import DocumentActors, resolve_actors, resolve_document
from storyledger.engine import SerialEngine
from storyledger.types import Actor, Article, Block, Judgement, Mention, Reading, Sentence, Token

SMALL = {"of": "ADP", "in": "ADP", "at": "ADP", "for": "ADP", "the": "DET", "a": "DET", "its": "PRON", "said": "VERB"}


def make_article(name: str, text: str) -> Article:
    """Return an article whose source is its text after a line of furniture."""
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    rows = ((0, len(text), 10, 10 + len(text)),)
    block = (Block(0, len(text), "paragraph"),)
    return Article(name, f"{name}.txt", None, "utf-8", digest, text, rows, block, published="2020-05-01")


def make_reading(article: Article, mentions: list[tuple[int, int, str, str | None]]) -> Reading:
    """Return a reading with flat trees and these mentions: (start, end, kind, type)."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    for sentence in re.finditer(r"[^.\n]+\.?", article.text):
        first = len(tokens)
        for word in re.finditer(r"\w+(?:[-'’]\w+)*|[^\w\s]", sentence.group()):
            start = sentence.start() + word.start()
            form = word.group()
            upos = SMALL.get(form.lower()) or (
                "PROPN" if form[0].isupper() else "NOUN" if form[0].isalnum() else "PUNCT"
            )
            tokens.append(Token(start, start + len(form), form.lower(), upos, len(tokens), "dep"))
        if len(tokens) > first:
            sentences.append(Sentence(first, len(tokens), tokens[first].start, tokens[-1].end, "paragraph"))
    made = [Mention(s, e, 0, 0, -1, kind, type_, 0.9) for s, e, kind, type_ in mentions]  # type: ignore[arg-type]
    return Reading(article.id, tuple(tokens), tuple(sentences), tuple(made), (), ())


def write_pile(*texts: str) -> tuple[list[DocumentActors], list[Article]]:
    """Return the local actors of texts in which names are marked: ``[Ada Brook:person] met [the firm:=organisation]``.

    A type with "=" in front marks a description, "~" a pronoun.
    """
    documents, articles = [], []
    for number, marked in enumerate(texts):
        text, mentions, at = "", [], 0
        for m in re.finditer(r"\[([^:\]]+):([=~]?)(\w*)\]", marked):
            text += marked[at : m.start()]
            kind = {"": "name", "=": "nominal", "~": "pronoun"}[m.group(2)]
            mentions.append((len(text), len(text) + len(m.group(1)), kind, m.group(3) or None))
            text += m.group(1)
            at = m.end()
        text += marked[at:]
        article = make_article(f"article{number}", text)
        articles.append(article)
        documents.append(resolve_document(article, make_reading(article, mentions)))
    return documents, articles


def resolve(
    documents: list[DocumentActors], articles: list[Article], judgements: tuple[Judgement, ...] = ()
) -> list[Actor]:
    """Return the actors of a pile."""
    return resolve_actors(documents, articles, judgements, SerialEngine())


def find(actors: list[Actor], text: str) -> Actor:
    """Return the one actor with a mention of that text, a title in front allowed."""
    found = [a for a in actors if any(m.text == text or m.text.endswith(f" {text}") for m in a.mentions)]
    assert len(found) == 1, [a.name for a in found]
    return found[0]

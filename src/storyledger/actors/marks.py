"""Mentions with what the sieves ask of them: words, head, number, gender, definiteness, place in the sentence.

Invariant: one ``Mark`` for each mention that may refer to an actor, in text order, spans cleaned (no title, article
or possessive ending in a name; a description ends before its apposition). Reads a Reading, decides nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from storyledger.actors.gazetteer import find_demonym
from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.names import cut_titles, fold_text, split_words
from storyledger.types import Article, Mention, Reading, Token

COARSE = {
    "person": "person",
    "organisation": "organisation", "armed_group": "organisation", "government": "organisation",
    "outlet": "organisation", "country": "place", "place": "place", "facility": "thing", "weapon_system": "thing",
    "agreement": "thing", "publication": "thing", "event_name": "event", "group": "group",
}  # fmt: skip
TITLE_REACH = (
    6  # words before a name that may be its title: "Deputy Assistant Secretary of State for" is the longest seen
)


@dataclass(slots=True, eq=False)
class Mark:
    """One mention as the sieves see it; ``first``/``last`` are tokens, half open."""

    index: int
    start: int
    end: int
    first: int
    last: int
    head: int
    kind: str
    type: str | None
    score: float
    text: str
    words: tuple[str, ...]
    head_word: str
    sentence: int
    paragraph: int
    quote: int | None
    deprel: str
    verb: int | None  # token of the predicate that governs it
    plural: bool | None
    gender: str | None
    person: int
    form: str  # definite | indefinite | possessive | demonstrative | bare; for pronouns their class
    article: int | None = None  # where the article that belongs to a name starts
    titles: tuple[str, ...] = ()
    title_span: tuple[int, int] | None = None
    outer: tuple[int, int] | None = None  # the whole phrase of a name: with article, title, possessive
    stands_for: str | None = None
    modifiers: tuple[str, ...] = field(default=())

    @property
    def coarse(self) -> str | None:
        """The class that agreement is checked on, None where unknown."""
        return COARSE.get(self.type) if self.type else None

    @property
    def is_subject(self) -> bool:
        """Whether it is the subject of its clause."""
        return self.deprel.startswith("nsubj")


class Page:
    """A Reading with the indices that looking around in it needs; lives as long as one call."""

    def __init__(self, article: Article, reading: Reading) -> None:
        """Index tokens by place, children by head, sentences and quotations by position."""
        self.text = article.text
        self.tokens: Sequence[Token] = reading.tokens
        self.starts = [t.start for t in reading.tokens]
        self.children: list[list[int]] = [[] for _ in reading.tokens]
        for i, token in enumerate(reading.tokens):
            if token.head != i and 0 <= token.head < len(reading.tokens):
                self.children[token.head].append(i)
        self.sentence_firsts = [s.first for s in reading.sentences]
        self.sentences = reading.sentences
        self.paragraphs = [m.start() for m in re.finditer(r"\n", article.text)]
        self.quotes = find_quotes(article.text)
        self._quote_starts = [q[0] for q in self.quotes]

    def word(self, i: int) -> str:
        """Return the folded form of token ``i``."""
        return fold_text(self.text[self.tokens[i].start : self.tokens[i].end])

    def lemma(self, i: int) -> str:
        """Return the folded lemma of token ``i``, its form where the reader gives none."""
        return fold_text(self.tokens[i].lemma) or self.word(i)

    def sentence_of(self, token: int) -> int:
        """Return the index of the sentence that holds ``token``."""
        return max(0, bisect_right(self.sentence_firsts, token) - 1)

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open token range that overlaps ``[start, end)``."""
        first = bisect_right(self.starts, start) - 1
        if first < 0 or self.tokens[first].end <= start:
            first += 1
        return first, max(first, bisect_left(self.starts, end))

    def find_head(self, first: int, last: int) -> int:
        """Return the token of ``[first, last)`` whose governor is outside; the last such for names."""
        tops = [i for i in range(first, last) if not first <= self.tokens[i].head < last or self.tokens[i].head == i]
        nouns = [i for i in tops if self.tokens[i].upos in {"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET"}]
        return (nouns or tops or [last - 1])[0]

    def quote_at(self, position: int) -> int | None:
        """Return the index of the quotation that holds ``position``."""
        i = bisect_right(self._quote_starts, position) - 1
        return i if i >= 0 and position < self.quotes[i][1] else None


def find_quotes(text: str) -> list[tuple[int, int]]:
    """Return the ranges between double quotation marks, in order; one never runs past two line ends."""
    found: list[tuple[int, int]] = []
    opened: int | None = None
    for mark in re.finditer(r"[“”„\"]|\n\s*\n", text):
        sign = mark.group()
        if sign[0] == "\n":
            if opened is not None:
                found.append((opened, mark.start()))  # each paragraph of a long quotation opens its own
            opened = None
        elif opened is None and sign != "”":
            opened = mark.end()
        elif opened is not None and sign != "“":
            found.append((opened, mark.start()))
            opened = None
    return found


def read_marks(reading: Reading, page: Page) -> list[Mark]:
    """Return the marks of an article in text order; adjectives of nationality are none."""
    names = [m for m in reading.mentions if m.kind == "name" and m.type != "nationality"]
    marks = [_make_mark(page, m, s, "name") for m in names if (s := _clean_name(page, m)) is not None]
    taken = {(m.start, m.end) for m in marks}
    ends = {m.end: m for m in marks}
    for mention in reading.mentions:
        if mention.kind == "name":
            continue
        span = _clean_description(page, mention)
        if span is None or span in taken:
            continue
        name = _find_wrapped(page, span, ends)
        if name is not None:
            outer = name.outer or (name.start, name.end)
            name.outer = (min(outer[0], span[0]), max(outer[1], span[1]))
            continue
        taken.add(span)
        marks.append(_make_mark(page, mention, span, mention.kind))
    marks.sort(key=lambda m: (m.start, -m.end))
    marks = _drop_overlaps(marks)
    for i, mark in enumerate(marks):
        mark.index = i
    return marks


def _drop_overlaps(marks: list[Mark]) -> list[Mark]:
    """Names never overlap; the longer stays."""
    kept: list[Mark] = []
    reach = -1
    for mark in marks:
        if mark.kind == "name":
            if mark.start < reach:
                continue
            reach = mark.end
        kept.append(mark)
    return kept


def _clean_name(page: Page, mention: Mention) -> tuple[int, int] | None:
    """Cut articles, titles and the possessive ending; None where it is an adjective of nationality or no word."""
    text = page.text[mention.start : mention.end]
    start, end = mention.start, mention.end
    if tail := re.search(r"['’]s?$|[\s,;:.]+$", text):
        if not (tail.group() == "." and re.search(r"\b[A-Za-z]\.$|(?i:\b(?:inc|corp|co|ltd|jr|sr)\.$)", text)):
            end = mention.start + tail.start()
    if head := re.match(r"(?i:the|a|an)\s+", page.text[start:end]):
        start += head.end()
    words = split_words(page.text[start:end])
    if mention.type == "person" and len(words) > 1:
        cut = len(words) - len(cut_titles(words))
        for _ in range(cut):
            step = re.match(r"\S+\s+", page.text[start:end])
            start += step.end() if step else 0
    if start >= end or not any(c.isalnum() for c in page.text[start:end]):
        return None
    if (
        mention.type in {None, "country", "group"}
        and find_demonym(page.text[start:end])
        and _is_adjective(page, start, end)
    ):
        return None
    return start, end


def _is_adjective(page: Page, start: int, end: int) -> bool:
    first, last = page.token_range(start, end)
    return last - first == 1 and page.tokens[first].upos == "ADJ"


def _clean_description(page: Page, mention: Mention) -> tuple[int, int] | None:
    """End a description before its apposition or relative clause; None where nothing but marks is left."""
    first, last = page.token_range(mention.start, mention.end)
    if first >= last:
        return None
    head = mention.head if first <= mention.head < last else page.find_head(first, last)
    for child in page.children[head]:
        relation = page.tokens[child].deprel
        if child > head and (relation == "appos" or relation.startswith("acl:relcl")):
            low = min([child, *_subtree(page, child)])
            before = low - 1
            while before > head and page.tokens[before].upos == "PUNCT":
                before -= 1
            if page.tokens[min(before + 1, last - 1)].upos == "PUNCT" and before + 1 < last:
                last = before + 1
    if first >= last:
        return None
    start, end = max(mention.start, page.tokens[first].start), min(mention.end, page.tokens[last - 1].end)
    return (start, end) if any(c.isalnum() for c in page.text[start:end]) else None


def _subtree(page: Page, token: int, limit: int = 200) -> list[int]:
    found: list[int] = []
    queue = [token]
    while queue and len(found) < limit:
        i = queue.pop()
        found.append(i)
        queue.extend(page.children[i])
    return found


_WRAPPING = re.compile(r"[,;:()]|\b(?:of|in|at|for|from|with|by|on|to|and|or|who|which|that|is|was)\b")


def _find_wrapped(page: Page, span: tuple[int, int], ends: dict[int, Mark]) -> Mark | None:
    """Return the name that a phrase ends in ("the ferry X", "Prime Minister Y's"), if the rest only describes it."""
    end = span[1]
    name = ends.get(end) or ends.get(end - 2) or ends.get(end - 1)
    if name is None or name.start < span[0]:
        return None
    front = page.text[span[0] : name.start]
    tail = page.text[name.end : end]
    return name if not _WRAPPING.search(front) and not tail.strip("'’s. ") else None


def _make_mark(page: Page, mention: Mention, span: tuple[int, int], kind: str) -> Mark:
    first, last = page.token_range(*span)
    last = max(last, first + 1)
    first = min(first, len(page.tokens) - 1)
    head = mention.head if first <= mention.head < last else page.find_head(first, min(last, len(page.tokens)))
    token = page.tokens[head]
    text = page.text[span[0] : span[1]]
    form, person, plural, gender = _grammar(page, first, last, head, kind)
    kind_type = str(mention.type) if mention.type and mention.type != "nationality" else None
    mark = Mark(
        0, span[0], span[1], first, last, head, kind, kind_type, mention.score, text, split_words(text),
        page.lemma(head), page.sentence_of(head), bisect_right(page.paragraphs, span[0]), page.quote_at(span[0]),
        token.deprel, _find_verb(page, head), plural, gender, person, form,
    )  # fmt: skip
    if kind == "name":
        _read_article(page, mark)
        _read_title(page, mark)
    elif kind == "nominal":
        mark.type = _describe_type(page, mark)
        mark.modifiers = _read_modifiers(page, mark)
    return mark


def _grammar(page: Page, first: int, last: int, head: int, kind: str) -> tuple[str, int, bool | None, str | None]:
    """Return form, grammatical person, plural, gender of the phrase."""
    lexicon = load_lexicon()
    word = page.word(head)
    if kind == "pronoun":
        form = lexicon.pronouns.get(word, "relative")
        person = {"first": 1, "first_plural": 1, "second": 2}.get(form, 3)
        plural = {"plural": True, "first_plural": True, "second": None, "relative": None}.get(form, False)
        return form, person, plural, form if form in {"male", "female", "neuter"} else None
    opener = page.word(first)
    possessed = any(page.tokens[c].deprel == "nmod:poss" and first <= c for c in page.children[head])
    form = "bare"
    if opener == "the":
        form = "definite"
    elif opener in {"a", "an", "some", "any", "several", "many", "another", "no", "few"} or opener.isdigit():
        form = "indefinite"
    elif opener in {"this", "that", "these", "those", "such", "both", "either"}:
        form = "demonstrative"
    elif possessed or lexicon.pronouns.get(opener) not in {None, "relative", "demonstrative"}:
        form = "possessive"
    gender = lexicon.head_gender.get(page.lemma(head)) or lexicon.head_gender.get(word)
    return form, 3, _is_plural(page, first, last, head, kind), gender


def _is_plural(page: Page, first: int, last: int, head: int, kind: str) -> bool | None:
    joined = any(page.tokens[c].deprel == "conj" and first <= c < last for c in page.children[head])
    if joined:
        return True
    if kind == "name":
        return None
    word, lemma = page.word(head), page.lemma(head)
    if load_lexicon().head_types.get(word) == "group" or word in {"people", "men", "women", "children", "police"}:
        return True
    return word != lemma and word.endswith(("s", "en")) if page.tokens[head].upos == "NOUN" else None


def _find_verb(page: Page, head: int) -> int | None:
    """Return the nearest verb above ``head`` (8 steps at most)."""
    i = head
    for _ in range(8):
        above = page.tokens[i].head
        if above == i or not 0 <= above < len(page.tokens):
            return None
        if page.tokens[above].upos in {"VERB", "AUX"}:
            return above
        i = above
    return None


def _describe_type(page: Page, mark: Mark) -> str | None:
    """Return the type of a description: its head noun's, else the reader's."""
    types = load_lexicon().head_types
    found = types.get(page.word(mark.head)) or types.get(mark.head_word)
    if found == "person" and mark.plural:
        found = "group"
    return found or mark.type


def _read_modifiers(page: Page, mark: Mark) -> tuple[str, ...]:
    wanted = {"amod", "compound", "nmod", "nummod", "nmod:poss", "acl", "nmod:desc"}
    inside = [c for c in page.children[mark.head] if mark.first <= c < mark.last]
    return tuple(page.word(c) for c in inside if page.tokens[c].deprel in wanted)


def _read_article(page: Page, mark: Mark) -> None:
    """Find "the" that belongs to the name itself, not to a noun that it modifies ("the White House", "The Lancet")."""
    before = mark.first - 1
    if before >= 0 and page.word(before) == "the" and page.sentence_of(before) == mark.sentence:
        capital = page.text[page.tokens[before].start] == "T" and before > page.sentences[mark.sentence].first
        if capital or (page.tokens[before].head == mark.head and page.tokens[before].deprel == "det"):
            mark.article = page.tokens[before].start


def _read_title(page: Page, mark: Mark) -> None:
    """Find the words before a name that say what it is: "Transport Minister", "the ferry", "Mr"."""
    i = mark.first - 1
    low = page.sentences[mark.sentence].first if page.sentences else 0
    start = mark.first
    while i >= max(low, mark.first - TITLE_REACH):
        token = page.tokens[i]
        if token.upos not in {"NOUN", "PROPN", "ADJ"} and page.word(i) not in {"'s", "’s", "-", "."}:
            break
        if token.upos == "PUNCT" and page.word(i) != "-":
            break
        start, i = i, i - 1
    while start < mark.first and (page.word(start) in {"'s", "-", "."} or page.tokens[start].upos == "PUNCT"):
        start += 1
    words = tuple(page.word(k) for k in range(start, mark.first))
    if words:
        last_noun = page.lemma(mark.first - 1).replace(".", "")
        lexicon = load_lexicon()
        if (
            last_noun in lexicon.titles
            or last_noun in lexicon.head_types
            or words[-1].replace(".", "") in lexicon.titles
        ):
            mark.titles = tuple(w.replace(".", "") for w in words)
            mark.title_span = (page.tokens[start].start, page.tokens[mark.first - 1].end)
            mark.gender = next(
                (g for w in mark.titles if (g := lexicon.title_gender.get(w) or lexicon.head_gender.get(w))), None
            )
    if mark.gender is None and mark.type == "person":
        mark.gender = guess_gender(mark.words)


def guess_gender(words: tuple[str, ...]) -> str | None:
    """Return the usual gender of a person's given name, None for a lone surname or an unknown name."""
    names = load_given_names()
    return names.get(words[0]) if words and len(words) > 1 else None

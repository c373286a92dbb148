"""Mentions with what the sieves ask of them: words, head, number, gender, definiteness, place in the sentence.

Invariant: one ``Mark`` for each mention that may refer to an actor, in text order, spans cleaned (no title, article
or possessive ending in a name; a description ends before its apposition). Reads a Reading, decides nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.actors.names import split_words
from storyledger.actors.offices import find_office
from storyledger.actors.page import Page
from storyledger.actors.spans import Proposal, find_holders, propose_spans
from storyledger.types import Reading

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
    is_subject: bool = field(init=False)  # of its clause

    def __post_init__(self) -> None:
        """Read the relation once: every pair asks for it."""
        self.is_subject = self.deprel.startswith("nsubj")

    @property
    def coarse(self) -> str | None:
        """The class that agreement is checked on, None where unknown."""
        return COARSE.get(self.type) if self.type else None


def read_marks(reading: Reading, page: Page) -> list[Mark]:
    """Return the marks of an article in text order; adjectives of nationality are none."""
    marks = [_make_mark(page, p) for p in propose_spans(reading, page)]
    for i, mark in enumerate(marks):
        mark.index = i
    return marks


def _make_mark(page: Page, proposal: Proposal) -> Mark:
    mention, span, kind = proposal, (proposal.start, proposal.end), proposal.kind
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
    mark.outer = proposal.outer
    if kind == "name":
        _read_article(page, mark)
        _read_title(page, mark)
    elif kind == "nominal":
        mark.plural = mark.plural or (True if mark.type == "group" and mark.text.endswith("s") else mark.plural)
        mark.type = _describe_type(page, mark)
        mark.modifiers = _read_modifiers(page, mark)
    return mark


def _grammar(page: Page, first: int, last: int, head: int, kind: str) -> tuple[str, int, bool | None, str | None]:
    """Return form, grammatical person, plural, gender of the phrase."""
    lexicon = load_lexicon()
    word = page.word(head)
    if kind == "pronoun":
        form = lexicon.pronouns.get(word, "relative")
        if word == "that" and not _is_in_relative(page, head):
            form = "demonstrative"
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
    if word in lexicon.styles and lexicon.pronouns.get(opener) in {"male", "female"}:
        gender = lexicon.pronouns[opener]
    return form, 3, _is_plural(page, first, last, head, kind), gender


def _is_in_relative(page: Page, head: int) -> bool:
    """Tell whether a relative clause holds the word within three steps ("the boat that sank"): else "that" points."""
    i = head
    for _ in range(3):
        i = page.tokens[i].head
        if page.tokens[i].deprel == "acl:relcl":
            return True
    return False


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
    if mark.is_subject and find_holders(page, mark.head):
        return "organisation"
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
    low = mark.outer[0] if mark.outer else mark.start
    if office := find_office(page.text[low : mark.start]):
        _take_titles(mark, split_words(page.text[low + office[0] : low + office[1]]))
        mark.title_span = (low + office[0], page.tokens[mark.first - 1].end)
    elif words:
        last_noun = page.lemma(mark.first - 1).replace(".", "")
        lexicon = load_lexicon()
        if (
            last_noun in lexicon.titles
            or last_noun in lexicon.head_types
            or words[-1].replace(".", "") in lexicon.titles
        ):
            _take_titles(mark, tuple(w.replace(".", "") for w in words))
            mark.title_span = (page.tokens[start].start, page.tokens[mark.first - 1].end)
    if mark.gender is None and mark.type == "person":
        mark.gender = guess_gender(mark.words)


def _take_titles(mark: Mark, titles: tuple[str, ...]) -> None:
    gender = load_lexicon().title_gender | load_lexicon().head_gender
    mark.titles, mark.gender = titles, next((gender[w] for w in titles if w in gender), None)


def guess_gender(words: tuple[str, ...]) -> str | None:
    """Return the usual gender of a person's given name, None for a lone surname or an unknown name."""
    names = load_given_names()
    if len(words) < 2:
        return None
    return names.get(words[0]) or names.get(words[0].replace("y", "i"))  # Sergey, Sergei

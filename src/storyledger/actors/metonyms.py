"""Capitals and seats that stand for who governs there.

"Paris said no" is the government of France, "in Paris" a place: the mention decides, not the name. A capital counts as
the government only as subject of a verb of saying or deciding, as its agent, or beside a noun of relations ("talks with
Paris"); a building or place of no city's name that says things is a body everywhere in the article.
"""

from __future__ import annotations

from storyledger.actors.lexicon import load_lexicon
from storyledger.actors.marks import Mark
from storyledger.actors.names import split_words
from storyledger.actors.page import Page
from storyledger.nations import find_capital, find_city, find_country, find_demonym


def mark_metonyms(page: Page, marks: list[Mark]) -> None:
    """Set ``stands_for`` and ``type`` of names that mean a government here."""
    votes: dict[tuple[str, ...], list[bool]] = {}
    for mark in marks:
        if mark.kind != "name" or mark.type == "person":
            continue
        capital = find_capital(mark.text)
        if capital is not None and mark.type in {"place", "government", "country", "organisation", None}:
            if is_agent(page, mark):
                mark.stands_for, mark.type = capital, "government"
            else:
                mark.type = "place"
        elif mark.type in {"facility", "place"} and not (find_city(mark.text) or find_country(mark.text)):
            votes.setdefault(mark.words, []).append(is_agent(page, mark) or _names_officials(page, mark))
    for mark in marks:
        row = votes.get(mark.words, [])
        if mark.kind == "name" and mark.type in {"facility", "place"} and sum(row) * 2 > len(row):
            mark.type = "government"
    for mark in marks:
        if mark.stands_for is None and mark.kind != "pronoun":
            mark.stands_for = find_government(page, mark)


def is_agent(page: Page, mark: Mark) -> bool:
    """Tell whether a place acts here as only a body can."""
    token, lexicon = page.tokens[mark.head], load_lexicon()
    above = token.head
    if above == mark.head:
        return False
    cases = {page.word(c) for c in page.children[mark.head] if page.tokens[c].deprel == "case"}
    if token.deprel == "nsubj" and page.tokens[above].upos in {"VERB", "AUX"}:
        verb, acts = page.lemma(above), lexicon.government_acts
        may_act = verb not in lexicon.town_verbs if find_capital(mark.text) else verb in acts
        return may_act and not cases and not _is_preposed(page, mark)
    if token.deprel in {"obj", "iobj"} and not cases:
        return page.lemma(above) in lexicon.government_hearers
    if token.deprel == "obl:agent" or (token.deprel == "obl" and "by" in cases):
        return page.lemma(above) in lexicon.government_acts
    if token.deprel in {"nmod", "obl"} and cases & {"with", "between", "from", "on", "to"}:
        return (page.lemma(above) in lexicon.government_relations and not cases & {"to"}) or _has_relation(
            page, above, cases
        )
    return token.deprel == "conj" and page.lemma(page.tokens[above].head) in lexicon.government_relations


def _is_preposed(page: Page, mark: Mark) -> bool:
    """Tell whether a preposition stands right before the name, whatever the tree says."""
    return mark.first > 0 and page.tokens[mark.first - 1].upos == "ADP"


def _has_relation(page: Page, verb: int, cases: set[str]) -> bool:
    """As in "improve relations with X": the preposition may hang on the verb."""
    if not cases & {"with", "between"}:
        return False
    relations = load_lexicon().government_relations
    return any(
        page.lemma(c) in relations for c in page.children[verb] if page.tokens[c].deprel.startswith(("obj", "nsubj"))
    )


def _names_officials(page: Page, mark: Mark) -> bool:
    """As in "an X official", "X spokesman": the name stands before a noun of office."""
    above = page.tokens[mark.head].head
    relation = page.tokens[mark.head].deprel
    heads = load_lexicon().head_types
    return (
        relation in {"compound", "nmod:poss"}
        and heads.get(page.lemma(above)) in {"person", "group"}
        and above > mark.head
    )


def find_government(page: Page, mark: Mark) -> str | None:
    """Return the country whose government a phrase names: "the French government", "the government of France"."""
    words = mark.words
    heads = load_lexicon().government_heads
    if not heads & set(words):
        return None
    text = page.text[mark.start : mark.end]
    head = mark.head_word if mark.head_word in heads else words[-1]
    if head not in heads or (mark.kind == "nominal" and mark.head_word not in heads):
        return None
    rest = [w for w in split_words(text) if w not in heads and w not in {"the", "of", "central", "federal", "own", "s"}]
    joined = " ".join(rest)
    code = find_country(joined) or (find_demonym(joined.capitalize()) if len(rest) == 1 else None)
    return code if code and head in {"government", "regime", "authorities", "leadership"} else None

"""What a number counts: the noun behind it, what is told of it, or the count that it completes.

Invariant: a phrase is a range of one sentence that holds its number. This module must not know units
of measure or who says it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .lexicon import kind_words, people_nouns
from .words import Word, Words

_NEXT_CLAUSE = frozenset(("who", "which", "that", "after", "when", "because", "and", "or", "but", "while"))
_DAYS = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday", "tomorrow")
)
_STOP = frozenset(("PUNCT", "ADP", "VERB", "AUX", "PRON", "CCONJ", "SCONJ", "PART", "DET", "SYM", "INTJ", "NUM"))
_OF_PARTITIVE = re.compile(r"(?:of|among)$")
_PEOPLE_ENDINGS = ("ists", "ians", "crats", "cians", "folk", "people", "goers")
_DEMONYM = re.compile(r"[A-Z][a-z]{2,}(?:is|ans|ese|ish|nis|ites|eks|cks|urds|unnis|hiites|hias|ews|rabs|urks)$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """The noun and its modifiers, and where they end; ``head`` is empty where no noun follows."""

    text: str
    head: str
    end: int


def read_noun(words: Words, end: int) -> Phrase:
    """Return the noun phrase that follows a number ("small children", "of the passengers")."""
    rows = words.after(end, 9)
    kept: list[Word] = []
    for i, word in enumerate(rows):
        if (not kept and word.lower in ("of", "-")) or (
            not kept and word.upos in ("DET", "PRON") and i and rows[i - 1].lower == "of"
        ):
            if word.upos == "PRON" and word.lower in ("us", "them", "you", "whom", "which"):
                return Phrase(word.text, word.lower, word.end)
            continue
        if _ends_noun(rows, i, kept) or (kept and word.start - kept[-1].end > 3):
            break
        if _breaks(words.text[kept[-1].end if kept else end : word.start], word):
            break
        kept.append(word)
    while kept and kept[-1].upos in ("ADV", "ADJ") and kept[-1].lower not in people_nouns() and len(kept) > 1:
        kept.pop()
    if not kept:
        return Phrase("", "", end)
    text = " ".join(word.text for word in kept)
    return Phrase(text, kept[-1].lower.removesuffix("'s"), kept[-1].end)


def _breaks(gap: str, word: Word) -> bool:
    """A paragraph ends in the gap; a mere line break before a small letter is wrapped text."""
    return "\n" in gap and (gap.count("\n") > 1 or word.text[0].isupper())


def _ends_noun(rows: list[Word], i: int, kept: list[Word]) -> bool:
    word = rows[i]
    if kept and word.lower.removesuffix("'s") in _DAYS:
        return True
    if word.lower in ("dead", "missing", "injured", "wounded", "displaced", "confirmed"):
        return (bool(kept) and kept[-1].lower in people_nouns() and word.lower != "dead") or (
            bool(kept) and word.lower == "missing"
        )
    if word.upos == "X" and kept and kept[-1].lower.endswith(("s", "people", "men", "women", "children")):
        return word.lower.endswith(("ed", "ing")) or word.lower[0].isupper()
    if word.upos == "VERB" and i + 1 < len(rows) and rows[i + 1].upos == "NOUN" and word.lower.endswith(("ed", "ing")):
        return bool(kept) and kept[-1].upos == "NOUN"
    if (
        word.upos in ("ADV", "ADJ")
        and kept
        and word.lower in ("more", "now", "still", "also", "ago", "later", "earlier")
    ):
        return True
    return word.upos in _STOP


def counts_people(phrase: Phrase) -> bool:
    """Tell whether the phrase counts human beings."""
    head = phrase.head
    if head in people_nouns() or head.endswith(_PEOPLE_ENDINGS) or (head.endswith(("men", "women")) and len(head) > 5):
        return True
    last = phrase.text.split(" ")[-1] if phrase.text else ""
    return bool(_DEMONYM.fullmatch(last)) or head in ("us", "them", "whom")


_ON_BOARD = re.compile(
    r"\s+(?:were|was|are|had been|have been|who were|travelling|traveling)\s+(?:on|aboard|in|inside)"
    r"\s+(?:the|a|its)\s+(?:\w+\s+)?"
    r"(?:ferry|ship|boat|vessel|plane|aircraft|airliner|jet|flight|helicopter|bus|coach|train|liner|trawler|yacht)\b",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r",\s[^,.;:!?\n]{3,60},(?=\s(?:is|are|was|were|has|have|had|remain)\b)")


def _past_apposition(text: str, end: int) -> int:
    """Such as "Two people, an infant and a cook, are missing": what is told stands behind the second comma."""
    found = _APPOSITION.match(text, end)
    return found.end() if found else end


def read_kind_before(words: Words, start: int) -> str:
    """Return the word of a kind that governs the number: "pulled 247 people", "the gathering of about 40 people"."""
    rows = words.before(start, 4)
    for word in reversed(rows):
        if word.upos == "PUNCT" or (
            word.upos == "ADP" and word.lower not in ("of", "than", "about", "over", "up", "to")
        ):
            return ""
        if kind_of([word.lower]):
            return word.text
    return ""


def read_predicate(words: Words, end: int, text: str) -> tuple[str, int]:
    """Return what is told of the counted, and where it ends: "were now known to have died", "on board"."""
    if found := _ON_BOARD.match(text, end):
        return "aboard", found.end()
    rows = words.after(_past_apposition(text, end), 9)
    for i, word in enumerate(rows):
        if word.upos == "PUNCT" or "\n" in text[end : word.start] or word.lower in _NEXT_CLAUSE:
            break
        if kind_of([word.lower]) or (word.lower == "board" and i and rows[i - 1].lower == "on"):
            return text[rows[0].start : word.end], word.end
        if word.lower in ("said", "told", "says") or (i > 0 and word.upos == "NUM"):
            break
    return "", end


def kind_of(words: list[str]) -> str | None:
    """Return the kind of count that any of ``words`` (lower case) tells: dead, missing, injured ..."""
    present = {w.removesuffix("'s") for w in words}
    return next((kind for kind, known in kind_words() if present & known), None)


_COUNT_BEFORE = re.compile(
    r"(?:(?:the|a|its|their|confirmed|official|final|total|latest)\s+){0,4}"
    r"(?P<noun>(?:confirmed )?(?:death |body )?(?:toll|tally)|number|figure|count|total|dead|casualties|"
    r"losses|wounded|injured|missing|limit|population|"
    r"score|majority|crowd|turnout)\b(?P<of>[^.;:!?\n“”]{0,70}?)\b(?:at|to|from|by|was|is|as|of|reached|reaches|"
    r"stands at|stood at|were|are|passe[sd]|passing|hit|topped|tops|now)\s+"
    r"(?:the |a |now |about |around |more than |at least |nearly |almost |over |some |up to |fewer than |"
    r"less than |just )*$",
    re.IGNORECASE,
)
_VERB_BEFORE = re.compile(
    r"\b(?P<verb>kill(?:ed|ing|s)?|wound(?:ed|ing)|injur(?:ed|ing)|count(?:ed|ing)|claim(?:ed|ing)|left|"
    r"leaving|hurt(?:ing)?|arrest(?:ed|ing)|detain(?:ed|ing)|"
    r"rescu(?:ed|ing)|sav(?:ed|ing)|executed|executing|displac(?:ed|ing))\s+(?:a total of |another |a "
    r"further |about |around |more than |at least |"
    r"nearly |almost |over |some |up to |as many as |an estimated )*$",
    re.IGNORECASE,
)


def read_count_before(text: str, start: int) -> tuple[int, str] | None:
    """Return where "the number of dead rose to" begins, with its words, if the number completes one."""
    before = text[max(0, start - 130) : start]
    sentence = re.split(r"[.!?]\s|\n", before)[-1]
    if found := _COUNT_BEFORE.search(sentence):
        return start - len(sentence) + found.start(), found[0]
    if found := _VERB_BEFORE.search(sentence):
        return start - len(sentence) + found.start(), found["verb"]
    return None

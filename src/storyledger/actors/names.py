"""Names as strings: folding, parts, spelling keys, and how two names differ.

Invariant: pure functions of the strings (and the lexicon); nothing here knows where a name stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from storyledger.actors.lexicon import load_given_names, load_lexicon
from storyledger.caching import keep_answers
from storyledger.folding import fold_text

WORD = re.compile(r"[^\W_]+(?:['.&][^\W_]+)*\.?|&")


@keep_answers(65_536)
def split_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a name without dots, possessive endings and hyphens.

    "Yusuf al-Khatib's" -> ("yusuf", "al", "khatib"); "U.S." -> ("us",).
    """
    folded = re.sub(r"'s?(?=\W|$)", "", fold_text(text))
    return tuple(w for w in (m.replace(".", "").replace("'", "") for m in WORD.findall(folded)) if w)


def cut_article(text: str) -> str:
    """Return a name without the article in front: "The Economist" -> "Economist"."""
    return re.sub(r"^(?:the|a|an)\s+", "", text, flags=re.IGNORECASE) or text


def bare_form(text: str, names: Sequence[str]) -> str:
    """Return the one of ``names`` that a mention shows with its article or title in front; else the text itself."""
    return max((n for n in names if text.endswith(n)), key=len, default=cut_article(text))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, folded: given names (or initials), family name with its particles, suffix."""

    given: tuple[str, ...]
    particles: tuple[str, ...]
    family: str
    suffix: str | None


@keep_answers(65_536)
def parse_person(text: str) -> PersonName | None:
    """Return the parts of a person's name, titles cut off; None where nothing is left of it."""
    words = list(cut_titles(split_words(text)))
    lexicon = load_lexicon()
    suffix = words.pop() if len(words) > 1 and words[-1] in lexicon.suffixes else None
    if not words:
        return None
    family, rest = words[-1], words[:-1]
    start = len(rest)
    while start > 0 and rest[start - 1] in lexicon.particles:
        start -= 1
    if start == 0 and rest and rest[0] not in lexicon.articles and rest[0] in load_given_names():
        start = 1  # "Ben" and "Mac" are given names where nothing stands before them
    return PersonName(tuple(rest[:start]), tuple(rest[start:]), family, suffix)


@keep_answers(65_536)
def cut_titles(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without titles in front, at least one word."""
    stripped, ranks, given = load_lexicon().stripped_titles, load_lexicon().ranks, load_given_names()
    while len(words) > 1:
        size = next((n for n in (2, 1) if len(words) > n and words[:n] in stripped), 0)
        if not size and words[0] in ranks and words[0] not in given:
            size = 1
        if not size:
            return words
        words = words[size:]
    return words


_SOUNDS = (
    ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("zh", "j"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"),
    ("dh", "d"),
    ("sh", "s"), ("ch", "c"), ("dj", "j"), ("ck", "k"), ("q", "k"), ("x", "ks"), ("w", "v"), ("z", "s"), ("ts", "s"),
)  # fmt: skip


@keep_answers(65_536)
def key_spelling(word: str) -> str:
    """Return a key that transliterations of one word share: its consonants by sound, its first letter's class.

    "husseini" and "husayni", "sergei" and "sergey", "zhukov" and "jukov" share one; "haddad" and "hassan" do not.
    """
    key = word
    for old, new in _SOUNDS:
        key = key.replace(old, new)
    key = re.sub(r"(?<=.)[aeiouyj]+(?=$)", "", key) if len(key) > 3 else key
    first = "a" if key[:1] in "aeiouy" else key[:1]
    rest = re.sub(r"[aeiouyh']", "", key[1:])
    return re.sub(r"(.)\1+", r"\1", first + rest)


def measure_spelling(a: str, b: str) -> float:
    """Return the likeness of two words, 0 to 1: 1 minus edits per letter of the longer one."""
    return float(Levenshtein.normalized_similarity(a, b))


AGE_AFTER = re.compile(r"(?:,\s*(?:aged\s+|now\s+)?|\s*\()(\d{1,2})(?=\s*[,.;)]|\s+(?:and|who)\b)")
AGE_APPOSED = re.compile(r",\s*(?:an?|the|now an?|then an?)\s+(\d{1,2})-year-old\b")
AGE_BEFORE = re.compile(r"\b(\d{1,2})-year-old\b[\w\s'’-]{0,40},?\s*$")
AGE_REACH = 80  # characters before a name in which its age may stand


def find_age(text: str, start: int, end: int) -> int | None:
    """Return the age told beside a name: "Ana Ruiz, 52,", "Ana Ruiz, a 19-year-old swimmer", "19-year-old Ana Ruiz"."""
    found = AGE_AFTER.match(text, end) or AGE_APPOSED.match(text, end)
    found = found or AGE_BEFORE.search(text[max(0, start - AGE_REACH) : start])
    return int(found[1]) if found else None


@keep_answers(65_536)
def list_spelling_keys(word: str) -> frozenset[str]:
    """Return the keys of a word; the sound written q is k to some and g to others ("Qaddafi" and its kind)."""
    return frozenset({key_spelling(word), key_spelling(word.replace("q", "g"))})


@keep_answers(262_144)
def is_variant(a: str, b: str) -> bool:
    """Tell whether two folded words are likely one name in two spellings or with one slip of the finger."""
    if a == b:
        return True
    if min(len(a), len(b)) < 4 or any(char.isdigit() for char in a + b):
        return False  # a model number one digit off is another model
    edits = Levenshtein.distance(a, b)
    same_sound = bool(list_spelling_keys(a) & list_spelling_keys(b))
    most = 3 if max(len(a), len(b)) > SHORT_WORD else 2  # in a short word three edits are another name
    return (same_sound and edits <= most) or (edits == 1 and min(len(a), len(b)) >= 6 and a[0] == b[0])


def is_slip(a: str, b: str) -> bool:
    """Tell whether two family names are one with one letter otherwise: all that spelling alone can say of two people.

    Of the marked stories for training every person whose family name is spelt in two ways has one edit between them; by
    their sound alone, two or three letters apart, two people met ("Kharani", "Khorini"): there a given name must agree.
    """
    return is_variant(a, b) and Levenshtein.distance(a, b) <= 1


def is_part_of_name(p: PersonName, q: PersonName) -> bool:
    """Tell whether a full name is a shorter form of another: the same first name, and a part of its family names.

    "Ana Ruiz" of "Ana Ruiz Ortega", "Ana de Leal" of "Ana de Castro e Leal"; with two shared words or more.
    """
    one, two = (tuple(w for w in (*x.given, *x.particles, x.family) if w not in SMALL_PARTS) for x in (p, q))
    short, long = sorted((one, two), key=len)
    return (
        1 < len(short) < len(long)
        and (short[0] == long[0] or is_variant(short[0], long[0]))
        and all(any(w == x or is_variant(w, x) for x in long[1:]) for w in short[1:])
    )


SMALL_PARTS = frozenset(
    {"de", "del", "della", "di", "da", "das", "do", "dos", "du", "la", "le", "e", "y", "van", "von", "der"}
)
SHORT_WORD = 6
GivenLikeness = Literal["same", "initial", "variant", "absent", "other"]


def compare_given(a: tuple[str, ...], b: tuple[str, ...]) -> GivenLikeness:
    """Say how the given names of two people with one family name stand to each other."""
    if not a or not b:
        return "absent"
    if _middles_differ(a[1:], b[1:]):
        return "other"
    if a == b or set(a) <= set(b) or set(b) <= set(a):
        return "same"
    first, other = a[0], b[0]
    if (len(first) == 1 or len(other) == 1) and first[0] == other[0]:
        return "initial"
    if is_variant(first, other) or (len(first) >= 3 and len(other) >= 3 and _is_short_form(first, other)):
        return "variant"
    return "other"


def _middles_differ(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Tell whether middle initials part two people: "W." and "H.W.", "A." and "B."; "W." and "Walker" do not."""
    if not any(_is_initials(word) for word in (*a, *b)):
        return False
    one, two = ("".join(w if _is_initials(w) else w[0] for w in words) for words in (a, b))
    return not (one.startswith(two) or two.startswith(one))


def _is_initials(word: str) -> bool:
    return len(word) == 1 or (len(word) <= 3 and not set(word) & set("aeiouy"))


def _is_short_form(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return long.startswith(short)


@keep_answers(65_536)
def spell_initials(text: str) -> frozenset[str]:
    """Return the acronyms that a name may have: initials of its words with and without the small ones."""
    words = [w for w in re.split(r"[\s\-/]+", text) if w[:1].isalnum() or w == "&"]
    if len(words) < 2:
        return frozenset()
    first = {w: w if is_acronym(w) else w[0] for w in words}  # "US Navy" is no "UN"
    letters = "".join(first[w] for w in words).casefold().replace(".", "")
    strong = "".join(first[w] for w in words if w[0].isupper() or w[0].isdigit()).casefold().replace(".", "")
    content = "".join(first[w] for w in words if fold_text(w) not in load_lexicon().weak_words)
    content = content.casefold().replace(".", "")
    return frozenset(x for x in (letters, strong, content) if len(x) >= 2)


def are_letters_of(letters: str, text: str) -> bool:
    """Tell whether an acronym may be read off a name: its initials, or its letters in order, a word's first first."""
    if letters in spell_initials(text):
        return True
    words = [fold_text(w) for w in re.split(r"[\s\-/]+", text) if w[:1].isalnum()]
    weak = load_lexicon().weak_words
    strong = [w for w in words if w not in weak] or words
    return any(_spell(letters.casefold(), row) for row in (strong, words))


def _spell(letters: str, words: list[str]) -> bool:
    """Tell whether ``letters`` take at least the first letter of every word, in order, or of most ("Interpol")."""
    at, used = 0, 0
    for word in words:
        if at < len(letters) and word[0] == letters[at]:
            used += 1
            at += 1
            for char in word[1:]:
                if at < len(letters) and char == letters[at] and not _starts_next(letters, at, words, word):
                    at += 1
    return at == len(letters) and 2 * used > len(words)


def _starts_next(letters: str, at: int, words: list[str], word: str) -> bool:
    """Tell whether a letter is wanted for the next word's first."""
    following = words[words.index(word) + 1 :]
    return bool(following) and following[0][0] == letters[at]


PLACE_PREFIXED = frozenset({"outlet", "government", "facility", "armed_group", "place", "event_name"})


def is_short_form(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Tell whether telling words ``short`` may stand for the name ``long``: they begin or end it.

    Not where nothing but kinds of bodies is left ("Coast Guard"); not the one word before a kind of paper, court or
    hospital (in "Northland Courier" it is the place), a body for its organ ("African Union" for "African Union
    Commission"), a maker for its model ("Volvo" for "Volvo 240").
    """
    size, lexicon = len(short), load_lexicon()
    if not 0 < size < len(long) or set(short) <= lexicon.kinds:
        return False
    prefix = long[:size] == short
    if any(_is_number(word) for word in (long[size:] if prefix else long[:-size])):
        return False
    if prefix and long[-1] in lexicon.organs and short[-1] != "police":
        return False
    if prefix and size == 1 and lexicon.name_words.get(long[-1]) in PLACE_PREFIXED:
        return False
    if not prefix and size == 1 and (long[0] in lexicon.kinds or lexicon.name_words.get(long[0]) in PLACE_PREFIXED):
        return False  # "Bank of Norland" is not Norland, nor "Radio Karsa" Karsa
    return prefix or long[-size:] == short


def _is_number(word: str) -> bool:
    """Tell whether a word of a name counts or numbers it; a year does not tell a cup or a summit from itself."""
    return any(char.isdigit() for char in word) and re.fullmatch(r"(?:19|20)\d\d", word) is None


def is_acronym(text: str) -> bool:
    """Tell whether a name is written as an acronym: 2 to 7 capitals (digits, dots and a plural s allowed)."""
    bare = text.replace(".", "").removesuffix("s")
    return 2 <= len(bare) <= 7 and bare.isalnum() and bare.isupper() and " " not in bare


@keep_answers(65_536)
def content_words(text: str) -> tuple[str, ...]:
    """Return the words of a name that tell it from others, without articles, forms of company and the like."""
    words = split_words(text)
    strong = tuple(w for w in words if w not in load_lexicon().weak_words)
    return strong or words

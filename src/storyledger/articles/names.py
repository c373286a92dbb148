"""Names of the people who wrote a page, out of bylines and metadata.

Invariant: what is returned are people as far as their spelling tells: no "By", no job, no place, no desk,
no outlet. This module must not know where on the page the words stand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from storyledger.articles.dates import MONTHS
from storyledger.caching import keep_answers

BYLINE_CHARS = 300
_TOLD = re.compile(r"[^,;|]{1,80}?\bas told to\b:?\s*", re.IGNORECASE)
_GLUED_BY = re.compile(r"\bBy(?=[A-Z][a-z])")
# what parts the people of a byline from each other, from their jobs and from where they write
_BREAK = re.compile(
    r"\s*(?P<sign>[,;|·•/\n:()\[\]]|\s[–—-]\s|(?<=[a-z]{3})\.(?=\s))\s*"
    r"|(?:^|(?<=\s))(?P<word>and|&|und|et|with|by|von|par|por|door|for|in|at|from|on|as)(?=\s|$)",
    re.IGNORECASE,
)
_OPENERS = frozenset(("by", "von", "par", "por", "door", "and", "&", "und", "et", "with"))
_ALSO_PARTICLES = frozenset(("von", "par", "por", "door"))
_PLACERS = frozenset(("in", "at", "from", "for", "on", "as"))
_LIST = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b)\s*")
_ADDRESS = re.compile(r"\(?\S+@\S+\)?|https?://\S+|@\w+|\(@?\w+\)")
_GLUED = re.compile(
    r"\s*(?:(?<=[a-z.])|\b)(?:Published|Updated|Posted)\b|\s+on\b\s*(?=[A-Z][a-z]{2,8}\.?,?\s+\d|\d|\Z)"
    rf"|(?<=[\w.])\s+(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?,?\s+\d|\b(?:19|20)\d\d\b|\b\d\d?:\d\d"
    r"|\b\d+\s*(?:h|hrs?|hours?|mins?|minutes?|days?|weeks?|months?|years?)\b"
)
HELP = re.compile(  # what the people did who are named after it: nothing of it is writing
    r"\s*(?:medically\s+|additional\s+)?(?:edited|reviewed|fact[- ]?checked|translated|photograph(?:s|ed|y)?|photos?|"
    r"illustrat(?:ed|ions?)|"
    r"contributions?|styled|styling)\s+(?:by|from):?(?:\s+|\Z)",
    re.IGNORECASE,
)


@cache
def load_words(name: str) -> frozenset[str]:
    """Return the words of bylines of one kind, as ``byline.toml`` lists them."""
    table = tomllib.loads(resources.files(__package__).joinpath("byline.toml").read_text(encoding="utf-8"))
    return frozenset(table[name])


@cache
def _not_people() -> frozenset[str]:
    return load_words("roles") | load_words("bodies") | load_words("others")


_NAME_WORD = re.compile(r"(?:(?:[dl]['’]|(?:al|el|ad|ar|as|ash|at|az|ul)-)?[^\W\d_][\w'’.-]*)\Z")
_DEGREES = re.compile(
    r"(?:[,\s]+(?:MS|MA|MPH|MBA|RD|RDN|LD|PhD|Ph\.D\.?|MD|M\.D\.?|DO|CPT|NSCA-CPT|CSCS|RN|JD|Esq\.?))+\Z"
)


def find_people(text: str, prose: str = "") -> tuple[str, ...]:
    """Return the people whom a byline names, in order, each once; nothing where it names none.

    Args:
        text: a line or a part of it.
        prose: of the page; what it names after "in" or "at" is a place, not a second writer.
    """
    plain = _GLUED.split(_ADDRESS.sub(" ", text[:BYLINE_CHARS]))[0]
    told = _TOLD.match(plain)
    plain = _GLUED_BY.sub("By ", plain[told.end() :] if told else plain)
    found: list[str] = []
    at, opener, helped = 0, "", False
    for match in [*_BREAK.finditer(plain), None]:
        part = plain[at : match.start() if match else len(plain)]
        word = (match.group("word") or match.group("sign").strip() or "-").lower() if match else ""
        if match and word in _ALSO_PARTICLES and not _ends_in_job(part):
            continue  # "Otto von Arn" is one name, "Interview von Otto Arn" has one
        name = _find_name(part)
        if " " not in name:
            name = _find_handle(part, opener or ("by" if part == plain else ""))
        if word == ":":
            name = ""  # a label: "CITY: NAME"
        if found and opener not in _OPENERS and _ends_in_job(part) and part.strip():
            name = ""  # what the first is: "NAME, West Africa reporter"
        placed = opener in _PLACERS if found else opener in ("in", "at")
        if name and not helped and not placed and not (found and opener not in _OPENERS and is_place(name, prose)):
            found += _part_joined(name)
        helped = bool(_words_of(part) & load_words("helpers")) or (helped and not part.strip())
        at = match.end() if match else at
        opener = opener if placed and word in ("and", "&") else word
    return keep_people(found)


_HANDLE = re.compile(r"(?=.{6,30}\Z)[A-Z]\w*[a-z][A-Z]\w+\Z")


def _find_handle(part: str, opener: str) -> str:
    """Return the one word, two written as one, by which a writer signs: "by MrCoraVale"."""
    word = part.strip()
    return word if opener == "by" and _HANDLE.match(word) and word.lower() not in _not_people() else ""


def _part_joined(name: str) -> list[str]:
    """Return two people where "y" or "e" joins them, and not the surnames of one."""
    parts = re.split(r"\s(?:y|e)\s", name)
    whole = all(sum(not word.islower() for word in part.split()) > 1 for part in parts)
    return parts if whole else [name]


def _ends_in_job(part: str) -> bool:
    last = part.split()[-1:]
    return not last or last[0].lower().strip(".,:") in load_words("roles")


def _words_of(part: str) -> set[str]:
    return {word.strip(".,'’\"“”").lower() for word in part.split()}


def _find_name(part: str) -> str:
    """Return the longest run of words that are spelt like a name, jobs and titles aside; none in a body's name."""
    if _words_of(part) & load_words("bodies"):
        return ""
    runs: list[list[str]] = [[]]
    after_article = False
    for word in part.split():
        lower = word.lower().strip(".,'’\"“”")
        if _is_outlet(word) and sum(not w.isupper() for w in runs[-1]) > 1:  # "Cora Vale NNB News": no surname
            break
        initial = word.rstrip(".") == "A" and bool(runs[-1])
        if initial or (_is_name_word(word, lower) and lower not in _not_people() and lower not in load_words("titles")):
            if not after_article:
                runs[-1].append(word)
            continue
        after_article = lower in ("the", "a", "an")  # what follows it is no person
        runs.append([])
    return " ".join(_trim_particles(max(runs, key=len)))


def _is_outlet(word: str) -> bool:
    return 3 <= len(word) <= 4 and word.isalpha() and word.isupper() and not set(word) <= set("IVX")


def _trim_particles(words: list[str]) -> list[str]:
    """Return the words without small particles at their ends: "Ana Ruiz y" is Ana Ruiz."""
    while words and words[-1].lower() in load_words("particles") and words[-1].islower():
        words = words[:-1]
    while words and words[0].islower() and words[0] in ("of", "y", "e"):
        words = words[1:]
    return words


def is_place(name: str, prose: str) -> bool:
    """Return whether the page's prose names a place so: after a word of place, or as the head of a report."""
    at = prose.find(name)
    while at >= 0:
        if prose[max(0, at - 6) : at].rsplit(" ", 2)[-2:-1] in _PLACED or prose[at - 1 : at] in ("", "\n"):
            return True
        at = prose.find(name, at + 1)
    head = name.upper()
    return prose.startswith(head) or f"\n{head}" in prose


_PLACED = (["in"], ["at"], ["near"], ["from"], ["of"], ["to"], ["outside"])


def keep_people(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``names`` that are spelt like people, cleaned, each once."""
    kept: dict[str, None] = {}
    told = list(names)
    alone = len(told) == 1  # then a word of several may be a writer's: "MrCoraVale"
    for name in told:
        clean = " ".join(name.replace("\xa0", " ").split()).strip(" .,:;|()-–—\"'")
        clean = _DEGREES.sub("", clean)
        if re.search(r"(?:\bJr|\bSr|\b[A-Z])\.\s*\Z", name):
            clean += "."
        if is_person(clean) or (alone and _HANDLE.match(clean) and clean.lower() not in _not_people()):
            kept.setdefault(_calm(clean))
    return tuple(kept)


def _calm(name: str) -> str:
    """Undo capitals throughout: "JORDAN FIELD" is Jordan Field."""
    if not name.isupper() or len(name) < 6:
        return name
    return " ".join(w if len(w) <= 2 and w.endswith(".") else w.title() for w in name.split())


def is_person(name: str) -> bool:
    """Return whether ``name`` is spelt like a person's: two to five words, capital letters, no desk or agency."""
    words = name.split()
    lower = [w.lower().strip(".,'’") for w in words]
    if not 2 <= len(words) <= 8 or len(name) > 60 or len([w for w in lower if w not in _small_in_names()]) > 5:
        return False
    if not all(map(_is_name_word, words, lower)) or any(map(str.isdigit, name)):
        return False
    initials = {n for n, w in enumerate(words) if n and w.rstrip(".") == "A"}  # an initial is no article
    if any(w in _not_people() and n not in initials for n, w in enumerate(lower)):
        return False
    if all(len(w) < 2 for w in lower):
        return False  # initials alone
    return lower[0] not in load_words("particles") - {
        "de",
        "van",
        "von",
        "el",
        "al",
        "abu",
        "la",
        "le",
        "del",
        "di",
        "da",
    }


def _is_name_word(word: str, lower: str) -> bool:
    if lower in load_words("particles") or lower in load_words("suffixes"):
        return True
    return _NAME_WORD.match(word) is not None and not word.islower()


_LETTERS = re.compile(r"[^\W\d_]+")
_SMALL = re.compile(r"(?<![^\W\d_])[a-zß-öø-ÿ]{3,}")


def join_prose(texts: Iterable[str]) -> str:
    """Return what ``is_name_line`` reads of a page's prose."""
    return "\n".join([text[:2000] for text in texts])


def _writes_small(prose: str, word: str) -> bool:
    """Return whether ``word``, which is in small letters, is a word of the prose."""
    at = prose.find(word)
    while at >= 0:
        match = _SMALL.match(prose, at)
        if match is not None and match.group() == word:
            return True
        at = prose.find(word, at + 1)
    return False


@cache
def _small_in_names() -> frozenset[str]:
    return load_words("particles") | load_words("suffixes") | {"and", "und", "et"}


@keep_answers(4096)  # a line near the title is asked about as a title and as a byline
def _is_name_list(text: str) -> bool:
    if any(w[0].islower() and w.isalpha() and w not in _small_in_names() for w in text.split()):
        return False
    parts = [p for p in _LIST.split(text.strip()) if p]
    return 1 <= len(parts) <= 4 and all(is_person(" ".join(p.split())) for p in parts)


_BY_ALONE = re.compile(r"\W*(?:by|written by|words by|story by|von|par|por|di|door|av)\W*\Z", re.IGNORECASE)
_BULLET = re.compile(r"\s*[*•·▪-]\s+")


def is_by_alone(text: str) -> bool:
    """Return whether a line is nothing but the word that goes before the names, which then stand in the next."""
    return len(text) < 16 and _BY_ALONE.match(text) is not None


def is_name_line(text: str, prose: str = "") -> bool:
    """Return whether a line holds nothing but one person's or a few people's names.

    Args:
        text: the line.
        prose: of the page: of a headline in capitals it writes some word with a small letter, of names none.
    """
    bullet = _BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    if len(text) > 120 or not _is_name_list(text):
        return False
    words = {w.lower() for w in _LETTERS.findall(text)} - load_words("particles") - {"and"}
    return not any(_writes_small(prose, word) for word in words)

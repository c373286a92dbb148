"""Names of the people who wrote a page, out of bylines and metadata.

Invariant: what is returned are people as far as their spelling tells: no "By", no job, no place, no desk,
no outlet. This module must not know where on the page the words stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

BYLINE_CHARS = 300
_TOLD = re.compile(r"[^,;|]{1,80}?\bas told to\b:?\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"\s*(?:(?:photos?(?:graphs)?\s+and\s+(?:story|text|words)|(?:story|text|words)\s+and\s+photos?(?:graphs)?)\s+by\b:?\s+)"
    r"|\s*(?:(?:written|reported|story|words|posted|published|text|report|contributed|from)\s+)?(?:by|von|par|por)\b:?\s+"
    r"|\s*(?-i:By)(?=[A-Z][a-z])"
    r"|\s*(?:author|authors|writer|reporter|words|text)s?\s*:\s*",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s*(?:,|;|\||·|•|/|\n|\band\b|&|\bund\b|\bet\b|\by\b|\bwith\b|\bfor\b|\bin\b|\s[–—-]\s)\s*", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:,|;|&|\band\b|\bund\b|\bet\b)\s*")
_ADDRESS = re.compile(r"\(?\S+@\S+\)?|https?://\S+|@\w+|\(@?\w+\)")
_GLUED = re.compile(
    r"\s*(?:(?<=[a-z.])|\b)(?:Published|Updated|Posted)\b|\s+on\b\s*(?=[A-Z][a-z]{2,8}\.?,?\s+\d|\d|\Z)"
)
HELP = re.compile(  # what the people did who are named after it: nothing of it is writing
    r"\s*(?:medically\s+|additional\s+)?(?:edited|reviewed|fact[- ]?checked|translated|photograph(?:s|ed|y)?|photos?|"
    r"illustrat(?:ed|ions?)|"
    r"contributions?|styled|styling)\s+(?:by|from):?(?:\s+|\Z)",
    re.IGNORECASE,
)
_NOT_PEOPLE = frozenset(
    [
        "staff",
        "newsroom",
        "desk",
        "team",
        "editor",
        "editors",
        "editorial",
        "reporter",
        "reporters",
        "correspondent",
        "correspondents",
        "writer",
        "writers",
        "contributor",
        "contributors",
        "news",
        "agency",
        "agencies",
        "press",
        "associated",
        "reuters",
        "afp",
        "ap",
        "bureau",
        "service",
        "services",
        "media",
        "wire",
        "network",
        "tv",
        "television",
        "radio",
        "online",
        "web",
        "digital",
        "magazine",
        "newspaper",
        "times",
        "post",
        "journal",
        "tribune",
        "herald",
        "gazette",
        "company",
        "group",
        "corporation",
        "foundation",
        "institute",
        "university",
        "college",
        "department",
        "office",
        "ministry",
        "committee",
        "council",
        "association",
        "society",
        "center",
        "centre",
        "admin",
        "administrator",
        "webmaster",
        "guest",
        "user",
        "unknown",
        "anonymous",
        "published",
        "updated",
        "minutes",
        "ago",
        "read",
        "share",
        "follow",
        "subscribe",
        "photo",
        "photos",
        "image",
        "video",
        "pictures",
        "graphics",
        "getty",
        "images",
        "source",
        "the",
        "a",
        "an",
        "of",
        "from",
        "about",
        "more",
        "new",
        "our",
        "your",
        "this",
        "today",
        "yesterday",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "senior",
        "managing",
        "chief",
        "deputy",
        "redazione",
        "redaktion",
        "redacción",
        "rédaction",
        "redactie",
        "admin",
        "labs",
        "contributed",
        "relaxnews",
        "executive",
        "political",
        "foreign",
        "special",
        "national",
        "international",
        "world",
        "business",
        "sports",
        "sport",
        "health",
        "science",
        "technology",
        "politics",
        "opinion",
        "columnist",
        "analyst",
        "producer",
        "director",
        "assistant",
        "associate",
        "freelance",
        "contributing",
        "special",
        "to",
    ]
)
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "dos",
        "du",
        "la",
        "le",
        "van",
        "von",
        "zu",
        "zur",
        "ten",
        "ter",
        "al",
        "el",
        "bin",
        "ibn",
        "abu",
        "of",
        "y",
        "e",
        "af",
        "av",
    ]
)
_NAME_WORD = re.compile(r"(?:[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*|[A-Z]\.?)\Z")
_DEGREES = re.compile(
    r"(?:[,\s]+(?:MS|MA|MPH|MBA|RD|RDN|LD|PhD|Ph\.D\.?|MD|M\.D\.?|DO|CPT|NSCA-CPT|CSCS|RN|JD|Esq\.?))+\Z"
)
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d."))
_SMALL_IN_NAMES = _PARTICLES | _SUFFIXES | {"and", "und", "et"}


def find_people(text: str) -> tuple[str, ...]:
    """Return the people whom a byline names, in order, each once; nothing where it names none."""
    plain = _GLUED.split(_ADDRESS.sub(" ", text[:BYLINE_CHARS]))[0]
    match = _TOLD.match(plain) or _LEAD.match(plain)
    plain = plain[match.end() :] if match else plain
    return keep_people(_SPLIT.split(plain))


def keep_people(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``names`` that are spelt like people, cleaned, each once."""
    kept: dict[str, None] = {}
    for name in names:
        clean = " ".join(name.replace("\xa0", " ").split()).strip(" .,:;|()-–—\"'")
        clean = _DEGREES.sub("", clean)
        if re.search(r"(?:\bJr|\bSr|\b[A-Z]\.[A-Z])\.\s*\Z", name):
            clean += "."
        if is_person(clean):
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
    if not 2 <= len(words) <= 5 or len(name) > 60:
        return False
    lower = [w.lower().strip(".,'’") for w in words]
    if not all(map(_is_name_word, words, lower)) or any(map(str.isdigit, name)):
        return False
    initials = {n for n, w in enumerate(words) if n and w.rstrip(".") == "A"}  # an initial is no article
    if any(w in _NOT_PEOPLE and n not in initials for n, w in enumerate(lower)):
        return False
    return lower[0] not in _PARTICLES - {"de", "van", "von", "el", "al", "abu", "la", "le", "del", "di", "da"}


def _is_name_word(word: str, lower: str) -> bool:
    return _NAME_WORD.match(word) is not None or lower in _PARTICLES or lower in _SUFFIXES


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


@lru_cache(maxsize=4096)  # a line near the title is asked about as a title and as a byline
def _is_name_list(text: str) -> bool:
    if any(w[0].islower() and w.isalpha() and w not in _SMALL_IN_NAMES for w in text.split()):
        return False
    parts = [p for p in _LIST.split(text.strip()) if p]
    return 1 <= len(parts) <= 4 and all(is_person(" ".join(p.split())) for p in parts)


def is_name_line(text: str, prose: str = "") -> bool:
    """Return whether a line holds nothing but one person's or a few people's names.

    Args:
        text: the line.
        prose: of the page: of a headline in capitals it writes some word with a small letter, of names none.
    """
    if len(text) > 120 or not _is_name_list(text):
        return False
    words = {w.lower() for w in _LETTERS.findall(text)} - _PARTICLES - {"and"}
    return not any(_writes_small(prose, word) for word in words)

"""Which outlet published a page: by its metadata, its title's tail, its masthead, its imprint, its own words.

Invariant: a name is given only with what it rests on; where two places name two outlets, the more telling
place wins with less confidence, and where nothing names one the answer is None. This module must not know
a list of outlets: sites unknown to it are read like any other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storyledger.articles.features import squeeze_text
from storyledger.articles.lexicon import load_lexicon
from storyledger.articles.lines import Line
from storyledger.articles.marks import count_furniture_words, heads_menu, tell_furniture
from storyledger.articles.metadata import Stated
from storyledger.nations import find_city, find_country

_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©|\(c\)|copyright)?\s*(?:(?:19|"
    r"20)\d\d\s*[-–]?\s*)*(?:by\s+)?(?P<a>[A-Z][\w.&'’ -]{2,50}?)(?:\s+(?:19|20)\d\d)?\s*(?:[,|"
    r".·•]|\.\s|all rights|\Z)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"\s[|–—·•»-]\s+")
_SELF = (
    re.compile(r"\b(?:told|tells|telling)\s+(?P<a>(?:the\s+|The\s+)?[A-Z][\w.&’']*(?:\s+[A-Z][\w.&’']*){0,3})"),
    re.compile(r"\b(?P<a>(?:the\s+|The\s+)?[A-Z][\w.&’']*(?:\s+[A-Z][\w.&’']*){0,3})\s+(?:has\s+)?(?:learned|understands|has\s+seen)\b"),
    re.compile(r"\b(?:interview\s+with|spoke\s+(?:to|with)|speaking\s+to|seen\s+by|obtained\s+by|reviewed\s+by)\s+(?P<a>(?:the\s+|The\s+)?[A-Z][\w.&’']*(?:\s+[A-Z][\w.&’']*){0,3})"),
)  # fmt: skip
# without one of these words an expression cannot match; they are found several times as fast
_SELF_SIGNS = (
    ("told", "tell"), ("learned", "understands", "seen"),
    ("interview", "spoke", "speaking", "seen", "obtained", "reviewed"),
)  # fmt: skip
_FURNITURE_SELF = re.compile(
    r"\b(?i:more\s+(?:stories\s+|news\s+|articles\s+)?(?:from|on|at|in)|skip\s+to\s+more|more\s+stories\s+from|subscribe\s+to|sign\s+up\s+(?:for|to)|welcome\s+to|download\s+the|"
    r"follow|support|read\s+more\s+on|contact|about|advertise\s+(?:with|on))\s+(?P<a>(?:the\s+|The\s+)?[A-Z][\w.&]*(?:\s+[A-Z][\w.&]*){0,3})",
)
_TOP_STORY = re.compile(
    r"\b(?P<a>[A-Z][\w.&]*(?:\s+[A-Z][\w.&]*){0,3})(?:[’']s)\s+(?:top\s+stor|latest|newsletter|app\b|homepage|coverage)"
)
_STOP = load_lexicon()["not_outlets"]
NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class OutletFound:
    """An outlet with its basis ("metadata", "stated", "inferred"), and the words in the text that it rests on."""

    name: str
    basis: str
    confidence: float
    phrases: tuple[str, ...] = ()


def find_outlet(
    stated: Stated, lines: Sequence[Line], title: int | None, body: Sequence[str], url: str | None
) -> OutletFound | None:
    """Return the outlet that published the page, if the page tells.

    Args:
        stated: the page's metadata.
        lines: all lines of the page.
        title: which of them is the title.
        body: the paragraphs of the article.
        url: its address, if known.
    """
    named = next((clean for name in stated.outlets if (clean := clean_outlet(name))), None)
    if named:
        return OutletFound(named, "metadata", 0.95)
    return _find_shown(stated, lines, title, url) or _find_in_furniture(lines, body) or _find_in_domain(lines, url)


def clean_outlet(name: str) -> str | None:
    """Return the name without what only its place on the page put around it; None where it can be no outlet's."""
    text = " ".join(name.split()).strip(" .|-–—·•@")
    if not 2 <= len(text) <= NAME_CHARS or text.lower() in _STOP or "://" in text:
        return None
    if count_furniture_words(text, ("copyright",)) >= 2:
        return None  # "© All rights reserved" names nobody
    return re.sub(r"\.(?:com|org|net|co\.uk)\Z", "", text) if " " not in text else text


def _find_shown(stated: Stated, lines: Sequence[Line], title: int | None, url: str | None) -> OutletFound | None:
    """A name that stands in two of: title's tail, masthead, copyright line, imprint, address."""
    worth: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for name, points in _iter_candidates(stated, lines, title):
        clean = clean_outlet(name)
        if clean and clean[0].isupper() and (key := squeeze_text(clean)):
            key = key.removeprefix("the")
            worth[key] += points
            spelling.setdefault(key, clean)
    if not worth:
        return None
    host = squeeze_text(re.sub(r"^\w+://(?:www\.)?|/.*", "", url or ""))
    tail = [squeeze_text(line.text[:400]) for line in lines[-6:]]
    for key in worth:
        if len(key) > 3:
            worth[key] += 2 * (key in host) + sum([key in text for text in tail])
    for key, points in sorted(worth.items(), key=lambda one: (one[1], one[0]), reverse=True):
        if points < 3:
            return None
        if not (find_country(spelling[key]) or find_city(spelling[key])):  # a heading or a dateline: "Lisbon"
            return OutletFound(spelling[key], "stated", 0.9 if points >= 4 else 0.7)
    return None


def _iter_candidates(stated: Stated, lines: Sequence[Line], title: int | None) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for text in stated.titles[-1:]:
        parts = _TAIL.split(text)
        shown = squeeze_text(lines[title].text)[:20] if title is not None else ""
        if len(parts) > 1 and shown and shown not in squeeze_text(text):
            found.append((parts[0], 3))  # a title element without the page's title names the site
        elif len(parts) > 1:
            found += [(parts[-1], 2), (parts[0], 1)]
    for number, text in enumerate(line.text for line in lines[: title if title is not None else 3]):
        if len(text) <= 40 and text[0].isupper() and text[-1] not in ".:?" and tell_furniture(text) is None:
            found.append((text, (3 if heads_menu([one.text for one in lines[1:4]]) else 2) if number == 0 else 1))
        parts = _TAIL.split(text) if number == 0 else []
        if len(parts) > 1:
            found.append((parts[0], 1))
    for line in lines[-15:]:
        match = _COPYRIGHT.search(line.text[:300])
        if match:
            found.append((_FORM.sub("", _OTHERS.split(match.group("a"))[0]), 2))
    return found


# of a copyright line: what a company is by law, and who else has rights
_FORM = re.compile(
    r"(?:,?\s+(?:Company|Co|Corp(?:oration)?|Incorporated|Inc|LLC|Ltd|Limited|plc|GmbH|AG|Pty)\b\.?)+\Z", re.IGNORECASE
)
_OTHERS = re.compile(r"\s+(?:or|and/or)\s+", re.IGNORECASE)


_SPEAKS = load_lexicon()["outlet_speaks"]


def _list_patterns(text: str) -> list[re.Pattern[str]]:
    """Return the expressions for furniture that can match: their words are found several times as fast."""
    if text.isalpha():
        return []  # a word alone speaks of nobody
    small = text.lower()
    spoken = [_FURNITURE_SELF] if any(map(small.__contains__, _SPEAKS)) else []
    return [*spoken, _TOP_STORY] if "'s" in text or "’s" in text else spoken


def _find_in_furniture(lines: Sequence[Line], body: Sequence[str]) -> OutletFound | None:
    """The page speaks of itself: "told X" in the text with "More from X" around it."""
    told: Counter[str] = Counter()
    phrases: dict[str, list[str]] = {}
    for text in body:
        for pattern in (p for p, signs in zip(_SELF, _SELF_SIGNS, strict=True) if any(map(text.__contains__, signs))):
            for match in pattern.finditer(text[:3000]):
                name = re.sub(r"^(?:the|The)\s+", "", match.group("a")).rstrip(".’'")
                if squeeze_text(name) not in _STOP:
                    told[squeeze_text(name)] += 1
                    phrases.setdefault(squeeze_text(name), []).append(match.group())
    around: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    kept = frozenset(body)
    for line in lines:
        if line.text in kept or len(line.text) > 200:
            continue
        for pattern in _list_patterns(line.text):
            for match in pattern.finditer(line.text):
                for name in (match.group("a"), match.group("a").split()[0]):
                    if squeeze_text(name) not in _STOP:
                        around[squeeze_text(name)] += 1
                        spelling.setdefault(squeeze_text(name), name)
    both = [(around[key] + told[key], key) for key in around if key in told or around[key] >= 3]
    if not both:
        return None
    _, key = max(both)
    return OutletFound(spelling[key], "inferred", 0.85 if key in told else 0.6, tuple(phrases.get(key, ())[:3]))


def _find_in_domain(lines: Sequence[Line], url: str | None) -> OutletFound | None:
    """A host name, spelt as the page spells it where it does."""
    host = re.sub(r"^\w+://(?:www\.|m\.|edition\.|eu\.)?|[/:?#].*", "", url or "").lower()
    label = host.split(".")[0] if "." in host else ""
    if len(label) < 2:
        return None
    for line in lines:
        if len(line.text) <= NAME_CHARS and squeeze_text(line.text).removeprefix("the") == label.removeprefix(
            "the"
        ).replace("-", ""):
            return OutletFound(line.text, "inferred", 0.8)
    return OutletFound(host, "inferred", 0.6)

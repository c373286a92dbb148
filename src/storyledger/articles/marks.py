"""What the layout of a line tells: a byline, a date line, a caption with its credit, a teaser.

Regular expressions over one line; no knowledge of the page. Invariant: every expression is anchored or
bounded, so that a line of any length costs time in proportion to its length. This module must not know
markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from storyledger.articles.lexicon import list_classes, load_lexicon
from storyledger.caching import keep_answers

_PLAIN_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SIMPLE_WORD = re.compile(r"\w+(?:['’-]\w+)*")  # the same where there is no digit and no "_", and faster
_DIGIT = re.compile(r"\d")
MARK_CHARS = 300  # nothing that is told by its layout alone is longer
_BY = re.compile(
    r"\s*(?:as\s+told\s+to:?\s+(?=\S)|(?:(?:written|reported|(?:photos?\s+and\s+)?(?:story|text|words)(?:\s+and\s+photos?)?|posted|published|report)\s+)?(?:by:?\s+(?=\S)|(?-i:By)(?=[A-Z][a-z])))",
    re.IGNORECASE,
)
# in other languages these words begin sentences too: a byline is short and has two words of a name
_BY_OTHER = re.compile(
    r"\s*(?:(?:[Vv]on|[Pp]ar|[Pp]or|[Dd]i|[Dd]oor|[Aa]v|[Aa]f)|(?:Words|Text|Texto|Texte|Testo|Story|Report|Author|Autor|Auteur|Autore)\s*:)"
    r"\s+(?=[A-ZÀ-Þ][\w'’.-]+\s+(?:(?:de|von|van|le|la|di)\s+)?[A-ZÀ-Þ])"
)
_BY_OTHER_CHARS = 60
_INNER_BY = re.compile(r"(?<=[.!?…”\"'])\s+By\s+(?=[A-Z][\w'’.-]+\s+[A-Z])")
_CREDIT_WORD = (
    r"(?:photo(?:graph(?:er)?)?s?|images?|pictures?|pics?|illustrations?|video|graphics?|map|"
    r"credits?|foto|bild|photo credit|image credit|"
    r"picture credit|image source|photo illustration|courtesy|source)"
)
CREDIT = re.compile(
    rf"(?:(?<=[a-z.)”\"'])(?=(?:Image|Photo|Picture|Foto|Bild|Credit):)"  # glued on: "groundImage: dpa"
    rf"|(?:^|(?<=[\s(|\[–—-])){_CREDIT_WORD}(?:\s+by)?\s*[:/]\s*\S"
    rf"|(?:^|(?<=[\s(|\[–—-]))(?:photo(?:graph)?|picture|image|illustration|pic)s?\s+(?:by|courtesy)\s+\S)",
    re.IGNORECASE,
)
AGENCY_CREDIT = re.compile(
    r"(?:\b(?:AP|AFP|EPA|Reuters|Getty Images|Getty|AAP|PA|dpa|Xinhua|TASS|ANSA|Anadolu|EFE|"
    r"Kyodo|Shutterstock|iStock|Alamy|Bloomberg|NurPhoto|ZUMA|UPI|"
    r"picture-alliance|Imago|Sipa|Polaris|Magnum|Keystone|Rex)\b[\w/ .'’-]{0,60}(?:/|\bPhoto\b|"
    r"\bImages\b|\bvia\b)[\w/ .'’-]{0,80}"
    r"|\b[A-Z]\w+/(?:[A-Z][\w.'’-]+(?:\s[A-Z][\w.'’-]+){1,3}))\W{0,3}\Z"
)
_ITEM = re.compile(r"[*+•▪◦‣]\s")
_LENT = re.compile(r"(?:/|\bvia\s)[\w .'’-]{0,30}\bImages?\W*\Z", re.IGNORECASE)
IMAGE_SOURCE = re.compile(
    r"\s*(?:image|photo|picture|video)\s*(?:source|credit|copyright|caption)?\s*[,:]", re.IGNORECASE
)
READING_TIME = re.compile(r"\b\d+\s*(?:-\s*)?min(?:ute)?s?\s*(?:read)?\b|\breading time\b", re.IGNORECASE)
RELATED = re.compile(
    r"\W{0,3}(?:related(?:\s+(?:stories|story|articles?|topics?|coverage|content|links?))?|read\s+(?:more|also|next)|see\s+also|also\s+read|more\s+(?:from|on|news|stories|coverage)|"
    r"watch(?:\s+(?:again|live|now|more|video))?|listen|recommended|don[’']t\s+miss|you\s+may\s+also\s+like|what\s+to\s+read\s+next|explore\s+more|top\s+stories|most\s+(?:read|popular|viewed))\b\s*[:|]?",
    re.IGNORECASE,
)
UPDATED_NOTE = re.compile(
    r"\W{0,3}(?:this\s+(?:story|article|post|report)\s+(?:has\s+been|was)\s+(?:updated|"
    r"last updated)|updated?\s+(?:at|on)?[:\s])[^.]{0,120}\.?\W*\Z",
    re.IGNORECASE,
)


def starts_byline(text: str) -> int:
    """Return where the names begin in a line that opens with "By"; 0 where it does not."""
    if other := opens_otherwise(text):
        return other
    match = _BY.match(text) if len(text) <= MARK_CHARS else None
    return match.end() if match and (text[match.end()].isupper() or text.isupper()) else 0


def opens_otherwise(text: str) -> int:
    """Return where the names begin in a short line that opens with "Von", "di", "Words:" and the like; 0 else."""
    match = _BY_OTHER.match(text) if len(text) <= _BY_OTHER_CHARS else None
    return match.end() if match else 0


def opens_list(text: str) -> bool:
    """Return whether a line opens with the mark of a list's item, as pasted pages show teasers."""
    return _ITEM.match(text) is not None


def credits_picture(text: str) -> bool:
    """Return whether a line that opens with "By" says who took a picture: "By NAME/Agency Images."."""
    return len(text) <= MARK_CHARS and _LENT.search(text) is not None


def find_inner_byline(text: str) -> int | None:
    """Return where "By NAME" begins that is glued to the end of a deck, if it is."""
    if len(text) > 600:
        return None
    matches = list(_INNER_BY.finditer(text))
    if matches and len(text) - matches[-1].end() <= 60:
        return matches[-1].end() - len(matches[-1].group().lstrip())
    return None


def find_credit(text: str) -> int | None:
    """Return where a photo credit begins in a caption, if there is one."""
    if len(text) > MARK_CHARS * 2:
        return None
    return _find_credit(text)


_CREDIT_SIGNS = (
    "photo", "foto", "image", "pic", "illustration", "video", "graphic", "map", "bild", "credit", "courtesy", "source",
)  # fmt: skip


@keep_answers(4096)  # as above; and a word without which neither expression matches is found far faster
def _find_credit(text: str) -> int | None:
    small = text.lower()
    found = []
    led = ":" in text or "/" in text or "by" in small or "courtesy" in small  # what follows the word for a picture
    if led and any(map(small.__contains__, _CREDIT_SIGNS)) and (match := CREDIT.search(text)):
        found.append(match.start())
    if ("/" in text or "Photo" in text or "Images" in text or "via" in text) and (match := AGENCY_CREDIT.search(text)):
        found.append(match.start())
    return min(found, default=None)


def is_teaser(text: str) -> bool:
    """Return whether the line points to another page ("Read more: ...", "[Related: ...]")."""
    return _may_begin(text, _RELATED_STARTS) and len(text) <= MARK_CHARS and RELATED.match(text) is not None


def is_update_note(text: str) -> bool:
    """Return whether the line says when the page was changed ("This story has been updated ...")."""
    return _may_begin(text, _UPDATED_STARTS) and UPDATED_NOTE.match(text) is not None


_RELATED_STARTS = frozenset(("re", "se", "al", "mo", "wa", "li", "do", "yo", "wh", "ex", "to"))
_UPDATED_STARTS = frozenset(("th", "up"))


def _may_begin(text: str, starts: frozenset[str]) -> bool:
    """Return whether a line can begin with one of the words that start so, marks before it aside."""
    return text[:2].lower() in starts or not text[:1].isalnum()


def count_furniture_words(text: str, classes: tuple[str, ...]) -> int:
    """Return how many words of the classes of furniture stand in the line, a word of two classes once for each."""
    counts = count_classes(text[:MARK_CHARS])
    return sum([counts[name] for name in classes if name in counts]) if counts else 0


def count_classes(text: str) -> dict[str, int]:
    """Return how many words of each class of furniture stand in the line."""
    known = list_classes()
    pattern = _PLAIN_WORD if "_" in text or _DIGIT.search(text) else _SIMPLE_WORD
    words = pattern.findall(text.lower())
    if known.keys().isdisjoint(words):
        return {}
    counts: dict[str, int] = {}
    for name in chain.from_iterable([known[word] for word in words if word in known]):
        counts[name] = counts.get(name, 0) + 1
    return counts


def speaks_of_consent(text: str) -> bool:
    """Return whether a paragraph tells its reader about cookies and consent: it says "you" or "we" and little else."""
    small = text[:1500].lower()
    if not any(map(small.__contains__, _CONSENT)):
        return False
    words = set(_HYPHENED.findall(small))
    lexicon = load_lexicon()
    enough = 2 if len(text) < 200 else 4
    return len(words & lexicon["legal"]) >= enough and len(words & lexicon["address"]) >= 2 and bool(words & _CONSENT)


_MADE = re.compile(
    r"\W*(?:(?:this|the)\s+(?:story|article|interview|piece|post|report|essay|episode|conversation|excerpt|column|podcast)\b"
    r"[^.!?]{0,60}\b(?:edited|condensed|originally|republished|produced|reprinted|adapted|first\s+appeared|appeared\s+first)\b"
    r"|(?:reprinted|republished|excerpted|adapted)\s+(?:by|with|from)\b"
    r"|contribut(?:ing|ors?|ed)\s*:"
    r"|comments?\s+on\s+this\s+(?:piece|article|story|post)\b"
    r"|the\s+(?:opinions|views)\s+expressed\b"
    r"|(?:you\s+can\s+|please\s+)?(?:contact|reach|e-?mail|follow|write\s+to)\b[^.!?]{0,80}(?:\S@\S|(?<!\w)@\w)"
    r"|(?:more|also)\s*:\s"
    r"|(?:this|the)\s+(?:document|content|material)\s+is\s+(?:subject\s+to|protected\s+by)\s+copyright\b"
    r"|disclaimer\s*:|(?:tags|tagged\s+(?:in|with|as)|filed\s+under)\s*:|use\s+this\s+form\b|(?:after|before)\s+newsletter\s+promotion\b"
    r"|share\s+on\s+[a-z]+\b[^.]{0,30}\Z|be\s+the\s+first\s+to\s+(?:rate|comment|review)\b"
    r"|the\s+authors?\b[^.!?]{0,30}\bdo(?:es)?\s+not\s+own\b|this\s+(?:story|article)\s+will\s+appear\b)",
    re.IGNORECASE,
)


_COMMISSION = re.compile(
    r"\b(?:commissions?|make\s+money)\b[^.!?]{0,120}\b(?:links?|click|buy|purchases?|retailers?)\b"
    r"|\b(?:links?|click|buy|purchases?|retailers?)\b[^!?]{0,120}\bcommissions?\b",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)


def tells_commission(text: str) -> bool:
    """Return whether a line tells the reader that the page earns by what is bought through it."""
    known = len(text) <= APPEAL_CHARS and _COMMISSION.search(text) is not None
    return known and _WE.search(text) is not None and not _SPOKEN.search(text)


def speaks_of_making(text: str) -> bool:
    """Return whether a line tells who made the piece, where it stood before or how its writer is reached.

    On the article set 21 lines of the bodies of saved pages and 26 of captures do, none of them of an article.
    """
    return len(text) <= APPEAL_CHARS and _MADE.match(text) is not None and not _SPOKEN.search(text)


APPEAL_CHARS = 450
_SPOKEN = re.compile(r"[\"“”«»]|\b(?:said|says|told)\b")


def asks_reader(text: str) -> bool:
    """Return whether a line asks its reader to subscribe, to sign up or to give.

    On the captures of the article set 83 lines do that are longer than 30 characters; one of them is of an article.
    """
    if len(text) > APPEAL_CHARS:
        return False
    words = _HYPHENED.findall(text.lower())
    lexicon = load_lexicon()
    if lexicon["appeal"].isdisjoint(words) or _SPOKEN.search(text):
        return False
    with_it = sum(word in lexicon["appeal_with"] for word in words)
    return with_it >= 2 and with_it + sum(word in lexicon["appeal"] for word in words) >= 0.2 * len(words)


_REASONS = (
    ("cookie or legal notice", ("legal", "copyright")),
    ("share or follow", ("share",)),
    ("subscription", ("subscribe",)),
    ("advertisement", ("advert",)),
    ("comments", ("comment",)),
    ("navigation", ("navigate", "related")),
)


@keep_answers(8192)  # pages of one outlet share their furniture
def tell_furniture(text: str) -> str | None:
    """Return in a word or two what kind of furniture the words of a line speak of, if they do."""
    if is_teaser(text) or is_update_note(text):
        return "teaser"
    counts = count_classes(text[:MARK_CHARS])
    enough = 2 if len(text) > 60 else 1
    for reason, classes in _REASONS if counts else ():
        if sum([counts[name] for name in classes if name in counts]) >= enough:
            return reason
    return None


_HYPHENED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CONSENT = load_lexicon()["consent_boxes"]


def heads_menu(below: Sequence[str]) -> bool:
    """Return whether the lines below the first line of a page are a menu, as they are below a masthead."""
    return sum(count_furniture_words(text, ("navigate", "subscribe")) for text in below) >= 2

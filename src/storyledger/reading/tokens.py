"""Tokens with code-point offsets, by the conventions of the English Universal Dependencies treebanks.

Hyphens and slashes between words are tokens, clitics stand alone ("do" + "n't", "Ali" + "’s"),
abbreviations keep their full stop. Invariant: tokens are in text order, do not overlap, hold no white
space and no invisible character, and are found in time linear in the text. It must not know the model.
"""

from __future__ import annotations

import re
import unicodedata

from storyledger.reading.wordlists import word_set

Span = tuple[int, int]

PREFIXES = word_set("prefixes")
ABBREVIATIONS = word_set("abbreviations")
CLOSING = word_set("closing_abbreviations")
UNITS = "am|pm|a\\.m\\.|p\\.m\\.|k|K|m|M|mm|cm|km|ft|kg|g|mg|mph|kph|bn|mn|tn|GB|MB|kW|MW|GW|kb|hrs?|mins?|yrs?|lbs?|oz"
MARKS = "\u0300-\u036f\u064b-\u0652"
LETTERS = rf"[^\W\d_][\w{MARKS}]*"

TOKEN = re.compile(
    rf"""
    (?P<url>(?:https?://|www\.)[^\s<>"“”]*[^\s<>"“”.,;:!?)\]'’])
  | (?P<email>[\w+-][\w.+-]{{0,60}}@[\w-]+(?:\.[\w-]+)+)
  | (?P<handle>(?<!\w)[@\#][^\W\d]\w+)
  | (?P<phone>\d{{3}}-\d{{4}}(?![\w-])|\d+(?:-\d+){{2,6}}(?![\w-]))
  | (?P<year>(?<!\w)['’]\d\ds?(?!\w))
  | (?P<measure>\d+(?:[.,:]\d+)*(?=(?:{UNITS})\b))
  | (?P<ordinal>\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)(?!\w))
  | (?P<number>\d+(?:[.,:/]\d+)*(?!\w))
  | (?P<dotted>(?:[^\W\d_]\.){{2,}}(?!\w)|Ph\.D\.|[A-Z]\.[A-Z](?![\w.]))
  | (?P<word>{LETTERS}(?:['’&]{LETTERS}|[&](?=\w)\w+)*)
  | (?P<code>\d\w*)
  | (?P<dots>\.{{2,}}|[!?]{{2,}})
  | (?P<rule>--+|__+|==+|\*\*+|~~+|\#\#+)
  | (?P<quotes>''|``)
  | (?P<sign>\S)
    """,
    re.VERBOSE,
)
CLITIC = re.compile(r"(?P<stem>.+?)(?P<clitic>n['’]t|['’](?:s|re|ve|ll|d|m))$", re.IGNORECASE | re.DOTALL)
JOINED = {"cannot": 3, "gonna": 3, "wanna": 3, "gotta": 3}
WORD = re.compile(LETTERS)
INVISIBLE = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})


def find_tokens(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the tokens of ``text[start:end]`` as offsets into ``text``, in text order."""
    stop = len(text) if end is None else end
    spans: list[Span] = []
    at = start
    while match := TOKEN.search(text, at, stop):
        first, at = match.span()
        kind = match.lastgroup
        if kind == "word":
            at = _extend_word(text, first, at, stop)
            spans.extend(split_clitics(text, first, at))
        elif kind != "sign" or unicodedata.category(text[first]) not in INVISIBLE:
            spans.append((first, at))
    return spans


def _extend_word(text: str, first: int, last: int, stop: int) -> int:
    """Return where the word ends once an abbreviation's full stop or a prefix's hyphen is taken in."""
    word = text[first:last].lower()
    following = text[last : last + 1] if last < stop else ""
    if following == "." and (word in ABBREVIATIONS or (len(word) == 1 and _is_initial(text, last + 1, stop))):
        at_end = not text[last + 1 : stop].strip()
        return last if at_end and word not in CLOSING else last + 1
    if following == "-" and word in PREFIXES and (match := WORD.match(text, last + 1, stop)):
        return match.end()
    return last


def _is_initial(text: str, after: int, stop: int) -> bool:
    """Tell whether a letter and a full stop before ``after`` look like an initial: a capital comes next."""
    rest = text[after : min(after + 2, stop)].lstrip()
    return bool(rest) and rest[0].isupper()


def split_clitics(text: str, first: int, last: int) -> list[Span]:
    """Return the word ``text[first:last]`` as its parts: stem and clitic."""
    word = text[first:last]
    if word.lower() in JOINED:
        cut = first + JOINED[word.lower()]
        return [(first, cut), (cut, last)]
    match = CLITIC.match(word)
    if match:
        cut = first + match.start("clitic")
        return [(first, cut), (cut, last)]
    return [(first, last)]

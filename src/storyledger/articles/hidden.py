"""Text that a saved page holds but no element of it shows: articles in JSON for scripts, and in frames.

A page of scripts that was saved before they ran, or without them, shows its frame and perhaps a newsletter box; the
article stands in its JSON-LD, in the state that the scripts start from (``__NEXT_DATA__`` and its like), or in a frame
that the saver wrote into an attribute.

Invariant: a line's rows lead to the very letters of the source; a letter that JSON writes as an escape has no row, but
for those that stand behind a backslash as themselves. The cost is linear in the source. This module must not know
whether its lines are wanted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from storyledger.articles.lines import Line, Markup, Row
from storyledger.articles.tree import parse_tree, read_lines

SCRIPT_CHARS = 4_000_000
FEWEST_CHARS = 40  # of a string that may be a paragraph
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.IGNORECASE | re.DOTALL)
_LINKED = re.compile(r"ld\+json", re.IGNORECASE)
_STATE = re.compile(r"application/json|__\w+__|\b__NUXT__\b|\bself\.__next_f\b", re.IGNORECASE)
_BODY_KEY = re.compile(r'"(?:articleBody|reviewBody|text)"\s*:\s*"')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FRAME = re.compile(r"<iframe\b[^>]*?\bsrcdoc\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_BREAK = re.compile(r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|blockquote|figure|table|tr|section|br)\b[^>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))")
_ESCAPED = {"n": "\n", "t": " ", "r": "\n", "b": "", "f": "\n"}

# a character as shown, with where it begins and ends in the source; -1 where the source has only an escape for it
Letter = tuple[str, int, int]


def read_linked_body(source: str) -> list[Line]:
    """Return the longest article body in the page's JSON-LD as lines; none where there is none."""
    bodies: list[list[Line]] = [[]]
    for start, end in _iter_scripts(source, _LINKED):
        for match in _BODY_KEY.finditer(source, start, end):
            string = _STRING.match(source, match.end() - 1, end)
            if string is not None:
                bodies.append(_read_string(source, string.start(1), string.end(1)))
    return max(bodies, key=_count_chars)


def read_state(source: str) -> list[Line]:
    """Return the strings in the state of the page's scripts that read like text, in order, as lines."""
    lines: list[Line] = []
    for start, end in _iter_scripts(source, _STATE):
        for string in _STRING.finditer(source, start, end):
            raw = string.group(1)
            if (
                len(raw) >= FEWEST_CHARS
                and raw.count(" ") * 12 > len(raw)
                and not raw.startswith(("http", "/", "data:"))
            ):
                lines += _read_string(source, string.start(1), string.end(1))
    return lines


def read_frames(source: str) -> list[list[Line]]:
    """Return the lines of each frame that stands in a ``srcdoc`` attribute."""
    return [
        lines for match in _FRAME.finditer(source) if (lines := _read_frame(source, *match.span(match.lastindex or 1)))
    ]


def _iter_scripts(source: str, kind: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in _SCRIPT.finditer(source):
        head = f"{match.group(1)} {match.group(2)[:200]}"
        if kind.search(head) and match.end(2) - match.start(2) <= SCRIPT_CHARS:
            yield match.span(2)


def _count_chars(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _read_string(source: str, start: int, end: int) -> list[Line]:
    """Return what a JSON string shows, which may be HTML, as lines."""
    letters = list(_iter_letters(source, start, end))
    text = "".join(letter for letter, _, _ in letters)
    if len(text) != len(letters):
        return []
    cuts = [0, *(edge for match in _BREAK.finditer(text) for edge in match.span()), len(text)]
    parts = [(a, b) for number, (a, b) in enumerate(pairwise(cuts)) if not number % 2]  # between the tags
    return [line for a, b in parts for line in _split_part(text, letters, a, b)]


def _split_part(text: str, letters: list[Letter], start: int, end: int) -> Iterator[Line]:
    at = start
    for piece in text[start:end].split("\n"):
        line = _make_line(piece, letters[at : at + len(piece)])
        if line is not None:
            yield line
        at += len(piece) + 1


def _iter_letters(source: str, start: int, end: int) -> Iterator[Letter]:
    at = start
    for match in _ESCAPE.finditer(source, start, end):
        yield from ((source[n], n, n + 1) for n in range(at, match.start()))
        at = match.end()
        high, low, code, sign = match.groups()
        if sign is not None and sign not in _ESCAPED:
            yield sign, at - 1, at
            continue
        if high is not None:
            shown = chr(0x10000 + (int(high, 16) - 0xD800 << 10) + int(low, 16) - 0xDC00)
        else:
            shown = _ESCAPED[sign] if sign is not None else chr(int(code, 16))
        if shown and not 0xD800 <= ord(shown) < 0xE000:  # half a character is none
            yield shown, -1, -1
    yield from ((source[n], n, n + 1) for n in range(at, end))


def _make_line(text: str, letters: list[Letter]) -> Line | None:
    """Return the letters as a line, without tags, entities as what they stand for, blanks as one space."""
    kept: list[Letter] = []
    at = 0
    for match in [*re.finditer(r"</?[a-zA-Z][^>]*>|&(?:#\d+|#x[0-9a-fA-F]+|\w{2,32});", text), None]:
        kept += letters[at : match.start() if match else len(letters)]
        if match is None:
            break
        at = match.end()
        if match.group()[0] == "&":
            start, end = letters[match.start()][1], letters[at - 1][2]
            whole = start >= 0 and end - start == at - match.start()
            kept += [
                (shown, start if whole else -1, end if whole else -1) for shown in html.unescape(match.group())[:1]
            ]
    return _join_letters(kept)


def _join_letters(letters: list[Letter]) -> Line | None:
    parts: list[str] = []
    rows: list[Row] = []
    blank = True
    for shown, start, end in letters:
        if shown.isspace() and blank:
            continue
        here = len(parts)
        blank = shown.isspace()
        parts.append(" " if blank else shown)
        if start < 0 or (blank and shown != " "):
            continue
        last = rows[-1] if rows else None
        if (
            last is not None
            and end - start == 1
            and last[1] == here
            and last[3] == start
            and last[1] - last[0] == last[3] - last[2]
        ):
            rows[-1] = (last[0], here + 1, last[2], end)
        else:
            rows.append((here, here + 1, start, end))
    text = "".join(parts).rstrip()
    if not text or not rows:
        return None
    if rows[-1][1] > len(text):  # the blank at the end
        ts, te, ss, se = rows.pop()
        rows += [(ts, te - 1, ss, se - 1)] if te - ts > 1 else []
    return Line(text, tuple(rows), markup=Markup("p", ("body", "p"), "p|hidden"))


def _read_frame(source: str, start: int, end: int) -> list[Line]:
    """Return the lines of a frame's HTML, which the attribute holds with its entities escaped once more."""
    inner, places = _unescape(source, start, end)
    tree = parse_tree(inner)
    lines = read_lines(tree) if tree is not None else []
    return [moved for line in lines if (moved := _move_line(line, inner, source, places)) is not None]


def _unescape(source: str, start: int, end: int) -> tuple[str, list[int]]:
    """Return the attribute's value, and for each of its characters, and its end, where it begins in the source."""
    parts: list[str] = []
    places: list[int] = []
    at = start
    for match in re.finditer(r"&(?:#\d+|#x[0-9a-fA-F]+|\w{2,32});?", source[start:end]):
        low, high = start + match.start(), start + match.end()
        parts.append(source[at:low])
        places += range(at, low)
        shown = html.unescape(match.group())
        parts.append(shown)
        places += [low] * len(shown)
        at = high
    parts.append(source[at:end])
    places += range(at, end + 1)
    return "".join(parts), places


def _move_line(line: Line, inner: str, source: str, places: list[int]) -> Line | None:
    """Return the line with its rows in the source; what stands there escaped twice has none."""
    rows: list[Row] = []
    for ts, te, ss, se in line.rows:
        if te - ts != se - ss:
            continue
        for n in range(te - ts):
            low = places[ss + n]
            if source[low : low + 1] != inner[ss + n]:
                continue
            last = rows[-1] if rows else None
            if last is not None and last[1] == ts + n and last[3] == low:
                rows[-1] = (last[0], ts + n + 1, last[2], low + 1)
            else:
                rows.append((ts + n, ts + n + 1, low, low + 1))
    return Line(line.text, tuple(rows), line.gap, line.indent, line.markup) if rows else None

"""Numbers that describe the lines of a page to the line model.

Invariant: the cost is linear in the page, whatever is on it; a line's numbers depend on the page
alone. L lines by F features. This module must not know weights.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from storyledger.articles.dates import MONTHS
from storyledger.articles.lexicon import load_lexicon, load_tongues
from storyledger.articles.lines import Line, Markup
from storyledger.articles.words import LONG_CHARS, Words, number_words

Matrix = NDArray[np.float32]
WORD_CLASSES = (
    "legal", "share", "subscribe", "navigate", "comment", "related", "advert", "copyright", "credit", "byline",
    "address", "function", "foreign",
)  # fmt: skip
NAME_CLASSES = ("good", "bad", "caption", "byline", "deck")
_TAGS = ("p", "li", "div", "td", "figcaption", "blockquote", "h1")
_HOLDERS = ("article", "main", "nav", "aside", "footer", "header", "figure", "form", "table", "ul", "section", "button")
_ENDS = re.compile(r"[.!?…。！？؟।][\"'”’»)\]\s\xa0]*\Z")
_SENTENCE = re.compile(r"[.!?](?<=[\w%)”\"’»].)[”\"’»)]?\s+[\"“‘„«¿¡(]?[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я]")
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{2}|\d{4})|(?:19|20)\d\d-\d\d-\d\d"
    rf"|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? ?(?:19|20)\d\d"
    rf"|\d{{1,2}}(?:st|nd|rd|th|\.|er)?(?: de| d['’])? {_MONTH}(?: de)?,? (?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d\d\s?(?:[ap]\.?m|[A-Z]{2,4}T|h|Uhr)?\b|\b\d+\s?(?:h|hours?|mins?|minutes?|days?|weeks?) ago\b",
    re.IGNORECASE,
)
_DATE_SIGN = re.compile(r"(?:19|20)\d\d|\d[./-]\d")  # every date has one of these
_BULLET = re.compile(r"(?:[*+•·▪◦‣–o-]|\d{1,2}[.)])\s")
_SEPARATOR = re.compile(r"\s[|›»>/•·]\s")
_ADDRESS = re.compile(r"https?://|www\.|\S@\S|\B@\w")
STATED_LINES = 3000  # that are looked up in the stated body; each look-up costs its length
_SHORT_CHARS = 200  # of a line that may be a date, a clock or a row of links


@cache
def _classes_of_words() -> dict[str, int]:
    """Return the classes of each furniture word, as the bits above those of its shape; either apostrophe will do."""
    lexicon = load_lexicon()
    words: dict[str, int] = defaultdict(int)
    for number, name in enumerate(WORD_CLASSES[:-2]):
        for word in {form for own in lexicon[name] for form in (own, own.replace("'", "’"))}:
            words[word] |= 8 << number
    return dict(words)


@cache
def _name_patterns() -> tuple[re.Pattern[str], ...]:
    lexicon = load_lexicon()
    return tuple(re.compile("|".join(re.escape(w) for w in sorted(lexicon[f"names.{n}"]))) for n in NAME_CLASSES)


LOCAL = (
    "log_chars", "log_words", "word_chars", "capitalised", "capitals", "digits", "ends", "colon", "ellipsis",
    "sentences",
    "commas", "quotes", "date", "clock", "bullet", "lower", "separator", "address_sign", "symbols", "gap", "same",
    *(f"words_{name}" for name in WORD_CLASSES), "page_words", "title_words", "indent", "indented",
    "since_related", "until_related", "since_prose", "until_prose", "comments_above", "related_above", "signed_above",
)  # fmt: skip
MARKED = (
    *(f"tag_{name}" for name in _TAGS), *(f"in_{name}" for name in _HOLDERS),
    *(f"names_{name}" for name in NAME_CLASSES),
    "last_bad", "links", "kept", "strong", "depth", "heading", "itemprop", "siblings", "container", "stated",
    "headings_above", "article", "article_share",
    *(f"{group}_{name}" for group in ("kin", "holder") for name in ("lines", "words", "ends", "links", "kept")),
)  # fmt: skip


def describe_lines(lines: Sequence[Line], words: Words, stated: str | None = None) -> Matrix:
    """Return L by F numbers, in the columns that ``column_names`` names.

    Args:
        lines: of one page, in order.
        words: theirs.
        stated: squeezed, the body as the page's own metadata states it, if it does.
    """
    local = _describe_locally(lines, words)
    if lines and lines[0].markup is not None:
        marked = _describe_markup(lines, stated)
        marked[:, -10:] = _describe_groups(lines, local, marked)
        local = np.hstack([local, marked])
    return np.hstack([local, _describe_context(local)])


def column_names(*, marked: bool) -> list[str]:
    """Return the names of the columns that ``describe_lines`` makes."""
    own = [*LOCAL, *(MARKED if marked else ())]
    return [*own, *(f"{step}:{own[c]}" for step in _STEPS for c in _context_columns(own))]


def _describe_locally(lines: Sequence[Line], words: Words) -> Matrix:
    texts = [line.text[:LONG_CHARS] for line in lines]
    table, first = np.zeros((len(lines), len(LOCAL)), np.float32), 21 + len(WORD_CLASSES)
    chars_L = np.fromiter(map(len, texts), np.intp, len(texts))
    table[:, 0], table[:, 1] = np.log1p(chars_L), np.log1p(words.size)
    letters_L = _describe_words(table, words)
    signs = _read_signs(texts, chars_L)
    _describe_ends(table, texts, signs)
    table[:, 10] = signs.commas / np.maximum(words.size, 1)
    table[:, 11] = signs.held & _QUOTE > 0
    _search_lines(table, texts, np.where(chars_L < _SHORT_CHARS, signs.held, signs.held & ~np.uint16(_DIGIT | _BAR)))
    table[:, 18] = 1 - (letters_L + signs.blanks) / chars_L
    table[:, 19] = np.minimum([line.gap for line in lines], 3)
    same = Counter(texts)
    table[:, 20] = np.minimum([same[text] for text in texts], 5) - 1
    table[:, first : first + 2] = _share_vocabulary(words, table)
    table[:, first + 2 : first + 4] = _place_indents([line.indent for line in lines], table)
    table[:, first + 4 : first + 8] = _measure_ways(table)
    table[:, first + 8 :] = _count_above(table, texts)
    return table


def _describe_words(table: Matrix, words: Words) -> NDArray[np.float64]:
    """Fill in what the words of each line are; return how many letters they have."""
    letters_L = np.bincount(words.line, words.letters[words.word], len(table))
    size_L = np.maximum(words.size, 1)
    table[:, 2] = letters_L / size_L
    marks_LB = _count_marks(words, _mark_words(words))
    table[:, 3:6] = marks_LB[:, :3] / size_L[:, None]
    table[:, 21 : 21 + len(WORD_CLASSES)] = marks_LB[:, 3:] / size_L[:, None]
    return np.asarray(letters_L, np.float64)


def _count_marks(words: Words, marks_V: NDArray[np.int64]) -> NDArray[np.uint16]:
    """Return how many words of each line have each of the 16 marks.

    Four counters of 16 bits are added as one number: what carries over in the sums goes back in the differences,
    and no line has as many words as would carry there.
    """
    marks_VB = (marks_V[:, None] >> np.arange(_BITS) & 1).astype(np.uint16)
    sums = np.zeros((len(words.word) + 1, _BITS // 4), np.uint64)
    np.cumsum(marks_VB.view(np.uint64).take(words.word, axis=0), axis=0, out=sums[1:])
    end_L = np.cumsum(words.size)
    counts_LB: NDArray[np.uint16] = (sums[end_L] - sums[end_L - words.size]).view(np.uint16)
    return counts_LB


_BITS = 3 + len(WORD_CLASSES)  # 16


def _mark_words(words: Words) -> NDArray[np.int64]:
    """Return in bits: begins with a capital, is all capitals, begins with a digit, stands in each of the classes."""
    count_V, firsts = len(words.spellings), [word[0] for word in words.spellings]
    marks_V = np.fromiter(map(_classes_of_words().get, words.small, repeat(0)), np.int64, count_V)
    marks_V += np.fromiter(map(str.isupper, firsts), np.int64, count_V)
    marks_V += 2 * (np.fromiter(map(str.isupper, words.spellings), np.bool_, count_V) & (words.letters > 1))
    marks_V += 4 * np.fromiter(map(str.isdigit, firsts), np.int64, count_V)
    return marks_V + _mark_tongues(words)


def _mark_tongues(words: Words) -> NDArray[np.int64]:
    """Return in the last two bits: is one of the commonest words of the page's language, or of another alone."""
    known = _tongues_of_words()
    tongues_V = np.fromiter(map(known.get, words.small, repeat(0)), np.int64, len(words.spellings))
    count_V = np.bincount(words.word, minlength=len(tongues_V))
    total_T = [count_V[tongues_V >> number & 1 > 0].sum() for number in range(len(load_tongues()))]
    own_V = tongues_V >> int(np.argmax(total_T)) & 1 > 0
    return (own_V.astype(np.int64) << _BITS - 2) + (((tongues_V > 0) & ~own_V).astype(np.int64) << _BITS - 1)


@cache
def _tongues_of_words() -> dict[str, int]:
    """Return, as bits, the languages that each word is a common one of."""
    words: dict[str, int] = defaultdict(int)
    for number, own in enumerate(load_tongues().values()):
        for word in own:
            words[word] |= 1 << number
    return dict(words)


# what a character can be in a line, as bits
_DIGIT, _STOP, _QUOTE, _BAR, _COMMA, _BLANK, _AT, _COLON, _DOTS, _CLOSER, _BULLET_SIGN, _SMALL, _SPACE = (
    1 << n for n in range(13)
)
_SIGNS = {
    _STOP: ".!?。！？؟।", _QUOTE: '"“”', _BAR: "|›»>/•·", _COMMA: ",", _BLANK: " ", _AT: "@", _COLON: ":", _DOTS: "….",
    _CLOSER: "\"'”’»)]", _BULLET_SIGN: "*+•·▪◦‣–o-",
}  # fmt: skip
_CHARACTERS = 0x20000  # beyond them is no digit and no small letter


@dataclass(frozen=True, slots=True)
class _Signs:
    """What each line holds, begins with and ends in, as bits, and how many commas and blanks it has."""

    held: NDArray[np.uint16]
    first: NDArray[np.uint16]
    last: NDArray[np.uint16]
    commas: NDArray[np.intp]
    blanks: NDArray[np.intp]


@cache
def _list_signs() -> NDArray[np.uint16]:
    """Return what each character can be in a line; the last one stands for all beyond."""
    characters = list(map(chr, range(_CHARACTERS)))
    table = np.zeros(_CHARACTERS, np.uint16)
    for bit, is_one in ((_DIGIT, str.isdecimal), (_SMALL, str.islower), (_SPACE, str.isspace)):
        table |= np.fromiter(map(is_one, characters), np.uint16, _CHARACTERS) * np.uint16(bit)
    for bit, signs in _SIGNS.items():
        table[list(map(ord, signs))] |= bit
    return table


def _read_signs(texts: Sequence[str], chars_L: NDArray[np.intp]) -> _Signs:
    """Return the signs of all lines at once; what is searched for is then searched where its sign is."""
    codes_C = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    signs_C = _list_signs()[np.minimum(codes_C, _CHARACTERS - 1)]
    end_L = np.cumsum(chars_L)
    start_L = end_L - chars_L
    commas_L, blanks_L = (np.add.reduceat(signs_C & bit > 0, start_L, dtype=np.intp) for bit in (_COMMA, _BLANK))
    return _Signs(np.bitwise_or.reduceat(signs_C, start_L), signs_C[start_L], signs_C[end_L - 1], commas_L, blanks_L)


def _describe_ends(table: Matrix, texts: Sequence[str], signs: _Signs) -> None:
    """Fill in how each line begins and ends."""
    table[:, 6] = signs.last & (_STOP | _DOTS) > 0
    table[:, 7] = signs.last & _COLON > 0
    table[:, 15] = signs.first & _SMALL > 0
    for number in np.flatnonzero(signs.last & (_CLOSER | _SPACE)).tolist():
        table[number, 6] = _ENDS.search(texts[number], max(0, len(texts[number]) - 12)) is not None
    for number in np.flatnonzero(signs.last & _DOTS).tolist():
        table[number, 8] = texts[number].endswith(("...", "…"))
    for number in np.flatnonzero(signs.first & (_BULLET_SIGN | _DIGIT)).tolist():
        table[number, 14] = _BULLET.match(texts[number]) is not None


def _search_lines(table: Matrix, texts: Sequence[str], held_L: NDArray[np.uint16]) -> None:
    """Fill in the sentences, dates, clocks, separators and addresses of the lines that hold a sign of them."""
    for number in np.flatnonzero(held_L & _STOP).tolist():
        table[number, 9] = min(len(_SENTENCE.findall(texts[number])), 8)
    for number in np.flatnonzero(held_L & _DIGIT).tolist():
        text = texts[number]
        table[number, 12] = _DATE_SIGN.search(text) is not None and _DATE.search(text) is not None
        table[number, 13] = (":" in text or "." in text or "ago" in text.lower()) and _CLOCK.search(text) is not None
    for number in np.flatnonzero(held_L & _BAR).tolist():
        table[number, 16] = _SEPARATOR.search(texts[number]) is not None
    for number in np.flatnonzero(held_L & (_AT | _COLON | _STOP)).tolist():
        text = texts[number]
        table[number, 17] = ("@" in text or "://" in text or "www." in text) and _ADDRESS.search(text) is not None


def _share_vocabulary(words: Words, table: Matrix) -> Matrix:
    """Return how much of each line's longer words the page's prose has, without its own, and its first heading."""
    prose_L = (table[:, 0] > np.log(80)) & (table[:, 6] > 0)
    line_P, word_P, size = pair_words(words)
    count_U = np.bincount(word_P[prose_L[line_P]], minlength=size)
    other_P = count_U[word_P] - prose_L[line_P]
    shares = np.zeros((len(table), 2), np.float32)
    total_L = np.maximum(np.bincount(line_P, minlength=len(table)), 1)
    shares[:, 0] = np.bincount(line_P, other_P > 0, len(table)) / total_L
    shares[:, 1] = np.bincount(line_P, np.minimum(other_P, 3), len(table)) / total_L
    return shares


def pair_words(words: Words) -> tuple[NDArray[np.intp], NDArray[np.intp], int]:
    """Return line and word of each longer word of each line, once whatever its capitals, and how many there are."""
    number_V, folded = number_words(words.small)
    size = max(1, len(folded))
    pairs = np.sort((words.line * size + number_V[words.word])[words.letters[words.word] > 3])
    line_P, word_P = np.divmod(pairs[np.diff(pairs, prepend=-1) > 0], size)
    return line_P, word_P, size


def _measure_ways(table: Matrix) -> Matrix:
    """Return how far each line is from the furniture and from the prose above and below it, as logarithms."""
    at = {name: number for number, name in enumerate(LOCAL)}
    spoken = table[:, [at[f"words_{name}"] for name in ("related", "comment", "subscribe", "share")]].max(axis=1)
    related = (spoken > 0.3) & (table[:, at["log_words"]] < np.log(8))
    prose = (table[:, at["log_chars"]] > np.log(80)) & (table[:, at["ends"]] > 0)
    ways = [_way_to(marks[::step])[::step] for marks in (related, prose) for step in (1, -1)]
    return np.log1p(np.stack(ways, axis=1)).astype(np.float32)


def _count_above(table: Matrix, texts: Sequence[str]) -> Matrix:
    """Return how many short lines above each speak of comments, of other stories, and of who wrote or when."""
    at = {name: number for number, name in enumerate(LOCAL)}
    short = table[:, at["log_words"]] < np.log(8)
    signed = np.fromiter((len(t) < _SHORT_CHARS and t.lower().startswith(_SIGNS_OF_BYLINE) for t in texts), np.bool_)
    marks = [short & (table[:, at[f"words_{name}"]] > 0.3) for name in ("comment", "related")]
    counts_L3 = np.stack([np.cumsum(one) - one for one in (*marks, signed)], axis=1)
    return np.asarray(np.log1p(counts_L3), np.float32)


_SIGNS_OF_BYLINE = ("by ", "published", "posted", "updated", "last updated", "by:", "written by")


def _way_to(marks_L: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return how many lines above each line the last marked one stands, 60 at most."""
    here = np.arange(len(marks_L))
    last = np.maximum.accumulate(np.where(marks_L, here, -60))
    before = np.concatenate([[-60], last[:-1]]) if len(last) else last
    return np.asarray(np.minimum(here - before, 60), np.intp)


def _place_indents(indents: Sequence[int], table: Matrix) -> Matrix:
    """Return each line's indent against that of most prose, and whether the capture has indents at all."""
    out = np.zeros((len(table), 2), np.float32)
    if not any(indents):
        return out
    values = np.asarray(indents, np.float32)
    prose = (table[:, 9] >= 1) | ((table[:, 0] > np.log(100)) & (table[:, 6] > 0))
    if prose.any():
        columns, counts = np.unique(values[prose], return_counts=True)
        out[:, 0] = np.clip(values - columns[counts.argmax()], -20, 20)
        out[:, 1] = 1
    return out


def _describe_markup(lines: Sequence[Line], stated: str | None) -> Matrix:
    table = np.zeros((len(lines), len(MARKED)), np.float32)
    containers: Counter[str] = Counter()
    blocks: Counter[tuple[str, ...]] = Counter()
    for line in lines:
        markup = line.markup
        assert markup is not None
        if markup.link_chars * 2 < len(line.text):
            containers[markup.names] += len(line.text)
        blocks[markup.path] += 1
    total = max(1, sum(containers.values()))
    for number, (row, line) in enumerate(zip(table, lines, strict=True)):
        markup = line.markup
        assert markup is not None
        at = len(_TAGS) + len(_HOLDERS)
        _describe_place(row, markup)
        size = max(1, len(line.text))
        row[at + 6 : at + 10] = (
            markup.link_chars / size, markup.kept_chars / size, markup.strong_chars / size, len(markup.path),
        )  # fmt: skip
        row[at + 10] = len(markup.tag) == 2 and markup.tag[0] == "h" and markup.tag[1].isdigit()
        row[at + 11] = "articleBody" in markup.itemprops
        row[at + 12] = np.log1p(blocks[markup.path])
        row[at + 13] = containers[markup.names] / total
        row[at + 14] = -1 if stated is None else number < STATED_LINES and squeeze_text(line.text[:200]) in stated
    heads_L = np.array([line.markup is not None and "h1" in line.markup.path for line in lines])
    table[:, at + 15] = np.minimum(np.cumsum(heads_L) - heads_L, 3)
    article_L = np.array([line.markup.article if line.markup is not None else 0 for line in lines])
    table[:, at + 16] = np.minimum(article_L, 3)
    chars_L = np.array([len(line.text) for line in lines]) * (table[:, at + 6] < 0.5)
    mass = np.bincount(article_L, chars_L)
    table[:, at + 17] = mass[article_L] / max(1.0, float(mass.sum()))
    return table


def _describe_groups(lines: Sequence[Line], local: Matrix, marked: Matrix) -> Matrix:
    """Return what the lines of one place have in common: of its very names and tag, and of what holds that."""
    found = []
    values = np.stack(
        [
            local[:, LOCAL.index("log_words")], local[:, LOCAL.index("ends")],
            marked[:, MARKED.index("links")], marked[:, MARKED.index("kept")],
        ],
        axis=1,
    )  # fmt: skip
    for keys in (
        [(m.names, m.tag) for line in lines if (m := line.markup) is not None],
        [(m.names.rpartition(" ")[0], m.path[:-1]) for line in lines if (m := line.markup) is not None],
    ):
        number_L, _ = _number_keys(keys)
        count = np.bincount(number_L)
        means = [np.bincount(number_L, column) / count for column in values.T]
        found += [np.log1p(count)[number_L], *(mean[number_L] for mean in means)]
    return np.stack(found, axis=1).astype(np.float32)


def _number_keys(keys: Sequence[tuple[object, ...]]) -> tuple[NDArray[np.intp], int]:
    known: dict[tuple[object, ...], int] = {}
    numbers = np.fromiter((known.setdefault(key, len(known)) for key in keys), np.intp, len(keys))
    return numbers, len(known)


def squeeze_text(text: str) -> str:
    """Return letters and digits alone, lower case: what two layouts of one text share."""
    return "".join(filter(str.isalnum, text.lower()))


def _describe_place(row: NDArray[np.float32], markup: Markup) -> None:
    for number, tag in enumerate(_TAGS):
        row[number] = markup.tag == tag
    holders = set(markup.path)
    for number, tag in enumerate(_HOLDERS, len(_TAGS)):
        row[number] = tag in holders
    at = len(_TAGS) + len(_HOLDERS)
    row[at : at + 6] = _describe_names(markup.names)


@lru_cache(maxsize=10_000)
def _describe_names(names: str) -> NDArray[np.float32]:
    """Return how many of each class's words stand in class and id names, and how near the line the last bad one."""
    out = np.zeros(6, np.float32)
    if not names:
        return out
    for number, pattern in enumerate(_name_patterns()):
        found = list(pattern.finditer(names))
        out[number] = min(len(found), 6)
        if number == 1 and found:
            out[5] = found[-1].end() / len(names)
    return out


_STEPS = ("-1", "+1", "-2", "+2", "3", "10", "30")
_CONTEXT = (
    "log_words",
    "ends",
    "sentences",
    "capitalised",
    "words_function",
    "digits",
    "kept",
    "links",
    "page_words",
    "gap",
)


def _context_columns(own: Sequence[str]) -> list[int]:
    return [own.index(name) for name in _CONTEXT if name in own]


def _describe_context(local: Matrix) -> Matrix:
    """Return the neighbours' numbers and their means over 3, 10 and 30 lines on either side."""
    own = [*LOCAL, *(MARKED if local.shape[1] > len(LOCAL) else ())]
    chosen = local[:, _context_columns(own)]
    return np.hstack(surround_rows(chosen, (-1, 1, -2, 2), (3, 10, 30)))


def surround_rows(table: Matrix, steps: Sequence[int], reaches: Sequence[int]) -> list[Matrix]:
    """Return for each step the rows ``i + step``, then for each reach the means of ``i - reach`` to ``i + reach``.

    Beyond the ends are zeros.
    """
    most, count_L = max(*map(abs, steps), *reaches), len(table)
    padded = np.zeros((count_L + 2 * most, table.shape[1]), np.float32)
    padded[most : most + count_L] = table
    sums = np.zeros((len(padded) + 1, table.shape[1]))
    padded.cumsum(axis=0, dtype=np.float64, out=sums[1:])
    found = [padded[most + step :][:count_L] for step in steps]
    for reach in reaches:
        mean = (sums[most + reach + 1 :][:count_L] - sums[most - reach :][:count_L]) / (2 * reach + 1)
        found.append(mean.astype(np.float32))
    return found

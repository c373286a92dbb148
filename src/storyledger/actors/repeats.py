"""Names that the reader saw once and missed elsewhere in the same article: found again letter by letter.

Only what stands alone as a proper noun in the very same letters: a whole name, the family name of somebody named in
full, or an acronym, whose capitals say that it is a name ("WHO", which the lower-cased reading takes for a pronoun).
Invariant: nothing that the reader marked is changed. Must not know what becomes of a mention.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from storyledger.actors.page import Page

MIN_ACRONYM = 3  # capitals
MIN_CHARS = 4  # shorter ones ("Li", "Ahn") are too often a part of something else
LESS_SURE = 0.9  # of the score of the name that it repeats


class Named(Protocol):
    """A name that the reader marked."""

    start: int
    end: int
    kind: str
    type: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Form:
    """The words that a repetition must have; ``is_family``: the last word of a full name."""

    words: tuple[str, ...]
    type: str | None
    score: float
    is_family: bool = False


def find_repeats(page: Page, names: Sequence[Named]) -> Iterator[tuple[int, int, str | None, float]]:
    """Yield (start, end, type, score) of every unmarked repetition, in text order; the longest form first."""
    found = list(_match_forms(page, _index_forms(page, names), _mark_tokens(page, names)))
    seen = Counter(page.text[n.start : n.end] for n in names)
    missed = Counter(page.text[start:end] for start, end, _ in found)
    for start, end, form in found:
        text = page.text[start:end]
        if form.is_family or missed[text] <= seen[text]:  # mostly unmarked: rather the one mark is the slip
            yield start, end, form.type, form.score * LESS_SURE


def _match_forms(page: Page, forms: Mapping[str, Sequence[Form]], marked: set[int]) -> Iterator[tuple[int, int, Form]]:
    small = {_letters(page, k) for k in range(len(page.tokens))}
    i = 0
    while i < len(page.tokens):
        fitting = (f for f in forms.get(_letters(page, i), ()) if _stands_alone(page, i, f, marked, small))
        form = next(fitting, None)
        if form is not None:
            yield page.tokens[i].start, page.tokens[i + len(form.words) - 1].end, form
        i += len(form.words) if form is not None else 1


def _index_forms(page: Page, names: Sequence[Named]) -> dict[str, list[Form]]:
    """Return first word -> forms, the longest first; a family name that two people bear is none."""
    bearers: dict[tuple[str, ...], dict[tuple[str, ...], Form]] = {}
    for name in names:
        first, last = page.token_range(name.start, name.end)
        words = tuple(_letters(page, k) for k in range(first, last))
        if name.kind != "name" or not words or (page.text[name.start : name.end].isupper() and not _is_acronym(words)):
            continue
        bearers.setdefault(words, {})[words] = Form(words, name.type, name.score)
        if name.type == "person" and len(words) > 1:
            bearers.setdefault(words[-1:], {})[words] = Form(words[-1:], name.type, name.score, is_family=True)
    known: dict[str, list[Form]] = {}
    for form, owners in bearers.items():
        families = [f for words, f in owners.items() if words != form]
        if (sum(map(len, form)) >= MIN_CHARS or _is_acronym(form)) and len(families) <= 1:
            known.setdefault(form[0], []).append(families[0] if families else owners[form])
    return {k: sorted(v, key=lambda f: (-len(f.words), f.words)) for k, v in known.items()}


def _mark_tokens(page: Page, names: Sequence[Named]) -> set[int]:
    return {k for name in names for k in range(*page.token_range(name.start, name.end))}


def _stands_alone(page: Page, first: int, form: Form, marked: set[int], words: set[str]) -> bool:
    """Tell whether the form stands at token ``first``, unmarked, with no capital beside it that it could belong to."""
    last = first + len(form.words)
    if last > len(page.tokens) or any(k in marked for k in range(first - 1, last + 1)):
        return False
    same = all(_letters(page, first + k) == word for k, word in enumerate(form.words))
    plural = first > 0 and page.tokens[first - 1].upos == "DET" and form.type == "person"  # "the Smiths", "the Danes"
    proper = any(page.tokens[k].upos == "PROPN" for k in range(first, last)) or (
        form.is_family and form.words[0].lower() not in words  # a slip of the tags, but no word of the language
    )
    if _is_acronym(form.words):  # among capitals it may be any word
        proper = not any(0 <= k < len(page.tokens) and _is_acronym((_letters(page, k),)) for k in (first - 1, last))
    return same and proper and not plural and not _is_capital(page, first - 1) and not _is_capital(page, last)


def _is_acronym(words: tuple[str, ...]) -> bool:
    return len(words) == 1 and len(words[0]) >= MIN_ACRONYM and words[0].isalpha() and words[0].isupper()


def _is_capital(page: Page, token: int) -> bool:
    return 0 <= token < len(page.tokens) and page.tokens[token].upos == "PROPN"


def _letters(page: Page, token: int) -> str:
    return page.text[page.tokens[token].start : page.tokens[token].end]

"""Who copied from whom: passages that two articles share, the kind of copy, and who had it first.

Invariant: a pair is a copy only by passages that are no mere quotation and hold a fair part of the shorter
text; the result does not depend on the order of the articles. This module must not know how candidates
are found.

Kinds: ``byte_duplicate`` the same bytes; ``revision`` the same page at two times (same address, or same
outlet and title or most of the text); ``wire_verbatim`` the other outlet's text whole; ``wire_trimmed``
less of it and next to nothing new; ``wire_rewritten`` passages of it among others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storyledger.articles.body import BODY_KINDS
from storyledger.articles.features import squeeze_text
from storyledger.articles.shingles import SHINGLE_WORDS, split_words
from storyledger.types import Article, CopyKind

PASSAGE_WORDS = 12  # a shared run of fewer words is a phrase, a name or a piece of a quotation
SHARED_WORDS = 40  # of passages in all, outside quotations
COPY_SHARE = 0.25  # of either text; ferry pile: copies .58 and above, shared quotations .07 and below
VERBATIM_SHARE = 0.95
TRIMMED_SHARE = 0.85  # of the later text comes from the earlier, which has more
REVISION_SHARE = 0.5
# shares of runs of three words, on the training piles: pages that are no copies of each other have .20 at most
RUN_WORDS = 3
TAIL_WORDS = 3  # behind a shared end of two texts
WHOLE_SHARE = 0.8  # of a text: beyond it a shared end is the text, and its beginning was changed
COPIED_WORDING = 0.22
CREDITED_WORDING = 0.09
CREDIT_DAYS = 2
TRIMMED_WORDING = 0.33
TRIMMED_LENGTH = 0.7  # of the earlier text: an editor who changes words here and there and cuts more rewrites
REVISED_WORDING = 0.15
_QUOTED = re.compile(r"[“\"«][^“”\"«»]{0,1500}[”\"»]")


@dataclass(frozen=True, slots=True)
class Body:
    """An article's body as words with places; ``quoted`` says of each word whether it stands in quotation marks."""

    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    quoted: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two bodies share: passages as word ranges (a start, b start, length), and shares of either."""

    passages: tuple[tuple[int, int, int], ...]
    share_a: float
    share_b: float
    plain_words: int  # shared, outside quotation marks
    wording: float = 0.0  # of the runs of three words outside quotation marks of the text that has fewer
    length: float = 1.0  # words of b over words of a


def read_body(article: Article) -> Body:
    """Return the words of the body blocks of ``article``."""
    words: list[str] = []
    places: list[tuple[int, int]] = []
    quoted: list[bool] = []
    for block in article.blocks:
        if block.kind not in BODY_KINDS:
            continue
        text = article.text[block.start : block.end]
        inside = bytearray(len(text) + 1)
        for match in _QUOTED.finditer(text):
            inside[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        for word, start, end in split_words(text):
            words.append(word)
            places.append((block.start + start, block.start + end))
            quoted.append(bool(inside[start]))
    return Body(tuple(words), tuple(places), tuple(quoted))


def align_bodies(a: Body, b: Body) -> Overlap:
    """Return the maximal runs of equal words, longest first for a place that two runs claim.

    Runs are grown from shared five-word shingles; linear in the two texts for texts of few repetitions.
    """
    seeds: dict[tuple[str, ...], int] = {}
    for start in range(len(a.words) - SHINGLE_WORDS + 1):
        seeds.setdefault(a.words[start : start + SHINGLE_WORDS], start)
    runs: list[tuple[int, int, int]] = []
    here = 0
    while here <= len(b.words) - SHINGLE_WORDS:
        start = seeds.get(b.words[here : here + SHINGLE_WORDS], -1)
        if start < 0:
            here += 1
            continue
        length = SHINGLE_WORDS
        while (
            start + length < len(a.words)
            and here + length < len(b.words)
            and a.words[start + length] == b.words[here + length]
        ):
            length += 1
        runs.append((start, here, length))
        here += length
    return _measure(a, b, runs)


def _measure(a: Body, b: Body, runs: Sequence[tuple[int, int, int]]) -> Overlap:
    """Keep the passages of twelve words and more, each word of ``a`` once; count what they cover."""
    taken = bytearray(len(a.words))
    passages: list[tuple[int, int, int]] = []
    in_b = plain = 0
    for start, here, length in sorted(runs, key=lambda run: (-run[2], run[1])):
        if length < PASSAGE_WORDS or any(taken[start : start + length]):
            continue
        taken[start : start + length] = b"\1" * length
        passages.append((start, here, length))
        in_b += length
        plain += sum(not q for q in b.quoted[here : here + length])
    passages.sort(key=lambda run: run[1])
    if _is_tail(a, b, passages):
        return Overlap((), 0.0, 0.0, 0, share_wording(_cut(a, passages[0][0]), _cut(b, passages[0][1])))
    shares = sum(taken) / max(1, len(a.words)), in_b / max(1, len(b.words))
    return Overlap(tuple(passages), *shares, plain, share_wording(a, b), len(b.words) / max(1, len(a.words)))


def _is_tail(a: Body, b: Body, passages: Sequence[tuple[int, int, int]]) -> bool:
    """Return whether all that two texts share is how both end: who the outlet or the company is, how to write to it."""
    if len(passages) != 1:
        return False
    (start, here, length), slack = passages[0], TAIL_WORDS
    ends = len(a.words) - start - length <= slack and len(b.words) - here - length <= slack
    return ends and start >= SHINGLE_WORDS and here >= SHINGLE_WORDS and length < WHOLE_SHARE * len(a.words)


def _cut(body: Body, end: int) -> Body:
    return Body(body.words[:end], body.places[:end], body.quoted[:end])


def share_wording(a: Body, b: Body) -> float:
    """Return the share of the runs of three words outside quotation marks, of the text that has fewer, that both have.

    A text taken over with a word changed here and there shares few long runs and many short ones.
    """
    one, two = _runs(a), _runs(b)
    return len(one & two) / min(len(one), len(two)) if one and two else 0.0


def _runs(body: Body) -> set[tuple[str, ...]]:
    words, quoted = body.words, body.quoted
    return {words[i : i + RUN_WORDS] for i in range(len(words) - RUN_WORDS + 1) if not any(quoted[i : i + RUN_WORDS])}


def is_copy(first: Article, later: Article, overlap: Overlap) -> bool:
    """Return whether what two texts share is more than a quotation or a set phrase."""
    if overlap.plain_words >= SHARED_WORDS and max(overlap.share_a, overlap.share_b) >= COPY_SHARE:
        return True
    return overlap.wording >= (CREDITED_WORDING if credits_other(first, later) else COPIED_WORDING)


def credits_other(a: Article, b: Article) -> bool:
    """Return whether one of two articles names the other, an agency's own page of at most two days before."""
    return any(_draws_on(later, first) for first, later in ((a, b), (b, a)))


def _draws_on(later: Article, first: Article) -> bool:
    agency = first.wire or first.outlet or ""
    if len(agency) < 3 or not follows(first, later) or squeeze_text(later.outlet or "") == squeeze_text(agency):
        return False
    return bool(re.search(rf"\b{re.escape(agency)}\b", f"{later.wire or ''} {later.text}"))


def follows(first: Article, later: Article) -> bool:
    """Return whether ``later`` is of the day of ``first`` or of the next two; not where either day is unknown."""
    days = (first.published or "")[:10], (later.published or "")[:10]
    if not all(len(d) == len("2001-01-01") for d in days):
        return False
    return 0 <= (date.fromisoformat(days[1]) - date.fromisoformat(days[0])).days <= CREDIT_DAYS


def tell_kind(first: Article, later: Article, overlap: Overlap) -> CopyKind:
    """Return what kind of copy ``later`` is of ``first``; ``overlap`` is of (first, later)."""
    if first.sha256 == later.sha256:
        return "byte_duplicate"
    if is_revision(first, later, overlap):
        return "revision"
    if overlap.share_a >= VERBATIM_SHARE and overlap.share_b >= VERBATIM_SHARE:
        return "wire_verbatim"
    edited = overlap.wording >= TRIMMED_WORDING and overlap.length >= TRIMMED_LENGTH
    trimmed = overlap.share_b >= TRIMMED_SHARE or edited
    return "wire_trimmed" if trimmed else "wire_rewritten"


def is_revision(a: Article, b: Article, overlap: Overlap) -> bool:
    """Return whether two articles are one page at two times: by address, or by outlet and text."""
    if a.url and b.url and _plain_url(a.url) == _plain_url(b.url):
        return True
    same_outlet = bool(a.outlet and b.outlet) and squeeze_text(a.outlet or "") == squeeze_text(b.outlet or "")
    told_alike = min(overlap.share_a, overlap.share_b) >= REVISION_SHARE or overlap.wording >= REVISED_WORDING
    return (same_outlet or _are_one_agency(a, b)) and told_alike


def _are_one_agency(a: Article, b: Article) -> bool:
    """Return whether both are an agency's own pages: they credit one agency, and neither names another outlet."""
    credit, other = squeeze_text(a.wire or ""), squeeze_text(b.wire or "")
    own = {squeeze_text(x.outlet or "") for x in (a, b)}
    return bool(credit) and credit == other and own <= {credit, ""}


def _plain_url(url: str) -> str:
    return re.sub(r"^https?://(?:www\.|m\.|amp\.)?|[#?].*$|/$", "", url.strip().lower())


def order_pair(a: Article, b: Article, overlap: Overlap) -> bool:
    """Return whether ``a`` comes first: an agency that the other credits, else the date, else the fuller text.

    ``overlap`` is of (a, b): the text of which less is in the other has more.
    """
    for first, later, answer in ((a, b, True), (b, a, False)):
        credit = squeeze_text(later.wire or "")
        if credit and first.outlet and credit in squeeze_text(first.outlet):
            return answer
    dates = (a.published_latest or "9999", b.published_latest or "9999")
    if dates[0] != dates[1] and _comparable(a, b):
        return dates[0] < dates[1]
    changed = (a.modified or a.published_latest or "9999", b.modified or b.published_latest or "9999")
    if a.url and a.url == b.url and changed[0] != changed[1]:
        return changed[0] < changed[1]
    if abs(overlap.share_a - overlap.share_b) > 0.02:
        return overlap.share_a < overlap.share_b
    return (a.path, a.record or "") < (b.path, b.record or "")


def _comparable(a: Article, b: Article) -> bool:
    """Return whether both dates are days that a page states: an inferred interval orders nothing."""
    return all(x.published is not None and len(x.published) == 10 and x.published_basis != "inferred" for x in (a, b))

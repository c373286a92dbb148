"""One page to one article, without knowledge of the other pages but which of their lines repeat.

This module must not know how a line is judged or how a fact is read; it calls those in order.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from storyledger.articles.assemble import Choice, Layout, Ruling, assemble_text, obey_rulings
from storyledger.articles.behind import THIN_CHARS, find_behind
from storyledger.articles.body import BODY_KINDS, SHOWN_KINDS
from storyledger.articles.budget import tell_spent
from storyledger.articles.completeness import find_break, judge_completeness
from storyledger.articles.dates import parse_stated_date
from storyledger.articles.decode import decode_page
from storyledger.articles.facts import (
    Dating,
    choose_date,
    find_first_published,
    find_helpers,
    find_wire,
)
from storyledger.articles.features import describe_lines, pair_words, squeeze_text
from storyledger.articles.front import Front, Scored, find_front
from storyledger.articles.given import keep_given
from storyledger.articles.heads import Weights, load_head_weights
from storyledger.articles.language import tell_language
from storyledger.articles.layout import Sheet, lay_out
from storyledger.articles.lines import Line, split_capture
from storyledger.articles.metadata import Stated, is_american, read_metadata
from storyledger.articles.model import LineModel, load_line_model, score_lines
from storyledger.articles.names import find_people, keep_people
from storyledger.articles.outlets import OutletFound, clean_outlet, find_outlet
from storyledger.articles.stamps import part_headline, part_stamps
from storyledger.articles.tree import Tree, parse_tree, read_flat_lines, read_lines
from storyledger.articles.words import read_words
from storyledger.articles.wrapping import join_wrapped
from storyledger.errors import PageError
from storyledger.ids import make_id
from storyledger.types import Article, Evidence, Page, SourceNote


def fingerprint_lines(page: Page) -> tuple[str, ...]:
    """Return the hashes of the page's lines, each once, in order; the pile counts who shares them.

    Case, digits and white space do not count, so that "3 comments" and "12 comments" are one line.
    """
    source, _ = decode_page(page)
    lines = _split_page(page, source, parse_tree(source) if page.media == "html" else None, vote=False)
    return tuple(dict.fromkeys(hash_line(line.text) for line in lines))


def _split_page(page: Page, source: str, tree: Tree | None, *, vote: bool) -> list[Line]:
    if page.media == "text":
        return join_wrapped(split_capture(source))
    lines = read_lines(tree, vote=vote) if tree is not None else []
    if page.derived is not None and UNTAGGED in source[:2000]:
        lines = [Line(line.text, line.rows, gap=1) for line in lines]
    return lines or read_flat_lines(source)


# in the head of a source that was derived from a file whose elements nobody marked: it is read as a capture is
UNTAGGED = '<meta name="elements" content="found by layout">'


# 60,000 words, a short book: beyond that it is a dump, and one page would take the machine (7 GB for 5 MB of text)
MAX_ARTICLE_CHARS = 400_000
_SOURCE = re.compile(r"\s*(?:source|via|quelle|from)\s*:", re.IGNORECASE)
_DIGIT = re.compile(r"\d")


def hash_line(text: str) -> str:
    """Return the hash of a line that ``fingerprint_lines`` tells."""
    plain = " ".join(_DIGIT.sub("0", text.casefold()).split())
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def extract_article(page: Page, repeated: Mapping[str, int], rulings: tuple[Ruling, ...] = ()) -> Article:
    """Return the article on ``page``: text, blocks, map, and the facts that the page itself tells.

    Args:
        page: as received.
        repeated: hash of a line (``fingerprint_lines``) -> 1 where another, not byte-identical page
            of the pile has it.
        rulings: what a person says is of the article and what is not, by ranges of the source.

    Raises:
        PageError: the page shows no text, or too much of it.
    """
    article = extract_with_models(page, repeated, load_line_model, rulings=rulings)
    if len(article.text) > MAX_ARTICLE_CHARS:
        raise PageError(
            "E-PAGE-LONG",
            f"its text has {len(article.text):,} characters, more than {MAX_ARTICLE_CHARS:,}",
            "split it: a page of that length is no article",
            path=page.path,
        )
    return tell_spent(article)


@dataclass(frozen=True, slots=True)
class _Read:
    """A page as read: its lines, what its metadata states, the codec."""

    lines: list[Line]
    stated: Stated
    encoding: str


def extract_with_models(
    page: Page,
    repeated: Mapping[str, int],
    load: Callable[[str], LineModel],
    load_head: Callable[[], Weights] = load_head_weights,
    rulings: tuple[Ruling, ...] = (),
) -> Article:
    """Return what ``extract_article`` does, with the line models ("html", "text") and head weights that are given."""
    read = _read_page(page)
    if not read.lines:
        raise PageError("E-PAGE-NO-TEXT", "the page shows no text", "see whether it was saved whole", path=page.path)
    sheet = _score_page(page, read, repeated, load, load_head)
    dating = choose_date(
        read.stated, sheet.front.visible, find_first_published(read.lines), _find_url(page, read.stated)
    )
    choices = keep_given(read.lines, _list_titles(page)) if page.given else lay_out(sheet)
    choices = part_stamps(choices)
    if page.media != "html" and not _list_titles(page):
        choices = part_headline(choices)
    layout = assemble_text(choices)
    if page.media == "html" and not page.given:
        shown = [layout.text[b.start : b.end] for b in layout.blocks if b.kind in BODY_KINDS]
        behind = find_behind(decode_page(page)[0], shown, _name_page(sheet, read), load) if _is_thin(shown) else []
        if behind:
            choices = part_stamps(lay_out(_put_behind(sheet, behind)))
            layout = assemble_text(choices)
    if rulings:
        choices = obey_rulings(choices, rulings)
        layout = assemble_text(choices)
    if not any(block.kind in SHOWN_KINDS or block.kind == "caption" for block in layout.blocks):
        raise PageError(
            "E-PAGE-NO-TEXT", "no article was found on the page", "see whether it was saved whole", path=page.path
        )
    return _make_article(page, read, layout, choices, sheet.front, dating)


def _score_page(
    page: Page,
    read: _Read,
    repeated: Mapping[str, int],
    load: Callable[[str], LineModel],
    load_head: Callable[[], Weights],
) -> Sheet:
    """Return the page's lines with what the models say of them."""
    lines, stated = read.lines, read.stated
    words = read_words(lines)
    model = load("text" if lines[0].markup is None else "html")
    table = describe_lines(lines, words, squeeze_text(stated.body) if stated.body else None)
    scores = score_lines(model, table, pair_words(words))
    repeats = [repeated.get(hash_line(line.text), 0) for line in lines] if repeated else [0] * len(lines)
    titles = [*_list_titles(page), *stated.titles]
    front = find_front(
        Scored(lines, words, scores, repeats), titles, load_head(), american=is_american(stated.language)
    )
    return Sheet(lines, scores, front, repeats)


def _list_titles(page: Page) -> list[str]:
    return [note.title for note in (page.sidecar, page.declared) if note is not None and note.title]


def _is_thin(shown: Sequence[str]) -> bool:
    return sum(map(len, shown)) <= THIN_CHARS


def _name_page(sheet: Sheet, read: _Read) -> list[str]:
    shown = [sheet.lines[sheet.front.title].text] if sheet.front.title is not None else []
    return [*shown, *read.stated.titles]


def _put_behind(sheet: Sheet, behind: list[Line]) -> Sheet:
    """Return the sheet with the text from behind the page in the place of its body."""
    scores = np.concatenate([np.zeros(len(sheet.lines)), np.ones(len(behind))])
    front = replace(sheet.front, decks=frozenset())
    return Sheet([*sheet.lines, *behind], scores, front, [*sheet.repeats, *[0] * len(behind)])


def _read_page(page: Page) -> _Read:
    source, encoding = decode_page(page)
    tree = parse_tree(source) if page.media == "html" else None
    stated = read_metadata(tree) if tree is not None else Stated()
    return _Read(_split_page(page, source, tree, vote=True), stated, encoding)


def _find_url(page: Page, stated: Stated) -> str | None:
    return next((n.url for n in (page.sidecar, page.declared) if n is not None and n.url), None) or stated.url


def _make_article(
    page: Page,
    read: _Read,
    layout: Layout,
    choices: Sequence[Choice],
    front: Front,
    dating: Dating,
) -> Article:
    """Put text and facts together; a person's word in the sidecar beats what was found."""
    identity = make_id("article", page.path, page.record, page.sha256)
    side = page.sidecar or SourceNote()
    declared = page.declared or SourceNote()
    texts = {
        kind: [layout.text[b.start : b.end] for b in layout.blocks if b.kind == kind]
        for kind in ("title", "deck", "byline", "paragraph")
    }
    body = texts["paragraph"]
    helpers = find_helpers(read.lines, front.title if front.title is not None else _find_start(read.lines, choices))
    shown = _leave_out(front.authors, helpers)
    glued = tuple(p for text in texts["byline"] for p in find_people(text))
    outlet = _choose_outlet(side, declared, read, front, body, _find_url(page, read.stated))
    stated = _state_date(page, dating, is_american(read.stated.language))
    completeness = judge_completeness(page.cut or find_break(page, choices), choices, layout, read.stated)
    found_title = texts["title"][0] if texts["title"] else None
    return Article(
        id=identity,
        path=page.path,
        record=page.record,
        encoding=read.encoding,
        sha256=page.sha256,
        text=layout.text,
        source_map=layout.source_map,
        blocks=layout.blocks,
        dropped=layout.dropped,
        url=_find_url(page, read.stated),
        outlet=outlet.name if outlet else None,
        outlet_basis=outlet.basis if outlet else None,
        outlet_confidence=outlet.confidence if outlet else None,
        outlet_evidence=_find_evidence(identity, layout.text, outlet.phrases if outlet else ()),
        wire=_choose_wire(body, choices, outlet),
        title=side.title or found_title or declared.title or next(iter(read.stated.titles), None),
        deck=texts["deck"][0] if texts["deck"] else None,
        authors=side.authors
        or choose_authors(
            (glued or shown) if page.given else (shown or glued),  # a given text's lines run on behind their bylines
            replace(read.stated, authors=_leave_out(read.stated.authors, helpers)),
            declared.authors,
            outlet,
            texts["byline"],
        ),
        published=stated.published,
        published_earliest=stated.published,
        published_latest=stated.published,
        published_basis=stated.basis,
        published_confidence=stated.confidence,
        published_choices=stated.open_days if stated.published is None else (),
        modified=read.stated.modified or front.visible.updated,
        language=tell_language(body or [layout.text], read.stated.language),
        completeness=completeness.state,
        completeness_reason=completeness.reason,
        derived=page.derived,
    )


def _find_start(lines: Sequence[Line], choices: Sequence[Choice]) -> int | None:
    """Return the number of the first line of the body: where no title is shown, its signatures stand about there."""
    first = next((choice.line for choice in choices if choice.kind == "paragraph"), None)
    return next((number for number, line in enumerate(lines) if line is first), None)


def choose_authors(
    shown: tuple[str, ...],
    stated: Stated,
    declared: tuple[str, ...],
    outlet: OutletFound | None,
    bylines: Sequence[str] = (),
) -> tuple[str, ...]:
    """Return the authors: metadata where it names people, else what the page shows or links, else the container's word.

    A name that is the outlet's, or ends in it, is no person's, or is cut: desks sign with the outlet's name.
    """
    names = _settle_authors(stated.authors, shown, bylines) or stated.linked_authors or keep_people(declared)
    outlets = [name for name in (*stated.outlets, outlet.name if outlet else "") if name]
    titles = {squeeze_text(form) for name in outlets for form in (name, name.removeprefix("The ")) if form}
    sure = frozenset(name for name in (*stated.authors, *declared) if " " not in name)
    kept: dict[str, None] = {}
    for name in names:
        words = name.split()
        cut = next(
            (n for n in range(len(words)) if any(t.startswith(squeeze_text("".join(words[n:]))) for t in titles)),
            len(words),
        )
        desk = any(squeeze_text(word) in titles for word in words)
        whole = cut == 1 and name in sure  # "MrCoraVale"; by a byline alone that is a pseudonym
        if (cut >= 2 or whole) and not desk:
            kept.setdefault(" ".join(words[:cut]))
    return tuple(kept)


def _leave_out(people: tuple[str, ...], helpers: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in people if name not in helpers) or people


def _settle_authors(stated: tuple[str, ...], shown: tuple[str, ...], bylines: Sequence[str]) -> tuple[str, ...]:
    """Return the stated people, or those whom the bylines show where these are fewer or more.

    Metadata lists photographers too, whom no byline names, or the first alone of those whom one byline names.
    """
    if not stated or not shown:
        return stated or shown
    missing = set(stated) - set(shown)
    if len(missing) < len(stated) and not any(name in text for name in missing for text in bylines):
        for text in bylines if not missing else ():
            together = find_people(text)
            if set(together) >= set(stated):
                return together
        return shown if set(shown) < set(stated) else stated
    return stated


def _choose_outlet(
    side: SourceNote, declared: SourceNote, read: _Read, front: Front, body: Sequence[str], url: str | None
) -> OutletFound | None:
    if side.outlet:
        return OutletFound(side.outlet, "sidecar", 1.0)
    if declared.outlet:
        return OutletFound(declared.outlet, "metadata", 0.95)
    mast = clean_outlet(front.outlet[0]) if front.outlet is not None else None
    if front.outlet is not None and mast is not None:
        return OutletFound(mast, "stated", round(front.outlet[1], 3))
    return find_outlet(read.stated, read.lines, front.title, body, url)


def _state_date(page: Page, dating: Dating, american: bool | None) -> Dating:
    """Return the date by a person's word, then the page's; the container's comes first where it gave the article."""
    side, declared = page.sidecar or SourceNote(), page.declared or SourceNote()
    said = parse_stated_date(side.published, american=american) if side.published else None
    if said:
        return Dating(said, "sidecar", 1.0)
    told = parse_stated_date(declared.published, american=american) if declared.published else None
    return Dating(told, "metadata", 0.9) if told and (page.given or dating.published is None) else dating


def _choose_wire(body: Sequence[str], choices: Sequence[Choice], outlet: OutletFound | None) -> str | None:
    near = [
        c.line.text
        for c in choices[:400]
        if len(c.line.text) < 60 and ":" in c.line.text and _SOURCE.match(c.line.text)
    ]
    wire = find_wire(body, near)
    if wire and outlet and squeeze_text(wire) in squeeze_text(outlet.name):
        return None
    return wire


def _find_evidence(document: str, text: str, phrases: Sequence[str]) -> tuple[Evidence, ...]:
    found = []
    for phrase in phrases:
        at = text.find(phrase)
        if at >= 0:
            found.append(Evidence(document, at, at + len(phrase), phrase))
    return tuple(found)

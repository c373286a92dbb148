"""The account as HTML: one self-contained file, or the pages of a folder.

Invariant: everything that comes from pages passes through the templates' escaping; the only strings
put in as they are are our own style sheet, our own script and JSON without "<". The policy allows
exactly these by their hashes, and nothing else: no request, no image, no form, no frame.
"""

from __future__ import annotations

import base64
import copy
import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

import jinja2
import markupsafe

from storyledger.nations import name_country
from storyledger.report import sections, versions, wording
from storyledger.report.capture import Piece, browser_label, iter_pieces, pack_capture
from storyledger.report.digest import GENEROUS, SPARING, Digest, Editor, allow_words
from storyledger.report.disputes import Answer, strip
from storyledger.report.files import read_asset
from storyledger.report.lookup import Lookup
from storyledger.report.marks import Paragraph, Span, mark_article
from storyledger.report.numbers import NumberRow
from storyledger.report.people import is_nameable
from storyledger.report.sentences import count_words, shorten_line
from storyledger.report.spans import collect_spans, speaker_name
from storyledger.report.telling import StoryLine, say_line_day
from storyledger.report.terms import TERMS
from storyledger.types import Article, Event, Failure, Story

SCRIPTS = ("sha256.js", "verify.js", "search.js", "timeline.js", "account.js")
FOLDER_POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; "
DIGEST_PARTS = ("index", "questions", "people", "sources", "numbers")
PARTS = (*DIGEST_PARTS, "articles")
FOLDER_FILES = tuple(f"{part}.html" for part in DIGEST_PARTS)
ANSWER_CHARS = 70  # of a side in the three lines of what is disputed
BISECTIONS = 8  # of the room for a digest, by its logarithm: the last step is of two percent
SMALL_NUMBER = 20  # a reader reads these in words
SMALL_PILE = 40  # pages
LEFT_OVER = (8, 6, 4, 3, 2, 1)  # entries of what happened that may still fit
RELATION_WORDS = 24  # of the sentence that tells who acts on whom
OTHERS_NAMED = 12  # of the stories for which there was no room
POLICY_END = "base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class PageView:
    """An article with its marks and, where the ledger kept it, its capture."""

    number: int
    article: Article
    paragraphs: list[Paragraph]
    bytes: int | None
    pieces: tuple[Piece, ...]
    untitled: bool
    diff: versions.CopyDiff | None
    ground: str


def join_scripts() -> str:
    """Return the page's whole script, in one scope."""
    parts = "\n".join(read_asset(name).strip() for name in SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();\n'


@functools.cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("storyledger.report", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        day=wording.say_day,
        when=wording.say_when,
        interval_of=wording.say_when,
        published=wording.say_published,
        doubt=wording.say_doubt,
        shorten=wording.shorten,
        noun=lambda count, noun, plural=None: wording.count_noun(count, noun, plural),
    )
    environment.globals.update(TERMS, speaker_name=speaker_name)
    return environment


def render_account(lookup: Lookup, captures: Mapping[str, bytes], failures: Sequence[Failure]) -> str:
    """Return all of the account in one page."""
    digest, view = fit_digest(lookup)
    spans = collect_spans(lookup)
    values = {**_shared(lookup, captures), **view, "failures": failures, "parts": PARTS, "part_title": ""}
    values["contents"] = _list_contents(lookup, digest, failures)
    values["digest"] = _render_digest(values)
    values["pages"] = [view_page(lookup, a, spans[a.id], captures) for a in lookup.story.documents]
    return _clean(_environment().get_template("account.html.j2").render(values))


def iter_parts(lookup: Lookup, captures: Mapping[str, bytes], failures: Sequence[Failure]) -> Iterator[tuple[str, str]]:
    """Yield name and text of the folder form's files, but for the articles: the index first."""
    digest, view = fit_digest(lookup)
    for name in FOLDER_FILES:
        here = copy.copy(lookup)  # replace() would number the whole story again for every file
        here.here = name
        part = name.removesuffix(".html")
        values = {**_shared(here, captures), **view, "failures": failures, "parts": (part,)}
        values["part_title"] = "" if part == "index" else part
        values["contents"] = _list_contents(here, digest, failures)
        values |= {"short": functools.partial(_shorten_answer, here)}
        values["digest"] = _render_digest(values)
        yield name, _clean(_environment().get_template("account.html.j2").render(values))


def iter_articles(lookup: Lookup, captures: Mapping[str, bytes]) -> Iterator[tuple[PageView, str]]:
    """Yield the pages of the articles in the folder form: what is shown, and its text."""
    spans, shared = collect_spans(lookup), _shared(lookup, captures)
    template = _environment().get_template("article.html.j2")
    for number, article in enumerate(lookup.story.documents, 1):
        here = copy.copy(lookup)
        here.here = lookup.page_name(number)
        page = view_page(here, article, spans[article.id], captures)
        proof = write_json({"folder": True, "numbers": [number] if article.id in captures else []})
        captured = article.id in captures
        values = {**shared, "L": here, "page": page, "part_title": "", "proof": proof, "captured": captured}
        yield page, _clean(template.render(values))


def view_page(lookup: Lookup, article: Article, spans: list[Span], captures: Mapping[str, bytes]) -> PageView:
    """Return what is shown of one article."""
    number, data = lookup.numbers[("d", article.id)], captures.get(article.id)
    paragraphs = mark_article(article, number, spans)
    untitled = bool(article.title) and not any(p.kind == "title" for p in paragraphs)
    pieces = tuple(iter_pieces(article, data)) if data is not None else ()
    size = None if data is None else len(data)
    diff, ground = _diff_with_source(lookup, article), _say_ground(lookup, article)
    return PageView(number, article, paragraphs, size, pieces, untitled, diff, ground)


def pack_proof(lookup: Lookup, article: Article, captures: Mapping[str, bytes]) -> dict[str, Any]:
    """Return what the browser needs to derive the article's words anew: hash, encoding, map and bytes."""
    data = captures.get(article.id)
    return {
        "n": lookup.numbers[("d", article.id)],
        "sha": article.sha256,
        "enc": browser_label(article.encoding),
        "map": [n for row in article.source_map for n in row],
        "gz": None if data is None else pack_capture(data),
    }


def write_json(value: Any) -> str:
    """Return ``value`` as JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _shared(lookup: Lookup, captures: Mapping[str, bytes]) -> dict[str, Any]:
    css, js = read_asset("account.css"), join_scripts()
    story = lookup.story
    if lookup.folder:
        proof: dict[str, Any] = {"folder": True}
        proof["numbers"] = [lookup.numbers[("d", a.id)] for a in story.documents if a.id in captures]
        policy = FOLDER_POLICY + POLICY_END
    else:
        proof = {"folder": False, "documents": list(_pack_once(lookup, captures))}
        hashes = f"script-src '{_hash_source(js)}'; style-src '{_hash_source(css)}'; img-src data:; "
        policy = "default-src 'none'; " + hashes + POLICY_END
    return {
        "L": lookup,
        "folder": lookup.folder,
        "facts": sections.count_facts(lookup),
        "captured": any(a.id in captures for a in story.documents),
        "css": css,
        "js": js,
        "policy": policy,
        "proof": write_json(proof),
    }


def _pack_once(lookup: Lookup, captures: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    """Yield the documents' proofs; bytes that an earlier one has are named by its number."""
    first: dict[bytes, int] = {}
    for article in lookup.story.documents:
        data = captures.get(article.id)
        number = lookup.numbers[("d", article.id)]
        if data is not None and data in first:
            yield {**pack_proof(lookup, article, {}), "same": first[data]}
            continue
        if data is not None:
            first[data] = number
        yield pack_proof(lookup, article, captures)


def _hash_source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _has_stage(story: Story, stage: str) -> bool:
    return not story.stages or stage in story.stages or bool(getattr(story, stage))


def fit_digest(lookup: Lookup) -> tuple[Digest, dict[str, Any]]:
    """Return the fullest digest that is no longer than ``allow_words`` allows, and what its templates need.

    A pile too small for the headings alone gets the sparest one.
    """
    documents = lookup.story.documents
    allowed = allow_words(len(documents), sum(count_words(a.text) for a in documents))
    editor, changed = Editor(lookup), versions.list_changed(lookup)

    def lay(room: float, more: int = 0) -> tuple[Digest, dict[str, Any], int]:
        digest = editor.lay_out(room, more)
        lookup.shown = digest.shown
        values = _view(lookup, digest, changed, room)
        return digest, values, count_digest_words(_render_digest({**values, "L": lookup, "parts": DIGEST_PARTS}))

    low, high = SPARING, GENEROUS
    best = lay(high)
    if best[2] > allowed:
        best = lay(low)
        for _ in range(BISECTIONS):
            middle = (low * high) ** 0.5
            tried = lay(middle)
            if tried[2] <= allowed:
                low, best = middle, tried
            else:
                high = middle
        if len(documents) <= SMALL_PILE:  # a step of the room adds to every section: what is left over is told, too
            fitting = (tried for more in LEFT_OVER if (tried := lay(low, more))[2] <= allowed)
            best = next(fitting, best)
        lookup.shown = best[0].shown
    return best[0], best[1]


def count_digest_words(html: str) -> int:
    """Return how many words a reader of ``html`` can read: folded ones too, but no tooltips."""
    text = re.sub(r"(?s)<title>.*?</title>|<select.*?</select>|<[^>]+>", " ", html)
    return count_words(unescape(text))


def _render_digest(values: Mapping[str, Any]) -> str:
    claimed: set[str] = set()

    def claim(anchor: str) -> bool:
        """Whether this is the first place of an entry: an id stands once in a page."""
        free = bool(anchor) and anchor not in claimed
        claimed.add(anchor)
        return free

    return _environment().get_template("digest.html.j2").render({**values, "claim": claim})


def _view(lookup: Lookup, digest: Digest, changed: list[versions.VersionGroup], room: float) -> dict[str, Any]:
    """Return what the digest's templates need beside the digest."""
    return {
        "D": digest,
        "facts": sections.count_facts(lookup),
        "has": functools.partial(_has_stage, lookup.story),
        "line_day": functools.partial(say_line_day, lookup),
        "tag_of": _say_status,
        "says": _says_value,
        "clip": functools.partial(shorten_line, words=RELATION_WORDS),
        "ground_of": functools.partial(_say_ground, lookup),
        "short": functools.partial(_shorten_answer, lookup),
        "outlets_of": lambda documents: tuple(dict.fromkeys(map(lookup.outlet, documents))),
        "actor_anchors": functools.partial(_actor_anchors, lookup),
        "edge_href": functools.partial(_find_edge, lookup, digest),
        "acting": _list_acting(lookup, digest),
        "changed": changed[: round(2 * room)],
        "network_height": max((n.y for n in digest.nodes), default=0) + 50,
        "others_named": OTHERS_NAMED,
        "places_listed": max(3, min(round(6 * room), 12)),
        "country": name_country,
        "pages_listed": max(4, round(20 * room)),
    }


def _find_edge(lookup: Lookup, digest: Digest, anchor: str) -> str:
    """Return where an edge of the map leads: its line in the list, else its words."""
    listed = any(r.anchor == anchor for r in digest.relations)
    if listed or anchor not in digest.crossings:
        return f"#{anchor}"
    sentence = digest.crossings[anchor].sentence
    return lookup.sentence_href(sentence.document, sentence.number)


def _list_acting(lookup: Lookup, digest: Digest) -> list[tuple[str, str]]:
    """Return anchor and name of everybody with a name who takes part in what the timeline draws, by name."""
    keys = {p.actor for h in digest.happenings.drawn for p in h.event.participants}
    actors = [a for key in keys if (a := lookup.actors.get(key)) and is_nameable(a)]
    return sorted(((lookup.anchor("a", a.id), a.name) for a in actors), key=lambda row: (row[1], row[0]))


def _actor_anchors(lookup: Lookup, event: Event) -> str:
    return " ".join(dict.fromkeys(lookup.anchor("a", p.actor) for p in event.participants))


def _say_status(row: StoryLine) -> str:
    """Return " (planned)" where the line's event is no report of what was done."""
    return "" if row.status == "reported" else f" ({TERMS['statuses'][row.status]})"


def _says_value(row: NumberRow) -> bool:
    """Whether the words have the number in figures, or a small one in words: then it need not be said again."""
    figure = row.figure
    digits = wording.say_number(figure.value)
    return digits in figure.evidence.text or (figure.value or 0) <= SMALL_NUMBER


def _say_ground(lookup: Lookup, article: Article) -> str:
    """Return what a reader must know of a page beyond its day: not whole, a copy, about something else."""
    notes = []
    if article.completeness_reason:
        notes.append(f"not whole: {article.completeness_reason}")
    if article.copy_of:
        copied = lookup.articles.get(article.copy_of.document)
        kind = TERMS["copies"].get(article.copy_of.kind, article.copy_of.kind)
        notes.append(f"{kind} {lookup.outlet(copied.id) if copied else 'a page that is not here'}")
    elif article.wire:
        notes.append(f"credits {article.wire}")
    if article.outlet and article.outlet_basis not in (None, "stated", "metadata", "sidecar"):
        notes.append(f"outlet {article.outlet_basis}")
    if not article.in_story:
        notes.append("about something else")
    return "".join(f"; {note}" for note in notes)


def _shorten_answer(lookup: Lookup, answer: Answer) -> markupsafe.Markup:
    """Return a side in a few of its words, with its outlet and day, as a link to them."""
    words = wording.shorten(strip(answer.tellings[0].text), ANSWER_CHARS)
    href, cite = lookup.evidence_href(answer.tellings[0]), lookup.cite(answer.tellings[0].document)
    return markupsafe.Markup('“{}” <a class="cite" href="{}">{}</a>').format(words, href, cite)


def _diff_with_source(lookup: Lookup, article: Article) -> versions.CopyDiff | None:
    source = lookup.articles.get(article.copy_of.document) if article.copy_of else None
    return versions.diff_copy(article, source) if source else None


def _list_contents(lookup: Lookup, digest: Digest, failures: Sequence[Failure]) -> list[tuple[str, str]]:
    """Return link and label of each section that the account has."""
    contents = [
        ("index", "story", "The stories" if digest.several else "The story", True),
        ("index", "map", "Who acts on whom", bool(digest.relations)),
        ("index", "timeline", "Timeline", _has_stage(lookup.story, "events")),
        ("index", "places", "Where it happened", digest.atlas is not None),
        ("questions", "questions", "By question", True),
        ("people", "people", "By person and body", True),
        ("sources", "sources", "By source", True),
        ("numbers", "numbers", "The numbers", True),
        ("articles", "articles", "The pages as received", not lookup.folder),
        ("index", "failures", "What could not be used", bool(failures)),
    ]
    return [(_section_href(lookup, part, anchor), label) for part, anchor, label, shown in contents if shown]


def _section_href(lookup: Lookup, part: str, anchor: str) -> str:
    elsewhere = lookup.folder and lookup.here != f"{part}.html"
    return f"{part}.html#{anchor}" if elsewhere else f"#{anchor}"


def _clean(page: str) -> str:
    """Replace what cannot be written as UTF-8: lone surrogates, which only a broken export has."""
    return page.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

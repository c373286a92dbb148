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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2

from storyledger.report import sections, versions, wording
from storyledger.report.capture import Piece, browser_label, iter_pieces, pack_capture
from storyledger.report.charts import QuantityView, view_quantity
from storyledger.report.lookup import Lookup
from storyledger.report.marks import Paragraph, Span, mark_article
from storyledger.report.relations import lay_network, list_relations
from storyledger.report.spans import COMPARISON_WORDS, collect_spans, speaker_name
from storyledger.report.terms import TERMS
from storyledger.report.timeline import lay_timeline
from storyledger.types import Article, Event, Failure, Story

SCRIPTS = ("sha256.js", "verify.js", "search.js", "timeline.js", "account.js")
FOLDER_POLICY = "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; "
PARTS = ("index", "timeline", "differences", "numbers", "statements", "cast", "articles")
FOLDER_FILES = tuple(f"{part}.html" for part in PARTS[:-1])
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


@functools.cache
def read_asset(name: str) -> str:
    """Return one of the package's own style sheets or scripts."""
    return (resources.files("storyledger.report") / "assets" / name).read_text(encoding="utf-8")


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
        figure=wording.say_figure,
        doubt=wording.say_doubt,
        shorten=wording.shorten,
        noun=lambda count, noun, plural=None: wording.count_noun(count, noun, plural),
    )
    environment.globals.update(TERMS, speaker_name=speaker_name, said_date=sections.said_date)
    environment.globals["comparison_words"] = COMPARISON_WORDS
    return environment


def render_account(lookup: Lookup, captures: Mapping[str, bytes], failures: Sequence[Failure]) -> str:
    """Return all of the account in one page."""
    spans = collect_spans(lookup)
    values = {**_shared(lookup, captures), **_view(lookup, failures), "parts": PARTS, "part_title": ""}
    values["contents"] = _list_contents(lookup, values)
    values["pages"] = [view_page(lookup, a, spans[a.id], captures) for a in lookup.story.documents]
    return _clean(_environment().get_template("account.html.j2").render(values))


def iter_parts(lookup: Lookup, captures: Mapping[str, bytes], failures: Sequence[Failure]) -> Iterator[tuple[str, str]]:
    """Yield name and text of the folder form's files, but for the articles: the index first."""
    values = {**_shared(lookup, captures), **_view(lookup, failures)}
    for name in FOLDER_FILES:
        here = copy.copy(lookup)  # replace() would number the whole story again for every file
        here.here = name
        part = name.removesuffix(".html")
        values |= {"L": here, "parts": (part,), "part_title": "" if part == "index" else part}
        values["contents"] = _list_contents(here, values)
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
    return PageView(number, article, paragraphs, None if data is None else len(data), pieces, untitled)


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
        "has": functools.partial(_has_stage, story),
        "version_anchors": {},
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


def _view(lookup: Lookup, failures: Sequence[Failure]) -> dict[str, Any]:
    """Return what the sections show, worked out once."""
    outlets = sections.list_outlets(lookup)
    letters = {outlet: _name_letter(n) for n, outlet in enumerate(outlets)}
    cast, relations = sections.list_cast(lookup), list_relations(lookup)
    nodes, edges = lay_network(lookup, relations)
    groups, loose = versions.group_versions(lookup), sections.list_loose_figures(lookup)
    speakers, brief = sections.group_speakers(lookup), sections.write_brief(lookup)
    return {
        "brief": brief,
        "timeline": lay_timeline(lookup),
        "events": _order_events(lookup),
        "acting": [row for row in cast if row.events],
        "actor_anchors": functools.partial(_actor_anchors, lookup),
        "differing": _is_told_differently,
        "comparisons": sections.group_comparisons(lookup),
        "framing": sections.list_framing(lookup),
        "outlets": outlets,
        "matrix": sections.lay_matrix(lookup, outlets),
        "reported": sections.lay_reports(lookup, outlets),
        "quantities": _order_quantities([view_quantity(lookup, q, letters) for q in lookup.story.ledger]),
        "loose": loose,
        "loose_count": sum(len(found) for _, found in loose),
        "versions": groups,
        "version_anchors": {g.key: g.anchor for g in groups},
        "speakers": speakers,
        "speaker_anchors": {g.actor: g.anchor for g in speakers if g.actor},
        "by_time": sections.list_by_time(lookup),
        "cast": cast,
        "relations": relations,
        "nodes": nodes,
        "edges": edges,
        "network_height": max((n.y for n in nodes), default=0) + 50,
        "trees": sections.grow_copy_trees(lookup),
        "copy_diff": functools.partial(_diff_with_source, lookup),
        "failures": failures,
    }


def _order_events(lookup: Lookup) -> list[tuple[Event, str]]:
    position = {key: index for index, key in enumerate(lookup.story.timeline)}
    events = sorted(lookup.story.events, key=lambda e: (position.get(e.id, len(position)), e.id))
    return [(e, lookup.anchor("e", e.id)) for e in events]


def _name_letter(number: int) -> str:
    """A to Z, then AA, AB: what a dot of a chart has room for."""
    return chr(65 + number) if number < 26 else _name_letter(number // 26 - 1) + chr(65 + number % 26)


def _order_quantities(views: list[QuantityView]) -> list[QuantityView]:
    """Those with something to see first; else in the ledger's order."""
    return sorted(views, key=lambda v: (not v.points, not v.conflicts))


def _actor_anchors(lookup: Lookup, event: Event) -> str:
    return " ".join(dict.fromkeys(lookup.anchor("a", p.actor) for p in event.participants))


def _is_told_differently(event: Event) -> bool:
    return len({status for _, status in event.statuses}) > 1


def _diff_with_source(lookup: Lookup, article: Article) -> versions.CopyDiff | None:
    source = lookup.articles.get(article.copy_of.document) if article.copy_of else None
    return versions.diff_copy(article, source) if source else None


def _list_contents(lookup: Lookup, values: Mapping[str, Any]) -> list[tuple[str, str, int | None]]:
    """Return link, label and count of each section that the account has."""
    story = lookup.story
    contents = [
        ("index", "brief", "In a dozen lines", None if values["brief"] else 0),
        ("timeline", "timeline", "Timeline", len(story.events)),
        ("differences", "differences", "Where accounts differ", sum(len(c) for _, c in values["comparisons"])),
        ("differences", "framing", "In whose words", len(values["framing"])),
        ("differences", "omissions", "Who tells what", len(values["matrix"]) or len(values["reported"])),
        ("numbers", "numbers", "The numbers", len(story.figures)),
        ("statements", "statements", "Who said what", len(story.statements)),
        ("cast", "cast", "The cast", len(story.actors)),
        ("cast", "relations", "Who acts on whom", len(values["relations"])),
        ("index", "sources", "The sources", len(story.documents)),
        ("articles", "articles", "The pages, marked", len(story.documents)),
        ("index", "failures", "What could not be used", len(values["failures"])),
    ]
    optional = {"brief", "framing", "omissions", "relations", "failures"}
    shown = [c for c in contents if (c[3] != 0 or c[1] not in optional) and not (lookup.folder and c[0] == "articles")]
    return [(_section_href(lookup, part, anchor), label, count) for part, anchor, label, count in shown]


def _section_href(lookup: Lookup, part: str, anchor: str) -> str:
    elsewhere = lookup.folder and lookup.here != f"{part}.html"
    return f"{part}.html#{anchor}" if elsewhere else f"#{anchor}"


def _clean(page: str) -> str:
    """Replace what cannot be written as UTF-8: lone surrogates, which only a broken export has."""
    return page.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

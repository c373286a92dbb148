"""The workbench for people: server-rendered pages, each an address that can be shared.

Invariant: every text that comes from the pile passes through the templates' escaping; a form carries the token of this
run, so that no other site can send one. This module must not know SQL or how an entry is made.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from storyledger.corrections import FLAGS
from storyledger.dossier import DEFAULT, Dossier, list_dossiers, write_docx, write_html, write_markdown
from storyledger.errors import StoryledgerError, UsageError
from storyledger.journal import list_active
from storyledger.nations import name_country
from storyledger.report import render_report, wording
from storyledger.report.files import read_asset
from storyledger.store import Entry, Filters, Ledger, Mark
from storyledger.types import EVENT_TYPES, Article, Event, Evidence, Figure
from storyledger.workbench.desk import Desk, load_judged
from storyledger.workbench.guard import COOKIE
from storyledger.workbench.moves import make_move, read_source
from storyledger.workbench.places import find_at, write_place
from storyledger.workbench.rest import (
    SECTIONS,
    guess_status,
    load_one,
    load_whereabouts,
    read_filters,
    read_window,
    read_words,
)
from storyledger.workbench.review import find_questions
from storyledger.workbench.searches import PARTS, list_searches

if TYPE_CHECKING:
    from storyledger.geography import Whereabouts
    from storyledger.report.atlas import Atlas

LABELS = {
    "documents": "Pages", "actors": "Cast", "statements": "Who said what", "events": "Events", "figures": "Numbers",
    "comparisons": "Where accounts differ", "omissions": "Left out",
}  # fmt: skip
ONE = {
    "documents": "page", "actors": "actor", "statements": "statement", "events": "event", "figures": "number",
    "comparisons": "comparison", "omissions": "omission",
}  # fmt: skip
MOST_UNKNOWN = 200  # names without a place that are listed
MOST_PLACES = 300  # rows below the map
EVENTS_OF_PLACE = 6
MOST_SPOTS = 60  # places in pages that an entry shows
MOST_PEOPLE = 400  # of whom one can be chosen, beside those of the entry's own pages
CHOOSING = ("actors", "statements", "events")  # sections of which an entry names somebody else
FACTS_ALONE = ("blocks", "dropped", "outlet_evidence", "published_evidence")  # of a page whose text is shown in part
MOST_LIKE = 60  # figures to choose from
MOST_CHOICES = 40  # kinds and outlets to choose from
FORMS: Mapping[str, tuple[str, Callable[[Dossier], str | bytes]]] = {
    "html": ("text/html", write_html),
    "md": ("text/markdown", write_markdown),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", write_docx),
}
CLEARED = ("day", "published", "outlet")  # fields that may be left empty: nobody knows it
MOST_FILES, MOST_FOLDERS = 20_000, 8  # that are added at once, and one below the other
KEYS, YEAR_S = "storyledger-keys", 365 * 86400  # the cookie that switches single letters off
MOST_LEFT_OUT = 500  # ranges of one page that are listed
TAGS = re.compile(r"<[^>]*>")
POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
PEOPLE = Filters(section="actors")
MARK_KINDS = {"statements": "s", "events": "e", "figures": "f", "comparisons": "c", "actors": "a"}


@cache
def read_own_asset(name: str) -> str:
    """Return the workbench's style sheet or script."""
    return (resources.files("storyledger.workbench") / "assets" / name).read_text(encoding="utf-8")


@cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: everything is escaped, an unknown name is an error."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("storyledger.workbench", "templates"),
                jinja2.PrefixLoader({"report": jinja2.PackageLoader("storyledger.report", "templates")}),
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(day=wording.say_day, when=wording.say_when, shorten=wording.shorten, found=show_found)
    made.filters.update(figure=wording.say_figure, doubt=wording.say_doubt, noun=wording.count_noun)
    made.filters.update(place=write_place, plain=write_number, days=write_days)
    made.globals.update(LABELS=LABELS, ONE=ONE, SECTIONS=SECTIONS, DOSSIER=DEFAULT, TYPES=EVENT_TYPES)
    return made


def show_found(piece: str) -> Markup:
    """Return a piece of text with the found words marked, everything else escaped."""
    escaped = html.escape(piece)
    return Markup(escaped.replace("\x02", "<mark>").replace("\x03", "</mark>"))  # noqa: S704 - escaped one line above


class Pages:
    """The handlers of the pages on one desk."""

    def __init__(self, desk: Desk) -> None:
        """Show ``desk``."""
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/", self.show_home),
            Route("/assets/{name}", self.send_asset),
            Route("/search", self.show_search),
            Route("/map", self.show_map),
            Route("/review", self.show_review),
            Route("/journal", self.show_journal),
            Route("/add", self.show_add),
            Route("/dossiers", self.show_dossiers),
            Route("/dossiers/{name:path}", self.send_dossier),
            Route("/account", self.show_account),
            Route("/correct", self.take_correction, methods=["POST"]),
            Route("/undo", self.take_undo, methods=["POST"]),
            Route("/journal", self.take_journal, methods=["POST"]),
            Route("/add", self.take_files, methods=["POST"]),
            Route("/add/{what}", self.take_left_out, methods=["POST"]),
            Route("/keys", self.show_keys),
            Route("/keys", self.take_keys, methods=["POST"]),
            Route("/{section}", self.show_section),
            Route("/documents/{ident:path}", self.show_document),
            Route("/{section}/{ident:path}", self.show_entry),
        ]

    # ------------------------------------------------------------------ reading

    def show_home(self, request: Request) -> Response:
        """Show what there is: counts, who, the weightiest events, what is disputed."""
        if token := request.query_params.get("token"):  # kept in a cookie: it need not stay in the address
            away = RedirectResponse("/", 303)
            away.set_cookie(COOKIE, quote(token, safe=""), httponly=True, samesite="strict")
            return away
        with self._desk.read() as ledger:
            index = ledger.entries
            values = {
                "counts": self._desk.count_sections(ledger),
                "cast": index.list_lines(Filters(section="actors"), 12),
                "told": index.list_lines(Filters(section="events"), 12, most_told=True),
                "disputed": index.list_lines(Filters(section="comparisons", disputed=True), 8),
                "failures": [*(o.failure for o in self._desk.list_left_out()), *ledger.load_failures()][:20],
            }
        response = self._render("home.html.j2", request, **values)
        slow = {"choices": list_choices, "questions": find_questions, "map": self._draw_map}
        response.background = BackgroundTask(self._desk.prepare, slow)
        return response

    def show_search(self, request: Request) -> Response:
        """Show the entries that have the words."""
        words, filters = read_words(request), read_filters(request)
        limit, offset = read_window(request)
        with self._desk.read() as ledger:
            found = ledger.entries.search(words, filters, limit + 1, offset)
            choices = self._desk.keep(ledger, "choices", list_choices)
            saved = list_searches(ledger.load_judgements())
        more = len(found) > limit
        values = {"q": words, "found": found[:limit], "choices": choices, "filters": filters, "more": more}
        values |= {"saved": saved, "query_kept": urlencode(list_query(request))}
        return self._render("search.html.j2", request, **values, offset=offset, limit=limit)

    def show_section(self, request: Request) -> Response:
        """Show a section's entries, a page at a time."""
        section = request.path_params["section"]
        if section not in SECTIONS:
            return self.refuse(
                request, UsageError("E-SERVE-NOTHING", f"there is no page {section!r}", "see the menu"), 404
            )
        limit, offset = read_window(request)
        filters = read_filters(request, section)
        with self._desk.read() as ledger:
            index = ledger.entries
            whole = filters == Filters(section=section)
            values = {
                "lines": index.list_lines(filters, limit, offset),
                "total": self._desk.count_sections(ledger).get(section, 0) if whole else index.count(filters),
                "kinds": self._desk.keep(ledger, "choices", list_choices)["kind"].get(section, ()),
                "outlets": self._desk.keep(ledger, "choices", list_choices)["outlet"].get(section, ()),
            }
        return self._render(
            "section.html.j2", request, section=section, filters=filters, limit=limit, offset=offset, **values
        )

    def show_entry(self, request: Request) -> Response:
        """Show one entry with the words it rests on, and the forms that correct it."""
        section, ident = request.path_params["section"], request.path_params["ident"]
        at = request.query_params.get("at")
        if section not in SECTIONS:
            raise UsageError("E-SERVE-NOTHING", f"there is no page {section!r}", "see the menu")
        with self._desk.read() as ledger:
            try:
                value = load_one(ledger, section, ident, ("mentions", "merges") if section == "actors" else ("merges",))
            except UsageError:
                if at and (now := find_at(ledger, section, [at])):  # what was corrected has another id by now
                    return RedirectResponse(f"/{section}/{now}?{urlencode({'at': at})}", 303)
                raise
            values = about_entry(ledger, section, value)
        return self._render("entry.html.j2", request, section=section, value=value, ident=ident, **values)

    def show_document(self, request: Request) -> Response:
        """Show a page's text with what stands on it; ``at=START-END`` opens it at these words."""
        ident = request.path_params["ident"]
        with self._desk.read() as ledger:
            article = load_one(ledger, "documents", ident)
            marks = ledger.entries.list_marks(article.id)
            others = [e for e in ledger.entries.list_lines(Filters(section="documents"), MOST_PEOPLE) if e.id != ident]
        at = re.fullmatch(r"(\d+)-(\d+)", request.query_params.get("at", ""))
        spot = (int(at[1]), int(at[2])) if at else None
        values = {"article": article, "others": others, "editing": request.query_params.get("text") == "edit"}
        if values["editing"]:
            with self._desk.read() as ledger:
                values["left_out"] = list_left_out(article, read_source(ledger, article))
        from storyledger.workbench.marking import mark_spans  # noqa: PLC0415 - it loads the language's words

        values["paragraphs"] = mark_spans(article, list_marks(marks), spot)
        return self._render("document.html.j2", request, **values)

    def show_map(self, request: Request) -> Response:
        """Show the places of the story on a map, and what happened there."""
        with self._desk.read() as ledger:
            atlas, events, unknown = self._desk.keep(ledger, "map", self._draw_map)
        values = {"atlas": atlas, "events": events, "unknown": unknown[:MOST_UNKNOWN], "country": name_country}
        return self._render("map.html.j2", request, **values, most=MOST_PLACES, told=EVENTS_OF_PLACE)

    def _draw_map(self, ledger: Ledger) -> tuple[Atlas | None, dict[str, Event], tuple[str, ...]]:
        """Return the map, the events that are named below it, and the places without one."""
        from storyledger.report.atlas import draw_atlas  # noqa: PLC0415 - see ``load_whereabouts``

        found: Whereabouts = self._desk.keep(ledger, "whereabouts", load_whereabouts)
        ids = sorted({e for p in found.places[:MOST_PLACES] for e in p.events[:EVENTS_OF_PLACE]})
        events = {e.id: e for e in ledger.entries.load_values("events", ids, without=("merges", "mentions"))}
        return draw_atlas(found), events, found.unknown

    def show_review(self, request: Request) -> Response:
        """Show the judgement that would change most, with its evidence side by side."""
        skipped, last = request.query_params.getlist("skip")[:200], request.query_params.getlist("last")[-20:]
        questions = self._desk.list_questions(20, set(skipped), offered=1)
        with self._desk.read() as ledger:
            documents = sorted({e.document for q in questions[:1] for _, e in q.sides})
            articles = {a.id: a for a in ledger.entries.load_values("documents", documents, without=FACTS_ALONE)}
            active = {str(j.number) for j in list_active(ledger.load_judgements())}
        context = {
            e: around(articles[e.document], e) for q in questions[:1] for _, e in q.sides if e.document in articles
        }
        values = {"questions": questions, "articles": articles, "context": context, "skipped": skipped}
        answered = [n for n in last if n in active]  # in this window: a colleague's answer is not this person's to undo
        again = [("skip", s) for s in skipped]
        values |= {
            "answered": answered,
            "address": "/review?" + urlencode([*again, *(("last", n) for n in answered)]),
            "before": "/review?" + urlencode([*again, *(("last", n) for n in answered[:-1])]),
        }
        return self._render("review.html.j2", request, **values)

    def show_journal(self, request: Request) -> Response:
        """Show the journal, and what of it is not in force."""
        with self._desk.read() as ledger:
            journal = ledger.load_judgements()
        undone = {j.value for j in journal if j.verb == "undo"}
        values = {"journal": journal[::-1], "undone": undone, "problems": self._desk.list_problems()}
        return self._render("journal.html.j2", request, **values)

    def show_dossiers(self, request: Request) -> Response:
        """Show what was collected, by dossier."""
        return self._render("dossiers.html.j2", request, dossiers=self._dossiers())

    def send_dossier(self, request: Request) -> Response:
        """Send one dossier as the file that ``as`` asks for: html, md or docx."""
        found = next((d for d in self._dossiers() if d.name == request.path_params["name"]), None)
        form = request.query_params.get("as", "html")
        if found is None or form not in FORMS:
            error = UsageError("E-SERVE-NOTHING", "there is no such dossier", "the list has them all")
            return self.refuse(request, error, 404)
        kind, write = FORMS[form]
        name = re.sub(r"[^A-Za-z0-9_.-]+", "_", safe_name(found.name))
        headers = {"content-disposition": f'attachment; filename="{name}.{form}"'}
        return Response(write(found), media_type=kind, headers=headers)

    def _dossiers(self) -> list[Dossier]:
        with self._desk.read() as ledger:
            journal = ledger.load_judgements()
            return list_dossiers(journal, load_judged(ledger, [j for j in journal if j.verb in ("note", "undo")]))

    def show_add(self, request: Request) -> Response:
        """Show where files are dropped, and what could not be read."""
        with self._desk.read() as ledger:
            failures = ledger.load_failures()
        return self._render("add.html.j2", request, failures=failures, left_out=self._desk.list_left_out())

    def show_keys(self, request: Request) -> Response:
        """Show which keys do what, and how single letters are switched off."""
        return self._render("keys.html.j2", request)

    def show_account(self, _: Request) -> Response:
        """Send the account as one page, made from the story as it is now."""
        with self._desk.read() as ledger:
            text = self._desk.keep(ledger, "account", write_account)
        policy = POLICY.search(text)
        headers = {"content-security-policy": html.unescape(policy[1])} if policy else {}
        return HTMLResponse(text, headers=headers)

    def send_asset(self, request: Request) -> Response:
        """Send one of our own two files."""
        name = request.path_params["name"]
        if name == "workbench.css":
            return Response(read_asset("account.css") + read_own_asset(name), media_type="text/css")
        if name == "workbench.js":
            return Response(read_own_asset(name), media_type="text/javascript")
        return self.refuse(request, UsageError("E-SERVE-NOTHING", "there is no such file", "see the menu"), 404)

    # ------------------------------------------------------------------ writing

    async def take_correction(self, request: Request) -> Response:
        """Write a correction that a form asks for, and go back to where it was asked."""
        return await self._take(request, self._correct)

    def _correct(self, form: Mapping[str, Any]) -> str:
        fields = {n.removeprefix("field-"): v for n, v in form.items() if n.startswith("field-")}
        asked = {k: v for k, v in form.items() if not k.startswith(("field-", "was-"))}
        if fields:
            changed = list_changed(fields, form)
            if not changed:
                raise UsageError("E-JUDGE-VALUE", "nothing was changed", "change a field, then press its button")
            asked["value"] = {n: read_field(n, v) for n, v in changed.items()}
        with self._desk.read() as ledger:
            entry = make_move(ledger, asked)
        (written,) = self._desk.judge([entry], form.get("question"))
        back = str(form.get("back") or "/journal")
        if back.startswith("/review?"):
            return f"{back}&last={written.number}"
        return back

    async def take_undo(self, request: Request) -> Response:
        """Take a correction back."""
        return await self._take(request, self._undo)

    def _undo(self, form: Mapping[str, Any]) -> str:
        self._desk.undo(read_number(form.get("number")), form.get("by"))
        return str(form.get("back") or "/journal")

    async def take_journal(self, request: Request) -> Response:
        """Add a colleague's journal, a file, to this one."""
        async with request.form(max_files=1) as form:
            refusal = self._check_form(request, form)
            if refusal:
                return refusal
            file = form.get("journal")
            text = (await file.read()).decode("utf-8", "replace") if isinstance(file, UploadFile) else ""
        try:
            await run_in_threadpool(self._desk.merge, text)
        except StoryledgerError as error:
            return self.refuse(request, error, 400)
        return RedirectResponse("/journal", 303)

    async def take_files(self, request: Request) -> Response:
        """Keep the files that were dropped, and have them read."""
        async with request.form(max_files=MOST_FILES) as form:
            refusal = self._check_form(request, form)
            if refusal:
                return refusal
            files = [f for f in form.getlist("files") if isinstance(f, UploadFile) and f.filename]
            if not files:
                raise UsageError("E-SERVE-FILES", "no file came with this", "choose files, or drop them on the box")
            with self._desk.take_files() as folder:
                for number, file in enumerate(files):
                    target = place_file(folder, file.filename or "page", number)
                    with target.open("wb") as out:
                        while part := await file.read(1 << 20):
                            out.write(part)
        return RedirectResponse("/add", 303)

    async def take_left_out(self, request: Request) -> Response:
        """Have files tried again that were set aside, or delete them."""
        what = {"again": self._desk.try_again, "delete": self._desk.delete_left_out}.get(request.path_params["what"])
        if what is None:
            raise UsageError("E-SERVE-NOTHING", "there is no such page", "see the menu")

        def work(form: Mapping[str, Any]) -> str:
            what(str(form.get("ident") or ""))
            return "/add"

        return await self._take(request, work)

    async def take_keys(self, request: Request) -> Response:
        """Keep in this browser whether single letters answer."""
        kept: list[str] = []

        def work(form: Mapping[str, Any]) -> str:
            kept.append("on" if form.get("keys") == "on" else "off")
            return "/keys"

        response = await self._take(request, work)
        for value in kept:
            response.set_cookie(KEYS, value, max_age=YEAR_S, httponly=True, samesite="strict")
        return response

    async def _take(self, request: Request, work: Callable[[Mapping[str, Any]], str]) -> Response:
        async with request.form() as form:
            refusal = self._check_form(request, form)
            if refusal:
                return refusal
            given = {k: v for k, v in form.items() if isinstance(v, str) and k != "token"}
        try:
            back = await run_in_threadpool(work, given)
        except StoryledgerError as error:
            return self.refuse(request, error, 400)
        return RedirectResponse(back if re.match(r"/(?![/\\])", back) else "/journal", 303)

    def _check_form(self, request: Request, form: FormData) -> Response | None:
        token = form.get("token")
        if isinstance(token, str) and secrets.compare_digest(token.encode(), self._desk.token.encode()):
            return None
        error = UsageError("E-SERVE-TOKEN", "this form is not of this run of the workbench", "load the page again")
        return self.refuse(request, error, 403)

    # ------------------------------------------------------------------ answers

    def _render(self, name: str, request: Request, **values: Any) -> HTMLResponse:
        shared = {
            "state": self._desk.state(),
            "token": self._desk.token,
            "path": request.url.path,
            "query": request.url.query,
        }
        shared |= {"ledger": self._desk.path.name, "section": "", "q": "", "keys": request.cookies.get(KEYS) != "off"}
        text = environment().get_template(name).render({**shared, **values})
        return HTMLResponse(text.encode("utf-8", "replace"))

    def refuse(self, request: Request, error: StoryledgerError, status: int | None = None) -> HTMLResponse:
        """Return a page that says what went wrong and what to do."""
        response = self._render("error.html.j2", request, error=error)
        response.status_code = status or guess_status(error)
        return response


def read_field(name: str, text: str) -> Any:
    """Return a form's field as the journal's value has it."""
    if name == "value":
        try:
            return float(text.replace(",", ""))
        except ValueError as error:
            raise UsageError("E-JUDGE-VALUE", f"{text[:40]!r} is no number", "write it in digits: 1200000") from error
    return text == "yes" if name in FLAGS else text


def write_number(value: float | None) -> str:
    """Return a number as a field has it: 12, not 12.0."""
    return "" if value is None else str(int(value)) if value == int(value) else repr(value)


def write_days(earliest: str | None, latest: str | None) -> str:
    """Return a day, or two with a stroke, as a field has it."""
    return "/".join(dict.fromkeys(d for d in (earliest, latest) if d))


def list_changed(fields: Mapping[str, str], form: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields of a form that a person changed: to set the others, too, would make a guess a judgement."""
    changed = {n: v.strip() for n, v in fields.items() if v.strip() != str(form.get(f"was-{n}") or "")}
    return {n: v for n, v in changed.items() if v or n in CLEARED}


def read_number(text: Any) -> int:
    """Return the number of an entry of the journal; 0, which no entry has, for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,15}", str(text)) else 0


def list_query(request: Request) -> list[tuple[str, str]]:
    """Return the words and filters that an address names."""
    return [(name, value) for name in PARTS if (value := request.query_params.get(name))]


def safe_name(name: str) -> str:
    """Return a file's own name without any folder and without characters that a file system may refuse."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w.\- ]", "_", last)[-120:] or "page"


def place_file(folder: Path, name: str, number: int) -> Path:
    """Return where in ``folder`` a sent file goes: below the folders it was sent with, which others may refer to."""
    parts = [safe_name(p) for p in re.split(r"[\\/]", name) if p.strip(". ")][-MOST_FOLDERS:] or ["page"]
    target = folder.joinpath(*parts)
    if target.exists() or not can_hold(folder, target.parent):
        target = folder / f"{number}-{parts[-1]}"
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def can_hold(folder: Path, inner: Path) -> bool:
    """Tell whether no part of the way from ``folder`` to ``inner`` is a file."""
    way = [p for p in (inner, *inner.parents) if p != folder and folder in p.parents]
    return not any(p.is_file() for p in way)


def list_left_out(article: Article, source: str) -> list[tuple[int, int, str, str]]:
    """Return ``(start, end, words, reason)`` of what of the source is not in the article's text and has words."""
    found = []
    for d in article.dropped[:MOST_LEFT_OUT]:
        words = " ".join(html.unescape(TAGS.sub(" ", source[d.source_start : d.source_end])).split())
        if any(c.isalpha() for c in words):
            found.append((d.source_start, d.source_end, wording.shorten(words, 300), d.reason))
    return found


def list_evidence(section: str, value: Any) -> list[Evidence]:
    """Return the words that an entry rests on, in the order in which it names them."""
    if section == "statements":
        return [value.content]
    if section == "figures":
        return [value.evidence]
    if section == "events":
        return list(value.mentions)
    if section == "comparisons":
        return [e for s in value.sides for e in s.evidence]
    return list(getattr(value, "evidence", ()))


def around(article: Article, spot: Evidence, chars: int = 220) -> tuple[str, str]:
    """Return the text before and after a spot, cut at a paragraph's edge or a word."""
    before = article.text[max(0, spot.start - chars) : spot.start].rpartition("\n")[2]
    after = article.text[spot.end : spot.end + chars].partition("\n")[0]
    if spot.start - len(before) > 0 and len(before) == chars:
        before = "…" + before.partition(" ")[2]
    return before, after.rpartition(" ")[0] + "…" if len(after) == chars else after


def list_marks(marks: Sequence[Mark]) -> list[tuple[int, int, str, str, str]]:
    """Return ``(start, end, kind, address, label)`` of everything that stands on a page."""
    return [
        (m.start, m.end, MARK_KINDS[m.section], f"/{m.section}/{m.id}", wording.shorten(m.label, 80)) for m in marks
    ]


def list_choices(ledger: Ledger) -> dict[str, dict[str, list[tuple[str, int]]]]:
    """Return the kinds and the outlets of each section, each with its count, the most frequent first."""
    index = ledger.entries
    return {
        column: {s: index.count_values(column, Filters(section=s))[:MOST_CHOICES] for s in SECTIONS}
        for column in ("kind", "outlet")
    }


def write_account(ledger: Ledger) -> str:
    """Return the account of a ledger as one page."""
    from storyledger.api import captures_by_document  # noqa: PLC0415 - it knows the whole pipeline

    story = ledger.load_story()
    return render_report(story, captures_by_document(ledger, story), ledger.load_failures())


def about_entry(ledger: Ledger, section: str, value: Any) -> dict[str, Any]:
    """Return what an entry's page shows beside the value: names, pages, what hangs on it."""
    index = ledger.entries
    mentions = index.list_mentions(value.id) if section == "actors" else []
    spots = list_first_mentions(mentions) if section == "actors" else list_evidence(section, value)
    more, spots = max(0, len(spots) - MOST_SPOTS), spots[:MOST_SPOTS]
    pages = sorted({e.document for e in spots})
    articles = {a.id: a for a in index.load_values("documents", pages, without=FACTS_ALONE)}
    people: list[Entry] = []
    if section in CHOOSING:
        near = dict.fromkeys(m.id for page in pages[:3] for m in index.list_marks(page) if m.section == "actors")
        people = list(dict.fromkeys([*index.find_lines("actors", list(near)), *index.list_lines(PEOPLE, MOST_PEOPLE)]))
    names = {e.id: e.title for e in people}
    own: dict[str, list[Entry]] = {}
    if section == "actors":
        own = {s: index.list_lines(Filters(section=s, who=value.id), 200) for s in ("statements", "events", "figures")}
    figures = list_like_figures(ledger, value) if section == "figures" else []
    speaker = getattr(value, "speaker", None)
    asked = [p.actor for p in getattr(value, "participants", ())] + [speaker.actor if speaker else ""]
    asked += [r.organisation for r in getattr(value, "roles", ())]
    lacking = index.find_lines("actors", [a for a in asked if a and a not in names])
    names |= {e.id: e.title for e in lacking}
    context = {e: around(articles[e.document], e) for e in spots if e.document in articles}
    first = next((e for e in spots if e.text), None)
    at = write_place(first) if first else ""
    shown = {"at": at, "spots": spots, "more": more, "told": len(mentions), "articles": articles, "context": context}
    return {**shown, "people": [*lacking, *people], "figures": figures, "names": names, "own": own}


def list_like_figures(ledger: Ledger, figure: Figure) -> list[Entry]:
    """Return figures that may count the same: those of the same words of what is counted, then those of its unit."""
    index = ledger.entries
    same = Filters(section="figures", kind=figure.unit)
    words = [w for w in re.findall(r"\w{4,}", figure.about) if w.casefold() != figure.unit]
    word = max(words, key=len, default="")  # the unit's own word is said of each of its figures: they are listed anyway
    like = [e for e, _ in index.search(word, same, MOST_LIKE)] if word else []
    return list(dict.fromkeys([*like, *index.list_lines(same, MOST_LIKE)]))


def list_first_mentions(mentions: Sequence[tuple[str, Evidence]]) -> list[Evidence]:
    """Return one mention of each page, a name where it has one, the pages that name first."""
    seen: dict[str, Evidence] = {}
    for _, spot in sorted(mentions, key=lambda row: (row[0] != "name", row[1].document, row[1].start)):
        seen.setdefault(spot.document, spot)
    return list(seen.values())

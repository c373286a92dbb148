"""The workbench for programs: JSON under ``/api``, described by ``/api/openapi.json``.

Entries are written as the contract of the export writes them (docs/contract.md); lists are pages of such entries. This
module must not know how a page for people looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from storyledger.days import last_day
from storyledger.errors import StoryledgerError, UsageError
from storyledger.journal import write_judgements
from storyledger.spelling import clean_text
from storyledger.store import Filters, Ledger
from storyledger.types import Story
from storyledger.workbench.desk import Desk
from storyledger.workbench.moves import MAKERS, make_move
from storyledger.workbench.review import Question
from storyledger.workbench.searches import list_searches

if TYPE_CHECKING:
    from storyledger.geography import Whereabouts

SECTIONS = ("documents", "actors", "statements", "events", "figures", "comparisons", "omissions")
MOST = 500  # entries of one answer
FARTHEST = 10**9  # entry that an answer begins at
MOST_CHARS = 500  # of the words that are searched for
MOST_PLACES = 5_000  # of each kind that a map is made of, the weightiest first
FILTERS = ("outlet", "since", "until", "who", "said_by", "kind", "document")


def read_filters(request: Request, section: str | None = None) -> Filters:
    """Return the filters that the address of ``request`` names; ``speaker`` is another word for ``who``.

    Raises:
        UsageError: a day is none of the calendar, or there is no such section.
    """
    asked = {name: clean_query_text(text) for name, text in request.query_params.items()}
    given = {name: asked.get(name) or None for name in FILTERS}
    given["who"] = given["who"] or asked.get("speaker") or None
    if day := asked.get("day"):
        given["since"] = given["until"] = day
    for name in ("since", "until"):
        if given[name]:
            last_day(given[name] or "")
    wanted = section or asked.get("section") or None
    if wanted not in (None, *SECTIONS):
        raise UsageError("E-SERVE-NOTHING", f"there is no section {wanted!r}", ", ".join(SECTIONS))
    return Filters(section=wanted, disputed=asked.get("disputed") in ("1", "true", "yes"), **given)


def read_window(request: Request, most: int = MOST) -> tuple[int, int]:
    """Return limit and offset that the address names, within bounds.

    Raises:
        UsageError: one is no number.
    """
    try:
        limit, offset = (int(request.query_params.get(n) or d) for n, d in (("limit", 50), ("offset", 0)))
    except ValueError as error:
        raise UsageError("E-SERVE-NUMBER", "limit and offset are numbers", "write limit=50&offset=100") from error
    return min(max(limit, 1), most), min(max(offset, 0), FARTHEST)


def read_words(request: Request) -> str:
    """Return the words that are searched for."""
    return clean_query_text(request.query_params.get("q", ""))[:MOST_CHARS]


def clean_query_text(text: str) -> str:
    """Return a part of an address without what SQLite's full text takes for its end."""
    return clean_text(text).replace("\0", " ")


def guess_status(error: StoryledgerError) -> int:
    """Return 404 for what is not there, 400 for a wrong request, 500 for the machine's."""
    return 404 if error.code == "E-SERVE-NOTHING" else 400 if isinstance(error, UsageError) else 500


def answer_error(error: StoryledgerError, status: int | None = None) -> JSONResponse:
    """Return an error of ours as JSON."""
    told = {"code": error.code, "message": error.message, "advice": error.advice}
    return JSONResponse({"error": told}, status or guess_status(error))


def load_one(ledger: Ledger, section: str, ident: str, without: Sequence[str] = ()) -> Any:
    """Return one value of a section, ``without`` what need not be loaded of it.

    Raises:
        UsageError: there is none of that id.
    """
    found = ledger.entries.load_values(section, [ident], without=without)
    if not found:
        raise UsageError(
            "E-SERVE-NOTHING", f"{section} has no entry {ident!r}", "ids change when corrections are obeyed"
        )
    return found[0]


def load_whereabouts(ledger: Ledger) -> Whereabouts:
    """Return where the story's places are; only what that asks for is loaded."""
    index = ledger.entries
    kinds = ("place", "country", "government")
    ids = [e.id for kind in kinds for e in index.list_lines(Filters(section="actors", kind=kind), MOST_PLACES)]
    actors = index.load_values("actors", ids, without=("merges", "aliases", "roles"))
    events = index.load_values("events", index.find_events_at(ids), without=("merges",))
    from storyledger.geography import locate_story  # noqa: PLC0415 - arrays of all places, for the map alone

    return locate_story(Story(actors=tuple(actors), events=tuple(events)))


def encode(value: Any) -> Any:
    """Return a value as the contract of the export writes it."""
    from storyledger.export import encode_value  # noqa: PLC0415 - the room's other formats need arrays and libraries

    return encode_value(value)


class Rest:
    """The handlers of ``/api`` on one desk."""

    def __init__(self, desk: Desk) -> None:
        """Answer from ``desk``."""
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the routes, the most special first."""
        return [
            Route("/api/openapi.json", self.describe),
            Route("/api/status", self.tell_status),
            Route("/api/search", self.search),
            Route("/api/places", self.list_places),
            Route("/api/searches", self.list_searches),
            Route("/api/journal", self.send_journal, methods=["GET"]),
            Route("/api/journal", self.take_journal, methods=["POST"]),
            Route("/api/review", self.list_review),
            Route("/api/corrections", self.list_corrections, methods=["GET"]),
            Route("/api/corrections", self.correct, methods=["POST"]),
            Route("/api/corrections/{number:int}", self.undo, methods=["DELETE"]),
            Route("/api/{section}", self.list_section),
            Route("/api/{section}/{ident:path}", self.tell_one),
        ]

    def describe(self, request: Request) -> JSONResponse:
        """Return the description of all of this, OpenAPI 3.1."""
        from storyledger.workbench.openapi import describe_api  # noqa: PLC0415 - a page of data that few ask for

        return JSONResponse(describe_api(str(request.base_url).rstrip("/")))

    def tell_status(self, _: Request) -> JSONResponse:
        """Return how far the story is behind the journal."""
        with self._desk.read() as ledger:
            counts = self._desk.count_sections(ledger)
        return JSONResponse({**asdict(self._desk.state()), "counts": counts, "ledger": self._desk.path.name})

    def list_section(self, request: Request) -> JSONResponse:
        """Return a page of a section's entries."""
        section = request.path_params["section"]
        if section not in SECTIONS:
            return answer_error(UsageError("E-SERVE-NOTHING", f"there is no section {section!r}", ", ".join(SECTIONS)))
        limit, offset = read_window(request)
        filters = read_filters(request, section)
        with self._desk.read() as ledger:
            lines = ledger.entries.list_lines(filters, limit, offset)
            total = ledger.entries.count(filters)
            values = {getattr(v, "id", ""): v for v in ledger.entries.load_values(section, [e.id for e in lines])}
        found = [encode(values[e.id]) if e.id in values else asdict(e) for e in lines]
        if section == "documents":
            found = [_without_body(d) for d in found]
        return JSONResponse({"total": total, "limit": limit, "offset": offset, section: found})

    def tell_one(self, request: Request) -> JSONResponse:
        """Return one entry, a page with its text."""
        section, ident = request.path_params["section"], request.path_params["ident"]
        if section not in SECTIONS:
            return answer_error(UsageError("E-SERVE-NOTHING", f"there is no section {section!r}", ", ".join(SECTIONS)))
        try:
            with self._desk.read() as ledger:
                return JSONResponse(encode(load_one(ledger, section, ident)))
        except UsageError as error:
            return answer_error(error)

    def search(self, request: Request) -> JSONResponse:
        """Return the entries that have the words ``q``, best first, with the words marked by brackets."""
        limit, offset = read_window(request)
        words, filters = read_words(request), read_filters(request)
        with self._desk.read() as ledger:
            found = ledger.entries.search(words, filters, limit, offset)
        rows = [{**asdict(e), "found": piece.replace("\x02", "[[").replace("\x03", "]]")} for e, piece in found]
        return JSONResponse({"q": words, "limit": limit, "offset": offset, "results": rows})

    def list_places(self, _: Request) -> JSONResponse:
        """Return the places of the story and the events at them, as GeoJSON."""
        with self._desk.read() as ledger:
            found = self._desk.keep(ledger, "whereabouts", load_whereabouts)
            events = ledger.entries.load_values("events", sorted({e for p in found.places for e in p.events}))
            pages = sorted({e.mentions[0].document for e in events if e.mentions})
            articles = ledger.entries.load_values("documents", pages)
        from storyledger.export import place_features  # noqa: PLC0415 - see ``load_whereabouts``

        return JSONResponse(place_features(found, events, articles), media_type="application/geo+json")

    def list_searches(self, _: Request) -> JSONResponse:
        """Return the searches that people saved."""
        with self._desk.read() as ledger:
            found = list_searches(ledger.load_judgements())
        return JSONResponse({"searches": [asdict(s) for s in found]})

    def send_journal(self, _: Request) -> Response:
        """Return the journal as JSON Lines, for a colleague's ledger."""
        with self._desk.read() as ledger:
            text = write_judgements(ledger.load_judgements())
        headers = {"content-disposition": 'attachment; filename="journal.jsonl"'}
        return Response(text, media_type="application/jsonl", headers=headers)

    async def take_journal(self, request: Request) -> JSONResponse:
        """Add a colleague's journal to this one."""
        body = await request.body()
        return await run_in_threadpool(self._take_journal, body)

    def _take_journal(self, body: bytes) -> JSONResponse:
        try:
            written = self._desk.merge(body.decode("utf-8", "replace"))
        except StoryledgerError as error:
            return answer_error(error)
        return JSONResponse({"added": len(written), **asdict(self._desk.state())}, 202)

    def list_review(self, request: Request) -> JSONResponse:
        """Return the judgements that would change most, each with the request that every answer stands for."""
        skipped = set(request.query_params.getlist("skip"))
        found = self._desk.list_questions(20, skipped, offered=20)
        return JSONResponse({"questions": [encode_question(q) for q in found]})

    def list_corrections(self, _: Request) -> JSONResponse:
        """Return the journal, oldest first, with what of it is not in force and why."""
        with self._desk.read() as ledger:
            journal = ledger.load_judgements()
        problems = self._desk.list_problems()
        rows = [{**encode(j), "problem": problems.get(j.number)} for j in journal]
        return JSONResponse({"corrections": rows, **asdict(self._desk.state())})

    async def correct(self, request: Request) -> JSONResponse:
        """Write a correction into the journal; the story follows (``/api/status`` tells when)."""
        try:
            body = await request.json()
        except ValueError:
            return answer_error(
                UsageError("E-SERVE-JSON", "the body is not JSON", f"send {{verb: one of {list(MAKERS)}}}")
            )
        if not isinstance(body, dict):
            return answer_error(UsageError("E-SERVE-JSON", "the body is no JSON object", "send one correction"))
        return await run_in_threadpool(self._correct, body)

    def _correct(self, body: dict[str, Any]) -> JSONResponse:
        try:
            with self._desk.read() as ledger:
                entry = make_move(ledger, body)
            (written,) = self._desk.judge([entry], str(body.get("question") or "") or None)
        except StoryledgerError as error:
            return answer_error(error)
        return JSONResponse({"number": written.number, **asdict(self._desk.state())}, 202)

    def undo(self, request: Request) -> JSONResponse:
        """Take a correction back."""
        try:
            entry = self._desk.undo(request.path_params["number"])
        except UsageError as error:
            return answer_error(error, 404)
        return JSONResponse({"number": entry.number, **asdict(self._desk.state())}, 202)


def encode_question(question: Question) -> dict[str, Any]:
    """Return a question of the review as plain data."""
    sides = [{"label": label, "evidence": encode(e)} for label, e in question.sides]
    return {**{k: v for k, v in asdict(question).items() if k != "sides"}, "sides": sides}


def _without_body(document: dict[str, Any]) -> dict[str, Any]:
    """Return a page's facts without what makes a list of them heavy."""
    heavy = ("text", "source_map", "blocks", "dropped")
    return {k: v for k, v in document.items() if k not in heavy}

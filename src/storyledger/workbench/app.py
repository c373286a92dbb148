"""The application: pages, REST, and the guard before both."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from storyledger.errors import StoryledgerError, UsageError
from storyledger.workbench.desk import Desk
from storyledger.workbench.guard import Guard, refuse
from storyledger.workbench.pages import Pages
from storyledger.workbench.rest import Rest, answer_error

LOG = logging.getLogger(__name__)


def make_app(desk: Desk, hosts: Sequence[str] = (), *, everything_guarded: bool = False) -> Guard:
    """Return the ASGI application of the workbench on ``desk``.

    Args:
        desk: the open ledger; its ``token`` is asked for whatever changes it.
        hosts: further names by which this machine may be called.
        everything_guarded: ask for the token to read, too: where other machines may connect.
    """
    pages, rest = Pages(desk), Rest(desk)

    def tell_bug(_: Request, error: Exception) -> Response:
        LOG.error("a request could not be answered", exc_info=error)
        return refuse(
            500, "E-BUG-SERVE", "this could not be shown; the fault is ours", "report what the terminal shows"
        )

    def tell_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, StoryledgerError)
        return answer_error(error) if is_for_programs(request) else pages.refuse(request, error)

    def tell_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        told = UsageError("E-SERVE-REQUEST", f"{request.method} {request.url.path}: {error.detail}", "see the menu")
        known = answer_error if is_for_programs(request) else lambda e, status: pages.refuse(request, e, status)
        return known(told, error.status_code)

    handlers = {StoryledgerError: tell_error, HTTPException: tell_http, Exception: tell_bug}
    app = Starlette(routes=[*rest.routes(), *pages.routes()], exception_handlers=handlers)
    return Guard(app, desk.token, hosts, everything=everything_guarded)


def is_for_programs(request: Request) -> bool:
    """Tell whether JSON is asked for, not a page."""
    return request.url.path.startswith("/api/")

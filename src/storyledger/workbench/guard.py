"""Who may ask what: the door of the workbench, before any page or entry is touched.

Only requests that name this machine are answered (a foreign host name that was made to point here, "DNS rebinding", is
refused); whatever changes something needs the token of this run, in a header or in the form that this run's own page
made, and no other site as its origin. Nothing that a page of the pile holds can run: the policy allows our own two
files and nothing else.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "[::]")  # noqa: S104 - what a person said; this machine is called by whatever name it has
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s:/@\[\]]+)(:\d{1,5})?", re.ASCII)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# "no-referrer" would make a browser send "Origin: null" with our own forms, which is refused
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
READING = ("GET", "HEAD")
COOKIE = "storyledger-token"
ASK = "send the header Authorization: Bearer TOKEN; the token was printed where `serve` was started"
MOST_BYTES = 512 * 1024 * 1024  # of what is sent at once


class Guard:
    """Middleware that answers for the application whatever it must not see."""

    def __init__(self, app: ASGIApp, token: str, hosts: Sequence[str] = (), *, everything: bool = False) -> None:
        """Ask for ``token`` where something is changed, or for ``everything`` where others' machines may connect."""
        self._app, self._token, self._everything = app, token, everything
        self._hosts = {*LOOPBACK, *(f"[{h}]" if ":" in h else h.lower() for h in hosts)}
        # a site that was made to point here has no cookie of ours: where all asks for the token, any name does
        self._any_host = everything and not self._hosts.isdisjoint(EVERYWHERE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it; every answer carries the policy."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in present]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        refusal = self._refuse(Request(scope))
        await (refusal or self._app)(scope, receive, guarded_send)

    def _refuse(self, request: Request) -> Response | None:
        host = request.headers.get("host", "").lower()
        if not self._any_host and _host_name(host) not in self._hosts:
            return refuse(403, "E-SERVE-HOST", "this workbench answers to its own machine only", "open it by 127.0.0.1")
        if self._everything and not self.knows(_bearer(request) or request.query_params.get("token")):
            return refuse(401, "E-SERVE-TOKEN", "this workbench is open to other machines and needs its token", ASK)
        if request.method in READING:
            return None
        origin = request.headers.get("origin")
        # to a browser another port of this machine is the same site and gets its cookies: it is another's all the same
        if origin and origin.lower() not in (f"http://{host}", f"https://{host}"):
            return refuse(403, "E-SERVE-ORIGIN", "another site asked for this", "use the workbench's own pages")
        if "transfer-encoding" in request.headers:
            return refuse(411, "E-SERVE-SIZE", "how much is sent is not told", "send it with a Content-Length")
        size = request.headers.get("content-length") or "0"
        if not size.isdecimal() or int(size) > MOST_BYTES:
            return refuse(
                413, "E-SERVE-SIZE", "more was sent than is taken at once", "build large piles on the command line"
            )
        if _is_form(request):
            return None  # the form's own field is compared where the form is read (``pages.read_form``)
        if not self.knows(_bearer(request)):
            return refuse(401, "E-SERVE-TOKEN", "whatever changes the ledger needs the token", ASK)
        return None

    def knows(self, token: str | None) -> bool:
        """Tell whether ``token`` is this run's."""
        return token is not None and secrets.compare_digest(token.encode(), self._token.encode())


def refuse(status: int, code: str, message: str, advice: str) -> JSONResponse:
    """Return an error as every answer of the workbench tells one."""
    return JSONResponse({"error": {"code": code, "message": message, "advice": advice}}, status)


def _is_form(request: Request) -> bool:
    if request.url.path.startswith("/api/"):
        return False  # nothing there reads a form's token: a program that says "form" would need none
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return request.method == "POST" and kind in ("application/x-www-form-urlencoded", "multipart/form-data")


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip().encode("latin-1", "replace").decode("utf-8", "replace")  # a header is bytes
    kept = request.cookies.get(COOKIE)
    return None if kept is None else unquote(kept)


def _host_name(netloc: str) -> str:
    """Return the host of "host:port" or "[::1]:port", "" where it is neither."""
    found = HOST.fullmatch(netloc)
    return found[1] if found else ""

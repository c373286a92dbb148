"""Pages that feeds name, fetched and kept as WARC: the one part of the program that speaks to a network, when asked.

Polite: the robots.txt of every host is obeyed, requests to a host wait for one another, what the file already has is
not asked for again, and every request says who asks. Addresses come from outside: only http and https are followed,
and a feed cannot send us to machines that only we can reach (``_Reach``). No other module imports this one but its
command.
"""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import urllib3
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storyledger.errors import PageError, StoryledgerError, UsageError
from storyledger.types import Failure

AGENT = f"storyledger/{version('storyledger')} (reads saved news pages; fetches what its user asks for)"
BYTES_AT_MOST = 20 << 20  # of one page or feed: the limit of a saved page
ROBOTS_AT_MOST = 512 << 10  # RFC 9309: a reader takes 500 kibibytes at least
REDIRECTS_AT_MOST = 5
DELAY_AT_MOST_S = 60.0  # a robots.txt that asks for more is not fetched from in a lifetime: its pages are refused
WAIT = urllib3.Timeout(connect=10, read=30)
_NOT_ALLOWED = {401, 403}  # of robots.txt itself: the host wants no robots


@dataclass(frozen=True, slots=True)
class Response:
    """What a host answered: where it was found in the end, its status, headers and bytes."""

    address: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(slots=True)
class Harvest:
    """What a fetch brought: pages kept, pages that the file had before, and what failed, each with why."""

    kept: int = 0
    known: int = 0
    failures: list[Failure] = field(default_factory=list)


def fetch_feeds(
    feeds: Sequence[str], target: Path, *, most: int, delay: float, listener: Callable[[str], None] = lambda _: None
) -> Harvest:
    """Fetch the pages that ``feeds`` name and that ``target`` lacks; append them to it, a WARC.

    Args:
        feeds: addresses, http or https.
        target: the file, ``.warc`` or ``.warc.gz``; made where it is not there. After each page it is whole.
        most: pages fetched of one feed.
        delay: seconds between two requests to one host, more where its robots.txt asks for more.
        listener: is told each address that is asked for.

    Raises:
        UsageError: an address is not one of the web, or ``target`` is no WARC.
    """
    for feed in feeds:
        if urlsplit(feed).scheme not in ("http", "https") or not urlsplit(feed).hostname:
            raise UsageError("E-FETCH-ADDRESS", f"{feed} is no address of the web", "give the feed's http(s) address")
    harvest = Harvest()
    have = _list_kept(target)
    client = _Client(_Reach({str(urlsplit(f).hostname) for f in feeds}), delay, listener)
    with target.open("ab") as file:
        writer = WARCWriter(file, gzip=target.name.endswith(".gz"))
        if not file.tell():
            writer.write_record(writer.create_warcinfo_record(target.name, {"software": AGENT, "robots": "obey"}))
        for feed in feeds:
            try:
                links = _list_links(client.fetch(feed))
            except StoryledgerError as error:
                harvest.failures.append(_failure(feed, error))
                continue
            fresh = [link for link in links if link not in have]
            harvest.known += len(links) - len(fresh)
            for link in fresh[:most]:
                have.add(link)
                try:
                    response = client.fetch(link)
                except StoryledgerError as error:
                    harvest.failures.append(_failure(link, error))
                    continue
                _write(writer, link, response)
                file.flush()
                harvest.kept += 1
    return harvest


def _failure(address: str, error: StoryledgerError) -> Failure:
    return Failure(address, None, "fetch", error.code, error.message, error.advice)


def _list_kept(target: Path) -> set[str]:
    """Return the addresses whose pages the file has."""
    if not target.exists() or not target.stat().st_size:
        return set()
    try:
        with target.open("rb") as file:
            found = {r.rec_headers.get_header("WARC-Target-URI") for r in ArchiveIterator(file) if _is_page(r)}
    except (ArchiveLoadFailed, OSError, EOFError, ValueError, AttributeError, zlib.error) as error:
        advice = "name another file for the pages"
        raise UsageError("E-FETCH-TARGET", f"{target} is no WARC: {error}", advice) from error
    return {address for address in found if address}


def _is_page(record: Any) -> bool:
    """Tell whether a record is a page's; the library takes lines that start like none for those of an older format."""
    if record.format != "warc":
        raise ValueError("its first line is none of a WARC")
    return bool(record.rec_type == "response")


def _list_links(response: Response) -> list[str]:
    """Return the pages' addresses that a feed names, in its order, each once."""
    parsed = feedparser.parse(BytesIO(response.body), response_headers={"content-location": response.address})
    links = [str(entry["link"]) for entry in parsed.entries if entry.get("link")]
    if not links:
        told = "there is no feed with links at this address"
        raise PageError("E-FETCH-FEED", told, "give the address of an RSS or Atom feed")
    return list(dict.fromkeys(urldefrag(urljoin(response.address, link)).url for link in links))


def _write(writer: Any, link: str, response: Response) -> None:
    """Append the response under the address that the feed names, with where it was found in the end."""
    # the body is written as it was decoded: what described its coding on the wire would be false of it
    wire = {"transfer-encoding", "content-encoding", "content-length"}
    headers = [(n, v) for n, v in response.headers if n.lower() not in wire]
    headers.append(("Content-Length", str(len(response.body))))
    told = StatusAndHeaders(f"{response.status} {response.reason}", headers, protocol="HTTP/1.1")
    if response.address != link:
        told.add_header("Content-Location", response.address)
    writer.write_record(
        writer.create_warc_record(
            link, "response", payload=BytesIO(response.body), length=len(response.body), http_headers=told
        )
    )


class _Reach:
    """Which addresses may be asked: all public ones, and of others those whose host a feed of the user's own names."""

    def __init__(self, named: set[str]) -> None:
        self._named = named

    def find(self, host: str, port: int) -> str:
        """Return the number that ``host`` is to be asked at; it is looked up once, so that it cannot change after."""
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            advice = "see the address and the network"
            raise PageError("E-FETCH-HOST", f"{host} cannot be found: {error}", advice) from error
        numbers = [str(row[4][0]) for row in rows]
        if host not in self._named:
            numbers = [n for n in numbers if ipaddress.ip_address(n.partition("%")[0]).is_global]
        if not numbers:
            told = f"{host} is no public host, and no feed given is on it"
            raise PageError("E-FETCH-PRIVATE", told, "save the page by hand")
        return numbers[0]


class _Client:
    """Requests one after the other, each host's with a pause between, as its robots.txt allows."""

    def __init__(self, reach: _Reach, delay: float, listener: Callable[[str], None]) -> None:
        self._reach, self._delay, self._listener = reach, delay, listener
        self._robots: dict[str, RobotFileParser | PageError] = {}  # an error: the host does not answer
        self._asked: dict[str, float] = {}

    def fetch(self, address: str) -> Response:
        """Return what stands at ``address``, redirects followed.

        Raises:
            PageError: robots.txt, the host or the network forbid it, it is too large, or it is not there.
        """
        for _ in range(REDIRECTS_AT_MOST + 1):
            self._obey(address)
            response = self._ask(address, BYTES_AT_MOST)
            if (moved := _find_moved(response, address)) is not None:
                address = moved
                continue
            if response.status != 200:
                told = f"the host answered {response.status} {response.reason}".rstrip()
                raise PageError("E-FETCH-STATUS", told, "open it in a browser and save it from there")
            return response
        raise PageError("E-FETCH-MOVED", f"moved more than {REDIRECTS_AT_MOST} times", "open it in a browser")

    def _obey(self, address: str) -> None:
        """Wait as long as the host wants; refuse what its robots.txt forbids."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise PageError("E-FETCH-ADDRESS", f"{address} is no address of the web", "save the page by hand")
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            try:
                self._robots[site] = self._read_robots(site)
            except PageError as error:
                self._robots[site] = error
        robots = self._robots[site]
        if isinstance(robots, PageError):
            raise robots
        if not robots.can_fetch(AGENT, address):
            raise PageError("E-FETCH-ROBOTS", "the host's robots.txt forbids it", "save the page by hand")
        wanted = max(self._delay, float(robots.crawl_delay(AGENT) or 0))
        if wanted > DELAY_AT_MOST_S:
            told = f"the host wants {wanted:.0f} seconds between requests"
            raise PageError("E-FETCH-ROBOTS", told, "save the page by hand")
        time.sleep(max(0.0, self._asked.get(site, -wanted) + wanted - time.monotonic()))
        self._asked[site] = time.monotonic()

    def _read_robots(self, site: str) -> RobotFileParser:
        """Return what the host allows: all where it has no robots.txt, nothing where it is refused (RFC 9309)."""
        robots = RobotFileParser()
        address = f"{site}/robots.txt"
        for _ in range(REDIRECTS_AT_MOST + 1):
            found = self._ask(address, ROBOTS_AT_MOST)
            if (moved := _find_moved(found, address)) is None:
                break
            address = moved
        if found.status in _NOT_ALLOWED or found.status >= 500:
            robots.parse(["User-agent: *", "Disallow: /"])
        else:
            robots.parse(found.body.decode("utf-8", "replace").splitlines() if found.status == 200 else [])
        return robots

    def _ask(self, address: str, most: int) -> Response:
        """Return one answer, without following it."""
        parts = urlsplit(address)
        host, secure = str(parts.hostname), parts.scheme == "https"
        self._listener(address)
        try:
            port = parts.port or (443 if secure else 80)
            number = self._reach.find(host, port)
            pool: urllib3.HTTPConnectionPool
            if secure:
                pool = urllib3.HTTPSConnectionPool(number, port, server_hostname=host, assert_hostname=host)
            else:
                pool = urllib3.HTTPConnectionPool(number, port)
            headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": AGENT, "Accept-Encoding": "gzip, deflate"}
            path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            with pool:
                answer = pool.request(
                    "GET", path, headers=headers, redirect=False, retries=False, timeout=WAIT, preload_content=False
                )
                body = b"".join(_limited(answer.stream(1 << 16), most))
                return Response(address, answer.status, answer.reason or "", list(answer.headers.items()), body)
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            raise PageError("E-FETCH-NETWORK", f"no answer: {error}", "try again later") from error


def _find_moved(response: Response, address: str) -> str | None:
    """Return where a redirect points, None where the answer is none; only the web is followed."""
    moved = next((v for n, v in response.headers if n.lower() == "location"), None)
    if response.status not in (301, 302, 303, 307, 308) or not moved:
        return None
    found = urldefrag(urljoin(address, moved)).url
    if urlsplit(found).scheme not in ("http", "https") or not urlsplit(found).hostname:
        raise PageError("E-FETCH-ADDRESS", f"moved to {found}, no address of the web", "open it in a browser")
    return found


def _limited(parts: Iterator[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise PageError("E-FETCH-SIZE", f"more than {most >> 20} MB", "save the page by hand")
        yield part

"""What the program that saved a page wrote into it: the page's address and the day of the copy.

SingleFile, Internet Explorer and Chromium, HTTrack, ScrapBook, Firefox's reader, the Wayback Machine, archive.today.
This module must not know what the statements are worth.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace

from storyledger.types import SourceNote

_HEAD_BYTES = 16_384
_TAIL_BYTES = 4_096
_SINGLEFILE = re.compile(
    r"Page saved with SingleFile\b.{0,40}?\s*url:\s*(\S+)(?:\s+saved date:\s*([^\n(]+))?", re.DOTALL
)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_HTTRACK = re.compile(r"<!--\s*Mirrored from (\S+) by HTTrack[^,>]*,\s*([^>]+?)\s*-->", re.IGNORECASE)
_SCRAPBOOK = re.compile(r"""data-scrapbook-source=["']([^"']+)["']""")
_SCRAPBOOK_DAY = re.compile(r"""data-scrapbook-create=["'](\d{8})""")
_READER = re.compile(r"""<a\b[^>]*class="[^"]*\breader-domain\b[^"]*"[^>]*href="([^"]+)"[^>]*>([^<]+)""")
_CREDITS = re.compile(r"""<div\b[^>]*class="[^"]*\breader-credits\b[^"]*"[^>]*>([^<]+)""")
_WAYBACK = re.compile(
    r"(?:web\.archive\.org|webcache\.archive\.org)/web/(\d{8})\d{0,6}(?:[a-z]{2}_)?/(https?:[^\s\"'<>]+)"
)
_WOMBAT = re.compile(r"""__wm\.(?:wombat|init)\(\s*"(https?:[^"]+)"\s*,\s*"(\d{8})""")
_ARCHIVE_TODAY = re.compile(r"\barchive\.(?:today|is|ph|li|fo|md|vn)\b")
_TODAY_URL = re.compile(r"""Saved from\s*(?:<[^>]*>\s*){0,6}<input\b[^>]*\bvalue="([^"]+)\"""", re.DOTALL)
_TODAY_LONG = re.compile(r"archive\.(?:today|is|ph|li|fo|md|vn)/(\d{4})\.(\d\d)\.(\d\d)-\d+/(https?:[^\s\"'<>]+)")
_SITE = re.compile(r"https?://(?!localhost\b)[^/]*\.[a-z]{2,}(?:[:/?#]|\Z)", re.IGNORECASE)
_DAY = re.compile(r"\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{4})\b")
_US_DAY = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{1,2}),? (\d{4})\b")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_saver(data: bytes, declared: SourceNote | None) -> SourceNote | None:
    """Return what stands in a page of its own saving, after what its container declares."""
    head = data[:_HEAD_BYTES].decode("utf-8", "replace")
    found = (
        _read_archive(head)
        or _read_tools(head)
        or _read_tools(data[-_TAIL_BYTES:].decode("utf-8", "replace") if len(data) > _HEAD_BYTES else "")
    )
    if found is not None and not _SITE.match(found.url or ""):
        found = replace(found, url=None)  # saved from a disk or a test server: the page's own word is better
    if found is None:
        return declared
    if declared is None:
        return found
    return replace(
        declared,
        url=found.url if found.url and (declared.url is None or _WAYBACK.search(declared.url)) else declared.url,
        outlet=declared.outlet or found.outlet,
        authors=declared.authors or found.authors,
        captured=declared.captured or found.captured,
    )


def _read_tools(text: str) -> SourceNote | None:
    if match := _SINGLEFILE.search(text):
        return SourceNote(url=html.unescape(match.group(1)), captured=find_day(match.group(2) or ""))
    if match := _SAVED_FROM.search(text):
        url = html.unescape(match.group(1))
        return SourceNote(url=url)
    if match := _HTTRACK.search(text):
        return SourceNote(url=_with_scheme(match.group(1)), captured=find_day(match.group(2)))
    if match := _SCRAPBOOK.search(text):
        day = _SCRAPBOOK_DAY.search(text)
        made = f"{day.group(1)[:4]}-{day.group(1)[4:6]}-{day.group(1)[6:]}" if day else None
        return SourceNote(url=html.unescape(match.group(1)), captured=made)
    return _read_reader(text)


def _read_reader(text: str) -> SourceNote | None:
    """Return what Firefox's reader shows above an article: where it comes from, and who wrote it."""
    match = _READER.search(text)
    if match is None:
        return None
    credit = _CREDITS.search(text)
    names = (
        re.split(r"\s*(?:,|;|\band\b|&amp;)\s*", re.sub(r"^\s*by\s+", "", credit.group(1), flags=re.IGNORECASE))
        if credit
        else []
    )
    outlet = html.unescape(match.group(2)).strip().removeprefix("www.")
    return SourceNote(
        url=html.unescape(match.group(1)), outlet=outlet, authors=tuple(n.strip() for n in names if n.strip())
    )


def _read_archive(text: str) -> SourceNote | None:
    """Return the address and day of a copy in a public web archive; a page that merely links to one is none."""
    if "wm-ipp" in text or "archive.org/_static" in text or "__wm." in text or "FILE ARCHIVED ON" in text:
        wombat, linked = _WOMBAT.search(text), _WAYBACK.search(text)
        address, day = wombat.groups() if wombat else (linked.group(2), linked.group(1)) if linked else ("", "")
        if address:
            return SourceNote(url=html.unescape(address), captured=f"{day[:4]}-{day[4:6]}-{day[6:8]}")
    if _ARCHIVE_TODAY.search(text):
        if match := _TODAY_URL.search(text):
            return SourceNote(
                url=html.unescape(match.group(1)), captured=find_day(text[match.end() : match.end() + 800])
            )
        if match := _TODAY_LONG.search(text):
            return SourceNote(url=html.unescape(match.group(4)), captured="-".join(match.groups()[:3]))
    return None


def find_day(text: str) -> str | None:
    """Return the first day in ``text`` as programs write them into what they save, ISO."""
    if match := re.search(r"\b(\d{4})-(\d\d)-(\d\d)", text):
        return _iso(match.group(1), int(match.group(2)), match.group(3))
    if match := _DAY.search(text):
        return _iso(match.group(3), _MONTHS.index(match.group(2)) + 1, match.group(1))
    if match := _US_DAY.search(text):
        return _iso(match.group(3), _MONTHS.index(match.group(1)) + 1, match.group(2))
    return None


def _iso(year: str, month: int, day: str) -> str | None:
    try:
        return dt.date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"

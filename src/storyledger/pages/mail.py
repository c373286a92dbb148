"""Mail with news in it (EML, mbox): newsletters, alerts, forwarded stories, and the documents attached.

The text of a mail is its HTML part, else its plain one, without the signature and the lines that a forwarding program
puts above a story; these and the mail's own headers tell title, outlet and day. This module must not know files.
"""

from __future__ import annotations

import email
import email.policy
import html
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import BinaryIO

from storyledger.errors import PageError
from storyledger.pages.compose import compose_page
from storyledger.pages.days import find_written_day, local_day
from storyledger.pages.documents import read_document
from storyledger.pages.file import File, read_whole
from storyledger.pages.limits import PAGE_BYTES
from storyledger.pages.make import make_page
from storyledger.types import Page, SourceNote

MAX_PARTS = 500
MIN_CHARS = 200  # of a mail's own text beside a document attached to it
_FORWARD = re.compile(
    r"^[ \t>]*(?:-{2,}\s*(?:forwarded message|original message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado)\s*-{2,}|begin forwarded message:)[ \t]*\r?\n",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"[ \t>]*\*?(from|von|de|date|sent|datum|gesendet|enviado|envoyé|subject|betreff|asunto|objet|to|an|para|à|cc"
    r"|reply-to)\s*:\*?[ \t]*(.*)",
    re.IGNORECASE,
)
_REPLY = re.compile(r"^\s*(?:fwd?|fw|wg|tr|re|aw|rv)\s*:\s*", re.IGNORECASE)
_SIGNATURE = re.compile(r"^-- ?\r?\n", re.MULTILINE)
_FROM_LINE = re.compile(rb"From \S+.*\d{4}")


def iter_mail(file: File) -> Iterator[Page]:
    """Yield the page that a mail is, and those attached to it.

    Raises:
        PageError: there is no text in it.
    """
    yield from _read_message(read_whole(file).lstrip(), file, file.record)


def iter_mbox(file: File) -> Iterator[Page]:
    """Yield the pages in a folder of mails; ``record`` is the mail's number from 1."""
    with file.open() as stream:
        for number, data in enumerate(_split_mbox(stream), 1):
            with file.guard(str(number)):
                own = replace(file, path=file.label, record=str(number))
                yield from _read_message(data, own, str(number))


def _split_mbox(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the mails; a mail over the limit is cut there."""
    held: list[bytes] = []
    size, blank = 0, True
    while line := stream.readline(1 << 20):
        if blank and _FROM_LINE.match(line):
            if held:
                yield b"".join(held)
            held, size = [], 0
        elif size <= PAGE_BYTES:
            held.append(line[1:] if re.match(rb">+From ", line) else line)
            size += len(line)
        blank = not line.strip()
    if held:
        yield b"".join(held)


def _read_message(data: bytes, file: File, record: str | None) -> Iterator[Page]:
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    parts = [part for part, _ in zip(message.walk(), range(MAX_PARTS), strict=False) if not part.is_multipart()]
    attached = [part for part in parts if _is_attached(part)]
    own = [part for part in parts if part not in attached]
    shown = _first_of(own, "text/html") or _first_of(own, "text/plain")
    made = 0
    for number, part in enumerate(attached, 1):
        name = _text_of(part.get_filename()) or f"attachment {number}"
        with file.guard(name):
            for page in _read_attached(part, replace(file, path=file.label if record else file.path), name, record):
                made += 1
                yield page
    text = _decode(shown) if shown is not None else ""
    plain = re.sub(r"<[^>]*>", "", text)
    if shown is not None and (len(plain.strip()) >= MIN_CHARS or (not made and plain.strip())):
        yield _make_page(message, shown, text, file)
    elif not made:
        raise PageError("E-PAGE-EMPTY", "the mail has no text", "save the page that it links to", path=file.path)


def _is_attached(part: Message) -> bool:
    kind = part.get_content_type()
    return part.get_content_disposition() == "attachment" or kind in (
        "application/pdf", "application/rtf", "application/msword",
    ) or kind.startswith("application/vnd.")  # fmt: skip


def _read_attached(part: Message, file: File, name: str, record: str | None) -> Iterator[Page]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data:
        return
    path = f"{file.path}!{record}" if record and file.record is None else file.path
    own = File(path, name, len(data), lambda: io.BytesIO(data), file.on_failure, file.sidecar)
    yield from read_document(own, part.get_content_type() if "text" in part.get_content_type() else "", data)


def _first_of(parts: list[Message], kind: str) -> Message | None:
    return next((part for part in parts if part.get_content_type() == kind), None)


def _make_page(message: Message, part: Message, text: str, file: File) -> Page:
    told = _read_headers(message)
    if part.get_content_type() == "text/html":
        told, _ = _read_forward(html.unescape(re.sub(r"<br\s*/?>|</(?:div|p|tr)>", "\n", text)), told, markup=True)
        own = replace(file, declared=told.note)
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else text.encode("utf-8", "replace")
        return compose_page(own, data, charset=part.get_content_charset())
    told, body = _read_forward(text, told, markup=False)
    signature = _SIGNATURE.search(body)
    body = body[: signature.start()] if signature and signature.start() > MIN_CHARS else body
    return make_page(
        file.path, file.record, body.encode("utf-8", "replace"), media="text", charset="utf-8", sidecar=file.sidecar,
        declared=told.note, given=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    note: SourceNote


def _read_headers(message: Message) -> _Told:
    subject = _REPLY.sub("", _text_of(message.get("Subject")) or "")
    sender = parseaddr(_text_of(message.get("From")) or "")[0]
    listed = message.get("List-Id") or message.get("List-Unsubscribe") or message.get("List-Post")
    return _Told(
        SourceNote(
            title=subject.strip() or None,
            outlet=sender.strip() or None if listed else None,
            published=local_day(_text_of(message.get("Date"))),
        )
    )


def _read_forward(text: str, told: _Told, *, markup: bool) -> tuple[_Told, str]:
    """Return what the lines above a forwarded story say, and the text below them."""
    match = _FORWARD.search(text if not markup else re.sub(r"<[^>]*>", "", text))
    if match is None:
        return told, text
    plain = text if not markup else re.sub(r"<[^>]*>", "", text)
    at = match.end()
    fields: dict[str, str] = {}
    for line in plain[at:].splitlines(keepends=True)[:14]:
        field = _FIELD.match(line)
        if field is None and (line.strip() or len(fields) >= 2):
            break
        if field is not None:
            fields.setdefault(field.group(1).lower(), field.group(2).strip())
        at += len(line)
    sender = parseaddr(next((fields[k] for k in ("from", "von", "de") if k in fields), ""))[0]
    sent = next((fields[k] for k in ("date", "sent", "datum", "gesendet", "enviado", "envoyé") if k in fields), None)
    subject = next((fields[k] for k in ("subject", "betreff", "asunto", "objet") if k in fields), None)
    day = find_written_day(sent or "") or local_day(sent)
    note = replace(
        told.note,
        title=_REPLY.sub("", subject) if subject else told.note.title,
        outlet=sender.strip("\"' ") or told.note.outlet,
        published=day or told.note.published,
    )
    return _Told(note), plain[at:] if not markup else text


def _decode(part: Message) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")


def _text_of(value: object) -> str | None:
    """Return a header's text, its encoded words undone."""
    if value is None:
        return None
    try:
        return " ".join(str(make_header(decode_header(str(value)))).split())
    except (LookupError, ValueError, UnicodeError):
        return " ".join(str(value).split())

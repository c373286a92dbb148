"""What a file is, by its bytes; its name is asked only where the bytes leave it open.

This module must not know how any kind is read.
"""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO, Literal

Kind = Literal[
    "html", "text", "markdown", "mhtml", "webarchive", "singlefile_zip",
    "warc", "arc", "wacz", "har", "zip", "tar", "gzip",
    "jsonl", "json", "feed", "nitf", "newsml", "enex", "xml",
    "mail", "mbox", "pdf", "docx", "odt", "rtf", "epub", "doc", "list",
    "misnamed", "table", "picture", "sound", "style", "library", "program", "unknown", "empty",
]  # fmt: skip

HEAD_BYTES = 8192
HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".php", ".asp", ".aspx", ".jsp", ".cfm", ".stm")
TEXT_SUFFIXES = (".txt", ".text", ".asc", ".log")
MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown")
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"), (b"{\\rtf", "rtf"), (b"bplist0", "webarchive"), (b"WARC/", "warc"), (b"filedesc:", "arc"),
    (b"\x28\xb5\x2f\xfd", "warc"), (b"\x5d\x2a\x4d\x18", "warc"), (b"\x50\x2a\x4d\x18", "warc"),
    (b"\x1f\x8b", "gzip"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"BM6", "picture"),
    (b"\x00\x00\x01\x00", "picture"), (b"II*\x00", "picture"), (b"MM\x00*", "picture"),
    (b"OggS", "sound"), (b"ID3", "sound"), (b"fLaC", "sound"), (b"\x1a\x45\xdf\xa3", "sound"),
    (b"wOFF", "style"), (b"wOF2", "style"), (b"\x7fELF", "program"), (b"MZ\x90", "program"),
    (b"SQLite format 3", "table"), (b"BZh", "unknown"), (b"\xfd7zXZ", "unknown"), (b"7z\xbc\xaf", "unknown"),
    (b"Rar!", "unknown"),
)  # fmt: skip
_ROOT_NAMES: tuple[tuple[str, Kind], ...] = (
    ("rss|feed", "feed"),
    ("nitf", "nitf"),
    ("newsitem|newsmessage|newsml|packageitem", "newsml"),
    ("en-export", "enex"),
    ("html", "html"),
)
_ROOTS = [(re.compile(rf"<(?:[\w.-]+:)?(?:{names})[\s>/]", re.IGNORECASE), kind) for names, kind in _ROOT_NAMES]
_RDF = re.compile(r"<(?:[\w.-]+:)?RDF[\s>]")
_MARKUP = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|h1|meta|table)\b", re.IGNORECASE)
_HEADER = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[ \t][^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_MAIL_FIELDS = re.compile(
    r"^(?:from|to|subject|date|message-id|received|return-path|mime-version|delivered-to|snapshot-content-location):",
    re.IGNORECASE | re.MULTILINE,
)
# no ".": it matches a carriage return too, and a line read in two ways makes 2 ** 60 steps where the end is missing
_FRONT_MATTER = re.compile(r"---\r?\n(?=[\w-]+:)(?:[^\n]*\n){0,60}?---\r?\n")
_RELATED = re.compile(r"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
# what a name promises and plain text is not: the file was cut, emptied or named wrongly
_CLAIMED = (
    ".gz", ".zip", ".tar", ".tgz", ".warc", ".arc", ".wacz", ".zst", ".jsonl", ".ndjson", ".json", ".har", ".rss",
    ".atom", ".xml", ".mhtml", ".mht", ".webarchive", ".pdf", ".docx", ".doc", ".odt", ".rtf", ".epub", ".enex", ".eml",
    ".mbox",
)  # fmt: skip
_SUFFIX_KINDS: dict[str, Kind] = {
    ".css": "style", ".js": "style", ".mjs": "style", ".map": "style", ".woff": "style", ".woff2": "style",
    ".ttf": "style", ".eot": "style", ".svg": "picture", ".png": "picture", ".jpg": "picture", ".jpeg": "picture",
    ".gif": "picture", ".webp": "picture", ".avif": "picture", ".ico": "picture", ".mp3": "sound", ".mp4": "sound",
    ".webm": "sound", ".rdf": "library", ".bib": "library", ".ris": "library",
}  # fmt: skip


def tell_kind(name: str, head: bytes, stream: BinaryIO | None = None) -> Kind:
    """Return what a file is.

    Args:
        name: its name; a hint where the bytes say nothing.
        head: its first ``HEAD_BYTES``.
        stream: the file, to look into a zip; its position is left where the look ended.
    """
    lower = name.lower().removesuffix(".gz")
    if not head.strip(b"\x00 \t\r\n"):
        return "empty"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _tell_zip(stream)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[4:8] == b"ftyp":
        return "sound" if head[8:12] not in (b"avif", b"heic") else "picture"
    if head[:4] == b"RIFF":
        return "picture" if head[8:12] == b"WEBP" else "sound"
    if head[257:262] == b"ustar":
        return "tar"
    kind = _tell_text(lower, _decode_head(head), stream)
    plain = kind == "text" or (name.lower().endswith(".gz") and _tell_text("", _decode_head(head), None) == "text")
    return "misnamed" if plain and name.lower().endswith(_CLAIMED) else kind


def _decode_head(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace")
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").replace("\x00", "")


def _tell_text(lower: str, head: str, stream: BinaryIO | None) -> Kind:
    suffix = "." + lower.rsplit("/", 1)[-1].rsplit(".", 1)[-1]
    if suffix in _SUFFIX_KINDS:
        return _SUFFIX_KINDS[suffix]
    start = head.lstrip()
    if start.startswith("From ") and _HEADER.search(start[: len(head)], start.find("\n") + 1):
        return "mbox"
    if _HEADER.match(start) and _is_mail({field.lower() for field in _MAIL_FIELDS.findall(start)}):
        return "mhtml" if _RELATED.search(start) and not _is_letter(start) else "mail"
    if start.startswith(("{", "[")):
        kind = _tell_json(lower, start)
        if kind is not None:
            return kind
    if start.startswith("<"):
        return _tell_markup(lower, start, stream)
    if lower.endswith(MARKDOWN_SUFFIXES):
        return "markdown"
    if _FRONT_MATTER.match(start):
        return "markdown"
    if suffix in (".csv", ".tsv"):
        return "list" if re.match(r"\W*(?:title|url|uri)\b[^\n]*\b(?:url|title)\b", start, re.IGNORECASE) else "table"
    if lower.endswith(HTML_SUFFIXES) or (_MARKUP.search(start) and not lower.endswith(TEXT_SUFFIXES)):
        return "html"
    return "text"


def _is_mail(fields: set[str]) -> bool:
    """Return whether these are a mail's headers: a capture may begin with "Date:" and "From:" too."""
    return len(fields) >= 2 and bool(fields - {"date:", "from:", "to:"}) and fields != {"subject:", "date:"}


def _is_letter(head: str) -> bool:
    """A mail with pictures in it is multipart/related too; a saved page has an address of its own, and no addressee."""
    fields = {m.group().lower() for m in re.finditer(r"^[A-Za-z-]+:", head.split("\n\n", maxsplit=1)[0], re.MULTILINE)}
    saved = fields & {"snapshot-content-location:", "content-location:"} or "saved by" in head[:300].lower()
    return bool(fields & {"to:", "received:", "delivered-to:"}) and not saved


def _tell_json(lower: str, head: str) -> Kind | None:
    if re.match(r'\{\s*"log"\s*:\s*\{', head):
        return "har"
    if lower.endswith((".jsonl", ".ndjson")):
        return "jsonl"
    if lower.endswith((".json", ".ninjs", ".har")):
        return "json"
    if re.match(r'\{\s*"', head) or re.match(r'\[\s*\{\s*"', head):
        return "jsonl" if re.search(r'\}\s*\n\s*\{\s*"', head) else "json"
    return None


def _tell_markup(lower: str, head: str, stream: BinaryIO | None) -> Kind:
    bare = re.sub(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", " ", head, flags=re.DOTALL).lstrip()
    for pattern, kind in _ROOTS:
        if pattern.match(bare):
            return "singlefile_zip" if kind == "html" and stream is not None and _is_zip(stream) else kind
    if _RDF.match(bare):
        return "library" if "zotero.org" in head else "feed"
    if "bookmark-file" in head[:200].lower() or re.search(
        r"<title>(?:pocket export|instapaper: export)", head, re.IGNORECASE
    ):
        return "list"
    if re.search(r"<!DOCTYPE plist", head) and "WebMainResource" in head:
        return "webarchive"
    if lower.endswith(HTML_SUFFIXES) or _MARKUP.search(bare):
        return "html"
    if head.startswith("<?xml") or lower.endswith((".xml", ".rss", ".atom")):
        return "feed" if lower.endswith((".rss", ".atom")) else "xml"
    return "text" if lower.endswith((*TEXT_SUFFIXES, *MARKDOWN_SUFFIXES)) else "html"


def _is_zip(stream: BinaryIO) -> bool:
    """A compressed SingleFile page is HTML at its start and a zip file at its end."""
    stream.seek(0)
    return zipfile.is_zipfile(stream)


def _tell_zip(stream: BinaryIO | None) -> Kind:
    """Return which of the formats that are zip files this one is, by what it holds."""
    if stream is None:
        return "zip"
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {info.filename for info in archive.infolist()[:2000]}
            mime = (
                archive.read("mimetype")[:80]
                if "mimetype" in names and archive.getinfo("mimetype").file_size < 200
                else b""
            )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, KeyError):
        return "zip"
    if mime.startswith(b"application/epub") or "META-INF/container.xml" in names:
        return "epub"
    if mime.startswith(b"application/vnd.oasis.opendocument.text"):
        return "odt"
    if "word/document.xml" in names:
        return "docx"
    if "datapackage.json" in names and any(n.startswith("archive/") for n in names):
        return "wacz"
    return "zip"

"""Rich Text (RTF) of word processors and press archives: deleted and hidden text out, links and headings kept.

No library was taken: striprtf shows deleted and hidden text, and loses headings and pages.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from storyledger.errors import PageError
from storyledger.pages.exports import iter_exported
from storyledger.pages.file import File, read_whole
from storyledger.pages.paper import Block, Facts, clean_text
from storyledger.types import Page

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
# groups that hold no text of the document
_ASIDE = frozenset(
    b"fonttbl colortbl stylesheet info listtable listoverridetable revtbl rsidtbl generator themedata xmlnstbl pict "
    b"colorschememapping latentstyles datastore object header headerl headerr headerf footer footerl footerr footerf "
    b"footnote annotation atnid atnauthor atndate atnref atrfstart atrfend bkmkstart bkmkend listtext pntext pntxta "
    b"pntxtb shpinst nonshppict mmathPr wgrffmtfilter filetbl template title subject author keywords doccomm "
    b"operator".split()
)
_SIGNS = {
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ", b"qmspace": " ", b"tab": " ", b"line": "<br>", b"zwj": "",
    b"zwnj": "", b"softline": " ",
}  # fmt: skip
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253",
             162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
             238: "cp1250"}  # fmt: skip
_LINK = re.compile(r'HYPERLINK\s+"([^"]+)"')
_HEADING = re.compile(r"(?:title|heading ([1-6]));", re.IGNORECASE)
MAX_DEPTH = 2_000


def iter_rtf(file: File) -> Iterator[Page]:
    """Yield the article in an RTF file, or the articles where it is an export of a press archive.

    Raises:
        PageError: it nests too deep.
    """
    data = read_whole(file)
    reader = _Reader(file.path)
    reader.read(data)
    yield from iter_exported(file, "rtf", data, reader.blocks, Facts())


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside one group."""

    aside: bool = False
    hidden: bool = False
    deleted: bool = False
    in_link: bool = False  # the instruction of a field
    href: str | None = None
    fallback: int = 1  # letters after \\u that stand for it where Unicode is not known
    font: int = 0


@dataclass(slots=True)
class _Reader:
    path: str
    blocks: list[Block] = field(default_factory=list)
    state: _State = field(default_factory=_State)
    stack: list[_State] = field(default_factory=list)
    codec: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    instruction: list[str] = field(default_factory=list)
    href: str | None = None
    open_href: str | None = None
    heading: int | None = None
    in_row: bool = False
    styles: dict[int, int] = field(default_factory=dict)  # outline level of a paragraph style
    in_styles: bool = False
    style_name: str = ""
    style: int = 0
    cells: list[str] = field(default_factory=list)
    skip: int = 0
    page_ended: bool = False

    def read(self, data: bytes) -> None:
        """Read the whole file into blocks."""
        at, end = 0, len(data)
        while at < end:
            match = _TOKEN.match(data, at)
            if match is None:
                at += 1
                continue
            at = match.end()
            word, number, byte, sign, brace, plain = match.groups()
            if word == b"bin":
                at += max(0, int(number or 0))
            self.take(word, number, byte, sign, brace, plain)
        self.flush()
        self.end_paragraph()

    def take(self, word, number, byte, sign, brace, plain) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        """Take one token."""
        if byte is not None:
            if self.skip:
                self.skip -= 1
            else:
                self.raw.append(int(byte, 16))
            return
        if plain is not None:
            cut, self.skip = min(self.skip, len(plain)), max(0, self.skip - len(plain))
            self.raw += plain[cut:]
            return
        self.flush()
        if brace == b"{":
            if len(self.stack) > MAX_DEPTH:
                raise PageError("E-PAGE-RTF", "its groups nest too deep", "save it again", path=self.path)
            self.stack.append(self.state)
        elif brace == b"}":
            self.leave()
        elif word is not None:
            self.skip = 0
            self.control(word, int(number) if number else None)
        elif sign is not None:
            self.take_sign(sign)

    def take_sign(self, sign: bytes) -> None:
        """Take a backslash and a sign."""
        if sign == b"*":
            self.state = replace(self.state, aside=True)
        elif sign in (b"\r", b"\n"):
            self.end_paragraph()
        else:
            shown = {b"~": "\u00a0", b"-": "\u00ad", b"_": "-"}.get(sign, sign.decode("latin-1"))
            self.write("" if shown == "\u00ad" else shown)

    def leave(self) -> None:
        """End a group."""
        before, self.state = self.state, self.stack.pop() if self.stack else _State()
        if before.in_link and not self.state.in_link:
            match = _LINK.search("".join(self.instruction))
            self.href, self.instruction = match.group(1) if match else None, []

    def control(self, word: bytes, number: int | None) -> None:
        """Take a control word."""
        state = self.state
        if word in _ASIDE:
            self.state = replace(state, aside=True)
            self.in_styles = word == b"stylesheet"
        elif word == b"fldinst":
            self.state = replace(state, in_link=True, aside=False)
        elif word == b"fldrslt":
            self.state, self.href = replace(state, href=self.href, aside=False, in_link=False), None
        elif word == b"ansicpg" and number:
            self.codec = _known(f"cp{number}")
        elif word == b"f" and number is not None:
            self.state = replace(state, font=number)
        elif word == b"fcharset" and number is not None and state.aside:
            self.fonts[state.font] = _CHARSETS.get(number, self.codec)
        elif self.in_styles and state.aside and word in (b"s", b"outlinelevel") and number is not None:
            self.style = number if word == b"s" else self.style
            if word == b"outlinelevel":
                self.styles[self.style] = number
        elif word == b"v":
            self.state = replace(state, hidden=number != 0)
        elif word == b"deleted":
            self.state = replace(state, deleted=number != 0)
        elif word == b"plain":
            self.state = replace(state, hidden=False)
        elif word == b"uc":
            self.state = replace(state, fallback=min(8, max(0, number if number is not None else 1)))
        elif word == b"u" and number is not None:
            self.write(chr(number % 0x10000))
            self.skip = state.fallback
        elif not state.aside:
            self.lay_out(word, number)

    def lay_out(self, word: bytes, number: int | None) -> None:
        """Take a control word that shapes paragraphs."""
        if word in _SIGNS:
            self.write(_SIGNS[word], raw=word == b"line")
        elif word in (b"par", b"sect"):
            self.end_paragraph()
        elif word == b"pard":
            self.heading, self.in_row = None, False
        elif word == b"intbl":
            self.in_row = True
        elif word == b"outlinelevel":
            self.heading = number
        elif word == b"s" and number in self.styles:
            self.heading = self.styles[number]
        elif word == b"cell":
            self.cells.append(" ".join("".join(self.parts).split()))
            self.parts = []
        elif word == b"row":
            if any(self.cells):
                line = "<tr>" + "".join(f"<td>{cell}</td>" for cell in self.cells) + "</tr>"
                self.blocks.append(Block("table", [line], is_markup=True))
            self.cells = []
        elif word in (b"page", b"pagebb"):
            self.end_paragraph()
            self.page_ended = True

    def flush(self) -> None:
        """Write the bytes gathered since the last control word."""
        if self.raw:
            codec = self.fonts.get(self.state.font, self.codec)
            text, self.raw = self.raw.decode(codec, "replace"), bytearray()
            self.write(text)

    def write(self, text: str, *, raw: bool = False) -> None:
        """Add text, unless it is hidden, deleted or no text of the document."""
        if self.in_styles and self.state.aside:
            self.name_style(text)
        elif self.state.in_link:
            self.instruction.append(text)
        elif not (self.state.aside or self.state.hidden or self.state.deleted) and text:
            if self.state.href != self.open_href:
                self.switch_link(self.state.href)
            self.parts.append(text if raw else html.escape(clean_surrogates(text), quote=False))

    def name_style(self, text: str) -> None:
        """Take a part of a paragraph style's name, which a semicolon ends."""
        self.style_name += text
        if text.endswith(";"):
            match = _HEADING.fullmatch(self.style_name.strip())
            if match is not None:
                self.styles[self.style] = int(match.group(1) or 1) - 1
            self.style_name = ""

    def switch_link(self, href: str | None) -> None:
        """End the link that is open and begin ``href``."""
        if self.open_href is not None:
            self.parts.append("</a>")
        if href is not None:
            self.parts.append(f'<a href="{html.escape(href)}">')
        self.open_href = href

    def end_paragraph(self) -> None:
        """Make a block of what is gathered; a paragraph in a table's cell goes on in it."""
        if self.in_row:
            self.parts.append(" ")
            return
        self.switch_link(None)
        line = _join_surrogates("".join(self.parts)).strip()
        self.parts = []
        if line:
            tag = f"h{min(6, self.heading + 1)}" if self.heading is not None and 0 <= self.heading < 9 else "p"
            breaks = {0} if self.page_ended and self.blocks else set()
            self.blocks.append(Block(tag, [line], breaks, is_markup=True))
            self.page_ended = False


def clean_surrogates(text: str) -> str:
    """Return ``text`` without control characters; half of a character beyond the first plane waits for the other."""
    return text if any("\ud800" <= c <= "\udfff" for c in text) else clean_text(text)


def _join_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _known(codec: str) -> str:
    try:
        codecs.lookup(codec)
    except LookupError:
        return "cp1252"
    return codec

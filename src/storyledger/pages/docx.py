"""Word's files (DOCX): paragraphs, headings, lists and tables of the text as its last reader saw it.

What is deleted but still tracked, moved away or hidden is out, what is inserted is in; links keep their address;
headers, footers, notes and comments are no text. Word keeps where its last layout ended a page. No library was taken:
mammoth and python-docx keep neither hidden text out nor the pages.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from storyledger.pages.exports import iter_exported
from storyledger.pages.file import File, read_whole
from storyledger.pages.paper import Block, Facts, clean_text
from storyledger.pages.zipped import Zipped, local_name
from storyledger.types import Page

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_GONE = frozenset(("del", "moveFrom", "instrText", "delText", "commentReference", "footnoteReference", "pict", "object",
                   "drawing", "Fallback"))  # fmt: skip
MAX_DEPTH = 60


def iter_docx(file: File) -> Iterator[Page]:
    """Yield the article in a DOCX file, or the articles where it is an export of a press archive.

    Raises:
        PageError: it is damaged.
    """
    data = read_whole(file)
    archive = Zipped(data, file.path)
    styles = _read_styles(archive)
    links = _read_links(archive)
    walk = _Walk(styles, links)
    body = archive.read_xml("word/document.xml").find(f"{W}body")
    if body is not None:
        walk.read_blocks(body, "", 0)
    yield from iter_exported(file, "docx", data, walk.blocks, Facts())


def _read_styles(archive: Zipped) -> dict[str, str]:
    """Return, by a style's id, the element that its name or outline level means."""
    if "word/styles.xml" not in archive.names:
        return {}
    found = {}
    for style in archive.read_xml("word/styles.xml").iter(f"{W}style"):
        name = style.find(f"{W}name")
        shown = (name.get(f"{W}val") or "").lower() if name is not None else ""
        level = style.find(f"{W}pPr/{W}outlineLvl")
        if shown == "title":
            found[style.get(f"{W}styleId") or ""] = "h1"
        elif level is not None or shown.startswith("heading"):
            number = int(
                (level.get(f"{W}val") or "0") if level is not None else shown[-1:].isdigit() and int(shown[-1]) - 1
            )
            found[style.get(f"{W}styleId") or ""] = f"h{min(6, max(1, number + 1))}"
        elif shown in ("caption", "image caption", "table caption"):
            found[style.get(f"{W}styleId") or ""] = "figcaption"
        elif "quote" in shown or "block text" in shown:
            found[style.get(f"{W}styleId") or ""] = "blockquote"
    return found


def _read_links(archive: Zipped) -> dict[str, str]:
    name = "word/_rels/document.xml.rels"
    if name not in archive.names:
        return {}
    return {
        one.get("Id") or "": one.get("Target") or ""
        for one in archive.read_xml(name)
        if (one.get("Type") or "").endswith("/hyperlink")
    }


@dataclass(slots=True)
class _Walk:
    """The blocks met so far, and whether a page has ended since the last."""

    styles: Mapping[str, str]
    links: Mapping[str, str]
    blocks: list[Block] = field(default_factory=list)
    page_ended: bool = False

    def read_blocks(self, parent: etree._Element, inside: str, depth: int) -> None:
        """Add the paragraphs and tables below ``parent``."""
        for element in parent if depth < MAX_DEPTH else ():
            name = local_name(element)
            if name == "p":
                self.add_paragraph(element, inside)
            elif name == "tbl":
                for row in element.iter(f"{W}tr"):
                    self.add_row(row)
            elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"):
                self.read_blocks(element, inside, depth + 1)

    def add_paragraph(self, paragraph: etree._Element, inside: str) -> None:
        """Add a paragraph; a page that ends in it divides its line."""
        lines: list[str] = [""]
        breaks: set[int] = set()
        for piece in self.iter_pieces(paragraph, 0):
            if piece == "\f" and not lines[-1].strip():
                self.page_ended = True
            elif piece == "\f":
                lines.append("")
                breaks.add(len(lines) - 1)
            else:
                lines[-1] += piece
        if not any(line.strip() for line in lines):
            return
        if self.page_ended and self.blocks:
            breaks.add(0)
        self.page_ended = False
        self.blocks.append(Block(inside or self.tell_tag(paragraph), lines, breaks, is_markup=True))

    def tell_tag(self, paragraph: etree._Element) -> str:
        """Return the element that a paragraph's properties mean."""
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        tag = self.styles.get(style.get(f"{W}val") or "", "p") if style is not None else "p"
        return "li" if tag == "p" and paragraph.find(f"{W}pPr/{W}numPr") is not None else tag

    def add_row(self, row: etree._Element) -> None:
        """Add a row of a table as one line."""
        cells = []
        for cell in row.iterfind(f"{W}tc"):
            pieces = ["".join(self.iter_pieces(p, 0)) for p in cell.iter(f"{W}p")]
            cells.append(" ".join(" ".join(pieces).replace("\f", " ").split()))
        if any(cells):
            line = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
            self.blocks.append(
                Block("table", [line], {0} if self.page_ended and self.blocks else set(), is_markup=True)
            )
            self.page_ended = False

    def iter_pieces(self, parent: etree._Element, depth: int) -> Iterator[str]:
        r"""Yield the markup of what ``parent`` shows; "\f" where a page ends."""
        for element in parent if depth < MAX_DEPTH else ():
            name = local_name(element)
            if name in _GONE or (name == "r" and _is_hidden(element)):
                continue
            if name == "t":
                yield html.escape(clean_text(element.text or ""), quote=False)
            elif name in ("tab", "cr"):
                yield " "
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "br":
                yield "\f" if element.get(f"{W}type") == "page" else "<br>"
            elif name == "lastRenderedPageBreak":
                yield "\f"
            elif name == "hyperlink":
                href = self.links.get(element.get(f"{R}id") or "", "")
                inner = "".join(self.iter_pieces(element, depth + 1))
                yield f'<a href="{html.escape(href)}">{inner}</a>' if href else inner
            elif name not in ("pPr", "rPr"):
                yield from self.iter_pieces(element, depth + 1)


def _is_hidden(run: etree._Element) -> bool:
    for name in ("vanish", "webHidden"):
        mark = run.find(f"{W}rPr/{W}{name}")
        if mark is not None and mark.get(f"{W}val") not in ("0", "false", "off"):
            return True
    return False

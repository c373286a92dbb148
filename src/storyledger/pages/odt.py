"""OpenDocument texts (ODT): paragraphs, headings, lists and tables; tracked deletions and hidden text out, links kept.

No library was taken: odfpy reads the parts and leaves what is shown to its caller.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from storyledger.pages.exports import iter_exported
from storyledger.pages.file import File, read_whole
from storyledger.pages.paper import Block, Facts, clean_text
from storyledger.pages.zipped import Zipped, local_name
from storyledger.types import Page

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_GONE = frozenset(("tracked-changes", "annotation", "note", "hidden-text", "hidden-paragraph", "frame", "forms",
                   "sequence-decls", "table-of-content", "bookmark-ref"))  # fmt: skip
MAX_DEPTH = 60


def iter_odt(file: File) -> Iterator[Page]:
    """Yield the article in an ODT file, or the articles where it is an export of a press archive.

    Raises:
        PageError: it is damaged.
    """
    data = read_whole(file)
    archive = Zipped(data, file.path)
    root = archive.read_xml("content.xml")
    walk = _Walk(_hidden_styles(root), _named_styles(root, archive))
    body = next((e for e in root.iter() if local_name(e) == "text" and e.tag != f"{_TEXT}text"), None)
    if body is not None:
        walk.read_blocks(body, "", 0)
    yield from iter_exported(file, "odt", data, walk.blocks, Facts())


def _hidden_styles(root: etree._Element) -> frozenset[str]:
    hidden = set()
    for style in root.iter(f"{_STYLE}style"):
        for properties in style:
            if any(str(key).endswith("}display") and value == "none" for key, value in properties.attrib.items()):
                hidden.add(style.get(f"{_STYLE}name") or "")
    return frozenset(hidden)


def _named_styles(root: etree._Element, archive: Zipped) -> dict[str, str]:
    """Return, by an automatic style's name, the named style that it is made from."""
    roots = [root, *([archive.read_xml("styles.xml")] if "styles.xml" in archive.names else [])]
    return {
        style.get(f"{_STYLE}name") or "": style.get(f"{_STYLE}parent-style-name") or ""
        for one in roots
        for style in one.iter(f"{_STYLE}style")
    }


@dataclass(slots=True)
class _Walk:
    hidden: frozenset[str]
    parents: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    page_ended: bool = False

    def read_blocks(self, parent: etree._Element, inside: str, depth: int) -> None:
        """Add the paragraphs below ``parent``."""
        for element in parent if depth < MAX_DEPTH else ():
            name = local_name(element)
            if name in _GONE or (name == "section" and element.get(f"{_TEXT}display") == "none"):
                continue
            if name == "soft-page-break":
                self.page_ended = True
            elif name in ("p", "h"):
                self.add_paragraph(element, inside)
            elif name == "table-row":
                self.add_row(element)
            else:
                self.read_blocks(element, "li" if name == "list-item" else inside, depth + 1)

    def add_paragraph(self, element: etree._Element, inside: str) -> None:
        """Add a paragraph or heading; a page that ends in it divides its line."""
        style = element.get(f"{_TEXT}style-name") or ""
        if style in self.hidden:
            return
        lines, breaks = [""], set()
        for piece in self.iter_pieces(element, 0):
            if piece == "\f" and lines[-1].strip():
                lines.append("")
                breaks.add(len(lines) - 1)
            elif piece == "\f":
                self.page_ended = True
            else:
                lines[-1] += piece
        if not any(line.strip() for line in lines):
            return
        if self.page_ended and self.blocks:
            breaks.add(0)
        self.page_ended = False
        self.blocks.append(Block(self.tell_tag(element, style, inside), lines, breaks, is_markup=True))

    def tell_tag(self, element: etree._Element, style: str, inside: str) -> str:
        """Return the element of HTML that a paragraph is."""
        if local_name(element) == "h":
            level = element.get(f"{_TEXT}outline-level") or "1"
            return f"h{min(6, int(level))}" if level.isdigit() and level != "0" else "h2"
        names = {style, self.parents.get(style, "")}
        if "Title" in names:
            return "h1"
        if names & {"Quotations", "Blockquote"}:
            return "blockquote"
        return "figcaption" if names & {"Caption", "Illustration", "FigureCaption"} else inside or "p"

    def add_row(self, row: etree._Element) -> None:
        """Add a row of a table as one line."""
        cells = []
        for cell in row:
            if local_name(cell) == "table-cell":
                shown = ["".join(self.iter_pieces(p, 0)) for p in cell.iter(f"{_TEXT}p", f"{_TEXT}h")]
                cells.append(" ".join(" ".join(shown).replace("\f", " ").split()))
        if any(cells):
            line = "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
            self.blocks.append(Block("table", [line], is_markup=True))

    def iter_pieces(self, element: etree._Element, depth: int) -> Iterator[str]:
        r"""Yield the markup of what ``element`` shows; "\f" where a page ends."""
        yield _escape(element.text)
        for child in element if depth < MAX_DEPTH else ():
            name = local_name(child)
            if name == "soft-page-break":
                yield "\f"
            elif name in ("s", "tab"):
                yield " "
            elif name == "line-break":
                yield "<br>"
            elif name == "a":
                inner = "".join(self.iter_pieces(child, depth + 1))
                yield f'<a href="{html.escape(child.get(f"{_XLINK}href") or "")}">{inner}</a>'
            elif name and name not in _GONE and child.get(f"{_TEXT}style-name") not in self.hidden:
                yield from self.iter_pieces(child, depth + 1)
            yield _escape(child.tail)


def _escape(text: str | None) -> str:
    return (
        html.escape(" ".join(clean_text(text).split()) if not text.strip() else clean_text(text), quote=False)
        if text
        else ""
    )

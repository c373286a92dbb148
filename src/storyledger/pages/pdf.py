"""PDF files with a text layer.

Where the file is tagged, its structure tree gives order and elements (Chromium writes one by default, and paints
floats first, so the order of painting puts drop caps and pull quotes before the headline); where it is not, the order
is found on the page (``pdf_layout``). Running heads, page numbers and the line that a browser prints on each page are
no text; the printed line and the file's own dates tell the day of the copy and the page's address.

This module must not know files.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pypdfium2 as pdfium

from storyledger.errors import PageError
from storyledger.pages.exports import holds_articles, iter_exported
from storyledger.pages.file import File, read_whole
from storyledger.pages.paper import Block, Facts, clean_text, derive_page, write_source
from storyledger.pages.pdf_layout import order_blocks
from storyledger.pages.pdf_text import Row, Sheet, TagNode, read_sheet
from storyledger.types import Page, SourceNote

MAX_PAGES = 500
MAX_CHARS = 2_000_000
RUNNING_SHARE = 0.6  # of the pages must have a line at the same height for it to be a running head
EDGE_SHARE = 0.2  # of a page's height, above and below, where running heads stand
_URL_LINE = re.compile(r"^((?:https?|file)://\S+?)…?\s+\d+/\d+$|^((?:https?|file)://\S+)$")
_STAMP_LINE = re.compile(r"^\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d\d(?:\s*[AP]M)?\b(.*)$", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"^\W*(?:page|seite|página|pagina|s\.|p\.)?\s*\d{1,4}\s*(?:(?:/|of|von|de|sur)\s*\d{1,4})?\W*$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"""[.!?:…]["'”’»)\]]*\Z""")
_PDF_DAY = re.compile(r"D?:?(\d{4})(\d\d)(\d\d)")
_TAGS = {
    "H": "h2", "H1": "h1", "H2": "h2", "H3": "h3", "H4": "h4", "H5": "h5", "H6": "h6", "Title": "h1", "P": "p",
    "LI": "li", "Caption": "figcaption", "BlockQuote": "blockquote", "Aside": "aside", "TH": "li", "TD": "li",
    "Figure": "figcaption", "Note": "p", "FENote": "p", "Code": "p",
}  # fmt: skip
_LEAF_BLOCKS = frozenset(("P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Title", "Caption", "TH", "TD", "LI", "Note"))


def iter_pdf(file: File) -> Iterator[Page]:
    """Yield the article in a PDF file.

    Raises:
        PageError: it is damaged, locked, too long, or has no text layer.
    """
    data = read_whole(file)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        code, message = (
            ("E-PAGE-LOCKED", "the PDF has a password") if locked else ("E-PAGE-PDF", "not a whole PDF file")
        )
        advice = "save it without one" if locked else "save it again"
        raise PageError(code, message, advice, path=file.path) from error
    try:
        yield from _read_pdf(document, data, file)
    finally:
        document.close()


def _read_pdf(document: pdfium.PdfDocument, data: bytes, file: File) -> Iterator[Page]:
    if len(document) > MAX_PAGES:
        raise PageError("E-PAGE-LONG", f"it has {len(document)} pages", f"the limit is {MAX_PAGES}", path=file.path)
    sheets, damaged = _read_sheets(document)
    chars = [sum(len(row.text) for row in sheet.rows) for sheet in sheets]
    if sum(chars) > MAX_CHARS:
        raise PageError("E-PAGE-LONG", f"it has {sum(chars)} characters", f"the limit is {MAX_CHARS}", path=file.path)
    if not sum(chars):
        message, advice = (
            "the PDF is a picture of text, without a text layer",
            "run OCR over it, or save the page itself",
        )
        raise PageError("E-PAGE-NO-LAYER", message, advice, path=file.path)
    info = document.get_metadata_dict()
    running = _find_running(sheets, info.get("Title") or "")
    note = _read_printed(sheets, info, file.declared, running)
    blocks: list[Block] = []
    tagged = [_add_sheet(blocks, sheet, running, first=sheet is sheets[0]) for sheet in sheets]
    if holds_articles(blocks):
        yield from iter_exported(file, "pdf", data, _join_hyphens(blocks), Facts())
        return
    bare = sum(1 for count in chars if not count)
    told = "cannot be read" if damaged else "are pictures without a text layer"
    cut = f"{bare} of its {len(sheets)} pages {told}" if bare else None
    by_layout = not any(tagged)
    if by_layout and (note is None or note.title is None):
        heading = next((" ".join(block.lines) for block in blocks if block.tag == "h1"), None)
        note = replace(note or SourceNote(), title=heading)
    facts = Facts(info.get("Title") or None, by_layout=by_layout)
    source = write_source(_set_aside_quotes(_join_hyphens(_join_across(blocks))), facts)
    yield derive_page(file, "pdf", data, source, note, cut=cut)


def _read_sheets(document: pdfium.PdfDocument) -> tuple[list[Sheet], int]:
    """Return the pages, a damaged one empty, and how many are damaged."""
    sheets, damaged = [], 0
    for number in range(len(document)):
        try:
            sheets.append(read_sheet(document, number))
        except pdfium.PdfiumError:
            sheets.append(Sheet(number, 1.0, 1.0, [], []))
            damaged += 1
    return sheets, damaged


# ------------------------------------------------------------------ what stands on every page


def _find_running(sheets: Sequence[Sheet], title: str) -> frozenset[int]:
    """Return the ids of the rows that are running heads, page numbers or a browser's printed lines."""
    places: Counter[tuple[str, int]] = Counter()
    keys: dict[int, tuple[str, int]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            share = (row.bottom + row.top) / 2 / sheet.height
            if share > 1 - EDGE_SHARE or share < EDGE_SHARE:
                keys[id(row)] = (re.sub(r"\d+", "0", " ".join(row.text.split())), round(row.bottom / 6))
    for sheet in sheets:
        places.update({keys[id(row)] for row in sheet.rows if id(row) in keys})
    least = max(2, RUNNING_SHARE * len(sheets))
    found = {ident for ident, key in keys.items() if places[key] >= least}
    for sheet in sheets:
        for row in _edge_rows(sheet):
            text = " ".join(row.text.split())
            stamped = text == " ".join(title.split()) and any(_STAMP_LINE.match(r.text) for r in _edge_rows(sheet))
            if stamped or _URL_LINE.match(text) or _STAMP_LINE.match(text) or _PAGE_NUMBER.match(text):
                found.add(id(row))
    return frozenset(found)


def _edge_rows(sheet: Sheet) -> list[Row]:
    """Return the rows at the very top and bottom of a page."""
    rows = [row for row in sheet.rows if row.text.strip()]
    if not rows:
        return []
    highest, lowest = max(row.top for row in rows), min(row.bottom for row in rows)
    return [row for row in rows if row.top > highest - row.size or row.bottom < lowest + row.size]


def _read_printed(
    sheets: Sequence[Sheet], info: dict[str, str], declared: SourceNote | None, running: frozenset[int]
) -> SourceNote | None:
    """Return the address that a browser printed on the page, the day of the copy, and the outlet.

    The outlet is the end of the file's title ("Headline | Courier") where a running head is just that.
    """
    url = None
    for row in _edge_rows(sheets[0]):
        match = _URL_LINE.match(" ".join(row.text.split()))
        url = url or (match and (match.group(1) or match.group(2)))
    day = _PDF_DAY.match(info.get("CreationDate") or "")
    captured = f"{day.group(1)}-{day.group(2)}-{day.group(3)}" if day else None
    stated = declared or SourceNote()
    own = url if url and url.startswith("http") and not url.endswith(("…", "...")) else None
    heads = {" ".join(row.text.split()) for sheet in sheets for row in sheet.rows if id(row) in running}
    ends = [end for end in re.split(r"\s+[|–—-]\s+", info.get("Title") or "")[1:] if end in heads]
    outlet = stated.outlet or next(iter(ends), None)
    return replace(stated, url=stated.url or own, captured=stated.captured or captured, outlet=outlet)


# ------------------------------------------------------------------ one page


def _add_sheet(blocks: list[Block], sheet: Sheet, running: frozenset[int], *, first: bool) -> bool:
    """Add a page's blocks, its running heads above and below them; return whether its tags told them."""
    heads = [row for row in sheet.rows if id(row) in running]
    above, below = ([r for r in heads if (r.top > sheet.height / 2) == upper] for upper in (True, False))
    body = replace(sheet, rows=[row for row in sheet.rows if id(row) not in running])
    told = _read_tags(body) if body.tags else None
    fresh = [Block("!--", [" ".join(row.text.split())]) for row in above]
    fresh += order_blocks(body) if told is None else told
    fresh += [Block("!--", [" ".join(row.text.split())]) for row in below]
    fresh = [block for block in fresh if any(line.strip() for line in block.lines)] or [Block("!--", [""])]
    if not first:
        fresh[0].breaks.add(0)
    blocks += fresh
    return told is not None


def _read_tags(sheet: Sheet) -> list[Block] | None:
    """Return the blocks that the structure tree tells; None where it leaves out a good part of the text."""
    by_mark: dict[int, list[Row]] = {}
    for row in sheet.rows:
        by_mark.setdefault(row.mark, []).append(row)
    blocks: list[Block] = []
    used: set[int] = set()
    for node in sheet.tags:
        _read_node(node, by_mark, blocks, used, "div")
    total = sum(len(row.text) for row in sheet.rows)
    missed = sum(len(row.text) for mark, rows in by_mark.items() if mark not in used and mark >= 0 for row in rows)
    return blocks if total and missed < 0.1 * total else None


def _read_node(node: TagNode, by_mark: dict[int, list[Row]], blocks: list[Block], used: set[int], tag: str) -> None:
    if node.kind in _LEAF_BLOCKS or not any(isinstance(child, TagNode) for child in node.children):
        inner = _TAGS.get(node.kind, tag)
        marks = [mark for mark in _iter_marks(node) if mark not in used]
        used.update(marks)
        lines = _join_rows([row for mark in marks for row in by_mark.get(mark, ())])
        if lines:
            blocks.append(Block(inner, lines))
        return
    if node.kind == "TR":
        _read_table_row(node, by_mark, blocks, used)
        return
    below = {"Aside": "aside", "BlockQuote": "blockquote", "Figure": "figcaption"}.get(node.kind, tag)
    first = len(blocks)
    for child in node.children:
        if isinstance(child, TagNode):
            _read_node(child, by_mark, blocks, used, below)
        elif child not in used:
            used.add(child)
            lines = _join_rows(by_mark.get(child, ()))
            if lines:
                blocks.append(Block(below, lines))
    held = {"Art": "article", "Aside": "aside", "Sect": "section"}.get(node.kind)
    if held and len(blocks) > first:
        blocks[first].before = f"<{held}>{blocks[first].before}"
        blocks[-1].after += f"</{held}>"


def _read_table_row(node: TagNode, by_mark: dict[int, list[Row]], blocks: list[Block], used: set[int]) -> None:
    """Add a row of a table as one line."""
    cells = []
    for cell in node.children:
        if isinstance(cell, TagNode):
            marks = [mark for mark in _iter_marks(cell) if mark not in used]
            used.update(marks)
            cells.append(" ".join(_join_rows([row for mark in marks for row in by_mark.get(mark, ())])))
    if any(cells):
        line = "".join(f"<td>{html.escape(clean_text(cell), quote=False)}</td>" for cell in cells)
        blocks.append(Block("table", [f"<tr>{line}</tr>"], is_markup=True))


def _iter_marks(node: TagNode) -> Iterator[int]:
    for child in node.children:
        if isinstance(child, TagNode):
            yield from _iter_marks(child)
        elif child >= 0:
            yield child


def _join_rows(rows: Sequence[Row]) -> list[str]:
    """Return the lines of one element; pieces of one printed line become one, a drop cap joins its word."""
    lines: list[str] = []
    last: Row | None = None
    for row in rows:
        if last is not None and _is_drop_cap(last, row):
            lines[-1] = lines[-1].rstrip() + row.text
        elif last is not None and not last.ends_line:
            lines[-1] += row.text
        else:
            lines.append(row.text)
        last = row
    return [line.strip() for line in lines if line.strip()]


def _is_drop_cap(row: Row, after: Row) -> bool:
    return len(row.text.strip()) <= 2 and row.size > 1.6 * after.size and row.text.strip()[:1].isalpha()


# ------------------------------------------------------------------ paragraphs and words that are broken


def _join_across(blocks: list[Block]) -> list[Block]:
    """Join paragraphs that a column's or a page's end divides amid a sentence; what stands between them stays there."""
    joined: list[Block] = []
    for block in blocks:
        last = next((n for n in range(len(joined) - 1, -1, -1) if joined[n].tag != "!--"), None)
        if last is not None and joined[last].after.endswith("</article>") and block.before.startswith("<article>"):
            joined[last].after = joined[last].after.removesuffix("</article>")  # one article on two pages
            block.before = block.before.removeprefix("<article>")
        if last is None or not _goes_on(joined[last], block):
            joined.append(block)
            continue
        whole, between = joined[last], joined[last + 1 :]
        for part in (*between, block):
            whole.breaks |= {len(whole.lines) + n for n in part.breaks}
            whole.asides |= (
                set(range(len(whole.lines), len(whole.lines) + len(part.lines))) if part is not block else set()
            )
            whole.lines += part.lines
        whole.after += block.after
        del joined[last + 1 :]
    return joined


def _goes_on(block: Block, after: Block) -> bool:
    if block.tag != after.tag or block.tag not in ("p", "div") or block.is_markup or after.is_markup or after.before:
        return False
    end, start = block.lines[-1].rstrip(), after.lines[0].lstrip()
    return bool(end and start) and not _SENTENCE_END.search(end) and (start[0].islower() or end[-1] in "-\u2010\x02,")


def _join_hyphens(blocks: list[Block]) -> list[Block]:
    """Put the rest of a word that is broken at a line's end on that line, without the hyphen."""
    words = Counter(w.strip(".,;:!?\"'“”’()") for block in blocks for line in block.lines for w in line.split())
    for block in blocks:
        own = [n for n in range(len(block.lines)) if n not in block.asides]
        for number, following in pairwise(own):
            line, after = block.lines[number], block.lines[following]
            first, gap, rest = after.partition(" ")
            if _is_broken(line, first.strip(".,;:!?\"'“”’()"), words):
                block.lines[number], block.lines[following] = line[:-1] + first, rest if gap else ""
    return blocks


def _set_aside_quotes(blocks: list[Block]) -> list[Block]:
    """Make an aside of each block whose words stand in a paragraph too: a pull quote."""
    texts = [_squeeze(" ".join(line for n, line in enumerate(b.lines) if n not in b.asides)) for b in blocks]
    long = [text for text, block in zip(texts, blocks, strict=True) if len(text) > 60 and block.tag in ("p", "div")]
    for block, text in zip(blocks, texts, strict=True):
        quoted = 12 < len(text) < 300 and block.tag in ("p", "div", "h1", "h2", "h3")
        if quoted and any(text in other and len(other) > len(text) for other in long):
            block.tag = "aside"
    return blocks


def _squeeze(text: str) -> str:
    return " ".join(text.split()).strip("“”\"'‘’„»«.… ")


def _is_broken(line: str, first: str, words: Counter[str]) -> bool:
    if len(line) < 2 or not first:
        return False
    if line[-1] in "\u2010\u00ad":
        return True
    if line[-1] not in "-\x02" or not line[-2].islower() or not first[:1].islower():
        return False
    start = line[:-1].rsplit(maxsplit=1)[-1].strip(".,;:!?\"'“”’()")
    parted, whole = f"{start}-{first}", start + first
    return words[whole] > 0 or (not words[parted] and (not words[start] or not words[first]))

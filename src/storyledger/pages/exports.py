"""Files of many articles as press archives export them: split, each with its outlet, date, byline and text.

Their documented layouts: Nexis ("1 of 25 DOCUMENTS" or "End of Document", labels such as LENGTH and LOAD-DATE),
Factiva (field codes HD, BY, WC ... or the display of title, words, day, source, and "Document ID"), ProQuest
("Document 1 of 25", "Publication title:", "Full text:"), Europresse (source, day, title, "news·" and its number).
What is none of these is one article. Lines keep their numbers: those of other articles and the archive's own fields
stand as comments.

This module must not know in which format the file is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from storyledger.pages.days import find_written_day, local_day
from storyledger.pages.file import File
from storyledger.pages.paper import Block, Facts, derive_page, write_source
from storyledger.types import Page, SourceNote

_BEGIN = re.compile(
    r"^\W*(?:document\s+)?(\d{1,5})\s+(?:of|sur|von|de)\s+(\d{1,5})(?:\s+documents?)?\W*$", re.IGNORECASE
)
_END = re.compile(
    r"^(?:End of Document|Document [A-Z]{2,8}0{2,}[0-9a-z]{12,30}|(?:news|nouvelles)[·\u00b7•]\d{8}[·\u00b7•]\S+)\W*$"
)
_RULE = re.compile(r"^_{20,}$")
_LABEL = re.compile(
    r"^(headline|title|byline|by-?line|author|section|length|dateline|load-?date|language(?: of publication)?"
    r"|publication-?(?:type| title| date| year| info| subject)|journal-?code|highlight|graphic|subjects?|classification"
    r"|organization|company|person|people|city|state|country|geographic|industry|correction-date|series|copyright|source"
    r"|full text|abstract|links?|document (?:url|type|id)|proquest document id|database|issn|publisher|pages?"
    r"|first page|volume|issue|identifier / keyword|location|place of publication|last updated|edition|credit"
    r"|notes|update)\s*:\s*(.*)$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^(HD|BY|WC|PD|SN|SC|ED|PG|LA|CY|LP|TD|CO|IN|NS|RE|IPC|IPD|PUB|AN|CR|ET|SE|CT|RF|ART|CLM|VOL)(?:\s+(.*))?$"
)
_WORDS = re.compile(r"^[\d,. ]{1,8}\s*(?:words|mots|wörter|palabras|parole)$", re.IGNORECASE)
_COPYRIGHT = re.compile(r"^\W*(?:copyright\b|©|\(c\)|all rights reserved)", re.IGNORECASE)
_BODY = re.compile(r"^(?:body|text|corps)$", re.IGNORECASE)
_TAIL = re.compile(
    r"^(?:classification|load-?date|graphic|notes|language|publication|subjects?|journal-?code|copyright|links?"
    r"|organization|company|geographic|author|title|publisher|document|database|issn|pages?|volume|issue|identifier"
    r"|location|place of|last updated|proquest|section|credit)",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:by|von|par|por|di)\s+", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"^(?:english|french|german|spanish|italian|portuguese|dutch|français|deutsch|español)$", re.IGNORECASE
)
_TAG = re.compile(r"<[^>]*>")
_FEWEST_FIELDS = 2


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file: its words, and where in the blocks it stands."""

    text: str
    block: int
    number: int


@dataclass(slots=True)
class _Article:
    """One article of an export: what its fields say, and which lines are its text."""

    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    body: list[tuple[_Line, int]] = field(default_factory=list)  # lines, and from which character
    fields: int = 0


def iter_exported(file: File, reader: str, data: bytes, blocks: list[Block], facts: Facts) -> Iterator[Page]:
    """Yield the articles that ``blocks`` hold: each of an export (``record``: its number), else the one.

    Raises:
        PageError: there is no text.
    """
    articles = _split_export(_list_lines(blocks))
    if not articles:
        yield derive_page(file, reader, data, write_source(blocks, facts))
        return
    for number, article in enumerate(articles, 1):
        note = SourceNote(article.url, article.outlet, article.title, article.published, article.authors)
        source = write_source(_keep_lines(blocks, article), Facts(article.title))
        yield derive_page(file, reader, data, source, note, record=str(number), given=True)


def holds_articles(blocks: Sequence[Block]) -> bool:
    """Return whether ``blocks`` are an export of a press archive."""
    return bool(_split_export(_list_lines(blocks)))


def _list_lines(blocks: Sequence[Block]) -> list[_Line]:
    return [
        _Line(_plain(block, text), b, n)
        for b, block in enumerate(blocks)
        for n, text in enumerate(block.lines)
        if block.tag != "!--"
    ]


def is_export(text: str) -> bool:
    """Return whether a plain text is an export of a press archive."""
    lines = [_Line(line.strip(), 0, n) for n, line in enumerate(text.splitlines())]
    return bool(_split_export(lines))


def _plain(block: Block, text: str) -> str:
    return " ".join((html.unescape(_TAG.sub(" ", text)) if block.is_markup else text).split())


def _keep_lines(blocks: Sequence[Block], article: _Article) -> list[Block]:
    """Return the blocks with all lines but the article's as comments, up to its last."""
    own = {(line.block, line.number): cut for line, cut in article.body}
    last = max((line.block for line, _ in article.body), default=-1)
    kept: list[Block] = []
    for b, block in enumerate(blocks[: last + 1]):
        for n, text in enumerate(block.lines):
            breaks = {0} if n in block.breaks else set()
            if (b, n) not in own:
                kept.append(Block("!--", [""], breaks))
            elif kept and kept[-1].tag == block.tag and (b, n - 1) in own and not own[b, n]:
                kept[-1].lines.append(text)
                kept[-1].breaks |= {len(kept[-1].lines) - 1} if breaks else set()
            else:
                shown = html.escape(_plain(block, text)[own[b, n] :], quote=False) if own[b, n] else text
                kept.append(Block(block.tag, [shown], breaks, is_markup=block.is_markup or bool(own[b, n])))
    return kept


# ------------------------------------------------------------------ splitting


def _split_export(lines: Sequence[_Line]) -> list[_Article]:
    """Return the articles of an export; none where the text is no export."""
    parts: list[list[_Line]] = [[]]
    marks = 0
    for line in lines:
        begins, ends = _BEGIN.match(line.text) is not None, _END.match(line.text) is not None
        marks += begins or ends
        if begins or ends or (_RULE.match(line.text) and marks):
            parts.append([])
        else:
            parts[-1].append(line)
    if not marks:
        return []
    articles = [_read_article(part) for part in parts if any(line.text for line in part)]
    told = [a for a in articles if a.fields >= _FEWEST_FIELDS and a.body]
    return told if len(told) >= max(1, marks // 3) else []


def _read_article(part: Sequence[_Line]) -> _Article:
    codes = sum(_CODE.match(line.text) is not None for line in part)
    return _read_codes(part) if codes >= 4 else _read_labels(part)


def _read_codes(part: Sequence[_Line]) -> _Article:
    """Read Factiva's field codes; what follows a code without one goes on in it."""
    article, fields, at = _Article(), dict[str, list[str]](), ""
    for line in part:
        match = _CODE.match(line.text)
        if match is not None:
            at = match.group(1)
        rest = (match.group(2) or "") if match is not None else line.text
        if at in ("LP", "TD") and rest:
            article.body.append((line, line.text.rfind(rest) if match is not None else 0))
        elif rest:
            fields.setdefault(at, []).append(rest)
    text = {code: " ".join(parts) for code, parts in fields.items()}
    article.title, article.outlet = text.get("HD"), text.get("SN")
    article.published = find_written_day(text.get("PD", "")) or local_day(text.get("PD"))
    article.authors = _split_names(text.get("BY", ""))
    article.fields = len(fields)
    return article


def _read_labels(part: Sequence[_Line]) -> _Article:
    """Read an article of Nexis, ProQuest, Europresse or Factiva's display: head lines, labels, text, labels."""
    shown = [line for line in part if line.text]
    article = _Article()
    head: list[str] = []
    start = _find_start(shown)
    for line in shown[:start]:
        match = _LABEL.match(line.text)
        if match is not None:
            _take_label(article, match.group(1).lower(), match.group(2).strip())
        else:
            head.append(line.text)
            article.fields += bool(_WORDS.match(line.text) or _COPYRIGHT.match(line.text))
    end = _find_end(shown, start)
    for line in shown[start:end]:
        match = _LABEL.match(line.text)
        full = match is not None and match.group(1).lower() == "full text"
        if match is None or full:
            cut = line.text.rfind(match.group(2)) if match is not None else 0
            if line.text[cut:].strip():
                article.body.append((line, cut))
    for line in shown[end:]:
        match = _LABEL.match(line.text)
        if match is not None:
            _take_label(article, match.group(1).lower(), match.group(2).strip())
    _read_head(article, head)
    return article


def _find_start(lines: Sequence[_Line]) -> int:
    """Return where the text begins: after "Body", at "Full text:", after the copyright line or the first labels."""
    for n, line in enumerate(lines):
        if _BODY.match(line.text):
            return n + 1
    for n, line in enumerate(lines):
        if line.text.lower().startswith("full text:"):
            return n
    words = next((n for n, line in enumerate(lines[:12]) if _WORDS.match(line.text)), None)
    if words is not None:  # Factiva's display
        after = [n for n, line in enumerate(lines[words : words + 9], words)
                 if _COPYRIGHT.match(line.text) or _LANGUAGE.match(line.text)]  # fmt: skip
        return after[-1] + 1 if after else words + 3
    labels = [n for n, line in enumerate(lines[:25]) if _LABEL.match(line.text)]
    run = 0
    for n in labels:
        if run and n - run > 2:
            break
        run = n
    return run + 1 if labels else _after_head(lines)


def _after_head(lines: Sequence[_Line]) -> int:
    """Return where the text begins without labels: two lines after the day (title, then text)."""
    day = next((n for n, line in enumerate(lines[:8]) if find_written_day(line.text)), None)
    return day + 2 if day is not None else 1


def _find_end(lines: Sequence[_Line], start: int) -> int:
    """Return where the text ends: at the first of the labels that close it."""
    for n in range(start, len(lines)):
        text = lines[n].text
        label = _LABEL.match(text)
        closing = label is not None and label.group(1).lower() != "full text" and _TAIL.match(text)
        if n > start and (
            closing or text.lower() == "classification" or (_COPYRIGHT.match(text) and n > len(lines) - 6)
        ):
            return n
    return len(lines)


def _take_label(article: _Article, label: str, value: str) -> None:
    article.fields += 1
    if not value:
        return
    if label in ("headline", "title"):
        article.title = article.title or value
    elif label in ("byline", "by-line", "author"):
        article.authors = article.authors or _split_names(value)
    elif label in ("publication title", "source"):
        article.outlet = article.outlet or value
    elif label == "publication date":
        article.published = article.published or find_written_day(value) or local_day(value)
    elif label == "document url":
        article.url = article.url or value


def _read_head(article: _Article, head: Sequence[str]) -> None:
    """Read title, outlet and day from the lines above the labels, by where the day stands among them."""
    lines = [line for line in head if not _COPYRIGHT.match(line)]
    day = next((n for n, line in enumerate(lines[:10]) if find_written_day(line)), None)
    words = next((n for n, line in enumerate(lines) if _WORDS.match(line)), None)
    if day is not None:
        article.published = article.published or find_written_day(lines[day])
    if words is not None and (day is None or words < day):  # Factiva: title, byline, words, day, source
        article.title = article.title or next(iter(lines[:words]), None)
        article.authors = article.authors or _split_names(", ".join(lines[1:words]))
        if day is not None:
            after = [line for line in lines[day + 1 : day + 3] if not re.match(r"^\d{1,2}:\d\d\b", line)]
            article.outlet = article.outlet or next(iter(after), None)
    elif day is not None and day >= 2:  # Nexis Uni: title, source, day
        article.title = article.title or " ".join(lines[: day - 1])
        article.outlet = article.outlet or lines[day - 1]
    elif day == 1:  # Nexis before, Europresse: source, day, title
        article.outlet = article.outlet or lines[0]
        rest = [line for line in lines[2:] if not re.search(r"\b(?:edition|édition|ausgabe)\b", line, re.IGNORECASE)]
        article.title = article.title or next(iter(rest), None)
    elif lines:
        article.title = article.title or lines[0]
    article.fields += day is not None


def _split_names(value: str) -> tuple[str, ...]:
    names = re.split(r"\s*(?:;|,|\band\b|\bund\b|\bet\b|\by\b|&)\s*", _BY.sub("", value.strip()))
    return tuple(_settle_name(n) for n in names if re.search(r"[^\W\d_]{2}", n) and "@" not in n)[:12]


def _settle_name(name: str) -> str:
    return name.title() if name.isupper() else name

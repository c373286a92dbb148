"""A dossier as a Word file with real footnotes.

Written by hand: of the libraries for Word files in Python none writes footnotes (python-docx 1.2 neither). Source:
ECMA-376, parts 1 and 2. The same dossier gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from xml.sax.saxutils import escape

from storyledger.dossier.collect import Dossier

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot hold
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of every member, so that no clock is in the bytes
_CONTINUED = "<w:r><w:continuationSeparator/></w:r>"
_FIRST_NOTE = 2  # 0 and 1 are the separators


def write_docx(dossier: Dossier) -> bytes:
    """Return the dossier as the bytes of a .docx: each note, its words, and its source as a footnote."""
    body = [_paragraph(_run(dossier.name), "Title")]
    notes = [
        f'<w:footnote w:type="separator" w:id="0">{_paragraph("<w:r><w:separator/></w:r>")}</w:footnote>',
        f'<w:footnote w:type="continuationSeparator" w:id="1">{_paragraph(_CONTINUED)}</w:footnote>',
    ]
    for number, item in enumerate(dossier.items, _FIRST_NOTE):
        body += [_paragraph(_run(item.note))] if item.note else []
        speaker = f" ({item.speaker})" if item.speaker else ""
        mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{number}"/></w:r>'
        body.append(_paragraph(_run(f"“{item.words}”{speaker}") + mark, "Quote"))
        sign = '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        notes.append(f'<w:footnote w:id="{number}">{_paragraph(sign + _run(" " + item.source))}</w:footnote>')
    parts = {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{"".join(body)}<w:sectPr/></w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(("footnotes", "footnotes.xml"), ("styles", "styles.xml")),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{_W}">{"".join(notes)}</w:footnotes>',
        "word/styles.xml": f'<w:styles xmlns:w="{_W}">{_styles()}</w:styles>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name, _FIRST_DAY), _HEAD + text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(_UNFIT.sub(chr(0xFFFD), text))}</w:t></w:r>'


def _paragraph(runs: str, style: str = "") -> str:
    own = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{own}{runs}</w:p>"


def _relations(*targets: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{kind}" Target="{path}"/>'
        for n, (kind, path) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _types() -> str:
    main = (("document.main", "document"), ("footnotes", "footnotes"), ("styles", "styles"))
    rows = "".join(f'<Override PartName="/word/{n}.xml" ContentType="{_KIND}.{kind}+xml"/>' for kind, n in main)
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    plain = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{rels}{plain}{rows}</Types>'


def _styles() -> str:
    title = '<w:rPr><w:b/><w:sz w:val="36"/></w:rPr>'
    quote = '<w:pPr><w:ind w:left="567"/></w:pPr><w:rPr><w:i/></w:rPr>'
    return (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f'<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/>{title}</w:style>'
        f'<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/>{quote}</w:style>'
    )

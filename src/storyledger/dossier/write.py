"""A dossier as Markdown and as one HTML page: each note, its words as a quotation, its source as a footnote."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from storyledger.dossier.collect import Dossier, Item
from storyledger.spelling import for_json

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_STYLE = """body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif}
body{color:#1c1c1c;background:#fff}
blockquote{margin:.5rem 0 .5rem 1rem;padding-left:1rem;border-left:3px solid #0b5563}
footer{margin-top:3rem;border-top:1px solid #767676;font:.9rem/1.5 system-ui,sans-serif}
footer li{overflow-wrap:anywhere}sup a,footer a{color:#0b5563}
@media (prefers-color-scheme:dark){body{color:#e8e6e3;background:#161616}blockquote{border-color:#7cc4d4}
sup a,footer a{color:#7cc4d4}}"""


def write_markdown(dossier: Dossier) -> str:
    """Return the dossier as Markdown with footnotes; nothing of a page is markup."""
    lines = [f"# {_plain(dossier.name)}", ""]
    for number, item in enumerate(dossier.items, 1):
        lines += [_plain(item.note), ""] if item.note else []
        lines += [f"> “{_plain(item.words)}”{_said_by(item, _plain)}[^{number}]", ""]
    lines += [f"[^{number}]: {_plain(item.source)}" for number, item in enumerate(dossier.items, 1)]
    return for_json("\n".join(lines)) + "\n"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _said_by(item: Item, spell: Callable[[str], str]) -> str:
    return f" ({spell(item.speaker)})" if item.speaker else ""


def write_html(dossier: Dossier) -> str:
    """Return the dossier as one page that loads nothing and runs nothing."""
    body, notes = [], []
    for number, item in enumerate(dossier.items, 1):
        body.append(f"<p>{html.escape(item.note)}</p>" if item.note else "")
        mark = f'<sup><a id="b{number}" href="#f{number}">{number}</a></sup>'
        words = f"“{html.escape(item.words)}”{_said_by(item, html.escape)}"
        body.append(f"<blockquote><p>{words}{mark}</p></blockquote>")
        notes.append(f'<li id="f{number}">{html.escape(item.source)} <a href="#b{number}">back</a></li>')
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
    head += '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head += '<meta name="color-scheme" content="light dark">'
    title = html.escape(dossier.name)
    page = f'<!doctype html>\n<html lang="en"><head>{head}<title>{title}</title><style>{_STYLE}</style></head>'
    page += f"<body><main><h1>{title}</h1>\n{chr(10).join(filter(None, body))}\n</main>"
    page += f"<footer><h2>Sources</h2><ol>{''.join(notes)}</ol></footer></body></html>\n"
    return for_json(page)

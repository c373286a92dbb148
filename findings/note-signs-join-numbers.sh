#!/usr/bin/env bash
# Six readers of article text turn "12<sup>3</sup> people", twelve and a note, into "123 people".
#
# The tag of a raised note sign is dropped and its digit kept, without a blank: whoever counts what the text says is wrong by a
# factor of ten. One converter, trafilatura's Markdown, keeps the tag; none leaves the sign out.
#
# Seen with trafilatura 2.3.1, newspaper4k 0.9.6, goose3 3.1.22, inscriptis 2.7.6, html2text 2025.4.15, markdownify 1.2.3. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet trafilatura==2.3.1 newspaper4k==0.9.6 goose3==3.1.22 inscriptis==2.7.6 html2text==2025.4.15 markdownify==1.2.3
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
import html2text, inscriptis, markdownify, newspaper, trafilatura
from goose3 import Goose

fill = "".join(
    f"<p>The council met again to hear what the engineers had found out about the quay, and the hall was full long"
    f" before it began, said clerk {n}.</p>"
    for n in range(8)
)
note = "<p>Some 12<sup>3</sup> people were hurt when the quay gave way, the office said late on Sunday evening.</p>"
page = f"<html><head><title>Quay</title></head><body><article><h1>Quay</h1>{fill}{note}{fill}</article></body></html>"
found = {
    "trafilatura": trafilatura.extract(page),
    "trafilatura, Markdown": trafilatura.extract(page, output_format="markdown", include_formatting=True),
    "newspaper4k": newspaper.article("http://site.example/a", input_html=page, language="en").text,
    "goose3": Goose().extract(raw_html=page).cleaned_text,
    "inscriptis": inscriptis.get_text(page),
    "html2text": html2text.HTML2Text(bodywidth=0).handle(page),
    "markdownify": markdownify.markdownify(page),
}
same = True
for name, text in found.items():
    line = next((row for row in text.splitlines() if "were hurt" in row), "")
    print(f"{name}: {line.strip()[:40]}")
    same &= ("123 people" in line) == (name != "trafilatura, Markdown")
sys.exit(not same)
PYTHON

#!/usr/bin/env bash
# trafilatura ends the paragraph after an inline <q> and shows the quotation without any marks.
#
# <q> is HTML's element for a quotation inside a sentence; browsers draw its marks. In the extracted text the sentence is cut
# in two paragraphs behind it, and the quoted words stand as the writer's own. html2text, inscriptis and markdownify draw marks.
#
# Seen with trafilatura 2.3.1, inscriptis 2.7.6. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet trafilatura==2.3.1 inscriptis==2.7.6
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
import inscriptis, trafilatura

fill = "".join(
    f"<p>The council met again to hear what the engineers had found out about the quay, and the hall was full long"
    f" before it began, said clerk {n}.</p>"
    for n in range(8)
)
quote = "<p>The mayor said <q>the quay is not safe</q> and left the hall before the vote of the council began.</p>"
page = f"<html><head><title>Quay</title></head><body><article><h1>Quay</h1>{fill}{quote}{fill}</article></body></html>"
lines = trafilatura.extract(page).splitlines()
at = next(n for n, row in enumerate(lines) if row.startswith("The mayor"))
print(lines[at : at + 2])
beside = next(row.strip() for row in inscriptis.get_text(page).splitlines() if "The mayor" in row)
print("inscriptis:", beside[:50])
torn = lines[at] == "The mayor said the quay is not safe" and lines[at + 1].startswith("and left the hall")
sys.exit(not (torn and '"the quay is not safe" and left' in beside))
PYTHON

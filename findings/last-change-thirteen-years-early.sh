#!/usr/bin/env bash
# htmldate dates the last change of an article by a teaser of 2011, thirteen years before it was published.
#
# Without original_date htmldate looks for the day of the last change. Of a page whose JSON-LD says that it was published in
# 2024, and that has a list of older stories with <time> elements below, it gives a day of 2011: no change can precede
# publication, and the same call with original_date=True knows the day of publication.
#
# Seen with htmldate 1.11.0. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet htmldate==1.11.0
cd "$folder"
env/bin/python - <<'PYTHON'
import json, sys
import htmldate

fill = "".join(
    f"<p>The council met again to hear what the engineers had found out about the quay, and the hall was full long"
    f" before it began, said clerk {n}.</p>"
    for n in range(8)
)
data = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "datePublished": "2024-03-10T10:00:00Z"})
head = f'<title>Quay</title><script type="application/ld+json">{data}</script>'
teaser = '<aside><h2>Older stories</h2><a href="/b">The mill</a> <time datetime="2011-01-05">5 January 2011</time></aside>'
page = f"<html><head>{head}</head><body><article><h1>Quay</h1>{fill}{teaser}</article></body></html>"
changed, published = htmldate.find_date(page), htmldate.find_date(page, original_date=True)
print("last change:", changed, "published:", published)
sys.exit(not (changed == "2011-01-05" and published == "2024-03-10"))
PYTHON

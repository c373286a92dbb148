#!/usr/bin/env bash
# Three readers of metadata date an article by the first node of a JSON-LD graph, which is the site or page, not the article.
#
# schema.org lets a page describe itself and its article in one "@graph", and common publishing tools write it so, the page's
# node first. The date of that node is taken although a NewsArticle with its own stands beside it; and everybody in the graph is
# an author, although the article names one by "@id".
#
# Seen with trafilatura 2.3.1 (htmldate 1.11.0), newspaper4k 0.9.6. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet trafilatura==2.3.1 htmldate==1.11.0 newspaper4k==0.9.6
cd "$folder"
env/bin/python - <<'PYTHON'
import json, sys
import htmldate, newspaper, trafilatura

fill = "".join(
    f"<p>The council met again to hear what the engineers had found out about the quay, and the hall was full long"
    f" before it began, said clerk {n}.</p>"
    for n in range(8)
)
graph = [
    {"@type": "WebPage", "datePublished": "2019-01-01T00:00:00Z"},
    {"@type": "NewsArticle", "datePublished": "2024-03-10T10:00:00Z", "author": {"@id": "#a"}},
    {"@type": "Person", "@id": "#a", "name": "Ana Berg"},
    {"@type": "Person", "@id": "#b", "name": "Karl Lund"},
]
data = json.dumps({"@context": "https://schema.org", "@graph": graph})
head = f'<title>Quay</title><script type="application/ld+json">{data}</script>'
page = f"<html><head>{head}</head><body><article><h1>Quay</h1>{fill}</article></body></html>"
known = trafilatura.extract_metadata(page)
news = newspaper.article("http://site.example/a", input_html=page, language="en")
print("trafilatura:", known.date, known.author)
print("htmldate, original date:", htmldate.find_date(page, original_date=True))
print("newspaper4k:", str(news.publish_date)[:10], news.authors)
same = known.date == "2019-01-01" and known.author == "Ana Berg; Karl Lund"
same &= htmldate.find_date(page, original_date=True) == "2019-01-01"
same &= str(news.publish_date)[:10] == "2019-01-01" and news.authors == ["Ana Berg", "Karl Lund"]
sys.exit(not same)
PYTHON

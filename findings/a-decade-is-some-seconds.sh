#!/usr/bin/env bash
# dateparser takes "the 1990s" for 1,990 seconds ago and "2023-24" for a day of March 2023.
#
# A decade ends up half an hour before the base date, with no sign of doubt, since "s" is read as seconds. A season or fiscal
# year is read as year and day, the month being the base date's. "Q1 2024" is the base date's own day.
#
# Seen with dateparser 1.5.0. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet dateparser==1.5.0
cd "$folder"
env/bin/python - <<'PYTHON'
import datetime, sys
import dateparser

BASE = datetime.datetime(2024, 3, 13)
EXPECTED = {"the 1990s": "2024-03-12 23:26:50", "2023-24": "2023-03-24 00:00:00", "Q1 2024": "2024-03-13 00:00:00"}
same = True
for words, expected in EXPECTED.items():
    found = str(dateparser.parse(words, languages=["en"], settings={"RELATIVE_BASE": BASE}))
    print(words, "->", found)
    same &= found == expected
sys.exit(not same)
PYTHON

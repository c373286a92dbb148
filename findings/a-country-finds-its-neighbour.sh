#!/usr/bin/env bash
# pycountry's fuzzy search gives Nigeria first for "Niger" and Angola for "Zaire"; countryguess makes South America South Africa.
#
# search_fuzzy ranks a country whose states or official name hold the word above the country that has exactly that name
# (Nigeria has a state called Niger), and finds a former country in a province of another. countryguess takes the nearest
# spelling and says nothing of the distance: a continent and a State of the USA become countries.
#
# Seen with pycountry 26.2.16, countryguess 0.4.9. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet pycountry==26.2.16 countryguess==0.4.9
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
import pycountry
from countryguess import guess_country

same = True
for name, expected in {"Niger": ["NG", "NE"], "Zaire": ["AO"]}.items():
    found = [c.alpha_2 for c in pycountry.countries.search_fuzzy(name)]
    print("pycountry,", name, "->", found)
    same &= found == expected
for name, expected in {"South America": "ZA", "Indiana": "IN"}.items():
    guess = guess_country(name, attribute="iso2")
    print("countryguess,", name, "->", guess)
    same &= guess == expected
sys.exit(not same)
PYTHON

#!/usr/bin/env bash
# quantulum3 reads "rose from 12% to 15%" as one quantity, their mean, and "1.5 to 2 million" as 1,000,000.75.
#
# A range "A to B" becomes one quantity with the mean as its value, and so does a change, of which neither end is left. The
# word behind the second number multiplies that number alone before the mean is taken. A suffix of money is split into letters,
# each of which is a unit: five million pounds are five pound-sterling-metres.
#
# Seen with quantulum3 0.10.0. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet quantulum3==0.10.0 inflect==7.5.0
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
from quantulum3 import parser

EXPECTED = {
    "Unemployment rose from 12% to 15%.": [(13.5, "percentage")],
    "It costs 1.5 to 2 million euros.": [(1000000.75, "euro")],
    "The grant is £5m.": [(5.0, "pound sterling metre")],
    "Some 3 lakh people moved.": [(3.0, "litre year kelvin hour")],
}
same = True
for sentence, expected in EXPECTED.items():
    found = [(q.value, q.unit.name) for q in parser.parse(sentence)]
    print(sentence, "->", found)
    same &= found == expected
sys.exit(not same)
PYTHON

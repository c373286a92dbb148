#!/usr/bin/env bash
# word2number adds up every number word that it meets: "two or three hundred" is 106, "one in ten" 11.
#
# Words between the numbers are skipped and the numbers are joined as if they were one, without an error: a range, a share and
# a year each come out as a number that nobody wrote. What stands behind "point" loses its scale.
#
# Seen with word2number 1.1. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet word2number==1.1
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
from word2number import w2n

EXPECTED = {
    "two or three hundred": 106,
    "one in ten": 11,
    "ten to twelve": 22,
    "nineteen eighty four": 1524,
    "one point five million": 1,
    "three quarters of a million": 3000000,
}
same = True
for words, expected in EXPECTED.items():
    found = w2n.word_to_num(words)
    print(words, "->", found)
    same &= found == expected
sys.exit(not same)
PYTHON

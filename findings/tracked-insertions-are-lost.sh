#!/usr/bin/env bash
# python-docx gives a paragraph neither what was struck out nor what was put in for it.
#
# In a Word file with tracked changes the new words stand in w:ins. Paragraph.text leaves them out as it leaves out the deleted
# ones, and so do the words of a content control: the sentence that comes back was in no version. docx2txt and mammoth give the
# text as changed.
#
# Seen with python-docx 1.2.0, docx2txt 0.9, mammoth 1.13.0. Needs Python 3.11 and a package index; writes to a temporary folder only.
# Exits 0 while it behaves so, 1 when that changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check --upgrade pip
"$folder/env/bin/pip" install --quiet python-docx==1.2.0 docx2txt==0.9 mammoth==1.13.0
cd "$folder"
env/bin/python - <<'PYTHON'
import sys
import docx, docx2txt, mammoth
from docx.oxml import parse_xml

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BY = 'w:author="A" w:date="2024-03-01T00:00:00Z"'
paragraph = parse_xml(
    f'<w:p {W}><w:r><w:t xml:space="preserve">The inquiry found </w:t></w:r>'
    f'<w:del w:id="1" {BY}><w:r><w:delText>twelve</w:delText></w:r></w:del>'
    f'<w:ins w:id="2" {BY}><w:r><w:t>no</w:t></w:r></w:ins>'
    f'<w:r><w:t xml:space="preserve"> faults, said </w:t></w:r>'
    f"<w:sdt><w:sdtContent><w:r><w:t>the ministry</w:t></w:r></w:sdtContent></w:sdt><w:r><w:t>.</w:t></w:r></w:p>"
)
file = docx.Document()
file.add_paragraph("Report").insert_paragraph_before("")
file.paragraphs[0]._p.addnext(paragraph)
file.save("report.docx")
own = next(p.text for p in docx.Document("report.docx").paragraphs if "inquiry" in p.text)
others = docx2txt.process("report.docx"), mammoth.extract_raw_text(open("report.docx", "rb")).value
print("python-docx:", own)
whole = "The inquiry found no faults, said the ministry."
print("docx2txt and mammoth have it whole:", [whole in text for text in others])
sys.exit(not (own == "The inquiry found  faults, said ." and all(whole in text for text in others)))
PYTHON

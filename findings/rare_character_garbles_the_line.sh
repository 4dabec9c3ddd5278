#!/usr/bin/env bash
# A good guess: at the worst, a rare character that a PDF font lacks is itself lost; the rest of its line is read as written.
# ReportLab with its built-in Chinese font (STSong-Light, encoding UniGB-UCS2-H) writes 𠮷 as two units of UTF-16. pypdf and
# PDFium put them together. pdfminer reads another character (䋟). MuPDF falls out of step by a byte: all that follows on
# the line, the date of the answer included, comes out as other characters, most of them real Chinese ones, without a warning.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check \
  reportlab==5.1.0 pypdf==7.1.1 pdfminer.six==20260107 pymupdf==2.0 pypdfium2==5.15.2
py/bin/python - <<'PY'
import sys
import pdfminer.high_level, pymupdf, pypdf, pypdfium2
from reportlab.pdfbase import cidfonts, pdfmetrics
from reportlab.pdfgen import canvas

LINES = ("吉祥村一事，应于12月31日前答复", "𠮷祥村一事，应于12月31日前答复")
pdfmetrics.registerFont(cidfonts.UnicodeCIDFont("STSong-Light"))

def read_back(line):
    page = canvas.Canvas("line.pdf")
    page.setFont("STSong-Light", 12)
    page.drawString(50, 700, line)
    page.save()
    return {
        "pypdf": pypdf.PdfReader("line.pdf").pages[0].extract_text().strip(),
        "pypdfium2": pypdfium2.PdfDocument("line.pdf")[0].get_textpage().get_text_range().strip(),
        "pdfminer.six": pdfminer.high_level.extract_text("line.pdf").strip(),
        "pymupdf": pymupdf.open("line.pdf")[0].get_text().strip(),
    }

ordinary, rare = map(read_back, LINES)
found = {"pypdf": LINES[1], "pypdfium2": LINES[1], "pdfminer.six": "䋟" + LINES[1][1:], "pymupdf": "䋟敧兎N诿鑎踀䵻呙"}
print(f"ReportLab wrote: {LINES[1]}")
for reader, line in rare.items():
    print(f"{reader}: {line}")
sys.exit((set(ordinary.values()) != {LINES[0]} or rare != found) and f"changed: {ordinary} {rare}")
PY

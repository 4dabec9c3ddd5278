#!/usr/bin/env bash
# A good guess: a cell with one of Excel's own Chinese formats reads as Excel shows it (星期二, 壹万贰仟叁佰肆拾伍), or at
# the worst as the bare number.
# SheetJS (npm xlsx) takes the language mark [$-804] for a currency in some formats: a weekday ([$-804]aaaa;@, in Excel's
# own list of dates) reads as the text "$aaaa", and a number in capitals ([DBNum2][$-804]General, in its special formats)
# as "$12345": twelve thousand persons become dollars in the CSV. A date with the same mark reads right.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv py && py/bin/pip install -q --disable-pip-version-check xlsxwriter==3.2.9
npm install --silent --no-audit --no-fund --ignore-scripts xlsx@0.18.5
py/bin/python - <<'PY'
import xlsxwriter
FORMATS = ["[$-804]aaaa;@", "[DBNum2][$-804]General", '[$-804]yyyy"年"m"月"d"日";@', "0"]
with xlsxwriter.Workbook("formats.xlsx") as book:
    sheet = book.add_worksheet()
    for row, form in enumerate(FORMATS):
        sheet.write_number(row, 0, 12345 if "DBNum" in form else 46357, book.add_format({"num_format": form}))
PY
cat >read.cjs <<'JS'
const xlsx = require('xlsx')
const seen = xlsx.utils.sheet_to_csv(xlsx.readFile('formats.xlsx').Sheets.Sheet1).trim().split('\n').join(' | ')
const found = '$aaaa | $12345 | 2026年12月1日 | 46357'
console.log('meant:             星期二 | 壹万贰仟叁佰肆拾伍 | 2026年12月1日 | 46357')
console.log('xlsx 0.18.5 reads: ' + seen)
if (seen !== found) throw new Error('changed: ' + found)
JS
node read.cjs

"""Excel workbooks (XLSX): the cells of the first sheet as text, within bounds; and a table as a workbook.

A small file may unpack to anything, so that nothing is handed to the reader before it was unpacked here, counted.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from runtime.tables.faults import Unreadable, too_many_rows

XLSX = b"PK"
UNPACKED_AT_MOST = 64 << 20  # bytes of all parts together
PARTS_AT_MOST = 200
COLUMNS_AT_MOST = 64
TEXT_AT_MOST = 128 << 20  # characters that the cells may come to: a text that is there once may be named by every cell
UNREADABLE = (zipfile.BadZipFile, CalamineError, EOFError, RuntimeError, ValueError, OSError)
"""What a broken, an encrypted or an oddly packed workbook raises in zipfile and in the reader."""
SHEETS, TEXTS = "xl/worksheets/", "xl/sharedStrings.xml"
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,9})([0-9]{1,9})["']""")
VALUE, TEXT = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<"), re.compile(rb"<(?:\w+:)?si[\s>]")
CHINA = "+08:00"
Cell = str | int | float | bool | date | time | datetime | timedelta


def lines(content: bytes, rows_at_most: int) -> list[list[str]]:
    """The cells of each row of the first sheet. Raises Unreadable."""
    try:
        parts = dict(_unpacked(content))
        _within_bounds(parts, rows_at_most)
        book = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts)))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except UNREADABLE as why:
        zh = "不是可读的 Excel 工作簿（XLSX），请重新保存，不要加密。"
        raise Unreadable(zh, f"Not a workbook (XLSX) that can be read ({why}): save it anew, not encrypted.") from None
    return [[_text(cell) for cell in row] for row in rows]


def workbook(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The table as a workbook with one sheet. All cells are text: none is a formula, whatever it begins with."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for nth, cells in enumerate(([*columns], *([row[name] for name in columns] for row in rows))):
            for column, cell in enumerate(cells):
                sheet.write_string(nth, column, cell)
    return out.getvalue()


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Each part, read no further than the bound, whatever the file says of its size."""
    left = UNPACKED_AT_MOST
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if len(packed.infolist()) > PARTS_AT_MOST:
            raise _bomb()
        for each in packed.infolist():
            with packed.open(each) as part:
                read = part.read(left + 1)
            left -= len(read)
            if left < 0:
                raise _bomb()
            yield each.filename, read


def _within_bounds(parts: Mapping[str, bytes], rows_at_most: int) -> None:
    """A cell far away makes a reader keep room for all before it, and one long text may stand in every cell."""
    sheets = [read for name, read in parts.items() if name.startswith(SHEETS) and name.endswith(".xml")]
    places = [place.groups() for sheet in sheets for place in PLACE.finditer(sheet)]
    if any(int(row) > rows_at_most for _, row in places):
        raise too_many_rows(rows_at_most - 1)
    if any(_nth(column) > COLUMNS_AT_MOST for column, _ in places):
        raise Unreadable(f"最多{COLUMNS_AT_MOST}列。", f"More than {COLUMNS_AT_MOST} columns: leave the others out.")
    texts = [len(text) for text in TEXT.split(parts.get(TEXTS, b""))[1:]]
    if sum(_length(value, texts) for sheet in sheets for value in VALUE.findall(sheet)) > TEXT_AT_MOST:
        raise _bomb()


def _length(value: bytes, texts: Sequence[int]) -> int:
    """At most so long is the text of a cell, whose value may be the number of a text."""
    if value.isdigit() and int(value[:9]) < len(texts):
        return texts[int(value[:9])]
    return max(texts, default=0) if b"&" in value else len(value)


def _nth(column: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number


def _packed(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, read in parts.items():
            packed.writestr(name, read)
    return out.getvalue()


def _text(cell: Cell) -> str:
    """As a clerk would type it; an instant without a zone is China's."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat() + CHINA
    return f"{cell.isoformat()}T00:00:00{CHINA}" if isinstance(cell, date) else str(cell)


def _bomb() -> Unreadable:
    zh = f"工作簿展开后过大（超过 {UNPACKED_AT_MOST >> 20} MB），请只保留一张表后另存。"
    return Unreadable(zh, "The workbook unpacks to more than anybody reads: keep the one sheet alone and save it anew.")

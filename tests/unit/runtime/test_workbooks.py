"""Workbooks are read as the same table in CSV is, and a small file that would unpack to anything is refused."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from runtime.tables import rows, workbooks
from runtime.tables.faults import Unreadable
from runtime.tables.rows import TableForm
from runtime.tables.workbooks import SHEETS, TEXTS, UNPACKED_AT_MOST, workbook

FORM = TableForm({"code": "code", "编码": "code", "limit": "limit"}, ("code",), 100)
SMALL = workbook(("code", "limit"), [{"code": "A", "limit": "1"}])
SHEET = f"{SHEETS}sheet1.xml"


def typed(content: bytes) -> list[dict[str, str]]:
    return [each.typed for each in rows.read(content, FORM)[0]]


def with_part(name: str, part: bytes, of: bytes = SMALL) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(of)) as known, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in known.infolist():
            if each.filename != name:
                made.writestr(each.filename, known.read(each))
        made.writestr(name, part)
    return out.getvalue()


def a_sheet(cells: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>"
    ).encode()


def test_what_is_written_is_read_again_and_no_cell_is_a_formula() -> None:
    said = [{"code": "=1+1", "limit": "0"}, {"code": "@x 甲", "limit": ""}]
    assert typed(workbook(("code", "limit"), said)) == [{"code": "=1+1", "limit": "0"}, {"code": "@x 甲"}]


def test_cells_are_read_as_a_clerk_would_type_them_and_rows_keep_their_numbers() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, head in enumerate(("编码", "limit")):
            sheet.write_string(0, column, head)
        sheet.write_number(3, 0, 5)
        sheet.write_number(3, 1, 0.5)
        sheet.write_datetime(4, 0, datetime.fromisoformat("2027-01-01T09:30"), day)
        sheet.write_datetime(4, 1, date(2027, 1, 1), book.add_format({"num_format": "yyyy-mm-dd"}))
    found, faults = rows.read(out.getvalue(), FORM)
    assert faults == []
    assert [(each.line, each.typed) for each in found] == [
        (4, {"code": "5", "limit": "0.5"}),
        (5, {"code": "2027-01-01T09:30:00+08:00", "limit": "2027-01-01T00:00:00+08:00"}),
    ]


FAR = a_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>')
WIDE = a_sheet("<row r='1'><c r = 'XFD1'><v>1</v></c></row>")
NAMED = a_sheet("".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 101)))
LONG = b"<sst><si><t>" + b"x" * (UNPACKED_AT_MOST // 8) + b"</t></si></sst>"


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (b"PK\x03\x04", "save it anew"),
        (SMALL[: len(SMALL) // 2], "save it anew"),
        (with_part(SHEET, b"<worksheet><sheetData><row"), "save it anew"),
        (with_part("xl/media/a", b"\0" * (UNPACKED_AT_MOST + 1)), "unpacks to more"),
        (with_part(SHEET, FAR), "split the file"),
        (with_part(SHEET, WIDE), "leave the others out"),
        (with_part(TEXTS, LONG, with_part(SHEET, NAMED)), "unpacks to more"),
        (workbook(("code",), [{"code": str(n)} for n in range(101)]), "split the file"),
    ],
    ids=["no_workbook", "cut", "broken", "bomb", "far_row", "far_column", "one_text_in_each_cell", "too_many_rows"],
)
def test_what_cannot_be_read_or_would_grow_is_refused_with_its_remedy(content: bytes, remedy: str) -> None:
    with pytest.raises(Unreadable) as refused:
        rows.read(content, FORM)
    assert remedy in refused.value.fault.en
    assert refused.value.fault.zh


def test_a_part_that_says_it_is_small_is_read_no_further_than_it_says() -> None:
    bomb = bytearray(with_part("xl/media/a", b"\0" * (UNPACKED_AT_MOST + 1)))
    with zipfile.ZipFile(io.BytesIO(bomb)) as packed:
        size = packed.getinfo("xl/media/a").file_size.to_bytes(4, "little")
    with pytest.raises(Unreadable):
        workbooks.lines(bytes(bomb).replace(size, (10).to_bytes(4, "little")), 100)

"""Tables with named columns that a spreadsheet wrote, CSV or XLSX: row by row, and all that is wrong with its place."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from runtime.tables import workbooks
from runtime.tables.faults import RowFault, Unreadable, too_many_rows

ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets write
BYTES_AT_MOST = 20 << 20


@dataclass(frozen=True, slots=True)
class TableForm:
    """``columns``: what may stand in the first row → the column's name; ``needed``: names that must be there."""

    columns: Mapping[str, str]
    needed: Sequence[str]
    rows_at_most: int


@dataclass(frozen=True, slots=True)
class TypedRow:
    """The cells of a row that are not empty, by the names of their columns; ``line``: as a spreadsheet counts."""

    line: int
    typed: dict[str, str]


def read(content: bytes, form: TableForm) -> tuple[list[TypedRow], list[RowFault]]:
    """The rows that have cells, and the faults of those with more cells than columns. Raises Unreadable."""
    lines = _lines(content, form)
    columns = _columns(next(lines, (1, []))[1], form)
    rows, faults = list[TypedRow](), list[RowFault]()
    for line, raw in lines:
        cells = [cell.strip() for cell in raw]
        if any(cells[len(columns) :]):
            zh, en = "单元格多于列名，请检查逗号和引号。", "More cells than columns: check its commas and quotes."
            faults.append(RowFault(line, "", zh, en))
        elif typed := {name: cell for name, cell in zip(columns, cells, strict=False) if cell}:
            rows.append(TypedRow(line, typed))
    return rows, faults


def _lines(content: bytes, form: TableForm) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, its number first."""
    if len(content) > BYTES_AT_MOST:
        raise Unreadable("文件过大，请拆分。", f"More than {BYTES_AT_MOST >> 20} MB: split the file.")
    is_workbook = content.startswith(workbooks.XLSX)
    lines = workbooks.lines(content, form.rows_at_most + 1) if is_workbook else _of_csv(content)
    if len(lines) > form.rows_at_most + 1:
        raise too_many_rows(form.rows_at_most)
    return iter(list(enumerate(lines, start=1)))


def _of_csv(content: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(_text(content), newline=""), strict=True))
    except csv.Error as why:
        raise Unreadable("不是合法的 CSV，请检查引号。", f"Not valid CSV ({why}): check its quotes.") from None


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("无法识别编码，请存为 UTF-8。", "Neither UTF-8 nor GB 18030: save it as UTF-8.")


def _columns(head: Sequence[str], form: TableForm) -> list[str]:
    """What each column is; one that is unknown, is there twice, or lacks, makes the file unreadable."""
    said = [each.strip().lower() for each in head]
    columns = [form.columns.get(each, "") for each in said]
    if all(columns) and len(set(columns)) == len(columns) and set(form.needed) <= set(columns):
        return columns
    more = [each for each in dict.fromkeys(form.columns.values()) if each not in form.needed]
    zh = f"首行须为列名，各一次：{'、'.join(form.needed)}；可加 {'、'.join(more)}。"
    en = f"The first row names the columns, each once: {', '.join(form.needed)}; {', '.join(more)} if needed."
    raise Unreadable(zh, en)

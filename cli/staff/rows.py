"""Appointments in a file, row by row: CSV with the columns account, role, unit, division, since, until."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from contracts.vocabulary import ROLES
from runtime.http.bodies import AS_READ
from runtime.http.field_errors import complaints
from services.staff.api.bodies import NAME, AppointmentSent

ROWS_AT_MOST = 50_000
BYTES_AT_MOST = 20 << 20
ENCODINGS = ("utf-8-sig", "gb18030")  # what spreadsheets write
COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("account", "role", "unit", "division", "since", "until")},
    "账号": "account",
    "角色": "role",
    "单位": "unit",
    "区划": "division",
    "开始": "since",
    "截止": "until",
}
NEEDED = ("account", "role", "division")
ROLE_NAMES = {zh: code for code, (zh, _) in ROLES.items()}
XLSX = b"PK"


class AppointmentRow(AppointmentSent):
    """An appointment and whose it is to be."""

    account: Annotated[str, AS_READ, Field(pattern=NAME)]

    @property
    def sent(self) -> dict[str, str]:
        """The body that asks for it."""
        return self.model_dump(mode="json", exclude={"account"}, exclude_unset=True)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row of the file, and what to do. ``column`` "": the row, or the file."""

    line: int
    column: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"row {self.line}{f', {self.column}' if self.column else ''}: {self.zh} {self.en}"


@dataclass(frozen=True, slots=True)
class AppointmentFile:
    """What a file says, by the number of the row as a spreadsheet shows it. ``digest``: of all its bytes."""

    digest: str
    rows: tuple[tuple[int, AppointmentRow], ...]
    faults: tuple[RowFault, ...]

    def key_of(self, line: int, act: str) -> str:
        """The idempotency key of a row: the same file again asks for nothing twice."""
        return hashlib.sha256(f"{self.digest}/{line}/{act}".encode()).hexdigest()


def read(content: bytes) -> AppointmentFile:
    """All rows that are right, and all that is wrong."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        lines = _lines(content)
        columns = _columns(next(lines, (1, []))[1])
    except _Unreadable as why:
        return AppointmentFile(digest, (), (why.fault,))
    found = _Found()
    for line, cells in lines:
        found.take(line, columns, [cell.strip() for cell in cells])
    return AppointmentFile(digest, tuple(found.rows), tuple(found.faults))


class _Unreadable(Exception):
    """Nothing of the file can be read."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.fault = RowFault(1, "", zh, en)


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, AppointmentRow]] = []
        self.faults: list[RowFault] = []
        self._first: dict[tuple[str, str, str, str], int] = {}

    def take(self, line: int, columns: Sequence[str], cells: Sequence[str]) -> None:
        """One row; an empty one is none."""
        if any(cells[len(columns) :]):
            zh, en = "单元格多于列名，请检查逗号和引号。", "More cells than columns: check its commas and quotes."
            self.faults.append(RowFault(line, "", zh, en))
        elif typed := {name: cell for name, cell in zip(columns, cells, strict=False) if cell}:
            self._read(line, typed)

    def _read(self, line: int, typed: dict[str, str]) -> None:
        if "role" in typed:
            typed["role"] = ROLE_NAMES.get(typed["role"], typed["role"])
        try:
            row = AppointmentRow.model_validate(typed)
        except ValidationError as wrong:
            errors = complaints(wrong.errors(include_url=False, include_input=False))
            self.faults += [RowFault(line, each["pointer"].strip("/"), each["zh"], each["en"]) for each in errors]
            return
        self._unless_twice(line, row)

    def _unless_twice(self, line: int, row: AppointmentRow) -> None:
        first = self._first.setdefault((row.account, row.role, row.unit, row.division), line)
        if first == line:
            self.rows.append((line, row))
            return
        zh, en = f"与第{first}行相同，请删去一行。", f"The same as row {first}: remove one of them."
        self.faults.append(RowFault(line, "", zh, en))


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row, its number first. Raises _Unreadable."""
    if content.startswith(XLSX):
        raise _Unreadable("这是 Excel 工作簿，请另存为 CSV（UTF-8）。", "An Excel workbook: save it as CSV (UTF-8).")
    if len(content) > BYTES_AT_MOST:
        raise _Unreadable("文件过大，请拆分。", f"More than {BYTES_AT_MOST >> 20} MB: split the file.")
    try:
        lines = list(csv.reader(io.StringIO(_text(content), newline=""), strict=True))
    except csv.Error as why:
        raise _Unreadable("不是合法的 CSV，请检查引号。", f"Not valid CSV ({why}): check its quotes.") from None
    if len(lines) > ROWS_AT_MOST + 1:
        raise _Unreadable(f"最多{ROWS_AT_MOST}行，请拆分。", f"More than {ROWS_AT_MOST} rows: split the file.")
    return iter(list(enumerate(lines, start=1)))


def _text(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _Unreadable("无法识别编码，请存为 UTF-8。", "Neither UTF-8 nor GB 18030: save it as UTF-8.")


def _columns(head: Sequence[str]) -> list[str]:
    """What each column is. Raises _Unreadable: one is unknown, is there twice, or lacks."""
    said = [each.strip().lower() for each in head]
    columns = [COLUMNS.get(each, "") for each in said]
    wrong = next((each for each, column in zip(said, columns, strict=True) if not column), None)
    if wrong is None and len(set(columns)) == len(columns) and set(NEEDED) <= set(columns):
        return columns
    zh = "首行须为列名：account、role、unit、division、since、until（或 账号、角色、单位、区划、开始、截止），各一次。"
    en = "The first row names the columns, each once: account, role, division; unit, since, until if needed."
    raise _Unreadable(zh, en)

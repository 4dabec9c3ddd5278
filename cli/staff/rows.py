"""Appointments in a file, row by row: CSV with the columns account, role, unit, division, since, until."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, ValidationError

from contracts.vocabulary import ROLES
from runtime.http.bodies import AS_READ
from runtime.http.field_errors import complaints
from runtime.tables import rows as tables
from runtime.tables.faults import RowFault, Unreadable
from runtime.tables.rows import TableForm, TypedRow
from services.staff.api.bodies import NAME, AppointmentSent

ROWS_AT_MOST = 50_000
COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("account", "role", "unit", "division", "since", "until")},
    "账号": "account",
    "角色": "role",
    "单位": "unit",
    "区划": "division",
    "开始": "since",
    "截止": "until",
}
FORM = TableForm(COLUMNS, ("account", "role", "division"), ROWS_AT_MOST)
ROLE_NAMES = {zh: code for code, (zh, _) in ROLES.items()}


class AppointmentRow(AppointmentSent):
    """An appointment and whose it is to be."""

    account: Annotated[str, AS_READ, Field(pattern=NAME)]

    @property
    def sent(self) -> dict[str, str]:
        """The body that asks for it."""
        return self.model_dump(mode="json", exclude={"account"}, exclude_unset=True)


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
    digest, found = hashlib.sha256(content).hexdigest(), _Found()
    try:
        typed, found.faults = tables.read(content, FORM)
    except Unreadable as why:
        return AppointmentFile(digest, (), (why.fault,))
    for row in typed:
        found.take(row)
    return AppointmentFile(digest, tuple(found.rows), tuple(sorted(found.faults, key=lambda each: each.line)))


class _Found:
    """What was found so far."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, AppointmentRow]] = []
        self.faults: list[RowFault] = []
        self._first: dict[tuple[str, str, str, str], int] = {}

    def take(self, row: TypedRow) -> None:
        typed = dict(row.typed)
        if "role" in typed:
            typed["role"] = ROLE_NAMES.get(typed["role"], typed["role"])
        try:
            self._unless_twice(row.line, AppointmentRow.model_validate(typed))
        except ValidationError as wrong:
            errors = complaints(wrong.errors(include_url=False, include_input=False))
            self.faults += [RowFault(row.line, each["pointer"].strip("/"), each["zh"], each["en"]) for each in errors]

    def _unless_twice(self, line: int, row: AppointmentRow) -> None:
        first = self._first.setdefault((row.account, row.role, row.unit, row.division), line)
        if first == line:
            self.rows.append((line, row))
            return
        zh, en = f"与第{first}行相同，请删去一行。", f"The same as row {first}: remove one of them."
        self.faults.append(RowFault(line, "", zh, en))

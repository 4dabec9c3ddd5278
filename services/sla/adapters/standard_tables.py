"""The catalogue as a table beside what is published: what it would change, row by row, and all that hinders it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from contracts.messages.standards import StandardPublished
from runtime.four_eyes import digest_of
from runtime.http.field_errors import complaints
from runtime.tables import rows as tables
from runtime.tables.faults import RowFault, Unreadable
from runtime.tables.rows import TableForm, TypedRow
from services.sla.adapters import standard_rows
from services.sla.adapters.standard_rows import COLUMNS, FAULTS, NEEDED, StandardRow

ROWS_AT_MOST = 10_000
FORM = TableForm({name: name for name in COLUMNS} | {zh: name for name, zh in COLUMNS.items()}, NEEDED, ROWS_AT_MOST)


@dataclass(slots=True)
class StandardsTable:
    """The rows that are right, by their lines, and all that is wrong."""

    rows: dict[int, StandardRow] = field(default_factory=dict)
    faults: list[RowFault] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """Of what it says: the same for two files that say the same, in whatever form and order."""
        rows = sorted(self.rows.values(), key=lambda each: each.key)
        return digest_of(b"\n".join(each.plain() for each in rows))


def read(content: bytes) -> StandardsTable:
    """The table, each row by itself, so that one fault hides no other."""
    table = StandardsTable()
    try:
        rows, table.faults = tables.read(content, FORM)
    except Unreadable as why:
        return StandardsTable(faults=[why.fault])
    first: dict[str, int] = {}
    for row in rows:
        table.faults += _taken(table, row, first)
    return table


def _taken(table: StandardsTable, typed: TypedRow, first: dict[str, int]) -> Iterator[RowFault]:
    try:
        row = StandardRow.model_validate(standard_rows.typed(typed.typed))
    except ValidationError as wrong:
        errors = complaints(wrong.errors(include_url=False, include_input=False))
        yield from (RowFault(typed.line, each["pointer"].strip("/"), each["zh"], each["en"]) for each in errors)
        return
    yield from (RowFault(typed.line, *FAULTS[code]) for code in row.faults())
    if first.setdefault(row.key, typed.line) != typed.line:
        zh, en = f"与第{first[row.key]}行相同。", f"The same as row {first[row.key]}: raise the version."
        yield RowFault(typed.line, "version", zh, en)
    table.rows[typed.line] = row


@dataclass(slots=True)
class ImportPlan:
    """What would be published, by key; a line for each change; all that hinders it."""

    to_publish: dict[str, StandardPublished] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


def beside(table: StandardsTable, published: Mapping[str, StandardPublished], now: datetime) -> ImportPlan:
    """The table beside what is published: a version never changes, and none begins before it was said."""
    plan = ImportPlan()
    for line, row in table.rows.items():
        if known := published.get(row.key):
            if row.published(known.standard.valid_from) != known:
                zh, en = (
                    "此版本已发布，内容不同；请改用新的版本号。",
                    "Published with other content: raise the version.",
                )
                plan.faults.append(RowFault(line, "version", zh, en))
        elif row.valid_from is not None and row.valid_from < now:
            zh, en = "生效时间已过；请改后，或不写。", "It has passed: give a later one, or none."
            plan.faults.append(RowFault(line, "valid_from", zh, en))
        else:
            plan.to_publish[row.key] = row.published(now)
            plan.told.append(_change(row, published))
    return plan


def _change(row: StandardRow, published: Mapping[str, StandardPublished]) -> str:
    """WTR-01@3 供水抢修: 1440 minutes → 2 working_days; a code that is new has nothing before it."""
    before = [each.standard for each in published.values() if each.standard.code == row.code]
    newest = max(before, key=lambda each: each.version, default=None)
    was = f"{newest.limit} {newest.limit_unit} → " if newest else "new: "
    return f"{row.code}@{row.version} {row.name_zh}: {was}{row.limit} {row.limit_unit}"

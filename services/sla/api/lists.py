"""What the sheets say across matters: who is late (点名通报), and how many matters show which colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from fastapi import FastAPI, Query, Response

from contracts.vocabulary import COLOURS, REFERRED
from runtime.http.app import Json
from runtime.http.problems import Refusal
from runtime.http.tables import ALSO_CSV, csv_file
from runtime.identity.tokens import Staff, require
from runtime.values.fields import Instant
from services.sla.api.tickets import ClockLookUps
from services.sla.domain import overdue
from services.sla.domain.overdue import LateClock, NamedOffice
from services.sla.ports import AgendaItem, SheetLists

RowT = TypeVar("RowT")
AT_MOST = 10_000  # rows of one answer: figures are whole or refused, never cut
Limit = Annotated[int, Query(ge=1, le=200)]
Skip = Annotated[int, Query(ge=0, le=AT_MOST, description="So many of those that wait the longest are left out")]
Division = Annotated[str, Query(pattern=r"^([0-9]{2,12})?$", description="Prefix of the division code")]
FIELDS = (
    "unit",
    "unit_zh",
    "lead_unit",
    "lead_unit_zh",
    "number",
    "division",
    "clock",
    "kind",
    "due",
    "stopped",
    "overdue_seconds",
)


@dataclass(frozen=True, slots=True)
class OverdueReport:
    """What was late in a period, and what the offices are called."""

    by: str
    since: datetime
    as_of: datetime
    late: tuple[LateClock, ...]
    names: Mapping[str, str]


def add_lists(app: FastAPI, desk: ClockLookUps, sheets: SheetLists) -> None:
    """The routes of what the sheets say across matters."""
    _agenda(app, desk, sheets)

    @app.get("/v1/overdue", responses=ALSO_CSV)
    async def named_overdue(
        staff: Staff,
        division: Division = "",
        by: Literal["day", "week", "month"] = "day",
        as_of: Annotated[Instant | None, Query(description="The end of the period; now, unless named")] = None,
        form: Literal["json", "csv"] = "json",
    ) -> Response:
        """点名通报: who was overdue on the day, in the week or month of ``as_of`` until then, how long, with what."""
        now = desk.now()
        until = as_of or now
        if until > now:
            raise _not_yet()
        since = overdue.begin_of(by, until)
        late = await sheets.late(desk.reach(staff, division), since, until, AT_MOST + 1)
        report = OverdueReport(by, since, until, _whole(late), desk.unit_names())
        return _as_csv(report) if form == "csv" else Json(_as_json(report))

    @app.get("/v1/lights")
    async def lights(staff: Staff, division: Division = "", by: Literal["unit", "county"] = "unit") -> Response:
        """亮灯: matters by colour as they are now, of each unit or county; a matter counts with its worst clock."""
        now, names = desk.now(), desk.unit_names()
        counted = _whole(await sheets.lights(desk.reach(staff, division), by, now, AT_MOST + 1))
        rows: dict[str, dict[str, Any]] = {}
        for each in counted:
            named = {by: each.office} | ({"unit_zh": names.get(each.office, "")} if by == "unit" else {})
            row = rows.setdefault(each.office, named | dict.fromkeys(COLOURS, 0))
            row[COLOURS[each.colour]] = each.matters
        return Json({"at": now, "by": by, "rows": list(rows.values())})


def _agenda(app: FastAPI, desk: ClockLookUps, sheets: SheetLists) -> None:
    @app.get("/v1/conference-agenda")
    async def agenda(staff: Staff, division: Division = "", limit: Limit = 50, skip: Skip = 0) -> Response:
        """联席会议议程: matters that wait for a joint conference, since when and why; the longest first.

        ``more``: whether there are others behind these, to be had with ``skip``.
        """
        require(staff, "lead", "supervisor", "leader")
        waiting = await sheets.agenda(desk.reach(staff, division).division, limit + 1, skip)
        return Json({"matters": [_item(each) for each in waiting[:limit]], "more": len(waiting) > limit})


def _item(waiting: AgendaItem) -> dict[str, Any]:
    zh, en = REFERRED.get(waiting.referral.ground, (waiting.referral.ground,) * 2)
    return {
        "number": waiting.number,
        "division": waiting.division,
        "unit": waiting.unit,
        "since": waiting.referral.since,
        "ground": waiting.referral.ground,
        "ground_zh": zh,
        "ground_en": en,
        "by": waiting.referral.by,
        "due": waiting.due,
    }


def _whole(rows: tuple[RowT, ...]) -> tuple[RowT, ...]:
    if len(rows) > AT_MOST:
        zh = f"结果超过 {AT_MOST} 行，请缩小区划或时间范围。"
        raise Refusal(422, "too_many", zh, f"More than {AT_MOST} rows: name a smaller division or a shorter period.")
    return rows


def _not_yet() -> Refusal:
    return Refusal(422, "as_of_ahead", "截止时间不能晚于现在。", "as_of lies ahead: name an instant that has passed.")


def _as_json(report: OverdueReport) -> dict[str, Any]:
    units, leads = overdue.by_unit(report.late, report.as_of), overdue.by_lead(report.late, report.as_of)
    return {
        "by": report.by,
        "since": report.since,
        "as_of": report.as_of,
        "overdue": len(report.late),
        "units": [
            _office(report, each, "unit") | {"clocks": [_row(report, late) for late in each.late]} for each in units
        ],
        "lead_units": [_office(report, each, "lead_unit") for each in leads],
    }


def _office(report: OverdueReport, named: NamedOffice, what: str) -> dict[str, Any]:
    return {
        what: named.office,
        f"{what}_zh": report.names.get(named.office, ""),
        "overdue": len(named.late),
        "running": sum(each.runs_at(report.as_of) for each in named.late),
        "longest_seconds": int(named.late[0].late_at(report.as_of).total_seconds()),
    }


def _row(report: OverdueReport, late: LateClock) -> dict[str, Any]:
    is_over = not late.runs_at(report.as_of)
    return {
        "number": late.number,
        "division": late.division,
        "clock": late.clock,
        "kind": late.kind,
        "lead_unit": late.lead_unit,
        "due": late.due,
        "stopped": late.stopped if is_over else None,
        "overdue_seconds": int(late.late_at(report.as_of).total_seconds()),
    }


def _as_csv(report: OverdueReport) -> Response:
    units = overdue.by_unit(report.late, report.as_of)
    return csv_file(FIELDS, (_line(report, unit.office, late) for unit in units for late in unit.late))


def _line(report: OverdueReport, unit: str, late: LateClock) -> dict[str, Any]:
    row = _row(report, late)
    names = {"unit_zh": report.names.get(unit, ""), "lead_unit_zh": report.names.get(late.lead_unit, "")}
    stopped = row["stopped"].isoformat() if row["stopped"] else ""
    return row | names | {"unit": unit, "due": late.due.isoformat(), "stopped": stopped}

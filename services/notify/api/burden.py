"""What staff were told (减负), as it is asked for and answered: of whom, of which days, counted by what."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.vocabulary import CHINA
from runtime.http.app import Json
from runtime.http.problems import Refusal
from runtime.http.tables import csv_file
from runtime.identity.tokens import Scope
from runtime.values.fields import Day
from services.notify.domain.burden import CAUSE, CLOCK, DAYS_AT_MOST, NOTHING, Burden, BurdenAsked, begin_of, end_of
from services.notify.ports import Outbox

ROWS_AT_MOST = 1000
DAYS = timedelta(days=30)  # before the last one


class BurdenQuery(BaseModel):
    """``from``, ``to``: days of China, both inside; without them the ``DAYS`` until today."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    division: str = Field(default="", pattern=r"^([0-9]{2,12})?$", description="Prefix of the division code")
    by: Literal["account", "cause", "kind"] = "account"
    first: Annotated[Day | None, Field(alias="from", description="The first day, in China")] = None
    last: Annotated[Day | None, Field(alias="to", description="The last day, in China")] = None
    monitored: bool = Field(default=False, description="Only what was told to monitoring points (减负监测点)")
    form: Literal["json", "csv"] = "json"


@dataclass(frozen=True, slots=True)
class BurdenDays:
    """The days that are asked for, both inside."""

    first: date
    last: date

    @classmethod
    def of(cls, query: BurdenQuery, now: datetime) -> "BurdenDays":
        """Without days those until today. Raises a 422 that says what is wrong with them."""
        last = query.last or now.astimezone(CHINA).date()
        first = query.first or last - DAYS
        if not timedelta() <= last - first < timedelta(days=DAYS_AT_MOST):
            raise _days_refused()
        return cls(first, last)


async def answered(query: BurdenQuery, days: BurdenDays, asked: BurdenAsked, outbox: Outbox) -> Response:
    """The rows with their total, or the rows as a table. Raises Unavailable."""
    rows = await outbox.burden(asked, query.by, ROWS_AT_MOST)
    if query.form == "csv":
        return _as_csv(query, days, rows)
    total = next(iter(await outbox.burden(asked, "", 1)), NOTHING)
    return Json(shown(query, days, asked, rows) | {"total": figures(total)})


def asked_of(query: BurdenQuery, days: BurdenDays, scope: Scope, monitored: Collection[str]) -> BurdenAsked:
    """What is asked for, within what somebody may see. Raises a 403 for a division that is not theirs."""
    division = scope.division if scope.division.startswith(query.division) else query.division
    if not division.startswith(scope.division):
        zh = "区划超出您的权限范围，请改选或不填。"
        raise Refusal(403, "outside_your_scope", zh, "The division is outside your scope: choose another, or none.")
    only = monitored if query.monitored else None
    return BurdenAsked(division, begin_of(days.first), end_of(days.last), scope.unit, only)


def shown(query: BurdenQuery, days: BurdenDays, asked: BurdenAsked, rows: Sequence[Burden]) -> dict[str, Any]:
    """The answer without its total, which is no sum: a letter may tell of several kinds."""
    return {
        "division": asked.division,
        "from": days.first.isoformat(),
        "to": days.last.isoformat(),
        "by": query.by,
        "rows": [{query.by: _named(each, query.by)} | figures(each) for each in rows],
    }


def _as_csv(query: BurdenQuery, days: BurdenDays, rows: Sequence[Burden]) -> Response:
    of_days = {"from": days.first.isoformat(), "to": days.last.isoformat()}
    lines = [of_days | {query.by: _named(each, query.by)} | figures(each) for each in rows]
    return csv_file(("from", "to", query.by, *figures(NOTHING)), lines)


def _named(burden: Burden, by: str) -> str:
    return burden.of or (CLOCK if by == CAUSE else "")


def figures(burden: Burden) -> dict[str, int]:
    """The counts of a row, or of all."""
    return {
        "letters": burden.letters,
        "deliveries": burden.deliveries,
        "saved": burden.saved,
        "outside_office_hours": burden.outside,
        "asked_again": burden.again,
    }


def _days_refused() -> Refusal:
    zh = f"from 不能晚于 to，且最多查询 {DAYS_AT_MOST} 天。"
    en = f"from must not be later than to, and {DAYS_AT_MOST} days are the most: choose other days."
    return Refusal(422, "days_refused", zh, en)

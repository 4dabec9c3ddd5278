"""C9: what would have been late under another catalogue; the API and the command line alike. On the real stack."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from cli.what_if import candidate_of, compared
from contracts.envelope import Message
from contracts.messages.standards import StandardPublished
from runtime.http.tables import csv_text
from runtime.process.platform import RealPlatform
from runtime.process.settings import Settings, load
from services.sla.adapters import standard_rows
from services.sla.adapters.standard_rows import COLUMNS
from services.sla.domain.what_if import WhatIfPeriod
from tests.acceptance.town import RunningSystem

pytestmark = pytest.mark.stack
NOISE = "麻阳县兰里镇文化广场夜间噪音扰民，如果标准更短会怎样。"
A_MINUTE = {"version": 99, "limit": 1, "limit_unit": "minutes", "extension_cap": 0, "yellow_left": 0, "orange_left": 0}


def shorter(accepted: Message[Any]) -> StandardPublished:
    """The standard that was promised, a minute long."""
    return StandardPublished(standard=accepted.body.standard.model_copy(update=A_MINUTE), duties=("ENV",))


async def test_C9_a_shorter_standard_makes_more_late_and_nothing_is_said_or_written(
    town: RunningSystem, tmp_path: Path
) -> None:
    receipt = await town.submit("兰里镇噪音扰民", NOISE, place="兰里镇")
    await town.accepted(receipt, "ENV-01")
    accepted = await town.fact("TicketAccepted", receipt.number)
    promised = await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "complete_by")
    town.wind(timedelta(minutes=5))
    row = standard_rows.lines([shorter(accepted)])[0]
    table = tmp_path / "standards.csv"
    table.write_text(csv_text(tuple(COLUMNS), [row]))
    period = WhatIfPeriod(accepted.at - timedelta(minutes=1), accepted.at + timedelta(minutes=1))

    asked = await over_http(town, period, row)
    typed = await at_the_command_line(town, period, table)
    for found in (asked, typed):
        [work] = [each for each in found["rows"] if (each["standard"], each["unit"]) == of(promised)]
        assert receipt.number not in work["today"]["late"]["numbers"]
        assert receipt.number in work["candidate"]["late"]["numbers"]
        assert found["total"]["candidate"]["late"]["count"] > found["total"]["today"]["late"]["count"]
    assert asked["rows"] == typed["rows"]
    set_ = await town.facts("DeadlineSet", receipt.number)
    assert [each.body.due for each in set_ if each.body.kind == "complete_by"] == [promised.body.due]
    assert await town.facts("SupervisionOrdered", receipt.number) == []


def of(promised: Message[Any]) -> tuple[str, str]:
    return promised.body.standard.partition("@")[0], promised.body.unit


async def over_http(town: RunningSystem, period: WhatIfPeriod, row: dict[str, str]) -> Any:
    """The last line of the answer; those before it say how far it is."""
    plain: dict[str, Any] = {name: cell for name, cell in standard_rows.typed(row).items() if cell}
    numbers = {name: int(plain[name]) for name in ("version", "limit")}
    shares = {name: float(plain[name]) for name in ("yellow_at", "orange_at")}
    sent = {
        "since": period.since.isoformat(),
        "to": period.to.isoformat(),
        "standards": [plain | numbers | shares],
    }
    answer = await town.call("sla", "POST", "/v1/what-if", who=town.staff("supervisor"), json=sent)
    assert answer.status_code == 200, answer.text
    *before, last = map(orjson.loads, answer.content.splitlines())
    assert before
    assert all("progress" in each for each in before)
    return last["result"]


async def at_the_command_line(town: RunningSystem, period: WhatIfPeriod, table: Path) -> Any:
    """On a platform of its own, as a command has it; the division is the supervisor's."""
    platform: Any = RealPlatform(load(Settings), "sla", town.clock, only_reads=True)
    try:
        found = await compared(platform, candidate_of(table, None, None), period, "431226")
        return orjson.loads(orjson.dumps(found, option=orjson.OPT_UTC_Z))
    finally:
        await platform.stop()

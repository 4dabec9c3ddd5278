"""G5: health of every API, and series that one matter really moves."""

import pytest

from contracts.topics import SERVICES
from tests.acceptance.town import RunningSystem

MOVED = (
    "duban_loop_records_total",
    "duban_loop_messages_total",
    "duban_end_to_end_seconds_count",
    "duban_loop_step_seconds_count",
    "duban_publish_seconds_count",
    "notify_messages_total",
    "intake_submissions_total",
)


@pytest.mark.parametrize("service", SERVICES)
async def test_G5_every_api_says_that_it_lives_and_is_ready(town: RunningSystem, service: str) -> None:
    for path in ("/live", "/ready", "/metrics"):
        assert (await town.call(service, "GET", path)).status_code == 200


async def test_G5_a_matter_on_its_whole_way_moves_the_series(town: RunningSystem) -> None:
    receipt = await town.submit("高村镇停水", "麻阳县高村镇自来水停水三天，水压低，请尽快修好。", place="高村镇")
    await town.told(receipt.number)
    before = _values((await town.call("intake", "GET", "/metrics")).text)
    assert [name for name in MOVED if before.get(name, 0.0) <= 0] == []
    await town.completed(receipt, "WTR-01")
    after = _values((await town.call("intake", "GET", "/metrics")).text)
    for name in ("duban_loop_messages_total", "duban_end_to_end_seconds_count"):
        assert after[name] > before[name]


def _values(exposition: str) -> dict[str, float]:
    """The sum of each series over its labels."""
    sums: dict[str, float] = {}
    for line in exposition.splitlines():
        if line and not line.startswith("#"):
            series, _, value = line.rpartition(" ")
            name = series.partition("{")[0]
            sums[name] = sums.get(name, 0.0) + float(value)
    return sums

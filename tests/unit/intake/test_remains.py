"""The age of the database's own log is told beside what reporters are promised."""

from datetime import datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from runtime.clock import Clock
from runtime.delivery.ports import Unavailable
from services.intake.workers.remains import OplogWatch
from tests.unit.intake.house import NOON


class WrittenOplog:
    """Reaches back to an instant; None: nobody may look."""

    def __init__(self, oldest: datetime | None) -> None:
        self._oldest = oldest

    async def oldest(self) -> datetime | None:
        return self._oldest


class SilentOplog:
    async def oldest(self) -> datetime | None:
        raise Unavailable("mongodb: silent")


def told(name: str) -> float | None:
    return REGISTRY.get_sample_value(f"intake_{name}_seconds")


async def test_the_age_and_the_promise_are_told() -> None:
    clock, days = Clock(wall=lambda: NOON), timedelta(days=1)
    await OplogWatch(WrittenOplog(NOON - 40 * days), clock, 30 * days).look()
    assert (told("oplog_oldest"), told("erased_within")) == (40 * 86400, 30 * 86400)
    await OplogWatch(WrittenOplog(None), clock, 30 * days).look()
    assert told("oplog_oldest") == 40 * 86400, "who may not look tells nothing new"
    with pytest.raises(Unavailable):
        await OplogWatch(SilentOplog(), clock, 30 * days).look()

"""A division sets how long steps take; a file of it says every fault; a clock that runs keeps its own (C3)."""

import json
from datetime import datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from contracts.messages.limits import LimitsPublished
from contracts.values import StepLimit
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from runtime.process.editions import key_of
from services.sla.adapters.limit_files import FAULTS, read
from services.sla.adapters.published_limits import PublishedLimits
from services.sla.domain import step_limits
from services.sla.domain.ladder import OURS, Ladder
from services.sla.domain.step_limits import applied
from tests.facts.limits import limits_published
from tests.facts.routing import accepted, assigned
from tests.facts.values import COUNTY, HOUR
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import FIVE_DAYS

STEP: dict[str, Any] = {"step": "contact", "amount": 8}
LIMITS: dict[str, Any] = {"division": COUNTY, "version": 1, "limits": [STEP]}


def written(*rows: object) -> bytes:
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("row", "pointer"),
    [
        ({"division": "431299"}, "/0/division"),
        ({"version": 0}, "/0/version"),
        ({"limits": [STEP | {"amount": "8"}]}, "/0/limits/0/amount"),
        ({"limits": [STEP | {"amuont": 8}]}, "/0/limits/0/amuont"),
        ({"limits": [STEP | {"step": "sleep"}]}, "/0/limits"),
        ({"limits": [STEP | {"step": "review"}]}, "/0/limits"),
        ({"limits": [STEP, STEP]}, "/0/limits"),
        ({"limits": [STEP | {"limit_unit": "fortnights"}]}, "/0/limits"),
        ({"limits": [STEP | {"limit_unit": "minutes"}]}, "/0/limits"),
        ({"limits": [{"step": "accept-urgent", "amount": 1, "limit_unit": "working_days"}]}, "/0/limits"),
        ({"limits": [STEP | {"amount": 0}]}, "/0/limits"),
        ({"limits": [STEP | {"amount": 8_001}]}, "/0/limits"),
    ],
)
def test_a_fault_has_its_place_and_says_what_to_do(row: dict[str, Any], pointer: str) -> None:
    found = read(written(LIMITS | row))
    assert [each.pointer for each in found.faults] == [pointer]
    assert all(each.zh and each.en for each in found.faults)


def test_what_is_sound_is_published_as_it_was_written() -> None:
    [limits] = read(written(LIMITS)).editions.values()
    assert not read(written(LIMITS)).faults
    assert (limits.key, limits.published(MONDAY).limits) == (
        f"limits/{COUNTY}@1",
        (StepLimit(step="contact", amount=8),),
    )


def test_every_rule_has_its_remedy() -> None:
    broken = (
        StepLimit(step="sleep", amount=1),
        StepLimit(step="plan", amount=0),
        StepLimit(step="plan", amount=1, limit_unit="fortnights"),
        StepLimit(step="accept-urgent", amount=1, limit_unit="working_days"),
    )
    assert set(step_limits.faults(broken)) == FAULTS.keys()


def test_every_step_of_the_ladder_may_be_set_and_the_others_stay() -> None:
    for step, name in step_limits.FIELDS.items():
        changed = applied(OURS, [StepLimit(step=step, amount=7)])
        assert getattr(changed, name).amount == 7
        assert applied(changed, [StepLimit(step=step, amount=getattr(OURS, name).amount)]) == OURS


class OneDay:
    """The county's limits begin at an instant."""

    def __init__(self, since: datetime) -> None:
        self._since = since

    def ladder(self, division: str, at: datetime) -> Ladder:
        days = [StepLimit(step="contact", amount=1, limit_unit="working_days")]
        return applied(OURS, days) if division.startswith(COUNTY) and at >= self._since else OURS


async def contact_limit(scene: Scene) -> tuple[int, str]:
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS, traceable=True))
    (clock,) = scene.document().running("contact_by")
    return clock.limit.amount, clock.limit.unit


async def test_a_clock_takes_the_limit_in_force_when_it_starts_and_keeps_it() -> None:
    assert await contact_limit(Scene(limits=OneDay(MONDAY))) == (1, "working_days")
    later = Scene(limits=OneDay(MONDAY + HOUR))
    assert await contact_limit(later) == (4, "office_hours")
    due = later.document().running("contact_by")[0].due
    await later.later(2 * HOUR)
    assert later.document().running("contact_by")[0].due == due


class PublishedSteps:
    """What sla has read of the configuration."""

    def __init__(self) -> None:
        self._log = InMemoryLog()
        self._configuration = Configuration(InMemoryFollower(self._log, "configuration"), [LimitsPublished])
        self.read = PublishedLimits(self._configuration, OURS)

    async def publish(self, body: LimitsPublished) -> None:
        self._log.append(publication(key_of("limits", body.division, body.version), body, "sla", Clock()))
        await self._configuration.catch_up()


async def test_the_narrowest_division_around_decides_and_what_is_wrong_does_not_hold() -> None:
    desk, days = PublishedSteps(), (StepLimit(step="plan", amount=5),)
    await desk.publish(LimitsPublished(division="4312", version=1, valid_from=MONDAY, limits=days))
    assert (desk.read.ladder(COUNTY, MONDAY).plan.amount, desk.read.ladder("4313", MONDAY).plan.amount) == (5, 2)
    assert desk.read.ladder(COUNTY, MONDAY - HOUR).plan.amount == 2
    await desk.publish(limits_published())
    assert (desk.read.ladder(COUNTY, MONDAY).plan.amount, desk.read.ladder(COUNTY, MONDAY).contact.amount) == (2, 1)
    with capture_logs() as said:
        await desk.publish(limits_published(version=2, limits=(StepLimit(step="plan", amount=0),)))
        assert desk.read.ladder(COUNTY, MONDAY).contact.amount == 1
    assert [(each["event"], each["faults"]) for each in said] == [("limits_refused", ("amount_out_of_range",))]

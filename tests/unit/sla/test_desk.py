"""A matter that is with no unit has a clock too: the desk's, to hand it out or to decide the dispute (A9, B6)."""

from datetime import datetime

import pytest

from contracts.messages import sla
from services.sla.domain import sheet as sheets
from tests.facts.feedback import completed
from tests.facts.intake import withdrawn
from tests.facts.routing import accepted, assigned, queued, returned
from tests.facts.values import DAY, DIVISION, HOUR, LEAD, MINUTE, NUMBER, OTHER, SUPERVISION, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene

TUESDAY_CLOSING = datetime.fromisoformat("2026-03-03T09:00:00Z")


def clock(scene: Scene, kind: str) -> sla.DeadlineSet:
    """The last of this kind that was set."""
    found = [said.body for said in scene.facts([sla.DeadlineSet]) if said.body.kind == kind]
    last: sla.DeadlineSet = found[-1]
    return last


def orders(scene: Scene) -> list[tuple[str, str]]:
    """Each order: the clock, and who was ordered."""
    return [(said.body.clock, said.body.unit) for said in scene.facts([sla.SupervisionOrdered])]


@pytest.mark.parametrize(
    ("lead_unit", "urgent", "desk", "due"),
    [
        (LEAD, False, LEAD, TUESDAY_CLOSING),
        (LEAD, True, LEAD, MONDAY + 30 * MINUTE),
        ("", False, SUPERVISION, TUESDAY_CLOSING),
        ("", True, SUPERVISION, MONDAY + 30 * MINUTE),
    ],
)
async def test_a_queued_matter_is_to_be_handed_out_in_a_known_time(
    lead_unit: str, urgent: bool, desk: str, due: datetime
) -> None:
    scene = Scene()
    await scene.hear(queued(lead_unit=lead_unit, urgent=urgent))
    found = clock(scene, "assign_by")
    assert (found.unit, found.start, found.due) == (desk, MONDAY, due)
    document = scene.document()
    assert (document.number, document.division, document.urgent) == (NUMBER, DIVISION, urgent)
    assert [holding.holder for holding in document.holdings] == [sheets.DESK]


async def test_handing_out_stops_the_desks_clock_and_starts_the_units() -> None:
    scene = Scene()
    await scene.hear(queued())
    await scene.later(HOUR)
    await scene.hear(assigned())
    assert scene.said() == ["assign_by c1", "stopped c1 met", "accept_by c2"]
    [stopped] = scene.facts([sla.ClockStopped])
    assert (stopped.body.unit, stopped.body.reason, stopped.body.held) == (LEAD, "assigned", HOUR.total_seconds())
    assert sheets.held(scene.document(), MONDAY + 2 * HOUR) == {sheets.DESK: HOUR, UNIT: HOUR}


async def test_a_desk_that_lets_a_matter_lie_turns_red_and_is_ordered() -> None:
    scene = Scene()
    await scene.hear(queued())
    await scene.later(30 * DAY)
    assert scene.on_work() == ["assign_by c1", "c1 green>yellow", "c1 yellow>orange", "c1 orange>red", "order c1 1"]
    assert orders(scene) == [("c1", LEAD)]


async def test_an_urgent_matter_that_nobody_hands_out_is_ordered_within_the_hour_and_its_day_runs() -> None:
    scene = Scene()
    await scene.hear(queued(urgent=True))
    assert (clock(scene, "complete_by").unit, clock(scene, "complete_by").due) == (LEAD, MONDAY + DAY)
    for _ in range(16):
        await scene.later(5 * MINUTE)
    assert orders(scene) == [("c1", LEAD)] * 3


async def test_the_unit_gets_what_the_desk_left_of_an_urgent_matters_day() -> None:
    scene = Scene()
    await scene.hear(queued(urgent=True))
    await scene.later(20 * MINUTE)
    await scene.hear(assigned(urgent=True))
    day = clock(scene, "complete_by")
    assert (day.unit, day.start, day.due) == (UNIT, MONDAY, MONDAY + DAY)
    await scene.hear(accepted(urgent=True))
    await scene.hear(completed())
    assert scene.said()[-2:] == ["stopped c3 met", "stopped c2 met"]


@pytest.mark.parametrize(
    ("urgent", "due"), [(False, datetime.fromisoformat("2026-03-04T09:00:00Z")), (True, MONDAY + 60 * MINUTE)]
)
async def test_a_dispute_is_to_be_decided_by_the_supervision_office_in_a_fixed_time(
    urgent: bool, due: datetime
) -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=urgent))
    await scene.hear(returned(count=2, disputed=True))
    found = clock(scene, "assign_by")
    assert (found.unit, found.due, found.standard.startswith("arbitrate")) == (SUPERVISION, due, True)
    for _ in range(8 * 24):
        await scene.later(HOUR)
    turned = [said.body.new for said in scene.facts([sla.LightChanged]) if said.body.clock == found.clock]
    assert turned == ["yellow", "orange", "red"]
    assert SUPERVISION not in {unit for _, unit in orders(scene)}, "nobody orders the supervision office"


async def test_a_return_in_the_last_minute_leaves_no_time_without_a_clock() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(DAY + 7 * HOUR)
    await scene.hear(returned())
    assert [each.kind for each in scene.document().running()] == ["assign_by"]
    assert clock(scene, "assign_by").unit == LEAD


async def test_a_unit_without_a_lead_unit_leaves_what_it_returns_to_the_supervision_office() -> None:
    scene = Scene()
    await scene.hear(assigned(lead_unit=""))
    await scene.hear(returned())
    assert clock(scene, "assign_by").unit == SUPERVISION


async def test_whoever_gets_a_red_matter_from_the_supervision_office_has_the_hold_before_an_order() -> None:
    scene = Scene()
    await scene.hear(queued(lead_unit="", urgent=True))
    for _ in range(26):
        await scene.later(HOUR)
    assert orders(scene) == []
    await scene.hear(assigned(unit=OTHER, urgent=True))
    await scene.later(14 * MINUTE)
    assert orders(scene) == []
    await scene.later(MINUTE)
    assert orders(scene) == [("c2", OTHER)]


async def test_a_matter_that_is_withdrawn_while_it_waits_for_a_desk_has_no_running_clock() -> None:
    scene = Scene()
    await scene.hear(queued(urgent=True))
    await scene.hear(withdrawn(state="queued"))
    await scene.later(9 * DAY)
    assert scene.said() == ["assign_by c1", "complete_by c2", "stopped c1 met", "stopped c2 met"]


async def test_a_matter_that_comes_to_another_desk_gets_that_desks_time() -> None:
    scene = Scene()
    await scene.hear(queued())
    await scene.later(HOUR)
    await scene.hear(queued(lead_unit="431228-LEAD", division="431228"))
    assert scene.said() == ["assign_by c1", "stopped c1 met", "assign_by c2"]
    assert (clock(scene, "assign_by").unit, scene.document().division) == ("431228-LEAD", "431228")


async def test_what_an_older_routing_said_without_a_number_gets_it_with_the_assignment() -> None:
    scene = Scene()
    await scene.hear(queued(number=""))
    await scene.hear(assigned())
    assert scene.document().number == NUMBER

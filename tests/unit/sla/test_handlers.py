"""sla in memory: facts in, clocks, lights and orders out."""

from datetime import UTC, date, datetime

import bson
import pytest
from bson.codec_options import CodecOptions

from contracts.envelope import Body
from contracts.messages import sla
from runtime.mongo.documents import Codec
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.domain.calendar import Calendar
from services.sla.domain.sheet import ClockSheet
from tests.facts.feedback import completed, rework_ordered, struck_off
from tests.facts.intake import withdrawn
from tests.facts.routing import accepted, assigned, returned
from tests.facts.values import DAY, HOUR, LEAD, MINUTE, NUMBER, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN

BYTES_AT_MOST = 2048  # of a whole clock sheet: it is written at every step
CODEC_OPTIONS: CodecOptions[dict[str, object]] = CodecOptions(tz_aware=True, tzinfo=UTC)


async def test_a_matter_that_goes_well() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(HOUR)
    await scene.hear(accepted())
    await scene.later(HOUR)
    await scene.hear(completed())
    await scene.hear(struck_off())
    await scene.later(90 * DAY)
    assert scene.said() == ["accept_by c1", "stopped c1 met", "complete_by c2", "stopped c2 met"]


async def test_lights_turn_and_an_order_follows_red_after_the_hold() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(accepted())
    for _ in range(9 * 24):
        await scene.later(HOUR)
    assert scene.on_work()[3:] == ["c2 green>yellow", "c2 yellow>orange", "c2 orange>red", "order c2 1"]
    order = scene.facts([sla.SupervisionOrdered])[0]
    assert order.body.order == f"{NUMBER}-c2-1"
    assert [item.index for item in order.body.items] == [1, 2, 3]
    assert {item.answer_by for item in order.body.items} == {datetime.fromisoformat("2026-03-09T09:00:00Z")}


async def test_after_an_outage_everything_due_is_said_at_once_in_order() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(30 * DAY)
    await scene.later(30 * DAY)
    assert scene.on_work() == ["accept_by c1", "c1 green>yellow", "c1 yellow>orange", "c1 orange>red", "order c1 1"]


async def test_after_an_outage_what_was_settled_before_the_knock_is_not_said() -> None:
    scene = Scene()
    await scene.hear(assigned())
    scene.tell(accepted(), MONDAY + HOUR)
    scene.pass_time(3 * DAY)
    scene.tell(completed(), MONDAY + 2 * DAY)
    await scene.run()
    assert scene.said() == ["accept_by c1", "stopped c1 met", "complete_by c2", "stopped c2 met"]


async def test_a_fact_that_comes_late_takes_back_what_was_false() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(5 * DAY)
    await scene.hear(accepted(), MONDAY + HOUR)
    assert scene.on_work()[5:8] == ["stopped c1 met", "back c1 red>green", "order back"]
    works = [m.body.start for m in scene.facts([sla.DeadlineSet]) if m.body.kind == "complete_by"]
    assert works == [MONDAY + HOUR]


async def test_a_late_fact_leaves_the_lights_that_were_true() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(5 * DAY)
    await scene.hear(returned(), MONDAY + 31 * HOUR)
    assert scene.on_work()[5:9] == ["stopped c1 met", "back c1 red>orange", "order back", "assign_by c3"]


async def test_a_return_freezes_the_units_clock_and_the_next_unit_gets_its_own() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.later(HOUR)
    await scene.hear(returned())
    await scene.later(HOUR)
    await scene.hear(assigned(unit=OTHER, hop=2))
    assert scene.said() == ["accept_by c1", "stopped c1 met", "assign_by c2", "stopped c2 met", "accept_by c3"]
    assert [clock.unit for clock in scene.document().clocks] == [UNIT, LEAD, OTHER]


async def test_rework_has_a_clock_of_its_own() -> None:
    scene = Scene()
    for body in (assigned(), accepted(), completed(), rework_ordered(), completed()):
        await scene.hear(body)
        await scene.later(HOUR)
    assert scene.said()[3:] == ["stopped c2 met", "rework_by c3", "stopped c3 met"]


async def test_an_acknowledgement_stops_no_urgent_clock_and_warnings_rise() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.later(5 * MINUTE)
    await scene.hear(accepted(urgent=True))
    for _ in range(6 * 26):
        await scene.later(10 * MINUTE)
    said = scene.on_work()
    assert said[:3] == ["accept_by c1", "complete_by c2", "stopped c1 met"]
    assert said[3:] == [
        "c2 green>yellow", "c2 yellow>orange", "c2 orange>red", "order c2 1", "order c2 2", "order c2 3",
    ]  # fmt: skip
    await scene.hear(completed())
    assert scene.on_work()[-1] == "stopped c2 missed"


async def test_returning_an_urgent_matter_buys_no_time() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    await scene.later(10 * MINUTE)
    await scene.hear(returned())
    assert scene.said() == ["accept_by c1", "complete_by c2", "stopped c1 met", "assign_by c3", "complete_by c2"]
    await scene.later(20 * MINUTE)
    await scene.hear(assigned(unit=OTHER, hop=2, urgent=True))
    assert scene.said()[5:] == ["c3 green>yellow", "stopped c3 met", "accept_by c4", "complete_by c2"]
    promised = [message.body for message in scene.facts([sla.DeadlineSet]) if message.body.clock == "c2"]
    assert {(each.start, each.due) for each in promised} == {(MONDAY, MONDAY + DAY)}
    assert [each.unit for each in promised] == [UNIT, LEAD, OTHER]
    await scene.hear(accepted(urgent=True))
    await scene.hear(completed())
    assert scene.said()[-2:] == ["stopped c4 met", "stopped c2 met"]


async def test_an_urgent_matter_in_dispute_turns_red_and_the_lead_unit_is_ordered() -> None:
    scene = Scene()
    for unit in (UNIT, OTHER):
        await scene.hear(assigned(unit=unit, urgent=True))
        await scene.hear(returned(disputed=unit == OTHER))
    await scene.later(2 * DAY)
    assert scene.on_work()[-4:] == ["c2 orange>red", "order c2 1", "order c2 2", "order c2 3"]
    assert {(order.body.unit, order.body.lead_unit) for order in scene.facts([sla.SupervisionOrdered])} == {(LEAD, "")}


async def test_division_and_calendar_follow_the_matter_to_another_county() -> None:
    calendars = OwnDay()
    scene = Scene(calendars)
    await scene.hear(assigned())
    await scene.hear(returned())
    await scene.hear(assigned(unit=OTHER, hop=2, division="431228"))
    assert scene.document().division == "431228"
    first, _, second = (message.body for message in scene.facts([sla.DeadlineSet]))
    assert (first.due, second.due) == (MONDAY + DAY + 8 * HOUR, MONDAY + 2 * DAY + 8 * HOUR)


class OwnDay(PackagedCalendars):
    """431228 has the Tuesday off."""

    def current(self, division: str) -> Calendar:
        """The country's, and one of a county."""
        return CN.with_days("own", {date(2026, 3, 3): "县庆"}, {}) if division == "431228" else CN


async def test_an_urgent_matter_that_nobody_accepts_is_ordered_again_and_again() -> None:
    scene = Scene()
    await scene.hear(assigned(urgent=True))
    for _ in range(20):
        await scene.later(5 * MINUTE)
    assert [each for each in scene.said() if each.startswith("order")] == ["order c1 1", "order c1 2", "order c1 3"]


async def test_a_second_assignment_while_the_first_runs_starts_anew() -> None:
    scene = Scene()
    await scene.hear(assigned())
    await scene.hear(assigned(unit=OTHER, hop=2))
    assert scene.said() == ["accept_by c1", "stopped c1 met", "accept_by c2"]


@pytest.mark.parametrize("body", [returned(), completed(), rework_ordered(), struck_off(), withdrawn(state="queued")])
async def test_a_fact_about_a_matter_that_never_reached_a_unit_changes_nothing(body: Body) -> None:
    scene = Scene()
    await scene.hear(body)
    assert scene.said() == []
    assert scene.document() is None


async def test_the_sheet_of_a_matter_that_went_all_the_way_is_small() -> None:
    scene = Scene()
    for body in (assigned(), returned(), assigned(unit=OTHER, hop=2), accepted(), completed(), struck_off()):
        await scene.hear(body)
        await scene.later(HOUR)
    document = scene.document()
    plain = Codec(ClockSheet).to_plain(document)
    assert Codec(ClockSheet).from_plain(bson.decode(bson.encode(plain), CODEC_OPTIONS)) == document
    assert len(bson.encode(plain)) < BYTES_AT_MOST
    assert len(document.clocks) == 4
    assert [holding.holder for holding in document.holdings] == [UNIT, "desk", OTHER, UNIT, "reporters", ""]

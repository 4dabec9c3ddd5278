"""A notice comes: provisional deadlines are set anew, also those that move forward (C2)."""

from datetime import date, datetime

import pytest

from contracts.messages import sla
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.domain import transitions
from services.sla.domain.calendar import Calendar
from services.sla.domain.sheet import ClockSheet
from services.sla.handlers import rebasing
from tests.facts.routing import accepted, assigned
from tests.facts.values import DAY, HOUR, MINUTE
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import CN, FIVE_DAYS


async def test_a_year_that_is_announced_sets_a_provisional_deadline_anew() -> None:
    calendars = Announcing()
    scene = Scene(calendars, datetime.fromisoformat("2026-12-30T02:00:00Z"))
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS))
    assert scene.facts([sla.DeadlineSet])[-1].body.provisional
    calendars.announced = CN.with_days(
        "2027", {date(2027, 1, n): "元旦" for n in (1, 2, 3)}, {date(2027, 1, 9): "元旦"}
    )
    calendars.announced = Calendar(
        "cn-2027.1", CN.years | {2027}, calendars.announced.days_off, calendars.announced.workdays
    )
    await scene.later(30 * DAY)
    again = next(m.body for m in reversed(scene.facts([sla.DeadlineSet])) if m.body.kind == "complete_by")
    assert (again.clock, again.calendar_version, again.provisional) == ("c2", "cn-2027.1", False)
    assert scene.on_work()[-5:] == [
        "complete_by c2",
        "c2 green>yellow",
        "c2 yellow>orange",
        "c2 orange>red",
        "order c2 1",
    ]


@pytest.mark.parametrize("looks_each_day", [True, False])
async def test_a_notice_that_moves_a_deadline_forward_is_seen_within_a_day(
    looks_each_day: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A Saturday becomes a workday: the deadline comes a working day earlier than its old colours would wake it."""
    if not looks_each_day:
        monkeypatch.setattr(transitions, "look_at", lambda clock: ())
    calendars = Announcing()
    scene = Scene(calendars, datetime.fromisoformat("2027-03-01T02:00:00Z"))
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS))
    promised = scene.facts([sla.DeadlineSet])[-1].body
    made_up = CN.with_days("2027", {}, {date(2027, 3, 6): "调休"})
    calendars.announced = Calendar("cn-2027.1", CN.years | {2027}, made_up.days_off, made_up.workdays)
    await scene.later(DAY + MINUTE)
    found = scene.facts([sla.DeadlineSet])[-1].body
    told = [(said.body.clock, said.body.before, said.body.due) for said in scene.facts([sla.DeadlineMoved])]
    assert told == ([(found.clock, promised.due, found.due)] if looks_each_day else [])
    assert (found.due < promised.due, found.provisional) == ((True, False) if looks_each_day else (False, True))


async def test_a_provisional_deadline_is_looked_at_once_a_day_and_says_nothing() -> None:
    scene = Scene(Announcing(), datetime.fromisoformat("2027-03-01T02:00:00Z"))
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS))
    before, document = scene.said(), scene.document()
    await scene.later(DAY + MINUTE)
    after = scene.document()
    assert document is not None
    assert after is not None
    assert scene.said() == before
    assert wake_of(after) - wake_of(document) >= DAY


async def test_the_last_days_of_december_belong_to_the_next_years_notice() -> None:
    """As 2022-12-31 did: the notice of 2027 makes 2026-12-31 a day off, and nothing is red on it."""
    calendars = Announcing()
    scene = Scene(calendars, datetime.fromisoformat("2026-12-28T02:00:00Z"))
    await scene.hear(assigned())
    await scene.hear(accepted())
    promised = scene.facts([sla.DeadlineSet])[-1].body
    assert (promised.due, promised.provisional) == (datetime.fromisoformat("2026-12-31T09:00:00Z"), True)
    days = {date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦", date(2027, 1, 2): "元旦"}
    told = CN.with_days("2027", days, {})
    calendars.announced = Calendar("cn-2027.1", CN.years | {2027}, told.days_off, told.workdays)
    for _ in range(4 * 24):
        await scene.later(HOUR)
    found = scene.facts([sla.DeadlineSet])[-1].body
    assert found.due == datetime.fromisoformat("2027-01-04T09:00:00Z")
    assert "c2 orange>red" not in scene.said()
    assert scene.facts([sla.SupervisionOrdered]) == []


@pytest.mark.parametrize("compares", [True, False])
async def test_a_countys_own_day_off_moves_what_was_promised_and_nothing_turns_red_early(
    compares: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not compares:
        monkeypatch.setattr(rebasing, "is_stale", lambda *_: False)
    calendars = Announcing()
    scene = Scene(calendars)
    await scene.hear(assigned())
    await scene.hear(accepted())
    before = scene.facts([sla.DeadlineSet])[-1].body
    assert (before.due, before.provisional) == (datetime.fromisoformat("2026-03-05T09:00:00Z"), False)
    calendars.announced = CN.with_days("own", {date(2026, 3, 5): "县庆"}, {})
    for _ in range(3 * 24 + 10):
        await scene.later(HOUR)
    moved = [(said.body.before, said.body.due) for said in scene.facts([sla.DeadlineMoved])]
    assert moved == ([(before.due, before.due + DAY)] if compares else [])
    assert ("c2 orange>red" in scene.said()) is not compares


async def test_an_edition_that_changes_nothing_for_a_clock_is_noted_and_not_said() -> None:
    calendars = Announcing()
    scene = Scene(calendars)
    await scene.hear(assigned())
    await scene.hear(accepted(standard=FIVE_DAYS))
    calendars.announced = CN.with_days("own", {date(2026, 9, 1): "县庆"}, {})
    await scene.later(4 * DAY)
    assert scene.said()[3:] == ["c2 green>yellow"]
    assert scene.document().clocks[-1].calendar_version == calendars.announced.version


def wake_of(document: ClockSheet) -> datetime:
    wake = transitions.wake_at(document)
    assert wake is not None
    return wake


class Announcing(PackagedCalendars):
    def __init__(self) -> None:
        self.announced = CN

    def current(self, division: str) -> Calendar:
        return self.announced

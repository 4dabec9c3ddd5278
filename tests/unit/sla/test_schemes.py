"""Which colours a clock goes through is its division's: green-yellow-red, yellow-orange-red; a clock keeps its own."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from contracts.messages import sla
from contracts.messages.schemes import SchemePoint, SchemePublished
from runtime.clock import Clock
from runtime.memory.log import InMemoryFollower, InMemoryLog
from runtime.process.configuration import Configuration, publication
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.adapters.published_schemes import PublishedSchemes, name_of
from services.sla.domain import explanation, lines, schemes
from services.sla.domain.deadlines import deadline
from services.sla.domain.limits import CALENDAR_DAYS, MINUTES, OFFICE_HOURS, WORKING_DAYS, Limit
from services.sla.domain.schemes import Point, Scheme
from tests.facts.feedback import completed
from tests.facts.routing import accepted, assigned
from tests.facts.schemes import scheme_published
from tests.facts.values import COUNTY, DAY
from tests.harness import MONDAY
from tests.unit.sla.scene import Scene

CLOCK = Clock(wall=lambda: MONDAY)
JISHOU = Scheme("clock", Point(share=0.5), None, name="scheme/clock/433101@1")
XUANHAN = Scheme("clock", None, Point(days_left=2), "yellow", name="scheme/clock/511722@1")
CALENDAR = PackagedCalendars().current(COUNTY)
shares = st.floats(0.01, 1)
points = st.builds(Point, share=shares) | st.builds(Point, days_left=st.integers(1, 40))
limits = st.builds(Limit, st.integers(1, 90), st.sampled_from((MINUTES, OFFICE_HOURS, WORKING_DAYS, CALENDAR_DAYS)))


class SchemeThatMayChange:
    """A scheme for every division and whatever is coloured; it may be changed while clocks run."""

    def __init__(self, scheme: Scheme | None) -> None:
        self.now = scheme

    def scheme(self, applies_to: str, division: str, at: datetime) -> Scheme | None:
        return self.now if self.now and self.now.applies_to == applies_to else None


def lights(scene: Scene) -> list[tuple[str, str, str]]:
    return [(m.body.clock, m.body.old, m.body.new) for m in scene.facts([sla.LightChanged])]


async def accepted_by(scheme: Scheme | None) -> tuple[Scene, SchemeThatMayChange]:
    held = SchemeThatMayChange(scheme)
    scene = Scene(schemes=held)
    await scene.hear(assigned())
    await scene.hear(accepted())
    return scene, held


def last_set(scene: Scene) -> sla.DeadlineSet:
    body = scene.facts([sla.DeadlineSet])[-1].body
    assert isinstance(body, sla.DeadlineSet)
    return body


async def test_green_yellow_red_never_turns_orange() -> None:
    scene, _ = await accepted_by(JISHOU)
    work = last_set(scene)
    assert (work.orange, work.scheme) == (None, "scheme/clock/433101@1")
    assert work.start < (work.yellow or work.start) < work.red
    await scene.later(work.due - MONDAY)
    assert [(old, new) for clock, old, new in lights(scene) if clock == work.clock] == [
        ("green", "yellow"),
        ("yellow", "red"),
    ]


async def test_yellow_orange_red_begins_yellow_and_says_so_to_nobody() -> None:
    scene, _ = await accepted_by(XUANHAN)
    work = last_set(scene)
    assert (work.yellow, work.scheme) == (work.start, "scheme/clock/511722@1")
    await scene.later(timedelta(minutes=1))
    assert lights(scene) == []
    await scene.later(work.due - MONDAY)
    assert [(old, new) for clock, old, new in lights(scene) if clock == work.clock] == [
        ("yellow", "orange"),
        ("orange", "red"),
    ]


async def test_what_stops_at_its_start_takes_no_light_back() -> None:
    scene, _ = await accepted_by(XUANHAN)
    await scene.hear(completed())
    assert not scene.facts([sla.LightWithdrawn])


async def test_a_running_clock_keeps_its_colours_whatever_is_published() -> None:
    scene, held = await accepted_by(JISHOU)
    before = last_set(scene)
    held.now = XUANHAN
    await scene.later(before.due - MONDAY)
    assert [new for clock, _, new in lights(scene) if clock == before.clock] == ["yellow", "red"]
    assert last_set(scene).kind == "complete_by"


async def test_without_a_scheme_all_is_as_it_was() -> None:
    scene, _ = await accepted_by(None)
    work = last_set(scene)
    assert work.orange is not None
    assert work.scheme == ""


@given(limits, st.none() | points, st.none() | points, st.integers(0, 10_000))
def test_the_colours_begin_in_order_and_not_before_the_start(
    limit: Limit, yellow: Point | None, orange: Point | None, minutes: int
) -> None:
    scheme = Scheme("clock", yellow, orange, "yellow" if yellow is None else "green", "s")
    start = MONDAY + timedelta(minutes=minutes)
    coloured, plain = deadline(scheme.on(limit), start, CALENDAR), deadline(limit, start, CALENDAR)
    assert start <= coloured.yellow <= coloured.orange <= coloured.due == plain.due
    assert (coloured.yellow == start) or yellow is not None
    assert coloured.orange == coloured.due or orange is not None


@given(st.none() | points, st.none() | points, st.integers(1, 500_000))
def test_the_colours_of_a_measure_begin_in_order(yellow: Point | None, orange: Point | None, minutes: int) -> None:
    for point in (yellow, orange):
        if point is not None:
            due = MONDAY + timedelta(minutes=minutes)
            assert MONDAY <= point.in_time(MONDAY, due, 0.5) <= due


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        (JISHOU, "灯色方案：scheme/clock/433101@1（绿灯、黄灯、红灯）"),
        (XUANHAN, "灯色方案：scheme/clock/511722@1（黄灯、橙灯、红灯）"),
    ],
)
def test_the_scheme_is_a_line_of_the_explanation(scheme: Scheme, told: str) -> None:
    explained = explanation.explain(scheme.on(Limit(5)), MONDAY, CALENDAR)
    texts = [line.zh for line in lines.of(explained)]
    assert told in texts
    assert any(text.startswith("橙灯") for text in texts) == (scheme.orange is not None)
    assert ("黄灯：自起算时" in texts) == (scheme.begins == "yellow")
    assert explanation.recompute(explained) == explained.due


def test_nothing_is_said_of_a_colour_that_there_is_not() -> None:
    assert schemes.unsaid(JISHOU.on(Limit(5))) == {"green", "orange"}
    assert schemes.unsaid(XUANHAN.on(Limit(5))) == {"green", "yellow"}
    assert schemes.unsaid(Limit(5)) == {"green"}


async def published(*bodies: SchemePublished) -> PublishedSchemes:
    log = InMemoryLog()
    for each in bodies:
        key = name_of(each.applies_to, each.division, each.version)
        log.append(publication(key, each, "sla", CLOCK))
    configuration = Configuration(InMemoryFollower(log, "configuration"), [SchemePublished])
    await configuration.catch_up()
    return PublishedSchemes(configuration)


async def test_the_narrowest_division_and_the_newest_version_decide() -> None:
    found = await published(
        scheme_published(division="4312", applies_to="clock"),
        scheme_published(division=COUNTY, applies_to="clock"),
        scheme_published(division=COUNTY, version=2, applies_to="clock", valid_from=MONDAY + DAY),
        scheme_published(division=COUNTY, version=3, applies_to="measure"),
    )
    names = {
        division: scheme and scheme.name
        for division in ("431226101", "431227", "433101")
        if (scheme := found.scheme("clock", division, MONDAY)) or division == "433101"
    }
    assert names == {"431226101": "scheme/clock/431226@1", "431227": "scheme/clock/4312@1", "433101": None}
    later = found.scheme("clock", "431226101", MONDAY + DAY)
    assert later is not None
    assert later.name == "scheme/clock/431226@2"


async def test_a_scheme_that_was_taken_back_holds_no_more() -> None:
    back = scheme_published(version=2, orange=None, begins="", valid_from=MONDAY + DAY)
    found = await published(scheme_published(), back)
    names = [found.scheme("measure", COUNTY, MONDAY + days * DAY) is None for days in (0, 1)]
    assert names == [False, True]


async def test_a_scheme_with_faults_does_not_hold_and_is_named_in_the_log() -> None:
    with capture_logs() as logs:
        found = await published(scheme_published(orange=SchemePoint(share=2.0)))
        assert found.scheme("measure", COUNTY, MONDAY) is None
    assert [each["faults"] for each in logs if each["event"] == "scheme_refused"] == [("share_out_of_range",)]

"""Lights: a colour begins at its instant; the worst running clock shows."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.reading.ticket import lights
from services.portal.reading.ticket.document import ShownClock
from services.portal.reading.ticket.lights import SEVERITY, Light
from tests.facts.values import UNIT
from tests.unit.portal.tickets import NOON, a_ticket, clocks

CLOCK = ShownClock(
    id="c",
    kind="complete_by",
    unit=UNIT,
    start=NOON,
    due=NOON + timedelta(hours=3),
    yellow=NOON + timedelta(hours=1),
    orange=NOON + timedelta(hours=2),
    red=NOON + timedelta(hours=3),
)


@pytest.mark.parametrize(
    ("minutes", "colour"),
    [
        (0, Light.GREEN),
        (59, Light.GREEN),
        (60, Light.YELLOW),
        (120, Light.ORANGE),
        (179, Light.ORANGE),
        (180, Light.RED),
    ],
)
def test_a_colour_begins_at_its_instant(minutes: int, colour: Light) -> None:
    assert lights.light_of(CLOCK, NOON + timedelta(minutes=minutes)) is colour


def test_a_ticket_without_a_running_clock_shows_no_light() -> None:
    assert lights.light(a_ticket(), NOON) is Light.NONE


@given(st.lists(clocks(), min_size=1, max_size=4), st.integers(-3, 3), st.integers(0, 3))
def test_a_light_never_gets_better_by_waiting(running: list[ShownClock], hours: int, later: int) -> None:
    now = NOON + timedelta(hours=hours)
    before, after = lights.worst(running, now), lights.worst(running, now + timedelta(hours=later))
    assert SEVERITY.index(before) <= SEVERITY.index(after)

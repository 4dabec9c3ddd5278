"""Values and strategies that the tests of sla share."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from contracts.vocabulary import SeasonHours
from services.sla.adapters import packaged
from services.sla.domain.limits import CALENDAR_DAYS, LONGEST, MINUTES, OFFICE_HOURS, WORKING_DAYS, Limit
from tests.facts.values import STANDARD

CN = packaged.calendar()
SECOND = timedelta(seconds=1)
SUMMER = SeasonHours((5, 1), (9, 30), ((time(8, 30), time(12)), (time(14, 30), time(17, 30))))
WINTER = SeasonHours((11, 15), (2, 28), ((time(10), time(15, 30)),), first=2022)
SEASONAL = replace(CN, version="cn-seasons", seasons=(SUMMER, WINTER))
"""Long mornings in summer, and short days over New Year, from 2022 on."""
FIVE_DAYS = STANDARD.model_copy(update={"limit": 5})
STARTS = st.integers(0, 9 * 366 * 86_400).map(lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + seconds * SECOND)


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    """Any limit that can be promised, most of them short."""
    unit = draw(st.sampled_from([MINUTES, OFFICE_HOURS, WORKING_DAYS, CALENDAR_DAYS]))
    yellow, orange = sorted(draw(st.tuples(st.floats(0.01, 1), st.floats(0.01, 1))))
    return Limit(
        amount=draw(st.one_of(st.integers(1, 70), st.integers(1, min(400, LONGEST[unit])))),
        unit=unit,
        counts_from=draw(st.sampled_from(["today", "next_day"])),
        yellow_at=yellow,
        orange_at=orange,
        yellow_left=draw(st.integers(0, 40)),
        orange_left=draw(st.integers(0, 40)),
    )

"""Values and strategies that the tests of sla share."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from contracts import values
from contracts.messages import feedback, routing
from services.sla.adapters import packaged
from services.sla.domain.limits import CALENDAR_DAYS, LONGEST, MINUTES, OFFICE_HOURS, WORKING_DAYS, Limit
from tests.harness import MONDAY

CN = packaged.calendar()
NUMBER = "4312260123456789ABC"
UNIT, OTHER, LEAD = "431226-JT", "431226-UB", "431226-ZW"
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
STANDARD = values.HandlingStandard(
    code="RDS-01",
    version=1,
    name_zh="道路坑洼修复",
    name_en="Pothole repair",
    limit=5,
    limit_unit="working_days",
    valid_from=MONDAY,
)

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


def assigned(
    unit: str = UNIT, *, urgent: bool = False, hop: int = 1, division: str = "431226"
) -> routing.TicketAssigned:
    """交办."""
    return routing.TicketAssigned(
        number=NUMBER,
        unit=unit,
        unit_zh="交通运输局",
        unit_en="Transport Bureau",
        level="county",
        lead_unit=LEAD,
        division=division,
        division_zh="麻阳苗族自治县",
        category="TRF.01",
        category_zh="道路建设",
        category_en="Road building and repair",
        taxonomy_version="1",
        reasons=("keyword",),
        hop=hop,
        urgent=urgent,
    )


def accepted(standard: values.HandlingStandard = STANDARD, *, urgent: bool = False) -> routing.TicketAccepted:
    """受理."""
    return routing.TicketAccepted(
        number=NUMBER,
        unit=UNIT,
        unit_zh="交通运输局",
        unit_en="Transport Bureau",
        lead_unit=LEAD,
        division="431226",
        category="TRF.01",
        standard=standard,
        voters=(values.Voter(index=0, code_digest="d"),),
        registered_at=MONDAY,
        urgent=urgent,
    )


def queued(lead_unit: str = LEAD, *, urgent: bool = False, division: str = "431226") -> routing.AssignmentQueued:
    """待交办."""
    return routing.AssignmentQueued(
        reason="several_units", division=division, lead_unit=lead_unit, number=NUMBER, urgent=urgent
    )


def returned(*, disputed: bool = False) -> routing.TicketReturned:
    """退回."""
    count = 2 if disputed else 1
    return routing.TicketReturned(unit=UNIT, ground="not_our_duty", explanation="x", count=count, disputed=disputed)


def completed() -> feedback.TicketCompleted:
    """办结."""
    evidence = (values.Evidence(kind="photo", uri="https://example.org/1", dated=MONDAY),)
    return feedback.TicketCompleted(round=1, unit=UNIT, explanation="x", evidence=evidence, voters=1)


def rework() -> feedback.ReworkOrdered:
    """重办."""
    return feedback.ReworkOrdered(
        round=1,
        unit=UNIT,
        votes=1,
        dissatisfied=1,
        reason="dissatisfied",
        count=1,
        reviewer="lead",
        standard=STANDARD,
    )


def struck_off() -> feedback.TicketStruckOff:
    """销号."""
    return feedback.TicketStruckOff(number=NUMBER, round=1, votes=1, satisfied=1, unit=UNIT)

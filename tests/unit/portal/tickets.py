"""Made-up tickets for the portal's tests: a builder and a hypothesis strategy."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.identifiers import number_of
from contracts.lifecycle import TicketState
from services.portal.reading.ticket.document import ShownClock, Ticket, worded
from tests.facts.values import LEAD, OTHER, UNIT

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
TICKET = "ABCDEFGH1234ABCDEFGH1234AB"
UNITS = ("", UNIT, OTHER)
LEADS = ("", LEAD)
DIVISIONS = ("431226", "431226100", "4312", "430102", "43")


def a_ticket(**changed: Any) -> Ticket:
    """A registered matter of the demonstration county, with ``changed`` fields."""
    given: dict[str, Any] = {
        "id": TICKET,
        "number": number_of(TICKET, "431226"),
        "state": TicketState.REGISTERED,
        "registered_at": NOON,
        "changed_at": NOON,
        "channel": "web",
        "door": "431226",
        "division": "431226",
    }
    words = {name: changed.get(name, "") for name in ("title", "content")}
    where = {name: changed[name] for name in ("place", "category_said") if name in changed}
    return worded(Ticket(**(given | changed)), **words, **where)


def a_clock(due: datetime, kind: str = "accept_by", *, yellow: datetime | None = None) -> ShownClock:
    """A running clock that turns red when due."""
    return ShownClock(id=kind, kind=kind, unit=UNIT, start=NOON, due=due, yellow=yellow, orange=None, red=due)


def instants() -> st.SearchStrategy[datetime]:
    """Few instants close to noon, so that equal ones occur."""
    return st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))


def clocks() -> st.SearchStrategy[ShownClock]:
    """A clock of any kind with its colours in order."""

    def build(kind: str, times: list[datetime], yellow: bool, orange: bool) -> ShownClock:
        first, second, third = sorted(times)
        return ShownClock(
            id=kind,
            kind=kind,
            unit=UNIT,
            start=NOON - timedelta(days=1),
            due=third,
            yellow=first if yellow else None,
            orange=second if orange else None,
            red=third,
        )

    kinds = st.sampled_from(("assign_by", "accept_by", "complete_by", "rework_by"))
    return st.builds(build, kinds, st.lists(instants(), min_size=3, max_size=3), st.booleans(), st.booleans())


def tickets() -> st.SearchStrategy[Ticket]:
    """Any ticket document, legal or not: queries must agree on all of them."""
    return st.builds(
        a_ticket,
        state=st.sampled_from(TicketState),
        division=st.sampled_from(DIVISIONS),
        unit=st.sampled_from(UNITS),
        lead_unit=st.sampled_from(LEADS),
        category=st.sampled_from(("", "URB.06", "URB.01", "WTR.01")),
        channel=st.sampled_from(("web", "telephone")),
        title=st.sampled_from(("", "路灯不亮", "a.b(c", "断水")),
        content=st.sampled_from(("", "路灯不亮已三天", "断水两日")),
        place=st.sampled_from(("", "锦江路12号")),
        urgent=st.booleans(),
        collective=st.booleans(),
        ordered=st.booleans(),
        returns=st.integers(0, 2),
        reworks=st.integers(0, 2),
        registered_at=instants(),
        changed_at=instants(),
        accept_by=st.none() | instants(),
        complete_by=st.none() | instants(),
        clocks=st.lists(clocks(), max_size=2).map(tuple),
    )

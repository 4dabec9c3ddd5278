"""What falls due: once, in order, never early; what was false; who held the matter. Random histories of a clock."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.sla.domain import sheet as sheets
from services.sla.domain import transitions
from services.sla.domain.deadlines import deadline
from services.sla.domain.limits import Limit
from services.sla.domain.sheet import ACCEPT_BY, COMPLETE_BY, RED, ClockSheet, Start
from services.sla.domain.transitions import Ordered, OrderPolicy, Reached, Transition, Turned, decide_due, stop, wake_at
from tests.facts.values import DAY, HOUR, LEAD, NUMBER, OTHER, UNIT
from tests.harness import MONDAY
from tests.unit.sla.values import CN, SECOND, limits

POLICY = OrderPolicy()
MOMENTS = st.lists(st.integers(0, 60 * 24 * 40), max_size=12).map(
    lambda minutes: [MONDAY + m * HOUR / 60 for m in minutes]
)


def running(limit: Limit, *, urgent: bool = False) -> ClockSheet:
    """A sheet whose one clock runs from Monday 9 o'clock."""
    reached = deadline(limit, MONDAY, CN)
    orders_at = POLICY.orders_at(reached.due, urgent=urgent)
    asked = Start(COMPLETE_BY, UNIT, LEAD, limit)
    return sheets.start(ClockSheet(NUMBER, "431226", urgent=urgent), asked, reached, orders_at)[0]


def fired(sheet: ClockSheet, moments: list[datetime]) -> tuple[ClockSheet, list[tuple[datetime, Transition]]]:
    """Knock at each moment; what fell due, with the moment of the knock."""
    told: list[tuple[datetime, Transition]] = []
    for now in moments:
        sheet, due = decide_due(sheet, now)
        told += [(now, each) for each in due]
    return sheet, told


def unlooked(sheet: ClockSheet) -> ClockSheet:
    """The sheet whenever it was last held against the calendar."""
    return replace(sheet, clocks=tuple(replace(clock, looked=None) for clock in sheet.clocks))


def name(due: Transition) -> tuple[str, int]:
    assert not isinstance(due, Reached), "no ladder was published"
    return ("light", due.new) if isinstance(due, Turned) else ("order", due.level)


@given(limits(), MOMENTS, st.booleans())
def test_each_transition_fires_once_in_order_and_never_early(
    limit: Limit, moments: list[datetime], urgent: bool
) -> None:
    _, told = fired(running(limit, urgent=urgent), sorted(moments))
    names = [name(due) for _, due in told]
    assert len(set(names)) == len(names)
    assert [due.at for _, due in told] == sorted(due.at for _, due in told)
    assert all(due.at <= now for now, due in told)


@given(limits(), MOMENTS, st.booleans())
def test_knocks_on_the_way_change_nothing_of_what_is_announced_in_the_end(
    limit: Limit, moments: list[datetime], urgent: bool
) -> None:
    """An outage loses nothing: one knock at the end tells what many knocks had told, in the same order."""
    end = max(moments, default=MONDAY)
    sheet, told = fired(running(limit, urgent=urgent), [*sorted(moments), end])
    once, at_once = fired(running(limit, urgent=urgent), [end])
    assert unlooked(sheet) == unlooked(once)
    assert [name(due) for _, due in told] == [name(due) for _, due in at_once]


@given(limits(), st.booleans())
def test_following_the_wake_instants_fires_everything_at_its_instant(limit: Limit, urgent: bool) -> None:
    sheet, told = running(limit, urgent=urgent), list[tuple[datetime, Transition]]()
    while (now := wake_at(sheet)) is not None:
        before, (sheet, more) = sheet, fired(sheet, [now])
        assert more or sheet != before, "woken for nothing"
        told += more
    assert [due.at for _, due in told] == [now for now, _ in told]
    assert [name(due) for _, due in told if isinstance(due, Turned)] == [("light", 1), ("light", 2), ("light", RED)]
    assert [due.level for _, due in told if isinstance(due, Ordered)] == ([1, 2, 3] if urgent else [1])


@given(limits(), MOMENTS, st.integers(0, 60 * 24 * 40), st.booleans())
def test_a_late_fact_leaves_what_an_early_one_would_have_left(
    limit: Limit, moments: list[datetime], minutes: int, urgent: bool
) -> None:
    """Whatever was announced in between: the true part stands, the rest is taken back, the clock is the same."""
    end = MONDAY + minutes * HOUR / 60
    late, told = fired(running(limit, urgent=urgent), sorted(moments))
    late, [stopped] = stop(late, end, (COMPLETE_BY,))
    early, _ = stop(running(limit, urgent=urgent), end, (COMPLETE_BY,))
    assert [(c.stopped, c.met, c.due) for c in late.clocks] == [(c.stopped, c.met, c.due) for c in early.clocks]
    taken_back = [name(due) for _, due in told if due.at >= end]
    untrue = stopped.untrue
    lights = [("light", colour) for old, new in untrue.colours for colour in range(new + 1, old + 1)]
    assert sorted(taken_back) == sorted(lights + [("order", level) for level in untrue.orders])
    assert decide_due(late, end + 400 * DAY)[1] == ()
    assert wake_at(late) is None


def test_a_clock_that_stops_at_the_very_instant_of_its_deadline_was_in_time() -> None:
    sheet = running(Limit(5))
    due = sheet.clocks[0].due
    sheet, [stopped] = stop(decide_due(sheet, due)[0], due, (COMPLETE_BY,))
    assert stopped.clock.met
    assert stopped.untrue.colours == ((RED, 2),)


def test_the_order_of_two_clocks_transitions_is_that_of_their_instants() -> None:
    sheet = running(Limit(300, "minutes"))
    reached = deadline(Limit(200, "minutes"), MONDAY, CN)
    sheet, _ = sheets.start(sheet, Start(ACCEPT_BY, UNIT, LEAD, Limit(200, "minutes")), reached, ())
    _, due = decide_due(sheet, MONDAY + 4 * HOUR)
    assert [each.at for each in due] == sorted(each.at for each in due)
    assert {each.clock.kind for each in due} == {ACCEPT_BY, COMPLETE_BY}


def test_an_order_waits_for_the_hold() -> None:
    sheet = running(Limit(1))
    due = sheet.clocks[0].due
    sheet, turned = decide_due(sheet, due + POLICY.hold - SECOND)
    assert [name(each) for each in turned] == [("light", 1), ("light", 2), ("light", RED)]
    assert [name(each) for each in decide_due(sheet, due + POLICY.hold)[1]] == [("order", 1)]


@given(
    st.lists(
        st.tuples(st.sampled_from([UNIT, OTHER, "desk", "reporters"]), st.integers(-600, 6000)), min_size=1, max_size=90
    )
)
def test_the_holdings_add_up_to_the_age_of_the_matter(changes: list[tuple[str, int]]) -> None:
    sheet, now = ClockSheet(NUMBER, "431226"), MONDAY
    for holder, minutes in changes:  # a negative step: a fact that was said earlier than the one read before it
        now = now + minutes * HOUR / 60
        sheet = sheets.hand_over(sheet, holder, now)
    end = max(now, sheet.holdings[-1].since) + DAY
    spans = sheets.held(sheet, end)
    assert sum(spans.values(), timedelta()) == end - sheet.holdings[0].since
    assert all(span >= timedelta() for span in spans.values())
    assert len(sheet.holdings) <= sheets.CLOCKS_AT_MOST


def test_a_closed_matter_grows_no_older() -> None:
    sheet = sheets.hand_over(ClockSheet(NUMBER, "431226"), UNIT, MONDAY)
    sheet = sheets.hand_over(sheet, sheets.NOBODY, MONDAY + DAY)
    assert sheets.held(sheet, MONDAY + 30 * DAY) == {UNIT: DAY}
    again = sheets.hand_over(sheet, UNIT, MONDAY + 10 * DAY)
    assert sheets.held(again, MONDAY + 11 * DAY) == {UNIT: 2 * DAY}


def test_another_calendar_takes_back_what_it_makes_untrue() -> None:
    sheet = running(Limit(2))
    clock = decide_due(sheet, sheet.clocks[0].due + 5 * HOUR)[0].clocks[0]
    later = deadline(Limit(4), MONDAY, CN)
    orders = POLICY.orders_at(later.due, urgent=False)
    moved, untrue = transitions.rebase(clock, later, orders, (), clock.due + 5 * HOUR, later.due)
    assert (moved.due, untrue.orders) == (later.due, (1,))
    assert untrue.colours == ((RED, 1),)


@given(st.integers(1, 200))
def test_a_running_clock_is_never_forgotten_however_often_a_matter_is_sent_to_and_fro(hops: int) -> None:
    """An urgent matter's day runs from its first assignment, while clocks to accept come and go."""
    day, accept = Limit(1), Limit(30, unit="minutes")
    sheet = running(day, urgent=True)
    for hop in range(hops):
        now = MONDAY + hop * HOUR
        asked = Start(ACCEPT_BY, UNIT, LEAD, accept)
        sheet = sheets.start(sheet, asked, deadline(accept, now, CN), ())[0]
        sheet = stop(sheet, now + HOUR / 4, (ACCEPT_BY,))[0]
    assert [clock.id for clock in sheet.clocks if clock.stopped is None] == ["c1"]
    assert sheet.running(COMPLETE_BY)
    assert len(sheet.clocks) <= sheets.CLOCKS_AT_MOST

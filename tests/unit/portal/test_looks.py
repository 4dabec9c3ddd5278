"""What is laid out on the live page: the stuck before the new, whatever else changes; one sentence on top."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lifecycle import Lane, TicketState
from contracts.vocabulary import Language
from services.portal import times
from services.portal.reading.board import selection, summary
from services.portal.reading.board.board import LANES, Board
from services.portal.reading.ticket.document import Ticket
from tests.unit.portal.tickets import NOON, a_clock, a_ticket, tickets

HOUR = timedelta(hours=1)


def named(number: str, **changed: Any) -> Ticket:
    return a_ticket(id=number, number=number, **changed)


def late(number: str, by: timedelta, **changed: Any) -> Ticket:
    """With a unit that should have accepted it."""
    due = NOON - by
    given: dict[str, Any] = {"state": TicketState.ASSIGNED, "accept_by": due, "clocks": (a_clock(due),)}
    return named(number, **(given | changed))


def laid(*found: Ticket) -> Board:
    newest = sorted(found, key=lambda each: each.changed_at, reverse=True)
    return selection.lay(selection.seen(newest, NOON), NOON)


def test_a_red_matter_that_nobody_touched_for_a_week_stays_on_the_page() -> None:
    week = timedelta(days=7)
    stuck = late("STUCK", week, changed_at=NOON - week, registered_at=NOON - week)
    later = [named(f"N{at}", state=TicketState.ASSIGNED, changed_at=NOON - at * HOUR / 60) for at in range(300)]
    board = laid(stuck, *later)
    assert board.lanes[Lane.ACCEPTING] == ("STUCK", "N0", "N1", "N2")
    assert board.attention == ("STUCK",)
    assert {card.number for card in board.cards} >= {"STUCK", "N0"}


def test_what_was_screened_out_empties_no_lane() -> None:
    invalid = [named(f"I{at}", state=TicketState.INVALID, changed_at=NOON + HOUR) for at in range(300)]
    board = laid(named("A"), *invalid)
    assert board.lanes[Lane.REGISTERED] == ("A",)
    assert (board.counters.valid, board.invalid, board.withdrawn) == (1, 300, 0)


def test_the_rail_begins_with_what_is_longest_over_and_ends_with_what_only_presses() -> None:
    soon = NOON + HOUR
    found = (
        late("TWO", 2 * HOUR),
        late("NINE", 9 * HOUR),
        named("URGENT", urgent=True),
        named(
            "ORDERED", state=TicketState.IN_HAND, ordered=True, complete_by=soon, clocks=(a_clock(soon, "complete_by"),)
        ),
        named("DONE", state=TicketState.AWAITING_EVALUATION, urgent=True),
        named("CALM"),
    )
    assert laid(*found).attention == ("NINE", "TWO", "ORDERED", "URGENT")


@given(st.lists(tickets(), max_size=40))
def test_everything_laid_out_has_a_card_and_no_lane_shows_more_than_it_holds(found: list[Ticket]) -> None:
    board = laid(*(named(f"T{at}", **vars_of(each)) for at, each in enumerate(found)))
    shown = {card.number: card for card in board.cards}
    for lane, numbers in board.lanes.items():
        assert {shown[number].lane for number in numbers} <= {lane}
        assert len(numbers) == min(board.totals[lane], selection.SHOWN)
    assert {*board.attention, *board.news} <= set(shown)
    assert sum(board.totals.values()) == board.counters.valid == sum(each.state in LANES for each in found)


def vars_of(ticket: Ticket) -> dict[str, Any]:
    """The fields that a look depends on."""
    names = ("state", "clocks", "accept_by", "complete_by", "changed_at", "registered_at", "urgent", "ordered")
    return {name: getattr(ticket, name) for name in names}


@pytest.mark.parametrize(
    ("instant", "begin"),
    [
        (datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16, tzinfo=UTC), datetime(2026, 3, 2, 16, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_china(instant: datetime, begin: datetime) -> None:
    assert selection.begin_of_day(instant) == begin


def test_today_counts_what_came_and_what_was_struck_off_since_midnight() -> None:
    yesterday = NOON - timedelta(days=1)
    board = laid(
        named("A"),
        named("B", registered_at=yesterday),
        named("C", state=TicketState.STRUCK_OFF, registered_at=yesterday, struck_off_at=NOON),
        named("D", state=TicketState.STRUCK_OFF, registered_at=yesterday, struck_off_at=yesterday),
        named("E", state=TicketState.INVALID),
    )
    assert (board.today.registered, board.today.struck_off) == (1, 1)


def sentence(board: Board, language: Language) -> str:
    return "".join(clause.text for clause in summary.clauses(board, language))


def test_the_sentence_says_what_is_late_and_who_waits_longest() -> None:
    board = laid(late("A", HOUR, registered_at=NOON - 27 * HOUR), named("B"))
    assert sentence(board, "zh") == "今日登记 1 件，销号 0 件；逾期 1 件；待受理最久 1天 3小时。"
    assert (
        sentence(board, "en") == "Today: 1 registered, 0 struck off. Overdue: 1. Longest wait to be accepted: 1 d 3 h."
    )


def test_the_sentence_of_a_calm_board_is_calm() -> None:
    assert sentence(laid(), "zh") == "今日登记 0 件，销号 0 件；没有逾期事项；没有待受理事项。"


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(minutes=5), "还剩 5分钟", "5 min left"),
        (timedelta(), "已超 0分钟", "0 min over"),
        (timedelta(hours=-49), "已超 2天 1小时", "2 d 1 h over"),
    ],
)
def test_what_is_left_is_said_in_its_largest_units(length: timedelta, zh: str, en: str) -> None:
    assert (times.left(length, "zh"), times.left(length, "en")) == (zh, en)

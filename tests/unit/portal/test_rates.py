"""Live rates: the last minute by county, in bounded memory, from a body that cannot raise."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.envelope import encode_headers, encode_value
from runtime.clock import Clock
from runtime.delivery.records import Outgoing
from runtime.memory.log import InMemoryFollower, InMemoryLog
from services.portal.reading.board import rates
from services.portal.reading.board.board import Rate
from services.portal.reading.board.rates import RateWindow
from services.portal.reading.live import counting
from services.portal.reading.live.rates import FRESH_FOR, FollowedRates
from tests.facts.feedback import completed
from tests.harness import fact
from tests.unit.portal import log

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REGISTERED = (("ce_type", b"TicketRegistered"), ("ce_time", NOW.isoformat().encode()))


def test_a_county_shows_what_happened_in_the_last_minute() -> None:
    window = RateWindow()
    for seconds, kind in ((0, "registered"), (1, "registered"), (30, "moved"), (50, "struck_off"), (70, "registered")):
        window.count("431226", kind, NOW - seconds * SECOND)
    (rate,) = window.rates(NOW)
    assert (rate.registered, rate.moved, rate.struck_off) == (2, 1, 1)
    assert sum(rate.series) == rate.registered + rate.moved + rate.struck_off
    assert len(rate.series) == rates.SLOTS


def test_a_silent_minute_empties_the_county() -> None:
    window = RateWindow()
    window.count("431226", "moved", NOW)
    assert window.rates(NOW + 61 * SECOND) == ()


def test_the_busiest_county_comes_first() -> None:
    window = RateWindow()
    for county in ("430102", "431226", "431226"):
        window.count(county, "moved", NOW)
    assert [rate.county for rate in window.rates(NOW)] == ["431226", "430102"]


def test_memory_is_bounded_whatever_counties_come() -> None:
    window = RateWindow()
    for number in range(rates.COUNTIES + 50):
        window.count(f"{number:06d}", "moved", NOW)
    assert len(window.rings) == rates.COUNTIES


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(("registered", "moved"))), max_size=60))
def test_in_order_counts_of_the_last_bars_are_exact(told: list[tuple[int, str]]) -> None:
    window = RateWindow()
    for second, kind in sorted(told):
        window.count("431226", kind, NOW + second * SECOND)
    end = NOW + 200 * SECOND
    oldest = int(end.timestamp()) // rates.SLOT - rates.SLOTS
    wanted = sum(int((NOW + second * SECOND).timestamp()) // rates.SLOT > oldest for second, _ in told)
    assert sum(sum(rate.series) for rate in window.rates(end)) == wanted


def test_a_real_record_is_counted_for_the_county_of_its_number() -> None:
    message = fact(log.registered(), NOW)
    window = RateWindow()
    counting.take(window, encode_headers(message), encode_value(message))
    assert [(rate.county, rate.registered) for rate in window.rates(NOW)] == [("431226", 1)]


def test_what_carries_no_number_is_counted_for_the_county_known_of_its_ticket() -> None:
    window = RateWindow()
    for body in (completed(), log.registered(), completed()):
        message = fact(body, NOW)
        counting.take(window, encode_headers(message), encode_value(message), b"TICKET")
    assert [(rate.registered, rate.moved) for rate in window.rates(NOW)] == [(1, 1)]


def test_the_counties_of_only_so_many_tickets_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "TICKETS", 3)
    window = RateWindow()
    for ticket in ("A", "B", "C", "A", "D"):
        window.home(ticket, "431226")
    assert [window.home(ticket, "") for ticket in "ABCD"] == ["431226", "", "431226", "431226"]


HEADERS = st.lists(st.tuples(st.sampled_from(("ce_type", "ce_time", "x")), st.binary(max_size=12)), max_size=4)


@given(HEADERS, st.binary(max_size=40) | st.none() | st.integers())
def test_no_bytes_make_the_body_raise(headers: list[tuple[str, bytes]], value: object) -> None:
    window = RateWindow()
    counting.take(window, headers, value)
    counting.take(window, REGISTERED, value)
    assert window.rates(NOW) == ()


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner) | st.dictionaries(st.just("number"), inner),
    )
)
def test_no_json_makes_the_body_raise(value: object) -> None:
    window = RateWindow()
    counting.take(window, REGISTERED, json.dumps(value).encode())
    assert all(rate.county.isdigit() for rate in window.rates(NOW))


async def test_the_portal_shows_published_rates_while_they_are_fresh() -> None:
    wall = [NOW]
    kafka = InMemoryLog()
    rate = Rate(county="431226", registered=1, moved=2, struck_off=0, series=(1, 2))
    for value in (b"{broken", b"[]", counting.published(rate, NOW)):
        kafka.append(Outgoing("live-rates", 0, "431226", (), value))
    followed = FollowedRates(InMemoryFollower(kafka, "live-rates"), Clock(wall=lambda: wall[0]))
    await followed.look()
    assert followed.latest() == (rate,)
    wall[0] = NOW + FRESH_FOR + SECOND
    assert followed.latest() == ()

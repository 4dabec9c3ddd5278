"""Who is told when, and once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.domain.channels import ProviderBreaker, Recipient, routes, sms_parts
from services.notify.domain.deliveries import DELIVERIES_AT_MOST, Report, TicketDeliveries
from services.notify.domain.notes import Note, plan, reference
from services.notify.domain.office_hours import Office
from tests.harness import MONDAY, TICKET

NATIONAL_DAY, MAKE_UP_SATURDAY = date(2026, 10, 1), date(2026, 10, 10)
OFFICE = Office(frozenset({NATIONAL_DAY, date(2026, 10, 2)}), frozenset({MAKE_UP_SATURDAY}))


def china(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """An instant by the wall clocks of China."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (china(3, 2, 9), china(3, 2, 9)),
        (china(3, 2, 16, 59), china(3, 2, 16, 59)),
        (china(3, 2, 17), china(3, 3, 9)),
        (china(3, 2, 3), china(3, 2, 9)),
        (china(3, 6, 20), china(3, 9, 9)),
        (china(3, 7, 12), china(3, 9, 9)),
        (china(9, 30, 18), china(10, 5, 9)),
        (china(10, 10, 10), china(10, 10, 10)),
        (china(10, 9, 22), china(10, 10, 9)),
    ],
)
def test_staff_hear_in_office_hours_of_working_days(now: datetime, opens: datetime) -> None:
    assert OFFICE.next_open(now) == opens


@given(st.integers(0, 8 * 366 * 24 * 60))
def test_the_next_opening_is_never_before_now_and_is_open(minutes: int) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = OFFICE.next_open(now)
    assert opens >= now
    assert OFFICE.next_open(opens) == opens


@pytest.mark.parametrize(
    ("note", "waits"),
    [
        (Note("reporter", "registered"), False),
        (Note("unit", "assigned", to="431226-JT"), True),
        (Note("unit", "assigned", to="431226-JT", urgent=True), False),
        (Note("supervision", "light_red", to="431226-SUP"), True),
    ],
)
def test_at_night_only_reporters_and_the_urgent_are_told(note: Note, waits: bool) -> None:
    night = china(3, 3, 2)
    (delivery,) = plan(TICKET, note, night, OFFICE)
    assert delivery.not_before == (china(3, 3, 9) if waits else night)


@given(st.lists(st.tuples(st.sampled_from(["registered", "progress", "remind"]), st.integers(1, 3)), max_size=30))
def test_one_delivery_per_person_kind_and_round(said: list[tuple[str, int]]) -> None:
    post = TicketDeliveries(number="n")
    for kind, round_ in said:
        post = post.with_planned(plan(TICKET, Note("reporter", kind, round_, people=(0, 1)), MONDAY, OFFICE))
    keys = [(item.person, item.kind, item.round) for item in post.items]
    assert len(keys) == len(set(keys)) == 2 * len(set(said))
    assert len({item.ref for item in post.items}) == len(post.items)


def test_a_reference_is_built_from_parts_with_lengths() -> None:
    assert reference("AB", "c", 0, "k", 1) == reference("AB", "c", 0, "k", 1)
    assert reference("AB", "c", 0, "k", 1) != reference("A", "Bc", 0, "k", 1)


def test_of_many_deliveries_settled_ones_are_forgotten_and_never_one_to_be_sent() -> None:
    post = TicketDeliveries(number="n").with_planned(plan(TICKET, Note("reporter", "first"), MONDAY, OFFICE))
    post = post.with_reports({post.items[0].ref: Report("sent", "sms")})
    everybody = tuple(range(DELIVERIES_AT_MOST + 50))
    post = post.with_planned(plan(TICKET, Note("reporter", "progress", people=everybody), MONDAY, OFFICE))
    assert [item.kind for item in post.items] == ["progress"] * len(everybody)


def test_what_staff_were_still_to_hear_is_dropped_and_reporters_hear_all() -> None:
    notes = [Note("unit", "light_yellow", to="u"), Note("reporter", "progress")]
    post = TicketDeliveries(number="n").with_planned(
        each for note in notes for each in plan(TICKET, note, MONDAY, OFFICE)
    )
    left = post.without("unit", "lead", "supervision")
    assert [(item.audience, item.state) for item in left.items] == [("unit", "dropped"), ("reporter", "planned")]
    assert left.send_at == MONDAY
    assert left.without("reporter").send_at is None


def test_unknowns_are_counted_until_somebody_knows() -> None:
    post = TicketDeliveries(number="n").with_planned(plan(TICKET, Note("reporter", "registered"), MONDAY, OFFICE))
    unknown = post.with_reports({post.items[0].ref: Report("unknown", "sms")})
    assert (unknown.unknowns, unknown.send_at) == (1, None)
    assert unknown.with_reports({post.items[0].ref: Report("sent", "person")}).unknowns == 0


def test_a_provider_that_fails_in_a_row_rests_each_time_longer_up_to_a_minute() -> None:
    start, breaker, rests = timedelta(days=3), ProviderBreaker(), []
    for _ in range(15):
        breaker = breaker.after(start, answered=False)
        rests.append((breaker.rests_until - start).total_seconds() if breaker.rests_until else 0.0)
    assert rests == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert not breaker.lets(start + timedelta(seconds=59))
    assert breaker.lets(start + timedelta(seconds=60))
    assert breaker.after(start, answered=True) == ProviderBreaker()


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (Recipient("none", {"phone": "1", "email": "e"}), ()),
        (Recipient("sms", {"phone": "1", "email": "e"}), (("sms", "1"), ("email", "e"))),
        (Recipient("email", {"phone": "1", "email": "e"}), (("email", "e"), ("sms", "1"))),
        (Recipient("", {"phone": "1", "email": ""}), (("sms", "1"),)),
        (Recipient("", {"phone": "", "email": "e"}), (("email", "e"),)),
        (Recipient(), ()),
    ],
)
def test_the_chosen_channel_comes_first_and_nobody_is_written_to_who_wants_none(
    person: Recipient, expected: tuple[tuple[str, str], ...]
) -> None:
    assert routes(person) == expected


@pytest.mark.parametrize(
    ("text", "parts"), [("", 1), ("国" * 70, 1), ("国" * 71, 2), ("国" * 134, 2), ("国" * 135, 3), ("😀" * 36, 2)]
)
def test_a_gateway_charges_by_the_part(text: str, parts: int) -> None:
    assert sms_parts(text) == parts

"""What is neither urgent nor an order waits for the slot, and is one letter to an account over all its tickets (D3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identifiers import number_of
from contracts.topics import partition_of
from services.notify.adapters.templates import packaged
from services.notify.domain.deliveries import ORDERS, RESEND, STAFF, Delivery, Report
from services.notify.domain.digests import NAMED_AT_MOST, TASKS, DigestLine, counted, digest_values, pressing
from services.notify.domain.notes import Note, plan
from services.notify.domain.office_hours import Office, slots_of
from services.notify.ports import Guarantee, Outcome, Weekdays
from services.notify.workers.dispatch import UNDER_WAY
from tests.facts.values import COUNTY, UNIT
from tests.harness import MONDAY, TICKET
from tests.unit.notify.matters import Desktop, SilentMessenger, accepted, assigned, light

SLOTS = (time(9), time(14))
OFFICE = Office(slots=SLOTS)
MORNING, NOON = MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=5)
OTHERS = tuple(f"{first}{TICKET[1:]}" for first in "XYZ")
DUTY = f"unit:{UNIT}"


@pytest.mark.parametrize(
    ("note", "at"),
    [
        (Note("unit", "assigned", to=UNIT), NOON),
        (Note("supervision", "light_red", to="431226-SUP"), NOON),
        (Note("unit", "assigned", to=UNIT, urgent=True), MORNING),
        (Note("reporter", "assigned"), MORNING),
        *((Note("unit", kind, to=UNIT), MORNING) for kind in ORDERS),
    ],
)
def test_what_is_neither_urgent_nor_an_order_waits_for_the_slot(note: Note, at: datetime) -> None:
    (delivery,) = plan(TICKET, note, MORNING, OFFICE)
    assert (delivery.not_before, delivery.digest) == (at, at == NOON)
    (alone,) = plan(TICKET, note, MORNING, Office())
    assert (alone.not_before, alone.digest) == (MORNING, False)


@given(st.integers(0, 3 * 366 * 24 * 60))
def test_the_next_slot_is_a_slot_of_a_working_day_and_none_is_left_out(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    slot = OFFICE.next_slot(now)
    china = slot + timedelta(hours=8)
    assert slot >= now
    assert china.time() in SLOTS
    assert OFFICE.works(china.date())
    assert OFFICE.next_slot(slot) == slot
    assert OFFICE.next_slot(now + (slot - now) / 2) == slot


@pytest.mark.parametrize(
    ("text", "slots"), [("", ()), (" ", ()), ("09:00,14:00", SLOTS), ("14:00, 9:00", SLOTS), ("16:59", (time(16, 59),))]
)
def test_slots_are_read_in_order(text: str, slots: tuple[time, ...]) -> None:
    assert slots_of(text) == slots


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("9", "'9': a time as 09:00"),
        ("25:00", "'25:00'"),
        ("08:59", "08:59: outside of office hours"),
        ("17:00", "outside of office hours"),
        ("09:00,10:00,11:00,12:00,13:00", "up to 4"),
        ("09:00,", "a time as 09:00"),
    ],
)
def test_a_bad_slot_is_named(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        slots_of(text)


def test_every_kind_that_a_digest_may_tell_has_its_words() -> None:
    of_staff = {name.partition("/")[0] for name in packaged().names() if name.partition("/")[2] in STAFF}
    assert set(TASKS) == of_staff - set(ORDERS)


LINES = st.lists(
    st.builds(
        DigestLine,
        st.integers(0, 30).map(lambda nth: f"431226{nth:013d}"),
        st.sampled_from([*TASKS, "of a later build"]),
        st.just(MONDAY),
        st.none() | st.integers(0, 500).map(lambda hours: MONDAY + timedelta(hours=hours)),
    ),
    min_size=1,
)


@given(LINES, st.sampled_from(["sms", "email"]))
def test_a_digest_counts_all_and_names_the_most_pressing_first(lines: list[DigestLine], channel: str) -> None:
    matters, numbers = pressing(lines), {each.number for each in lines}
    assert sorted(each.number for each in matters) == sorted(numbers)
    assert [each.urgency for each in matters] == sorted(each.urgency for each in matters)
    values = digest_values(lines, channel)
    told = values["listed_zh"].split("\n")
    assert told == [each.said(0) for each in matters[: len(told)]]
    assert len(told) == min(NAMED_AT_MOST, len(numbers)), "ten fit, also into an SMS"
    assert values["more_zh"] == (str(len(numbers) - len(told)) if len(numbers) > len(told) else "")
    assert sum(int(each.rpartition(" ")[2]) for each in counted(lines, 0)) == len(lines)


def test_red_comes_before_what_is_new_and_says_until_when() -> None:
    until = datetime(2026, 3, 5, 9, tzinfo=UTC)
    lines = [DigestLine("N1", "assigned", MONDAY), DigestLine("N2", "light_red", MONDAY, until)]
    lines.append(DigestLine("N1", "stuck", MONDAY))
    values = digest_values(lines, "sms")
    assert values["matters_zh"] == "N2 已超期 03-05 17:00前；N1 受理"
    assert values["matters_en"] == "N2 overdue by 03-05 17:00; N1 accept or return"
    assert values["counts_zh"] == "红灯 1；待受理 1；久无进展 1"


@pytest.fixture
def desk() -> Desktop:
    """At ten in the morning of a working day."""
    desk = Desktop(Weekdays(SLOTS))
    desk.stage.pass_time(timedelta(hours=1))
    return desk


async def tell(desk: Desktop, *tickets: str) -> None:
    """Each of these matters was assigned to the same unit."""
    for ticket in tickets:
        said = assigned(desk.stage.clock.now(), number=number_of(ticket, COUNTY))
        await desk.told(replace(said, key=ticket, id=f"assigned {ticket}"))


async def at_the_slot(desk: Desktop) -> None:
    desk.stage.pass_time(timedelta(hours=4))
    await desk.deliver()


def texts(desk: Desktop) -> list[str]:
    """What the unit has got."""
    return [each.text for each in desk.sms.sent.values() if each.address == DUTY]


def of_unit(desk: Desktop, ticket: str = TICKET) -> Delivery:
    (found,) = (item for item in desk.stage.document(ticket).items if item.audience == "unit")
    assert isinstance(found, Delivery)
    return found


async def test_everything_that_is_due_is_one_letter_and_each_delivery_is_reported(desk: Desktop) -> None:
    await tell(desk, TICKET, *OTHERS)
    await desk.deliver()
    assert texts(desk) == []
    await at_the_slot(desk)
    (text,) = texts(desk)
    assert "待受理 4" in text
    assert all(number_of(ticket, COUNTY) in text for ticket in (TICKET, *OTHERS))
    sent = [of_unit(desk, ticket) for ticket in (TICKET, *OTHERS)]
    assert {(each.state, each.letter) for each in sent} == {("sent", sent[0].letter)}
    assert {each.ref for each in sent} == set(desk.sms.sent[sent[0].letter].deliveries)
    assert [desk.stage.document(ticket).digests for ticket in (TICKET, *OTHERS)] == [()] * 4


async def test_what_is_alone_reads_as_always(desk: Desktop) -> None:
    await tell(desk, TICKET)
    await at_the_slot(desk)
    (text,) = texts(desk)
    assert "请在受理时限内受理或退回" in text
    assert of_unit(desk).letter == ""


async def test_what_is_urgent_goes_at_once_beside_what_waits(desk: Desktop) -> None:
    await tell(desk, TICKET, OTHERS[0])
    urgent = light("orange", desk.stage.clock.now(), urgent=True, unit=UNIT, lead_unit="")
    await desk.told(urgent)
    await desk.deliver()
    (text,) = texts(desk)
    assert "橙灯" in text
    assert of_unit(desk, OTHERS[0]).state == "planned"


async def test_what_was_overtaken_is_in_no_digest(desk: Desktop) -> None:
    await tell(desk, TICKET, *OTHERS)
    await desk.told(replace(accepted(), key=OTHERS[0], id="accepted"))
    await at_the_slot(desk)
    (text,) = texts(desk)
    assert number_of(OTHERS[0], COUNTY) not in text
    assert "待受理 3" in text


async def test_one_process_sends_for_an_account_whichever_tickets_it_holds(desk: Desktop) -> None:
    await tell(desk, TICKET, *OTHERS)
    desk.partitions = [each for each in range(64) if each != partition_of(UNIT)]
    await at_the_slot(desk)
    assert texts(desk) == []
    desk.partitions = [partition_of(UNIT)]
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert len(texts(desk)) == 1


async def test_a_digest_that_went_before_the_process_died_is_found_and_not_sent_again(desk: Desktop) -> None:
    await tell(desk, TICKET, OTHERS[0])
    desk.stage.pass_time(timedelta(hours=4))
    waiting = await desk.outbox.due_for(UNIT, desk.stage.clock.now(), 10)
    (digest,) = desk.deliverer._letters.digest(UNIT, waiting)
    assert {each.ticket for each in digest.entries} == {TICKET, OTHERS[0]}
    await desk.outbox.attempt(digest.entries, desk.stage.clock.wall())
    await desk.sms.send([desk.deliverer._letters.written(digest, "sms", DUTY)])
    await tell(desk, OTHERS[1])
    desk.restarted()
    for _ in range(3):
        await desk.deliver()
        desk.stage.pass_time(UNDER_WAY)
    assert len([text for text in texts(desk) if "待办汇总" in text]) == 1
    assert {of_unit(desk, ticket).letter for ticket in (TICKET, OTHERS[0])} == {digest.reference}


async def test_two_processes_that_form_the_same_digest_send_it_once(desk: Desktop) -> None:
    await tell(desk, TICKET, OTHERS[0])
    desk.stage.pass_time(timedelta(hours=4))
    waiting = await desk.outbox.due_for(UNIT, desk.stage.clock.now(), 10)
    (digest,) = desk.deliverer._letters.digest(UNIT, waiting)
    await desk.outbox.attempt(digest.entries[:1], desk.stage.clock.wall())
    await desk.deliver()
    assert texts(desk) == []
    await desk.outbox.withdraw(digest.entries[:1])
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert len(texts(desk)) == 1


async def test_what_certainly_did_not_go_is_in_the_next_letter(desk: Desktop) -> None:
    await tell(desk, TICKET, OTHERS[0])
    await desk.deliver()
    desk.sms.next_outcomes = [Outcome.NOT_SENT]
    await at_the_slot(desk)
    assert (texts(desk), of_unit(desk).state) == ([], "planned")
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert len(texts(desk)) == 1


async def test_a_digest_of_unknown_fate_is_shown_and_not_sent_again(desk: Desktop) -> None:
    desk.restarted(sms=SilentMessenger())
    await tell(desk, TICKET, OTHERS[0])
    await at_the_slot(desk)
    unknown = [each for each in await desk.outbox.unknown(COUNTY, 10) if each.audience == "unit"]
    assert len({each.reference for each in unknown}) == 1
    assert {each.ticket for each in unknown} == {TICKET, OTHERS[0]}
    again = Report(RESEND, "person", letter=unknown[0].reference)
    assert not desk.stage.document().awaits(of_unit(desk).ref, again, desk.stage.clock.now())
    desk.restarted(sms=ForgottenMessages(Guarantee(timedelta(seconds=1))))
    desk.stage.pass_time(timedelta(minutes=6))
    await desk.deliver()
    assert {of_unit(desk, ticket).state for ticket in (TICKET, OTHERS[0])} == {"unknown"}


class ForgottenMessages(SilentMessenger):
    """It is back, and has not got what was handed over."""

    def __init__(self, promise: Guarantee) -> None:
        self.promise = promise

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        return dict.fromkeys(references, Outcome.NOT_SENT)

"""Each message goes once: over providers that fail, processes that die, logs and databases that are silent (D2)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from contracts.envelope import type_of
from contracts.messages import notify
from runtime.delivery.ports import Unavailable
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.domain.channels import FAILURES_IN_A_ROW
from services.notify.ports import BATCH, Letter, Outcome
from services.notify.workers import sender
from services.notify.workers.dispatch import PROBES, UNDER_WAY
from tests.facts.intake import erased
from tests.facts.values import NUMBER, UNIT
from tests.harness import TICKET, fact
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, SilentMessenger, assigned, crowd, entries, registered

REGISTERED = ("reporter", 0, "registered")


@pytest.fixture
def desk() -> Desktop:
    return Desktop()


async def test_each_is_told_by_the_channel_and_in_the_language_that_they_chose(desk: Desktop) -> None:
    await desk.told(registered(2), people=(FILER, NEIGHBOUR))
    await desk.deliver()
    (sms,), (email,) = desk.sms.sent.values(), desk.email.sent.values()
    assert sms.address == FILER["phone"]
    assert [word in sms.text for word in (NUMBER, "QUERYCODE1", "登记")] == [True] * 3
    assert email.address == NEIGHBOUR["email"]
    assert [word in email.text for word in ("QUERYCODE2", "registered")] == [True] * 2
    assert email.subject == f"Matter {NUMBER}"
    assert [(each.person, each.channel, each.outcome) for each in desk.told_of_people()] == [
        (0, "sms", "sent"),
        (1, "email", "sent"),
    ]


async def test_a_second_sweep_sends_nothing_again(desk: Desktop) -> None:
    await desk.told(registered())
    await desk.deliver()
    for _ in range(3):
        desk.stage.pass_time(UNDER_WAY * 2)
        assert await desk.restarted().sweep() == 0
    assert len(desk.sms.sent) == 1


async def test_what_the_loop_has_just_stored_is_sent_without_a_look_into_the_outbox(desk: Desktop) -> None:
    await desk.told(registered())
    desk.deliverer.hear(list(desk.stage.store.records.values()))
    desk.deliverer._partitions = list  # finds nothing
    assert await desk.deliverer.sweep() == 1
    desk.deliverer.hear(list(desk.stage.store.records.values()))
    assert await desk.deliverer.sweep() == 0, "it rests until the loop must have read the report"
    await desk.stage.run()
    assert desk.states() == {REGISTERED: "sent"}


async def test_what_was_heard_and_then_overtaken_is_not_sent(desk: Desktop) -> None:
    await desk.told(registered())
    desk.deliverer.hear(list(desk.stage.store.records.values()))
    await desk.told(fact(erased(), producer="intake", seq=2))
    desk.deliverer.hear(list(desk.stage.store.records.values()))
    assert await desk.deliverer.sweep() == 0
    assert desk.states() == {REGISTERED: "dropped"}


async def test_more_than_a_turn_can_take_is_sent_in_turns(desk: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PAGE", 2)
    for nth in range(5):
        await desk.told_of(f"{nth:026d}", FILER)
    desk.deliverer._partitions = list  # finds nothing
    desk.deliverer.hear(list(desk.stage.store.records.values()))
    assert [await desk.deliverer.sweep() for _ in range(4)] == [2, 2, 1, 0]


async def test_what_was_sent_is_not_read_again_until_its_report_must_have_been(desk: Desktop) -> None:
    await desk.told(registered())
    await desk.deliverer.sweep()
    assert await desk.outbox.due(desk.stage.clock.now(), range(64), 10), "the loop has not read the report"
    reads = desk.outbox.reads
    await desk.deliverer.sweep()
    assert desk.outbox.reads == reads
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliverer.sweep()
    assert desk.outbox.reads == reads + 1


async def test_staff_are_written_to_at_their_units_duty_account(desk: Desktop) -> None:
    await desk.told(registered(), assigned())
    await desk.deliver()
    assert {each.address for each in desk.sms.sent.values()} == {FILER["phone"], f"unit:{UNIT}"}


async def test_who_left_no_address_reads_it_on_the_page(desk: Desktop) -> None:
    await desk.told(registered(), people=({"channel": "none", "phone": "+8613800000001"},))
    await desk.deliver()
    assert desk.states() == {REGISTERED: "undeliverable"}
    assert desk.sms.sent == {}


async def test_what_the_phone_refuses_for_good_goes_by_email(desk: Desktop) -> None:
    desk.sms.next_outcomes = [Outcome.FAILED]
    await desk.told(registered(), people=(FILER | {"email": "f@example.org"},))
    await desk.deliver()
    (said,) = desk.told_of_people()
    assert (said.channel, said.outcome) == ("email", "sent")


async def test_what_all_refuse_has_failed(desk: Desktop) -> None:
    desk.sms.next_outcomes = [Outcome.FAILED]
    await desk.told(registered())
    await desk.deliver()
    assert desk.states() == {REGISTERED: "failed"}


async def test_an_unknown_outcome_is_looked_up(desk: Desktop) -> None:
    desk.sms.next_outcomes = [Outcome.UNKNOWN]
    await desk.told(registered())
    await desk.deliver()
    assert desk.states() == {REGISTERED: "sent"}


async def test_what_nobody_knows_goes_to_a_person_and_is_never_sent_again(desk: Desktop) -> None:
    silent = SilentMessenger()
    desk.restarted(sms=silent)
    await desk.told(registered())
    for _ in range(3):
        await desk.deliver()
        desk.stage.pass_time(UNDER_WAY * 2)
    assert silent.tries == 1
    (unknown,) = await desk.outbox.unknown("431226", 10)
    assert (unknown.ticket, unknown.number, unknown.kind) == (TICKET, NUMBER, "registered")
    assert await desk.outbox.unknown("431225", 10) == []
    assert len(desk.stage.facts([notify.DeliveryUnknown])) == 1


async def test_while_the_provider_is_down_messages_wait_and_then_go_once(desk: Desktop) -> None:
    desk.sms.next_outcomes = [Outcome.NOT_SENT] * 40
    await desk.told(registered())
    for _ in range(120):
        await desk.deliver()
        desk.stage.pass_time(timedelta(seconds=61))
    assert desk.states() == {REGISTERED: "sent"}
    assert len(desk.sms.sent) == 1


async def test_a_provider_that_is_down_is_asked_by_few_and_left_to_rest(desk: Desktop) -> None:
    await desk.told(registered(60), people=crowd(60))
    desk.sms.next_outcomes = [Outcome.NOT_SENT] * 1000
    for _ in range(FAILURES_IN_A_ROW + 20):
        await desk.deliver()
        desk.stage.pass_time(timedelta(milliseconds=200))
    assert 1000 - len(desk.sms.next_outcomes) <= 60 + FAILURES_IN_A_ROW * PROBES
    desk.sms.next_outcomes = []
    for _ in range(30):
        desk.stage.pass_time(timedelta(seconds=5))
        await desk.deliver()
    assert set(desk.states().values()) == {"sent"}


async def test_a_ticket_s_letters_go_in_one_call_and_are_reported_in_one_message(desk: Desktop) -> None:
    calls: list[int] = []

    class CountingMessenger(InMemoryMessenger):
        async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
            calls.append(len(letters))
            return await super().send(letters)

    desk.restarted(sms=CountingMessenger())
    await desk.told(registered(BATCH + 20), people=crowd(BATCH + 20))
    await desk.deliver()
    assert calls == [BATCH, 20]
    assert len(desk.stage.facts([notify.PeopleNotified])) == 1
    assert len({each.letter for each in desk.told_of_people()}) == BATCH + 20
    requests = [each for each in desk.stage.log.of_topic("tickets") if type_of(each.headers) == "ReportDelivery"]
    assert len(requests) == 1


async def test_what_was_planned_before_the_office_closed_waits_until_it_opens(desk: Desktop) -> None:
    await desk.told(registered(), assigned())
    desk.stage.pass_time(timedelta(hours=14))  # Monday, eleven in the evening in China
    await desk.deliver()
    assert {each.address for each in desk.sms.sent.values()} == {FILER["phone"]}
    desk.stage.pass_time(timedelta(hours=10))
    await desk.deliver()
    assert {each.address for each in desk.sms.sent.values()} == {FILER["phone"], f"unit:{UNIT}"}


async def test_the_night_does_not_stop_what_is_urgent(desk: Desktop) -> None:
    await desk.told(registered(urgent=True), assigned(urgent=True))
    desk.stage.pass_time(timedelta(hours=14))
    await desk.deliver()
    assert f"unit:{UNIT}" in {each.address for each in desk.sms.sent.values()}


async def test_a_provider_that_is_down_holds_nobody_up_behind_it(
    desk: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PAGE", 10)
    for nth in range(30):
        await desk.told_of(f"{nth:026d}", FILER)
    await desk.told_of("Z" * 26, NEIGHBOUR)
    desk.sms.next_outcomes = [Outcome.NOT_SENT] * 1000
    for _ in range(8):
        await desk.deliver()
        desk.stage.pass_time(timedelta(seconds=1))
    assert [each.address for each in desk.email.sent.values()] == [NEIGHBOUR["email"]]


async def test_what_was_sent_before_the_process_died_is_found_by_its_reference(desk: Desktop) -> None:
    await desk.told(registered())
    await desk.outbox.attempt(entries(*desk.stage.document().items), desk.stage.clock.wall())
    (errand,) = await desk.forming()
    await desk.sms.send([desk.deliverer._letters.written(errand, "sms", "x")])
    await desk.deliver()
    assert desk.states() == {REGISTERED: "planned"}, "it may be under way in another process"
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert desk.states() == {REGISTERED: "sent"}
    assert len(desk.sms.sent) == 1


async def test_what_was_attempted_and_is_not_there_goes_to_a_person(desk: Desktop) -> None:
    await desk.told(registered())
    await desk.outbox.attempt(entries(*desk.stage.document().items), desk.stage.clock.wall())
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert desk.states() == {REGISTERED: "unknown"}
    assert desk.sms.sent == {}


async def test_a_report_that_the_log_did_not_take_is_in_the_journal(
    desk: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_requests: object) -> None:
        raise Unavailable("kafka")

    await desk.told(registered())
    with monkeypatch.context() as patched:
        patched.setattr(desk.deliverer._desk, "put", refuse)
        with pytest.raises(Unavailable):
            await desk.deliverer.sweep()
    assert desk.states() == {REGISTERED: "planned"}
    desk.sms.sent.clear()  # the provider has forgotten: only the journal knows
    await desk.restarted().sweep()
    await desk.stage.run()
    assert desk.states() == {REGISTERED: "sent"}
    assert desk.sms.sent == {}


async def test_after_an_erasure_nobody_is_written_to(desk: Desktop) -> None:
    await desk.told(registered(), fact(erased(), producer="intake", seq=2))
    assert await desk.deliverer.sweep() == 0
    assert desk.sms.sent == {}


async def test_a_mailbox_that_is_busy_for_ever_is_tried_less_and_less(desk: Desktop) -> None:
    await desk.told(registered())
    desk.sms.next_outcomes = [Outcome.NOT_SENT] * 1000
    for _ in range(600):
        await desk.deliver()
        desk.stage.pass_time(timedelta(seconds=1))
    assert 5 <= 1000 - len(desk.sms.next_outcomes) <= 15
    assert desk.states() == {REGISTERED: "planned"}

"""What nobody knew is asked after, and goes again only where it is sure to reach nobody twice (D2)."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from contracts.messages import notify
from contracts.messages.notify import ReportDelivery
from runtime.change import Change, Reject
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.domain.deliveries import REMEMBERED, Report, TicketDeliveries
from services.notify.ports import Guarantee, Letter, Outcome
from services.notify.workers import look_ups
from services.notify.workers.dispatch import UNDER_WAY
from services.notify.workers.look_ups import LOOK_AGAIN, RESENT_AT_MOST
from tests.facts.notify import delivery_report, report_delivery
from tests.harness import MONDAY, request
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, entries, registered
from tests.unit.notify.said import after, handled

REGISTERED = ("reporter", 0, "registered")
SETTLES = timedelta(minutes=1)


class HangingGateway(InMemoryMessenger):
    """A gateway with a promise. ``hangs``: it takes nothing and says nothing; ``mute``: nor can it be asked."""

    def __init__(self, promise: Guarantee | None = Guarantee(SETTLES)) -> None:  # noqa: B008 - a frozen value
        super().__init__("sms", promise)
        self.hangs = self.mute = False
        self.calls: list[str] = []
        self.asked = 0

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        self.calls += [letter.reference for letter in letters]
        if self.hangs:
            return {letter.reference: Outcome.UNKNOWN for letter in letters}
        return await super().send(letters)

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        self.asked += len(references)
        return dict.fromkeys(references, Outcome.UNKNOWN) if self.mute else await super().look_up(references)


@pytest.fixture
def gateway() -> HangingGateway:
    return HangingGateway()


@pytest.fixture
async def desk(gateway: HangingGateway) -> Desktop:
    """One matter, whose reporter is to hear by this gateway."""
    desk = Desktop()
    desk.restarted(sms=gateway)
    await desk.told(registered())
    return desk


async def live(desk: Desktop, span: timedelta, step: timedelta = timedelta(seconds=5)) -> None:
    """Sweeps and rounds for so long."""
    for _ in range(span // step):
        await desk.deliver()
        desk.stage.pass_time(step)
    await desk.deliver()


async def test_a_gateway_that_is_slow_for_a_minute_is_waited_for_and_nobody_is_bothered(
    desk: Desktop, gateway: HangingGateway
) -> None:
    gateway.hangs = True
    await live(desk, timedelta(seconds=30))
    assert desk.states() == {REGISTERED: "planned"}
    gateway.hangs = False
    await live(desk, SETTLES)
    assert desk.states() == {REGISTERED: "sent"}
    assert len(gateway.calls) == 2, "no letter went again: the test proves nothing"
    assert len(set(gateway.calls)) == len(gateway.sent) == 1
    assert desk.stage.facts([notify.DeliveryUnknown]) == []


async def test_what_a_gateway_takes_late_is_found_and_does_not_go_again(desk: Desktop, gateway: HangingGateway) -> None:
    (errand,) = await desk.forming()
    gateway.hangs = True
    await desk.deliver()
    gateway.hangs = False
    gateway.sent[errand.reference] = desk.deliverer._letters.written(errand, "sms", FILER["phone"])
    await live(desk, 2 * SETTLES)
    assert desk.states() == {REGISTERED: "sent"}
    assert len(gateway.calls) == 1


async def test_hundreds_in_flight_when_the_process_died_are_told_after_all(
    desk: Desktop, gateway: HangingGateway
) -> None:
    references = [item.ref for item in desk.stage.document().items]
    await desk.outbox.attempt(entries(*desk.stage.document().items), desk.stage.clock.wall())
    desk.restarted(sms=gateway)
    await live(desk, timedelta(seconds=50))
    assert gateway.calls == []
    await live(desk, timedelta(seconds=20))
    assert desk.states() == {REGISTERED: "sent"}
    assert gateway.calls == references
    assert desk.stage.facts([notify.DeliveryUnknown]) == []


async def test_what_is_so_old_that_the_gateway_may_have_forgotten_it_goes_to_a_person(
    desk: Desktop, gateway: HangingGateway
) -> None:
    await desk.outbox.attempt(entries(*desk.stage.document().items), desk.stage.clock.wall())
    desk.stage.pass_time(REMEMBERED)
    await live(desk, timedelta(hours=7), timedelta(minutes=5))
    assert desk.states() == {REGISTERED: "unknown"}
    assert gateway.calls == []


async def test_without_a_promise_nothing_goes_again_by_itself() -> None:
    desk, gateway = Desktop(), HangingGateway(None)
    desk.restarted(sms=gateway)
    await desk.told(registered())
    gateway.hangs = True
    await desk.deliver()
    gateway.hangs = False
    await live(desk, timedelta(hours=7), timedelta(minutes=5))
    assert desk.states() == {REGISTERED: "unknown"}
    assert len(gateway.calls) == 1


async def test_what_was_sent_by_mail_perhaps_does_not_go_again_because_the_gateway_never_had_it(
    gateway: HangingGateway,
) -> None:
    desk, mail = Desktop(), InMemoryMessenger("email")
    desk.restarted(sms=gateway, email=mail)
    await desk.told(registered(), people=(FILER | {"email": NEIGHBOUR["email"]},))
    await desk.outbox.attempt(entries(*desk.stage.document().items), desk.stage.clock.wall())
    await live(desk, timedelta(hours=7), timedelta(minutes=5))
    assert desk.states() == {REGISTERED: "unknown"}
    assert (gateway.calls, mail.sent) == ([], {})


async def test_what_nobody_could_be_asked_about_is_told_at_once_and_asked_again_a_few_times(
    desk: Desktop, gateway: HangingGateway
) -> None:
    gateway.hangs = gateway.mute = True
    await desk.deliver()
    assert desk.states() == {REGISTERED: "unknown"}
    asked = gateway.asked
    await live(desk, timedelta(hours=30), timedelta(minutes=1))
    assert gateway.asked - asked == len(LOOK_AGAIN)
    assert len(gateway.calls) == 1


async def test_when_the_gateway_can_be_asked_again_what_it_never_took_goes_under_the_same_reference(
    desk: Desktop, gateway: HangingGateway
) -> None:
    gateway.hangs = gateway.mute = True
    await desk.deliver()
    gateway.hangs = gateway.mute = False
    await live(desk, timedelta(minutes=6))
    assert desk.states() == {REGISTERED: "sent"}
    assert len(gateway.calls) == 2
    assert len(gateway.sent) == 1
    assert "—" not in next(iter(gateway.sent.values())).text
    assert [each.outcome for each in desk.told_of_people()] == ["sent"]


async def test_what_was_found_after_it_was_told_as_unknown_is_sent(desk: Desktop, gateway: HangingGateway) -> None:
    gateway.next_outcomes, gateway.mute = [Outcome.UNKNOWN], True
    await desk.deliver()
    assert desk.states() == {REGISTERED: "unknown"}
    gateway.mute = False
    desk.restarted(sms=gateway)
    desk.stage.pass_time(LOOK_AGAIN[0] + look_ups.EVERY)
    await desk.deliver()
    assert desk.states() == {REGISTERED: "sent"}
    assert len(gateway.calls) == 1


async def test_a_gateway_that_never_takes_it_is_given_up_on(desk: Desktop, gateway: HangingGateway) -> None:
    gateway.hangs = gateway.mute = True
    for _ in range(RESENT_AT_MOST + 2):
        await desk.deliver()
        gateway.mute = False
        await live(desk, timedelta(minutes=6), timedelta(seconds=15))
        gateway.mute = True
    assert desk.stage.document().items[0].attempt <= RESENT_AT_MOST


async def test_a_round_takes_more_tickets_than_a_page_holds(
    desk: Desktop, gateway: HangingGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look_ups, "PAGE", 2)
    for nth in range(4):
        await desk.told_of(f"{nth:026d}", FILER)
    gateway.hangs = gateway.mute = True
    await desk.deliver()
    gateway.hangs = gateway.mute = False
    desk.stage.pass_time(timedelta(minutes=6))
    goes_on = [await desk.deliverer.inquiries.step() for _ in range(4)]
    assert goes_on == [True, True, False, False]
    await desk.stage.run()
    assert await desk.outbox.unsettled(range(64), 10) == []


def unknown(channel: str = "sms") -> TicketDeliveries:
    """A post whose registration nobody knows of."""
    post = after(registered())
    return post.with_reports({post.items[0].ref: Report("unknown", channel)})


def by_person(post: TicketDeliveries, outcome: str, attempt: int = 0) -> ReportDelivery:
    """What a person says of it."""
    report = delivery_report(reference=post.items[0].ref, channel="person", outcome=outcome, attempt=attempt)
    return report_delivery(reports=(report,))


def test_a_person_may_have_it_sent_again() -> None:
    done = handled(unknown(), request(by_person(unknown(), "resend")))
    assert isinstance(done, Change)
    (item,) = done.document.items
    assert (item.state, item.attempt, item.channel, done.facts) == ("planned", 1, "sms", ())
    assert done.document.send_at == MONDAY


@pytest.mark.parametrize(
    ("post", "attempt", "later"),
    [
        (unknown("email"), 0, timedelta(0)),
        (unknown(), 1, timedelta(0)),
        (unknown(), 0, REMEMBERED),
        (after(registered()), 0, timedelta(0)),
    ],
    ids=["might arrive twice", "another attempt", "forgotten", "not unknown"],
)
def test_what_might_arrive_twice_is_not_sent_again(post: TicketDeliveries, attempt: int, later: timedelta) -> None:
    done = handled(post, request(by_person(post, "resend", attempt), at=MONDAY + later))
    assert isinstance(done, Reject)
    assert (done.code, set(done.detail)) == ("not_resent", {"zh", "en"})


def test_what_is_said_of_an_earlier_attempt_is_no_news_of_a_later_one_unless_it_is_final() -> None:
    done = handled(unknown(), request(by_person(unknown(), "resend")))
    assert isinstance(done, Change)
    assert isinstance(handled(done.document, request(by_person(unknown(), "unknown"))), Reject)
    assert isinstance(handled(done.document, request(by_person(unknown(), "resend"))), Reject)
    assert isinstance(handled(done.document, request(by_person(unknown(), "sent"))), Change)


async def test_what_a_person_has_sent_again_arrives_once(desk: Desktop, gateway: HangingGateway) -> None:
    gateway.hangs = gateway.mute = True
    await desk.deliver()
    gateway.hangs = gateway.mute = False
    desk.stage.say(request(by_person(desk.stage.document(), "resend"), producer="notify", to=("notify",)))
    await desk.stage.run()
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert desk.states() == {REGISTERED: "sent"}
    assert (len(gateway.calls), len(gateway.sent)) == (2, 1)

"""A letter is one or more deliveries to one address in one text, under one reference, for ever (D2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY

from contracts.messages import notify
from runtime.change import Change
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.domain.deliveries import Delivery
from services.notify.domain.letters import formed, letter_of
from services.notify.ports import Guarantee, Letter, Outcome
from services.notify.workers.dispatch import UNDER_WAY
from services.notify.workers.look_ups import LOOK_AGAIN
from tests.facts.notify import delivery_report, report_delivery
from tests.facts.values import NUMBER, UNIT, UNIT_ZH
from tests.harness import MONDAY, TICKET, request
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, assigned, registered
from tests.unit.notify.said import after, handled

JOINS = (("registered", "assigned"), ("assigned", "accepted"))
BOTH = {("reporter", 0, "registered"), ("reporter", 0, "assigned")}
SAVED = "notify_deliveries_saved_total"
PROMISE = Guarantee(timedelta(minutes=1))


def delivery(kind: str, nth: int = 1, **changed: object) -> Delivery:
    plain = Delivery(f"{kind}{nth}", "reporter", 0, kind, nth, MONDAY)
    return replace(plain, **changed)  # type: ignore[arg-type]


def kinds_of(letters: Sequence[Sequence[Delivery]]) -> list[tuple[str, ...]]:
    return sorted(tuple(each.kind for each in letter) for letter in letters)


@pytest.mark.parametrize(
    ("kinds", "letters"),
    [
        (("registered",), [("registered",)]),
        (("registered", "assigned"), [("registered", "assigned")]),
        (("assigned", "registered"), [("registered", "assigned")]),
        (("registered", "progress"), [("progress",), ("registered",)]),
        (("registered", "assigned", "accepted"), [("accepted",), ("registered", "assigned")]),
        (("assigned", "accepted", "progress"), [("assigned", "accepted"), ("progress",)]),
    ],
)
def test_those_go_together_that_there_is_one_text_for(kinds: tuple[str, ...], letters: list[tuple[str, ...]]) -> None:
    assert kinds_of(formed(map(delivery, kinds), JOINS)) == letters


KINDS = st.sampled_from(["registered", "assigned", "accepted", "progress"])
DELIVERIES = st.lists(
    st.builds(delivery, KINDS, st.integers(1, 4), attempt=st.integers(0, 1), letter=st.sampled_from(["l", "m"])),
    unique_by=lambda each: each.ref,
)


@given(DELIVERIES)
def test_each_delivery_is_in_one_letter_and_what_goes_again_in_its_own(deliveries: list[Delivery]) -> None:
    letters = formed(deliveries, JOINS)
    assert sorted(each.ref for letter in letters for each in letter) == sorted(each.ref for each in deliveries)
    for letter in letters:
        assert len({(each.attempt, each.attempt and each.letter) for each in letter}) == 1
    again = [letter[0].letter for letter in letters if letter[0].attempt]
    assert len(again) == len(set(again)), "a set that went together goes together"


def test_a_letter_of_one_has_its_reference_and_of_more_one_whatever_their_order() -> None:
    assert letter_of(["a"]) == "a"
    assert letter_of(["a", "b"]) == letter_of(["b", "a"])
    assert len({letter_of(each) for each in (["a", "b"], ["ab"], ["a", "c"], ["a", "b", "c"])}) == 4


@pytest.fixture
def desk() -> Desktop:
    return Desktop()


async def test_registration_and_assignment_go_as_one_sms_and_are_one_fact(desk: Desktop) -> None:
    saved = REGISTRY.get_sample_value(SAVED) or 0.0
    await desk.told(registered(), assigned())
    await desk.deliver()
    (letter,) = (each for each in desk.sms.sent.values() if each.address == FILER["phone"])
    assert [word in letter.text for word in (NUMBER, "QUERYCODE1", "登记", f"已交 {UNIT_ZH} 办理")] == [True] * 4
    assert REGISTRY.get_sample_value(SAVED) == saved + 1
    (said,) = desk.stage.facts([notify.PeopleNotified])
    assert {(each.audience, each.person, each.kind) for each in said.body.told} == BOTH
    assert (said.body.letter, {each.letter for each in said.body.told}) == (letter.reference, {""})
    assert {item.sent_as for item in desk.stage.document().items if item.audience == "reporter"} == {letter.reference}
    assert set(desk.states().values()) == {"sent"}


async def test_of_staff_the_document_knows_and_no_fact_is_said(desk: Desktop) -> None:
    await desk.told(registered())
    await desk.deliver()
    await desk.told(assigned())
    desk.stage.pass_time(UNDER_WAY)
    facts = len(desk.stage.facts([notify.PeopleNotified]))
    await desk.restarted(only=("email", "sms")).sweep()
    await desk.stage.run()
    told = desk.stage.facts([notify.PeopleNotified])[facts:]
    assert [each.kind for fact in told for each in fact.body.told] == ["assigned"]
    assert {state for (audience, _, _), state in desk.states().items() if audience == "unit"} == {"sent"}
    assert f"unit:{UNIT}" in {each.address for each in desk.sms.sent.values()}


async def test_letters_to_several_people_are_one_fact_that_names_each(desk: Desktop) -> None:
    await desk.told(registered(2), people=(FILER, NEIGHBOUR))
    await desk.deliver()
    (said,) = desk.stage.facts([notify.PeopleNotified])
    assert said.body.letter == ""
    assert {each.letter for each in said.body.told} == {
        *desk.sms.sent, *desk.email.sent
    }  # fmt: skip


async def test_a_letter_that_was_taken_before_the_process_died_is_found_as_it_was(desk: Desktop) -> None:
    await desk.told(registered(), assigned())
    both, *_ = [each for each in await desk.forming() if len(each.deliveries) == 2]
    await desk.outbox.attempt(both.entries, desk.stage.clock.wall())
    assert {(each.letter, each.ticket) for each in both.entries} == {(both.reference, TICKET)}
    await desk.sms.send([desk.deliverer._letters.written(both, "sms", FILER["phone"])])
    desk.restarted()
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert {desk.states()[each] for each in BOTH} == {"sent"}
    assert len([each for each in desk.sms.sent.values() if each.address == FILER["phone"]]) == 1


async def test_a_letter_that_was_written_down_before_the_assignment_came_is_not_formed_again(desk: Desktop) -> None:
    await desk.told(registered())
    (alone,) = await desk.forming()
    await desk.outbox.attempt(alone.entries, desk.stage.clock.wall())
    await desk.sms.send([desk.deliverer._letters.written(alone, "sms", FILER["phone"])])
    await desk.told(assigned())
    desk.restarted()
    for _ in range(3):
        await desk.deliver()
        desk.stage.pass_time(UNDER_WAY)
    assert {desk.states()[each] for each in BOTH} == {"sent"}
    (registered_,) = (item for item in desk.stage.document().items if item.kind == "registered")
    assert desk.sms.sent[registered_.ref].deliveries == (registered_.ref,)


async def test_two_processes_that_form_the_same_letter_send_it_once(desk: Desktop) -> None:
    """In a rebalance: each has written down one of its two entries, and neither sends."""
    await desk.told(registered(), assigned())
    both = next(each for each in await desk.forming() if len(each.deliveries) == 2)
    await desk.outbox.attempt(both.entries[:1], desk.stage.clock.wall())
    await desk.deliver()
    assert [each for each in desk.sms.sent.values() if each.address == FILER["phone"]] == []
    await desk.outbox.withdraw(both.entries[:1])
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    (letter,) = (each for each in desk.sms.sent.values() if each.address == FILER["phone"])
    assert set(letter.deliveries) == {each.ref for each in both.deliveries}


async def test_what_certainly_did_not_go_is_formed_anew_with_what_came_meanwhile(desk: Desktop) -> None:
    await desk.told(registered())
    desk.sms.next_outcomes = [Outcome.NOT_SENT]
    await desk.deliver()
    await desk.told(assigned())
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert [len(each.deliveries) for each in desk.sms.sent.values() if each.address == FILER["phone"]] == [2]


class MuteGateway(InMemoryMessenger):
    """It may be silent, and cannot be asked then; ``calls``: references in order."""

    def __init__(self) -> None:
        super().__init__("sms", PROMISE)
        self.mute, self.calls = True, list[str]()

    async def send(self, letters: Sequence[Letter]) -> dict[str, Outcome]:
        self.calls += [each.reference for each in letters]
        return (
            dict.fromkeys((each.reference for each in letters), Outcome.UNKNOWN)
            if self.mute
            else await super().send(letters)
        )

    async def look_up(self, references: Sequence[str]) -> dict[str, Outcome]:
        return dict.fromkeys(references, Outcome.UNKNOWN) if self.mute else await super().look_up(references)


async def test_a_letter_of_unknown_fate_keeps_its_set_and_its_reference(desk: Desktop) -> None:
    gateway = MuteGateway()
    desk.restarted(sms=gateway)
    await desk.told(registered(), assigned())
    await desk.deliver()
    assert {desk.states()[each] for each in BOTH} == {"unknown"}
    (unknown, _) = await desk.outbox.unknown("431226", 10)
    assert (unknown.reference, unknown.kinds) == (gateway.calls[0], ("registered", "assigned"))
    gateway.mute = False
    for _ in range(4):
        desk.stage.pass_time(LOOK_AGAIN[1])
        await desk.deliver()
    assert {desk.states()[each] for each in BOTH} == {"sent"}
    assert gateway.calls.count(unknown.reference) == 2
    assert {each.ref for each in desk.stage.document().items if each.sent_as == unknown.reference} == set(
        gateway.sent[unknown.reference].deliveries
    )


def test_a_report_without_letters_is_answered_as_the_build_did_that_knew_none() -> None:
    post = after(registered(), assigned())
    reports = tuple(delivery_report(reference=item.ref) for item in post.items)
    done = handled(post, request(report_delivery(reports=reports)))
    assert isinstance(done, Change)
    assert [type(each) for each in done.facts] == [notify.PersonNotified] * 3

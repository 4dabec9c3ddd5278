"""The loop's promises, one at a time, on a service that counts. The simulation mixes them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from contracts.envelope import Body, Message, RequestDecided, WakeUp
from runtime.change import Change, Ignore, Keep, Reject, Result
from runtime.dead_letters import DeadLetters
from runtime.memory import InMemoryWriter
from runtime.service import Service
from tests.harness import MONDAY, TICKET, Stage, fact, knock, request


class Opened(Body):
    """The baton comes here."""


class Added(Body):
    """A number was added."""

    number: int


class Told(Body):
    """Another service added a number."""

    number: int


class Add(Body):
    """Please add."""

    number: int


@dataclass(frozen=True, slots=True)
class Sum:
    """The document of the counting service."""

    total: int = 0
    is_open: bool = False
    wake: datetime | None = None


def on_opened(document: Sum | None, message: Message[Opened], now: datetime) -> Result[Sum]:
    return Change(Sum(is_open=True, wake=now + timedelta(hours=1)), takes_over=True)


def on_add(document: Sum | None, message: Message[Add], now: datetime) -> Result[Sum]:
    if document is None or not document.is_open:
        return Keep()
    if message.body.number < 0:
        return Reject("negative", {"en": "no"})
    total = document.total + message.body.number
    return Change(replace(document, total=total), (Added(number=total),), {"total": str(total)})


def on_told(document: Sum | None, message: Message[Told], now: datetime) -> Result[Sum]:
    if message.body.number == 13:
        raise ValueError("unlucky")
    return Change(replace(document or Sum(), total=(document or Sum()).total + message.body.number))


def on_wake_up(document: Sum | None, message: Message[WakeUp], now: datetime) -> Result[Sum]:
    if document is None or document.wake is None or now < document.wake:
        return Ignore("settled")
    return Change(replace(document, wake=None), (Added(number=0),))


def counting() -> Service[Sum]:
    reacts: dict[type[Body], Any] = {Opened: on_opened, Add: on_add, Told: on_told, WakeUp: on_wake_up}
    return Service(name="sum", document=Sum, reacts=reacts, wake_at=lambda document: document.wake)


def add(number: int, **more: Any) -> Message[Any]:
    return request(Add(number=number), to=("sum",), **more)


async def test_a_kept_request_is_decided_once_the_baton_comes() -> None:
    stage = Stage(counting())
    stage.say(add(2, id="early"), add(2, id="early"))
    await stage.run()
    assert stage.store.records[TICKET].kept
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    assert stage.document().total == 2
    assert [decided.body.request for decided in stage.facts([RequestDecided])] == ["early"]


async def test_a_decision_elsewhere_clears_a_kept_request() -> None:
    stage = Stage(counting())
    decided = RequestDecided(request="early", request_type="Add", accepted=True, code="accepted")
    stage.say(
        add(2, id="early"), fact(decided, seq=1, producer="other", to=("sum",)), fact(Opened(), seq=2, producer="other")
    )
    await stage.run()
    assert stage.document().total == 0
    assert stage.store.records[TICKET].outcome_of("early") is not None


async def test_copies_change_nothing() -> None:
    stage = Stage(counting())
    opened, five = fact(Opened(), seq=1), add(5, id="five")
    stage.say(opened, five, five, opened, five)
    await stage.run()
    assert stage.document().total == 5
    assert len(stage.facts([Added])) == 1


async def test_a_refusal_is_an_outcome() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(-1))
    await stage.run()
    [decided] = stage.facts([RequestDecided])
    assert (decided.body.accepted, decided.body.code) == (False, "negative")


async def test_a_poison_message_is_parked_in_order_and_the_next_ticket_goes_on() -> None:
    stage = Stage(counting())
    stage.say(fact(Told(number=13), seq=1), fact(Told(number=1), seq=2), fact(Told(number=7), seq=1, ticket="B"))
    await stage.run()
    letters = await stage.store.parked()
    assert [(letter.root, letter.message.ticket) for letter in letters] == [(True, TICKET), (False, TICKET)]
    assert "unlucky" not in letters[0].reason
    assert stage.document("B").total == 7


async def test_a_replay_handles_parked_messages_in_order_and_twice_changes_nothing() -> None:
    stage = Stage(counting())
    stage.say(fact(Told(number=13), seq=1), fact(Told(number=1), seq=2), fact(Opened(), seq=3), add(4))
    await stage.run()
    mended = replace(counting(), reacts={**counting().reacts, Told: _tolerant})
    dead = DeadLetters(mended, stage.store, InMemoryWriter(stage.log), stage.clock.wall)
    assert await dead.replay(TICKET) == 0
    assert await dead.replay(TICKET) == 0
    assert stage.document().total == 4
    assert len(stage.facts([RequestDecided])) == 1
    assert await stage.store.parked() == []


async def test_kept_requests_that_fail_at_the_hand_over_wait_in_their_order_and_none_is_lost() -> None:
    stage = Stage(replace(counting(), reacts={**counting().reacts, Add: _fails_once_open}))
    stage.say(add(1, id="first"), add(2, id="second"), fact(Opened(), seq=1), add(3, id="third"))
    await stage.run()
    assert [(letter.root, letter.nth) for letter in await stage.store.parked()] == [(True, 1), (False, 2), (False, 0)]
    dead = DeadLetters(counting(), stage.store, InMemoryWriter(stage.log), stage.clock.wall)
    assert await dead.replay(TICKET) == 0
    assert [message.body.number for message in stage.facts([Added])] == [1, 3, 6]
    assert [message.body.request for message in stage.facts([RequestDecided])] == ["first", "second", "third"]


def _fails_once_open(document: Sum | None, message: Message[Add], now: datetime) -> Result[Sum]:
    if document is not None and document.is_open:
        raise ZeroDivisionError
    return Keep()


async def test_a_knock_does_not_queue_behind_a_parked_message_and_comes_again_after_it() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), fact(Told(number=13), seq=2))
    await stage.run()
    stage.pass_time(timedelta(hours=2))
    stage.say(knock(WakeUp(service="sum", due=MONDAY)))
    await stage.run()
    assert [letter.root for letter in await stage.store.parked()] == [True]
    mended = replace(counting(), reacts={**counting().reacts, Told: _tolerant})
    assert await DeadLetters(mended, stage.store, InMemoryWriter(stage.log), stage.clock.wall).replay(TICKET) == 0
    await stage.run()
    assert len(stage.facts([Added])) == 1


async def test_a_letter_that_a_loop_is_just_parking_is_left_alone() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), fact(Told(number=13), seq=2))
    await stage.run()
    record, letters = stage.store.records[TICKET], await stage.store.parked()
    before = replace(record, parked=False, position={"tickets/1": 0})
    stage.store.records[TICKET] = before
    dead = DeadLetters(counting(), stage.store, InMemoryWriter(stage.log), stage.clock.wall)
    assert await dead.replay(TICKET) == 1
    assert await stage.store.parked() == letters
    stage.store.records[TICKET] = replace(record, parked=False)
    assert await dead.replay(TICKET) == 0


def _tolerant(document: Sum | None, message: Message[Told], now: datetime) -> Result[Sum]:
    return Change(replace(document or Sum(), total=(document or Sum()).total + message.body.number))


async def test_a_timer_fires_once_and_never_early() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1))
    await stage.run()
    stage.pass_time(timedelta(minutes=59))
    await stage.run()
    assert stage.facts([Added]) == []
    stage.pass_time(timedelta(minutes=1))
    await stage.run()
    await stage.run()
    [rang] = stage.facts([Added])
    assert rang.at >= MONDAY + timedelta(hours=1)


async def test_facts_of_one_ticket_are_dropped_from_the_document_once_their_cause_is_committed() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), add(1))
    await stage.run()
    stage.say(add(2))
    await stage.run()
    assert [said.seq for said in stage.store.records[TICKET].out] == [3, 4]


@pytest.mark.usefixtures("logged_in_full")
async def test_each_message_that_was_handled_has_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), id="opened"), request(Add(number=2), id="two"), request(Add(number=-1), id="minus"))
    await stage.run()
    lines = [orjson.loads(line) for line in capfd.readouterr().out.splitlines()]
    handled = [line for line in lines if line["event"] == "message_handled"]
    assert [(line["message"], line["type"], line["end"]) for line in handled] == [
        ("opened", "Opened", "change"),
        ("two", "Add", "change"),
        ("minus", "Add", "refused_negative"),
    ]
    assert {(line["service"], line["ticket"]) for line in handled} == {("sum", TICKET)}

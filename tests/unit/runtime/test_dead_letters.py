"""Dead letters are handled again in order, once; what will never be a message can be given up."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from contracts.envelope import Message, RequestDecided
from runtime.change import Change, Keep, Result
from runtime.delivery.dead_letters import DeadLetters
from runtime.delivery.service import Service
from runtime.memory.log import InMemoryWriter
from tests.facts.envelope import wake_up
from tests.harness import TICKET, Stage, fact, knock
from tests.unit.runtime.counting import Add, NumberAdded, NumberTold, Opened, Sum, add, counting


def dead_letters(stage: Stage, service: Service[Sum]) -> DeadLetters[Sum]:
    return DeadLetters(service, stage.store, InMemoryWriter(stage.log), stage.clock.wall)


async def test_a_replay_handles_parked_messages_in_order_and_twice_changes_nothing() -> None:
    stage = Stage(counting())
    stage.say(fact(NumberTold(number=13), seq=1), fact(NumberTold(number=1), seq=2), fact(Opened(), seq=3), add(4))
    await stage.run()
    mended = replace(counting(), reacts={**counting().reacts, NumberTold: _tolerant})
    dead = dead_letters(stage, mended)
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
    dead = dead_letters(stage, counting())
    assert await dead.replay(TICKET) == 0
    assert [message.body.number for message in stage.facts([NumberAdded])] == [1, 3, 6]
    assert [message.body.request for message in stage.facts([RequestDecided])] == ["first", "second", "third"]


def _fails_once_open(document: Sum | None, message: Message[Add], now: datetime) -> Result[Sum]:
    if document is not None and document.is_open:
        raise ZeroDivisionError
    return Keep()


async def test_a_knock_does_not_queue_behind_a_parked_message_and_comes_again_after_it() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), fact(NumberTold(number=13), seq=2))
    await stage.run()
    stage.pass_time(timedelta(hours=2))
    stage.say(knock(wake_up(service="sum")))
    await stage.run()
    assert [letter.root for letter in await stage.store.parked()] == [True]
    mended = replace(counting(), reacts={**counting().reacts, NumberTold: _tolerant})
    assert await dead_letters(stage, mended).replay(TICKET) == 0
    await stage.run()
    assert len(stage.facts([NumberAdded])) == 1


async def test_a_letter_that_a_loop_is_just_parking_is_left_alone() -> None:
    stage = Stage(counting())
    stage.say(fact(Opened(), seq=1), fact(NumberTold(number=13), seq=2))
    await stage.run()
    record, letters = stage.store.records[TICKET], await stage.store.parked()
    before = replace(record, parked=False, position={"tickets/1": 0})
    stage.store.records[TICKET] = before
    dead = dead_letters(stage, counting())
    assert await dead.replay(TICKET) == 1
    assert await stage.store.parked() == letters
    stage.store.records[TICKET] = replace(record, parked=False)
    assert await dead.replay(TICKET) == 0


def _tolerant(document: Sum | None, message: Message[NumberTold], now: datetime) -> Result[Sum]:
    return Change(replace(document or Sum(), total=(document or Sum()).total + message.body.number))


async def test_a_replay_that_gets_no_further_says_what_is_in_the_way_now() -> None:
    stage = Stage(counting())
    stage.say(fact(NumberTold(number=13), seq=1), fact(NumberTold(number=13), seq=2), fact(NumberTold(number=1), seq=3))
    await stage.run()
    tolerant = iter((_tolerant, counting().reacts[NumberTold], counting().reacts[NumberTold]))

    def once(*given: Any) -> Any:
        return next(tolerant, counting().reacts[NumberTold])(*given)

    half_mended = replace(counting(), reacts={**counting().reacts, NumberTold: once})
    assert await dead_letters(stage, half_mended).replay(TICKET) == 2
    first, second = await stage.store.parked()
    assert (first.root, second.root) == (True, False)
    assert first.reason.startswith("bug ValueError")


async def test_what_will_never_be_a_message_is_given_up_and_the_rest_goes_on() -> None:
    stage = Stage(counting())
    stage.say(fact(NumberTold(number=13), seq=1), fact(NumberTold(number=1), seq=2))
    await stage.run()
    dead = dead_letters(stage, counting())
    first, _ = await stage.store.parked()
    assert await dead.discard(first) == 0
    assert stage.document().total == 1
    assert await dead.discard(first) == 0, "twice changes nothing"
    assert stage.document().total == 1


async def test_a_request_that_is_given_up_has_its_one_outcome() -> None:
    stage = Stage(replace(counting(), reacts={**counting().reacts, Add: _fails}))
    stage.say(fact(Opened(), seq=1), add(1, id="bad"), add(2, id="good"))
    await stage.run()
    first = (await stage.store.parked())[0]
    assert await dead_letters(stage, counting()).discard(first) == 0
    decided = {each.body.request: (each.body.accepted, each.body.code) for each in stage.facts([RequestDecided])}
    assert decided == {"bad": (False, "given_up"), "good": (True, "accepted")}
    assert stage.document().total == 2


@pytest.mark.parametrize("copies", [1, 2])
async def test_a_copy_of_what_was_given_up_is_a_copy(copies: int) -> None:
    stage = Stage(counting())
    bad = fact(NumberTold(number=13), seq=1)
    stage.say(bad)
    await stage.run()
    (letter,) = await stage.store.parked()
    assert await dead_letters(stage, counting()).discard(letter) == 0
    stage.say(*[bad] * copies)
    await stage.run()
    assert await stage.store.parked() == []


def _fails(document: Sum | None, message: Message[Add], now: datetime) -> Result[Sum]:
    raise ZeroDivisionError

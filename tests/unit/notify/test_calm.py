"""Calm after an outage (C10): however many clocks turned red, an office gets one letter; who hears of a step."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from contracts.envelope import Message
from contracts.identifiers import number_of
from contracts.vocabulary import COLOURS
from runtime.identity.seals import KeyWrap
from runtime.identity.vault import Contacts, InMemoryVault
from services.notify.adapters.templates import packaged
from services.notify.domain.channels import Recipient
from services.notify.domain.deliveries import Delivery
from services.notify.domain.notes import Note, plan
from services.notify.domain.office_hours import Office
from services.notify.ports import Waiting, Weekdays
from services.notify.workers.catching_up import HOLDS, WAITS_AT_MOST
from services.notify.workers.letters import LetterForming
from tests.facts.ladders import step_reached
from tests.facts.values import COUNTY, LEAD, SUPERVISION, UNIT
from tests.harness import MONDAY, TICKET, fact
from tests.unit.notify.matters import Desktop, assigned, light, registered
from tests.unit.notify.said import after, stopped

OFFICE = Office(slots=(time(9), time(14)))


class OneTelephone:
    """Every account is reached at its own name."""

    monitored: Collection[str] = ()

    def of(self, unit: str) -> Recipient:
        return Recipient(addresses={"phone": f"unit:{unit}"})


def red(nth: int, account: str) -> Waiting:
    """A matter of which an office is to hear that it turned red."""
    ticket = f"{nth:026d}"
    note = Note("lead", "light_red", to=account, until=MONDAY)
    return Waiting(ticket, number_of(TICKET, COUNTY), tuple(plan(ticket, note, MONDAY, OFFICE)), MONDAY)


@pytest.mark.parametrize("clocks", [2, 999, 10_000])
def test_however_many_clocks_are_red_at_once_an_office_gets_one_letter(clocks: int) -> None:
    vault = Contacts(InMemoryVault(), KeyWrap(b"k" * 32, lambda size: b"r" * size))
    letters = LetterForming(vault, packaged(), OneTelephone(), ("sms",))
    for account in (LEAD, SUPERVISION):
        [errand] = letters.digest(account, [red(nth, account) for nth in range(clocks)])
        assert len(errand.deliveries) == len(errand.matters) == clocks
        assert f"红灯 {clocks}" in letters.written(errand, "sms", account).text


def steps(*said: Message[Any]) -> list[tuple[str, str, bool]]:
    """Of each that hears of a step: the account, the kind, whether it waits for the digest."""
    post = after(registered(), assigned(), *said)
    found: list[Delivery] = [each for each in post.items if each.kind.startswith("step")]
    return [(each.to, each.kind, each.digest) for each in found]


def test_those_hear_whom_the_ladder_names_a_head_at_the_unit_and_nobody_twice() -> None:
    named = step_reached(tell=("unit", "head", "supervision", "nobody.known"))
    assert steps(fact(named, seq=3)) == [(UNIT, "step", False), (SUPERVISION, "step", False)]
    assert steps(fact(named, seq=3), fact(named, seq=3)) == [(UNIT, "step", False), (SUPERVISION, "step", False)]


def test_who_gets_the_order_hears_by_that_alone_and_the_others_at_once() -> None:
    one_up = step_reached(tell=("unit", "lead", "supervision"), do="order", level=2)
    assert steps(fact(one_up, seq=3)) == [(UNIT, "step_ordered", False), (SUPERVISION, "step_ordered", False)]
    to_the_unit = step_reached(tell=("unit", "lead", "supervision"), do="order", level=1)
    assert steps(fact(to_the_unit, seq=3)) == [(SUPERVISION, "step_ordered", False)]


def test_a_step_of_a_clock_that_stopped_is_not_told_any_more() -> None:
    post = after(registered(), assigned(), fact(step_reached(clock="c1"), seq=3), stopped(clock="c1"))
    assert [each for each in post.items if each.kind == "step" and each.state == "planned"] == []


TICKETS = tuple(f"{first}{TICKET[1:]}" for first in "WXYZ")
LOOK_AGAIN = timedelta(seconds=1)


def turned(colour: Any, desk: Desktop, tickets: Sequence[str] = TICKETS) -> list[Message[Any]]:
    """These matters reached this colour, whose slot has passed since."""
    at = desk.stage.clock.now() - timedelta(days=1)
    lit = replace(light(colour, at, lead_unit=LEAD), seq=COLOURS.index(colour))
    return [replace(lit, key=each, id=f"{colour} {each}") for each in tickets]


async def back() -> Desktop:
    """A process that is back after days; of what happened meanwhile its loop has come to orange."""
    desk = Desktop(Weekdays(OFFICE.slots))
    for each in TICKETS:
        await desk.told(replace(registered(number=number_of(each, COUNTY)), key=each, id=f"registered {each}"))
    await desk.told(*turned("orange", desk))
    return desk


def texts(desk: Desktop) -> list[str]:
    """What the lead unit has got."""
    return [each.text for each in desk.sms.sent.values() if each.address == f"unit:{LEAD}"]


async def look(desk: Desktop, after: timedelta = LOOK_AGAIN) -> int:
    """How many letters the lead unit has once the deliverer has looked again."""
    desk.stage.pass_time(after)
    await desk.deliverer.sweep()
    return len(texts(desk))


async def test_a_loop_that_catches_up_tells_an_office_once_and_nothing_that_is_overtaken() -> None:
    desk = await back()
    desk.stage.say(*turned("red", desk))
    assert await look(desk) == 0, "half of what happened would be told as if it were all"
    await desk.stage.run()
    assert await look(desk) == 1
    (text,) = texts(desk)
    assert f"红灯 {len(TICKETS)}" in text
    assert "橙灯" not in text


async def test_what_is_said_while_it_catches_up_keeps_no_digest_back() -> None:
    desk = await back()
    desk.stage.say(*turned("red", desk, TICKETS[:2]))
    assert await look(desk) == 0
    await desk.stage.run()
    desk.stage.say(*turned("red", desk, TICKETS[2:]))
    assert await look(desk) == 1


async def test_a_log_that_cannot_be_read_keeps_no_digest_back_for_ever() -> None:
    desk = await back()
    desk.stage.say(*turned("red", desk))
    spans = LOOK_AGAIN, WAITS_AT_MOST - LOOK_AGAIN, LOOK_AGAIN
    assert [await look(desk, span) for span in spans] == [0, 0, 1]


async def test_after_a_while_it_is_asked_again_whether_the_loop_has_read_all() -> None:
    desk = await back()
    assert await look(desk) == 1
    await desk.told(*turned("red", desk, TICKETS[:2]))
    desk.stage.say(*turned("red", desk, TICKETS[2:]))
    assert await look(desk, HOLDS) == 1
    await desk.stage.run()
    assert await look(desk) == 2

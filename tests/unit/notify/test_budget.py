"""An account gets so many letters in a day; what is urgent always goes, and counts (D3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from contracts.envelope import Message
from contracts.identifiers import number_of
from services.notify.domain.budget import LetterPlaces, reason_of
from services.notify.domain.deliveries import Delivery
from services.notify.ports import Outcome, Weekdays
from services.notify.workers.budget import LOOK_AGAIN_AFTER
from services.notify.workers.dispatch import UNDER_WAY
from tests.facts import sla
from tests.facts.values import COUNTY, UNIT
from tests.harness import MONDAY, TICKET, fact
from tests.unit.notify.matters import FILER, Desktop, assigned, registered

DAY = date(2026, 3, 2)
DUTY = f"unit:{UNIT}"
SPENT, LETTERS = "notify_budget_spent_total", "notify_letters_total"


def delivery(kind: str = "assigned", audience: str = "unit", *, urgent: bool = False) -> Delivery:
    return Delivery(kind, audience, 0, kind, 1, MONDAY, to=UNIT, urgent=urgent)


@pytest.mark.parametrize(
    ("letter", "reason"),
    [
        ([delivery()], "alone"),
        ([delivery("order")], "order"),
        ([delivery("order", urgent=True)], "urgent"),
        ([delivery(), delivery("stuck")], "digest"),
        ([delivery("registered", "reporter"), delivery("assigned", "reporter")], "alone"),
    ],
)
def test_why_a_letter_goes(letter: Sequence[Delivery], reason: str) -> None:
    assert reason_of(letter) == reason


@pytest.mark.parametrize(
    ("places", "alone", "digest"),
    [
        (LetterPlaces(4), 3, 4),
        (LetterPlaces(1), 1, 1),
        (LetterPlaces(4, with_digests=False), 4, 4),
        (LetterPlaces(0), 0, 0),
    ],
)
def test_one_place_is_kept_for_the_digest(places: LetterPlaces, alone: int, digest: int) -> None:
    assert len(places.open_to([delivery("order")], DAY)) == alone
    assert len(places.open_to([delivery(), delivery("stuck")], DAY)) == digest
    assert all(each.startswith(f"{UNIT}/2026-03-02/") for each in places.open_to([delivery()], DAY))


@pytest.fixture
def desk() -> Desktop:
    """At ten in the morning; three letters a day, one of them kept for a digest."""
    desk = Desktop(Weekdays((time(9), time(14))), LetterPlaces(3))
    desk.stage.pass_time(timedelta(hours=1))
    return desk


def ticket(nth: int) -> str:
    return f"{nth}{TICKET[1:]}"


async def tell(desk: Desktop, nth: int, said: Message[Any]) -> None:
    """Something about the nth matter."""
    await desk.told(replace(said, key=ticket(nth), id=f"{said.type} {nth}"))


async def ordered(desk: Desktop, *nths: int, urgent: bool = False) -> None:
    for nth in nths:
        await tell(desk, nth, registered(number=number_of(ticket(nth), COUNTY)))
        body = sla.supervision_ordered(unit=UNIT, lead_unit="", urgent=urgent)
        await tell(desk, nth, fact(body, at=desk.stage.clock.now()))
    await desk.deliver()


def letters(desk: Desktop) -> int:
    """How many the unit has got."""
    return sum(each.address == DUTY for each in desk.sms.sent.values())


def moved(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_what_is_beyond_the_budget_waits_for_the_next_day(desk: Desktop) -> None:
    spent, went = moved(SPENT), moved(LETTERS, audience="unit", reason="order")
    await ordered(desk, 1, 2, 3, 4)
    assert (letters(desk), moved(SPENT) - spent) == (2, 2)
    desk.stage.pass_time(2 * LOOK_AGAIN_AFTER)
    await desk.deliver()
    assert (letters(desk), moved(SPENT) - spent) == (2, 2), "it is counted once that it waits"
    desk.stage.pass_time(timedelta(days=1))
    await desk.deliver()
    assert letters(desk) == 4
    assert moved(LETTERS, audience="unit", reason="order") - went == 4


async def test_what_is_urgent_always_goes_and_counts(desk: Desktop) -> None:
    await ordered(desk, 1, 2, 3, urgent=True)
    assert letters(desk) == 3
    await ordered(desk, 4)
    assert letters(desk) == 3


async def test_the_digest_of_the_day_goes_whatever_else_went(desk: Desktop) -> None:
    await ordered(desk, 1, 2)
    for nth in (3, 4):
        await tell(desk, nth, assigned(desk.stage.clock.now(), number=number_of(ticket(nth), COUNTY)))
    desk.stage.pass_time(timedelta(hours=4))
    await desk.deliver()
    assert letters(desk) == 3
    assert any("待办汇总" in each.text for each in desk.sms.sent.values())


async def test_a_letter_that_nobody_got_gives_its_place_back(desk: Desktop) -> None:
    desk.sms.next_outcomes = [Outcome.NOT_SENT]
    await ordered(desk, 1)
    assert letters(desk) == 0
    await ordered(desk, 2, 3)
    assert letters(desk) == 2
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert letters(desk) == 2


async def test_without_a_budget_all_goes() -> None:
    desk = Desktop(Weekdays((time(9), time(14))))
    desk.stage.pass_time(timedelta(hours=1))
    await ordered(desk, *range(6))
    assert letters(desk) == 6


async def test_another_process_knows_what_was_spent(desk: Desktop) -> None:
    await ordered(desk, 1, 2)
    desk.restarted()
    await ordered(desk, 3)
    assert letters(desk) == 2


async def test_reporters_are_never_held_back_nor_counted(desk: Desktop) -> None:
    spent, went = moved(SPENT), moved(LETTERS, audience="reporter", reason="alone")
    for nth in range(1, 7):
        await desk.told_of(ticket(nth), FILER)
    await desk.deliver()
    assert sum(each.address == FILER["phone"] for each in desk.sms.sent.values()) == 6
    assert (moved(SPENT) - spent, moved(LETTERS, audience="reporter", reason="alone") - went) == (0, 6)
    await ordered(desk, 7, 8)
    assert letters(desk) == 2, "their letters took no place of the unit's"

"""Sends an act for many matters: a request each under a key of its own, eight at once, for a bounded time.

Each key is made of the form, of what was typed in it and of the number: the same form again asks for nothing twice.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts.vocabulary import Pair
from services.portal.pages.desk_acts.acts import DeskAct, body_of, path_of
from services.portal.pages.frame.forms import Typed
from services.portal.pages.services import ServiceRefused
from services.portal.pages.sign_in.acting import ActingStaff

AT_ONCE = 8
WITHIN = 20.0  # seconds for all of them; what was not heard of by then waits for the same form again
PENDING = 202
DONE, WAITS, REFUSED = "done", "waits", "refused"
NOT_DECIDED = (401, 429)
"""Refused by the edge of a service, as is whatever is a 5xx: the matter itself was not decided."""


@dataclass(frozen=True, slots=True)
class MatterOutcome:
    """What came of one matter: DONE, REFUSED, or WAITS: nobody has decided, or said so; ``why``: in the API's words."""

    number: str
    what: str
    why: Pair = ("", "")


async def sent(act: DeskAct, who: ActingStaff, numbers: Sequence[str], typed: Typed, key: str) -> list[MatterOutcome]:
    """The outcome of each, in the order of ``numbers``."""
    found: dict[str, MatterOutcome] = {}

    async def one(number: str) -> None:
        found[number] = await _sent_one(act, who, number, typed, key)

    with suppress(TimeoutError):
        async with asyncio.timeout(WITHIN):
            await eight_at_once(numbers, one)
    return [found.get(number, MatterOutcome(number, WAITS)) for number in numbers]


async def eight_at_once(numbers: Sequence[str], one: Callable[[str], Awaitable[None]]) -> None:
    """Do it for each number, AT_ONCE at a time."""
    free = asyncio.Semaphore(AT_ONCE)

    async def in_turn(number: str) -> None:
        async with free:
            await one(number)

    async with asyncio.TaskGroup() as group:
        for number in numbers:
            group.create_task(in_turn(number))


def key_of(form: str, act: DeskAct, typed: Typed, number: str) -> str:
    """The idempotency key of one matter of a form as it is filled in."""
    said = [(each.name, typed.get(each.name, "")) for each in act.fields]
    return hashlib.sha256(repr((form, act.request, said, number)).encode()).hexdigest()


async def _sent_one(act: DeskAct, who: ActingStaff, number: str, typed: Typed, key: str) -> MatterOutcome:
    path, body = path_of(act, number, typed), body_of(act, typed)
    try:
        answered = await who.send(act.service, path, body, key_of(key, act, typed, number))
    except ServiceRefused as refused:
        return _refused(number, refused)
    return MatterOutcome(number, WAITS if answered.status == PENDING else DONE)


def _refused(number: str, refused: ServiceRefused) -> MatterOutcome:
    """With what the API says of a field, where it does."""
    undecided = refused.status in NOT_DECIDED or refused.status >= 500
    said = next(((each.get("zh", ""), each.get("en", "")) for each in refused.errors), (refused.zh, refused.en))
    return MatterOutcome(number, WAITS if undecided else REFUSED, said)

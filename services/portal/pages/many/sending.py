"""Sends an act for many matters, for a bounded time: in one call where the API takes many, each outcome then asked
for; else a request each under a key of its own, eight at once.

Each key is made of the form, of what was typed in it and of the number: the same form again asks for nothing twice.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from contracts.vocabulary import Pair
from services.portal.pages.desk_acts.acts import DeskAct, body_of, path_of
from services.portal.pages.frame.forms import Typed
from services.portal.pages.many.acts import inputs_of, takes_many
from services.portal.pages.services import ServiceRefused
from services.portal.pages.sign_in.acting import ActingStaff

AT_ONCE = 8
WITHIN = 20.0  # seconds for all of them; what was not heard of by then waits for the same form again
PENDING = 202
DONE, WAITS, REFUSED = "done", "waits", "refused"
LOOKS_EVERY = 0.2  # seconds from one look for an outcome to the next
NOT_OPEN: Pair = ("现在不轮到您办理这一件。", "It is not your turn to do this.")
NOT_FOUND: Pair = ("没有这一件，或者不在您的范围内。", "There is no such matter, or it is not within your reach.")
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
            await (_together(act, who, numbers, typed, key, found) if takes_many(act) else eight_at_once(numbers, one))
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
    said = [(name, typed.get(name, "")) for name in inputs_of(act)]
    return hashlib.sha256(repr((form, act.request, said, number)).encode()).hexdigest()


async def _sent_one(act: DeskAct, who: ActingStaff, number: str, typed: Typed, key: str) -> MatterOutcome:
    path, body = path_of(act, number, typed), body_of(act, typed)
    try:
        answered = await who.send(act.service, path, body, key_of(key, act, typed, number))
    except ServiceRefused as refused:
        return _refused(number, refused)
    return MatterOutcome(number, WAITS if answered.status == PENDING else DONE)


async def _together(
    act: DeskAct,
    who: ActingStaff,
    numbers: Sequence[str],
    typed: Typed,
    key: str,
    found: dict[str, MatterOutcome],
) -> None:
    """One call for all of them, then of each its outcome, as it comes, into ``found``."""
    body = body_of(act, typed) | {"numbers": list(numbers)}
    try:
        put = (await who.send(act.service, act.path, body, key_of(key, act, typed, ""))).json
    except ServiceRefused as refused:
        found |= {number: _refused(number, refused) for number in numbers}
        return
    for name, why in (("not_open", NOT_OPEN), ("not_found", NOT_FOUND)):
        found |= {number: MatterOutcome(number, REFUSED, why) for number in put.get(name, ())}
    asks = {each["number"]: each["ask"] for each in put["requested"]}

    async def one(number: str) -> None:
        found[number] = await _outcome(act, who, number, asks[number])

    await eight_at_once(tuple(asks), one)


async def _outcome(act: DeskAct, who: ActingStaff, number: str, ask: str) -> MatterOutcome:
    path, _, asked = ask.partition("?")
    status = PENDING
    while status == PENDING:
        await asyncio.sleep(LOOKS_EVERY)
        try:
            status = (await who.ask(act.service, path, parse_qsl(asked))).status
        except ServiceRefused as refused:
            return _refused(number, refused)
    return MatterOutcome(number, DONE)


def _refused(number: str, refused: ServiceRefused) -> MatterOutcome:
    """With what the API says of a field, where it does."""
    undecided = refused.status in NOT_DECIDED or refused.status >= 500
    said = next(((each.get("zh", ""), each.get("en", "")) for each in refused.errors), (refused.zh, refused.en))
    return MatterOutcome(number, WAITS if undecided else REFUSED, said)

"""A service that counts, for the loop's tests: what it is told adds up, a request may be refused, one knock rings."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Body, Message, WakeUp
from runtime.change import Change, Ignore, Keep, Reject, Result
from runtime.delivery.service import Service
from tests.harness import request


class Opened(Body): ...


class NumberAdded(Body):
    number: int


class NumberTold(Body):
    """Another service added a number."""

    number: int


class Add(Body):
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
    return Change(replace(document, total=total), (NumberAdded(number=total),), {"total": str(total)})


def on_told(document: Sum | None, message: Message[NumberTold], now: datetime) -> Result[Sum]:
    if message.body.number == 13:
        raise ValueError("unlucky")
    return Change(replace(document or Sum(), total=(document or Sum()).total + message.body.number))


def on_wake_up(document: Sum | None, message: Message[WakeUp], now: datetime) -> Result[Sum]:
    if document is None or document.wake is None or now < document.wake:
        return Ignore("settled")
    return Change(replace(document, wake=None), (NumberAdded(number=0),))


def counting(says: str = "tickets", part: str = "", logs: tuple[str, ...] = ()) -> Service[Sum]:
    reacts: dict[type[Body], Any] = {Opened: on_opened, Add: on_add, NumberTold: on_told, WakeUp: on_wake_up}
    return Service(
        name="sum",
        says=says,
        part=part,
        logs=logs,
        document=Sum,
        reacts=reacts,
        wake_at=lambda document: document.wake,
    )


def add(number: int, **more: Any) -> Message[Any]:
    return request(Add(number=number), to=("sum",), **more)

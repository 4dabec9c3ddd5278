"""A person's command is a message: the API puts it into the log and waits for its outcome in the own document.

A request's id names who wants what of which document under which key, and ends with four digits of the body that was
sent: enough to notice that a key came back with another body, too few to confirm a guess at somebody's words.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Actor, Body, Kind, Message, encode_headers, encode_value
from contracts.topics import BY_NAME, partition_of
from runtime.clock import Clock
from runtime.delivery.ports import Store, Unavailable, Writer
from runtime.delivery.records import Decided, Outgoing, Record
from runtime.delivery.service import Service
from runtime.http.problems import Refusal
from runtime.ids import id_of
from runtime.telemetry import metrics

FIRST_LOOK = 0.02  # seconds after the request was acknowledged
LAST_LOOK = 3.0  # seconds until the caller is told where to ask
STEP_UP = 1.5  # each look waits this much longer


PENDING_FOR = timedelta(days=1)  # as long a loop may be away; then the same key is to be sent again
KEYED = 32  # hex digits of an id that stand for document, person, kind and key
OF_THE_BODY = 4  # hex digits that follow, where there is a body
ID = re.compile(rf"[0-9a-f]{{{KEYED}}}([0-9a-f]{{{OF_THE_BODY}}})?")


@dataclass(frozen=True, slots=True)
class StandingRequest:
    """A request as it stands: decided, or still on its way (``decided`` None). ``at``: Unix seconds of the asking."""

    request: str
    decided: Decided | None
    at: int


def other_body() -> Refusal:
    """The key came before, with another body."""
    zh = "同一编号已提交过不同的内容。新的事项请换一个编号。"
    return Refusal(422, "other_body", zh, "This key came with another body: use a new key.")


def request_unknown() -> Refusal:
    """Nobody will decide it: it never was, or it is so long ago that nobody remembers."""
    zh = "没有这项请求，或已过查询期限。请查看事项现状，或用同一编号重发。"
    en = "No such request, or it is too long ago: look at the matter, or send it again with the same key."
    return Refusal(404, "request_unknown", zh, en)


class RequestDesk:
    """Puts requests of one service's API into the log and looks for their outcomes."""

    def __init__(self, service: Service[Any], store: Store[Any], writer: Writer, clock: Clock) -> None:
        self._service, self._store, self._writer, self._clock = service, store, writer, clock

    def now(self) -> datetime:
        """The instant that a request is stamped with."""
        return self._clock.now()

    def request(
        self, about: str, body: Body, actor: Actor, key: str, to: Sequence[str] = (), sent: bytes = b""
    ) -> Message[Body]:
        """The request whose id is the same whenever ``actor`` sends the same ``key`` and ``sent``.

        ``about``: the key of the document that is to change; ``key``: the caller's own name of the request. ``sent``:
        the body as it came, for ``body`` holds what was sealed, which is another each time.
        """
        return Message(
            id=request_id(about, type(body), actor, key, sent),
            type=type(body).__name__,
            kind=Kind.REQUEST,
            key=about,
            producer=self._service.name,
            at=self._clock.now(),
            time=self._clock.wall(),
            body=body,
            to=tuple(to) or (self._service.name,),
            actor=actor,
        )

    async def put(self, requests: Sequence[Message[Body]]) -> None:
        """Put requests into the log in one go. Raises Unavailable: the same key is safe to send again.

        Raises other_body when one of the keys is known to have come with another body: then nothing is put. Not known
        is a first one that nobody has read from the log yet; then both are decided, by the state of the matter.
        """
        await self._refuse_other_bodies(requests)
        await self._writer.publish([outgoing(request, self._service.says) for request in requests])

    async def ask(self, request: Message[Body]) -> StandingRequest:
        """Put it into the log and wait up to 3 s for its outcome. Raises other_body; Unavailable: Kafka is silent."""
        try:
            await self.put([request])
        except Unavailable:
            self._count(request, "unavailable")
            raise
        decided = await self._wait_for(request)
        self._count(request, "pending" if decided is None else "accepted" if decided.accepted else "refused")
        return StandingRequest(request.id, decided, seconds(request))

    async def outcome(self, about: str, request: str) -> Decided | None:
        """The outcome of an earlier request, if it is known here."""
        record = (await self._store.load([about])).get(about)
        return record.outcome_of(request) if record else None

    async def is_known(self, about: str, request: str) -> bool:
        """Whether a request was decided, or waits here to be."""
        record = (await self._store.load([about])).get(about)
        return record is not None and (record.outcome_of(request) is not None or request in _kept(record))

    async def asked(self, about: str, request: str, at: int, *, first: bool = False) -> StandingRequest:
        """How an earlier request stands; ``at`` as the answer to it said. Raises request_unknown.

        ``first``: it may be the one that makes the document, so that there is none yet.

        An id carries no time, so that a key gives the same one again; where to ask does (``?asked=``). Undecided is
        what waits here for the baton, and whatever was put less than a day ago: it may be in the log still.
        """
        record = (await self._store.load([about])).get(about) if ID.fullmatch(request) else None
        decided = record.outcome_of(request) if record else None
        is_recent = abs(self._clock.wall().timestamp() - at) < PENDING_FOR.total_seconds()
        is_waiting = record is not None and request in _kept(record)
        if not _may_be_known(record, request, first=first) or not (decided or is_recent or is_waiting):
            raise request_unknown()
        return StandingRequest(request, decided, at)

    async def _refuse_other_bodies(self, requests: Sequence[Message[Body]]) -> None:
        """Raises other_body. What cannot be looked at now is not known."""
        with_body = [request for request in requests if len(request.id) > KEYED]
        try:
            records = await self._store.load([request.key for request in with_body]) if with_body else {}
        except Unavailable:
            return
        if any(_came_otherwise(records[each.key], each.id) for each in with_body if each.key in records):
            raise other_body()

    async def _wait_for(self, request: Message[Body]) -> Decided | None:
        """Looks that hang count like any other waiting: the caller is told where to ask in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_LOOK):
                return await self._look_until_decided(request)
        return None

    async def _look_until_decided(self, request: Message[Body]) -> Decided:
        pause = FIRST_LOOK
        while True:
            await asyncio.sleep(pause)
            if decided := await self._look(request):
                return decided
            pause = min(pause * STEP_UP, 0.5)

    async def _look(self, request: Message[Body]) -> Decided | None:
        try:
            return await self.outcome(request.key, request.id)
        except Unavailable:
            return None

    def _count(self, request: Message[Body], answer: str) -> None:
        metrics.REQUESTS.labels(self._service.label, request.type, answer).inc()


def request_id(about: str, body: type[Body], actor: Actor, key: str, sent: bytes = b"") -> str:
    """What a request is called: the same whenever ``actor`` sends the same ``key`` and ``sent``."""
    keyed = id_of("request", about, actor.principal, body.__name__, key)[:KEYED]
    return keyed + (id_of(key, sent.hex())[:OF_THE_BODY] if sent else "")


def _may_be_known(record: Record[Any] | None, request: str, *, first: bool) -> bool:
    return record is not None or (first and ID.fullmatch(request) is not None)


def seconds(request: Message[Body]) -> int:
    """When it was asked, as Unix seconds."""
    return int(request.time.timestamp())


def _came_otherwise(record: Record[Any], own: str) -> bool:
    known = (*(decided.request for decided in record.outcomes), *_kept(record))
    return any(each != own and each[:KEYED] == own[:KEYED] and len(each) == len(own) for each in known)


def _kept(record: Record[Any]) -> Iterator[str]:
    """The ids of the requests that wait for the baton."""
    return (dict(waiting.headers).get("ce_id", b"").decode() for waiting in record.kept)


def outgoing(message: Message[Body], topic: str) -> Outgoing:
    """The record of ``topic`` that carries ``message``."""
    partition = partition_of(message.key, BY_NAME[topic].partitions)
    return Outgoing(topic, partition, message.key, encode_headers(message), encode_value(message))

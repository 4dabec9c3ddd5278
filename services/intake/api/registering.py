"""The door: a submission is sealed, numbered and acknowledged by Kafka alone; MongoDB may be down."""

import asyncio
import functools
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import orjson

from contracts import identifiers
from contracts.envelope import Actor, Kind, Message
from contracts.messages.intake import DayKeyPublished, SubmissionReceived
from runtime.clock import Clock, Stopwatch
from runtime.coalesced import Together
from runtime.delivery.ports import Store, Unavailable, Writer
from runtime.delivery.records import Outgoing
from runtime.http.requests import outgoing
from runtime.identity import seals
from runtime.identity.seals import SealerTo
from runtime.ids import id_of
from runtime.process.configuration import Configuration
from services.intake.api.bodies import form_1
from services.intake.api.reading import ReadSubmission
from services.intake.domain.submission import BODY_FORM, FORMER_FORM, Registration

ACKNOWLEDGED_KEPT = 100_000  # tickets that this process has acknowledged; older ones are in the documents
LOOK = 0.05  # seconds for which the door looks whether the key came with another body, never more
BREAK_AFTER = 3  # looks that failed in a row
BREAK_FOR = timedelta(seconds=10)
PRINCIPALS_KEPT = 1000  # digests of accounts that register
NETWORK_DIGITS = 32  # hex
DAYS_KEPT = 30  # day keys: older ones may be destroyed


class OtherBody(Exception):
    """The key came before, with another body."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Through which door somebody comes. ``principal`` "" for the public."""

    channel: str
    principal: str
    division: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the reporter gets: valid from now on, whatever else is down."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class BodyDigest:
    """A body as it is compared: version of the canonical form, digest, and the digest of the version before."""

    version: int
    digest: str
    former: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of ids, codes and bodies."""

    ticket_id: bytes
    code: bytes
    body: bytes


class PublicKeys:
    """The public halves of the day keys, as the log of configuration has them, each with its sealer."""

    def __init__(self, configuration: Configuration, clock: Clock, random: seals.Random) -> None:
        self._configuration, self._clock, self._random = configuration, clock, random
        self._version, self._days, self._sealers = -1, list[str](), dict[str, SealerTo]()

    def today(self) -> tuple[str, SealerTo]:
        """Today's key, or the newest one before it. Raises Unavailable before any was published."""
        return self.of(self._clock.wall())

    def of(self, wall: datetime) -> tuple[str, SealerTo]:
        """The key of a day, or the newest one before it. Raises Unavailable before any was published."""
        if self._version != self._configuration.version:
            self._learn()
        past = bisect_right(self._days, wall.date().isoformat())
        if not self._days:
            raise Unavailable("no day key is published yet: is intake's loop running?")
        key = self._days[max(past - 1, 0)]
        return key, self._sealers[key]

    def _learn(self) -> None:
        published = {key.day: key for key in self._configuration.all(DayKeyPublished).values()}
        self._days = sorted(published)[-DAYS_KEPT:]
        self._sealers = {day: SealerTo(seals.from_text(published[day].public), self._random) for day in self._days}
        self._version = self._configuration.version


class Registering:
    def __init__(
        self,
        secrets: Secrets,
        day_keys: PublicKeys,
        writer: Writer,
        store: Store[Registration],
        clock: Clock,
        answer_within: float,
    ) -> None:
        """``answer_within``: seconds, also behind a batch that Kafka does not acknowledge."""
        self._secrets, self._clock, self._store, self._day_keys = secrets, clock, store, day_keys
        self._breaker = LookUpBreaker(clock.stopwatch)
        self._principal = functools.lru_cache(PRINCIPALS_KEPT)(functools.partial(_principal, secrets.body))
        self._publish: Together[Outgoing, None] = Together(_all_or_none(writer), answer_within)
        self._looks: Together[str, tuple[str, ...]] = Together(self._digests, LOOK)
        self._acknowledged: OrderedDict[str, None] = OrderedDict()

    def today(self) -> date:
        """The day of the calendar on the wall."""
        return self._clock.wall().date()

    async def take(
        self, caller: Caller, key: str, read: ReadSubmission, *, former_key: str = "", named_from: str = ""
    ) -> Receipt:
        """Register. Raises OtherBody; Unavailable when Kafka is silent: the same key is safe to send again.

        ``former_key``: the key as it was typed, under which the matter may have come before keys were read alike.
        ``named_from``: the address of whoever names others without being signed in: these have to confirm.
        """
        secrets, submission = self._secrets, read.submission
        ticket, known = await self._ticket(caller, key, former_key or key)
        body = self._form_of(read, known)
        if known and body.digest not in known:
            raise OtherBody
        voters = range(1 + len(submission.co_reporters))
        codes = [identifiers.query_code(secrets.code, ticket, body.digest, voter) for voter in voters]
        number = identifiers.number_of(ticket, caller.division)
        named = self._named(named_from)
        plain = b'{"content":' + submission.words() + b',"codes":' + orjson.dumps(codes) + named + b"}"
        await self._publish.call(self._sealed(caller, ticket, number, body, plain))
        self._remember(ticket)
        return Receipt(number, codes[0])

    async def knows(self, caller: Caller, key: str, former_key: str) -> bool:
        """Whether the key was acknowledged before, as far as this process remembers or can look up now."""
        ticket, known = await self._ticket(caller, key, former_key or key)
        return bool(known) or ticket in self._acknowledged

    def _remember(self, ticket: str) -> None:
        self._acknowledged[ticket] = None
        if len(self._acknowledged) > ACKNOWLEDGED_KEPT:
            self._acknowledged.popitem(last=False)

    def _named(self, address: str) -> bytes:
        """The network of a day, as nobody reads it: it only tells how many were named from one."""
        if not address:
            return b""
        day = self.today().isoformat()
        network = identifiers.keyed(self._secrets.body, "network", day, address).hex()[:NETWORK_DIGITS]
        return b',"named_from":' + orjson.dumps(network)

    async def _ticket(self, caller: Caller, key: str, former_key: str) -> tuple[str, tuple[str, ...]]:
        """The matter of a key, and the digests of the bodies that are known of it.

        What came first under an id of the kind before (a key as it was typed, a number that ends in 0, O, 1, I or L)
        keeps it, as far as can be looked up now.
        """
        who = (self._secrets.ticket_id, caller.channel, caller.principal)
        ticket = identifiers.clear_ticket_id(*who, key, caller.division)
        before = (identifiers.ticket_id(*who, each) for each in (former_key, key))
        found = await self._known(list(dict.fromkeys((*before, ticket))))
        return next(((each, known) for each, known in found.items() if known), (ticket, ()))

    def _form_of(self, read: ReadSubmission, known: Sequence[str]) -> BodyDigest:
        """The body under the form of today; under the one before where that is how it came first."""
        digests = [
            identifiers.keyed(self._secrets.body, "body", str(version), body).hex()
            for version, body in ((BODY_FORM, read.submission.canonical()), (FORMER_FORM, form_1(read.raw)))
        ]
        today, former = digests
        came_before = former in known and today not in known
        return BodyDigest(FORMER_FORM, former) if came_before else BodyDigest(BODY_FORM, today, former)

    def _sealed(self, caller: Caller, ticket: str, number: str, body: BodyDigest, plain: bytes) -> Outgoing:
        now = self._clock.wall()
        key, sealer = self._day_keys.of(now)
        fact = SubmissionReceived.model_construct(
            number=number,
            channel=caller.channel,
            door=caller.division,
            principal=self._principal(caller.channel, caller.principal),
            body_digest=body.digest,
            body_form=body.version,
            former_digest=body.former,
            day_key=key,
            sealed=seals.to_text(sealer.seal(f"{ticket}/submission", plain)),
        )
        message = Message(
            id=id_of("submission", ticket, body.digest),
            type="SubmissionReceived",
            kind=Kind.FACT,
            key=ticket,
            producer="intake",
            at=self._clock.domain_of(now),
            time=now,
            body=fact,
            actor=Actor.model_construct(role=caller.channel),
        )
        return outgoing(message, "submissions")

    async def _known(self, tickets: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Digests of the bodies that came under these ids; empty when it is not known within 50 ms."""
        if self._breaker.is_open():
            return {}
        try:
            known = await self._looked_up(tickets)
        except Unavailable:
            self._breaker.failed()
            return {}
        self._breaker.worked()
        return dict(zip(tickets, known, strict=True))

    async def _looked_up(self, tickets: Sequence[str]) -> Sequence[tuple[str, ...]]:
        """In one batch. Nearly always it is one: no task is made for that."""
        if len(tickets) == 1:
            return [await self._looks.call(tickets[0])]
        return await asyncio.gather(*map(self._looks.call, tickets))

    async def _digests(self, tickets: Sequence[str]) -> Sequence[tuple[str, ...]]:
        records = await self._store.load(tickets)
        found = [records[ticket].document if ticket in records else None for ticket in tickets]
        return [(document.body_digest, *document.bodies) if document else () for document in found]


class LookUpBreaker:
    """After three failures in a row, ten seconds without trying."""

    def __init__(self, stopwatch: Stopwatch) -> None:
        self._stopwatch, self._failures, self._until = stopwatch, 0, None

    _until: timedelta | None

    def is_open(self) -> bool:
        """Whether trying is pointless now."""
        return self._until is not None and self._stopwatch() < self._until

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAK_AFTER:
            self._failures, self._until = 0, self._stopwatch() + BREAK_FOR

    def worked(self) -> None:
        self._failures, self._until = 0, None


def _principal(secret: bytes, channel: str, principal: str) -> str:
    """A keyed digest: an account's name is nobody's business in the log."""
    return identifiers.keyed(secret, "principal", channel, principal).hex()[:32]


def _all_or_none(writer: Writer) -> Callable[[Sequence[Outgoing]], Awaitable[Sequence[None]]]:
    async def publish(batch: Sequence[Outgoing]) -> Sequence[None]:
        await writer.publish(batch)
        return [None] * len(batch)

    return publish

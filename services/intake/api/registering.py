"""The door: a submission is sealed, numbered and acknowledged by Kafka alone; MongoDB may be down."""

import functools
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from contracts import identifiers
from contracts.envelope import Actor, Kind, Message
from contracts.messages.intake import DayKeyPublished, SubmissionReceived
from runtime.clock import Clock
from runtime.coalesced import Together
from runtime.delivery.ports import Store, Unavailable, Writer
from runtime.delivery.records import Outgoing
from runtime.http.requests import outgoing
from runtime.identity import seals
from runtime.identity.seals import SealerTo
from runtime.ids import id_of
from runtime.process.configuration import Configuration
from services.intake.api.bodies import Submission
from services.intake.domain.submission import BODY_FORM, Registration

ANSWER_WITHIN = 7.0  # seconds, also behind a batch that Kafka does not acknowledge
LOOK = 0.05  # seconds for which the door looks whether the key came with another body, never more
BREAK_AFTER = 3  # looks that failed in a row
BREAK_FOR = timedelta(seconds=10)
PRINCIPALS_KEPT = 1000  # digests of accounts that register
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
    ) -> None:
        self._secrets, self._clock, self._store, self._day_keys = secrets, clock, store, day_keys
        self._breaker = LookUpBreaker(clock.wall)
        self._principal = functools.lru_cache(PRINCIPALS_KEPT)(functools.partial(_principal, secrets.body))
        self._publish: Together[Outgoing, None] = Together(_all_or_none(writer), ANSWER_WITHIN)
        self._looks: Together[str, tuple[str, ...]] = Together(self._digests, LOOK)

    async def take(self, caller: Caller, key: str, submission: Submission) -> Receipt:
        """Register. Raises OtherBody; Unavailable when Kafka is silent: the same key is safe to send again."""
        body, secrets = submission.canonical(), self._secrets
        ticket = identifiers.ticket_id(secrets.ticket_id, caller.channel, caller.principal, key)
        digest = identifiers.keyed(secrets.body, "body", str(BODY_FORM), body).hex()
        known = await self._known(ticket)
        if known and digest not in known:
            raise OtherBody
        voters = 1 + len(submission.co_reporters)
        codes = [identifiers.query_code(secrets.code, ticket, digest, voter) for voter in range(voters)]
        number = identifiers.number_of(ticket, caller.division)
        await self._publish.call(self._sealed(caller, ticket, number, digest, body, codes))
        return Receipt(number, codes[0])

    def _sealed(
        self, caller: Caller, ticket: str, number: str, digest: str, body: bytes, codes: Sequence[str]
    ) -> Outgoing:
        now = self._clock.wall()
        key, sealer = self._day_keys.of(now)
        plain = b'{"content":' + body + b',"codes":' + orjson.dumps(codes) + b"}"
        fact = SubmissionReceived.model_construct(
            number=number,
            channel=caller.channel,
            door=caller.division,
            principal=self._principal(caller.channel, caller.principal),
            body_digest=digest,
            body_form=BODY_FORM,
            day_key=key,
            sealed=seals.to_text(sealer.seal(f"{ticket}/submission", plain)),
        )
        message = Message(
            id=id_of("submission", ticket, digest),
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

    async def _known(self, ticket: str) -> tuple[str, ...]:
        """Digests of the bodies that came under this id; empty when it is not known within 50 ms."""
        if self._breaker.is_open():
            return ()
        try:
            known = await self._looks.call(ticket)
        except Unavailable:
            self._breaker.failed()
            return ()
        self._breaker.worked()
        return known

    async def _digests(self, tickets: Sequence[str]) -> Sequence[tuple[str, ...]]:
        records = await self._store.load(tickets)
        found = [records[ticket].document if ticket in records else None for ticket in tickets]
        return [(document.body_digest, *document.bodies) if document else () for document in found]


class LookUpBreaker:
    """After three failures in a row, ten seconds without trying."""

    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall, self._failures, self._until = wall, 0, None

    _until: datetime | None

    def is_open(self) -> bool:
        """Whether trying is pointless now."""
        return self._until is not None and self._wall() < self._until

    def failed(self) -> None:
        self._failures += 1
        if self._failures >= BREAK_AFTER:
            self._failures, self._until = 0, self._wall() + BREAK_FOR

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

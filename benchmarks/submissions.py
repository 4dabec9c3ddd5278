"""The load: sealed submissions as the door makes them, published straight into the log; and when a ticket is told."""

import asyncio
from collections.abc import Mapping
from secrets import token_bytes

import orjson

from benchmarks import floor
from benchmarks.bench import Ground
from contracts import identifiers
from contracts.envelope import Body, Kind, Message
from contracts.messages import intake
from runtime.clock import Clock, parse_segment
from runtime.delivery.records import Outgoing
from runtime.http.requests import outgoing
from runtime.identity import seals
from runtime.ids import id_of
from runtime.kafka.follower import KafkaFollower
from runtime.process.configuration import Configuration

UP_WITHIN = 90.0  # seconds until intake's loop has published its keys
WORDS = "高村镇农贸市场门口水压很低，请派人来检修。" * 6


async def day_key(ground: Ground) -> intake.DayKeyPublished:
    """The key that intake's loop publishes when it is up. Raises TimeoutError."""
    follower = KafkaFollower(ground.bus, "configuration")
    configuration = Configuration(follower, [intake.DayKeyPublished])
    async with asyncio.timeout(UP_WITHIN):
        while not configuration.all(intake.DayKeyPublished):
            await configuration.catch_up()
    await follower.stop()
    return min(configuration.all(intake.DayKeyPublished).values(), key=lambda key: key.day)


def sealed(ground: Ground, key: intake.DayKeyPublished, count: int, first: int) -> list[Outgoing]:
    """Submissions, each clear enough to be assigned by rule."""
    public, secret = seals.from_text(key.public), ground.environment["DUBAN_CODE_SECRET"].encode()
    clock = clock_of(ground)
    return [_sealed(clock, nth, public, key.key, secret) for nth in range(first, first + count)]


def zeros(ground: Ground, count: int, first: int) -> list[Outgoing]:
    clock = clock_of(ground)
    return [_message(clock, f"T{nth:025d}", floor.Zero(words=WORDS)) for nth in range(first, first + count)]


def clock_of(ground: Ground) -> Clock:
    """The clock that the processes of this ground were given."""
    return Clock(parse_segment(ground.environment.get("DUBAN_CLOCK", "")))


def told(kind: str, headers: Mapping[str, bytes], value: bytes) -> bool:
    """The reporter was told of the assignment."""
    if kind not in ("PersonNotified", "PeopleNotified"):
        return False
    body = orjson.loads(value)
    said = body.get("told", [body])
    return any(each["kind"] == "assigned" and each["audience"] == "reporter" for each in said)


def fourth(kind: str, headers: Mapping[str, bytes], value: bytes) -> bool:
    """The floor's last word about a ticket."""
    return kind == "Four"


def _message(clock: Clock, ticket: str, body: Body) -> Outgoing:
    fact = Message(
        id=id_of("bench", ticket),
        type=type(body).__name__,
        kind=Kind.FACT,
        key=ticket,
        producer="intake",
        at=clock.now(),
        time=clock.wall(),
        body=body,
    )
    return outgoing(fact, "submissions")


def _sealed(clock: Clock, nth: int, public: bytes, day_key: str, secret: bytes) -> Outgoing:
    key = f"b{nth}"
    ticket = identifiers.ticket_id(secret, "web", "", key)
    content = {
        "title": "自来水水压很低",
        "content": f"麻阳县高村镇农贸市场旁第{nth}号楼自来水水压很低，二楼洗澡困难，打过电话没有来修，请派人检修。",
        "place": "高村镇农贸市场",
        "division": "431226",
        "reporter": {"phone": f"139{nth:08d}", "channel": "sms"},
    }
    body = orjson.dumps(content)
    digest = identifiers.keyed(secret, "body", body).hex()
    plain = b'{"content":' + body + b',"codes":' + orjson.dumps([key.ljust(10, "0")]) + b"}"
    fact = intake.SubmissionReceived(
        number=identifiers.number_of(ticket, "431226"),
        channel="web",
        door="431226",
        principal="",
        body_digest=digest,
        body_form=1,
        day_key=day_key,
        sealed=seals.to_text(seals.seal_to(public, f"{ticket}/submission", plain, token_bytes)),
    )
    return _message(clock, ticket, fact)

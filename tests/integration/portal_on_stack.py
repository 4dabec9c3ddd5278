"""The portal alone on a real Kafka and MongoDB: its loop, its API, and a hand that speaks for the other services."""

import asyncio
import base64
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import httpx2
import orjson

from contracts import values
from contracts.envelope import Body
from contracts.identifiers import code_digest, number_of
from contracts.messages import sla
from runtime import pauses, workers
from runtime.http.requests import outgoing
from runtime.identity import tokens
from runtime.identity.seals import KeyWrap
from runtime.identity.tokens import Principal
from runtime.identity.vault import Keys, MongoVault, seal_words
from runtime.kafka.topics import create_topics, delete_topics, lay_positions
from runtime.process.platform import Platform, RealPlatform
from services.portal import wiring
from services.portal.settings import PortalSettings
from tests.environment import environment
from tests.facts.intake import registered
from tests.facts.sla import deadline_set
from tests.harness import fact
from tests.pages import KEY
from tests.stack import Stack

SECRET = "a secret of the tests that is long enough"
KEK = b"k" * 32
CODE = "ABCDE12345"
WITHIN = 90.0  # seconds for the loop to have read what was said
SUPERVISOR = Principal("s", "", "431226", "supervisor")


@dataclass
class Hand:
    """Says facts and looks at the portal."""

    platform: RealPlatform
    client: httpx2.AsyncClient
    private: str
    said: int = 0
    seqs: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def anywhere(self) -> Platform:
        """The platform as the commands see it."""
        return cast(Platform, self.platform)

    async def register(
        self,
        title: str,
        content: str,
        division: str = "431226",
        place: str = "",
        at: datetime | None = None,
        **more: object,
    ) -> str:
        """A matter is registered, sealed as intake seals; its ticket id."""
        ticket = secrets.token_hex(13).upper()
        vault = MongoVault(self.platform.database("vault"))
        keys = (await Keys(vault, KeyWrap(KEK, secrets.token_bytes)).issue({ticket: b"[]"}))[ticket]
        assert keys is not None
        said = {"title": title, "content": content} | ({"place": place} if place else {})
        words = orjson.dumps(said).decode()
        given: dict[str, object] = {
            "number": number_of(ticket, division),
            "door": division,
            "division_given": division,
            "words": seal_words(keys.words, ticket, "words", words),
            "voters": [values.Voter(index=0, code_digest=code_digest(SECRET.encode(), ticket, CODE))],
        }
        await self.say(ticket, "intake", registered(**(given | more)), at=at)
        return ticket

    async def say(self, ticket: str, producer: str, *bodies: Body, at: datetime | None = None) -> None:
        """Facts of one producer about one ticket, in order."""
        for body in bodies:
            seq = self.seqs[ticket, producer] = self.seqs.get((ticket, producer), 0) + 1
            now = at or self.platform.clock.now()
            self.said += 1
            message = fact(body, now, seq=seq, producer=producer, key=ticket, id=f"{ticket}-{producer}-{seq}")
            await self.platform.writer.publish([outgoing(message, "tickets")])

    async def get(self, path: str, who: Principal | None = None, **params: str) -> httpx2.Response:
        """Ask the portal, with a token for ``who``."""
        wall = self.platform.clock.wall()
        headers = {"Authorization": f"Bearer {tokens.issue(self.private, who, wall)}"} if who else {}
        return await self.client.get(path, headers=headers, params=params or None)

    async def until(self, path: str, holds: Callable[[httpx2.Response], bool], **params: str) -> httpx2.Response:
        """Ask until it holds: the loop reads after us."""
        never = asyncio.Event()
        async with asyncio.timeout(WITHIN):
            while not holds(found := await self.get(path, SUPERVISOR, **params)):
                await pauses.pause(0.1, never)
        return found

    async def settled(self) -> None:
        """Return when the loop has taken everything that was said: documents know what they have seen."""
        never, documents = asyncio.Event(), self.platform.database("portal")["tickets"]
        async with asyncio.timeout(WITHIN):
            while await self._seen(documents) < self.said:
                await pauses.pause(0.1, never)

    async def _seen(self, documents: Any) -> int:
        found = await documents.find({}, {"seen": 1}).to_list(None)
        return sum(sum(each.get("seen", {}).values()) for each in found)

    def ago(self, **span: float) -> datetime:
        """A domain instant before now."""
        return self.platform.clock.now() - timedelta(**span)


@asynccontextmanager
async def portal_on_stack(stack: Stack) -> AsyncIterator[Hand]:
    """The portal in a namespace of its own."""
    private, public = tokens.new_key_pair()
    settings = PortalSettings(
        kafka_bootstrap_servers=stack.kafka,
        mongodb_uri=stack.mongodb_uri,
        namespace=f"t{uuid.uuid4().hex[:10]}",
        code_secret=SECRET,
        vault_key=base64.b64encode(KEK).decode(),
        token_public_key=public,
    )
    platform = RealPlatform(settings, "portal")
    await create_topics(platform.bus)
    await lay_positions(platform.bus, {"portal.loop": ("tickets",)})
    await platform.start()
    await MongoVault(platform.database("vault")).create_views()
    async with _running(platform, private) as hand:
        yield hand
    await _forgotten(platform)


@asynccontextmanager
async def _running(platform: RealPlatform, private: str) -> AsyncIterator[Hand]:
    anywhere, stop = cast(Platform, platform), asyncio.Event()
    with environment({"DUBAN_PAGES_KEY": KEY}):
        app = await wiring.api(anywhere)
    running = asyncio.create_task(workers.run_workers(await wiring.workers(anywhere), stop))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://portal") as client:
        yield Hand(platform, client, private)
    stop.set()
    await running


async def _forgotten(platform: RealPlatform) -> None:
    for service in ("portal", "vault"):
        await platform.mongo.client.drop_database(platform.database(service).name)
    await delete_topics(platform.bus)
    await platform.stop()


def deadline(clock: str, kind: str, start: datetime, due: datetime) -> sla.DeadlineSet:
    """A clock with all colours at even steps."""
    step = (due - start) / 3
    colours = {"yellow": start + step, "orange": start + 2 * step, "red": due}
    return deadline_set(clock=clock, kind=kind, start=start, due=due, **colours)

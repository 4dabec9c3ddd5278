"""D6: who reads no Kafka gets the same events over HTTP, page by page or as a stream, from any place."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import orjson
import pytest

from contracts.envelope import stamp
from contracts.identifiers import prefix_of
from contracts.topics import TICKET_FEED
from deploy.local.state import free_port
from runtime.clock import system_wall
from runtime.identity.tokens import Principal, issue
from runtime.process.serve import http
from runtime.workers import run_workers
from services.notify import wiring
from services.notify.domain.feed_cursor import FeedCursor
from tests.acceptance.test_D6_feed import CANARIES, WORDS, canary, events
from tests.acceptance.town import COUNTY, PRIVATE, RunningSystem

PARTNER = Principal("neighbouring-platform", "", COUNTY, "partner")
ELSEWHERE = Principal("another-platform", "", "431225", "partner")
PAGES = 200  # at most, on the way to the tip


async def walked(town: RunningSystem, who: Principal, path: str = "/v1/events?limit=500") -> tuple[list[Any], str]:
    """Every event from there on, page by page, and the path of the next page."""
    found: list[Any] = []
    for _ in range(PAGES):
        answer = await town.call("notify", "GET", path, who=who)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/cloudevents-batch+json")
        before, path = path, answer.links["next"]["url"]
        if not answer.json() and path == before:
            return found, path
        found += answer.json()
    raise AssertionError("the pages do not end")


async def of_matter(town: RunningSystem, receipt: Any, who: Principal = PARTNER) -> list[Any]:
    found, _ = await walked(town, who, "/v1/events?limit=500")
    return [each for each in found if each["subject"].startswith(prefix_of(receipt.number))]


async def test_D6_page_by_page_gives_what_is_on_the_topic(town: RunningSystem) -> None:
    receipt = await canary(town)
    on_topic = await events(town, receipt)
    paged = await of_matter(town, receipt)
    assert [each["id"] for each in paged] == [dict(each.headers)["ce_id"].decode() for each in on_topic]
    assert [each["data"] for each in paged] == [orjson.loads(each.value) for each in on_topic]
    assert {each["division"] for each in paged} == {COUNTY}
    assert [word for word in (*CANARIES, WORDS, receipt.code) if word in orjson.dumps(paged).decode()] == []


async def test_D6_who_comes_back_with_the_cursor_gets_what_came_since_and_only_that(town: RunningSystem) -> None:
    await canary(town)
    old, following = await walked(town, PARTNER)
    receipt = await canary(town)
    on_topic = await events(town, receipt)
    news, _ = await walked(town, PARTNER, following.replace("limit=500", "limit=2"))
    assert {each["id"] for each in old}.isdisjoint(each["id"] for each in news)
    own = [each["id"] for each in news if each["subject"].startswith(prefix_of(receipt.number))]
    assert own[: len(on_topic)] == [dict(each.headers)["ce_id"].decode() for each in on_topic]


async def test_D6_an_instant_and_a_type_narrow_it_down(town: RunningSystem) -> None:
    begin = system_wall()
    receipt = await canary(town)
    await events(town, receipt)
    asked = f"/v1/events?limit=500&type=duban.ticket.struck-off.v1&since={stamp(begin).replace(':', '%3A')}"
    found, following = await walked(town, PARTNER, asked)
    assert [each["data"]["number"] for each in found] == [receipt.number]
    assert "type=duban.ticket.struck-off.v1" in following


async def test_D6_another_county_sees_none_of_it(town: RunningSystem) -> None:
    receipt = await canary(town)
    await events(town, receipt)
    assert await of_matter(town, receipt, ELSEWHERE) == []
    answer = await town.call("notify", "GET", f"/v1/events?division={COUNTY}", who=ELSEWHERE)
    assert (answer.status_code, answer.json()["type"]) == (403, "outside_your_scope")
    assert (await town.call("notify", "GET", "/v1/events", who=town.staff("clerk"))).status_code == 403
    assert (await town.call("notify", "GET", "/v1/events")).status_code == 401


async def test_D6_a_partner_reads_nothing_that_staff_read(town: RunningSystem) -> None:
    receipt = await canary(town)
    for service, path in (
        ("portal", f"/v1/tickets/{receipt.number}"),
        ("portal", "/v1/tickets"),
        ("routing", "/v1/work-list"),
    ):
        answer = await town.call(service, "GET", path, who=PARTNER)
        assert (answer.status_code, answer.json()["type"]) == (403, "role_refused")


def cursor(epoch: int = 1, first: int = 0, rest: int = 0) -> str:
    return FeedCursor(epoch, (first,) + (rest,) * (TICKET_FEED.partitions - 1)).text()


@pytest.mark.parametrize(
    ("after", "status", "code"),
    [
        (cursor()[:-3], 422, "cursor_malformed"),
        (cursor() * 12, 422, "cursor_malformed"),
        (cursor(first=2**64 - 1, rest=2**64 - 1), 422, "cursor_malformed"),
        ("-1", 422, "cursor_malformed"),
        (cursor(first=2**20), 422, "cursor_ahead"),
        (cursor(epoch=2), 409, "cursor_of_another_log"),
        ("a" * 1001, 422, "invalid"),
    ],
    ids=["cut", "long", "negative", "minus one", "of the future", "of another epoch", "endless"],
)
async def test_D6_a_bad_cursor_is_said_to_be_one(town: RunningSystem, after: str, status: int, code: str) -> None:
    answer = await town.call("notify", "GET", "/v1/events", who=PARTNER, params={"after": after})
    assert (answer.status_code, answer.json()["type"]) == (status, code), answer.text
    assert answer.json()["zh"]


@asynccontextmanager
async def served(town: RunningSystem) -> AsyncIterator[httpx2.AsyncClient]:
    """One more API of notify on a port of its own: a stream does not end, and the tests' short way waits for an end."""
    port, stop = free_port(), asyncio.Event()
    app = await wiring.api(town.platforms["notify"])
    serving = asyncio.create_task(run_workers([http("api", app, "127.0.0.1", port)], stop))
    headers = {"Authorization": f"Bearer {issue(PRIVATE, PARTNER, system_wall())}"}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:

        async def ready() -> bool:
            try:
                return (await client.get("/ready")).status_code == 200
            except httpx2.TransportError:
                return False

        await town.eventually(ready, what="the API on its port")
        yield client
    stop.set()
    await serving


async def streamed(lines: AsyncIterator[str], count: int) -> list[dict[str, str]]:
    """So many server-sent events, as their fields."""
    found, fields = list[dict[str, str]](), dict[str, str]()
    async for line in lines:
        name, _, value = line.partition(": ")
        if name in ("event", "id", "data"):
            fields[name] = value
        elif not line and "data" in fields:
            found.append(fields)
            fields = {}
            if len(found) == count:
                break
    return found


async def test_D6_a_stream_brings_what_comes_and_goes_on_after_its_last_id(town: RunningSystem) -> None:
    _, following = await walked(town, PARTNER)
    place = httpx2.URL(f"http://x{following}").params["after"]
    async with served(town) as client, client.stream("GET", "/v1/events/stream") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        receipt = await canary(town)
        wanted = [dict(each.headers)["ce_id"].decode() for each in await events(town, receipt)]
        found = await streamed(answer.aiter_lines(), len(wanted))
        assert _ids(found) == wanted
        assert {each["event"] for each in found} == {orjson.loads(each["data"])["type"] for each in found}
        for begin, left in ((found[2]["id"], wanted[3:]), (place, wanted)):
            headers = {"Last-Event-ID": begin}
            async with client.stream("GET", "/v1/events/stream", headers=headers) as again:
                assert _ids(await streamed(again.aiter_lines(), len(left))) == left


def _ids(found: Sequence[dict[str, str]]) -> list[str]:
    return [orjson.loads(each["data"])["id"] for each in found]


async def test_D6_what_begins_in_the_future_is_empty_and_can_be_gone_on_with(town: RunningSystem) -> None:
    later = stamp(system_wall() + timedelta(days=1))
    answer = await town.call("notify", "GET", "/v1/events", who=PARTNER, params={"since": later})
    assert (answer.json(), "after=" in answer.links["next"]["url"]) == ([], True)

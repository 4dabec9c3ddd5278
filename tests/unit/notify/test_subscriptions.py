"""Subscriptions over HTTP: who may have one, of what, and what a bad wish is told."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from contracts.vocabulary import CHINA
from runtime.clock import Clock
from runtime.http.app import create_app
from runtime.identity.tokens import ROLES, Gate, Principal, issue, new_key_pair
from runtime.memory.log import InMemoryTail
from services.notify.api.events.pages import EventPages
from services.notify.api.subscriptions import desk as desks
from services.notify.api.subscriptions.desk import DeskParts, SubscriptionDesk
from services.notify.api.subscriptions.routes import subscription_routes
from services.notify.domain.hooks import ACTIVE, PING, HookRow
from tests.harness import MONDAY
from tests.unit.notify.hooking import SECRET, Hooking
from tests.unit.notify.test_hook_poster import HERE

PRIVATE, PUBLIC = new_key_pair()
OWNER = Principal("platform", "", "4312", "partner")
OTHER = Principal("other", "", "4312", "partner")
OFFICE = Principal("office", "", "4312", "supervisor")
WISH = {
    "url": "https://hooks.example.org/duban",
    "channel": "c1",
    "types": ["duban.ticket.struck-off.v1", "of.tomorrow"],
}
WHERE = "/v1/subscriptions"


class SubscriptionSite:
    """The routes over a feed in memory. Configuration is read back at once, as a process does beside its routes."""

    def __init__(self) -> None:
        self.hooking = Hooking()
        tail, clock = InMemoryTail(self.hooking.log, "ticket-feed"), Clock(wall=lambda: self.hooking.wall)
        parts = DeskParts(
            self.hooking.book,
            self.hooking.channels,
            self.hooking.queue,
            self.hooking.secrets,
            tail,
            EventPages(tail),
            clock,
        )
        app = create_app("hooks", self._ready)
        app.state.gate = Gate(PUBLIC, lambda: MONDAY)
        self.desk = SubscriptionDesk(parts)
        subscription_routes(app, self.desk, HERE)
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://notify")

    async def _ready(self) -> bool:
        return True

    async def call(
        self, method: str, path: str, who: Principal | None = OWNER, key: str = "", **more: Any
    ) -> httpx2.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if who:
            headers["Authorization"] = f"Bearer {issue(PRIVATE, who, MONDAY)}"
        answer = await self.client.request(method, path, headers=headers, **more)
        await self.hooking.configuration.catch_up()
        return answer

    async def subscribed(self, **wish: Any) -> str:
        """The path of a new subscription of OWNER."""
        answer = await self.call("POST", WHERE, json=WISH | wish)
        assert answer.status_code == 201, answer.text
        location: str = answer.headers["location"]
        return location


@pytest.fixture
async def site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SubscriptionSite]:
    made = SubscriptionSite()

    async def read_back(_desk: SubscriptionDesk, holds: Any) -> None:
        await made.hooking.configuration.catch_up()
        assert holds()

    monkeypatch.setattr(desks.SubscriptionDesk, "_until", read_back)
    await made.hooking.register()
    await made.hooking.register("c2", OTHER.sub)
    yield made
    await made.client.aclose()
    await made.hooking.poster.close()


async def test_who_subscribes_is_told_the_secret_once_and_pinged(site: SubscriptionSite) -> None:
    answer = await site.call("POST", WHERE, json=WISH)
    told = answer.json()
    assert (answer.status_code, told["state"], told["owner"]) == (201, "unconfirmed", "platform")
    assert told["secret"].startswith("whsec_")
    assert told["types"] == sorted(WISH["types"])
    shown = (await site.call("GET", f"{WHERE}/{told['id']}")).json()
    assert "secret" not in shown
    assert (shown["division"], shown["waiting"]) == ("4312", 1)
    (ping,) = await site.hooking.queue.due(told["id"], range(64), MONDAY, 10)
    assert (ping.kind, ping.offset < 0) == (PING, True)


async def test_the_same_key_is_the_same_subscription(site: SubscriptionSite) -> None:
    first = await site.call("POST", WHERE, key="k1", json=WISH)
    again = await site.call("POST", WHERE, key="k1", json=WISH)
    other = await site.call("POST", WHERE, key="k1", json=WISH | {"url": "https://elsewhere.example.org/"})
    assert (first.json()["secret"], first.json()["id"]) == (again.json()["secret"], again.json()["id"])
    assert (other.status_code, other.json()["type"]) == (422, "other_body")
    assert len((await site.call("GET", WHERE)).json()) == 1


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"division": "4313"}, 403, "outside_your_scope"),
        ({"division": "43"}, 403, "outside_your_scope"),
        ({"url": "http://hooks.example.org/"}, 201, ""),
        ({"url": "ftp://hooks.example.org/"}, 422, "https_needed"),
        ({"url": "http://8.8.8.8/"}, 422, "https_needed"),
        ({"url": "https://10.0.0.1/"}, 422, "address_refused"),
        ({"url": "https://169.254.169.254/"}, 422, "address_refused"),
        ({"url": "hooks"}, 422, "url_malformed"),
        ({"url": ""}, 422, "invalid"),
        ({"secret": "short"}, 422, "secret_refused"),
        ({"secret": "whsec_c2hvcnQ="}, 422, "secret_refused"),
        ({"secret": SECRET}, 201, ""),
        ({"types": ["no type"]}, 422, "invalid"),
        ({"types": ["t"] * 51}, 422, "invalid"),
        ({"expires": "tomorrow"}, 422, "invalid"),
        ({"unknown": 1}, 422, "invalid"),
        ({"channel": "c2"}, 409, "channel_not_registered"),
        ({"channel": "nowhere"}, 409, "channel_not_registered"),
    ],
)
async def test_a_bad_wish_is_told_what_is_bad(
    site: SubscriptionSite, wrong: dict[str, Any], status: int, code: str
) -> None:
    """A name may be one of a network that an operator named: that is seen when something is sent."""
    answer = await site.call("POST", WHERE, json=WISH | wrong)
    assert (answer.status_code, answer.json().get("type", "")) == (status, code), answer.text
    assert status == 201 or answer.json()["zh"]


@pytest.mark.parametrize("role", sorted(ROLES - {"partner"}))
async def test_staff_have_none_and_the_supervision_office_may_end_one(site: SubscriptionSite, role: str) -> None:
    where, who = await site.subscribed(), Principal("a", "", "4312", role)
    assert (await site.call("POST", WHERE, who, json=WISH)).status_code == 403
    looks = role in ("supervisor", "auditor")
    assert (await site.call("GET", where, who)).status_code == (200 if looks else 403)
    assert (await site.call("POST", f"{where}/ping", who)).status_code == 403
    assert (await site.call("DELETE", where, who)).status_code == (204 if role == "supervisor" else 403)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("GET", "/deliveries", None),
        ("GET", "/sums", None),
        ("PATCH", "", {"types": []}),
        ("DELETE", "", None),
        ("POST", "/ping", None),
        ("POST", "/secret", {}),
        ("POST", "/redeliver", {"since": "2026-03-01T00:00:00Z"}),
    ],
)
@pytest.mark.parametrize("who", [OTHER, Principal("platform", "", "44", "partner"), None], ids=str)
async def test_nobody_sees_or_touches_anothers(
    site: SubscriptionSite, method: str, path: str, body: Any, who: Principal | None
) -> None:
    where = await site.subscribed()
    answer = await site.call(method, where + path, who, json=body)
    assert answer.status_code == (404 if who else 401)
    assert (await site.call("GET", where)).status_code == 200
    assert (await site.call("GET", WHERE, who)).json() == [] if who else True


async def test_the_sums_of_a_day_stand_beside_the_countys(site: SubscriptionSite) -> None:
    where = await site.subscribed()
    name, queue = where.rpartition("/")[2], site.hooking.queue
    rows = [HookRow(name, "T", 3, nth, f"e{nth}", "k", b"{}", MONDAY, MONDAY, MONDAY) for nth in range(3)]
    await queue.put(rows)
    await queue.delivered(rows[0], 204, MONDAY)
    await queue.given_up(rows[1], 500, "500", MONDAY)
    today = MONDAY.astimezone(CHINA).date()
    found = (await site.call("GET", f"{where}/sums?day={today}")).json()
    assert found["day"] == today.isoformat()
    assert found["counts"]["k"] == {"waits": 1, "delivered": 1, "given_up": 1}
    site.hooking.wall = MONDAY + timedelta(days=1, hours=12)
    assert (await site.call("GET", f"{where}/sums")).json() == found  # yesterday
    for wrong in (today - timedelta(days=2), today + timedelta(days=2)):
        refused = await site.call("GET", f"{where}/sums?day={wrong}")
        assert (refused.status_code, refused.json()["type"]) == (422, "day_not_kept")


async def test_another_address_has_to_answer_a_ping_first(site: SubscriptionSite) -> None:
    where = await site.subscribed()
    name = where.rpartition("/")[2]
    await site.hooking.subscribe(name, str(WISH["url"]), state=ACTIVE, owner="platform", division="4312")
    assert (await site.call("PATCH", where, json={"types": []})).json()["state"] == "active"
    changed = await site.call("PATCH", where, json={"url": "https://other.example.org/"})
    assert (changed.json()["state"], changed.json()["types"]) == ("unconfirmed", [])
    assert (await site.call("PATCH", where, json={"division": "44"})).status_code == 403


async def test_a_secret_is_turned_with_the_one_before_still_live(site: SubscriptionSite) -> None:
    where = await site.subscribed(secret=SECRET)
    turned = (await site.call("POST", f"{where}/secret", json={})).json()["secret"]
    known = site.hooking.book.find(where.rpartition("/")[2])
    assert known is not None
    assert [site.hooking.secrets.plain(known.id, each) for each in known.secrets] == [turned, SECRET]
    assert SECRET not in "".join(str(each.value) for each in site.hooking.log.of_topic("configuration"))


async def test_what_was_sent_is_sent_again_by_id_and_since_an_instant(site: SubscriptionSite) -> None:
    where = await site.subscribed(types=[])
    name, queue = where.rpartition("/")[2], site.hooking.queue
    await site.hooking.subscribe(name, str(WISH["url"]), owner="platform", division="4312")
    first, _ = site.hooking.say("T"), site.hooking.say("U", division="44")
    await site.hooking.fan_out.step()
    (row,) = [each for each in await queue.due(name, range(64), MONDAY, 10) if each.kind != PING]
    await queue.delivered(row, 200, MONDAY)
    assert (await site.call("POST", f"{where}/redeliver", json={"id": first})).json() == {"queued": 1, "next": None}
    assert [each.event for each in await queue.due(name, range(64), MONDAY, 10) if each.kind != PING] == [first]
    since = {"since": MONDAY.isoformat()}
    assert (await site.call("POST", f"{where}/redeliver", json=since)).json()["queued"] == 1
    before = since | {"to": MONDAY.isoformat()}
    assert (await site.call("POST", f"{where}/redeliver", json=before)).json()["queued"] == 0


async def test_a_long_redelivery_says_where_to_go_on(site: SubscriptionSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "AGAIN_AT_ONCE", 3)
    monkeypatch.setattr(desks, "AGAIN_AT_MOST", 3)
    where = await site.subscribed(types=[])
    for nth in range(7):
        site.hooking.say(f"T{nth}")
    asked: dict[str, str] = {"since": MONDAY.isoformat()}
    counts = []
    for _ in range(3):
        answer = (await site.call("POST", f"{where}/redeliver", json=asked)).json()
        counts.append(answer["queued"])
        asked = {"after": answer["next"]}
    assert (counts, answer["next"]) == ([3, 3, 1], None)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"id": "x", "since": "2026-03-01T00:00:00Z"}, 422, "invalid"),
        ({"id": "x"}, 404, "event_unknown"),
        ({"after": "x"}, 422, "cursor_malformed"),
    ],
)
async def test_a_redelivery_of_nothing_is_refused(
    site: SubscriptionSite, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await site.call("POST", f"{await site.subscribed()}/redeliver", json=body)
    assert (answer.status_code, answer.json()["type"]) == (status, code)


async def test_one_owner_has_so_many_and_no_more(site: SubscriptionSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "OF_AN_OWNER", 1)
    where = await site.subscribed()
    refused = await site.call("POST", WHERE, json=WISH)
    assert (refused.status_code, refused.json()["type"]) == (409, "too_many_subscriptions")
    assert (await site.call("POST", WHERE, OTHER, json=WISH | {"channel": "c2"})).status_code == 201
    assert (await site.call("DELETE", where)).status_code == 204
    assert await site.hooking.queue.waiting(where.rpartition("/")[2]) == 0
    assert (await site.call("POST", WHERE, json=WISH)).status_code == 201


async def test_the_office_sees_the_systems_of_its_division(site: SubscriptionSite) -> None:
    await site.subscribed()
    assert len((await site.call("GET", WHERE, OFFICE)).json()) == 1
    assert (await site.call("GET", WHERE, Principal("b", "", "44", "supervisor"))).json() == []

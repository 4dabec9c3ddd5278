"""The register of channels: two people for each change, an end that comes by itself, and a list for everybody."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from runtime.clock import Clock
from runtime.http.app import create_app
from runtime.identity.tokens import STAFF_ROLES, Gate, Principal, issue, new_key_pair
from services.notify import metrics
from services.notify.api.channels import channel_routes
from services.notify.domain.channel_register import (
    END,
    REGISTRATION,
    RENEWAL,
    STANDING,
    TEMPORARY,
    WARNED,
    Channel,
    ChannelRefused,
    ChannelWish,
    confirmed,
    wished,
)
from services.notify.workers import expiry
from tests.harness import MONDAY
from tests.unit.notify.hooking import Hooking

DAY = timedelta(days=1)
PRIVATE, PUBLIC = new_key_pair()
FIRST, SECOND = (Principal(name, "", "4312", "supervisor") for name in ("first", "second"))
WHERE = "/v1/channels"
BODY = {"kind": "group", "name": "高村镇网格群", "owner": "431226-GC", "purpose": "通知停水", "term": "temporary"}


def wish(what: str, days: int, by: str = "first") -> ChannelWish:
    return ChannelWish(what, by, MONDAY + days * DAY)


def registered(term: str = STANDING, days: int = 30) -> Channel:
    return confirmed(wished(Channel("c", term), wish(REGISTRATION, days), MONDAY), "second", MONDAY)


def test_it_operates_once_another_person_confirmed_it_and_until_its_instant() -> None:
    new = wished(Channel("c", STANDING), wish(REGISTRATION, 30), MONDAY)
    assert (new.state_at(MONDAY), new.operates(MONDAY)) == ("registering", False)
    with pytest.raises(ChannelRefused, match="second_person_needed"):
        confirmed(new, "first", MONDAY)
    there = confirmed(new, "second", MONDAY)
    assert [there.state_at(MONDAY + 30 * DAY - timedelta(microseconds=each)) for each in (1, 0)] == [
        "operating",
        "expired",
    ]


def test_a_renewal_counts_when_it_is_confirmed_also_after_the_expiry() -> None:
    later = MONDAY + 31 * DAY
    asked = wished(registered(), wish(RENEWAL, 60), later)
    assert asked.state_at(later) == "expired"
    assert confirmed(asked, "second", later).operates(later)


def test_what_was_ended_is_ended_for_good() -> None:
    ended = confirmed(wished(registered(), wish(END, 0), MONDAY), "second", MONDAY)
    assert (ended.state_at(MONDAY), ended.operates(MONDAY)) == ("ended", False)
    with pytest.raises(ChannelRefused, match="channel_ended"):
        wished(ended, wish(RENEWAL, 60), MONDAY)


@pytest.mark.parametrize(
    ("term", "days", "taken"),
    [
        (TEMPORARY, 92, True),
        (TEMPORARY, 93, False),
        (STANDING, 366, True),
        (STANDING, 367, False),
        (STANDING, 0, False),
    ],
)
def test_nobody_registers_for_ever(term: str, days: int, *, taken: bool) -> None:
    if taken:
        assert registered(term, days).expires == MONDAY + days * DAY
        return
    with pytest.raises(ChannelRefused, match="expiry_out_of_bounds"):
        registered(term, days)


def test_what_was_confirmed_too_late_is_not_confirmed() -> None:
    with pytest.raises(ChannelRefused, match="expiry_out_of_bounds"):
        confirmed(wished(Channel("c", STANDING), wish(REGISTRATION, 1), MONDAY), "second", MONDAY + DAY)
    with pytest.raises(ChannelRefused, match="nothing_to_confirm"):
        confirmed(registered(), "second", MONDAY)
    with pytest.raises(ChannelRefused, match="channel_registering"):
        wished(Channel("c", STANDING), wish(RENEWAL, 1), MONDAY)


def test_fourteen_days_before_it_is_to_be_renewed() -> None:
    there, end = registered(), MONDAY + 30 * DAY
    instants = (end - WARNED - timedelta(seconds=1), end - WARNED, end)
    assert [there.is_to_be_renewed(each) for each in instants] == [False, True, False]


class RegisterSite:
    """The routes over a log in memory."""

    def __init__(self) -> None:
        self.hooking = Hooking()
        app = create_app("register", self._ready)
        app.state.gate = Gate(PUBLIC, lambda: MONDAY)
        channel_routes(app, self.hooking.channels, Clock(wall=lambda: self.hooking.wall))
        self.client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://notify")

    async def _ready(self) -> bool:
        return True

    async def call(self, method: str, path: str, who: Principal | None = FIRST, **more: Any) -> httpx2.Response:
        headers = {"Idempotency-Key": more.pop("key", "k")}
        if who:
            headers["Authorization"] = f"Bearer {issue(PRIVATE, who, MONDAY)}"
        answer = await self.client.request(method, path, headers=headers, **more)
        await self.hooking.configuration.catch_up()
        return answer

    async def registered(self, **changed: Any) -> str:
        """The path of a channel that one has registered."""
        body = BODY | {"expires": (MONDAY + 30 * DAY).isoformat()} | changed
        answer = await self.call("POST", WHERE, json=body)
        assert answer.status_code == 201, answer.text
        location: str = answer.headers["location"]
        return location


@pytest.fixture
async def site() -> AsyncIterator[RegisterSite]:
    made = RegisterSite()
    yield made
    await made.client.aclose()
    await made.hooking.poster.close()


async def listed(site: RegisterSite) -> list[tuple[str, str]]:
    answer = await site.call("GET", WHERE, None)
    return [(each["name"], each["state"]) for each in answer.json()]


async def test_two_people_register_renew_and_end_and_everybody_reads_it(site: RegisterSite) -> None:
    where = await site.registered()
    assert await listed(site) == []
    (waits,) = (await site.call("GET", f"{WHERE}/pending", SECOND)).json()
    assert (waits["waits"]["what"], waits["waits"]["by"]) == ("registration", "first")
    assert (await site.call("POST", f"{where}/confirmation", FIRST)).json()["type"] == "second_person_needed"
    assert (await site.call("POST", f"{where}/confirmation", SECOND)).json()["state"] == "operating"
    assert await listed(site) == [("高村镇网格群", "operating")]
    site.hooking.later(30 * DAY)
    assert await listed(site) == [("高村镇网格群", "expired")]
    renewal = {"expires": (MONDAY + 60 * DAY).isoformat()}
    assert (await site.call("POST", f"{where}/renewal", SECOND, json=renewal)).json()["state"] == "expired"
    assert (await site.call("POST", f"{where}/confirmation", FIRST)).json()["state"] == "operating"
    assert (await site.call("POST", f"{where}/end", FIRST)).status_code == 202
    assert (await site.call("POST", f"{where}/confirmation", SECOND)).json()["state"] == "ended"
    assert (await site.call("POST", f"{where}/confirmation", SECOND)).json()["type"] == "nothing_to_confirm"


async def test_the_same_key_is_the_same_channel(site: RegisterSite) -> None:
    assert await site.registered() == await site.registered()
    assert len(site.hooking.channels.all()) == 1


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {"supervisor"}))
async def test_nobody_else_changes_the_register(site: RegisterSite, role: str) -> None:
    where, who = await site.registered(), Principal("x", "U", "4312", role)
    body = BODY | {"expires": (MONDAY + DAY).isoformat()}
    answers = [
        await site.call("POST", WHERE, who, json=body),
        await site.call("POST", f"{where}/renewal", who, json={"expires": body["expires"]}),
        await site.call("POST", f"{where}/end", who),
        await site.call("POST", f"{where}/confirmation", who),
        await site.call("GET", f"{WHERE}/pending", who),
    ]
    assert [each.status_code for each in answers] == [403] * 5


async def test_another_division_sees_and_touches_nothing(site: RegisterSite) -> None:
    where, who = await site.registered(), Principal("x", "", "4313", "supervisor")
    assert (await site.call("POST", f"{where}/confirmation", who)).status_code == 404
    assert (await site.call("GET", f"{WHERE}/pending", who)).json() == []
    body = BODY | {"expires": (MONDAY + DAY).isoformat(), "division": "4312"}
    assert (await site.call("POST", WHERE, who, json=body)).json()["type"] == "outside_your_scope"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"expires": (MONDAY + 93 * DAY).isoformat()}, "expiry_out_of_bounds"),
        ({"expires": MONDAY.isoformat()}, "expiry_out_of_bounds"),
        ({"expires": "soon"}, "invalid"),
        ({"kind": "pigeon"}, "invalid"),
        ({"purpose": ""}, "invalid"),
        ({"owner": "with blank"}, "invalid"),
        ({"more": 1}, "invalid"),
    ],
)
async def test_a_bad_registration_is_told_what_is_bad(site: RegisterSite, wrong: dict[str, Any], code: str) -> None:
    body = BODY | {"expires": (MONDAY + 30 * DAY).isoformat()} | wrong
    answer = await site.call("POST", WHERE, json=body)
    assert (answer.status_code, answer.json()["type"]) == (422, code)
    assert answer.json()["zh"]


async def test_what_is_to_be_renewed_is_on_a_gauge(site: RegisterSite) -> None:
    await site.hooking.register(days=10)
    await site.hooking.register("c2", days=100)
    stop = asyncio.Event()
    looked = asyncio.gather(expiry.looking(site.hooking.channels, lambda: MONDAY)(stop))
    await asyncio.sleep(0)
    stop.set()
    await looked
    assert metrics.CHANNELS.labels("renew")._value.get() == 1

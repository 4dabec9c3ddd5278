"""D6: each night the feed says what it said of each county, so that whoever keeps a copy sees whether it is whole."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import jsonschema_rs

from contracts import feed
from contracts.labels import labels_in
from contracts.topics import TICKET_FEED
from contracts.vocabulary import CHINA
from runtime.clock import system_wall
from runtime.delivery.records import Incoming
from runtime.identity.tokens import Principal
from runtime.process.configuration import Configuration
from services.notify.wiring import reconciling_of
from services.notify.workers.reconciliation import READ, Reconciliation
from tests.acceptance.test_D6_feed import CANARIES, WORDS, canary, events, holds, read, records
from tests.acceptance.test_D6_pull import ELSEWHERE, PARTNER, walked
from tests.acceptance.town import COUNTY, ReporterReceipt, RunningSystem

TOMORROW = timedelta(days=1, hours=1)  # the hour: of grace


async def looked_back(town: RunningSystem) -> None:
    """What the relay does each night, as if it were tomorrow's: by a process that starts then."""
    platform = town.platforms["notify"]
    follower = platform.follower("configuration")
    known = Configuration(follower, READ)
    try:
        await known.catch_up()
        parts = reconciling_of(platform, known, lambda: range(TICKET_FEED.partitions))
        await Reconciliation(replace(parts, wall=lambda: system_wall() + TOMORROW)).look()
    finally:
        await follower.stop()


def counted(found: list[Incoming], day: str) -> Counter[str]:
    """What a subscriber counts of a day by itself: by type, each id once."""
    own = {dict(each.headers)["ce_id"]: each for each in found if labels_in(each.headers)["division"] == COUNTY}
    kinds = Counter(read(each).get_type() for each in own.values() if day_of(each) == day)
    del kinds[feed.RECONCILED]
    return kinds


def told(found: list[Incoming], day: str) -> Mapping[str, int]:
    """What the feed says of a day of the county: the last event."""
    said = [read(each) for each in found if read(each).get_type() == feed.RECONCILED]
    own = [each.get_data() for each in said if each.get_subject() == COUNTY]
    return next((each["counts"] for each in reversed(own) if each["day"] == day), {})


def day_of(event: Incoming) -> str:
    """The day of China on which it happened."""
    return datetime.fromisoformat(dict(event.headers)["ce_time"].decode()).astimezone(CHINA).date().isoformat()


async def reconciled(town: RunningSystem, receipt: ReporterReceipt) -> list[Incoming]:
    """The feed, once what it says of the day of a matter is what stands there."""
    mine, found = await events(town, receipt), list[Incoming]()
    day = day_of(mine[0])

    async def agrees() -> bool:
        await looked_back(town)
        found[:] = await records(town, TICKET_FEED.name)
        return bool(told(found, day)) and told(found, day) == counted(found, day)

    await town.eventually(agrees, what="what the feed says of the day is what is counted there")
    return [each for each in found if read(each).get_type() == feed.RECONCILED]


async def test_D6_each_night_the_feed_says_what_it_said_and_a_repeat_says_nothing_else(town: RunningSystem) -> None:
    receipt = await canary(town)
    found = await reconciled(town, receipt)
    shown = [read(each) for each in found]
    assert len({each.get_id() for each in shown}) == len(shown)
    own = [each.get_data() for each in shown if each.get_subject() == COUNTY]
    day = next(each for each in reversed(own) if each["counts"].get("duban.ticket.registered.v1"))
    assert len({day["first"], day["last"]}) == 2
    assert [word for each in found for word in (*CANARIES, WORDS, receipt.code) if holds(each, word)] == []
    schema = await town.call("notify", "GET", f"/v1/schemas/feed/{feed.RECONCILED}")
    for each in shown:
        jsonschema_rs.validator_for(schema.json(), validate_formats=True).validate(each.get_data())


async def test_D6_a_county_is_reconciled_for_its_own_readers_alone(town: RunningSystem) -> None:
    await reconciled(town, await canary(town))
    asked = f"/v1/events?limit=500&type={feed.RECONCILED}"
    assert {each["subject"] for each in await said_to(town, PARTNER, asked)} == {COUNTY}
    assert {each["subject"] for each in await said_to(town, ELSEWHERE, asked)} <= {ELSEWHERE.division}


async def said_to(town: RunningSystem, who: Principal, asked: str) -> list[Any]:
    """What a reader is told of days; that a matter was erased everybody is told, whatever they ask for."""
    return [each for each in (await walked(town, who, asked))[0] if each["type"] == feed.RECONCILED]

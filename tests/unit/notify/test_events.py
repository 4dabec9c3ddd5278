"""Reading the feed over HTTP, on a feed in memory: nothing is left out, nothing comes twice."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from datetime import timedelta

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from hypothesis import given
from hypothesis import strategies as st

from contracts.topics import TICKET_FEED
from runtime.delivery.ports import LogSpan
from runtime.delivery.records import Incoming, Outgoing
from runtime.memory.log import InMemoryLog, InMemoryTail
from services.notify.api.events import pages as reading
from services.notify.api.events.fed_event import fed
from services.notify.api.events.pages import (
    CursorAhead,
    CursorExpired,
    CursorOfAnotherLog,
    EventPages,
)
from services.notify.api.events.streams import FeedStreams
from services.notify.api.events.window import FeedWindow
from services.notify.domain.feed_cursor import FeedCursor
from services.notify.domain.feed_filter import FeedFilter
from tests.harness import MONDAY
from tests.unit.notify.test_feed import golden

ANY = FeedFilter()
KIND = "duban.ticket.completed.v1"
COUNTIES = ("431226", "431225")
WITHIN = 5.0  # seconds


def event(nth: int, partition: int = 0, division: str = COUNTIES[0]) -> Outgoing:
    shown = golden(KIND)
    at = (MONDAY + timedelta(minutes=nth)).isoformat()
    said = shown["headers"] | {"ce_id": str(nth), "ce_time": at, "ce_division": division}
    headers = [(name, value.encode()) for name, value in said.items()]
    return Outgoing(TICKET_FEED.name, partition, shown["key"], headers, orjson.dumps(shown["value"]))


def feed_of(*events: Outgoing) -> InMemoryLog:
    log = InMemoryLog()
    for each in events:
        log.append(each)
    return log


def pages_of(log: InMemoryLog) -> EventPages:
    return EventPages(InMemoryTail(log, TICKET_FEED.name))


def ids(events: Sequence[object]) -> list[int]:
    return [int(orjson.loads(each.text)["id"]) for each in events]  # type: ignore[attr-defined]


async def walked(pages: EventPages, wanted: FeedFilter, limit: int) -> list[int]:
    """All pages from the beginning on, until one brings nothing and moves nowhere."""
    found, place = list[int](), await pages.first()
    while True:
        page = await pages.page(wanted, place, limit)
        found += ids(page.events)
        if page.following == place:
            return found
        place = await pages.after(page.following.text())


@given(
    drawn=st.lists(st.tuples(st.integers(0, 63), st.sampled_from(COUNTIES)), max_size=40),
    limit=st.integers(1, 12),
    wanted=st.sampled_from(["", *COUNTIES]),
)
def test_page_after_page_gives_each_event_once_and_those_of_a_ticket_in_order(
    drawn: list[tuple[int, str]], limit: int, wanted: str
) -> None:
    log = feed_of(*(event(nth, *each) for nth, each in enumerate(drawn)))
    found = asyncio.run(walked(pages_of(log), FeedFilter(wanted), limit))
    assert sorted(found) == [nth for nth, (_, county) in enumerate(drawn) if county.startswith(wanted)]
    for partition in {each for each, _ in drawn}:
        of_it = [nth for nth in found if drawn[nth][0] == partition]
        assert of_it == sorted(of_it)


async def test_an_event_is_read_by_the_cloudevents_library_as_it_is_on_the_topic() -> None:
    log = feed_of(event(7))
    (found,) = (await pages_of(log).page(ANY, await pages_of(log).first(), 10)).events
    read = JSONFormat().read(None, found.text)
    assert (read.get_id(), read.get_type(), read.get_subject()) == ("7", KIND, golden(KIND)["key"])
    assert read.get_data() == golden(KIND)["value"]
    assert read.get_extension("division") == COUNTIES[0]


async def test_a_narrow_filter_stops_looking_and_says_where_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LOOKED_AT", 200)
    pages = pages_of(feed_of(*(event(nth, division=COUNTIES[nth == 250]) for nth in range(300))))
    first = await pages.page(FeedFilter(COUNTIES[1]), await pages.first(), 1)
    assert (first.events, first.following.offsets[0]) == ([], 200)
    assert ids((await pages.page(FeedFilter(COUNTIES[1]), first.following, 1)).events) == [250]


async def test_an_instant_is_a_place_too() -> None:
    pages = pages_of(feed_of(*(event(nth) for nth in range(5))))
    found = await pages.page(ANY, await pages.since(MONDAY + timedelta(minutes=3)), 10)
    assert ids(found.events) == [3, 4]
    assert await pages.since(MONDAY + timedelta(days=1)) == await pages.last()


class Shortened(InMemoryTail):
    """A feed whose oldest events are no longer kept."""

    async def span(self) -> LogSpan:
        kept = await super().span()
        return LogSpan((2, *kept.firsts[1:]), kept.ends)


async def test_a_cursor_of_elsewhere_is_told_from_one_that_is_too_old() -> None:
    log = feed_of(*(event(nth) for nth in range(5)))
    pages = EventPages(Shortened(log, TICKET_FEED.name))
    old, ahead = (FeedCursor(1, (offset,) + (0,) * 63).text() for offset in (1, 6))
    with pytest.raises(CursorExpired):
        await pages.after(old)
    with pytest.raises(CursorAhead):
        await pages.after(ahead)
    with pytest.raises(CursorOfAnotherLog):
        await pages.after(FeedCursor(2, (3,) + (0,) * 63).text())
    assert (await pages.after(FeedCursor(1, (2,) + (0,) * 63).text())).offsets[0] == 2


async def streamed(streams: FeedStreams, start: FeedCursor, count: int, wanted: FeedFilter = ANY) -> list[int]:
    found = list[int]()
    async with asyncio.timeout(WITHIN), aclosing(streams.follow(wanted, start)) as events:
        async for each in events:
            found += ids([each.event])
            if len(found) == count:
                break
    return found


async def window_of(log: InMemoryLog, kept: int = 100) -> FeedWindow:
    window = FeedWindow(InMemoryTail(log, TICKET_FEED.name), kept)
    await window.look()
    return window


async def test_a_stream_reads_what_was_before_and_goes_on_with_what_comes() -> None:
    log = feed_of(*(event(nth) for nth in range(3)))
    pages, window = pages_of(log), await window_of(log)
    streams = FeedStreams(pages, window)
    stream = asyncio.create_task(streamed(streams, await pages.first(), 5))
    await asyncio.sleep(0)
    log.append(event(3))
    log.append(event(4))
    await window.look()
    assert await stream == [0, 1, 2, 3, 4]
    assert streams.open == 0


async def test_a_stream_goes_on_where_its_last_id_was() -> None:
    log = feed_of(*(event(nth, nth % 3) for nth in range(9)))
    pages, streams = pages_of(log), FeedStreams(pages_of(log), await window_of(log))
    place, found = await pages.first(), list[int]()
    for _ in range(9):
        async with aclosing(streams.follow(ANY, place)) as events:
            each = await anext(aiter(events))
        found += ids([each.event])
        place = await pages.after(each.cursor.text())
    assert sorted(found) == list(range(9))


async def test_a_stream_that_the_window_went_past_reads_from_the_topic_again() -> None:
    log = feed_of(event(0))
    pages, window = pages_of(log), await window_of(log, kept=2)
    streams = FeedStreams(pages, window)
    async with asyncio.timeout(WITHIN), aclosing(streams.follow(ANY, await pages.first())) as events:
        found = ids([(await anext(aiter(events))).event])
        for nth in range(1, 12):
            log.append(event(nth))
        await window.look()
        async for each in events:
            found += ids([each.event])
            if found[-1] == 11:
                break
    assert found == list(range(12))


async def test_the_window_keeps_no_more_than_it_may() -> None:
    log = feed_of()
    window = await window_of(log, kept=10)
    for nth in range(50):
        log.append(event(nth))
        await window.look()
    kept = window.after([0] * 64)
    assert (len(kept) <= 11, kept[-1].offset, window.serial) == (True, 49, 50)
    assert window.covers([40] * 64)
    assert not window.covers([0] * 64)


def test_what_a_record_says_without_a_value_is_null() -> None:
    record = Incoming("ticket-feed/1", 0, 0, "k", [("ce_type", b"t"), ("ce_id", b"1")], b"")
    assert orjson.loads(fed(record).text) == {
        "type": "t",
        "id": "1",
        "datacontenttype": "application/json",
        "data": None,
    }

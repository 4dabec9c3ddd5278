"""The public feed over HTTP, for systems that read no Kafka: page by page, or as a stream."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Header, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field

from runtime.delivery.ports import Unavailable
from runtime.http.problems import Refusal
from runtime.identity.tokens import Principal, System, require
from runtime.values.fields import Instant
from services.notify import metrics
from services.notify.api.events.pages import CursorAhead, CursorExpired, CursorOfAnotherLog, EventPages
from services.notify.api.events.streams import FeedStreams
from services.notify.domain.feed_cursor import FeedCursor, FeedCursorMalformed
from services.notify.domain.feed_filter import READERS, FeedFilter, FeedScope, OutsideScope, within

LIMIT = 1000  # events of one page
VALUES = 50  # of one filter
CODE = r"^[A-Za-z0-9._-]{1,80}$"
Codes = Annotated[list[Annotated[str, Field(pattern=CODE)]], Field(max_length=VALUES)]


class EventBatch(Response):
    """Events as CloudEvents writes several of them."""

    media_type = "application/cloudevents-batch+json"


EVENTS: dict[int | str, dict[str, Any]] = {
    200: {"content": {EventBatch.media_type: {"schema": {"type": "array", "items": {"type": "object"}}}}}
}


class AskedEvents(BaseModel):
    """Which events, and from where on. Without ``after`` and ``since``: a page begins at the oldest event that is kept,
    a stream with what comes next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: str = Field(default="", max_length=1000, description="The cursor of the last answer, or of the last event")
    since: Instant | None = Field(default=None, description="Events that were put onto the feed then or later")
    division: str = Field(default="", pattern=r"^([0-9]{2,6})?$", description="A county, or the beginning of its code")
    type: Codes = Field(default=[], description="Types of events, whole")
    category: Codes = Field(default=[], description="Categories, whole codes")
    unit: Codes = Field(default=[], description="Responsible units")
    origin: Codes = Field(default=[], description="Systems that matters came from")

    def filter(self) -> FeedFilter:
        """What is let through by all of these: each code once, and none of a kind means any of it."""
        lists = (tuple(sorted(set(each))) for each in (self.unit, self.type, self.category, self.origin))
        return FeedFilter(self.division, *lists)


class AskedPage(AskedEvents):
    """The same, and how many at once."""

    limit: int = Field(default=100, ge=1, le=LIMIT, description="Events at most")


def routes(app: FastAPI, pages: EventPages, streams: FeedStreams) -> None:
    """``GET /v1/events`` and ``GET /v1/events/stream``."""
    _page_route(app, pages)
    _stream_route(app, pages, streams)


def _page_route(app: FastAPI, pages: EventPages) -> None:
    @app.get("/v1/events", response_class=EventBatch, responses=EVENTS)
    async def events(asked: Annotated[AskedPage, Query()], system: System) -> Response:
        """At most ``limit`` events, and in ``Link: rel=next`` where to go on, also when there are none now.

        Fewer than asked for do not mean that there are no more: the feed is read on until ``next`` brings none.
        """
        wanted = reach_of(system, asked)
        start = await started(pages, asked.after, asked, pages.first)
        page = await pages.page(wanted, start, asked.limit)
        metrics.FEED_READ.labels("page").inc(len(page.events))
        content = b"[" + b",".join(each.text for each in page.events) + b"]"
        following = {"Link": f'<{_following(asked, page.following)}>; rel="next"'}
        return EventBatch(content, headers=following)


def _stream_route(app: FastAPI, pages: EventPages, streams: FeedStreams) -> None:
    async def admitted() -> None:
        if streams.is_full:
            raise too_many()

    async def place(
        asked: Annotated[AskedEvents, Query()],
        system: System,
        last_event_id: Annotated[str, Header(max_length=1000)] = "",
    ) -> tuple[FeedFilter, FeedCursor]:
        """What is refused is refused before the stream begins."""
        wanted = reach_of(system, asked)
        return wanted, await started(pages, last_event_id or asked.after, asked, pages.last)

    @app.get("/v1/events/stream", response_class=EventSourceResponse, dependencies=[Depends(admitted)])
    async def stream(where: Annotated[tuple[FeedFilter, FeedCursor], Depends(place)]) -> AsyncIterator[ServerSentEvent]:
        """Events as they come. ``id`` is the cursor: who comes back with it as Last-Event-ID misses nothing."""
        try:
            async with aclosing(streams.follow(*where)) as found:
                async for each in found:
                    metrics.FEED_READ.labels("stream").inc()
                    yield ServerSentEvent(
                        event=each.event.kind, raw_data=each.event.text.decode(), id=each.cursor.text()
                    )
        except Unavailable:
            return  # the reader comes back by itself, with its last id


def reach_of(system: Principal, asked: AskedEvents) -> FeedFilter:
    """What was asked for, inside what the token is for. Raises a 403."""
    require(system, *READERS)
    try:
        return within(FeedScope(system.role, system.division, system.unit), asked.filter())
    except OutsideScope:
        raise outside() from None


async def started(
    pages: EventPages, after: str, asked: AskedEvents, otherwise: Callable[[], Awaitable[FeedCursor]]
) -> FeedCursor:
    """Where to begin. Raises a 409, 410 or 422 that says what to do; Unavailable."""
    if after and asked.since:
        raise one_of_two()
    if asked.since:
        return await pages.since(asked.since)
    return await after_cursor(pages, after) if after else await otherwise()


async def after_cursor(pages: EventPages, after: str) -> FeedCursor:
    """The place of a cursor. Raises a 409, 410 or 422 that says what to do; Unavailable."""
    try:
        return await pages.after(after)
    except FeedCursorMalformed as wrong:
        raise malformed(wrong) from None
    except CursorOfAnotherLog:
        raise of_another_log() from None
    except CursorExpired:
        raise expired() from None
    except CursorAhead:
        raise ahead() from None


def _following(asked: AskedPage, cursor: FeedCursor) -> str:
    kept = asked.model_dump(exclude_defaults=True, exclude={"after", "since"})
    return f"/v1/events?{urlencode({'after': cursor.text(), **kept}, doseq=True)}"


def outside() -> Refusal:
    """A filter names a division or unit that is not the token's."""
    zh = "所选地区或单位不在您的权限范围内。请改选，或去掉该筛选条件。"
    return Refusal(
        403, "outside_your_scope", zh, "The division or unit is outside your scope: choose another, or none."
    )


def one_of_two() -> Refusal:
    """A cursor and an instant are two places."""
    zh, en = "after 与 since 只能选一个。", "Give either after (or Last-Event-ID) or since, not both."
    return Refusal(422, "after_or_since", zh, en)


def malformed(wrong: FeedCursorMalformed) -> Refusal:
    """No cursor of ours, whole."""
    en = f"{str(wrong).capitalize()}."
    named = {"pointer": "/query/after", "code": wrong.code, "zh": wrong.zh, "en": en}
    return Refusal(422, wrong.code, wrong.zh, en, errors=[named])


def ahead() -> Refusal:
    """The cursor is of the future: it was never given out by this feed."""
    zh = "游标超出事件流末尾，不是本事件流给出的。请去掉 after，或改用 since。"
    en = "The cursor lies behind the end of the feed and was not given by it: leave out after, or use since."
    return Refusal(422, "cursor_ahead", zh, en)


def of_another_log() -> Refusal:
    """The topics were made anew."""
    zh = "事件流已重建，旧游标不再有效。请去掉 after 从头读取，或用 since 指定时间；事件编号不变，重复的请丢弃。"
    en = (
        "The feed was made anew since: begin without after, or with since. Events keep their ids: drop those that you "
        "have."
    )
    return Refusal(409, "cursor_of_another_log", zh, en)


def expired() -> Refusal:
    """Older than what is kept."""
    zh = "游标之后的部分事件已超过保留期。请去掉 after，从现有最早的事件读起。"
    en = "Some events after this cursor are no longer kept: begin without after, at the oldest that there is."
    return Refusal(410, "cursor_expired", zh, en)


def too_many() -> Refusal:
    """As many streams as one process serves."""
    zh, en = (
        "实时订阅数已满，请稍后再试，或改用 GET /v1/events。",
        "Too many streams: try later, or use GET /v1/events.",
    )
    return Refusal(503, "too_many_streams", zh, en, headers={"Retry-After": "60"})

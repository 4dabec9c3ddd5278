"""The register of channels over HTTP: everybody reads it; the supervision office changes it, two of them each time."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts.envelope import stamp
from runtime.clock import Clock
from runtime.http.app import IdempotencyKey, Json
from runtime.http.problems import Refusal, not_found
from runtime.identity.tokens import Principal, Staff, require, scope_of
from runtime.ids import id_of
from runtime.values.fields import Instant, Writable
from services.notify.adapters.channel_book import CHANNELS_AT_MOST, ChannelBook, ChannelEntry, with_channel
from services.notify.domain.channel_register import (
    END,
    REGISTRATION,
    RENEWAL,
    Channel,
    ChannelRefused,
    ChannelWish,
    confirmed,
    wished,
)

WHERE = "/v1/channels"
Word = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]
REFUSED = {
    "channel_ended": ("该渠道已终止，请重新登记。", "The channel was ended: register another one."),
    "channel_registering": ("该渠道登记尚未复核。", "The registration was not confirmed yet."),
    "nothing_to_confirm": ("没有待复核的事项。", "There is nothing to confirm."),
    "second_person_needed": ("须由另一人复核。", "Another person has to confirm it."),
    "expiry_out_of_bounds": (
        "有效期须在将来：临时渠道最长 92 天，固定渠道最长 366 天，到期前续期。",
        "The expiry must lie ahead: of a temporary channel 92 days at most, of a standing one 366; renew it then.",
    ),
}


class ChannelBody(BaseModel):
    """A channel to be registered. ``owner``: the office, or of a subscription the account, that answers for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["door", "key", "subscription", "account", "group", "app"]
    name: Annotated[str, Field(min_length=1, max_length=60), Writable]
    owner: Word
    purpose: Annotated[str, Field(min_length=1, max_length=200), Writable]
    term: Literal["temporary", "standing"]
    expires: Instant
    division: str = Field(default="", pattern=r"^([0-9]{2,12})?$")


class RenewalBody(BaseModel):
    """Until when it is to be valid from now on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    expires: Instant


def channel_routes(app: FastAPI, book: ChannelBook, clock: Clock) -> None:
    """The register is judged by wall time, as tokens are."""
    _reading(app, book, clock)
    _registering(app, book, clock)
    _wishing(app, book, clock)


def _reading(app: FastAPI, book: ChannelBook, clock: Clock) -> None:
    @app.get(WHERE)
    async def channels() -> list[dict[str, Any]]:
        """Every channel of the platform: what for, who answers for it, until when. For everybody."""
        now = clock.wall()
        return [_public(each, now) for each in book.all() if each.channel.expires is not None]

    @app.get(f"{WHERE}/pending")
    async def pending(staff: Staff) -> list[dict[str, Any]]:
        """What waits for a second person, in one's own division."""
        require(staff, "supervisor")
        inside = [each for each in book.all() if each.channel.wish and scope_of(staff).allows(each.division, "")]
        return [_told(each, clock.wall()) for each in inside]


def _registering(app: FastAPI, book: ChannelBook, clock: Clock) -> None:
    @app.post(WHERE, status_code=201)
    async def register(body: ChannelBody, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        """Register a channel; it operates once another person has confirmed it."""
        require(staff, "supervisor")
        division = body.division or staff.division
        if not scope_of(staff).allows(division, ""):
            raise _outside()
        name = id_of("channel", staff.sub, idempotency_key)[:20]
        now = clock.wall()
        if (entry := book.find(name)) is None:
            if len(book.all()) >= CHANNELS_AT_MOST:
                raise _full()
            wish = ChannelWish(REGISTRATION, staff.sub, body.expires)
            channel = _decided(lambda: wished(Channel(body.name, body.term), wish, now))
            entry = ChannelEntry(name, body.kind, body.owner, body.purpose, division, now, channel)
            await book.publish(entry)
        return Json(_told(entry, now), status_code=201, headers={"Location": f"{WHERE}/{name}"})


def _wishing(app: FastAPI, book: ChannelBook, clock: Clock) -> None:
    async def wish(name: str, staff: Principal, what: str, expires: datetime) -> dict[str, Any]:
        entry, now = _found(book, name, staff), clock.wall()
        channel = _decided(lambda: wished(entry.channel, ChannelWish(what, staff.sub, expires), now))
        await book.publish(with_channel(entry, channel))
        return _told(with_channel(entry, channel), now)

    @app.post(f"{WHERE}/{{name}}/renewal", status_code=202)
    async def renew(name: str, body: RenewalBody, staff: Staff) -> dict[str, Any]:
        """Renew it, also once it has expired; it counts when another person has confirmed it."""
        return await wish(name, staff, RENEWAL, body.expires)

    @app.post(f"{WHERE}/{{name}}/end", status_code=202)
    async def end(name: str, staff: Staff) -> dict[str, Any]:
        """End it for good; it counts when another person has confirmed it."""
        return await wish(name, staff, END, clock.wall())

    @app.post(f"{WHERE}/{{name}}/confirmation")
    async def confirm(name: str, staff: Staff) -> dict[str, Any]:
        """Confirm what another person registered, renewed or ended."""
        entry, now = _found(book, name, staff), clock.wall()
        channel = _decided(lambda: confirmed(entry.channel, staff.sub, now))
        await book.publish(with_channel(entry, channel))
        return _told(with_channel(entry, channel), now)


def _found(book: ChannelBook, name: str, staff: Principal) -> ChannelEntry:
    require(staff, "supervisor")
    entry = book.find(name)
    if entry is None or not scope_of(staff).allows(entry.division, ""):
        raise not_found()
    return entry


def _decided(decide: Any) -> Channel:
    """What was decided. Raises a 409, or a 422 for an expiry that nobody may set."""
    try:
        channel: Channel = decide()
    except ChannelRefused as refused:
        status = 422 if refused.code == "expiry_out_of_bounds" else 409
        raise Refusal(status, refused.code, *REFUSED[refused.code]) from None
    return channel


def _public(entry: ChannelEntry, now: datetime) -> dict[str, Any]:
    channel = entry.channel
    until = channel.ended or channel.expires
    told = {"id": entry.id, "kind": entry.kind, "name": channel.name, "owner": entry.owner, "purpose": entry.purpose}
    return told | {
        "term": channel.term,
        "division": entry.division,
        "until": stamp(until) if until else None,
        "state": channel.state_at(now),
    }


def _told(entry: ChannelEntry, now: datetime) -> dict[str, Any]:
    """For the supervision office: with what waits, and who wished it."""
    wish = entry.channel.wish
    waits = {"what": wish.what, "by": wish.by, "expires": stamp(wish.expires)} if wish else None
    return _public(entry, now) | {"waits": waits}


def _outside() -> Refusal:
    zh, en = "该地区不在您的管辖范围内。", "The division is outside your scope."
    return Refusal(403, "outside_your_scope", zh, en)


def _full() -> Refusal:
    zh, en = "登记的渠道已达上限，请先终止不用的渠道。", "The register is full: end channels that are not needed."
    return Refusal(409, "too_many_channels", zh, en)

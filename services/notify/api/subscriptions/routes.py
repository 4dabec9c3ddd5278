"""``/v1/subscriptions``: for systems, each its own; the supervision office sees its division's and may end one."""

import secrets as randomness
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import FastAPI, Query, Response

from contracts.messages.notify import SubscriptionPublished
from runtime.http.addresses import Network
from runtime.http.app import IdempotencyKey, Json
from runtime.http.problems import Refusal, not_found
from runtime.identity.tokens import Principal, System, require
from runtime.values.fields import Day
from services.notify.adapters.hook_signatures import SecretRefused, made_secret, read_secret
from services.notify.adapters.subscription_book import filter_of
from services.notify.api.events.routes import after_cursor, outside
from services.notify.api.subscriptions.bodies import (
    Redelivery,
    SecretTurn,
    SubscriptionChange,
    SubscriptionWish,
    listed,
    shown,
    summed,
)
from services.notify.api.subscriptions.desk import SubscriptionDesk
from services.notify.domain.feed_filter import FeedFilter, FeedScope, OutsideScope, within
from services.notify.domain.hook_addresses import AddressRefused, parsed_url, refuse_by_name
from services.notify.domain.hooks import kept_day
from services.notify.domain.reconciliation import DAY, begin_of

OWNERS, LOOKING, ENDING = ("partner",), ("partner", "supervisor", "auditor"), ("partner", "supervisor")
WHERE = "/v1/subscriptions"
ONE = f"{WHERE}/{{name}}"
SHOWN = 100  # deliveries
REFUSED = {
    "url_malformed": ("网址格式不对，请填写完整的 https 网址。", "Not a URL that a webhook may have: write https://…"),
    "https_needed": ("网址须以 https:// 开头。", "The URL must begin with https://."),
    "address_refused": (
        "不能推送到内部网络地址。如系政务内网，请联系运维登记该网段。",
        "Nothing is sent into private networks; of one that is ours an operator names it (DUBAN_HOOK_NETWORKS).",
    ),
}


def subscription_routes(app: FastAPI, desk: SubscriptionDesk, networks: Sequence[Network]) -> None:
    """``networks``: private ones that an operator named."""
    _opening(app, desk, networks)
    _looking(app, desk)
    _changing(app, desk, networks)
    _sending(app, desk)


def _opening(app: FastAPI, desk: SubscriptionDesk, networks: Sequence[Network]) -> None:
    @app.post(WHERE, status_code=201)
    async def subscribe(wish: SubscriptionWish, system: System, idempotency_key: IdempotencyKey) -> Response:
        """Subscribe. The answer shows the secret, once; a ping is sent, and until it is answered nothing else."""
        require(system, *OWNERS)
        wanted = _wanted(system, wish)
        refuse_address(wish.url, networks)
        refuse_unregistered(desk, system, wish.channel)
        name = desk.name_of(system, idempotency_key)
        if (known := desk.parts.book.find(name)) is None:
            if not desk.has_room(system):
                raise no_room_for_more()
            await desk.open(name, system, wish, wanted, _secret(wish.secret))
        elif (known.url, filter_of(known)) != (wish.url, wanted):
            raise other_wish()
        return Json(dict(await _with_secret(desk, name)), status_code=201, headers={"Location": f"{WHERE}/{name}"})


def _looking(app: FastAPI, desk: SubscriptionDesk) -> None:
    @app.get(WHERE)
    async def subscriptions(system: System) -> list[dict[str, Any]]:
        """One's own; of a division those of the systems that are for it."""
        require(system, *LOOKING)
        mine = [each for each in desk.parts.book.all() if _may_see(system, each)]
        return [dict(await _shown(desk, each)) for each in mine]

    @app.get(ONE)
    async def subscription(name: str, system: System) -> dict[str, Any]:
        """How it stands: its state and since when, how many events wait, from when on events were not queued."""
        return dict(await _shown(desk, _found(desk, name, system, LOOKING)))

    @app.get(f"{ONE}/deliveries")
    async def deliveries(
        name: str, system: System, limit: Annotated[int, Query(ge=1, le=SHOWN)] = SHOWN
    ) -> list[dict[str, Any]]:
        """What was tried last, newest first, of the last three days."""
        known = _found(desk, name, system, LOOKING)
        return [dict(each) for each in listed(await desk.parts.queue.recent(known.id, limit))]

    @app.get(f"{ONE}/sums")
    async def sums(name: str, system: System, day: Day | None = None) -> dict[str, Any]:
        """Of a day of China, by type: how many events were delivered, given up, and wait; yesterday's by default.

        Beside ``duban.county.reconciled.v1``: what was asked for of that day's events, and where it is.
        """
        known = _found(desk, name, system, LOOKING)
        asked = kept_day(day, desk.parts.clock.wall())
        if asked is None:
            raise day_not_kept()
        return summed(asked, await desk.parts.queue.sums(known.id, begin_of(asked), begin_of(asked + DAY)))


def _changing(app: FastAPI, desk: SubscriptionDesk, networks: Sequence[Network]) -> None:
    @app.patch(ONE)
    async def change(name: str, change: SubscriptionChange, system: System) -> dict[str, Any]:
        """Change what is named. Another address has to answer a ping before anything is sent there."""
        known = _found(desk, name, system, OWNERS)
        wish = change.over(known)
        wanted = _wanted(system, wish)
        refuse_address(wish.url, networks)
        refuse_unregistered(desk, system, wish.channel)
        await desk.change(known, wish, wanted)
        return dict(await _shown(desk, desk.parts.book.find(name) or known))

    @app.delete(ONE, status_code=204)
    async def end(name: str, system: System) -> None:
        """End it. What waits is dropped."""
        await desk.end(_found(desk, name, system, ENDING).id)

    @app.post(f"{ONE}/secret")
    async def turn(name: str, turn: SecretTurn, system: System) -> dict[str, Any]:
        """Another secret. The one before signs as well until the next turn: change the receiver in between."""
        known = _found(desk, name, system, OWNERS)
        await desk.turn_secret(known, _secret(turn.secret))
        return dict(await _with_secret(desk, name))


def _sending(app: FastAPI, desk: SubscriptionDesk) -> None:
    @app.post(f"{ONE}/ping", status_code=202)
    async def ping(name: str, system: System) -> dict[str, str]:
        """Send a ping, also to a receiver that was given up: once it is answered, events go there again."""
        return {"event": await desk.ping(_found(desk, name, system, OWNERS).id)}

    @app.post(f"{ONE}/redeliver", status_code=202)
    async def redeliver(name: str, wanted: Redelivery, system: System) -> dict[str, Any]:
        """Send again, under the ids that they had. ``next``, where it is there: ask again with ``after`` set to it."""
        known = _found(desk, name, system, OWNERS)
        if wanted.id:
            if not await desk.again_by_id(known, wanted.id):
                raise event_unknown()
            return {"queued": 1, "next": None}
        pages = desk.parts.pages
        start = await (pages.since(wanted.since) if wanted.since else after_cursor(pages, wanted.after))
        done = await desk.again(known, start, wanted.to)
        return {"queued": done.count, "next": done.left.text() if done.left else None}


def _found(desk: SubscriptionDesk, name: str, system: Principal, roles: Sequence[str]) -> SubscriptionPublished:
    require(system, *roles)
    known = desk.parts.book.find(name)
    if known is None or not _may_see(system, known):
        raise not_found()
    return known


def _may_see(system: Principal, known: SubscriptionPublished) -> bool:
    is_within = known.division.startswith(system.division or "nowhere")
    return is_within and (system.role not in OWNERS or known.owner == system.sub)


def _wanted(system: Principal, wish: SubscriptionWish) -> FeedFilter:
    try:
        return within(FeedScope(system.role, system.division, system.unit), wish.filter())
    except OutsideScope:
        raise outside() from None


async def _shown(desk: SubscriptionDesk, known: SubscriptionPublished) -> Any:
    book, waiting = desk.parts.book, await desk.parts.queue.waiting(known.id)
    return shown(known, book.state(known.id), book.cut(known.id), waiting)


async def _with_secret(desk: SubscriptionDesk, name: str) -> Any:
    known = desk.parts.book.find(name)
    if known is None:  # it was said, and this process has not read it back yet
        raise not_read_yet()
    return {**await _shown(desk, known), "secret": desk.parts.secrets.plain(name, known.secrets[0])}


def _secret(given: str) -> str:
    try:
        return read_secret(given) if given else made_secret(randomness.token_bytes)
    except SecretRefused as wrong:
        zh = "密钥须为 whsec_ 加 24 至 64 字节的 base64；不填则由系统生成。"
        raise _at("/secret", "secret_refused", zh, f"{str(wrong).capitalize()}.") from None


def refuse_address(url: str, networks: Sequence[Network]) -> None:
    """Raises a 422 for a URL that nothing may be sent to. A name is looked up when something is sent."""
    try:
        refuse_by_name(parsed_url(url), networks)
    except AddressRefused as refused:
        raise _at("/url", refused.code, *REFUSED[refused.code]) from None


def refuse_unregistered(desk: SubscriptionDesk, system: Principal, channel: str) -> None:
    """Raises a 409 unless the register has a channel for subscriptions of this owner that operates."""
    if not desk.parts.channels.operates(channel, system.sub, desk.parts.clock.wall()):
        zh = "该渠道未登记、未复核、已到期，或不属于您。请先由督查室登记（/v1/channels）。"
        en = "No channel of yours that operates: the supervision office registers, confirms and renews it."
        raise Refusal(409, "channel_not_registered", zh, en)


def _at(pointer: str, code: str, zh: str, en: str) -> Refusal:
    return Refusal(422, code, zh, en, errors=[{"pointer": pointer, "code": code, "zh": zh, "en": en}])


def other_wish() -> Refusal:
    """The key came before, with another wish."""
    zh = "同一编号已登记过不同的订阅。新的订阅请换一个编号，修改请用 PATCH。"
    return Refusal(422, "other_body", zh, "This key came with another subscription: use a new key, or PATCH that one.")


def day_not_kept() -> Refusal:
    """Begun more than three days ago, or not begun."""
    zh, en = (
        "只能查近三天的推送合计。",
        "Sums are kept of days that began within the last 72 hours: ask for one of them.",
    )
    return Refusal(422, "day_not_kept", zh, en)


def no_room_for_more() -> Refusal:
    """As many as an owner, or the installation, may have."""
    zh = "订阅数已达上限，请先取消不用的订阅。"
    return Refusal(409, "too_many_subscriptions", zh, "Too many subscriptions: end one that is not needed.")


def event_unknown() -> Refusal:
    """It was not sent to this subscription within the last days, or is no longer kept."""
    zh = "近日没有向该订阅推送过此事件，请改用 since 指定时间。"
    return Refusal(404, "event_unknown", zh, "No such event was sent here of late: redeliver since an instant.")


def not_read_yet() -> Refusal:
    """Said, and not read back within a few seconds."""
    zh, en = (
        "订阅已登记，请几秒后用同一编号重发以取得密钥。",
        "Subscribed: send it again with the same key for the secret.",
    )
    return Refusal(503, "not_read_yet", zh, en, headers={"Retry-After": "5"})

"""Live rates by county with Faust: a process of its own, off the ticket path. Killing it empties one strip of a page.

In faust-streaming 0.15.3 an agent that raises acknowledges the message, and ``concurrency`` above 1 commits past work
in flight: so the body below cannot raise, runs alone, and counts only what may be lost.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from dataclasses import asdict
from datetime import datetime
from tempfile import gettempdir
from typing import Any

import faust
import orjson

from contracts import topics
from contracts.envelope import stamp
from contracts.vocabulary import COUNTY_DIGITS
from runtime.clock import Clock
from runtime.process.settings import Settings, load
from services.portal.reading.board.board import Rate
from services.portal.reading.board.rates import KINDS, RateWindow

PUBLISH_EVERY = 2.0  # wall seconds between two publications
COUNTIES_PUBLISHED = 200  # the busiest; the strip shows fewer


def take(window: RateWindow, headers: Iterable[tuple[str, bytes]], value: object, key: object = b"") -> None:
    """Count one record. Total: whatever the bytes are, nothing is raised; what is not understood is not counted."""
    named = dict(headers)
    kind = KINDS.get(_text(named.get("ce_type")))
    county = window.home(_text(key), _county(value)) if kind else ""
    at = _instant(_text(named.get("ce_time")))
    if kind and county and at:
        window.count(county, kind, at)


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _county(value: object) -> str:
    try:
        body = orjson.loads(value if isinstance(value, bytes) else b"null")
    except orjson.JSONDecodeError:
        return ""
    number = body.get("number") if isinstance(body, dict) else None
    county = number[:COUNTY_DIGITS] if isinstance(number, str) else ""
    return county if len(county) == COUNTY_DIGITS and county.isascii() and county.isdigit() else ""


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def published(rate: Rate, now: datetime) -> bytes:
    """The value of a message of ``live-rates``."""
    return orjson.dumps(asdict(rate) | {"at": stamp(now)})


def build(settings: Settings, clock: Clock) -> faust.App:
    app = faust.App(
        f"{settings.namespace}.portal.stream",
        broker=[f"kafka://{server}" for server in settings.kafka_bootstrap_servers.split(",")],
        broker_credentials=_credentials(settings),
        key_serializer="raw",
        value_serializer="raw",
        store="memory://",
        datadir=gettempdir(),  # Faust makes a folder there, though a store in memory writes none
        web_enabled=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        consumer_auto_offset_reset="latest",
        stream_wait_empty=False,
        logging_config={"version": 1, "disable_existing_loggers": False},
    )
    _count_and_publish(app, settings.namespace, clock)
    return app


def _credentials(settings: Settings) -> Any:
    if not settings.kafka_username:
        return None
    return faust.SASLCredentials(
        username=settings.kafka_username, password=settings.kafka_password, mechanism="SCRAM-SHA-512"
    )


def _count_and_publish(app: faust.App, namespace: str, clock: Clock) -> None:
    window = RateWindow()
    log_topic = app.topic(f"{namespace}.{topics.TICKETS.name}", value_type=bytes)
    rates_topic = app.topic(f"{namespace}.{topics.LIVE_RATES.name}", value_type=bytes)

    async def count(stream: Any) -> AsyncIterator[None]:
        async for event in stream.events():
            take(window, event.message.headers or (), event.message.value, event.message.key)
            yield

    async def publish() -> None:
        now = clock.wall()
        for rate in window.rates(now)[:COUNTIES_PUBLISHED]:
            await rates_topic.send(key=rate.county.encode(), value=published(rate, now))

    app.agent(log_topic, concurrency=1)(count)
    app.timer(PUBLISH_EVERY)(publish)


def main() -> None:
    """Run until SIGTERM: ``python -m services.portal.reading.live.counting``."""
    settings = load(Settings)
    app = build(settings, settings.domain_clock())
    worker = faust.Worker(app, loglevel=logging.WARNING, redirect_stdouts=False)
    worker.spinner = None  # it wants a handler of the root logger and ends the process without one
    worker.execute_from_commandline()


if __name__ == "__main__":
    main()

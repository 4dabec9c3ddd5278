"""Looks which channels are to be renewed, so that somebody is called fourteen days before one stops."""

from collections.abc import Callable
from datetime import datetime

from runtime.workers import Work, repeated
from services.notify import metrics
from services.notify.adapters.channel_book import ChannelBook

LOOK_EVERY = 30.0  # seconds


def looking(channels: ChannelBook, wall: Callable[[], datetime]) -> Work:
    """Keeps the figures on the gauge."""

    async def look() -> None:
        now = wall()
        every = [each.channel for each in channels.all()]
        metrics.CHANNELS.labels("renew").set(sum(each.is_to_be_renewed(now) for each in every))
        metrics.CHANNELS.labels("expired").set(sum(each.state_at(now) == "expired" for each in every))

    return repeated("register", look, LOOK_EVERY)

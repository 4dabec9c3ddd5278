"""The register of channels, folded from configuration: entries under ``channel/<id>``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from contracts.messages.notify import ChannelRegistered
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.process.configuration import Configuration, publication
from services.notify.domain.channel_register import Channel, ChannelWish

CHANNELS_AT_MOST = 5_000  # of an installation


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """A channel, and what is told of it."""

    id: str
    kind: str
    owner: str
    purpose: str
    division: str
    registered: datetime
    channel: Channel


class ChannelBook:
    """The newest entry of each channel; a change is a whole new entry."""

    def __init__(self, configuration: Configuration, writer: Writer, clock: Clock) -> None:
        self._configuration, self._writer, self._clock = configuration, writer, clock

    def all(self) -> Sequence[ChannelEntry]:
        return [_entry(each) for each in self._configuration.all(ChannelRegistered).values()]

    def find(self, name: str) -> ChannelEntry | None:
        found = self._configuration.all(ChannelRegistered).get(_key(name))
        return _entry(found) if found else None

    def operates(self, name: str, owner: str, now: datetime) -> bool:
        """Whether a subscription of this owner may be sent to under this entry."""
        found = self.find(name)
        if found is None or (found.kind, found.owner) != ("subscription", owner):
            return False
        return found.channel.operates(now)

    async def publish(self, entry: ChannelEntry) -> None:
        """Say it; whoever folds configuration has it within a second. Raises Unavailable."""
        await self._writer.publish([publication(_key(entry.id), _body(entry), "notify", self._clock)])


def with_channel(entry: ChannelEntry, channel: Channel) -> ChannelEntry:
    """The entry with what came of a wish."""
    return replace(entry, channel=channel)


def _key(name: str) -> str:
    return f"channel/{name}"


def _entry(body: ChannelRegistered) -> ChannelEntry:
    wish = None
    if body.wish and body.wished_until:
        wish = ChannelWish(body.wish, body.wished_by, body.wished_until)
    channel = Channel(body.name, body.term, body.expires, body.ended, wish)
    return ChannelEntry(body.id, body.kind, body.owner, body.purpose, body.division, body.registered, channel)


def _body(entry: ChannelEntry) -> ChannelRegistered:
    channel, wish = entry.channel, entry.channel.wish
    return ChannelRegistered(
        id=entry.id,
        kind=entry.kind,
        name=channel.name,
        owner=entry.owner,
        purpose=entry.purpose,
        term=channel.term,
        division=entry.division,
        registered=entry.registered,
        expires=channel.expires,
        ended=channel.ended,
        wish=wish.what if wish else "",
        wished_by=wish.by if wish else "",
        wished_until=wish.expires if wish else None,
    )

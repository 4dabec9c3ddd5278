"""The subscriptions of this installation: the owners' wishes and what sending found, folded from configuration."""

from collections.abc import Sequence
from datetime import datetime

from contracts.envelope import Body
from contracts.messages.notify import ChannelRegistered, SubscriptionPublished, SubscriptionStatePublished
from runtime.clock import Clock
from runtime.delivery.ports import Writer
from runtime.process.configuration import Configuration, publication, withdrawal
from services.notify.domain.feed_filter import FeedFilter
from services.notify.domain.hooks import ReceiverState

READ = (SubscriptionPublished, SubscriptionStatePublished, ChannelRegistered)
"""What the configuration of whoever has a book must fold."""


class SubscriptionBook:
    """Two keys for each subscription, so that neither the owner nor the senders overwrite the other."""

    def __init__(self, configuration: Configuration, writer: Writer, clock: Clock) -> None:
        self._configuration, self._writer, self._clock = configuration, writer, clock

    def all(self) -> Sequence[SubscriptionPublished]:
        return list(self._configuration.all(SubscriptionPublished).values())

    def find(self, name: str) -> SubscriptionPublished | None:
        return self._configuration.all(SubscriptionPublished).get(_key(name))

    def state(self, name: str) -> ReceiverState:
        """What sending found last at this address; unconfirmed while it found nothing there."""
        found, known = self._configuration.all(SubscriptionStatePublished).get(_state_key(name)), self.find(name)
        if found is None or known is None or found.version != known.version:
            return ReceiverState()
        return ReceiverState(found.state, found.since, found.why)

    def cut(self, name: str) -> datetime | None:
        """From when on events were not queued, because too many waited; None when all were."""
        found = self._configuration.all(SubscriptionStatePublished).get(_state_key(name))
        return found.cut if found else None

    async def publish(self, subscription: SubscriptionPublished) -> None:
        """Say the owner's wish. Raises Unavailable."""
        await self._say(_key(subscription.id), subscription)

    async def publish_state(self, name: str, state: ReceiverState, cut: datetime | None) -> None:
        """Say what sending found. Raises Unavailable."""
        known, since = self.find(name), state.since or self._clock.wall()
        version = known.version if known else 0
        found = SubscriptionStatePublished(
            id=name, version=version, state=state.state, since=since, why=state.why, cut=cut
        )
        await self._say(_state_key(name), found)

    async def withdraw(self, name: str) -> None:
        """Take both away. Raises Unavailable."""
        wish, found = _key(name), _state_key(name)
        await self._writer.publish(
            [withdrawal(wish, SubscriptionPublished), withdrawal(found, SubscriptionStatePublished)]
        )

    async def _say(self, key: str, body: Body) -> None:
        await self._writer.publish([publication(key, body, "notify", self._clock)])


def filter_of(subscription: SubscriptionPublished) -> FeedFilter:
    """What an event has to be for a row of it to be queued."""
    lists = subscription.units, subscription.types, subscription.categories, subscription.origins
    return FeedFilter(subscription.division, *lists)


def _key(name: str) -> str:
    return f"subscription/{name}"


def _state_key(name: str) -> str:
    return f"subscription-state/{name}"

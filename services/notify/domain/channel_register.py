"""The register of channels (渠道登记): what is registered, by whom, until when, and what has to be confirmed (D7).

Registered, renewed and ended by one member of the supervision office and confirmed by another ("先报备、再建群"); until
then nothing changes. What is not registered, has expired or was ended does not operate.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

TEMPORARY, STANDING = "temporary", "standing"
LONGEST = {TEMPORARY: timedelta(days=92), STANDING: timedelta(days=366)}
"""How far ahead a channel may be registered or renewed: a standing one is renewed every year."""
WARNED = timedelta(days=14)  # before it expires
REGISTRATION, RENEWAL, END = "registration", "renewal", "end"


class ChannelRefused(ValueError):
    """What was wished may not be done now. ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """What waits for a second person. ``by``: the account of the first; ``expires``: as it would be then."""

    what: str
    by: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Channel:
    """``owner``: who answers for it; ``expires``: as it was confirmed last, None before it ever was."""

    name: str
    term: str
    expires: datetime | None = None
    ended: datetime | None = None
    wish: ChannelWish | None = None

    def state_at(self, now: datetime) -> str:
        """registering, operating, expired or ended. At the very instant of its expiry it has expired."""
        if self.ended:
            return "ended"
        if self.expires is None:
            return "registering"
        return "operating" if now < self.expires else "expired"

    def operates(self, now: datetime) -> bool:
        return self.state_at(now) == "operating"

    def is_to_be_renewed(self, now: datetime) -> bool:
        """Whether it operates, and not for long any more."""
        return self.operates(now) and self.expires is not None and self.expires - now <= WARNED


def wished(channel: Channel, wish: ChannelWish, now: datetime) -> Channel:
    """The channel with a wish that waits, in place of any that did. Raises ChannelRefused."""
    if channel.ended:
        raise ChannelRefused("channel_ended")
    if wish.what != END and not now < wish.expires <= now + LONGEST[channel.term]:
        raise ChannelRefused("expiry_out_of_bounds")
    if wish.what != REGISTRATION and channel.expires is None:
        raise ChannelRefused("channel_registering")
    return replace(channel, wish=wish)


def confirmed(channel: Channel, by: str, now: datetime) -> Channel:
    """The channel once a second person said yes. Raises ChannelRefused."""
    wish = channel.wish
    if wish is None:
        raise ChannelRefused("nothing_to_confirm")
    if wish.by == by:
        raise ChannelRefused("second_person_needed")
    if wish.what == END:
        return replace(channel, ended=now, wish=None)
    if wish.expires <= now:
        raise ChannelRefused("expiry_out_of_bounds")
    return replace(channel, expires=wish.expires, wish=None)

"""What is known of providers and of how a person is reached."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from contracts.sealed import REACHED_BY
from runtime.values import phones
from services.notify.domain.deliveries import PAGE

FAILURES_IN_A_ROW = 5  # until a provider rests
FIRST_REST, LONGEST_REST = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class ProviderBreaker:
    """Whether a provider is tried at all: after a row of failures it rests, each time longer, up to a minute.

    Instants are readings of a stopwatch.
    """

    failures: int = 0
    rests_until: timedelta | None = None

    def lets(self, now: timedelta) -> bool:
        """Whether a message may be tried."""
        return self.rests_until is None or self.rests_until <= now

    def after(self, now: timedelta, *, answered: bool) -> "ProviderBreaker":
        """The breaker after one more try. ``answered``: the provider said yes or no."""
        if answered:
            return ProviderBreaker()
        failures = self.failures + 1
        if failures < FAILURES_IN_A_ROW:
            return ProviderBreaker(failures)
        return ProviderBreaker(
            failures, now + min(FIRST_REST * 2 ** min(failures - FAILURES_IN_A_ROW, 10), LONGEST_REST)
        )

    @property
    def suspects(self) -> bool:
        """Whether the last try failed: then a few messages find out, not all."""
        return self.failures > 0


@dataclass(frozen=True, slots=True)
class Recipient:
    """How one person is reached. ``channel``: as the person chose, "" when nothing was said.

    ``addresses``: by the fields of a sealed contact; a field that is missing or "" reaches nobody.
    """

    channel: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)


SMS_ALONE, SMS_PART = 70, 67  # characters of a message in one part, and of each part of a longer one (UCS-2)


def sms_parts(text: str) -> int:
    """What a gateway charges for: the parts in which a text is sent."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= SMS_ALONE else -(-units // SMS_PART)


def routes(person: Recipient) -> tuple[tuple[str, str], ...]:
    """(channel, address) in the order in which they are tried: the chosen one first, the other only if that refuses.

    Nobody who wants to be left alone is written to, and no SMS goes to what takes none.
    """
    if person.channel in ("none", PAGE):
        return ()
    known = [(channel, _usable(channel, person.addresses.get(field, ""))) for channel, field in REACHED_BY.items()]
    ordered = sorted(known, key=lambda route: route[0] != person.channel)
    return tuple(route for route in ordered if route[1])


def _usable(channel: str, address: str) -> str:
    return phones.sms_number(address) if channel == "sms" else address

"""What an owner says of a subscription, and what is answered."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.envelope import stamp
from contracts.messages.notify import SubscriptionPublished
from runtime.values.fields import Instant
from services.notify.domain.feed_filter import FeedFilter
from services.notify.domain.hook_addresses import LONGEST
from services.notify.domain.hooks import HOOK_STATES, HookDelivery, ReceiverState, Sums

VALUES = 50  # of one filter
CODE = r"^[A-Za-z0-9._-]{1,80}$"
DIVISION = r"^([0-9]{2,6})?$"
Codes = Annotated[tuple[Annotated[str, Field(pattern=CODE)], ...], Field(max_length=VALUES)]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"^[!-~]*$")]
Secret = Annotated[str, Field(max_length=120, pattern=r"^[A-Za-z0-9+/=_]*$")]
ChannelName = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9._-]+$")]
Place = Annotated[str, Field(max_length=1000, pattern=r"^[A-Za-z0-9_-]*$")]


class SubscriptionWish(BaseModel):
    """Where to send which events. Empty filters mean any; ``secret``: one is made where none is given.

    ``channel``: the entry of the register (``/v1/channels``) under which it operates.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url
    channel: ChannelName
    division: str = Field(default="", pattern=DIVISION)
    units: Codes = ()
    types: Codes = ()
    categories: Codes = ()
    origins: Codes = ()
    secret: Secret = ""
    expires: Instant | None = None

    def filter(self) -> FeedFilter:
        """What is let through by all of these: each code once, and none of a kind means any of it."""
        lists = (tuple(sorted(set(each))) for each in (self.units, self.types, self.categories, self.origins))
        return FeedFilter(self.division, *lists)


class SubscriptionChange(BaseModel):
    """What is to be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url | None = None
    channel: ChannelName | None = None
    division: str | None = Field(default=None, pattern=DIVISION)
    units: Codes | None = None
    types: Codes | None = None
    categories: Codes | None = None
    origins: Codes | None = None
    expires: Instant | None = None

    def over(self, known: SubscriptionPublished) -> SubscriptionWish:
        """The wish as it is with this change."""
        names = ("url", "channel", "division", "units", "types", "categories", "origins", "expires")
        before = {name: getattr(known, name) for name in names}
        return SubscriptionWish(**(before | self.model_dump(exclude_unset=True)))


class SecretTurn(BaseModel):
    """The secret that is to be the first from now on; one is made where none is given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    secret: Secret = ""


class Redelivery(BaseModel):
    """What is to be sent again: one event by its id, or all since an instant (until another), or after a cursor."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Place = ""
    since: Instant | None = None
    to: Instant | None = None
    after: Place = ""

    @model_validator(mode="after")
    def _one_of_three(self) -> Self:
        if sum(map(bool, (self.id, self.since, self.after))) != 1:
            raise ValueError("give one of id, since and after")
        return self


def shown(
    subscription: SubscriptionPublished, state: ReceiverState, cut: datetime | None, waiting: int
) -> Mapping[str, Any]:
    """A subscription as its owner sees it; never its secrets."""
    told = subscription.model_dump(mode="json", exclude={"secrets", "version"})
    since = stamp(state.since) if state.since else None
    return told | {
        "state": state.state,
        "since": since,
        "why": state.why,
        "cut": stamp(cut) if cut else None,
        "waiting": waiting,
    }


def summed(day: date, sums: Sums) -> dict[str, Any]:
    """A day's sums by type; each type with all three states."""
    kinds = sorted({kind for kind, _ in sums})
    counts = {kind: {state: sums.get((kind, state), 0) for state in HOOK_STATES} for kind in kinds}
    return {"day": day.isoformat(), "counts": counts}


def listed(deliveries: Sequence[HookDelivery]) -> Sequence[Mapping[str, Any]]:
    names = ("event", "kind", "ticket", "state", "tries", "status", "why")
    return [{name: getattr(each, name) for name in names} | {"at": stamp(each.at)} for each in deliveries]

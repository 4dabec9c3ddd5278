"""Webhooks: what waits to be sent, when it is tried again, and how the receiver of a subscription has shown itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.notify.domain.reconciliation import begin_of, last_closed

PING = "duban.subscription.ping.v1"
"""The one event that is sent before a receiver has answered anything."""
RETRIES = tuple(timedelta(seconds=each) for each in (5, 60, 300, 1800, 7200, 18_000, 36_000))
"""The wait after the first, second, … failure; the last one from then on."""
SPREAD = 0.2  # each wait is longer or shorter by up to so much of it: those who failed together do not return together
GIVEN_UP_AFTER = timedelta(hours=72)
FAILURES = 5  # in a row; then one event finds out whether the receiver is back
QUEUE_AT_MOST = 200_000  # events that wait for one subscription

KEPT = timedelta(hours=72)
"""So long it is known what became of an event that was delivered or given up."""
HOOK_STATES = WAITS, DELIVERED, GIVEN_UP = "waits", "delivered", "given_up"

UNCONFIRMED, ACTIVE, RESTING, DISABLED, GONE = "unconfirmed", "active", "resting", "disabled", "gone"
ENDED = (DISABLED, GONE)
"""Nothing is queued or sent any more, until a ping is answered."""
GONE_STATUS = 410


@dataclass(frozen=True, slots=True)
class HookRow:
    """One event that waits for one subscription.

    ``told``: when it happened; ``queued``: since when it waits; ``at``: when it may be tried next.
    """

    subscription: str
    ticket: str
    partition: int
    offset: int
    event: str
    kind: str
    text: bytes
    told: datetime
    queued: datetime
    at: datetime
    tries: int = 0

    @property
    def id(self) -> str:
        """The same for the same event, however often it is queued."""
        return f"{self.subscription}/{self.partition}/{self.offset}"

    def is_given_up(self, now: datetime) -> bool:
        return now - self.queued >= GIVEN_UP_AFTER


Sums = Mapping[tuple[str, str], int]
"""How many events of a type are in a state: delivered, given up, or waiting."""


@dataclass(frozen=True, slots=True)
class HookDelivery:
    """What became of an event, for whoever asks. ``status``: the answer's, 0 where there was none; ``why``: a code."""

    event: str
    kind: str
    ticket: str
    state: str
    tries: int
    status: int
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What a receiver answered. ``status`` 0: it did not, and ``why`` says how that was."""

    status: int
    why: str = ""

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class ReceiverState:
    """``since``: when it became so; of one that rests, when the first of its failures was. ``failures``: in a row."""

    state: str = UNCONFIRMED
    since: datetime | None = None
    why: str = ""
    failures: int = 0
    failed_at: datetime | None = None

    @property
    def takes(self) -> bool:
        """Whether events are queued for it."""
        return self.state in (ACTIVE, RESTING)

    def after(self, answer: HookAnswer, now: datetime) -> "ReceiverState":
        """The state once it answered like this."""
        if answer.is_success:
            return ReceiverState(ACTIVE, self.since if self.state == ACTIVE else now)
        if answer.status == GONE_STATUS:
            return ReceiverState(GONE, now, "410")
        return self._after_failure(answer, now)

    def _after_failure(self, answer: HookAnswer, now: datetime) -> "ReceiverState":
        why = answer.why or str(answer.status)
        begun = self.since if self.state == RESTING else (self.failed_at or now)
        failed = replace(self, failures=self.failures + 1, failed_at=self.failed_at or now, why=why)
        if self.state in (UNCONFIRMED, *ENDED):
            return replace(self, why=why)
        if begun is not None and now - begun >= GIVEN_UP_AFTER:
            return ReceiverState(DISABLED, now, why)
        return replace(failed, state=RESTING, since=begun) if failed.failures >= FAILURES else failed


def kept_day(day: date | None, now: datetime) -> date | None:
    """The day of China that is asked for, the last closed one by default; None where it is not known of all its events
    what became of them, or it has not begun.
    """
    asked = day or last_closed(now)
    return asked if now - KEPT <= begin_of(asked) <= now else None


def wait_after(tries: int, chance: float) -> timedelta:
    """How long until the next try, after so many failed ones. ``chance``: 0 … 1, where in the spread it falls."""
    usual = RETRIES[min(max(tries, 1), len(RETRIES)) - 1]
    return usual * (1 + SPREAD * (2 * chance - 1))

"""Asking providers again after what nobody knew: a few times, for hours, so that a person need not.

What a provider has after all is reported as sent. What it has not, and by its promise will never have, is reported to
go again under the same reference; all else stays with the person who was shown it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.messages.notify import DeliveryReport
from runtime.clock import Clock
from runtime.workers import repeated
from services.notify.domain.deliveries import RESEND, Delivery
from services.notify.ports import Attempt, Outbox, Outcome
from services.notify.workers.dispatch import Dispatch, entry_of

PAGE = 100  # tickets of one query: what is asked of a silent provider costs one time-out or two, also at the end
EVERY = timedelta(seconds=15)  # of wall time, between the rounds over all that nobody knows
LOOK_AGAIN = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6))
"""How long after an attempt its provider is asked again."""
RESENT_AT_MOST = 3  # times without a person

Reports = dict[str, list[DeliveryReport]]
"""Ticket → what is to be reported of it."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round over all that nobody knows, begun at ``until``: the look-ups that fell due after ``since``."""

    since: datetime
    until: datetime

    def concerns(self, attempt: Attempt) -> bool:
        """Whether a look-up of this attempt falls due in it."""
        return any(self.since < attempt.at + after <= self.until for after in LOOK_AGAIN)

    def waited(self, attempt: Attempt) -> timedelta:
        """How long ago the attempt was."""
        return self.until - attempt.at


class DeliveryLookUps:
    """Goes round, page by page. A process that starts anew catches up with what fell due while there was none."""

    def __init__(
        self,
        outbox: Outbox,
        couriers: Dispatch,
        clock: Clock,
        partitions: Callable[[], Collection[int]],
        report: Callable[[Reports], Awaitable[None]],
    ) -> None:
        self._outbox, self._couriers, self._clock = outbox, couriers, clock
        self._partitions, self._report = partitions, report
        self._due = clock.stopwatch()
        self._since: datetime = clock.wall() - 2 * LOOK_AGAIN[-1]  # attempts of earlier processes have wall time alone
        self._round: Round | None = None
        self._after = ""

    async def step(self) -> bool:
        """Ask after the next page, when a round is due, and report. Whether the round goes on. Raises Unavailable."""
        if self._round is None and self._clock.stopwatch() < self._due:
            return False
        if self._round is None:
            self._round, self._due = Round(self._since, self._clock.wall()), self._clock.stopwatch() + EVERY
        page = await self._outbox.unsettled(self._partitions(), PAGE, self._after)
        found = {entry_of(item): (each.ticket, item) for each in page for item in each.deliveries}
        await self._report(await self._asked(found, self._round) if found else {})
        self._after = page[-1].ticket if len(page) == PAGE else ""
        if not self._after:
            self._since, self._round = self._round.until, None
        return bool(self._after)

    async def run(self, stop: asyncio.Event) -> None:
        await repeated("inquiries", self.step, lambda: 0 if self._round else EVERY.total_seconds() / 3)(stop)

    async def _asked(self, found: Mapping[str, tuple[str, Delivery]], this: Round) -> Reports:
        journal = await self._outbox.attempted(found)
        due = {entry: attempt for entry, attempt in journal.items() if this.concerns(attempt)}
        reports: Reports = {}
        for channel in {found[entry][1].channel for entry in due}:
            asked = {entry: at for entry, at in due.items() if found[entry][1].channel == channel}
            waited = {found[entry][1].sent_as: this.waited(attempt) for entry, attempt in asked.items()}
            outcomes = await self._couriers.what_became_of(channel, waited)
            for ticket, item in map(found.__getitem__, asked):
                reports.setdefault(ticket, []).extend(_news(item, outcomes[item.sent_as]))
        return {ticket: theirs for ticket, theirs in reports.items() if theirs}


def _news(delivery: Delivery, outcome: Outcome) -> Sequence[DeliveryReport]:
    again = delivery.attempt < RESENT_AT_MOST and not delivery.went_in_digest
    goes_again = outcome is Outcome.NOT_SENT and again
    if not goes_again and outcome is not Outcome.SENT:
        return ()
    said = RESEND if goes_again else "sent"
    plain = {"reference": delivery.ref, "channel": delivery.channel, "attempt": delivery.attempt}
    return (DeliveryReport.model_validate(plain | {"outcome": said, "letter": delivery.sent_as}),)

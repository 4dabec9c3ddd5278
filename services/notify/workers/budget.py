"""The budget of accounts: what is not urgent waits for the next day once the letters of this one are spent (D3)."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from runtime.clock import Clock
from services.notify import metrics
from services.notify.domain.budget import URGENT, LetterPlaces, day_of, reason_of
from services.notify.domain.deliveries import STAFF
from services.notify.ports import Outbox, Outcome
from services.notify.workers.dispatch import Errand, Results

LOOK_AGAIN_AFTER = timedelta(seconds=30)  # by the stopwatch: whether it is the next day
HELD_AT_MOST = 20_000  # references that are known to wait


class LetterBudget:
    """Each place of an account and a day is taken by one letter, whichever process sends it."""

    def __init__(self, outbox: Outbox, clock: Clock, places: LetterPlaces) -> None:
        self._outbox, self._clock, self._places = outbox, clock, places
        self._held: dict[str, date] = {}

    async def spent(self, errands: Sequence[Errand]) -> set[str]:
        """The references of letters that have to wait. Raises Unavailable."""
        of_staff = [each for each in errands if each.routes and each.deliveries[0].audience in STAFF]
        if not of_staff or not self._places.a_day:
            return set()
        may_go = await asyncio.gather(*map(self._may_go, of_staff))
        held = {each.reference for each, goes in zip(of_staff, may_go, strict=True) if not goes}
        self._note(held)
        return held

    async def _may_go(self, errand: Errand) -> bool:
        places = self._places.open_to(errand.deliveries, day_of(self._clock.now()))
        taken = await self._outbox.take_place(places, errand.reference, self._clock.wall())
        return taken or reason_of(errand.deliveries) == URGENT

    def _note(self, held: Collection[str]) -> None:
        today = day_of(self._clock.now())
        metrics.SPENT.inc(sum(self._held.get(each) != today for each in held))
        if len(self._held) > HELD_AT_MOST:
            self._held = {}
        self._held |= dict.fromkeys(held, today)

    async def give_back(self, references: Collection[str]) -> None:
        """The places of letters that certainly reached nobody. Raises Unavailable."""
        if references and self._places.a_day:
            await self._outbox.give_places_back(references)


def count(errands: Sequence[Errand], results: Results) -> None:
    """Which of these letters went, and why."""
    for each in errands:
        if results.reported.get(each.reference, ("",))[0] == Outcome.SENT:
            metrics.LETTERS.labels(each.deliveries[0].audience, reason_of(each.deliveries)).inc()

"""What was attempted before, by a process that died perhaps: in which letters, and what became of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

from runtime.clock import Clock
from services.notify.ports import Attempt, Outbox
from services.notify.workers.dispatch import Dispatch, Errand, Reported, Results, entry_of

REMEMBERED_AT_MOST = 20_000  # attempts: beyond that their age is read from the wall again


class EarlierAttempts:
    """The journal, with the age of what is in it by the stopwatch."""

    def __init__(self, outbox: Outbox, couriers: Dispatch, clock: Clock) -> None:
        self._outbox, self._couriers, self._clock = outbox, couriers, clock
        self._made: dict[str, timedelta] = {}

    async def found(self, errands: Sequence[Errand], there: Collection[str]) -> list[tuple[Errand, Attempt]]:
        """The letters that these entries were written down in, as far as this turn knows their deliveries."""
        journal = await self._outbox.attempted(there) if there else {}
        found: dict[str, tuple[Errand, Attempt]] = {}
        for errand in errands:
            for each in errand.deliveries:
                if (attempt := journal.get(entry_of(each))) is None:
                    continue
                letter = attempt.letter or each.sent_as
                before = found[letter][0].deliveries if letter in found else ()
                found[letter] = replace(errand, reference=letter, deliveries=(*before, each)), attempt
        return list(found.values())

    async def ask_about(self, attempted: Sequence[tuple[Errand, Attempt]]) -> Results:
        """What became of letters: as the journal says, else the providers, once they must know."""
        results, old = Results(), dict[str, timedelta]()
        for errand, attempt in attempted:
            waited, patience = self._since(errand.names[0], attempt), self._couriers.patience(errand)
            if attempt.outcome:
                results.reported[errand.reference] = _as_noted(attempt)
            elif waited < patience:
                results.pending[errand.reference] = patience - waited
            else:
                old[errand.reference] = waited
        results.add(await self._couriers.ask_after([each for each, _ in attempted if each.reference in old], old))
        return results

    def _since(self, entry: str, attempt: Attempt) -> timedelta:
        """How long ago an attempt was made. Of another process's the wall tells when it is first seen, then no more."""
        now = self._clock.stopwatch()
        if entry not in self._made:
            self.remember({entry: now - max(cast(datetime, self._clock.wall()) - attempt.at, timedelta())})
        return now - self._made[entry]

    def remember(self, made: Mapping[str, timedelta]) -> None:
        """When these attempts were made, by the stopwatch."""
        if len(self._made) > REMEMBERED_AT_MOST:
            self._made = {}
        self._made |= made


def _as_noted(attempt: Attempt) -> tuple[Reported, str]:
    return cast(Reported, attempt.outcome), attempt.channel

"""What people want of joint conferences: matters are referred, and decided each way that there is, also wrongly."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Actor, Message
from contracts.lifecycle import PROMISED
from contracts.messages import conferences, sla
from contracts.vocabulary import CHINA, CONFERENCE_DECISIONS
from simulation.clock_wishes import LEAD, ClockWish, DrawnWishes

REFERS = 0.4  # of clocks of the work: their matter is put to a conference
HOURS = 5  # within which that is done, and decided: most units are done in a day
HELD_DAYS = 12  # for which a matter is held back at most
OFFICE = Actor(role="supervisor", division="43", principal="staff:supervisor")


class ConferenceWishes(DrawnWishes):
    """Matters are referred to a joint conference, and it decides."""

    def __init__(self, seed: int) -> None:
        super().__init__("conferences", seed, HOURS)

    def _wanted(self, message: Message[Any]) -> Iterator[ClockWish]:
        match message.body:
            case sla.DeadlineSet() if message.body.kind in PROMISED and self._rng.random() < REFERS:
                yield self._after(), conferences.ReferMatter(ground="hard_case"), LEAD
            case conferences.MatterReferred():
                after = self._after()
                yield after, self._decision(message.at, message.at + after), OFFICE

    def _decision(self, referred: datetime, at: datetime) -> conferences.RecordConference:
        decision = self._rng.choice([*CONFERENCE_DECISIONS, "hold"])
        until = at + timedelta(days=self._rng.uniform(-0.1, HELD_DAYS))
        return conferences.RecordConference(
            conference="2026-3",
            held_on=referred.astimezone(CHINA).date(),
            roster=("431226-JT",),
            decision=decision,
            amount=5 if decision == "deadline" else 0,
            until=until if decision == "hold" else None,
        )

"""sla in memory: routing and feedback speak, time passes, and what sla said is read in short."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from contracts.envelope import Actor, Body
from contracts.messages import sla
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.ports import (
    NO_LADDERS,
    NO_SCHEMES,
    NOTHING_APPLIED,
    OUR_CHECKS,
    AppliedStandards,
    Checks,
    Ladders,
    Limits,
    Schemes,
)
from services.sla.wiring import build
from tests.harness import MONDAY, TICKET, Stage, fact, request

SAID: list[type[Body]] = [
    sla.DeadlineSet,
    sla.ClockStopped,
    sla.LightChanged,
    sla.LightWithdrawn,
    sla.SupervisionOrdered,
    sla.OrderWithdrawn,
    sla.MoreTimeAsked,
    sla.MoreTimeDecided,
    sla.PauseEnded,
    sla.OrderAnswered,
    sla.OrderDecided,
]


class Scene(Stage):
    """A stage on which routing and feedback speak."""

    def __init__(
        self,
        calendars: PackagedCalendars | None = None,
        start: datetime = MONDAY,
        ladders: Ladders = NO_LADDERS,
        limits: Limits | None = None,
        schemes: Schemes = NO_SCHEMES,
        checks: Checks = OUR_CHECKS,
        applied: AppliedStandards = NOTHING_APPLIED,
    ) -> None:
        given = calendars, None, None, ladders, limits, schemes, checks
        super().__init__(build(*given, applied=applied), start)
        self.seq = 0

    async def hear(self, body: Body, at: datetime | None = None) -> None:
        """Said at ``at`` (now), and read at once."""
        self.tell(body, at)
        await self.run()

    def tell(self, body: Body, at: datetime | None = None) -> None:
        self.seq += 1
        self.say(fact(body, at or self.clock.now(), seq=self.seq, producer="routing"))

    async def later(self, span: timedelta) -> None:
        self.pass_time(span)
        await self.run()

    async def asked(self, body: Body, actor: Actor) -> str:
        """What became of a request: accepted, or the code of the refusal."""
        message = request(body, self.clock.now(), actor, to=("sla",))
        self.say(message)
        await self.run()
        outcome = self.store.records[TICKET].outcome_of(message.id)
        assert outcome is not None
        assert outcome.accepted or (outcome.detail["zh"] and outcome.detail["en"])
        return outcome.code

    def said(self) -> list[str]:
        """What sla said, in short."""
        return [_short(message.body) for message in self.facts(SAID)]

    def on_work(self) -> list[str]:
        """The same without the clocks of answers to orders."""
        answers = {m.body.clock for m in self.facts([sla.DeadlineSet]) if m.body.kind == "answer_by"}
        facts = [message.body for message in self.facts(SAID)]
        return [_short(body) for body in facts if getattr(body, "clock", "") not in answers]


def _short(body: Body) -> str:
    return SHORT[type(body)](body)


SHORT: dict[type[Body], Callable[[Any], str]] = {
    sla.DeadlineSet: lambda body: f"{body.kind} {body.clock}",
    sla.ClockStopped: lambda body: f"stopped {body.clock} {'met' if body.met else 'missed'}",
    sla.LightChanged: lambda body: f"{body.clock} {body.old}>{body.new}",
    sla.LightWithdrawn: lambda body: f"back {body.clock} {body.old}>{body.new}",
    sla.SupervisionOrdered: lambda body: f"order {body.clock} {body.level}",
    sla.OrderWithdrawn: lambda _: "order back",
    sla.MoreTimeAsked: lambda body: f"asked {body.more_time} of {body.approver}",
    sla.MoreTimeDecided: lambda body: f"{'granted' if body.approved else 'refused'} {body.more_time}",
    sla.OrderAnswered: lambda body: f"answered {body.index}",
    sla.OrderDecided: lambda body: "lifted" if body.lifted else "sent back",
    sla.PauseEnded: lambda body: f"ended {body.more_time}",
}

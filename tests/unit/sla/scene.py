"""sla in memory: routing and feedback speak, time passes, and what sla said is read in short."""

from datetime import datetime, timedelta

from contracts.envelope import Body
from contracts.messages import sla
from services.sla.adapters.packaged import PackagedCalendars
from services.sla.wiring import build
from tests.harness import MONDAY, Stage, fact

SAID: list[type[Body]] = [
    sla.DeadlineSet,
    sla.ClockStopped,
    sla.LightChanged,
    sla.LightWithdrawn,
    sla.SupervisionOrdered,
    sla.OrderWithdrawn,
]


class Scene(Stage):
    """A stage on which routing and feedback speak."""

    def __init__(self, calendars: PackagedCalendars | None = None, start: datetime = MONDAY) -> None:
        super().__init__(build(calendars), start)
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

    def said(self) -> list[str]:
        """What sla said, in short."""
        return [_short(message.body) for message in self.facts(SAID)]


def _short(body: Body) -> str:
    match body:
        case sla.DeadlineSet():
            return f"{body.kind} {body.clock}"
        case sla.ClockStopped():
            return f"stopped {body.clock} {'met' if body.met else 'missed'}"
        case sla.LightChanged() | sla.LightWithdrawn():
            back = "back " if isinstance(body, sla.LightWithdrawn) else ""
            return f"{back}{body.clock} {body.old}>{body.new}"
        case sla.SupervisionOrdered():
            return f"order {body.clock} {body.level}"
        case _:
            return "order back"

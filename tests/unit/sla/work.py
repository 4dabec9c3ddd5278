"""A unit at work on a matter, whose plan may hold it back: how its clocks stand."""

from services.sla.domain import resting
from services.sla.domain.sheet import SheetClock
from tests.facts.feedback import plan_lapsed, plan_reviewed
from tests.facts.routing import accepted, assigned
from tests.facts.values import DAY
from tests.unit.sla.scene import Scene
from tests.unit.sla.values import FIVE_DAYS

WORK, NEXT, AGAIN = "c2", "c3", "c4"
POLICY = "held_by_policy"


async def at_work(*, minutes: bool = False) -> Scene:
    """Accepted on Monday at nine for five working days: due on the next Monday at five in the afternoon."""
    made = Scene()
    limit = {"limit": 600, "limit_unit": "minutes"} if minutes else {}
    await made.hear(assigned())
    await made.hear(accepted(standard=FIVE_DAYS.model_copy(update=limit)))
    return made


async def held_back(scene: Scene, days: float) -> None:
    until = scene.clock.now() + days * DAY
    await scene.hear(plan_reviewed(approved=True, grounds=(), mode=POLICY, until=until))


async def held_and_lapsed(scene: Scene, days: float) -> None:
    await held_back(scene, days)
    await scene.later(days * DAY)
    await scene.hear(plan_lapsed())


def clock_of(scene: Scene, clock: str) -> SheetClock:
    found: SheetClock = next(each for each in scene.document().clocks if each.id == clock)
    return found


def running(scene: Scene) -> list[tuple[str, str]]:
    return [(each.kind, each.unit) for each in scene.document().running()]


def states(scene: Scene) -> list[str]:
    sheet = scene.document()
    return [resting.state_at(sheet, each, scene.clock.now()) for each in sheet.clocks if each.kind == "complete_by"]


def holders(scene: Scene) -> list[str]:
    return [each.holder for each in scene.document().holdings]

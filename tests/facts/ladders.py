"""What sla publishes of who hears of which colour."""

from contracts.messages import ladders
from contracts.values import LadderStep
from tests.facts.values import COUNTY, DAY, LEAD, UNIT, made
from tests.harness import MONDAY


def ladder_published(**changed: object) -> ladders.LadderPublished:
    """The county's: the lead unit hears of yellow, too."""
    steps = (LadderStep(when="yellow", tell=("unit", "lead"), kinds=("complete_by",), urgent=False),)
    return made(ladders.LadderPublished, changed, division=COUNTY, version=1, valid_from=MONDAY, steps=steps)


def step_reached(**changed: object) -> ladders.StepReached:
    """A clock of the work stands two working days before it is due."""
    given = {"clock": "c2", "unit": UNIT, "lead_unit": LEAD, "step": "before_due-2d", "at": MONDAY + 3 * DAY}
    return made(ladders.StepReached, changed, **given, tell=("unit", "lead"), due=MONDAY + 5 * DAY)

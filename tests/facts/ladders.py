"""What sla publishes of who hears of which colour."""

from contracts.messages import ladders
from contracts.values import LadderStep
from tests.facts.values import COUNTY, made
from tests.harness import MONDAY


def ladder_published(**changed: object) -> ladders.LadderPublished:
    """The county's: the lead unit hears of yellow, too."""
    steps = (LadderStep(when="yellow", tell=("unit", "lead"), kinds=("complete_by",), urgent=False),)
    return made(ladders.LadderPublished, changed, division=COUNTY, version=1, valid_from=MONDAY, steps=steps)

"""What sla publishes of how long each step may take."""

from contracts.messages import limits
from contracts.values import StepLimit
from tests.facts.values import COUNTY, made
from tests.harness import MONDAY


def limits_published(**changed: object) -> limits.LimitsPublished:
    """The county's: a unit has a working day to speak to the reporters."""
    steps = (StepLimit(step="contact", amount=1, limit_unit="working_days"),)
    return made(limits.LimitsPublished, changed, division=COUNTY, version=1, valid_from=MONDAY, limits=steps)

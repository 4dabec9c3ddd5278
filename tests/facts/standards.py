"""What sla publishes of standards: versions, tables that wait, and what was ordered for clocks that run."""

from contracts.messages import standards
from tests.facts.values import CATEGORY, COUNTY, DAY, STANDARD, made
from tests.harness import MONDAY


def standard_published(**changed: object) -> standards.StandardPublished:
    return made(standards.StandardPublished, changed, standard=STANDARD, duties=(CATEGORY,))


def standards_proposed(**changed: object) -> standards.StandardsProposed:
    """Two versions, three days long."""
    given = {"digest": "a" * 64, "proposer": "li.wei", "at": MONDAY, "until": MONDAY + 3 * DAY, "count": 2}
    return made(standards.StandardsProposed, changed, **given)


def standard_applied(**changed: object) -> standards.StandardApplied:
    """The second version of the usual one, for the county."""
    second = STANDARD.model_copy(update={"version": 2, "limit": 5})
    return made(standards.StandardApplied, changed, division=COUNTY, standard=second, at=MONDAY, by="li.wei")

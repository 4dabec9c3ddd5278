"""What sla publishes of what an order by hand may demand."""

from contracts.messages import checks
from contracts.values import NamedCheck
from tests.facts.values import COUNTY, made
from tests.harness import MONDAY


def checks_published(**changed: object) -> checks.ChecksPublished:
    """The county's: the site, and the cause."""
    found = (
        NamedCheck(code="site", zh="查现场情况：是否已到现场", en="Check the site: whether anybody went there"),
        NamedCheck(code="cause", zh="查超期原因", en="Check why it is late"),
    )
    return made(checks.ChecksPublished, changed, division=COUNTY, version=1, valid_from=MONDAY, checks=found)

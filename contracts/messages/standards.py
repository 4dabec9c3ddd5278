"""办理标准: what is published of them, which table waits for a second account, which version what runs goes by."""

from datetime import datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import HandlingStandard


class StandardPublished(Body):
    """A handling standard of the catalogue. ``duties``: category codes it is for, ``*`` for any."""

    standard: HandlingStandard
    duties: tuple[str, ...] = ()


class StandardsProposed(Body):
    """标准提议: a table of standards waits until ``until`` (wall time) for a second account that sends the same one.

    Of the table there is only the ``digest`` of what it says. ``proposer``: the account that proposed it, which may not
    publish it; ``count``: how many versions were to be published. ``confirmer``: the account that published them.
    """

    digest: str
    proposer: str
    at: datetime
    until: datetime
    count: int
    confirmer: str = Field(default="", exclude_if=not_)


class StandardApplied(Body):
    """标准适用: the clocks that ran in a division at ``at`` under an older version of this standard are set anew by it.

    ``by``: the account that ordered it. What is ordered once stands: ``at`` never changes.
    """

    division: str
    standard: HandlingStandard
    at: datetime
    by: str


ENTRIES = (
    fact(StandardPublished, "sla", "routing sla", "configuration"),
    fact(StandardsProposed, "sla", "sla", "configuration"),
    fact(StandardApplied, "sla", "sla", "configuration"),
)
"""Who says each message and who reads it."""

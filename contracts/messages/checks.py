"""督办检查清单: what sla publishes of the things that an order by hand may demand."""

from datetime import datetime

from contracts.entries import fact
from contracts.envelope import Body
from contracts.values import NamedCheck


class ChecksPublished(Body):
    """督办检查清单（五查）: what an order by hand may demand in a division and those in it that published none (C7).

    An order keeps the texts of the list in force when it is given.
    """

    division: str
    version: int
    valid_from: datetime
    checks: tuple[NamedCheck, ...] = ()


ENTRIES = (fact(ChecksPublished, "sla", "sla", "configuration"),)
"""Who says each message and who reads it."""

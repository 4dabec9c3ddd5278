"""What sla says of joint conferences (联席会议), and what is asked of it."""

from datetime import date, datetime
from operator import not_

from pydantic import Field

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Sealed


class MatterReferred(Body):
    """提交联席会议: the matter waits for a joint conference. ``unit``: has it; ``by``: the role that referred it,
    "" where the ladder did, because nobody answered an order.
    """

    unit: str
    ground: str
    by: str
    words: Sealed = ""


class ConferenceDecided(Body):
    """联席会议决定: binding. ``decision``: a code of vocabulary.CONFERENCE_DECISIONS; ``roster``: the offices that sat.

    Where it moved a deadline: which clock, by how much of the limit's own unit, and when it is due now. ``until``: when
    a matter that it holds back is looked at again.
    """

    conference: str
    held_on: date
    roster: tuple[str, ...]
    decision: str
    unit: str
    clock: str = ""
    amount: int = 0
    due: datetime | None = None
    minutes: Sealed = ""
    until: datetime | None = Field(default=None, exclude_if=not_)


class ReferMatter(Body):
    """A lead unit, or the supervision office, puts a matter to a joint conference, on a ground."""

    ground: str
    words: Sealed = ""


class RecordConference(Body):
    """The supervision office records what a conference decided of a matter that was referred: one request a matter."""

    conference: str
    held_on: date
    roster: tuple[str, ...]
    decision: str
    amount: int = 0
    minutes: Sealed = ""
    until: datetime | None = Field(default=None, exclude_if=not_)


ENTRIES = (
    fact(MatterReferred, "sla", "portal"),
    fact(ConferenceDecided, "sla", "feedback portal"),
    request(ReferMatter, "sla", "sla"),
    request(RecordConference, "sla", "sla"),
)
"""Who says each message and who reads it."""

"""What came of it in the end (E12): who was held to account (追责问责), and which rule was made (建章立制)."""

from datetime import datetime

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import Sealed


class AccountabilityRecorded(Body):
    """追责问责: the outcome. ``order``: the supervision order that it answers, "" of none.

    ``people``: how many persons it names; who they are, and the words, supervision and auditors read alone.
    """

    outcome: str
    order: str = ""
    people: int = 0
    persons: Sealed = ""
    words: Sealed = ""


class RuleRecorded(Body):
    """建章立制: a rule that was made so that it does not happen again. ``title``: public, in clear."""

    title: str
    scope: str
    valid_from: datetime


class RecordAccountability(Body):
    """The supervision office records what came of it for whoever was responsible."""

    outcome: str
    order: str = ""
    people: int = 0
    persons: Sealed = ""
    words: Sealed = ""


class RecordRule(Body):
    """A rule was made because of a matter."""

    title: str
    scope: str
    valid_from: datetime


ENTRIES = (
    fact(AccountabilityRecorded, "feedback", "portal"),
    fact(RuleRecorded, "feedback", "portal"),
    request(RecordAccountability, "feedback", "feedback"),
    request(RecordRule, "feedback", "feedback"),
)
"""Who says each message and who reads it."""

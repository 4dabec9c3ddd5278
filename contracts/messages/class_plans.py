"""类方案 (E2): what a unit does with every matter of a class; an affair under the key ``plan/<unit>/<category>``.

Nobody's words are in it: a measure names a post and no person, so that it travels in clear.
"""

from datetime import datetime

from contracts.entries import fact, request
from contracts.envelope import Body
from contracts.values import ClassMeasure


class ClassPlanProposed(Body):
    """A version of a class plan waits for ``reviewer``, a unit. No measures: matters shall inherit none any more."""

    unit: str
    division: str
    category: str
    version: int
    measures: tuple[ClassMeasure, ...]
    reviewer: str


class ClassPlanApproved(Body):
    """A version of a class plan was approved by another person than proposed it; matters accepted later inherit it."""

    unit: str
    category: str
    version: int
    measures: tuple[ClassMeasure, ...]


class ClassPlanRejected(Body):
    """A version of a class plan is to be drafted anew on grounds of the list; what was in force stays so."""

    unit: str
    category: str
    version: int
    grounds: tuple[str, ...]
    redrafts: int


class ClassPlanPublished(Body):
    """What the matters of a unit inherit whose category begins so, accepted from then on; no measures: nothing."""

    unit: str
    category: str
    version: int
    measures: tuple[ClassMeasure, ...] = ()
    valid_from: datetime


class ProposeClassPlan(Body):
    """A unit proposes what it does with every matter of a class."""

    unit: str
    category: str
    measures: tuple[ClassMeasure, ...] = ()


class ReviewClassPlan(Body):
    """The lead unit or the supervision office approves a version, or says on which grounds it is drafted anew."""

    version: int
    approved: bool
    grounds: tuple[str, ...] = ()


ENTRIES = (
    fact(ClassPlanProposed, "feedback", "intake", "affairs"),
    fact(ClassPlanApproved, "feedback", "intake", "affairs"),
    fact(ClassPlanRejected, "feedback", "intake", "affairs"),
    fact(ClassPlanPublished, "feedback", "feedback", "configuration"),
    request(ProposeClassPlan, "feedback", "feedback", "affairs"),
    request(ReviewClassPlan, "feedback", "feedback", "affairs"),
)
"""Who says each message and who reads it: of the facts in the log of affairs, the ledger, and feedback's relay."""

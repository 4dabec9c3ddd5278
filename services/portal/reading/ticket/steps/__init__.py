"""The steps that a matter's story is made of, one class each; what a step says in words is in sentences.py.

``kind`` and the order of the fields are what documents hold (notes.py): neither is ever changed in place.
"""

from dataclasses import dataclass

from services.portal.reading.ticket.steps.accountability import HeldToAccountStep, RuleMadeStep
from services.portal.reading.ticket.steps.conference import ConferenceDecidedStep, ConferenceHeldStep, ReferredStep
from services.portal.reading.ticket.steps.deadlines import (
    ClockStartedStep,
    LadderReachedStep,
    LightTurnedStep,
    LightWithdrawnStep,
    OrderedStep,
    OrderWithdrawnStep,
)
from services.portal.reading.ticket.steps.evaluation import (
    CheckedStep,
    CheckOpenedStep,
    EvaluatedStep,
    LookBackDueStep,
    LookBackStep,
    NobodyAnsweredStep,
    RemindedStep,
    ReworkStep,
    StruckOffStep,
    UnreachedStep,
    VoteChangedStep,
)
from services.portal.reading.ticket.steps.handling import (
    AskedStep,
    CompletedStep,
    ContactedStep,
    NotReachedStep,
    ProgressAskedStep,
    ProgressStep,
    ReviewPassedStep,
    ReviewRejectedStep,
    StuckStep,
    SubmittedStep,
)
from services.portal.reading.ticket.steps.more_time import (
    MoreTimeAskedStep,
    MoreTimeGrantedStep,
    MoreTimeRefusedStep,
    PauseEndedStep,
)
from services.portal.reading.ticket.steps.orders import OrderAnsweredStep, OrderLiftedStep, OrderSentBackStep
from services.portal.reading.ticket.steps.plans import (
    MeasureDoneStep,
    MeasureGoesOnStep,
    PlanApprovedStep,
    PlanLapsedStep,
    PlannedStep,
    PlanRejectedStep,
)
from services.portal.reading.ticket.steps.registration import (
    AcceptedStep,
    AssignedStep,
    ConflictedStep,
    DisputedStep,
    ErasedStep,
    QueuedStep,
    RegisteredStep,
    ReturnedStep,
    ScreenedOutStep,
    SupplementedStep,
    ToldStep,
    UrgencyJudgedStep,
    WithdrawnStep,
)
from services.portal.reading.ticket.steps.verification import ExplainedStep, FoundByUnitStep, VerifiedStep

FoldedStep = (
    RegisteredStep
    | ScreenedOutStep
    | SupplementedStep
    | ConflictedStep
    | QueuedStep
    | AssignedStep
    | UrgencyJudgedStep
    | ReturnedStep
    | DisputedStep
    | AcceptedStep
    | ClockStartedStep
    | LightTurnedStep
    | LightWithdrawnStep
    | LadderReachedStep
    | OrderedStep
    | OrderWithdrawnStep
    | OrderAnsweredStep
    | OrderLiftedStep
    | OrderSentBackStep
    | MoreTimeAskedStep
    | MoreTimeGrantedStep
    | MoreTimeRefusedStep
    | PauseEndedStep
    | ReferredStep
    | ConferenceDecidedStep
    | ConferenceHeldStep
    | PlannedStep
    | PlanApprovedStep
    | PlanRejectedStep
    | PlanLapsedStep
    | MeasureDoneStep
    | MeasureGoesOnStep
    | ContactedStep
    | NotReachedStep
    | AskedStep
    | ProgressAskedStep
    | StuckStep
    | VerifiedStep
    | FoundByUnitStep
    | ExplainedStep
    | ProgressStep
    | SubmittedStep
    | ReviewPassedStep
    | ReviewRejectedStep
    | CompletedStep
    | RemindedStep
    | LookBackDueStep
    | EvaluatedStep
    | VoteChangedStep
    | NobodyAnsweredStep
    | UnreachedStep
    | LookBackStep
    | ReworkStep
    | StruckOffStep
    | CheckOpenedStep
    | CheckedStep
    | HeldToAccountStep
    | RuleMadeStep
    | WithdrawnStep
    | ErasedStep
    | ToldStep
)
"""Every step that the fold can write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStep:
    """A step in a document that this build cannot read: a later one wrote it."""

    kind: str


__all__ = (
    "AcceptedStep",
    "AskedStep",
    "AssignedStep",
    "CheckOpenedStep",
    "CheckedStep",
    "ClockStartedStep",
    "CompletedStep",
    "ConferenceDecidedStep",
    "ConferenceHeldStep",
    "ConflictedStep",
    "ContactedStep",
    "DisputedStep",
    "ErasedStep",
    "EvaluatedStep",
    "ExplainedStep",
    "FoldedStep",
    "FoundByUnitStep",
    "HeldToAccountStep",
    "LadderReachedStep",
    "LightTurnedStep",
    "LightWithdrawnStep",
    "LookBackDueStep",
    "LookBackStep",
    "MeasureDoneStep",
    "MeasureGoesOnStep",
    "MoreTimeAskedStep",
    "MoreTimeGrantedStep",
    "MoreTimeRefusedStep",
    "NobodyAnsweredStep",
    "NotReachedStep",
    "OrderAnsweredStep",
    "OrderLiftedStep",
    "OrderSentBackStep",
    "OrderWithdrawnStep",
    "OrderedStep",
    "PauseEndedStep",
    "PlanApprovedStep",
    "PlanLapsedStep",
    "PlanRejectedStep",
    "PlannedStep",
    "ProgressAskedStep",
    "ProgressStep",
    "QueuedStep",
    "ReferredStep",
    "RegisteredStep",
    "RemindedStep",
    "ReturnedStep",
    "ReviewPassedStep",
    "ReviewRejectedStep",
    "ReworkStep",
    "RuleMadeStep",
    "ScreenedOutStep",
    "StruckOffStep",
    "StuckStep",
    "SubmittedStep",
    "SupplementedStep",
    "ToldStep",
    "UnknownStep",
    "UnreachedStep",
    "UrgencyJudgedStep",
    "VerifiedStep",
    "VoteChangedStep",
    "WithdrawnStep",
)

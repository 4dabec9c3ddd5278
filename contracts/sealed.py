"""What stands behind a seal: the fields that texts are sealed for, and the shapes of sealed JSON, with golden examples.

Whoever seals and whoever opens use these; a shape that differs is refused, it is never read as nothing.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from contracts.envelope import Body
from contracts.messages import accountability, conferences, draws, feedback, intake, reviews, routing, sla, verification


class SealField(StrEnum):
    """The field that a text is sealed for: it is bound into the ciphertext, so that no text can stand for another."""

    SUBMISSION = "submission"
    WORDS = "words"
    IDENTITY = "identity"
    HIDE = "hide"
    SUPPLEMENT = "supplement"
    REASON = "reason"
    EXPLANATION = "explanation"
    PROGRESS = "progress"
    QUESTION = "question"
    REVIEW = "review"
    MEASURE = "measure"
    PERSON = "person"
    RULE_QUOTED = "rule_quoted"
    EVALUATION = "evaluation"
    NOTE = "note"
    MORE_TIME = "more_time"
    ORDER = "order"
    CONFERENCE = "conference"
    FINDING = "finding"
    ACCOUNTABILITY = "accountability"


WRITTEN: Mapping[type[Body], Mapping[str, SealField]] = {
    intake.TicketRegistered: {"words": SealField.WORDS, "hide": SealField.HIDE},
    intake.TicketScreenedOut: {"words": SealField.WORDS, "hide": SealField.HIDE},
    intake.SubmissionConflicted: {"words": SealField.WORDS, "hide": SealField.HIDE},
    intake.TicketSupplemented: {"words": SealField.SUPPLEMENT},
    routing.TicketAssigned: {"explanation": SealField.REASON},
    routing.UrgencyJudged: {"reason": SealField.REASON},
    routing.TicketReturned: {"explanation": SealField.EXPLANATION},
    sla.OrderAnswered: {"words": SealField.ORDER},
    sla.OrderDecided: {"words": SealField.ORDER},
    sla.MoreTimeAsked: {"words": SealField.MORE_TIME},
    sla.MoreTimeDecided: {"words": SealField.MORE_TIME},
    conferences.MatterReferred: {"words": SealField.CONFERENCE},
    conferences.ConferenceDecided: {"minutes": SealField.CONFERENCE},
    feedback.PlanMade: {"rule_quoted": SealField.RULE_QUOTED},
    feedback.PlanReviewed: {"words": SealField.REVIEW},
    feedback.MeasureReported: {"words": SealField.PROGRESS},
    feedback.ReporterAsked: {"words": SealField.QUESTION},
    feedback.ProgressAsked: {"words": SealField.QUESTION},
    feedback.ProgressReported: {"text": SealField.PROGRESS},
    reviews.CompletionSubmitted: {"explanation": SealField.EXPLANATION, "talked_to": SealField.PERSON},
    reviews.ReviewRejected: {"words": SealField.REVIEW},
    feedback.TicketCompleted: {"explanation": SealField.EXPLANATION, "talked_to": SealField.PERSON},
    verification.MatterVerified: {"words": SealField.FINDING},
    accountability.AccountabilityRecorded: {"words": SealField.ACCOUNTABILITY, "persons": SealField.PERSON},
    feedback.TicketEvaluated: {"words": SealField.EVALUATION},
    feedback.LookBackRecorded: {"note": SealField.NOTE},
    draws.CheckRecorded: {"note": SealField.NOTE},
}
"""Fact → its sealed attributes, the words first, and the field that each was sealed for; measures: see ``MEASURED``."""

MEASURED: Mapping[str, SealField] = {"text": SealField.MEASURE, "person": SealField.PERSON}
"""The sealed attributes of each measure of a plan."""


class ShapeRefused(ValueError):
    """What was opened has not the shape that it was sealed with: another build sealed it, or it is damaged."""


class SubmittedWords(Body):
    """What was said in a submission, sealed for ``words``; coordinates are degrees (WGS 84)."""

    title: str = ""
    content: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    category: str = ""


REACHED_BY: Mapping[str, str] = {"sms": "phone", "email": "email"}
"""A channel that a provider serves → the field of a contact that it writes to, in the order in which they are tried."""


class GivenContact(Body):
    """How somebody wants to be reached, as far as they said."""

    phone: str | None = None
    email: str | None = None
    channel: str | None = None
    language: str | None = None

    @property
    def addresses(self) -> dict[str, str]:
        """What was given, by its field."""
        found = ((field, getattr(self, field)) for field in REACHED_BY.values())
        return {field: address for field, address in found if address}


class SealedContact(GivenContact):
    """How to reach one voter, sealed under the contact key; ``code``: the query code that is theirs.

    ``named_from``: keyed digest of the network from which somebody who is not signed in named this person, of a seat
    that is to be confirmed.
    """

    code: str
    named_from: str | None = None


CONTACTS = TypeAdapter(list[SealedContact])


def words_json(sent: Mapping[str, Any]) -> str:
    """The words of a submission as they are sealed: as they were sent, in the order of ``SubmittedWords``."""
    names = SubmittedWords.model_fields
    return orjson.dumps({name: sent[name] for name in names if sent.get(name) is not None}).decode()


def words_of(opened: str) -> SubmittedWords:
    """The words that were sealed. Raises ShapeRefused."""
    try:
        return SubmittedWords.model_validate_json(opened)
    except ValidationError as wrong:
        raise ShapeRefused(_places(wrong)) from wrong


def contacts_json(contacts: Sequence[SealedContact]) -> bytes:
    """The contacts of a submission's voters as they are sealed, in the order of the voters."""
    return orjson.dumps([_sealed_fields(each) for each in contacts])


def _sealed_fields(contact: SealedContact) -> Mapping[str, Any]:
    """What was not given is null; only who is to confirm was named from somewhere."""
    return contact.model_dump(exclude=None if contact.named_from else {"named_from"})


def contacts_of(opened: bytes) -> Sequence[SealedContact]:
    """The contacts that were sealed. Raises ShapeRefused."""
    try:
        return CONTACTS.validate_json(opened)
    except ValidationError as wrong:
        raise ShapeRefused(_places(wrong)) from wrong


def _places(wrong: ValidationError) -> str:
    """Where the shape is wrong, never what stands there."""
    return ", ".join("/".join(map(str, each["loc"])) or "/" for each in wrong.errors(include_input=False))

"""A submission as a registration: valid and said, screened out, or another body under one key."""

from contracts.messages.intake import (
    SubmissionConflicted,
    SubmissionReceived,
    TicketRegistered,
    TicketScreenedOut,
)
from contracts.values import Voter
from runtime.change import Change
from services.intake.domain.scope import SCOPE_VERSION
from services.intake.domain.screening import Screening
from services.intake.domain.submission import OTHERS_FROM, PUBLIC, Registration, SubmissionVoter
from services.intake.ports import OpenedSubmission


def registration_of(body: SubmissionReceived, opened: OpenedSubmission) -> Registration:
    return Registration(
        number=body.number,
        channel=body.channel,
        door=body.door,
        state="registered",
        body_digest=body.body_digest,
        words=opened.words,
        identity=opened.identity,
        voters=tuple(
            SubmissionVoter(index, digest, confirmed=index == 0 or not opened.to_confirm)
            for index, digest in enumerate(opened.code_digests)
        ),
        division_given=opened.division,
        on_behalf=opened.on_behalf,
        signals=opened.signals,
        hide=opened.hide,
        filed_by="" if body.channel == PUBLIC else body.principal,
    )


def erased_before(body: SubmissionReceived) -> Registration:
    """The reporter had everything destroyed before the loop came to the submission: number and digest remain."""
    return Registration(
        number=body.number,
        channel=body.channel,
        door=body.door,
        state="withdrawn",
        body_digest=body.body_digest,
        words="",
    )


def conflict(document: Registration, body: SubmissionReceived, opened: OpenedSubmission) -> Change[Registration]:
    voter = Voter(index=OTHERS_FROM + document.conflicts, code_digest=opened.code_digests[0])
    fact = SubmissionConflicted(
        first_digest=document.body_digest,
        second_digest=body.body_digest,
        words=opened.words,
        voter=voter,
        contact=opened.contact,
        hide=opened.hide,
    )
    return Change(document.with_body(body.body_digest, opened.hide), (fact,))


def screened(registration: Registration, screening: Screening) -> Change[Registration]:
    voters = tuple(
        Voter(index=seat.index, code_digest=seat.code_digest, confirmed=seat.confirmed) for seat in registration.voters
    )
    if not screening.is_valid:
        out = registration.screened_out(screening.rule)
        return Change(out, (_screened_out(out, screening, voters),))
    return Change(registration.handed_on(), (_registered(registration, screening, voters),))


def _registered(registration: Registration, screening: Screening, voters: tuple[Voter, ...]) -> TicketRegistered:
    return TicketRegistered(
        number=registration.number,
        channel=registration.channel,
        door=registration.door,
        division_given=registration.division_given,
        on_behalf=registration.on_behalf,
        words=registration.words,
        voters=voters,
        urgent=bool(screening.urgency),
        urgency=screening.urgency,
        urgency_level=screening.urgency_level,
        urgency_words=screening.urgency_words,
        traceable=screening.traceable,
        scope_version=SCOPE_VERSION,
        supplements=registration.added,
        hide=registration.hide,
    )


def _screened_out(registration: Registration, screening: Screening, voters: tuple[Voter, ...]) -> TicketScreenedOut:
    return TicketScreenedOut(
        number=registration.number,
        channel=registration.channel,
        door=registration.door,
        rule=screening.rule,
        reason_zh=screening.reason_zh,
        reason_en=screening.reason_en,
        redirected_to=screening.redirected_to,
        words=registration.words,
        voters=voters,
        traceable=screening.traceable,
        round=registration.round,
        hide=registration.hide,
    )

"""Intake's handlers: a submission becomes a ticket or is screened out; the reporter adds, withdraws, erases."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.feedback import ReworkOrdered, TicketStruckOff
from contracts.messages.intake import (
    EraseIdentity,
    SubmissionConflicted,
    SubmissionReceived,
    SupplementTicket,
    TicketErased,
    TicketRegistered,
    TicketScreenedOut,
    TicketSupplemented,
    TicketWithdrawn,
    WithdrawTicket,
)
from contracts.values import Voter
from runtime.change import Change, Ignore, Keep, Reject, Result
from services.intake.domain.scope import SCOPE_VERSION
from services.intake.domain.screening import Screening, screen
from services.intake.domain.submission import OTHERS_FROM, PUBLIC, Registration, SubmissionVoter
from services.intake.ports import Added, ErasedSubmission, OpenedSubmission

SUPPLEMENTS_AT_MOST = 50
ENDED = ("withdrawn", "closed")
COLLECTIVE = {
    "zh": "此事还有其他反映人，不能由一人撤回；办结后请照实评价。",
    "en": "Others reported it too: nobody withdraws it alone. Evaluate it once it is done.",
}
NEXT_ZH = "问题没有解决，或有新的情况，请重新登记并注明此登记号，也可以拨打12345。"
NEXT_EN = "Is it not solved, or is there more? Register it anew and name this number, or call 12345."
NOT_THE_FILER = {"zh": "只有首位反映人可以这样做。", "en": "Only whoever filed the matter may do this."}


class IntakeHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def on_submission_received(
        self, document: Registration | None, message: Message[SubmissionReceived], now: datetime
    ) -> Result[Registration]:
        """登记. The same body again changes nothing; another body under the same key becomes a supplement."""
        if document is not None and document.knows(message.body.body_digest, message.body.former_digest):
            return Ignore("sent_again")
        if isinstance(message.given, ErasedSubmission):
            return Ignore("erased") if document is not None else Change(_erased_before(message.body), takes_over=True)
        if not isinstance(message.given, OpenedSubmission):
            return Reject("not_opened")
        if document is not None:
            return _conflict(document, message.body, message.given)
        registration = _registration(message.body, message.given)
        return replace(_screened(registration, screen(registration.signals)), takes_over=True)

    def on_supplement_ticket(
        self, document: Registration | None, message: Message[SupplementTicket], now: datetime
    ) -> Result[Registration]:
        """补充. What the reporter adds to an invalid matter may make it valid."""
        if document is None:
            return Keep()
        if refusal := _no_supplement(document):
            return refusal
        if not isinstance(message.given, Added):
            return Reject("not_opened", {"zh": "补充内容无法解读，请重新提交。", "en": "Unreadable: send it again."})
        index = document.supplements + 1
        fact = TicketSupplemented(voter=message.body.voter, index=index, words=message.given.words)
        grown = replace(document, supplements=index)
        if document.state != "invalid":
            return Change(grown, (fact,), {"supplement": str(index)})
        grown = grown.with_added(message.given.words, message.given.signals)
        again = _screened(grown, screen(grown.signals))
        return Change(again.document, (fact, *again.facts), {"supplement": str(index), "state": again.document.state})

    def on_withdraw_ticket(
        self, document: Registration | None, message: Message[WithdrawTicket], now: datetime
    ) -> Result[Registration]:
        """撤回. Intake decides only while it holds the baton: a matter that is or was invalid to its end."""
        if document is None:
            return Keep()
        if document.state not in ("invalid", "withdrawn"):
            return Ignore("handed_on")
        if message.body.voter != 0:
            return Reject("not_the_filer", NOT_THE_FILER)
        if document.state == "withdrawn":
            return Reject("withdrawn_already", {"zh": "此事已撤回。", "en": "The matter is withdrawn already."})
        if len(document.voters) > 1:
            return Reject("collective", COLLECTIVE)
        return Change(document.became("withdrawn"), (TicketWithdrawn(voter=message.body.voter, state="invalid"),))

    def on_erase_identity(
        self, document: Registration | None, message: Message[EraseIdentity], now: datetime
    ) -> Result[Registration]:
        """The keys are gone already (``prepare`` destroyed them); now everybody scrubs."""
        if document is None:
            return Keep()
        if message.body.voter != 0:
            return Reject("not_the_filer", NOT_THE_FILER)
        if document.erased:
            return Reject("erased_already", {"zh": "身份信息已销毁。", "en": "The identity is destroyed already."})
        return Change(document.without_people(), (TicketErased(),))

    def on_ticket_struck_off(
        self, document: Registration | None, message: Message[TicketStruckOff], now: datetime
    ) -> Result[Registration]:
        """销号: nothing more can be added."""
        return Ignore("unknown") if document is None else Change(document.became("closed"))

    def on_rework_ordered(
        self, document: Registration | None, message: Message[ReworkOrdered], now: datetime
    ) -> Result[Registration]:
        """重办 of what was struck off: the reporter may add to it again."""
        if document is None or document.state != "closed":
            return Ignore("unknown" if document is None else "open")
        return Change(document.became("registered"))

    def on_ticket_withdrawn(
        self, document: Registration | None, message: Message[TicketWithdrawn], now: datetime
    ) -> Result[Registration]:
        """Another holder let the reporter withdraw. What intake itself said comes back here too."""
        if document is None or document.state == "withdrawn":
            return Ignore("unknown" if document is None else "own")
        return Change(document.became("closed"))


def _no_supplement(document: Registration) -> Reject | None:
    """Why nothing can be added, if so."""
    if document.erased:
        return _closed("erased", "身份信息已销毁，不能再补充。", "The identity is destroyed: nothing can be added.")
    if document.state in ENDED:
        return _closed("ended", "此事已结束，不能再补充。", "The matter has ended and takes no more.")
    if document.supplements >= SUPPLEMENTS_AT_MOST:
        zh, en = f"补充已达{SUPPLEMENTS_AT_MOST}次。", f"There are {SUPPLEMENTS_AT_MOST} supplements already."
        return _closed("too_many_supplements", zh, en)
    return None


def _closed(code: str, zh: str, en: str) -> Reject:
    """Nothing can be added, and where to turn."""
    return Reject(code, {"zh": f"{zh}{NEXT_ZH}", "en": f"{en} {NEXT_EN}"})


def _registration(body: SubmissionReceived, opened: OpenedSubmission) -> Registration:
    return Registration(
        number=body.number,
        channel=body.channel,
        door=body.door,
        state="registered",
        body_digest=body.body_digest,
        words=opened.words,
        identity=opened.identity,
        voters=tuple(SubmissionVoter(index, digest) for index, digest in enumerate(opened.code_digests)),
        division_given=opened.division,
        on_behalf=opened.on_behalf,
        signals=opened.signals,
        hide=opened.hide,
        filed_by="" if body.channel == PUBLIC else body.principal,
    )


def _erased_before(body: SubmissionReceived) -> Registration:
    """The reporter had everything destroyed before the loop came to the submission: number and digest remain."""
    return Registration(
        number=body.number,
        channel=body.channel,
        door=body.door,
        state="withdrawn",
        body_digest=body.body_digest,
        words="",
    )


def _conflict(document: Registration, body: SubmissionReceived, opened: OpenedSubmission) -> Change[Registration]:
    voter = Voter(index=OTHERS_FROM + document.conflicts, code_digest=opened.code_digests[0])
    fact = SubmissionConflicted(
        first_digest=document.body_digest,
        second_digest=body.body_digest,
        words=opened.words,
        voter=voter,
        contact=opened.contact,
        hide=opened.hide,
    )
    return Change(document.with_body(body.body_digest), (fact,))


def _screened(registration: Registration, screening: Screening) -> Change[Registration]:
    voters = tuple(Voter(index=seat.index, code_digest=seat.code_digest) for seat in registration.voters)
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

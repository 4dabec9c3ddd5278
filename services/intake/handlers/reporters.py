"""The reporter adds, withdraws, has the identity erased."""

from dataclasses import replace
from datetime import datetime

from contracts.envelope import Message
from contracts.messages.intake import (
    ConfirmSeat,
    DangerAdded,
    EraseIdentity,
    SeatConfirmed,
    SupplementTicket,
    TicketErased,
    TicketSupplemented,
    TicketWithdrawn,
    WithdrawTicket,
)
from runtime.change import Change, Ignore, Keep, Reject, Result
from runtime.delivery.service import Reaction, on
from services.intake.domain.screening import screen
from services.intake.domain.submission import Registration
from services.intake.handlers.registration import screened
from services.intake.ports import Added

SUPPLEMENTS_AT_MOST = 50


ENDED = ("withdrawn", "closed")


COLLECTIVE = {
    "zh": "此事还有其他反映人，不能由一人撤回；办结后请照实评价。",
    "en": "Others reported it too: nobody withdraws it alone. Evaluate it once it is done.",
}


NEXT_ZH = "问题没有解决，或有新的情况，请重新登记并注明此登记号，也可以拨打12345。"


NEXT_EN = "Is it not solved, or is there more? Register it anew and name this number, or call 12345."


NOT_THE_FILER = {"zh": "只有首位反映人可以这样做。", "en": "Only whoever filed the matter may do this."}


WITHDRAWN_ALREADY = {"zh": "此事已撤回。", "en": "The matter is withdrawn already."}


CONFIRMED_ALREADY = {
    "zh": "此席位无须确认，或已经确认。",
    "en": "This seat needs no confirmation, or has it already.",
}


class ReporterWishes:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Registration], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(SupplementTicket, self.on_supplement_ticket),
            on(WithdrawTicket, self.on_withdraw_ticket),
            on(ConfirmSeat, self.on_confirm_seat),
            on(EraseIdentity, self.on_erase_identity),
        )

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
        fact = TicketSupplemented(
            voter=message.body.voter, index=index, words=message.given.words, hide=document.hidden
        )
        grown = replace(document, supplements=index)
        if document.state != "invalid":
            return Change(grown, (fact, *_danger(index, message.given)), {"supplement": str(index)})
        grown = grown.with_added(message.given.words, message.given.signals)
        again = screened(grown, screen(grown.signals))
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
            return Reject("withdrawn_already", WITHDRAWN_ALREADY)
        if document.is_collective:
            return Reject("collective", COLLECTIVE)
        return Change(document.became("withdrawn"), (TicketWithdrawn(voter=message.body.voter, state="invalid"),))

    def on_confirm_seat(
        self, document: Registration | None, message: Message[ConfirmSeat], now: datetime
    ) -> Result[Registration]:
        """确认席位, while intake holds the baton: of a matter that is invalid."""
        if document is None:
            return Keep()
        if document.state not in ("invalid", "withdrawn"):
            return Ignore("handed_on")
        if document.state == "withdrawn":
            return Reject("withdrawn_already", WITHDRAWN_ALREADY)
        confirmed = document.with_confirmed(message.body.voter)
        if confirmed == document:
            return Reject("confirmed_already", CONFIRMED_ALREADY)
        return Change(confirmed, (SeatConfirmed(voter=message.body.voter),))

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


def _danger(index: int, added: Added) -> tuple[DangerAdded, ...]:
    """What was added is a call for help; () if not."""
    signals = added.signals
    if not signals.urgency:
        return ()
    danger = DangerAdded(
        index=index,
        urgency=signals.urgency,
        urgency_level=signals.urgency_level,
        urgency_words=signals.urgency_words,
    )
    return (danger,)

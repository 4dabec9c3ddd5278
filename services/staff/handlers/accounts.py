"""Requests of configurers: appoint, confirm, end, lock, unlock, and have a credential replaced."""

from collections.abc import Callable
from datetime import datetime

from contracts.envelope import Actor, Body, Message
from contracts.messages import staff
from runtime.change import Change, Reject, Result
from runtime.delivery.service import Reaction, on
from services.staff.domain import appointing, replacing
from services.staff.domain.account import Account, Appointment, AppointmentState, Replacement, name_of
from services.staff.domain.appointing import AccountRefused, Appointer, Wanted

STAFF = "staff:"


class AccountHandlers:
    """Pure: (document, message, now) → what comes of it."""

    def reacts(self) -> tuple[Reaction[Account], ...]:
        """Each message with the handler that is made for it."""
        return (
            on(staff.ProposeAppointment, self.on_propose_appointment),
            on(staff.ConfirmAppointment, self.on_confirm_appointment),
            on(staff.EndAppointment, self.on_end_appointment),
            on(staff.LockAccount, self.on_lock_account),
            on(staff.UnlockAccount, self.on_unlock_account),
            on(staff.ProposeReplacement, self.on_propose_replacement),
            on(staff.ConfirmReplacement, self.on_confirm_replacement),
        )

    def on_propose_appointment(
        self, document: Account | None, message: Message[staff.ProposeAppointment], now: datetime
    ) -> Result[Account]:
        by, wanted = _appointer(message.actor), Wanted(**dict(message.body))
        decided = appointing.decide_proposal(document or Account(), name_of(message.key), wanted, by, now)
        if isinstance(decided, AccountRefused):
            return _refusal(decided)
        proposed = decided.appointments[-1]
        made = (_said_made(proposed, by),) if proposed.state is AppointmentState.MADE else ()
        return Change(decided, (_said_proposed(proposed), *made), _answer(proposed))

    def on_confirm_appointment(
        self, document: Account | None, message: Message[staff.ConfirmAppointment], now: datetime
    ) -> Result[Account]:
        by, index = _appointer(message.actor), message.body.appointment
        decided = appointing.decide_confirmation(document or Account(), name_of(message.key), index, by, now)
        return _changed(decided, index, lambda appointment: _said_made(appointment, by))

    def on_end_appointment(
        self, document: Account | None, message: Message[staff.EndAppointment], now: datetime
    ) -> Result[Account]:
        by, index = _appointer(message.actor), message.body.appointment
        decided = appointing.decide_end(document or Account(), name_of(message.key), index, by)
        return _changed(decided, index, lambda appointment: _said_ended(appointment, by))

    def on_lock_account(
        self, document: Account | None, message: Message[staff.LockAccount], now: datetime
    ) -> Result[Account]:
        by = _appointer(message.actor)
        return _turned(document, message.key, by, staff.AccountLocked(by=by.account), locked=True)

    def on_unlock_account(
        self, document: Account | None, message: Message[staff.UnlockAccount], now: datetime
    ) -> Result[Account]:
        by = _appointer(message.actor)
        return _turned(document, message.key, by, staff.AccountUnlocked(by=by.account), locked=False)

    def on_propose_replacement(
        self, document: Account | None, message: Message[staff.ProposeReplacement], now: datetime
    ) -> Result[Account]:
        by, name, wall = _appointer(message.actor), name_of(message.key), message.time
        if document is None:
            return _refusal(appointing.NONE_SUCH)
        return _replacing(
            replacing.decide_proposal(document, name, message.body.what, by, wall, message.body.public_key)
        )

    def on_confirm_replacement(
        self, document: Account | None, message: Message[staff.ConfirmReplacement], now: datetime
    ) -> Result[Account]:
        by, name, wall = _appointer(message.actor), name_of(message.key), message.time
        if document is None:
            return _refusal(replacing.NONE_SUCH)
        return _replacing(replacing.decide_confirmation(document, name, message.body.replacement, by, wall))


def _appointer(actor: Actor | None) -> Appointer:
    known = actor or Actor(role="")
    return Appointer(known.principal.removeprefix(STAFF), known.role, known.division)


def _refusal(refused: AccountRefused) -> Reject:
    return Reject(refused.code, {"zh": refused.zh, "en": refused.en})


def _changed(decided: Account | AccountRefused, index: int, said: Callable[[Appointment], Body]) -> Result[Account]:
    if isinstance(decided, AccountRefused):
        return _refusal(decided)
    appointment = decided.appointment(index)
    assert appointment is not None, "what was decided on is there"
    return Change(decided, (said(appointment),), _answer(appointment))


def _turned(document: Account | None, key: str, by: Appointer, said: Body, *, locked: bool) -> Result[Account]:
    if document is None:
        return _refusal(appointing.NONE_SUCH)
    decided = appointing.decide_lock(document, name_of(key), by, locked=locked)
    return _refusal(decided) if isinstance(decided, AccountRefused) else Change(decided, (said,))


def _said_proposed(each: Appointment) -> Body:
    return staff.AppointmentProposed(
        index=each.index,
        role=each.role,
        unit=each.unit,
        division=each.division,
        since=each.since,
        until=each.until,
        proposer=each.proposer,
    )


def _said_made(each: Appointment, by: Appointer) -> Body:
    assert each.since is not None, "an appointment that is made has begun or will"
    return staff.AppointmentMade(
        index=each.index,
        role=each.role,
        unit=each.unit,
        division=each.division,
        since=each.since,
        until=each.until,
        by=tuple(dict.fromkeys((each.proposer, by.account))),
    )


def _said_ended(each: Appointment, by: Appointer) -> Body:
    return staff.AppointmentEnded(
        index=each.index, role=each.role, unit=each.unit, division=each.division, by=by.account
    )


def _answer(each: Appointment) -> dict[str, str]:
    return {"appointment": str(each.index), "state": each.state.value}


def _replacing(decided: Account | AccountRefused) -> Result[Account]:
    if isinstance(decided, AccountRefused):
        return _refusal(decided)
    last = decided.replacements[-1]
    said = _said_confirmed(last) if last.is_confirmed else _said_wanted(last)
    return Change(decided, (said,), {"replacement": str(last.index), "state": _state(last)})


def _state(each: Replacement) -> str:
    return "confirmed" if each.is_confirmed else AppointmentState.PROPOSED.value


def _said_wanted(each: Replacement) -> Body:
    return staff.ReplacementProposed(
        index=each.index, what=each.what, proposer=each.by[0], until=each.until, public_key=each.public_key
    )


def _said_confirmed(each: Replacement) -> Body:
    return staff.ReplacementConfirmed(
        index=each.index, what=each.what, by=each.by, until=each.until, public_key=each.public_key
    )

"""Who may appoint whom: a configurer of the division or above; a second one confirms; nobody appoints themselves."""

from dataclasses import dataclass, replace
from datetime import datetime

from contracts.vocabulary import OF_A_UNIT
from services.staff.domain.account import APPOINTMENTS_AT_MOST, INSTALLATION, Account, Appointment, AppointmentState

CONFIGURER = "configurer"
ALONE = "auditor"
"""The role that excludes all others: whoever checks has no part in what is checked."""


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """A wish that the rules do not allow: a code, and what to do about it in Chinese and English."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Appointer:
    """Who acts: an account, its role, the division that it works for."""

    account: str
    role: str
    division: str

    @property
    def is_installation(self) -> bool:
        return self.account == INSTALLATION

    def may_appoint_in(self, division: str) -> bool:
        """Whether the division is its own or lies below."""
        return self.role == CONFIGURER and bool(self.division) and division.startswith(self.division)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An appointment as it is proposed."""

    role: str
    unit: str
    division: str
    since: datetime | None
    until: datetime | None


NOT_YOUR_DIVISION = AccountRefused(
    "not_your_division",
    "只能由本区划或上级区划的配置员办理。",
    "Only a configurer of this division or of one above may do this.",
)
NOT_YOURSELF = AccountRefused(
    "not_yourself",
    "不能办理自己的账号，请由其他配置员办理。",
    "Nobody decides about their own account: another configurer has to.",
)
SECOND_ACCOUNT = AccountRefused(
    "second_account",
    "提议人不能自己确认，请由另一名配置员确认。",
    "Whoever proposed it may not confirm it: a second configurer has to.",
)
ONLY_CONFIGURERS = AccountRefused(
    "only_configurers",
    "安装密钥只能任命配置员。",
    "The installation's own key appoints configurers only: they appoint everybody else.",
)
ALONE_ONLY = AccountRefused(
    "auditor_excludes_others",
    "审计员不能兼任其他角色，请先免去原有任命。",
    "An auditor has no other role: end the other appointments first.",
)
RESERVED = AccountRefused(
    "name_reserved",
    f"“{INSTALLATION}”不能用作账号名，请换一个。",
    f"No account is called {INSTALLATION}: use another name.",
)
NO_UNIT = AccountRefused(
    "unit_missing", "该角色须写明单位代码。", "This role needs the code of the unit that it works for."
)
ENDS_TOO_EARLY = AccountRefused(
    "ends_too_early", "截止时间须晚于现在和开始时间。", "The end must be later than now and than the beginning."
)
THERE_ALREADY = AccountRefused(
    "there_already", "已有相同的任命或提议。", "The same appointment is there already, or proposed."
)
TOO_MANY = AccountRefused(
    "too_many_appointments",
    f"每个账号最多{APPOINTMENTS_AT_MOST}项任命，请另建账号。",
    f"At most {APPOINTMENTS_AT_MOST} appointments an account: use another account.",
)
NONE_SUCH = AccountRefused("appointment_unknown", "没有这项任命，请核对序号。", "No such appointment: check its index.")
NOT_PROPOSED = AccountRefused("not_proposed", "这项任命不在待确认状态。", "The appointment does not wait for anybody.")
ENDED_BEFORE = AccountRefused("ended_already", "这项任命已经结束。", "The appointment has ended already.")
NOT_LOCKED = AccountRefused("not_locked", "账号未被锁定。", "The account is not locked.")
LOCKED_ALREADY = AccountRefused("locked_already", "账号已被锁定。", "The account is locked already.")


def decide_proposal(
    account: Account, name: str, wanted: Wanted, by: Appointer, now: datetime
) -> Account | AccountRefused:
    """The account with the appointment as its last one. The installation's own stands at once: nobody else is there."""
    if refused := _may_not_propose(account, name, wanted, by, now):
        return refused
    index = len(account.appointments) + 1
    proposed = Appointment(
        index=index,
        role=wanted.role,
        unit=wanted.unit,
        division=wanted.division,
        since=wanted.since,
        until=wanted.until,
        proposer=by.account,
    )
    made = _made(proposed, now) if by.is_installation else proposed
    return replace(account, appointments=(*account.appointments, made))


def _may_not_propose(
    account: Account, name: str, wanted: Wanted, by: Appointer, now: datetime
) -> AccountRefused | None:
    if name == INSTALLATION:
        return RESERVED
    if refused := _may_not_act(name, wanted.division, by):
        return refused
    if by.is_installation and wanted.role != CONFIGURER:
        return ONLY_CONFIGURERS
    if wanted.role in OF_A_UNIT and not wanted.unit:
        return NO_UNIT
    if wanted.until is not None and wanted.until <= max(now, wanted.since or now):
        return ENDS_TOO_EARLY
    return _does_not_go_with(account, wanted)


def _does_not_go_with(account: Account, wanted: Wanted) -> AccountRefused | None:
    """Whether what the account has already stands against it."""
    others = {each.role for each in account.open} - {wanted.role}
    if others and ALONE in (wanted.role, *others):
        return ALONE_ONLY
    if len(account.appointments) >= APPOINTMENTS_AT_MOST:
        return TOO_MANY
    same = (wanted.role, wanted.unit, wanted.division)
    return THERE_ALREADY if any(same == (each.role, each.unit, each.division) for each in account.open) else None


def _may_not_act(name: str, division: str, by: Appointer) -> AccountRefused | None:
    if by.account == name:
        return NOT_YOURSELF
    return None if by.may_appoint_in(division) else NOT_YOUR_DIVISION


def _made(proposed: Appointment, now: datetime) -> Appointment:
    return replace(proposed, state=AppointmentState.MADE, since=max(now, proposed.since or now))


def decide_confirmation(
    account: Account, name: str, index: int, by: Appointer, now: datetime
) -> Account | AccountRefused:
    """The account with the proposal made an appointment, by somebody who did not propose it."""
    proposed = account.appointment(index)
    if proposed is None:
        return NONE_SUCH
    if refused := _may_not_act(name, proposed.division, by):
        return refused
    if proposed.state is not AppointmentState.PROPOSED:
        return NOT_PROPOSED
    if proposed.proposer == by.account:
        return SECOND_ACCOUNT
    if proposed.until is not None and proposed.until <= now:
        return ENDS_TOO_EARLY
    return _with(account, _made(proposed, now))


def decide_end(account: Account, name: str, index: int, by: Appointer) -> Account | AccountRefused:
    """The account without the appointment. One is enough to take away; nobody ends their own, or a last one could."""
    appointment = account.appointment(index)
    if appointment is None:
        return NONE_SUCH
    if refused := _may_not_act(name, appointment.division, by):
        return refused
    if appointment.state is AppointmentState.ENDED:
        return ENDED_BEFORE
    return _with(account, replace(appointment, state=AppointmentState.ENDED))


def decide_lock(account: Account, name: str, by: Appointer, *, locked: bool) -> Account | AccountRefused:
    """The account locked, or open again: by a configurer above all that it is appointed to."""
    if refused := may_not_decide(account, name, by):
        return refused
    if account.locked is locked:
        return LOCKED_ALREADY if locked else NOT_LOCKED
    return replace(account, locked=locked)


def may_not_decide(account: Account, name: str, by: Appointer) -> AccountRefused | None:
    """Why somebody may not decide about a whole account: it is their own, or reaches beyond what they configure."""
    refusals = (_may_not_act(name, each.division, by) for each in account.open or account.appointments)
    return next(filter(None, refusals), None)


def _with(account: Account, changed: Appointment) -> Account:
    appointments = tuple(changed if each.index == changed.index else each for each in account.appointments)
    return replace(account, appointments=appointments)

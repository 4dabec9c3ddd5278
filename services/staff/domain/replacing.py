"""Another credential for an account that has one: a configurer proposes, a second one confirms, its holder is told.

Whoever may lay a link for somebody's account may be that account: nobody does so alone.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.staff.domain.account import Account, Replacement
from services.staff.domain.appointing import SECOND_ACCOUNT, AccountRefused, Appointer, may_not_decide

HOLDS = timedelta(hours=72)  # for its confirmation, and from then on for its use

NONE_SUCH = AccountRefused(
    "replacement_unknown", "没有这项更换提议，请核对序号。", "No such replacement: check its index."
)
NOT_PROPOSED = AccountRefused("not_proposed", "这项更换不在待确认状态。", "The replacement does not wait for anybody.")
RAN_OUT = AccountRefused(
    "replacement_ran_out", "提议已过期，请重新提议。", "The proposal has run out: propose it again."
)


def decide_proposal(
    account: Account, name: str, what: str, by: Appointer, wall: datetime, public_key: str = ""
) -> Account | AccountRefused:
    """The account with the proposal as its last one; an earlier one of the same kind that nobody confirmed is gone."""
    if refused := may_not_decide(account, name, by):
        return refused
    index = 1 + max((each.index for each in account.replacements), default=0)
    left = tuple(each for each in account.replacements if each.is_confirmed or each.what != what)
    proposed = Replacement(index=index, what=what, by=(by.account,), at=wall, until=wall + HOLDS, public_key=public_key)
    return replace(account, replacements=(*left, proposed))


def decide_confirmation(
    account: Account, name: str, index: int, by: Appointer, wall: datetime
) -> Account | AccountRefused:
    """The account with the proposal confirmed, by somebody who did not propose it; it takes an earlier one's place."""
    if refused := may_not_decide(account, name, by):
        return refused
    proposed = next((each for each in account.replacements if each.index == index), None)
    if proposed is None:
        return NONE_SUCH
    if refused := _does_not_wait(proposed, by, wall):
        return refused
    confirmed = replace(proposed, by=(*proposed.by, by.account), at=wall, until=wall + HOLDS)
    left = tuple(each for each in account.replacements if each.what != proposed.what)
    return replace(account, replacements=(*left, confirmed), replaced=account.replaced + 1)


def _does_not_wait(proposed: Replacement, by: Appointer, wall: datetime) -> AccountRefused | None:
    if proposed.is_confirmed:
        return NOT_PROPOSED
    if by.account in proposed.by:
        return SECOND_ACCOUNT
    return RAN_OUT if proposed.until <= wall else None


def usable(account: Account, what: str, by: str, wall: datetime) -> int:
    """The index of the replacement that ``by``, one of the two it rests on, may carry out now; 0: there is none."""
    fitting = (each for each in account.replacements if each.what == what and each.is_confirmed)
    return max((each.index for each in fitting if by in each.by and wall < each.until), default=0)


def last_of(account: Account, what: str) -> int:
    """The index of the last replacement of this kind that was confirmed; 0: there is none."""
    return max((each.index for each in account.replacements if each.what == what and each.is_confirmed), default=0)

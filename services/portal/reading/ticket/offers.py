"""What somebody may do with a matter now, and why not what they may at another time."""

from collections.abc import Iterator
from dataclasses import dataclass

from contracts import actions
from contracts.actions import ActionRow
from contracts.lifecycle import STATE_NAMES, TicketState
from contracts.vocabulary import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedAction:
    """One request. ``now``: it may be sent as the matter stands; else ``zh`` and ``en`` say when it may."""

    request: str
    name_zh: str
    name_en: str
    service: str
    method: str
    path: str
    now: bool
    zh: str = ""
    en: str = ""


def offers(number: str, state: TicketState, role: str, *, is_confirmed: bool) -> Iterator[OfferedAction]:
    """All that a role may ever ask of a matter. ``is_confirmed``: whether the seat of whoever asks counts."""
    for request, row in actions.of_role(role):
        if row.of_unconfirmed and is_confirmed:
            continue
        is_open = actions.allows(row, role, state)
        zh, en = ("", "") if is_open else _why_not(row, role, state)
        yield OfferedAction(
            request=request,
            name_zh=row.name[0],
            name_en=row.name[1],
            service=row.service,
            method="POST",
            path=f"/v1/tickets/{number}/{row.path}",
            now=is_open,
            zh=zh,
            en=en,
        )


def _why_not(row: ActionRow, role: str, state: TicketState) -> Pair:
    open_in = [STATE_NAMES[each] for each, roles in row.may.items() if role in roles]
    zh = f"此事现在{STATE_NAMES[state][0]}；须在{'、'.join(each[0] for each in open_in)}时。"
    en = f"The matter is: {STATE_NAMES[state][1]}. It has to be: {'; '.join(each[1] for each in open_in)}."
    return zh, en

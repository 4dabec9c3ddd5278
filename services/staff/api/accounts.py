"""What the routes share: an account as it is shown, and requests about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Path, Response

from contracts.envelope import Actor, Body, stamp
from runtime.http.app import answer
from runtime.http.problems import not_found
from runtime.http.requests import RequestDesk
from runtime.identity.tokens import Principal, configured_scope_of
from services.staff import metrics
from services.staff.api.bodies import NAME
from services.staff.domain.account import Account, Appointment, key_of
from services.staff.ports import Accounts

Name = Annotated[str, Path(pattern=NAME)]
"""What an account is called: small letters, digits and . _ -; it is no person's name."""


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """Requests about accounts, and accounts as staff of a division see them."""

    requests: RequestDesk
    accounts: Accounts

    async def ask(self, name: str, staff: Principal, key: str, body: Body, sent: bytes = b"") -> Response:
        """Put the request into the log and answer with its outcome."""
        actor = Actor(role=staff.role, unit=staff.unit, division=staff.division, principal=f"staff:{staff.sub}")
        asked = await self.requests.ask(self.requests.request(key_of(name), body, actor, key, sent=sent))
        return answer(asked, f"/v1/accounts/{name}/requests")

    async def change(self, name: str, staff: Principal, key: str, body: Body, sent: bytes = b"") -> Response:
        """The same about an account that is there and within reach; else a 404."""
        await self.within_reach(name, staff)
        return await self.ask(name, staff, key, body, sent)

    async def outcome(self, name: str, staff: Principal, request: str, at: int) -> Response:
        """What became of an earlier request; 202 while nobody knows. Raises request_unknown."""
        is_first = await self.accounts.find(name) is None
        if not is_first:
            await self.within_reach(name, staff)
        asked = await self.requests.asked(key_of(name), request, at, first=is_first)
        return answer(asked, f"/v1/accounts/{name}/requests")

    async def within_reach(self, name: str, staff: Principal) -> Account:
        """The account, if any of its appointments lies in the division. One 404 for what is not there or not theirs."""
        account = await self.accounts.find(name)
        if account is None or not staff.division or not account.touches(staff.division):
            metrics.OUT_OF_REACH.inc()
            raise not_found()
        return account

    async def listed(self, staff: Principal, limit: int, after: str) -> list[dict[str, Any]]:
        """The accounts of the division of whoever asks."""
        found = await self.accounts.within(configured_scope_of(staff).division, limit, after)
        return [{"account": each.name, **shown(each.account, staff.division)} for each in found]


def shown(account: Account, division: str) -> dict[str, Any]:
    """An account as somebody of a division sees it: its appointments there."""
    shown_there = appointments(account.appointments, division)
    return {"locked": account.locked, "appointments": shown_there, "replacements": replacements(account)}


def replacements(of: Account) -> list[dict[str, Any]]:
    """Which credentials were replaced, or are to be, and on whose word."""
    return [
        {
            "index": each.index,
            "what": each.what,
            "state": "confirmed" if each.is_confirmed else "proposed",
            "by": list(each.by),
            "at": stamp(each.at),
            "until": stamp(each.until),
            "public_key": each.public_key,
        }
        for each in of.replacements
    ]


def appointments(of: Sequence[Appointment], division: str = "") -> list[dict[str, Any]]:
    """Appointments in a division, as JSON has them."""
    return [
        {
            "index": each.index,
            "role": each.role,
            "unit": each.unit,
            "division": each.division,
            "state": each.state.value,
            "since": stamp(each.since) if each.since else None,
            "until": stamp(each.until) if each.until else None,
        }
        for each in of
        if each.division.startswith(division)
    ]

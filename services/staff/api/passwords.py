"""Links by which a password is set: a first one by one configurer, another one by two."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path, Response

from contracts.envelope import stamp
from contracts.messages.audit import CredentialChanged
from contracts.messages.staff import ConfirmReplacement, ProposeReplacement
from runtime.clock import Clock
from runtime.http.app import IdempotencyKey
from runtime.http.audit import AuditTrail
from runtime.http.bodies import canonical
from runtime.identity.tokens import Principal, Staff, require
from services.staff.api import refusals
from services.staff.api.accounts import AccountDesk, Name
from services.staff.api.bodies import PasswordSet, ReplacementSent
from services.staff.api.signing_in import digest_of
from services.staff.domain import replacing
from services.staff.domain.account import Account
from services.staff.domain.appointing import Appointer, may_not_decide
from services.staff.domain.passwords import LINK_LIVES, wrong_with
from services.staff.ports import Accounts, Credentials, HashingBusy, Passwords, Sessions

REPLACED = "password"
Replacement = Annotated[int, Path(ge=1, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class PasswordDesk:
    """``secret``: a fresh one of 256 bits, as text. Times are wall time. What is done is said first, or is not done."""

    accounts: Accounts
    credentials: Credentials
    passwords: Passwords
    sessions: Sessions
    clock: Clock
    secret: Callable[[], str]
    trail: AuditTrail

    async def lay_link(self, name: str, account: Account, staff: Principal) -> dict[str, Any]:
        """A link by which the account sets its password, once, within 72 hours; an earlier one leads nowhere then.

        Raises refusals.decided, second_account_first, Unavailable.
        """
        if refused := may_not_decide(account, name, Appointer(staff.sub, staff.role, staff.division)):
            raise refusals.decided(refused)
        secret, now = self.secret(), self.clock.wall()
        until, replacement = now + LINK_LIVES, replacing.usable(account, REPLACED, staff.sub, now)
        known = await self.credentials.find(name)
        if known.password and known.replacement >= replacement:
            raise refusals.second_account_first()
        await self._say("link_laid", name, account, staff.sub, replacement)
        if not await self.credentials.lay_link(name, digest_of(secret), until, replacement):
            raise refusals.second_account_first()
        return {"link": secret, "until": stamp(until)}

    async def set_password(self, link: str, password: str) -> str:
        """The account whose password is set; its sessions end.

        Raises link_refused, password_refused, busy, Unavailable.
        """
        known = digest_of(link)
        name = await self.credentials.of_link(known, self.clock.wall())
        account = await self.accounts.find(name) if name else None
        if account is None:
            raise refusals.link_refused()
        if wrong := wrong_with(password, name):
            raise refusals.password_refused(wrong)
        hashed = await self._hashed(password)
        await self._say("password_set", name, account, "", (await self.credentials.find(name)).laid_by)
        if not await self.credentials.use_link(name, known, hashed):
            raise refusals.link_refused()
        await self.sessions.end_all(name)
        return name

    async def _say(self, change: str, name: str, account: Account, by: str, replacement: int) -> None:
        body = CredentialChanged(
            account=name, change=change, by=by, replacement=replacement, divisions=account.divisions
        )
        await self.trail.say(name, body)

    async def _hashed(self, password: str) -> str:
        try:
            return await self.passwords.made(password)
        except HashingBusy:
            raise refusals.busy() from None


def add_passwords(app: FastAPI, desk: PasswordDesk, accounts: AccountDesk) -> None:
    _setting(app, desk, accounts)
    _replacing(app, accounts)


def _setting(app: FastAPI, desk: PasswordDesk, accounts: AccountDesk) -> None:
    @app.post("/v1/accounts/{name}/links", status_code=201)
    async def lay_link(name: Name, staff: Staff) -> dict[str, Any]:
        """A one-time link for the first password; for another one once two configurers agreed. Never one's own."""
        require(staff, "configurer")
        return await desk.lay_link(name, await accounts.within_reach(name, staff), staff)

    @app.post("/v1/passwords")
    async def set_password(sent: PasswordSet) -> dict[str, str]:
        """Whoever holds the link sets the password; the link is used up, and all sessions end."""
        return {"account": await desk.set_password(sent.link, sent.password)}


def _replacing(app: FastAPI, accounts: AccountDesk) -> None:
    @app.post("/v1/accounts/{name}/replacements")
    async def propose_replacement(
        name: Name, sent: ReplacementSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """更换登录凭据: waits 72 hours for a second configurer; the holder sees it. A key is given in the same way."""
        require(staff, "configurer")
        body = ProposeReplacement(what=sent.what, public_key=sent.public_key)
        return await accounts.change(name, staff, idempotency_key, body, canonical(sent))

    @app.post("/v1/accounts/{name}/replacements/{replacement}/confirmation")
    async def confirm_replacement(
        name: Name, replacement: Replacement, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """确认更换: all sessions of the account end; either of the two may make a link for 72 hours; a key holds."""
        require(staff, "configurer")
        return await accounts.change(name, staff, idempotency_key, ConfirmReplacement(replacement=replacement))

"""Setting up one-time codes: a secret that an authenticator reads, and a first code that shows that it did."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Header

from contracts.messages.audit import CredentialChanged
from runtime.http.addresses import Address
from services.staff.api import refusals
from services.staff.api.bodies import CodeSent
from services.staff.api.signing_in import SECOND_FACTOR, SignInDesk
from services.staff.domain.account import Account
from services.staff.domain.one_time_codes import SECRET_BYTES, SecondFactor, address_of, secret_of
from services.staff.domain.replacing import last_of

SessionSecret = Annotated[str, Header(alias="Session", max_length=100)]


@dataclass(frozen=True, slots=True)
class SecondFactorDesk:
    """Begins and confirms what a sign-in then asks for. ``random``: so many bytes."""

    signing_in: SignInDesk
    random: Callable[[int], bytes] = secrets.token_bytes

    async def begin(self, secret: str) -> dict[str, Any]:
        """What the authenticator reads. The same session is told the same secret, another one another.

        Raises second_factor_there, session_ended.
        """
        session, account = await self.signing_in.with_account(secret)
        replacement = last_of(account, SECOND_FACTOR)
        known = await self.signing_in.factors.find(session.account)
        if known is None or (known.sid, known.replacement) != (session.sid, replacement):
            known = SecondFactor(secret=secret_of(self.random(SECRET_BYTES)), sid=session.sid, replacement=replacement)
            if not await self.signing_in.factors.lay(session.account, known):
                raise refusals.second_factor_there()
        if known.stands(replacement):
            raise refusals.second_factor_there()
        return {"secret": known.secret, "address": address_of(known.secret, session.account)}

    async def confirm(self, secret: str, code: str, address: str) -> dict[str, Any]:
        """All sessions of the account end, and one is opened that may act in every role.

        Said before it is so. Raises no_second_factor, code_refused, wait_first, session_ended, Unavailable.
        """
        session, account = await self.signing_in.with_account(secret)
        name, known = session.account, await self.signing_in.factors.find(session.account)
        await self.signing_in.refuse_hasty(name, address)
        if known is None or known.sid != session.sid or known.stands(last_of(account, SECOND_FACTOR)):
            raise refusals.no_second_factor()
        if self.signing_in.step_of(known, code) is None:
            await self.signing_in.count_wrong(name, address)
            raise refusals.code_refused()
        await self._say(name, account)
        if not await self.signing_in.takes(name, known, code):
            raise refusals.no_second_factor()
        await self.signing_in.sessions.end_all(name)
        return await self.signing_in.opened(name, account, proved=True)

    async def _say(self, name: str, account: Account) -> None:
        body = CredentialChanged(
            account=name,
            change="codes_set_up",
            by=name,
            replacement=last_of(account, SECOND_FACTOR),
            divisions=account.divisions,
        )
        await self.signing_in.trail.say(name, body)


def add_second_factors(app: FastAPI, desk: SecondFactorDesk) -> None:
    @app.post("/v1/sessions/second-factor", status_code=201)
    async def begin(session: SessionSecret = "") -> dict[str, Any]:
        """启用动态口令: the secret, and the address (otpauth) that an authenticator reads from a QR code."""
        return await desk.begin(session)

    @app.post("/v1/sessions/second-factor/confirmation")
    async def confirm(sent: CodeSent, address: Address, session: SessionSecret = "") -> dict[str, Any]:
        """确认动态口令: from now on every sign-in asks for a code; the session goes on under a new secret."""
        return await desk.confirm(session, sent.code, address)

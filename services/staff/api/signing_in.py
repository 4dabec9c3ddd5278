"""Signing in, and what a session may do: choose an appointment, get tokens for it, end."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from contracts.accounts import ASKED_FOR_A_CODE
from contracts.envelope import stamp
from contracts.messages.audit import SignedIn, SignInRefused
from runtime.clock import Clock
from runtime.http.audit import AuditTrail
from runtime.identity.tokens import Principal, issue
from services.staff import metrics
from services.staff.api import refusals
from services.staff.api.accounts import appointments, replacements
from services.staff.domain import one_time_codes
from services.staff.domain.account import Account, Appointment
from services.staff.domain.one_time_codes import SecondFactor
from services.staff.domain.passwords import may_try_at
from services.staff.domain.replacing import last_of
from services.staff.domain.sessions import NONE_CHOSEN, TOKEN_LIVES, Session
from services.staff.ports import (
    Accounts,
    Credentials,
    HashingBusy,
    Passwords,
    PrivateTokenKeys,
    SecondFactors,
    Sessions,
    SignInAttempts,
)

SECOND_FACTOR = "second_factor"
SECRET_BYTES = 32  # 256 bits
Secret = Callable[[], str]


def digest_of(secret: str) -> str:
    """What is kept of a secret: it has 256 bits of its own, so nobody finds it from this."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """``secret``: a fresh one of 256 bits, as text. Times are wall time, but appointments hold by domain time."""

    accounts: Accounts
    credentials: Credentials
    passwords: Passwords
    attempts: SignInAttempts
    sessions: Sessions
    keys: PrivateTokenKeys
    factors: SecondFactors
    clock: Clock
    secret: Secret
    trail: AuditTrail

    async def sign_in(self, name: str, password: str, code: str, address: str) -> dict[str, Any]:
        """A new session. Raises sign_in_refused, wait_first, busy."""
        await self.refuse_hasty(name, address)
        account, known = await self.accounts.find(name), (await self.credentials.find(name)).password
        fits = await self._fits(known, password)
        if account is None or (why := await self._wrong(name, account, code, fits=fits)):
            await self.count_wrong(name, address)
            metrics.SIGN_INS.labels("refused").inc()
            if account is not None:  # whoever guesses at names fills no log
                await self.trail.say(name, SignInRefused(account=name, why=why, divisions=account.divisions))
            raise refusals.sign_in_refused()
        await self._settle(name, known, password, address)
        metrics.SIGN_INS.labels("signed_in").inc()
        return await self.opened(name, account, proved=await self._standing(name, account) is not None)

    async def _wrong(self, name: str, account: Account, code: str, *, fits: bool) -> str:
        """Why it does not open, as the audit has it; "" when it opens, and the code is used up then."""
        if account.locked or not fits:
            return "locked" if account.locked else "wrong_password"
        factor = await self._standing(name, account)
        return "" if factor is None or await self.takes(name, factor, code) else "wrong_code"

    async def _standing(self, name: str, account: Account) -> SecondFactor | None:
        """The second factor that is asked for, if there is one."""
        factor = await self.factors.find(name)
        return factor if factor and factor.stands(last_of(account, SECOND_FACTOR)) else None

    async def takes(self, name: str, factor: SecondFactor, code: str) -> bool:
        """Whether the code is of now and was not used; it is from then on."""
        step = self.step_of(factor, code)
        return step is not None and await self.factors.use(name, factor, step)

    def step_of(self, factor: SecondFactor, code: str) -> int | None:
        """The half minute that the code is of, if it is one of now."""
        return one_time_codes.step_of(factor.secret, code, self.clock.wall())

    async def count_wrong(self, name: str, address: str) -> None:
        """Whoever is wrong too often waits: a password and a code alike."""
        await self.attempts.wrong(name, address, self.clock.wall())

    async def refuse_hasty(self, name: str, address: str) -> None:
        tries, now = await self.attempts.lately(name, address), self.clock.wall()
        if tries.last is None:
            return
        wait = may_try_at(tries.here, tries.anywhere, tries.last) - now
        if wait.total_seconds() > 0:
            metrics.SIGN_INS.labels("too_soon").inc()
            raise refusals.wait_first(wait)

    async def _fits(self, known: str, password: str) -> bool:
        try:
            return await self.passwords.fits(known, password)
        except HashingBusy:
            metrics.SIGN_INS.labels("busy").inc()
            raise refusals.busy() from None

    async def _settle(self, name: str, known: str, password: str, address: str) -> None:
        """What was wrong before is forgotten, and an old hash is made anew if there is room for it now."""
        await self.attempts.right(name, address)
        if self.passwords.is_old(known):
            try:
                await self.credentials.rehash(name, known, await self.passwords.made(password))
            except HashingBusy:
                return

    async def opened(self, name: str, account: Account, *, proved: bool) -> dict[str, Any]:
        """A session of this instant, said before it is there."""
        secret, now = self.secret(), self.clock.wall()
        session = Session(
            digest=digest_of(secret), account=name, opened=now, seen=now, replaced=account.replaced, proved=proved
        )
        await self.trail.say(name, SignedIn(account=name, sid=session.sid, divisions=account.divisions))
        await self.sessions.open(session)
        return {"session": secret, **self._shown(session, account)}

    def _shown(self, session: Session, account: Account) -> dict[str, Any]:
        holding = account.holding(self.clock.now())
        return {
            "account": session.account,
            "sid": session.sid,
            "ends": stamp(session.ends),
            "appointment": session.appointment if _chosen(session, holding) else NONE_CHOSEN,
            "appointments": appointments(holding),
            "replacements": replacements(account),
            "proved": session.proved,
        }

    async def alive(self, secret: str) -> Session:
        """The session of a secret; using it keeps it alive. Raises session_ended."""
        session, now = await self.sessions.find(digest_of(secret)) if secret else None, self.clock.wall()
        if session is None or not session.is_alive(now):
            raise refusals.session_ended()
        if not session.is_to_be_seen(now):
            return session
        await self.sessions.seen(session.digest, now)
        return replace(session, seen=now)

    async def look(self, secret: str) -> dict[str, Any]:
        """The session, by which appointments one may act, and all sessions of the account."""
        session, account = await self.with_account(secret)
        own = await self.sessions.of(session.account)
        now = self.clock.wall()
        listed = [
            {"sid": each.sid, "opened": stamp(each.opened), "seen": stamp(each.seen), "ends": stamp(each.ends)}
            for each in own
            if each.is_alive(now)
        ]
        return self._shown(session, account) | {"sessions": listed}

    async def choose(self, secret: str, index: int) -> dict[str, Any]:
        """Act by this appointment from now on, under a new secret.

        Raises no_appointment, second_factor_first, session_ended.
        """
        session, account = await self.with_account(secret)
        wanted = next((each for each in account.holding(self.clock.now()) if each.index == index), None)
        _may_act(wanted, session)
        fresh = self.secret()
        chosen = replace(session, digest=digest_of(fresh), appointment=index)
        if not await self.sessions.replace(session.digest, chosen):
            raise refusals.session_ended()
        return {"session": fresh, **self._shown(chosen, account)}

    async def token(self, secret: str) -> dict[str, Any]:
        """A token of five minutes for the chosen appointment. Raises as ``choose``, and no_key."""
        session, account = await self.with_account(secret)
        chosen = _may_act(_chosen(session, account.holding(self.clock.now())), session)
        return await self.token_for(session.account, chosen, session.sid)

    async def token_for(self, name: str, chosen: Appointment, sid: str) -> dict[str, Any]:
        """A token of an appointment; ``sid``: of which sign-in. Raises no_key."""
        now = self.clock.wall()
        kid = kid_of(now)
        if (private := await self.keys.private(kid)) is None:
            raise refusals.no_key()
        who = Principal(name, chosen.unit, chosen.division, chosen.role)
        token = issue(private, who, now, kid=kid, sid=sid, lives=TOKEN_LIVES)
        return {"token": token, "until": stamp(now + TOKEN_LIVES)}

    async def with_account(self, secret: str) -> tuple[Session, Account]:
        """Raises session_ended, also when the account was locked meanwhile, and credential_replaced."""
        session = await self.alive(secret)
        account = await self.accounts.find(session.account)
        if account is None or account.locked:
            raise refusals.session_ended()
        if account.replaced > session.replaced:
            raise refusals.credential_replaced(account)
        return session, account

    async def end(self, secret: str, sid: str) -> None:
        """End one session of the account. Raises no_such_session, session_ended."""
        if not await self.sessions.end((await self.alive(secret)).account, sid):
            raise refusals.no_such_session()

    async def end_all(self, secret: str) -> int:
        """End all sessions of the account, this one too. Raises session_ended."""
        return await self.sessions.end_all((await self.alive(secret)).account)


def kid_of(wall: datetime) -> str:
    """The key that signs on a day, by UTC."""
    return wall.date().isoformat()


def _chosen(session: Session, holding: tuple[Appointment, ...]) -> Appointment | None:
    return next((each for each in holding if each.index == session.appointment), None)


def _may_act(wanted: Appointment | None, session: Session) -> Appointment:
    """The appointment, where the session may act by it. Raises no_appointment, second_factor_first."""
    if wanted is None:
        raise refusals.no_appointment()
    if wanted.role in ASKED_FOR_A_CODE and not session.proved:
        raise refusals.second_factor_first()
    return wanted

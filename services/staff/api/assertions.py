"""Tokens for units' own systems: each signs what it is by the key of its account (RFC 7523), and is known by it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import structlog
from fastapi import FastAPI, Request

from contracts.accounts import ASKED_FOR_A_CODE
from contracts.messages.audit import SignedIn, SignInRefused
from runtime.http.addresses import Address
from runtime.http.bodies import FORM, limited
from runtime.http.problems import Refusal
from runtime.identity import assertions
from runtime.identity.assertions import Assertion, AssertionRefused
from services.staff import metrics
from services.staff.api import refusals
from services.staff.api.bodies import NAME_OF_ACCOUNT
from services.staff.api.signing_in import SignInDesk, digest_of
from services.staff.domain.account import Account, Appointment
from services.staff.domain.sessions import TOKEN_LIVES
from services.staff.ports import UsedAssertions

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
AUDIENCE = "duban-staff"
"""Whom an assertion is for: every installation is called so, wherever it stands."""
FIELDS_AT_MOST = 10
REMEMBERED_LONGER = timedelta(minutes=10)  # than they hold: clocks of processes and of the database differ
OF_ONE_ACCOUNT = 1000  # assertions that are remembered; one token holds for five minutes
DESCRIBED = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "assertion"],
                    "properties": {
                        "grant_type": {"type": "string", "const": GRANT},
                        "assertion": {"type": "string", "maxLength": assertions.LENGTH_AT_MOST},
                    },
                }
            }
        },
    }
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class AssertionDesk:
    """Lets systems in, by what they sign."""

    signing_in: SignInDesk
    used: UsedAssertions

    async def token(self, assertion: str, address: str) -> dict[str, Any]:
        """A token for the appointment that the assertion names, or for the only one.

        Raises assertion_refused, wait_first, too_many_assertions, no_appointment, not_by_a_key, no_key, Unavailable.
        """
        name = assertions.says_to_be(assertion)
        if not NAME_OF_ACCOUNT.fullmatch(name):
            raise self._counted("malformed", name="")
        await self.signing_in.refuse_hasty(name, address)
        account = await self.signing_in.accounts.find(name)
        signed = await self._read(name, account, assertion, address)
        assert account is not None, "it has a key"
        chosen = _chosen(account.holding(self.signing_in.clock.now()), signed.claims.get("appointment"))
        sid = digest_of(signed.id)[:16]
        await self.signing_in.trail.say(name, SignedIn(account=name, sid=sid, divisions=account.divisions))
        metrics.SIGN_INS.labels("signed_in").inc()
        given = await self.signing_in.token_for(name, chosen, sid)
        return {"access_token": given["token"], "token_type": "Bearer", "expires_in": int(TOKEN_LIVES.total_seconds())}

    async def _read(self, name: str, account: Account | None, assertion: str, address: str) -> Assertion:
        """What is signed, taken for good. Refused, it is told alike, whatever is wrong; the log and the audit know."""
        try:
            return await self._taken(name, account, assertion)
        except AssertionRefused as refused:
            await self.signing_in.count_wrong(name, address)
            if account is not None:  # whoever guesses at names fills no log
                said = SignInRefused(account=name, why=f"assertion_{refused}", divisions=account.divisions)
                await self.signing_in.trail.say(name, said)
            raise self._counted(str(refused), name) from None

    async def _taken(self, name: str, account: Account | None, assertion: str) -> Assertion:
        signed = assertions.read(
            account.public_key if account else "", assertion, AUDIENCE, self.signing_in.clock.wall()
        )
        if account is not None and account.locked:
            raise AssertionRefused("locked")
        if await self.used.of(name, self.signing_in.clock.wall()) >= OF_ONE_ACCOUNT:
            raise refusals.too_many_assertions()
        if not await self.used.use(name, signed.id, signed.until + REMEMBERED_LONGER):
            raise AssertionRefused("used")
        return signed

    def _counted(self, why: str, name: str) -> Refusal:
        metrics.SIGN_INS.labels("refused").inc()
        log.warning("assertion_refused", account=name, why=why)
        return refusals.assertion_refused()


def add_assertions(app: FastAPI, desk: AssertionDesk) -> None:
    @app.post("/v1/token", openapi_extra=DESCRIBED)
    async def token(request: Request, address: Address) -> dict[str, Any]:
        """系统登录: a token of five minutes for whoever signs as an account's system; a new assertion each time."""
        return await desk.token(await _assertion(request), address)


async def _assertion(request: Request) -> str:
    """The assertion of a form. Raises a 413, a 415, grant_unsupported."""
    body = await limited(request, FORM)
    try:
        fields = parse_qs(body.decode("ascii", "replace"), max_num_fields=FIELDS_AT_MOST)
    except ValueError:
        fields = {}
    if fields.get("grant_type") != [GRANT]:
        raise refusals.grant_unsupported(GRANT)
    return fields.get("assertion", [""])[0]


def _chosen(holding: tuple[Appointment, ...], index: object) -> Appointment:
    """The appointment that is named, or the only one. Raises no_appointment, not_by_a_key."""
    named = [each for each in holding if index in (None, each.index)]
    if len(named) != 1:
        raise refusals.no_appointment_named()
    if named[0].role in ASKED_FOR_A_CODE:
        raise refusals.not_by_a_key()
    return named[0]

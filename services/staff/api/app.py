"""Appointing, locking, and looking at who is appointed to what."""

from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Response

from contracts.messages.staff import (
    ConfirmAppointment,
    EndAppointment,
    LockAccount,
    ProposeAppointment,
    UnlockAccount,
)
from runtime.http.app import AskedAt, IdempotencyKey, Ready, create_app
from runtime.http.bodies import canonical
from runtime.identity.tokens import Gate, Staff, require
from services.staff.api.accounts import AccountDesk, Name, shown
from services.staff.api.assertions import AssertionDesk, add_assertions
from services.staff.api.audit import AuditDesk, add_audit
from services.staff.api.bodies import AppointmentSent
from services.staff.api.passwords import PasswordDesk, add_passwords
from services.staff.api.second_factors import SecondFactorDesk, add_second_factors
from services.staff.api.sessions import add_sessions
from services.staff.api.signing_in import SignInDesk

Index = Annotated[int, Path(ge=1, le=1000)]
LISTED_AT_MOST = 500


def build_app(
    desk: AccountDesk,
    signing_in: SignInDesk,
    systems: AssertionDesk,
    passwords: PasswordDesk,
    audit: AuditDesk,
    gate: Gate,
    ready: Ready,
) -> FastAPI:
    app = create_app("duban staff", ready)
    app.state.gate = gate
    _appointing(app, desk)
    _locking(app, desk)
    _looking(app, desk)
    add_sessions(app, signing_in)
    add_assertions(app, systems)
    add_second_factors(app, SecondFactorDesk(signing_in))
    add_passwords(app, passwords, desk)
    add_audit(app, audit)
    return app


def _appointing(app: FastAPI, desk: AccountDesk) -> None:
    @app.post("/v1/accounts/{name}/appointments")
    async def propose_appointment(
        name: Name, wanted: AppointmentSent, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """任命: what is proposed waits for a second configurer. The first one opens the account."""
        require(staff, "configurer")
        body = ProposeAppointment(**wanted.model_dump())
        return await desk.ask(name, staff, idempotency_key, body, canonical(wanted))

    @app.post("/v1/accounts/{name}/appointments/{appointment}/confirmation")
    async def confirm_appointment(
        name: Name, appointment: Index, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """确认任命: by a configurer who did not propose it."""
        require(staff, "configurer")
        return await desk.change(name, staff, idempotency_key, ConfirmAppointment(appointment=appointment))

    @app.post("/v1/accounts/{name}/appointments/{appointment}/end")
    async def end_appointment(
        name: Name, appointment: Index, staff: Staff, idempotency_key: IdempotencyKey
    ) -> Response:
        """免去: from then on no token is given by it; one that was given lives for at most five minutes."""
        require(staff, "configurer")
        return await desk.change(name, staff, idempotency_key, EndAppointment(appointment=appointment))


def _locking(app: FastAPI, desk: AccountDesk) -> None:
    @app.post("/v1/accounts/{name}/lock")
    async def lock_account(name: Name, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        require(staff, "configurer")
        return await desk.change(name, staff, idempotency_key, LockAccount())

    @app.post("/v1/accounts/{name}/unlock")
    async def unlock_account(name: Name, staff: Staff, idempotency_key: IdempotencyKey) -> Response:
        require(staff, "configurer")
        return await desk.change(name, staff, idempotency_key, UnlockAccount())


def _looking(app: FastAPI, desk: AccountDesk) -> None:
    @app.get("/v1/accounts")
    async def accounts(
        staff: Staff,
        limit: Annotated[int, Query(ge=1, le=LISTED_AT_MOST)] = 100,
        after: Annotated[str, Query(max_length=40)] = "",
    ) -> dict[str, list[dict[str, Any]]]:
        """The accounts of the division, by name; ``after``: the last one of the page before."""
        require(staff, "configurer", "auditor")
        return {"accounts": await desk.listed(staff, limit, after)}

    @app.get("/v1/accounts/{name}")
    async def account(name: Name, staff: Staff) -> dict[str, Any]:
        require(staff, "configurer", "auditor")
        return shown(await desk.within_reach(name, staff), staff.division)

    @app.get("/v1/accounts/{name}/requests/{request}")
    async def outcome(name: Name, request: str, staff: Staff, asked: AskedAt = 0) -> Response:
        """What became of a request that was answered with 202."""
        require(staff, "configurer", "auditor")
        return await desk.outcome(name, staff, request, asked)

"""Routes for whoever signs in. A session is named by its secret, in a header."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, Path, Response

from runtime.http.addresses import Address
from services.staff.api.bodies import AppointmentChosen, SignIn
from services.staff.api.signing_in import SignInDesk

SessionSecret = Annotated[str, Header(alias="Session", max_length=100)]
Sid = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def add_sessions(app: FastAPI, desk: SignInDesk) -> None:
    _signing_in(app, desk)
    _sessions(app, desk)


def _signing_in(app: FastAPI, desk: SignInDesk) -> None:
    @app.post("/v1/sessions", status_code=201)
    async def sign_in(sent: SignIn, address: Address) -> dict[str, Any]:
        """登录: the session's secret, said once, and the appointments by which the account may act now."""
        return await desk.sign_in(sent.account, sent.password, sent.code, address)

    @app.post("/v1/sessions/appointment")
    async def choose_appointment(sent: AppointmentChosen, session: SessionSecret = "") -> dict[str, Any]:
        """选择任命: the session goes on under a new secret."""
        return await desk.choose(session, sent.appointment)

    @app.post("/v1/sessions/token")
    async def token(session: SessionSecret = "") -> dict[str, Any]:
        """A token of five minutes for the chosen appointment, which every service takes."""
        return await desk.token(session)


def _sessions(app: FastAPI, desk: SignInDesk) -> None:
    @app.get("/v1/sessions")
    async def sessions(session: SessionSecret = "") -> dict[str, Any]:
        """The session that asks, and all others of its account."""
        return await desk.look(session)

    @app.delete("/v1/sessions/{sid}", status_code=204)
    async def end_session(sid: Sid, session: SessionSecret = "") -> Response:
        await desk.end(session, sid)
        return Response(status_code=204)

    @app.delete("/v1/sessions", status_code=204)
    async def end_all_sessions(session: SessionSecret = "") -> Response:
        """退出: all sessions of the account end, this one too."""
        await desk.end_all(session)
        return Response(status_code=204)

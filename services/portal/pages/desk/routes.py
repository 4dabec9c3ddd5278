"""One matter for its office, and what became of a request about it, asked after until somebody has decided."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from runtime.http.addresses import Address
from services.portal.pages.desk import view
from services.portal.pages.desk.texts import TEXTS
from services.portal.pages.desk.view import RequestStanding
from services.portal.pages.desk_acts.acts import DESK_ACTS
from services.portal.pages.frame.parameters import KnownNumber, Lang, to
from services.portal.pages.frame.render import Frame
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.sign_in.acting import ActingStaff, acting

Of = Annotated[str, Query(max_length=40)]
Sent = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]
AskedAt = Annotated[int, Query(ge=0, le=2**40)]
Looks = Annotated[int, Query(ge=0, le=1000)]
SILENT, GONE = 503, 404
LOOKS_AT_MOST = 60  # times that a page asks by itself
EVERY = 2  # seconds between them


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as the address of a page names it: by its form, its id, and when it was sent (Unix seconds)."""

    of: str
    sent: str
    asked: int

    @property
    def is_known(self) -> bool:
        """Whether the address names one at all."""
        return self.of in DESK_ACTS and bool(self.sent)

    @property
    def names(self) -> dict[str, str]:
        """As an address has it."""
        return {"of": self.of, "sent": self.sent, "asked": str(self.asked)}


def _named(of: Of = "", sent: Sent = "", asked: AskedAt = 0) -> SentRequest:
    return SentRequest(of, sent, asked)


SentBefore = Annotated[SentRequest, Depends(_named)]
"""What the address says was sent before; none where it names none."""


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page of a matter, and the one that waits for an outcome."""
    page, found = frame.page("desk", TEXTS), APIRouter()

    @found.get("/desk/{number}", response_class=HTMLResponse)
    async def matter(
        number: KnownNumber, what: SentBefore, request: Request, address: Address, lang: Lang = "zh"
    ) -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        ticket, told, clocks, standing = await asyncio.gather(
            _of(who, number),
            _of(who, f"{number}/actions"),
            _clocks(who, number),
            _standing(who, number, what),
        )
        return HTMLResponse(view.html(page, lang, who, view.SeenMatter(ticket, told, clocks, standing)))

    @found.get("/desk/{number}/asked", response_class=HTMLResponse)
    async def asked_after(
        number: KnownNumber, what: SentBefore, request: Request, address: Address, lang: Lang = "zh", looks: Looks = 0
    ) -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        standing = await _standing(who, number, what)
        if standing is None or not await _is_under_way(who, number, standing):
            is_gone = standing is not None and standing.how == "gone"
            return to("/desk", lang, said="gone") if is_gone else to(f"/desk/{number}", lang, **what.names)
        again = f"/desk/{number}/asked?{urlencode(what.names | {'lang': lang, 'looks': str(looks + 1)})}"
        headers = {"Refresh": f"{EVERY}; url={again}"} if looks < LOOKS_AT_MOST else None
        return HTMLResponse(view.waiting(page, lang, who, number, standing, again), headers=headers)

    return found


async def _of(who: ActingStaff, path: str) -> Json:
    return (await who.ask("portal", f"/v1/tickets/{path}")).json


async def _clocks(who: ActingStaff, number: str) -> Json | None:
    """The clocks; None while nobody answers, or sla has not read of the matter yet."""
    try:
        return (await who.ask("sla", f"/v1/tickets/{number}/clocks")).json
    except ServiceRefused as refused:
        if refused.status not in (SILENT, GONE):
            raise
        return None


async def _standing(who: ActingStaff, number: str, what: SentRequest) -> RequestStanding | None:
    """What became of a request, as its service says; None: the address names none."""
    if not what.is_known:
        return None
    path = f"/v1/tickets/{number}/requests/{what.sent}"
    try:
        answer = await who.ask(DESK_ACTS[what.of].service, path, [("asked", str(what.asked))])
    except ServiceRefused as refused:
        how = {SILENT: "pending", GONE: "gone"}.get(refused.status, "refused")
        return RequestStanding(what.of, how, refused.zh, refused.en)
    return RequestStanding(what.of, "pending" if answer.status == 202 else "accepted")


async def _is_under_way(who: ActingStaff, number: str, standing: RequestStanding) -> bool:
    """Whether nobody has decided yet, or what was decided is not seen yet: the act is offered as before."""
    act = DESK_ACTS[standing.of]
    if standing.how != "accepted" or not act.moves:
        return standing.how == "pending"
    try:
        told: dict[str, Any] = (await who.ask("portal", f"/v1/tickets/{number}/actions")).json
    except ServiceRefused as refused:
        return refused.status == SILENT
    return any(each["request"] == act.request and each["now"] for each in told["actions"])

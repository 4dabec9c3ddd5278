"""The reporter's own matter: where it stands, who has it, by when; and what became of what was sent last."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.acts.acts import ACTS
from services.portal.pages.frame.opened import OpenedMatter, leaves_by_itself
from services.portal.pages.frame.parameters import MATTER, Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.mine.opening import PROBLEMS
from services.portal.pages.own import view
from services.portal.pages.own.texts import TEXTS
from services.portal.pages.own.view import ActStanding
from services.portal.pages.services import ServiceRefused, Services

Of = Annotated[str, Query(max_length=20)]
Sent = Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")]
SILENT = 503
YOUNG = "number_unknown"
"""It was opened here, so it was just registered: the portal has not read it yet."""
AskedAt = Annotated[int, Query(ge=0, le=2**40)]


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page behind the cookie."""
    page, cookies, found = frame.page("own", TEXTS), frame.cookies, APIRouter()

    @found.get(MATTER, response_class=HTMLResponse)
    async def own_page(
        request: Request, address: Address, lang: Lang = "zh", of: Of = "", sent: Sent = "", asked: AskedAt = 0
    ) -> Response:
        opened = cookies.read(request)
        if opened is None:
            return to("/mine", lang, ended="true")
        try:
            ticket = await services.get(f"/v1/tickets/{opened.number}", headers=opened.proof, address=address)
            standing = await _standing(services, opened, of, sent, asked, address)
        except ServiceRefused as refused:
            if refused.code not in PROBLEMS:
                raise
            return _waits(page, opened, lang) if refused.code == YOUNG else to("/mine", lang, ended="true")
        answer = HTMLResponse(view.html(page, lang, ticket, opened, standing))
        cookies.keep(answer, opened)
        leaves_by_itself(answer, lang)
        return answer

    return found


def _waits(page: Page, opened: OpenedMatter, language: Language) -> Response:
    return HTMLResponse(page.html(language, MATTER, template="waiting.html", opened=opened))


async def _standing(
    services: Services, opened: OpenedMatter, of: str, sent: str, asked: int, address: str
) -> ActStanding | None:
    """What became of a request that this page's forms sent, as its service says."""
    if of not in ACTS or not sent:
        return None
    path, when = f"/v1/tickets/{opened.number}/requests/{sent}", [("asked", str(asked))]
    try:
        answer = await services.ask(ACTS[of].row.service, path, when, headers=opened.proof, address=address)
    except ServiceRefused as refused:
        return (
            ActStanding(of, "pending")
            if refused.status == SILENT
            else ActStanding(of, "refused", refused.zh, refused.en)
        )
    return ActStanding(of, "pending" if answer.status == 202 else "accepted")

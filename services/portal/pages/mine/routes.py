"""Number and query code, asked for once: the matter is then open in this browser for a short while."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.identifiers import NumberMalformed, parse_number
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.frame import forms
from services.portal.pages.frame.opened import MatterCookies, OpenedMatter, refuse_elsewhere
from services.portal.pages.frame.parameters import MATTER, Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.mine import opening, texts
from services.portal.pages.mine.opening import NotOpened
from services.portal.pages.services import Services

Number = Annotated[str, Query(max_length=40)]


def routes(frame: Frame, services: Services) -> APIRouter:
    """The form, and the end of what it opened."""
    page, cookies, found = frame.page("mine", texts.TEXTS), frame.cookies, APIRouter()

    @found.get("/mine", response_class=HTMLResponse)
    async def form(request: Request, lang: Lang = "zh", number: Number = "", ended: bool = False) -> Response:
        opened = None if ended else cookies.read(request)
        if opened and _is_of(opened, number):
            return to(MATTER, lang)
        return HTMLResponse(html(page, lang, number, ended=ended))

    @found.post("/mine", response_class=HTMLResponse)
    async def open_matter(request: Request, address: Address, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        sent = await forms.typed(request)
        try:
            opened = await opening.opened(services, cookies, sent, address)
        except NotOpened as why:
            return HTMLResponse(html(page, lang, sent.get("number", ""), why.text), status_code=why.status)
        return _opened(cookies, opened, lang)

    @found.post("/mine/end")
    async def end(request: Request, lang: Lang = "zh") -> Response:
        refuse_elsewhere(request)
        answer = to("/mine", lang, ended="true")
        cookies.end(answer)
        return answer

    return found


def html(page: Page, language: Language, number: str, problem: str = "", *, ended: bool = False) -> str:
    """The form; ``problem`` is a name of its texts."""
    return page.html(language, "/mine", number=number[: opening.TYPED_AT_MOST], problem=problem, ended=ended)


def _opened(cookies: MatterCookies, opened: OpenedMatter, language: Language) -> Response:
    answer = to(MATTER, language)
    cookies.keep(answer, opened)
    return answer


def _is_of(opened: OpenedMatter, number: str) -> bool:
    try:
        return not number or parse_number(number) == opened.number
    except NumberMalformed:
        return False

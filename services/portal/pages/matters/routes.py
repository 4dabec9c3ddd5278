"""The public list, from the newest change on. What may be asked for, the API behind it says."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contracts.vocabulary import Language
from services.portal import times
from services.portal.pages.frame.parameters import Lang
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.matters.texts import TEXTS
from services.portal.pages.services import Asked, Json, Services
from services.portal.site import Site


def routes(frame: Frame, services: Services) -> APIRouter:
    """The list with its form."""
    page, found = frame.page("matters", TEXTS), APIRouter()

    @found.get("/tickets", response_class=HTMLResponse)
    async def list_page(request: Request, lang: Lang = "zh") -> str:
        return html(page, lang, await services.get("/v1/public/tickets", _asked(request)))

    return found


def html(page: Page, language: Language, listed: Json) -> str:
    """The page of a list as ``/v1/public/tickets`` answers."""
    now = datetime.fromisoformat(listed["now"])

    def left(due: str) -> str:
        return times.left(datetime.fromisoformat(due) - now, language)

    shown: dict[str, Any] = {"listed": listed, "found": _counted(listed), "query": _query(listed), "left": left}
    return page.html(language, "/tickets", Site(**listed["site"]), **shown)


def _asked(request: Request) -> Asked:
    """A browser sends "" for 全部: nothing was chosen."""
    return [(name, value) for name, value in request.query_params.multi_items() if value and name != "lang"]


def _counted(listed: Json) -> str:
    """The name of the words that say how many there are."""
    if listed["at_least"]:
        return "found_at_least"
    return "found_one" if listed["total"] == 1 else "found"


def _query(listed: Json) -> str:
    """What is asked for, as the links to other pages of the list say it."""
    return urlencode([(each["name"], code) for each in listed["filters"] for code in each["chosen"]])

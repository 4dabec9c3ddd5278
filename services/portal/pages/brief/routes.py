"""The brief of yesterday, or of another day that is over; the day before and the day after are a link away."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language
from services.portal import times
from services.portal.pages.brief.texts import TEXTS
from services.portal.pages.frame.parameters import Lang, Place
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.services import Json, Services
from services.portal.site import Site

MINUS = "−"


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page, as ``/v1/brief`` answers."""
    page, found = frame.page("brief", TEXTS), APIRouter()

    @found.get("/brief", response_class=HTMLResponse)
    async def brief_page(division: Place = "", date: str = "", lang: Lang = "zh") -> str:
        return html(page, lang, await services.get("/v1/brief", [("division", division), ("date", date)]))

    return found


def html(page: Page, language: Language, brief: Json) -> str:
    """The page of a brief."""
    day, last = date.fromisoformat(brief["date"]), date.fromisoformat(brief["last"])
    after = day + timedelta(days=1)
    shown: dict[str, Any] = {"brief": brief, "day": times.day(day, language), "change": change}
    shown |= {"earlier": day - timedelta(days=1), "later": after if after <= last else None}
    return page.html(language, "/brief", Site(**brief["site"]), official=OfficialCounter, **shown)


def change(by: int) -> str:
    """A difference with its sign; none is a sign of its own."""
    return f"+{by}" if by > 0 else f"{MINUS}{-by}" if by else "0"

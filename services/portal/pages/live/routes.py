"""The live page with its sentence and counters; cards arrive by the stream."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from contracts import lifecycle, vocabulary
from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language
from services.portal.pages.frame.parameters import Lang, Place
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.live.texts import TEXTS
from services.portal.pages.services import Json, Services
from services.portal.site import Site


def routes(frame: Frame, services: Services) -> APIRouter:
    """The board of the site, or of a division inside it."""
    page, found = frame.page("live", TEXTS), APIRouter()

    @found.get("/", response_class=HTMLResponse)
    async def live_page(division: Place = "", lang: Lang = "zh") -> str:
        return html(page, lang, await services.get("/v1/board", [("division", division)]))

    return found


def html(page: Page, language: Language, board: Json) -> str:
    """The page of a board as ``/v1/board`` answers."""
    words: dict[str, Any] = {"says": board["says"][language], "apart": board["apart"][language]}
    words |= {"official": OfficialCounter, "script": _script(page, language)}
    return page.html(language, "/", Site(**board["site"]), board=board, **words)


def _script(page: Page, language: Language) -> dict[str, dict[str, str]]:
    """The words that the script needs."""
    tables = {"lanes": lifecycle.LANES, "states": lifecycle.STATE_NAMES, "lights": vocabulary.LIGHTS}
    named = {
        table: {code: vocabulary.say(pair, language) for code, pair in names.items()} for table, names in tables.items()
    }
    return {"page": page.texts(language)} | named

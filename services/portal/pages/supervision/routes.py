"""督查: a division in figures, and the matters that stand behind each of them; for supervision and leaders."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from contracts.divisions import names_within
from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal.pages.frame.parameters import Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.services import Asked, Services
from services.portal.pages.sign_in.acting import ActingStaff, acting
from services.portal.pages.supervision import asked, view
from services.portal.pages.supervision.asked import SeenPart
from services.portal.pages.supervision.texts import TEXTS

PAGE, MATTERS, TABLE = "/desk/supervision", "/desk/supervision/matters", "/desk/supervision/overdue.csv"
SUPERVISING = ("supervisor", "leader")
PERIODS = ("day", "week", "month")
PAGE_SIZE = 50  # matters of one page
By = Annotated[Literal["day", "week", "month"], Query()]
Within = Annotated[str, Query(alias="division", pattern=r"^([0-9]{2,12})?$")]
Unit = Annotated[str, Query(max_length=40)]
Colour = Annotated[Literal["", "green", "yellow", "orange", "red"], Query()]
After = Annotated[str, Query(max_length=200)]


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page, its table to be saved, and its matters, behind the session of whoever is signed in."""
    page, found = frame.page("supervision", TEXTS), APIRouter()

    @found.get(PAGE, response_class=HTMLResponse)
    async def supervision(
        request: Request, address: Address, lang: Lang = "zh", by: By = "day", within: Within = ""
    ) -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        _supervises(who, within)
        return HTMLResponse(_html(page, lang, who, by, within, await asked.seen(who, by, within)))

    @found.get(TABLE)
    async def table(
        request: Request, address: Address, lang: Lang = "zh", by: By = "day", within: Within = ""
    ) -> Response:
        """点名通报 as a file, as the API has it."""
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        _supervises(who, within)
        content = await who.text("sla", "/v1/overdue", [("by", by), ("form", "csv"), *_named(division=within)])
        headers = {"Content-Disposition": f'attachment; filename="overdue-{by}.csv"'}
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    @found.get(MATTERS, response_class=HTMLResponse)
    async def matters(
        request: Request,
        address: Address,
        lang: Lang = "zh",
        within: Within = "",
        unit: Unit = "",
        light: Colour = "",
        after: After = "",
    ) -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to("/staff", lang)
        _supervises(who, within)
        wanted = _named(division=within, unit=unit, light=light)
        paged = [*wanted, *_named(after=after, limit=str(PAGE_SIZE))]
        listed = (await who.ask("portal", "/v1/tickets", paged)).json
        shown: dict[str, Any] = {"who": who, "listed": listed, "within": within, "unit": unit, "light": light}
        shown["place"] = names_within(who.division).get(within, within)
        return HTMLResponse(page.html(lang, MATTERS, template="matters.html", wanted=wanted, **shown))

    return found


def _supervises(who: ActingStaff, within: str) -> None:
    """Raises a 404 for whoever does not supervise, and for a place that is not theirs."""
    is_theirs = not within or within.startswith(who.division)
    if who.role not in SUPERVISING or not is_theirs:
        raise HTTPException(404)


def _named(**wanted: str) -> Asked:
    return [(name, value) for name, value in wanted.items() if value]


def _html(page: Page, language: Language, who: ActingStaff, by: str, within: str, parts: Mapping[str, SeenPart]) -> str:
    found, places = {name: each.found for name, each in parts.items()}, names_within(who.division)
    shown: dict[str, Any] = {"who": who, "by": by, "within": within, "parts": parts, "periods": PERIODS}
    shown |= {"place": places.get(within, within)}
    shown |= {
        "rows": view.ROWS,
        "seen": view.SEEN,
        "colours": view.WORST_FIRST,
        "at_most": asked.AT_MOST,
        "as_of": _as_of(found),
    }
    for name, what in (("counties", "county"), ("units", "unit")):
        shown[name] = view.lights(found[name], what, places) if found.get(name) else []
    overdue = found.get("overdue")
    shown["named_units"] = view.units(overdue, language) if overdue else []
    shown["named_leads"] = view.lead_units(overdue, language) if overdue else []
    shown["names"] = view.names(found.get("units"), overdue)
    shown["red"] = view.red(shown["counties"])
    return page.html(language, PAGE, **shown)


def _as_of(found: Mapping[str, Any]) -> str:
    """By when the lights are as they are shown; "" while nobody says it."""
    return str((found.get("counties") or found.get("units") or {}).get("at", ""))

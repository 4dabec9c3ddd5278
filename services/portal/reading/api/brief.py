"""晨报: the morning brief of a day, for programs and as plain text; the board as a file."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response

from contracts import lifecycle
from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language
from runtime.clock import Clock
from runtime.http.app import parsed
from runtime.http.bodies import AS_READ
from runtime.http.problems import Refusal
from runtime.http.tables import ALSO_CSV, csv_file
from services.portal.reading.api import answers
from services.portal.reading.board import brief, brief_text
from services.portal.reading.board.board import Board
from services.portal.reading.live.boards import BoardPlace
from services.portal.reading.live.briefs import Briefs

Form = Literal["", "json", "text"]
ALSO_TEXT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
COLUMNS = ("counter", "zh", "en", "tickets")
APART: Mapping[str, tuple[str, str]] = {
    "valid": ("有效事项合计", "All valid matters"),
    "withdrawn": lifecycle.STATE_NAMES["withdrawn"],
    "invalid": lifecycle.STATE_NAMES["invalid"],
}
AskedDay = Annotated[
    str, AS_READ, Query(alias="date", max_length=20, description="A day that is over, in China; empty is yesterday")
]


def brief_routes(briefs: Briefs, place: Callable[..., Awaitable[BoardPlace]], clock: Clock) -> APIRouter:
    """The routes; ``place`` finds the board of a division inside the site."""
    routes = APIRouter()

    @routes.get("/v1/brief", responses=ALSO_TEXT)
    async def morning_brief(
        where: Annotated[BoardPlace, Depends(place)],
        date: AskedDay = "",
        form: Form = "",
        lang: Language = "zh",
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Response:
        last = brief.yesterday(clock.now())
        day, site = _day(date, last), where.site
        told = await briefs.of(site.division, day)
        if form == "text" or (not form and "text/plain" in accept):
            said = brief_text.text(told, (site.place_zh, site.place_en), lang)
            return Response(said, media_type="text/plain; charset=utf-8", headers={"Vary": "Accept"})
        return answers.json({"now": clock.now(), "site": site, "last": last} | brief.figures(told))

    @routes.get("/v1/board.json")
    async def board_as_json(where: Annotated[BoardPlace, Depends(place)]) -> Response:
        return answers.json(answers.whole(await where.board.latest(), where.site))

    @routes.get("/v1/board.csv", responses=ALSO_CSV)
    async def board_as_csv(where: Annotated[BoardPlace, Depends(place)]) -> Response:
        return csv_file(COLUMNS, _rows(await where.board.latest()))

    return routes


def _day(typed: str, last: date) -> date:
    """The day that is asked for. Raises a 422 for what is none, and for one that is not over."""
    if not typed:
        return last
    day = date.fromisoformat(parsed(brief.parse_day, typed, "query", "date"))
    if day > last:
        code, zh, en = (
            "day_not_over",
            f"这一天还没有结束，最晚可查 {last}。",
            f"That day is not over: ask for {last} or before.",
        )
        raise Refusal(422, code, zh, en, errors=[{"pointer": "/query/date", "code": code, "zh": zh, "en": en}])
    return day


def _rows(seen: Board) -> list[dict[str, Any]]:
    """One for each of the six counters, then what they sum to and what stands beside them."""
    names = {each.value: lifecycle.COUNTERS[each] for each in OfficialCounter}
    counted = {each.value: seen.counters.of(each) for each in OfficialCounter}
    counted |= {"valid": seen.counters.valid, "withdrawn": seen.withdrawn, "invalid": seen.invalid}
    both = {**names, **APART}
    return [{"counter": name, "zh": both[name][0], "en": both[name][1], "tickets": n} for name, n in counted.items()]

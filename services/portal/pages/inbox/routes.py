"""The inbox as the APIs answer with it. The same page again, asked for with its ``ETag``, is answered with 304."""

import asyncio
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from contracts.vocabulary import Language
from runtime.http.addresses import Address
from services.portal import times
from services.portal.pages.frame.parameters import Lang, to
from services.portal.pages.frame.render import Frame, Page
from services.portal.pages.inbox.texts import TEXTS
from services.portal.pages.many.acts import AT_MOST, MANY, REVIEW, acts_for
from services.portal.pages.services import Json, ServiceRefused, Services
from services.portal.pages.sign_in.acting import ActingStaff, acting

DESK, STAFF = "/desk", "/staff"
PAGE_SIZE = 50  # lines of one page
KINDS = tuple(key.removeprefix("work_") for key in TEXTS if key.startswith("work_"))
SINCE = ("look_back", "delivery")
"""Work that is due from an instant on, and has none by which it must be done."""
AS_LINE = {"review_plan": "plan", REVIEW: "completion"}
"""Kind of work of a line of the inbox → what the list of reviews calls it."""
NOT_THEIRS, SILENT = 403, 503
Skip = Annotated[int, Query(ge=0, le=10_000)]
Said = Annotated[str, Query(max_length=20)]


def routes(frame: Frame, services: Services) -> APIRouter:
    """The page, behind the session of whoever is signed in."""
    page, found = frame.page("inbox", TEXTS), APIRouter()

    @found.get(DESK, response_class=HTMLResponse)
    async def inbox(request: Request, address: Address, lang: Lang = "zh", skip: Skip = 0, said: Said = "") -> Response:
        who = await acting(services, request, address)
        if who is None:
            return to(STAFF, lang)
        work, reviews = await asyncio.gather(_work(who, skip), _reviews(who))
        return _answer(request, _html(page, lang, who, work, reviews, skip, said))

    return found


async def _work(who: ActingStaff, skip: int) -> Json | None:
    """What the office has to do; None: the role has no inbox."""
    try:
        return (await who.ask("portal", "/v1/inbox", [("limit", str(PAGE_SIZE)), ("skip", str(skip))])).json
    except ServiceRefused as refused:
        if refused.status != NOT_THEIRS:
            raise
        return None


async def _reviews(who: ActingStaff) -> list[Json] | str | None:
    """What waits for this reviewer; "" where the role reviews nothing, None while nobody answers."""
    try:
        found: list[Json] = (await who.ask("feedback", "/v1/reviews")).json["reviews"]
    except ServiceRefused as refused:
        if refused.status not in (NOT_THEIRS, SILENT):
            raise
        return "" if refused.status == NOT_THEIRS else None
    return found


def _html(
    page: Page,
    lang: Language,
    who: ActingStaff,
    work: Json | None,
    reviews: list[Json] | str | None,
    skip: int,
    said: str,
) -> str:
    shown: dict[str, Any] = {"who": who, "inbox": work, "reviews": _beside(reviews, work), "skip": skip, "said": said}
    dues = {each["number"]: _due(page, each, work["now"], lang) for each in work["tickets"]} if work else {}
    ticks = {each["number"]: acts_for(each["work"]["kind"], who.role) for each in work["tickets"]} if work else {}
    acts = [*(act for found in ticks.values() for act in found), *([REVIEW] if _has_work(reviews) else [])]
    shown |= {"ticks": ticks, "acts": {act: MANY[act].name for act in acts}, "at_most": AT_MOST}
    return page.html(lang, DESK, dues=dues, kinds=KINDS, page_size=PAGE_SIZE, **shown)


def _beside(reviews: list[Json] | str | None, work: Json | None) -> list[Json] | str | None:
    """What waits for the reviewer and is no line of the inbox: findings, work of a level as its deputy."""
    if not (isinstance(reviews, list) and work):
        return reviews
    lines = {(AS_LINE.get(each["work"]["kind"]), each["number"]) for each in work["tickets"]}
    return [each for each in reviews if (each["what"], each["number"]) not in lines]


def _has_work(reviews: list[Json] | str | None) -> bool:
    """Whether work waits for this reviewer, not only plans or findings."""
    return isinstance(reviews, list) and any(each["what"] == "completion" for each in reviews)


def _due(page: Page, line: Json, now: str, language: Language) -> Json:
    """By when, and how long that still is; since when, where nothing is due."""
    at, kind = datetime.fromisoformat(line["work"]["at"]), line["work"]["kind"]
    when = times.clock_time(at, language)
    if kind in SINCE or (line["due"] is None and kind != "answer_order"):
        return {"said": page.texts(language)["waits_since"].format(when=when), "left": ""}
    left = times.left(at - datetime.fromisoformat(now), language)
    return {"said": page.texts(language)["due_at"].format(when=when), "left": left}


def _answer(request: Request, html: str) -> Response:
    tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return HTMLResponse(html, headers={"ETag": tag})

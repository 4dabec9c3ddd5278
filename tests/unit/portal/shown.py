"""The pages of a made-up matter, list or board: rendered from what the API answers."""

from typing import Any

import orjson

from contracts.vocabulary import Language
from services.portal.pages.frame.opened import OpenedMatter
from services.portal.pages.frame.render import Frame
from services.portal.pages.live import routes as live_page
from services.portal.pages.live import texts as live_texts
from services.portal.pages.matters import routes as list_page
from services.portal.pages.matters import texts as list_texts
from services.portal.pages.mine import routes as form_page
from services.portal.pages.mine import texts as form_texts
from services.portal.pages.own import texts as own_texts
from services.portal.pages.own import view as own_view
from services.portal.pages.ticket import texts as ticket_texts
from services.portal.pages.ticket import view
from services.portal.reading.api import answers, fields
from services.portal.reading.board.board import Board
from services.portal.reading.ports import Found
from services.portal.reading.search.filters import Filters
from services.portal.reading.ticket import visibility
from services.portal.reading.ticket.document import Ticket
from services.portal.site import Site
from tests.pages import edge
from tests.unit.portal.tickets import NOON

SITE = Site(place_zh="麻阳苗族自治县", place_en="Mayang County")
FRAME = Frame(SITE, edge())
TICKET = FRAME.page("ticket", ticket_texts.TEXTS)
OWN = FRAME.page("own", own_texts.TEXTS)


def plain(answer: dict[str, Any]) -> Any:
    """An answer as a page receives it."""
    return orjson.loads(bytes(answers.json(answer).body))


def public(language: Language, ticket: Ticket) -> str:
    """The public page of a matter."""
    return view.html(TICKET, language, plain(answers.for_public(visibility.for_public(ticket), NOON)))


def own(language: Language, ticket: Ticket) -> str:
    """The page that the reporter opens with the code."""
    opened = OpenedMatter(ticket.number, "", 0, "")
    return own_view.html(OWN, language, plain(answers.for_reporter(ticket, 0, NOON)), opened)


def listed(language: Language, *tickets: Ticket, total: int = 1, at_least: bool = False) -> str:
    """The page of a list."""
    told = {"now": NOON, "site": SITE, "filters": answers.form(fields.PUBLIC, Filters())}
    told |= {"total": total, "at_least": at_least, "page": 1, "pages": 1, "newer": "", "older": ""}
    cards = answers.cards(Found(tickets, total), SITE.division, NOON)
    return list_page.html(FRAME.page("matters", list_texts.TEXTS), language, plain(told | cards))


def live(language: Language, board: Board) -> str:
    """The live page of a board."""
    return live_page.html(FRAME.page("live", live_texts.TEXTS), language, plain(answers.whole(board, SITE)))


def form(language: Language, number: str) -> str:
    """The form for number and query code."""
    return form_page.html(FRAME.page("mine", form_texts.TEXTS), language, number)

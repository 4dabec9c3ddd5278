"""A matter as the APIs answer with it, shown: to the public, or to its reporter."""

from typing import Any

from contracts import vocabulary
from contracts.vocabulary import Language
from services.portal.pages.frame.render import Page
from services.portal.pages.services import Json


def html(page: Page, language: Language, ticket: Json, *, reporter: bool = False, **shown: Any) -> str:
    """One ticket and its story. ``reporter``: the view behind the query code, with what else it has ``shown``."""
    title = ticket["title"] if reporter else vocabulary.say((ticket["title_zh"], ticket["title_en"]), language)
    promise = promised(ticket["promise"], language) if ticket["promise"] else ""
    path = "/mine/matter" if reporter else f"/tickets/{ticket['number']}"
    return page.html(language, path, ticket=ticket, title=title, promise=promise, reporter=reporter, **shown)


def promised(chosen: Json, language: Language) -> str:
    """The promise in words: what, and within which limit."""
    limit = f"{chosen['limit']} {vocabulary.name(vocabulary.LIMIT_UNITS, chosen['limit_unit'], language)}"
    return f"{chosen['name_zh']}，{limit.replace(' ', '')}" if language == "zh" else f"{chosen['name_en']}, {limit}"

"""A matter as the APIs answer with it, shown: to the public, or to its reporter."""

from contracts import vocabulary
from contracts.vocabulary import Language
from services.portal.pages.frame.render import Page
from services.portal.pages.services import Json


def html(page: Page, language: Language, ticket: Json, *, reporter: bool = False) -> str:
    """One ticket and its story. ``reporter``: the view behind the query code."""
    title = ticket["title"] if reporter else vocabulary.say((ticket["title_zh"], ticket["title_en"]), language)
    promised = _promise(ticket["promise"], language) if ticket["promise"] else ""
    path = "/mine" if reporter else f"/tickets/{ticket['number']}"
    return page.html(language, path, ticket=ticket, title=title, promise=promised, reporter=reporter)


def _promise(chosen: Json, language: Language) -> str:
    """The promise in words: what, and within which limit."""
    limit = f"{chosen['limit']} {vocabulary.name(vocabulary.LIMIT_UNITS, chosen['limit_unit'], language)}"
    return f"{chosen['name_zh']}，{limit.replace(' ', '')}" if language == "zh" else f"{chosen['name_en']}, {limit}"

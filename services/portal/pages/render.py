"""Templates to HTML. Autoescape is on and an unknown name is an error; nothing here marks text as safe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts.identifiers import spoken
from services.portal.domain import board, lights, readers
from services.portal.domain.counters import Counter, Counters
from services.portal.domain.filters import Filters
from services.portal.domain.ticket import Ticket
from services.portal.pages import sentences, story, texts
from services.portal.pages.texts import Language

HERE = Path(__file__).parent
STATIC = HERE / "static"
LIGHT_ORDER = ("green", "yellow", "orange", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Whose board it is, as the heading says it."""

    place_zh: str
    place_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the public list, from the newest on."""

    asked: Filters
    found: Sequence[Ticket]
    total: int
    page: int
    pages: int


class Pages:
    """All pages of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def live(self, language: Language, counters: Counters, now: datetime) -> str:
        """The live page, with the counters in it; cards arrive by the stream."""
        return self._render(
            "live.html", language, "/", counters=counters, official=Counter, now=now, script=_script(language)
        )

    def tickets(self, language: Language, page: ListPage, now: datetime) -> str:
        """A page of the public list."""
        cards = [card for ticket in page.found if (card := board.card(ticket, now))]
        query = asked_for(page.asked)
        return self._render("list.html", language, "/tickets", page=page, cards=cards, query=query, now=now)

    def ticket(self, language: Language, ticket: Ticket, now: datetime, *, reporter: bool = False) -> str:
        """One ticket and its story. ``reporter``: the view behind the query code, of a ticket as that reader reads it;
        else what the public may see."""
        seen = ticket if reporter else readers.for_public(ticket)
        shown = {
            "ticket": seen,
            "title": ticket.title if reporter else texts.say(board.public_title(ticket), language),
            "lane": board.LANES.get(ticket.state),
            "light": lights.light(ticket, now),
            "clock": board.pressing(ticket),
            "lines": story.lines(seen, language),
            "reporter": reporter,
            "promise": story.promise(ticket.promise, language) if ticket.promise else "",
        }
        path = "/mine" if reporter else f"/tickets/{ticket.number}"
        return self._render("ticket.html", language, path, now=now, **shown)

    def mine(self, language: Language, *, number: str = "", problem: str = "") -> str:
        """The form for number and query code; ``problem`` is a name in texts.PAGE."""
        return self._render("mine.html", language, "/mine", number=number, problem=problem)

    def missing(self, language: Language) -> str:
        """There is no such ticket."""
        return self._render("missing.html", language, "/")

    def _render(self, template: str, language: Language, path: str, **shown: Any) -> str:
        def t(key: str, **values: object) -> str:
            return texts.say(texts.PAGE[key], language).format(**values)

        def named(names: str, code: object) -> str:
            return texts.name(_NAMES[names], str(code), language)

        def pick(zh: str, en: str) -> str:
            return texts.say((zh, en or zh), language)

        def when(instant: datetime) -> str:
            return story.clock_time(instant, language)

        words = {"t": t, "named": named, "pick": pick, "when": when, "grouped": spoken}
        frame = {"site": self._site, "lang": language, "path": path, "lanes": tuple(board.Lane), "lights": LIGHT_ORDER}
        return self._templates.get_template(template).render(**words, **frame, **shown)


def asked_for(asked: Filters) -> str:
    """The public filters as a query string, for the links between pages."""
    pairs: list[tuple[str, str]] = [("state", state.value) for state in asked.states]
    pairs += [("light", light.value) for light in asked.lights]
    pairs += [("counter", asked.counter.value)] if asked.counter else []
    pairs += [(name, "true") for name in ("urgent", "collective", "ordered", "reworked") if getattr(asked, name)]
    return urlencode(pairs)


_NAMES: Mapping[str, Mapping[str, texts.Pair]] = {
    "counters": texts.COUNTERS,
    "lanes": texts.LANES,
    "states": texts.STATES,
    "lights": texts.LIGHTS,
    "channels": texts.CHANNELS,
    "clocks": texts.CLOCKS,
    "grades": texts.GRADES,
    "modes": texts.MODES,
    "evidence": sentences.EVIDENCE,
}


def _script(language: Language) -> dict[str, dict[str, str]]:
    """The words that the script of the live page needs."""
    tables = {"page": texts.PAGE, "lanes": texts.LANES, "states": texts.STATES, "lights": texts.LIGHTS}
    return {table: {code: texts.say(pair, language) for code, pair in names.items()} for table, names in tables.items()}

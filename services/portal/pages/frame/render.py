"""Templates to HTML. Autoescape is on and an unknown name is an error; nothing here marks text as safe."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts import lifecycle, vocabulary
from contracts.identifiers import spoken
from contracts.lifecycle import OfficialCounter
from contracts.vocabulary import Language
from services.portal.pages.frame import problems, texts
from services.portal.reading.board import board, summary
from services.portal.reading.board.board import Board
from services.portal.reading.board.site import Site
from services.portal.reading.ports import Found
from services.portal.reading.search.filters import Filters
from services.portal.reading.ticket import lights, story, visibility
from services.portal.reading.ticket.document import Ticket

HERE = Path(__file__).parents[1]
STATIC = HERE / "static"
VERSION = sha256(b"".join(each.read_bytes() for each in sorted(STATIC.iterdir()))).hexdigest()[:10]
"""Stands in the address of every static file: a page never meets the script of another build."""
PUBLIC_FLAGS = ("overdue", "urgent", "collective", "ordered", "reworked")
LIGHT_ORDER = ("green", "yellow", "orange", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page of the public list, from the newest on."""

    asked: Filters
    found: Found
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
        self._templates.globals["static"] = _static

    def live(self, language: Language, shown: Board, site: Site | None = None) -> str:
        """The live page with its sentence and counters; cards arrive by the stream. ``site``: another place's board."""
        says, apart = summary.clauses(shown, language), summary.apart(shown, language)
        words: dict[str, Any] = {"official": OfficialCounter, "script": _script(language), "says": says, "apart": apart}
        return self._render("live.html", language, "/", site, board=shown, **words)

    def tickets(self, language: Language, page: ListPage, now: datetime, site: Site | None = None) -> str:
        """A page of the public list."""
        home = (site or self._site).division
        cards = [card for ticket in page.found.tickets if (card := board.card(ticket, now, home))]
        shown: dict[str, Any] = {
            "page": page,
            "cards": cards,
            "query": asked_for(page.asked),
            "found": _counted(page.found),
        }

        def left(due: datetime) -> str:
            return summary.left(due - now, language)

        return self._render("list.html", language, "/tickets", site, official=OfficialCounter, left=left, **shown)

    def problem(self, language: Language, status: int) -> str:
        """What a browser is shown instead of what it asked for."""
        return self._render("problem.html", language, "/", says=problems.says(status, language))

    def ticket(self, language: Language, ticket: Ticket, now: datetime, *, reporter: bool = False) -> str:
        """One ticket and its story. ``reporter``: the view behind the query code, of a ticket as that reader reads it;
        else what the public may see."""
        seen = ticket if reporter else visibility.for_public(ticket)
        shown: dict[str, Any] = {
            "ticket": seen,
            "title": ticket.title if reporter else vocabulary.say(board.public_title(ticket), language),
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

    def _render(self, template: str, language: Language, path: str, site: Site | None = None, **shown: Any) -> str:
        def t(key: str, **values: object) -> str:
            return vocabulary.say(texts.PAGE[key], language).format(**values)

        def named(names: str, code: object) -> str:
            return vocabulary.name(_NAMES[names], str(code), language)

        def pick(zh: str, en: str) -> str:
            return vocabulary.say((zh, en or zh), language)

        def when(instant: datetime) -> str:
            return story.clock_time(instant, language)

        words = {"t": t, "named": named, "pick": pick, "when": when, "grouped": spoken}
        frame: dict[str, object] = {"site": site or self._site, "home": self._site, "lang": language, "path": path}
        at = f"&division={site.division}" if site and site.division != self._site.division else ""
        frame |= {"at": at, "lanes": tuple(lifecycle.Lane), "lights": LIGHT_ORDER}
        return self._templates.get_template(template).render(**words, **frame, **shown)


def _counted(found: Found) -> str:
    """The name of the words that say how many there are."""
    if found.at_least:
        return "found_at_least"
    return "found_one" if found.total == 1 else "found"


def _static(name: str) -> str:
    return f"/static/{VERSION}/{name}"


def asked_for(asked: Filters) -> str:
    """The public filters as a query string, for the links between pages."""
    pairs: list[tuple[str, str]] = [("light", light.value) for light in asked.lights]
    pairs += [("counter", asked.counter.value)] if asked.counter else []
    pairs += [(name, "true") for name in PUBLIC_FLAGS if getattr(asked, name)]
    return urlencode(pairs)


_NAMES: Mapping[str, Mapping[str, vocabulary.Pair]] = {
    "counters": lifecycle.COUNTERS,
    "lanes": lifecycle.LANES,
    "states": lifecycle.STATE_NAMES,
    "lights": vocabulary.LIGHTS,
    "channels": vocabulary.CHANNELS,
    "clocks": lifecycle.CLOCK_NAMES,
    "grades": vocabulary.GRADES,
    "modes": vocabulary.MODES,
    "evidence": vocabulary.EVIDENCE,
}


def _script(language: Language) -> dict[str, dict[str, str]]:
    """The words that the script of the live page needs."""
    tables = {
        "page": texts.PAGE,
        "lanes": lifecycle.LANES,
        "states": lifecycle.STATE_NAMES,
        "lights": vocabulary.LIGHTS,
    }
    return {
        table: {code: vocabulary.say(pair, language) for code, pair in names.items()} for table, names in tables.items()
    }

"""Templates to HTML. Autoescape is on and an unknown name is an error; nothing here marks text as safe."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contracts import lifecycle, vocabulary
from contracts.identifiers import spoken
from contracts.vocabulary import Language, Pair
from services.portal import times
from services.portal.pages.frame import texts
from services.portal.pages.frame.edge import Edge
from services.portal.pages.frame.opened import MatterCookies
from services.portal.site import Site

PAGES = Path(__file__).parents[1]
SERVED = (".css", ".js", ".svg")
FILES = {path.name: path for path in sorted(PAGES.rglob("*")) if path.suffix in SERVED}
"""The files that browsers ask for by name alone: no two folders have one of the same name."""
VERSION = sha256(b"".join(path.read_bytes() for path in FILES.values())).hexdigest()[:10]
"""Stands in the address of every such file: a page never meets the script of another build."""


class _Templates(Environment):
    """Templates over answers of an API: ``card.due`` is the field of a JSON object, and no method of a dictionary."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


class Frame:
    """What stands around every page of a site."""

    def __init__(self, home: Site, edge: Edge) -> None:
        self.home, self.edge, self.cookies = home, edge, MatterCookies(edge)
        self.templates = _Templates(
            loader=FileSystemLoader(PAGES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals["static"] = _static

    def page(self, folder: str, own: Mapping[str, Pair]) -> "Page":
        """The page of a folder with its own texts."""
        return Page(self, folder, own)


class Page:
    """A page: its template says what is shown, its texts in which words."""

    def __init__(self, frame: Frame, folder: str, own: Mapping[str, Pair]) -> None:
        self._frame, self._folder = frame, folder
        said = {**texts.TEXTS, **own}
        self._texts = {language: _said(said, language) for language in vocabulary.LANGUAGES}

    def html(
        self, language: Language, path: str, site: Site | None = None, template: str = "page.html", **shown: Any
    ) -> str:
        """The page. ``path``: where it stands; ``site``: whose board it is, where not the home's."""
        place, home = site or self._frame.home, self._frame.home
        at = f"&division={place.division}" if place.division != home.division else ""
        frame: dict[str, Any] = {"site": place, "home": home, "lang": language, "path": path, "at": at}
        frame |= {"lanes": tuple(lifecycle.Lane), "lights": vocabulary.COLOURS}
        words = self._words(language)
        return self._frame.templates.get_template(f"{self._folder}/{template}").render(**words, **frame, **shown)

    def texts(self, language: Language) -> dict[str, str]:
        """All that the page says, for its script."""
        return self._texts[language]

    def _words(self, language: Language) -> dict[str, Any]:
        own = self._texts[language]

        def t(key: str, **values: object) -> str:
            return own[key].format(**values) if values else own[key]

        def named(names: str, code: object) -> str:
            return vocabulary.name(NAMES[names], str(code), language)

        def pick(zh: str, en: str) -> str:
            return vocabulary.say((zh, en or zh), language)

        def when(instant: str) -> str:
            return times.clock_time(datetime.fromisoformat(instant), language)

        return {"t": t, "named": named, "pick": pick, "when": when, "grouped": spoken}


def _said(texts: Mapping[str, Pair], language: Language) -> dict[str, str]:
    return {key: vocabulary.say(pair, language) for key, pair in texts.items()}


def _static(name: str) -> str:
    return f"/static/{VERSION}/{name}"


NAMES: Mapping[str, Mapping[str, Pair]] = {
    "counters": lifecycle.COUNTERS,
    "lanes": lifecycle.LANES,
    "states": lifecycle.STATE_NAMES,
    "lights": vocabulary.LIGHTS,
    "channels": vocabulary.CHANNELS,
    "clocks": lifecycle.CLOCK_NAMES,
    "modes": vocabulary.MODES,
    "evidence": vocabulary.EVIDENCE,
    "grades": vocabulary.GRADES,
    "roles": vocabulary.ROLES,
    "audiences": vocabulary.AUDIENCES,
}
"""The code tables that templates name codes from."""

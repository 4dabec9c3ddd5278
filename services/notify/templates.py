"""Templates (D4): versioned data, allowed variables only, rendered in a sandbox. A bad one refuses to start."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

VARIABLES = {
    "number": 24,
    "code": 16,
    "order": 40,
    "due": 16,
    "unit_zh": 60,
    "unit_en": 80,
    "standard_zh": 60,
    "standard_en": 80,
    "reason_zh": 160,
    "reason_en": 220,
}
"""What a template may say, and how many characters of it: so the longest message still fits."""
SMS_LENGTH = 350  # characters: five parts of a long message
LANGUAGES = ("zh", "en")
CHANNELS = ("sms", "email")
SUBJECT = "subject"
MISSING = dict.fromkeys(VARIABLES, "—")

Key = tuple[str, str, str, str]
"""County ("" for any), kind, channel ("" for any), language."""


class TemplateRefused(ValueError):
    """A template is malformed, too long, misses a language, or uses what is not allowed; the text names it."""


class Templates:
    """The templates of one version; a county's own stand over the common ones."""

    def __init__(self, source: str, counties: Mapping[str, str] | None = None) -> None:
        common = tomllib.loads(source)
        self.version: str = common.pop("version")
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._kinds = sorted(set(common) - {SUBJECT})
        self._compiled = self._read("", common)
        for county, text in (counties or {}).items():
            self._compiled |= self._read(county, tomllib.loads(text))

    def kinds(self) -> list[str]:
        """The kinds there are."""
        return list(self._kinds)

    def render(
        self, kind: str, language: str, values: Mapping[str, str], channel: str = "sms", county: str = ""
    ) -> str:
        """The text. A missing value reads as a dash, a long one is cut: a message is never lost over one."""
        known = language if language in LANGUAGES else LANGUAGES[0]
        choices = ((county, kind, channel, known), (county, kind, "", known), ("", kind, channel, known))
        found = next((self._compiled[each] for each in choices if each in self._compiled), None)
        clipped = {name: str(value)[: VARIABLES.get(name, 0)] for name, value in values.items()}
        return (found or self._compiled["", kind, "", known]).render(MISSING | clipped)

    def subject(self, language: str, values: Mapping[str, str]) -> str:
        """The subject of an e-mail."""
        return self.render(SUBJECT, language, values)

    def _read(self, county: str, plain: Mapping[str, Any]) -> dict[Key, Template]:
        read = {}
        for kind, channel, texts in _texts(plain):
            place = "/".join(filter(None, (county, kind, channel)))
            if set(texts) != set(LANGUAGES):
                raise TemplateRefused(f"{place}: one text in each of {', '.join(LANGUAGES)}")
            if county and kind not in (*self._kinds, SUBJECT):
                raise TemplateRefused(f"{place}: there is no such kind")
            for language, text in texts.items():
                read[county, kind, channel, language] = self._compile(f"{place}/{language}", channel, text)
        return read

    def _compile(self, place: str, channel: str, text: str) -> Template:
        try:
            unknown = meta.find_undeclared_variables(self._environment.parse(text)) - VARIABLES.keys()
        except TemplateSyntaxError as wrong:
            raise TemplateRefused(f"{place}: {wrong.message}") from None
        if unknown:
            raise TemplateRefused(f"{place}: {', '.join(sorted(unknown))} not allowed")
        template = self._environment.from_string(text)
        longest = len(template.render({name: "国" * length for name, length in VARIABLES.items()}))
        if channel != "email" and longest > SMS_LENGTH:
            raise TemplateRefused(f"{place}: up to {longest} characters, an SMS holds {SMS_LENGTH}")
        return template


def _texts(plain: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Each (kind, channel, texts): a kind's own texts serve every channel that has none of its own."""
    for kind, table in plain.items():
        yield kind, "", {name: text for name, text in table.items() if not isinstance(text, dict)}
        for channel, texts in table.items():
            if isinstance(texts, dict):
                if channel not in CHANNELS:
                    raise TemplateRefused(f"{kind}/{channel}: channels are {', '.join(CHANNELS)}")
                yield kind, channel, texts


@cache
def packaged() -> Templates:
    """The templates that come with the product."""
    return Templates(files("services.notify").joinpath("data/templates.toml").read_text("utf-8"))

"""Templates (D4): versioned data, allowed variables only, rendered in a sandbox. A bad one refuses to start.

What a reporter, a unit, its lead unit and the supervision office read are different texts; nobody gets another's.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment

from contracts.sealed import REACHED_BY
from services.notify.domain.deliveries import REPORTER, STAFF
from services.notify.domain.digests import DIGEST, LISTED, SMS_ROOM
from services.notify.domain.letters import Joins

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
    "step_zh": 20,
    "step_en": 40,
    "measures": 30,
    "promise_zh": 30,
    "promise_en": 60,
    "site": 40,
    "inbox": 40,
    "replies": 1,
    **SMS_ROOM,
    **dict.fromkeys(("listed_zh", "listed_en"), LISTED),
    **dict.fromkeys(("more_zh", "more_en"), 9),
}
"""What a template may say, and how many characters of it: so the longest message still fits."""
OF_THE_INSTALLATION = ("site", "inbox", "replies")  # set once, not by what happened
SMS_PART = 67  # characters: 70 less the three that say which part of a long message it is
SMS_LENGTH = 5 * SMS_PART
LENGTHS = {DIGEST: 8 * SMS_PART}
"""What an SMS of a text of this name holds, if it holds more: a digest stands in place of many."""
LANGUAGES = ("zh", "en")
CHANNELS = tuple(REACHED_BY)
SUBJECT = "subject"
JOINED = "+"  # between the kinds that one text tells together
SIGNATURE_AT_MOST = 10  # characters, without the brackets
MISSING = dict.fromkeys(VARIABLES, "—")

Key = tuple[str, str, str, str]
"""County ("" for any), name, channel ("" for any), language."""


class TemplateRefused(ValueError):
    """A template is malformed, too long, misses a language, or uses what is not allowed; the text names it."""


class Templates:
    """The templates of one version; a county's own stand over the common ones.

    ``site``: where reporters follow their matter, ``inbox``: where staff see what they have to do, "" when that is not
    said. ``signature``: 签名, who writes an SMS. ``replies``: whether one may answer by SMS.
    """

    def __init__(
        self,
        source: str,
        counties: Mapping[str, str] | None = None,
        site: str = "",
        signature: str = "",
        inbox: str = "",
        *,
        replies: bool = False,
    ) -> None:
        common = tomllib.loads(source)
        self._given = MISSING | {"site": site, "inbox": inbox, "replies": "1" if replies else ""}
        self._signature = f"【{signature}】" if signature else ""
        self.version: str = common.pop("version")
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._compiled = self._read("", common)
        self._names = sorted({name for _, name, _, _ in self._compiled} - {SUBJECT})
        for county, text in (counties or {}).items():
            self._compiled |= self._read(county, tomllib.loads(text))

    def names(self) -> list[str]:
        """What there is a text for: a kind, for staff with their audience, as ``assigned`` and ``assigned/unit``."""
        return list(self._names)

    @property
    def joins(self) -> Joins:
        """Kinds of which reporters read one text together, the longest row first."""
        rows = (tuple(name.split(JOINED)) for name in self._names if JOINED in name)
        return sorted(rows, key=lambda kinds: (-len(kinds), kinds))

    def render(
        self, name: str, language: str, values: Mapping[str, str], channel: str = "sms", county: str = ""
    ) -> str:
        """The text. A missing value reads as a dash, a long one is cut: a message is never lost over one."""
        text = self._text(name, language, values, channel, county)
        return self._signature + text if channel == "sms" else text

    def _text(self, name: str, language: str, values: Mapping[str, str], channel: str, county: str) -> str:
        known = language if language in LANGUAGES else LANGUAGES[0]
        choices = ((county, name, channel, known), (county, name, "", known), ("", name, channel, known))
        found = next((self._compiled[each] for each in choices if each in self._compiled), None)
        clipped = {each: str(value)[: VARIABLES.get(each, 0)] for each, value in values.items()}
        return (found or self._compiled["", name, "", known]).render(self._given | clipped)

    def subject(self, language: str, values: Mapping[str, str]) -> str:
        """The subject of an e-mail."""
        return self._text(SUBJECT, language, values, "", "")

    def _read(self, county: str, plain: Mapping[str, Any]) -> dict[Key, Template]:
        read = {}
        for name, channel, texts in _texts(plain):
            place = "/".join(filter(None, (county, name, channel)))
            if set(texts) != set(LANGUAGES):
                raise TemplateRefused(f"{place}: one text in each of {', '.join(LANGUAGES)}")
            if county and name not in (*self._names, SUBJECT):
                raise TemplateRefused(f"{place}: there is no such kind")
            for language, text in texts.items():
                read[county, name, channel, language] = self._compile(f"{place}/{language}", name, channel, text)
        return read

    def _compile(self, place: str, name: str, channel: str, text: str) -> Template:
        try:
            unknown = meta.find_undeclared_variables(self._environment.parse(text)) - VARIABLES.keys()
        except TemplateSyntaxError as wrong:
            raise TemplateRefused(f"{place}: {wrong.message}") from None
        if unknown:
            raise TemplateRefused(f"{place}: {', '.join(sorted(unknown))} not allowed")
        template = self._environment.from_string(text)
        filled = {variable: "国" * length for variable, length in VARIABLES.items()}
        longest, room = SIGNATURE_AT_MOST + 2 + len(template.render(filled)), LENGTHS.get(name, SMS_LENGTH)
        if channel != "email" and longest > room:
            raise TemplateRefused(f"{place}: up to {longest} characters, an SMS holds {room}")
        return template


def named(kind: str, audience: str) -> str:
    """The name of the text that an audience reads of a kind, or of kinds with ``JOINED`` between them."""
    return kind if audience == REPORTER else f"{kind}/{audience}"


def _texts(plain: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Each (name, channel, texts): own texts serve every channel that has none of its own."""
    for kind, table in plain.items():
        yield from _by_channel(kind, {name: each for name, each in table.items() if name not in STAFF})
        for audience in STAFF:
            if audience in table:
                yield from _by_channel(named(kind, audience), table[audience])


def _by_channel(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    if own := {language: text for language, text in table.items() if not isinstance(text, dict)}:
        yield name, "", own
    for channel, texts in table.items():
        if isinstance(texts, dict):
            if channel not in CHANNELS:
                raise TemplateRefused(f"{name}/{channel}: channels are {', '.join(CHANNELS)}")
            yield name, channel, texts


@cache
def packaged(site: str = "", signature: str = "督办", inbox: str = "", *, replies: bool = False) -> Templates:
    """The templates that come with the product."""
    source = files("services.notify").joinpath("data/templates.toml").read_text("utf-8")
    return Templates(source, site=site, signature=signature, inbox=inbox, replies=replies)

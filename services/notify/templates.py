"""Templates (D4): versioned data, allowed variables only, rendered in a sandbox. A bad one refuses to start."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import StrictUndefined, meta
from jinja2.sandbox import SandboxedEnvironment

VARIABLES = frozenset(
    {
        *("number", "code", "unit_zh", "unit_en", "standard_zh", "standard_en"),
        *("reason_zh", "reason_en", "order"),
    }
)
SMS_LENGTH = 350  # characters: five parts of a long message
LANGUAGES = ("zh", "en")


class TemplateRefused(ValueError):
    """A template uses a variable that is not allowed, or misses a language; the text names it."""


class Templates:
    """The templates of one version."""

    def __init__(self, source: str) -> None:
        plain = tomllib.loads(source)
        self.version: str = plain.pop("version")
        self._environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._texts: Mapping[str, Mapping[str, str]] = plain
        for kind, texts in plain.items():
            self._check(kind, texts)

    def _check(self, kind: str, texts: Mapping[str, str]) -> None:
        if set(texts) != set(LANGUAGES):
            raise TemplateRefused(f"{kind}: one text in each of {', '.join(LANGUAGES)}")
        for language, text in texts.items():
            unknown = meta.find_undeclared_variables(self._environment.parse(text)) - VARIABLES
            if unknown:
                raise TemplateRefused(f"{kind}.{language}: {', '.join(sorted(unknown))} not allowed")

    def kinds(self) -> list[str]:
        """The kinds there are."""
        return sorted(self._texts)

    def render(self, kind: str, language: str, values: Mapping[str, str]) -> str:
        """The text, cut to what an SMS holds. Missing values read as a dash: a message is never lost over one."""
        text = self._texts[kind][language if language in LANGUAGES else "zh"]
        filled = dict.fromkeys(VARIABLES, "—") | dict(values)
        return self._environment.from_string(text).render(filled)[:SMS_LENGTH]


@cache
def packaged() -> Templates:
    """The templates that come with the product."""
    return Templates(files("services.notify").joinpath("data/templates.toml").read_text("utf-8"))

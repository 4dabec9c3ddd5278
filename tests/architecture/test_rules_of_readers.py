"""Rules are written in characters that the reading form leaves alone: another one would never be found in a text."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import services
from runtime.reading_form import fold


def modules() -> Iterator[str]:
    found = pkgutil.walk_packages(services.__path__, "services.")
    return (module.name for module in found if ".domain." in module.name)


def rules() -> Iterator[tuple[str, str]]:
    for name in modules():
        for attribute, value in vars(importlib.import_module(name)).items():
            if isinstance(value, re.Pattern):
                yield f"{name}.{attribute}", value.pattern


def never_found(rule: str) -> set[str]:
    return {char for char in rule if "\u3400" <= char <= "\u9fff" and fold(char) != char}


def test_no_rule_waits_for_a_character_that_no_folded_text_holds() -> None:
    found = dict(rules())
    assert len(found) > 10
    assert {name: chars for name, rule in found.items() if (chars := never_found(rule))} == {}


def test_a_rule_with_such_a_character_would_be_seen() -> None:
    assert never_found("(?:乾县|停水|，)著") == {"乾", "著"}

"""Every setting says what it is; a secret has no default and never shows itself."""

import re

import pytest

from contracts import topics
from docs.generator import settings
from docs.generator.settings import Setting

DECLARED = settings.declared()
SOUNDS_SECRET = re.compile(r"PASSWORD|SECRET|PRIVATE|(?<!PUBLIC)_KEY$|MONGODB_URI")


@pytest.mark.parametrize("setting", DECLARED, ids=lambda setting: str(setting.variable))
def test_a_setting_says_what_it_is(setting: Setting) -> None:
    assert setting.meaning
    assert not setting.meaning.endswith(".")


@pytest.mark.parametrize("setting", DECLARED, ids=lambda setting: str(setting.variable))
def test_what_sounds_secret_is_hidden_and_what_is_hidden_has_no_default_secret(setting: Setting) -> None:
    if SOUNDS_SECRET.search(setting.variable):
        assert setting.secret, "repr=False"
    if setting.secret and setting.variable != "MONGODB_URI":
        assert setting.default == ""


def test_a_variable_means_one_thing() -> None:
    defaults: dict[str, set[str]] = {}
    for service in topics.SERVICES:
        for setting in settings.of_service(service):
            defaults.setdefault(setting.variable, set()).add(setting.default)
    assert {variable for variable, found in defaults.items() if len(found) > 1} == set()

"""Every setting says what it is; a secret has no default and never shows itself."""

import re

import pytest

from cli import serve
from contracts import topics
from deploy.local.secrets import made
from docs.generator import settings
from docs.generator.settings import Setting
from runtime.clock import Clock
from runtime.process.platform import InMemoryPlatform
from runtime.process.settings import Settings, load

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


@pytest.mark.parametrize(
    ("service", "part"), [(name, part) for name in topics.SERVICES for part in topics.parts_of(name)]
)
async def test_a_part_says_all_that_it_reads(service: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said is checked before anything starts."""
    for name, value in made().items():
        monkeypatch.setenv(name, value)
    read: list[type[Settings]] = []

    def loaded(kind: type[Settings]) -> Settings:
        read.append(kind)
        return load(kind)

    wiring = serve.wiring_of(service)
    monkeypatch.setattr(wiring, "load", loaded)
    platform = InMemoryPlatform(load(Settings), Clock())
    await (wiring.api(platform) if part == "api" else serve.work_of(service, part)(platform))
    said = serve.settings_of(service, part)
    assert [kind for kind in read if not any(issubclass(each, kind) for each in said)] == []
    assert [each for each in said if not any(issubclass(each, kind) for kind in read)] == []

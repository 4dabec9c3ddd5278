"""``duban env``: with what it prints every process of docker-compose.yml has the settings that it needs."""

import io
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values
from typer.testing import CliRunner

from cli import env, serve
from cli.__main__ import command
from contracts.topics import SERVICES, parts_of
from deploy.local.supervisor import DOMAIN_BEGINS
from docs.generator.environment import ASKED
from runtime.clock import WallTime, parse_segment
from runtime.identity.tokens import Principal, issue, verify
from runtime.process.settings import Settings, SettingsRefused, refuse_wrong
from tests.architecture.machine import PROJECT

COMPOSE = (PROJECT / "docker-compose.yml").read_text()
NOWHERE = Path("/nonexistent")
NOW = WallTime(datetime(2026, 11, 26, 8, 0, tzinfo=UTC))
VARIABLE = re.compile(r"\$\{([A-Z_]+)(?:(:[-?]|-)([^}]*))?\}")
DEMONSTRATION = {"DUBAN_CLOCK", "DUBAN_SMS_URL", "DUBAN_SMS_KEY"}
PROCESSES = [(name, part) for name in SERVICES for part in parts_of(name)]


def printed() -> dict[str, str]:
    """The file as Compose reads it."""
    values = dotenv_values(stream=io.StringIO(env.page(NOW)), interpolate=False)
    return {name: value or "" for name, value in values.items()}


def given_to(process: str, file: dict[str, str]) -> dict[str, str]:
    """What Compose puts into the environment of a process. A required variable that is missing is an error there."""

    def value_of(found: re.Match[str]) -> str:
        name, kind, text = found.groups()
        assert kind != ":?" or file.get(name), f"{name}: {text}"
        if kind == "-":  # what is given empty stays so
            return file.get(name, text)
        return file.get(name) or (text if kind == ":-" else "")

    environment: dict[str, Any] = yaml.safe_load(COMPOSE)["services"][process]["environment"]
    return {name: VARIABLE.sub(value_of, str(value)) for name, value in environment.items()}


def check(name: str, part: str, file: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [each for each in os.environ if each.startswith(("DUBAN_", "KAFKA_", "MONGODB_"))]:
        monkeypatch.delenv(variable)
    for variable, value in given_to(f"{name}-{part}", file).items():
        monkeypatch.setenv(variable, value)
    refuse_wrong([Settings, *serve.settings_of(name, part)], NOWHERE)


@pytest.mark.parametrize(("name", "part"), PROCESSES)
def test_every_process_starts_with_it(name: str, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(name, part, printed(), monkeypatch)


def test_with_a_value_that_is_no_key_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsRefused, match="DUBAN_VAULT_KEY"):
        check("routing", "loop", printed() | {"DUBAN_VAULT_KEY": "x"}, monkeypatch)


def test_it_fills_all_that_compose_asks_for_and_names_what_is_for_the_demonstration_only() -> None:
    assert printed().keys() - DEMONSTRATION == dict(ASKED.findall(COMPOSE)).keys()
    _, _, only_shown = env.page(NOW).partition("For the demonstration only")
    assert set(re.findall(r"^(\w+)=", only_shown, re.MULTILINE)) == DEMONSTRATION - {"DUBAN_SMS_KEY"}


def test_no_two_files_are_alike_and_the_forms_are_those_that_the_stores_want() -> None:
    one, two = printed(), printed()
    assert [name for name in one if one[name] == two[name]] == ["DUBAN_CLOCK", "DUBAN_SMS_URL"]
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{21}", one["DUBAN_KAFKA_CLUSTER_ID"])
    assert re.fullmatch(r"[A-Za-z0-9+/]{64}", one["DUBAN_MONGODB_MEMBER_KEY"])
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", one["DUBAN_MONGODB_PASSWORD"]), "it goes into a URI"


def test_the_people_sign_in_and_their_days_are_seconds() -> None:
    file = printed()
    people, portal = given_to("demo", file), given_to("portal-api", file)
    token = issue(people["DUBAN_TOKEN_PRIVATE_KEY"], Principal("demo", "", "431226", "supervisor"), NOW)
    assert verify(portal["DUBAN_TOKEN_PUBLIC_KEY"], token, NOW).role == "supervisor"
    assert people["DUBAN_CLOCK"] == portal["DUBAN_CLOCK"]
    segment = parse_segment(portal["DUBAN_CLOCK"])
    assert (segment.wall, segment.domain) == (NOW, DOMAIN_BEGINS)
    assert segment.rate > 1000


def test_the_command_prints_it() -> None:
    outcome = CliRunner().invoke(command("env"))
    assert outcome.exit_code == 0
    assert dotenv_values(stream=io.StringIO(outcome.stdout)).keys() == printed().keys()

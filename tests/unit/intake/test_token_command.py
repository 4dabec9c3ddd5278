"""``duban token``: the development issuer."""

import pytest
import typer
from typer.testing import CliRunner

from cli.token import token
from runtime.clock import system_wall
from runtime.identity.tokens import Principal, new_key_pair, verify

PRIVATE, PUBLIC = new_key_pair()
APP = typer.Typer()
APP.command()(token)


def test_it_prints_a_token_that_every_service_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TOKEN_PRIVATE_KEY", PRIVATE)
    asked = ["--role", "unit", "--unit", "431226-ROAD", "--division", "431226", "--sub", "somebody"]
    said = CliRunner().invoke(APP, asked)
    assert said.exit_code == 0, said.output
    principal = verify(PUBLIC, said.output.strip(), system_wall())
    assert principal == Principal("somebody", "431226-ROAD", "431226", "unit")


def test_a_role_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TOKEN_PRIVATE_KEY", PRIVATE)
    assert CliRunner().invoke(APP, ["--role", "root"]).exit_code == 2

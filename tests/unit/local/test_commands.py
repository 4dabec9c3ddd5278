"""What the words on the command line mean."""

import sys

import pytest
from aiokafka.errors import NotLeaderForPartitionError
from pymongo.errors import AutoReconnect

from cli import __main__ as main
from cli.__main__ import COMMANDS, meant, overview
from deploy.local.state import free_port
from runtime.delivery.ports import Unavailable
from runtime.process import laying
from runtime.process.settings import SettingsRefused


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("", "serve all"),
        ("sla", "serve sla"),
        ("sla loop", "serve sla loop"),
        ("sla explain 431226", "sla explain 431226"),
        ("portal", "serve portal"),
        ("portal api", "serve portal api"),
        ("portal rebuild", "portal rebuild"),
        ("up --in-memory", "up --in-memory"),
    ],
)
def test_a_services_name_serves_it(typed: str, means: str) -> None:
    assert meant(typed.split()) == means.split()


def test_the_overview_names_every_command() -> None:
    assert all(f"  {name} " in overview() for name in COMMANDS)


def test_what_looks_into_an_installation_reaches_that_of_make_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(main, "reach", asked.append)
    monkeypatch.setattr(main, "command", lambda _name: lambda *_, **__: None)
    for name in COMMANDS:
        main.run(name)
    assert asked == ["admin", "intake", "admin", "feedback", "intake", "admin", "notify", "sla", "portal"]


REFUSED = AutoReconnect("127.0.0.1:1: refused, Timeout: 30s, Topology Description: a screen")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (REFUSED, "MongoDB does not answer (127.0.0.1:1: refused): `make up` starts it here, or set MONGODB_URI"),
        (Unavailable("kafka: silent"), "Kafka or MongoDB does not answer (kafka: silent): `make up`"),
        (SettingsRefused("DUBAN_VAULT_KEY: is missing"), "DUBAN_VAULT_KEY: is missing"),
        (FileNotFoundError(2, "No such file or directory", "/none/x"), "/none/x: No such file or directory"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_person_can_mend_is_a_sentence_and_exit_code_1(
    error: Exception, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.hinders_or_raises(error)
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(said)


@pytest.mark.parametrize("bug", [KeyError("ticket"), OSError("no name"), NotLeaderForPartitionError()])
def test_a_bug_keeps_its_traceback(bug: Exception) -> None:
    with pytest.raises(type(bug)):
        main.hinders_or_raises(bug)


def test_topics_without_a_broker_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", f"127.0.0.1:{free_port()}")
    monkeypatch.setattr(main, "reach", lambda _user: None)
    monkeypatch.setattr(laying, "TRIES", 2)  # that it waits for a start: test_laying_waits.py
    monkeypatch.setattr(sys, "argv", ["duban", "topics"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    assert ended.value.code == 1
    assert "Kafka or MongoDB does not answer (kafka: " in capsys.readouterr().err

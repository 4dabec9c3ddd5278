"""What the local stack consists of, and what it says when a port is taken."""

import shutil
import socket
import stat
from pathlib import Path

import orjson
import pytest

from contracts.topics import SERVICES, parts_of
from deploy.local import plan, secrets
from deploy.local.accounts import account_of
from deploy.local.state import PortTaken, StackState, refuse_taken, state
from runtime.clock import IDENTITY
from runtime.process.settings import SettingsRefused


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No stores from outside, a state folder of its own, a machine without Prometheus."""
    for name in (
        "KAFKA_BOOTSTRAP_SERVERS",
        "MONGODB_URI",
        "DUBAN_API_PORTS_FROM",
        "DUBAN_LOOP_PORTS_FROM",
        "DUBAN_PART_PORTS_FROM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DUBAN_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def test_all_taken_ports_are_named_at_once_with_what_changes_them() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        first, second = one.getsockname()[1], two.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            refuse_taken({"Kafka": ("DUBAN_KAFKA_PORT", first), "MongoDB": ("DUBAN_MONGODB_PORT", second)})
    assert str(refused.value).splitlines() == [
        f"port {first} for Kafka is taken: free it, or set DUBAN_KAFKA_PORT to another port",
        f"port {second} for MongoDB is taken: free it, or set DUBAN_MONGODB_PORT to another port",
    ]


def test_a_setting_moves_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_API_PORTS_FROM", "20001")
    assert plan.api_ports()["intake"] == 20001
    assert plan.wanted_ports()["the API of portal"] == ("DUBAN_API_PORTS_FROM", 20001 + SERVICES.index("portal"))


def test_stores_that_are_given_are_not_started(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"Kafka", "MongoDB"} <= set(plan.wanted_ports())
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "broker:9092")
    monkeypatch.setenv("MONGODB_URI", "mongodb://elsewhere/")
    assert not {"Kafka", "MongoDB", "Kafka's controller"} & set(plan.wanted_ports())
    stores = plan.Stores(state().create())
    assert stores.kafka == "broker:9092"
    assert {stores.mongodb(name) for name in SERVICES} == {"mongodb://elsewhere/"}


def test_every_part_of_every_service_runs_each_with_its_own_user_of_the_database() -> None:
    stores = plan.Stores(state().create())
    children = {child.name: child for child in plan.services(stores, IDENTITY)}
    assert set(children) == {f"{name}-{part}" for name in SERVICES for part in parts_of(name)} | {
        "sms-gateway",
        "stream",
        "demo",
    }
    for name in SERVICES:
        for part in parts_of(name):
            assert children[f"{name}-{part}"].env["MONGODB_URI"].startswith(f"mongodb://{account_of(name, part)}:")
    assert not [name for child in children.values() for name in child.env if name.startswith("MONGODB_PASSWORD")]


def test_the_door_has_no_key_that_opens_or_signs_anything_and_two_have_the_installations_own() -> None:
    children = {child.name: child for child in plan.services(plan.Stores(state().create()), IDENTITY)}
    assert not {"DUBAN_VAULT_KEY", "DUBAN_LEDGER_KEY"} & children["intake-api"].env.keys()
    assert {"DUBAN_VAULT_KEY", "DUBAN_LEDGER_KEY"} <= children["intake-loop"].env.keys()
    assert [name for name, child in children.items() if "DUBAN_TOKEN_PRIVATE_KEY" in child.env] == [
        "staff-loop",
        "demo",
    ]


def test_secrets_are_made_once_and_only_their_owner_may_read_them() -> None:
    folder: StackState = state().create()
    made = secrets.load(folder.secrets)
    assert secrets.load(folder.secrets) == made
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert len(set(made.values())) == len(made)


def test_a_bad_setting_is_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_KAFKA_PORT", "none")
    monkeypatch.setenv("DUBAN_DAY_SECONDS", "0")
    with pytest.raises(SettingsRefused) as refused:
        plan.wanted_ports()
    assert "DUBAN_KAFKA_PORT" in str(refused.value)
    assert "DUBAN_DAY_SECONDS" in str(refused.value)


def test_a_command_reaches_the_installation_as_its_own_user() -> None:
    folder = state().create()
    assert plan.reach(folder, "intake") == {}
    made = secrets.load(folder.secrets)
    folder.clock.write_bytes(orjson.dumps({"domain": "2026-03-02T00:30:00+00:00", "segment": str(IDENTITY)}))
    found = plan.reach(folder, "intake")
    assert found["MONGODB_URI"].startswith("mongodb://intake:")
    assert plan.reach(folder, "admin")["MONGODB_URI"].startswith("mongodb://admin:")
    assert (found["DUBAN_LEDGER_KEY"], found["DUBAN_CLOCK"]) == (made["DUBAN_LEDGER_KEY"], str(IDENTITY))

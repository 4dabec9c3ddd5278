"""Settings: everything that is wrong is named at once, with what it is for, and no value is shown."""

from base64 import b64encode
from pathlib import Path

import pytest

from cli import serve
from contracts.topics import SERVICES, parts_of
from deploy.local.secrets import made
from runtime.identity.tokens import new_key_pair
from runtime.process.settings import Settings, SettingsRefused, load, refuse_wrong
from services.feedback.settings import FeedbackRules
from services.intake.settings import IntakeSettings
from services.routing.settings import RoutingSettings

NOWHERE = Path("/nonexistent")
PRIVATE, PUBLIC = new_key_pair()
VALID = {name: value for name, value in made().items() if name.startswith("DUBAN_")}
EVERYTHING = [each for name in SERVICES for part in parts_of(name) for each in serve.settings_of(name, part)]

BAD = [
    ("DUBAN_VAULT_KEY", "x" * 50, "32 bytes in base64"),
    ("DUBAN_VAULT_KEY", b64encode(b"short").decode(), "openssl rand -base64 32"),
    ("DUBAN_VAULT_KEY", f"{VALID['DUBAN_VAULT_KEY']},short", "32 bytes in base64"),
    ("DUBAN_LEDGER_KEY", "ü" * 44, "32 bytes in base64"),
    ("DUBAN_TOKEN_PUBLIC_KEY", "x", "Ed25519 public key as a JWK"),
    ("DUBAN_TOKEN_PUBLIC_KEY", "[]", "Ed25519 public key as a JWK"),
    ("DUBAN_TOKEN_PUBLIC_KEY", '{"kty":"RSA","n":"AQAB","e":"AQAB"}', "Ed25519 public key as a JWK"),
    ("DUBAN_TOKEN_PUBLIC_KEY", PRIVATE, "is a private key"),
    ("DUBAN_CODE_SECRET", "short-secret", "at least 32 characters"),
    ("DUBAN_LOG_LEVEL", "LOUD", "DEBUG|INFO"),
    ("DUBAN_API_PORTS_FROM", "many", "integer"),
    ("DUBAN_API_PORTS_FROM", "70000", "less than or equal to 65000"),
    ("DUBAN_CLOCK", "yesterday", "yesterday"),
    ("DUBAN_CLOCK", "2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,nan", "nan"),
    ("DUBAN_CLOCK", "2026-03-02T00:00:00Z,2026-03-02T00:00:00Z,inf", "inf"),
    ("CRASH_AT", "saved:x", "pattern"),
    ("CRASH_AT", "saved:1:melt", "pattern"),
    ("DUBAN_COUNTIES", "431226", "Input should be a valid tuple"),
    ("DUBAN_COUNTIES", "[431226", 'JSON list, as ["431226"]'),
    ("DUBAN_COUNTIES", '["Mayang"]', "pattern"),
    ("DUBAN_DISSATISFIED_GRADES", "1,2", "JSON list"),
    ("DUBAN_SMTP_TLS", "perhaps", "boolean"),
    ("DUBAN_TRUSTED_PROXIES", "everybody", "everybody"),
    ("KAFKA_BOOTSTRAP_SERVERS", "broker", "pattern"),
    ("MONGODB_URI", "localhost", "pattern"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Valid secrets, and nothing else."""
    for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGODB_URI", "CRASH_AT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in VALID.items():
        monkeypatch.setenv(name, value)


def complaint() -> str:
    with pytest.raises(SettingsRefused) as refused:
        refuse_wrong(EVERYTHING, NOWHERE)
    return str(refused.value)


@pytest.mark.parametrize(("variable", "value", "why"), BAD, ids=[f"{name}-{why}" for name, _, why in BAD])
def test_a_bad_value_is_named_with_a_remedy_and_not_shown(
    variable: str, value: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_wrong(EVERYTHING, NOWHERE)
    monkeypatch.setenv(variable, value)
    (line,) = complaint().splitlines()[1:-1]
    assert line.startswith(f"  {variable}: ")
    assert why in line
    if variable.endswith(("KEY", "SECRET")) and len(value) > 5:
        assert value not in line


def test_all_that_is_wrong_in_any_service_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {variable: value for variable, value, _ in BAD}
    for variable, value in bad.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delenv("DUBAN_TICKET_ID_SECRET")
    named = [line.split(":")[0].strip() for line in complaint().splitlines()[1:-1]]
    assert sorted(named) == sorted([*bad, "DUBAN_TICKET_ID_SECRET"])


def test_what_is_missing_is_told_with_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DUBAN_VAULT_KEY")
    assert "DUBAN_VAULT_KEY: is missing (Keys that wrap the vault's keys" in complaint()


def test_lists_and_sets_are_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_COUNTIES", '["431226", "431228"]')
    monkeypatch.setenv("DUBAN_DISSATISFIED_GRADES", "[1]")
    assert load(RoutingSettings, NOWHERE).counties == ("431226", "431228")
    assert load(FeedbackRules, NOWHERE).dissatisfied_grades == {1}


def test_a_folder_holds_one_file_a_secret_and_the_environment_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, other = (b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    (tmp_path / "duban_vault_key").write_text(key + "\n")
    (tmp_path / "duban_ledger_key").write_text(other)
    monkeypatch.delenv("DUBAN_VAULT_KEY")
    found = load(IntakeSettings, tmp_path)
    assert (found.vault_key, found.ledger_key) == (key, VALID["DUBAN_LEDGER_KEY"])


def test_a_setting_of_one_service_does_not_hinder_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_LEDGER_KEY", "x")
    refuse_wrong([Settings, *serve.settings_of("sla", "api"), *serve.settings_of("sla", "loop")], NOWHERE)

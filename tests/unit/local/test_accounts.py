"""Who may do what in the database, as data."""

import importlib

import pytest

from contracts.topics import SERVICES
from deploy.local import accounts

CODES = ("duban_codes", "code_attempts")
CHANGES = {"update", "remove", "dropCollection", "dropDatabase"}


def granted(service: str) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for privilege in accounts.privileges(service, "duban"):
        where = privilege["resource"]
        found.setdefault((where.get("db", ""), where.get("collection", "")), set()).update(privilege["actions"])
    return found


def test_nobody_may_change_the_ledger() -> None:
    for service in SERVICES:
        rights = granted(service)
        for name in accounts.APPEND_ONLY:
            assert not rights.get(("duban_intake", name), set()) & CHANGES
        assert not rights.get(("duban_intake", ""), set()) & CHANGES
    assert "insert" in granted("intake")["duban_intake", "ledger"]


def test_nobody_may_delete_a_tombstone_of_the_vault() -> None:
    assert not [name for name in accounts.ACCOUNTS if "remove" in granted(name).get(("duban_vault", ""), ())]


def test_only_intake_sees_how_far_back_the_databases_own_log_reaches() -> None:
    assert [name for name in accounts.ACCOUNTS if accounts.OPLOG in granted(name)] == ["intake"]
    assert granted("intake")[accounts.OPLOG] == {"find"}


def test_the_door_may_only_look_up_what_is_registered_and_the_heads() -> None:
    rights = {where: actions for where, actions in granted(accounts.DOOR).items() if where[0]}
    shown = ("tickets", "ledger_heads", "control")
    codes = {CODES: {"find", "insert", "update"}}
    assert rights == {("duban_intake", name): {"find"} for name in shown} | codes


def test_what_shows_at_the_internet_changes_no_document_and_reads_no_key_but_those_of_words() -> None:
    rights = {where: actions for where, actions in granted(accounts.SHOWING).items() if where[0]}
    read = [("duban_portal", "tickets"), ("duban_portal", "control"), ("duban_vault", "words_keys")]
    assert rights == {where: {"find"} for where in read} | {CODES: {"find", "insert", "update"}}
    assert accounts.account_of("portal", "api") == accounts.SHOWING


def test_who_lays_the_topics_sees_documents_and_writes_which_log_they_know() -> None:
    rights = {where: actions for where, actions in granted(accounts.PREPARE).items() if where[0]}
    assert {where for where, actions in rights.items() if actions != {"find"}} == {
        (f"duban_{name}", "control") for name in SERVICES
    }
    assert {("duban_intake", "day_keys"), ("duban_intake", "ledger"), ("duban_vault", "")}.isdisjoint(rights)


def test_the_documents_of_each_service_are_where_its_wiring_puts_them() -> None:
    services = {name: importlib.import_module(f"services.{name}.wiring") for name in SERVICES}
    built = {name: (wiring.build(None) if name == "portal" else wiring.build()) for name, wiring in services.items()}
    assert {name: service.collection for name, service in built.items()} == dict(accounts.DOCUMENTS)
    assert accounts.account_of("intake", "api") == accounts.DOOR
    assert accounts.account_of("intake", "loop") == "intake"


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "intake"])
def test_a_service_has_its_own_database_and_reads_keys_through_views(service: str) -> None:
    databases = {where for where, _ in granted(service)} - {""}
    assert databases - {"duban_codes"} <= {f"duban_{service}", "duban_vault"}
    assert ("duban_codes" in databases) == (service in accounts.ASKS_CODES)
    views = {name: rights for (where, name), rights in granted(service).items() if where == "duban_vault"}
    assert set(views) == set(accounts.KEY_VIEWS.get(service, ()))
    assert all(rights == {"find"} for rights in views.values())

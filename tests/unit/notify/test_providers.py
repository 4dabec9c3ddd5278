"""What is set as providers and duty accounts, and what comes of what is not."""

from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from contracts.sealed import REACHED_BY, SealedContact
from runtime.identity.tokens import new_key_pair
from runtime.process.settings import SettingsRefused
from services.intake.api.bodies import Reporter
from services.notify.adapters import memory
from services.notify.adapters.duty_book import DutyBook
from services.notify.adapters.memory import InMemoryMessenger
from services.notify.adapters.providers import duties_of, messengers_of
from services.notify.domain.channels import Recipient
from services.notify.ports import Letter
from services.notify.settings import NotifySettings
from tests.facts.values import LEAD, UNIT
from tests.harness import MONDAY
from tests.unit.notify.matters import FILER, Desktop, assigned, registered

BOOK = f"""[{UNIT}]
phone = "+867452000001"
email = "jt@example.org"
[{LEAD}]
email = "zf@example.org"
"""


def settings(**given: object) -> NotifySettings:
    needed = {"vault_key": "dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnZ2dnY=", "token_public_key": new_key_pair()[1]}
    return NotifySettings.model_validate(needed | given)


@pytest.mark.parametrize(
    ("given", "channels"),
    [
        ({}, set()),
        ({"sms_url": "http://gateway"}, {"sms"}),
        ({"smtp_host": "mail"}, {"email"}),
        ({"sms_url": "http://gateway", "smtp_host": "mail"}, {"sms", "email"}),
    ],
)
async def test_only_what_is_set_is_there(given: dict[str, object], channels: set[str]) -> None:
    messengers = messengers_of(settings(**given), lambda: MONDAY)
    assert set(messengers) == channels
    for messenger in messengers.values():
        await messenger.close()


@pytest.mark.parametrize(("seconds", "promises"), [(0, None), (90, timedelta(seconds=90))])
async def test_a_gateway_promises_what_is_set(seconds: int, promises: timedelta | None) -> None:
    sms = messengers_of(settings(sms_url="http://gateway", sms_deadline=seconds), lambda: MONDAY)["sms"]
    assert (sms.promise and sms.promise.settles_after) == promises
    await sms.close()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"smtp_user": "duban"}, "a password is not sent in the clear"),
        ({"smtp_tls": True, "smtp_ssl": True}, "not both"),
        ({"sms_signature": "督" * 11}, "at most 10"),
        ({"site": "x" * 41}, "at most 40"),
    ],
)
def test_a_bad_setting_refuses_to_start(given: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        settings(**given)


@pytest.mark.parametrize(
    ("given", "security"),
    [({}, "none"), ({"smtp_tls": True}, "starttls"), ({"smtp_ssl": True, "smtp_user": "u"}, "tls")],
)
def test_how_the_mail_server_is_spoken_to(given: dict[str, object], security: str) -> None:
    assert settings(**given).smtp_security == security


async def test_without_a_gateway_nothing_is_recorded_as_sent() -> None:
    desk = Desktop()
    desk.restarted(only=())
    await desk.told(registered(), assigned())
    await desk.deliver()
    assert set(desk.states().values()) == {"undeliverable"}


async def test_without_a_gateway_a_reporter_with_an_address_hears_by_mail() -> None:
    desk = Desktop()
    desk.restarted(only=("email",))
    await desk.told(registered(), people=(FILER | {"email": "f@example.org"},))
    await desk.deliver()
    assert [each.address for each in desk.email.sent.values()] == ["f@example.org"]


async def test_a_messenger_in_memory_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "KEPT_AT_MOST", 2)
    messenger = InMemoryMessenger()
    await messenger.send([Letter(name, "", "", "") for name in "abc"])
    assert list(messenger.sent) == ["b", "c"]


def test_a_duty_book_says_how_units_are_reached(tmp_path: Path) -> None:
    book = tmp_path / "duties.toml"
    book.write_text(BOOK, "utf-8")
    duties = duties_of(settings(duty_book=str(book)))
    assert duties.of(UNIT) == Recipient(addresses={"phone": "+867452000001", "email": "jt@example.org"})
    assert duties.of(LEAD) == Recipient(addresses={"email": "zf@example.org"})
    assert duties.of("unheard of") == Recipient()
    assert duties_of(settings()).of(UNIT) == Recipient(addresses={"phone": f"unit:{UNIT}"})


def test_a_duty_book_says_which_accounts_are_monitoring_points(tmp_path: Path) -> None:
    book = tmp_path / "duties.toml"
    book.write_text(f'[{UNIT}]\nphone = "1"\nmonitored = true\n[{LEAD}]\nphone = "2"\nmonitored = false', "utf-8")
    duties = DutyBook(str(book))
    assert (duties.monitored, duties_of(settings()).monitored) == ({UNIT}, ())
    assert duties.of(UNIT) == Recipient(addresses={"phone": "1"})


@pytest.mark.parametrize("text", ["[431226-JT", '[431226-JT]\nfax = "1"', "unit = 1", "[431226-JT]\nmonitored = 1"])
def test_a_bad_duty_book_refuses_to_start(tmp_path: Path, text: str) -> None:
    book = tmp_path / "duties.toml"
    book.write_text(text, "utf-8")
    with pytest.raises(SettingsRefused, match="DUBAN_DUTY_BOOK"):
        DutyBook(str(book))
    with pytest.raises(SettingsRefused, match="DUBAN_DUTY_BOOK"):
        DutyBook(str(tmp_path / "nowhere.toml"))


async def test_a_unit_without_a_telephone_is_told_by_mail(tmp_path: Path) -> None:
    (tmp_path / "duties.toml").write_text(f'[{UNIT}]\nemail = "jt@example.org"', "utf-8")
    desk = Desktop()
    desk.restarted(duties=DutyBook(str(tmp_path / "duties.toml")))
    await desk.told(registered(), assigned())
    await desk.deliver()
    assert [each.address for each in desk.email.sent.values()] == ["jt@example.org"]


def test_door_seal_and_wiring_serve_the_same_channels() -> None:
    offered = get_args(get_args(Reporter.model_fields["channel"].annotation)[0])
    served = messengers_of(settings(sms_url="http://gateway", smtp_host="mail"), lambda: MONDAY)
    assert set(offered) == {*REACHED_BY, "none"}
    assert set(served) == set(REACHED_BY)
    assert set(REACHED_BY.values()) <= set(Reporter.model_fields) & set(SealedContact.model_fields)

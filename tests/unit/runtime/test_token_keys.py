"""Keys of a day: what the installation's own key did not certify signs nothing, nor does one out of its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from runtime.http.problems import Refusal
from runtime.identity.token_keys import PREFIX, CertificateRefused, Certified, TokenKey, certified, certify
from runtime.identity.tokens import Gate, Principal, TokenRefused, issue, new_key_pair, verify
from tests.harness import MONDAY

ROOT, ROOT_PUBLIC = new_key_pair()
PRIVATE, PUBLIC = new_key_pair()
WHO = Principal("chen.jing", "", "431226", "supervisor")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
KEY = TokenKey("2026-03-02", PUBLIC, MONDAY, MONDAY + DAY)


@dataclass(frozen=True, slots=True)
class CertifiedKey:
    certificate: str


def published(certificate: str, kid: str = KEY.kid) -> Mapping[str, Certified]:
    return {f"{PREFIX}{kid}": CertifiedKey(certificate)}


CERTIFICATE = certify(ROOT, KEY)


def test_a_certificate_is_read_as_it_was_made() -> None:
    assert certified(ROOT_PUBLIC, CERTIFICATE) == KEY


@pytest.mark.parametrize(
    "certificate",
    [
        certify(new_key_pair()[0], KEY),
        issue(ROOT, WHO, MONDAY),
        CERTIFICATE[:-4] + "AAAA",
        certify(ROOT, TokenKey("2026-03-02", "{}", MONDAY, MONDAY + DAY)),
        "",
        "a.b.c",
    ],
)
def test_what_is_no_certificate_of_the_installation_is_refused(certificate: str) -> None:
    with pytest.raises(CertificateRefused):
        certified(ROOT_PUBLIC, certificate)


def test_a_token_by_a_certified_key_is_taken_for_its_five_minutes() -> None:
    token = issue(PRIVATE, WHO, MONDAY, kid=KEY.kid, sid="s", lives=5 * MINUTE)
    known = published(CERTIFICATE)
    assert verify(ROOT_PUBLIC, token, MONDAY + 4 * MINUTE, known) == WHO
    with pytest.raises(TokenRefused):
        verify(ROOT_PUBLIC, token, MONDAY + 5 * MINUTE, known)


def test_a_certificate_is_no_token() -> None:
    with pytest.raises(TokenRefused):
        verify(ROOT_PUBLIC, CERTIFICATE, MONDAY, published(CERTIFICATE))


@pytest.mark.parametrize(
    ("known", "kid"),
    [
        ({}, KEY.kid),
        (published(CERTIFICATE), "2026-03-03"),
        (published(CERTIFICATE, "2026-03-03"), "2026-03-03"),
        (published(certify(new_key_pair()[0], KEY)), KEY.kid),
        (published(certify(ROOT, TokenKey(KEY.kid, new_key_pair()[1], MONDAY, MONDAY + DAY))), KEY.kid),
        (published(CERTIFICATE), ""),
    ],
)
def test_a_token_by_any_other_key_is_refused(known: Mapping[str, Certified], kid: str) -> None:
    with pytest.raises(TokenRefused):
        verify(ROOT_PUBLIC, issue(PRIVATE, WHO, MONDAY, kid=kid), MONDAY, known)


@pytest.mark.parametrize("after", [-MINUTE, DAY])
def test_a_key_signs_nothing_before_or_after_its_time(after: timedelta) -> None:
    token = issue(PRIVATE, WHO, MONDAY + after, kid=KEY.kid)
    with pytest.raises(TokenRefused):
        verify(ROOT_PUBLIC, token, MONDAY + after, published(CERTIFICATE))


def test_the_installations_own_key_still_signs() -> None:
    assert verify(ROOT_PUBLIC, issue(ROOT, WHO, MONDAY), MONDAY) == WHO


def test_a_gate_follows_what_is_published() -> None:
    known: dict[str, Certified] = {}
    gate = Gate(ROOT_PUBLIC, lambda: MONDAY, lambda: known)
    token = issue(PRIVATE, WHO, MONDAY, kid=KEY.kid)
    with pytest.raises(Refusal):
        gate.principal(f"Bearer {token}")
    known.update(published(CERTIFICATE))
    assert gate.principal(f"Bearer {token}") == WHO

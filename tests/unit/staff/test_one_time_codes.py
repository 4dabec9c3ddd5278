"""One-time codes: those of the RFC, half a minute each, one step around now, never twice."""

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from services.staff.domain import one_time_codes
from services.staff.domain.one_time_codes import STEP, SecondFactor, address_of, secret_of, step_of
from tests.harness import MONDAY

SECRET = secret_of(b"12345678901234567890")
NOW = int(MONDAY.timestamp()) // STEP


@pytest.mark.parametrize(
    ("instant", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_rfc_6238(instant: int, code: str) -> None:
    assert step_of(SECRET, code, datetime.fromtimestamp(instant, UTC)) == instant // STEP


@pytest.mark.parametrize(("off", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_before_and_after_fits_and_no_other(off: int, fits: bool) -> None:
    code = pyotp.TOTP(SECRET).at((NOW + off) * STEP)
    assert step_of(SECRET, code, MONDAY) == (NOW + off if fits else None)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_fits_nothing(code: str) -> None:
    assert step_of(SECRET, code, MONDAY) is None


def test_an_authenticator_reads_whose_and_what() -> None:
    assert base64.b32decode(SECRET) == b"12345678901234567890"
    read = pyotp.parse_uri(address_of(SECRET, "chen.jing"))
    assert (read.secret, read.name, read.issuer) == (SECRET, "chen.jing", one_time_codes.ISSUER)


@pytest.mark.parametrize(("step", "replacement", "stands"), [(0, 0, False), (1, 0, True), (1, 2, False)])
def test_it_stands_once_a_code_was_used_until_it_is_replaced(step: int, replacement: int, stands: bool) -> None:
    factor = SecondFactor(secret=SECRET, sid="s", step=step)
    assert factor.stands(replacement) is stands
    assert step_of(SECRET, "000000", MONDAY + timedelta(days=1)) is None

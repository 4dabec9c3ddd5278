"""One-time codes (动态口令): six digits of half a minute, made of a secret that an authenticator shares (RFC 6238)."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp

SECRET_BYTES = 20  # 160 bits, as RFC 4226 recommends
STEP = 30  # seconds
WINDOW = 1  # steps before and after: clocks of telephones differ
ISSUER = "duban 督办"
WAITS = 0  # no code was used yet


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactor:
    """``sid``: the session that asked for it, and may confirm it. ``step``: of the last code that was used, or WAITS.

    ``replacement``: the account's last one of its second factor when it was made; a later one ends it.
    """

    secret: str
    sid: str
    replacement: int = 0
    step: int = WAITS

    def stands(self, replacement: int) -> bool:
        """Whether it is asked for, where this is the account's last replacement of a second factor."""
        return self.step > WAITS and self.replacement >= replacement


def secret_of(random: bytes) -> str:
    """SECRET_BYTES as an authenticator takes them."""
    return base64.b32encode(random).decode()


def address_of(secret: str, account: str) -> str:
    """What an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def step_of(secret: str, code: str, wall: datetime) -> int | None:
    """Which step around ``wall`` the code is of; None where it is of none."""
    now = int(wall.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    steps = range(now - WINDOW, now + WINDOW + 1)
    found = [step for step in steps if hmac.compare_digest(totp.at(step * STEP).encode(), code.encode())]
    return found[-1] if found else None

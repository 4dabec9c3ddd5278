"""Keys that sign tokens for a day, each certified by the installation's own key: readers know that one's public half.

A certificate is a JWT by that key for an audience of its own, so that no token is one, and it is no token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ISSUER = "duban"
AUDIENCE = "duban-token-keys"
ALGORITHMS = ["Ed25519", "EdDSA"]
CERTIFICATES_KEPT = 64  # read ones; each is looked at with every call
PREFIX = "token-key/"
TIMES = ("nbf", "exp")  # a certificate is read whenever; when its key holds is asked of the key


class CertificateRefused(ValueError):
    """The installation's own key did not sign it, or it certifies no key."""


class Certified(Protocol):
    """A message, or whatever else, that carries what ``certify`` made."""

    @property
    def certificate(self) -> str: ...


Certificates = Callable[[], Mapping[str, Certified]]
"""What is published, by PREFIX and the key's id."""


def none_published() -> Mapping[str, Certified]:
    return {}


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A public key (JWK) that signs tokens from ``since`` until before ``until``, by the wall clock."""

    kid: str
    public: str
    since: datetime
    until: datetime

    def holds(self, wall: datetime) -> bool:
        return self.since <= wall < self.until


def certify(root: str, key: TokenKey) -> str:
    """The certificate of a key by the private half of the installation's own."""
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": key.kid,
        "nbf": int(key.since.timestamp()),
        "exp": int(key.until.timestamp()),
        "jwk": key.public,
    }
    return jwt.encode({"alg": "Ed25519"}, claims, imported(root), algorithms=ALGORITHMS)


@lru_cache(maxsize=CERTIFICATES_KEPT)
def certified(root: str, certificate: str) -> TokenKey:
    """The key that the public half of the installation's own vouches for. Raises CertificateRefused."""
    rules = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        sub={"essential": True},
        jwk={"essential": True},
    )
    try:
        claims = jwt.decode(certificate, imported(root), algorithms=ALGORITHMS).claims
        rules.validate({name: value for name, value in claims.items() if name not in TIMES})
        return _key_of(claims)
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        raise CertificateRefused("certificate") from None


def _key_of(claims: Mapping[str, Any]) -> TokenKey:
    since, until = (datetime.fromtimestamp(claims[name], UTC) for name in TIMES)
    imported(claims["jwk"])
    return TokenKey(str(claims["sub"]), claims["jwk"], since, until)


@lru_cache(maxsize=CERTIFICATES_KEPT)
def imported(text: str) -> OKPKey:
    """A key from JSON. Raises ValueError."""
    return OKPKey.import_key(orjson.loads(text))

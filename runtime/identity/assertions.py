"""What a system signs itself to be let in: a JWT by its own Ed25519 key (RFC 7523), short-lived and good for once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

ALGORITHMS = ("Ed25519", "EdDSA")
LIVES_AT_MOST = timedelta(minutes=5)
CLOCKS_DIFFER = timedelta(seconds=30)
NEVER = datetime.min.replace(tzinfo=UTC)
ID_AT_MOST = 100  # characters
LENGTH_AT_MOST = 4096  # characters


class AssertionRefused(ValueError):
    """It lets nobody in. The argument is a code that says why, for the log: whoever sent it is not told."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """``id``: never to be taken again before ``until``; ``claims``: all that it says."""

    id: str
    until: datetime
    claims: Mapping[str, Any]


def says_to_be(assertion: str) -> str:
    """Whom it says it is of: nothing is checked yet. "" where it says nothing."""
    try:
        return _text(_claims(_parts(assertion)), "sub")
    except AssertionRefused:
        return ""


def read(public: str, assertion: str, audience: str, wall: datetime) -> Assertion:
    """What the holder of a key says of itself. ``public``: the key's x (base64url), "" where there is none.

    Raises AssertionRefused: malformed, algorithm, no_key, signature, issuer, audience, expired, not_yet, too_long, id.
    """
    parts = _parts(assertion)
    if parts.headers().get("alg") not in ALGORITHMS:
        raise AssertionRefused("algorithm")
    if not public:
        raise AssertionRefused("no_key")
    _signed_by(public, assertion)
    claims = _claims(parts)
    if why := _wrong_with(claims, audience, wall):
        raise AssertionRefused(why)
    return Assertion(_text(claims, "jti"), _instant(claims, "exp"), claims)


def _parts(assertion: str) -> jws.CompactSignature:
    if len(assertion) > LENGTH_AT_MOST:
        raise AssertionRefused("malformed")
    try:
        return jws.extract_compact(assertion.encode())
    except (JoseError, ValueError, TypeError):
        raise AssertionRefused("malformed") from None


def _claims(parts: jws.CompactSignature) -> Mapping[str, Any]:
    try:
        claims = orjson.loads(parts.payload)
    except ValueError:
        raise AssertionRefused("malformed") from None
    if not isinstance(claims, dict):
        raise AssertionRefused("malformed")
    return claims


def _signed_by(public: str, assertion: str) -> None:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": public})
    try:
        jws.deserialize_compact(assertion, key, algorithms=list(ALGORITHMS))
    except (JoseError, ValueError):
        raise AssertionRefused("signature") from None


def _wrong_with(claims: Mapping[str, Any], audience: str, wall: datetime) -> str:
    """Why what is signed lets nobody in all the same; "" where it does."""
    until, since = _instant(claims, "exp"), _instant(claims, "nbf", wall)
    meant_for = claims.get("aud")
    wrong = {
        "issuer": _text(claims, "iss") != _text(claims, "sub"),
        "audience": audience not in (meant_for if isinstance(meant_for, list) else [meant_for]),
        "expired": until <= wall,
        "too_long": until > wall + LIVES_AT_MOST + CLOCKS_DIFFER,
        "not_yet": since > wall + CLOCKS_DIFFER,
        "id": not 0 < len(_text(claims, "jti")) <= ID_AT_MOST,
    }
    return next((why for why, is_so in wrong.items() if is_so), "")


def _text(claims: Mapping[str, Any], name: str) -> str:
    said = claims.get(name)
    return said if isinstance(said, str) else ""


def _instant(claims: Mapping[str, Any], name: str, missing: datetime = NEVER) -> datetime:
    """An instant in seconds, as JWT has them. Raises AssertionRefused: it is none."""
    said = claims.get(name)
    if said is None:
        return missing
    try:
        return datetime.fromtimestamp(said, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        raise AssertionRefused("malformed") from None

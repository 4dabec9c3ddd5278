"""Staff tokens: Ed25519 JWT, verified in every service; the scope they give is a query filter and a predicate.

A token names the key of a day that signed it (``kid``), which the installation's own key certified; one that names
none is by the installation's own key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any

import orjson
from fastapi import Depends, Header, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from contracts import accounts, vocabulary
from runtime.http.problems import Refusal
from runtime.identity.token_keys import (
    PREFIX,
    CertificateRefused,
    Certificates,
    Certified,
    certified,
    imported,
    none_published,
)

ISSUER = "duban"
AUDIENCE = "duban-services"
LIFETIME = timedelta(hours=8)  # of what the installation's own key signs
ROLES = frozenset(vocabulary.ROLES)
STAFF_ROLES = ROLES - vocabulary.SYSTEMS
READING_ROLES = STAFF_ROLES - accounts.SEES_NO_MATTER
ALGORITHMS = ["Ed25519", "EdDSA"]


class TokenRefused(ValueError):
    """Not one of our tokens, or no longer valid: sign in again."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: an account, its unit, the division it works for (a prefix of codes), its role."""

    sub: str
    unit: str
    division: str
    role: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a principal may see: a division prefix, and for a unit only its own matters."""

    division: str
    unit: str = ""

    def allows(self, division: str, unit: str) -> bool:
        """Whether a matter of this division and unit is inside."""
        return division.startswith(self.division) and (not self.unit or unit == self.unit)

    def filter(self, division: str, unit: str) -> dict[str, Any]:
        """The same as a MongoDB query over the fields of these names."""
        below = {division: {"$gte": self.division, "$lt": self.division + "~"}}
        return below | ({unit: self.unit} if self.unit else {})


def scope_of(principal: Principal) -> Scope:
    """A unit and its head see their own matters, other staff their division, configurers none. No division: nothing."""
    return _scope(principal, READING_ROLES)


def configured_scope_of(principal: Principal) -> Scope:
    """The same of what is configured and no matter: accounts, duties, standards. Configurers see it, too."""
    return _scope(principal, STAFF_ROLES)


def _scope(principal: Principal, seeing: frozenset[str]) -> Scope:
    division = principal.division if principal.role in seeing and principal.division else "nowhere"
    return Scope(division, (principal.unit or "nobody") if principal.role in vocabulary.OF_A_UNIT else "")


def new_key_pair() -> tuple[str, str]:
    """A private and a public key as JSON, for the development issuer."""
    key = OKPKey.generate_key("Ed25519")
    return _json(key.as_dict(private=True)), _json(key.as_dict(private=False))


def _json(plain: Mapping[str, Any]) -> str:
    return orjson.dumps(dict(plain)).decode()


def public_half(private: str) -> str:
    """The public key of a private one, as JSON."""
    return _json(imported(private).as_dict(private=False))


def issue(
    private: str, principal: Principal, wall: datetime, *, kid: str = "", sid: str = "", lives: timedelta = LIFETIME
) -> str:
    """A token from ``wall`` on. ``kid``: what the key is called; ``sid``: the session it is of."""
    now = int(wall.timestamp())
    header, of_session = {"kid": kid} if kid else {}, {"sid": sid} if sid else {}
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + int(lives.total_seconds()),
        **of_session,
        "sub": principal.sub,
        "unit": principal.unit,
        "division": principal.division,
        "role": principal.role,
    }
    return jwt.encode({"alg": "Ed25519", **header}, claims, imported(private), algorithms=ALGORITHMS)


def verify(root: str, token: str, wall: datetime, known: Mapping[str, Certified] = MappingProxyType({})) -> Principal:
    """The principal of a token by the installation's own key (``root``: its public half), or by one of the ``known``.

    Raises TokenRefused.
    """

    def key(signed: Any) -> OKPKey:
        return _key_of(root, signed.headers().get("kid"), wall, known)

    rules = jwt.JWTClaimsRegistry(
        now=int(wall.timestamp()),
        iss={"essential": True, "value": ISSUER},
        aud={"essential": True, "value": AUDIENCE},
        exp={"essential": True},
        sub={"essential": True},
        division={"essential": True},
        role={"essential": True, "values": sorted(ROLES)},
    )
    try:
        claims = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        rules.validate(claims)
    except (JoseError, ValueError):
        raise TokenRefused("token") from None
    parts = [claims["sub"], claims.get("unit", ""), claims["division"], claims["role"]]
    if not all(isinstance(part, str) for part in parts):
        raise TokenRefused("claims")
    return Principal(*parts)


def _key_of(root: str, kid: object, wall: datetime, known: Mapping[str, Certified]) -> OKPKey:
    """The key that a token says it is signed with. Raises TokenRefused."""
    if kid is None:
        return imported(root)
    published = known.get(f"{PREFIX}{kid}")
    try:
        key = certified(root, published.certificate if published else "")
    except CertificateRefused:
        raise TokenRefused("key") from None
    if key.kid != kid or not key.holds(wall):
        raise TokenRefused("key")
    return imported(key.public)


class Gate:
    """Asks who comes in. One per API.

    ``root``: public half of the installation's own key; ``certificates``: what it certified, as far as is known.
    """

    def __init__(self, root: str, wall: Callable[[], datetime], certificates: Certificates = none_published) -> None:
        self._root, self._wall, self._certificates = root, wall, certificates

    def principal(self, authorization: str) -> Principal | None:
        """Who of staff asks, None without a token. Raises a 401; a 403 to systems."""
        asking = self.anybody(authorization)
        if asking is not None:
            require(asking, *sorted(STAFF_ROLES))
        return asking

    def anybody(self, authorization: str) -> Principal | None:
        """Who asks, of staff or a system, None without a token. Raises a 401."""
        if not authorization:
            return None
        try:
            return verify(self._root, authorization.removeprefix("Bearer ").strip(), self._wall(), self._certificates())
        except TokenRefused:
            zh, en = "登录已失效，请重新登录。", "The token is not valid any more: sign in again."
            raise Refusal(401, "token_refused", zh, en, headers={"WWW-Authenticate": "Bearer"}) from None


async def _optional(request: Request, authorization: Annotated[str, Header()] = "") -> Principal | None:
    gate: Gate = request.app.state.gate
    return gate.principal(authorization)


async def _staff(principal: Annotated[Principal | None, Depends(_optional)]) -> Principal:
    if principal is None:
        raise _token_missing()
    return principal


async def _system(request: Request, authorization: Annotated[str, Header()] = "") -> Principal:
    gate: Gate = request.app.state.gate
    if (principal := gate.anybody(authorization)) is None:
        raise _token_missing()
    return principal


def _token_missing() -> Refusal:
    return Refusal(401, "token_missing", "请先登录。", "Sign in first.", headers={"WWW-Authenticate": "Bearer"})


MaybeStaff = Annotated[Principal | None, Depends(_optional)]
"""Staff, or None for the public. The app's ``state.gate`` verifies."""

Staff = Annotated[Principal, Depends(_staff)]
"""Staff; 401 without a token."""

System = Annotated[Principal, Depends(_system)]
"""A system, or staff: for routes that name the roles they let in. 401 without a token."""


def require(principal: Principal, *roles: str) -> None:
    """Raises a 403 unless the principal has one of the roles."""
    if principal.role not in roles:
        raise Refusal(403, "role_refused", "您的角色不能执行此操作。", f"Only for: {', '.join(roles)}.")

"""Tokens are ours, fresh and complete, or refused; the scope is one thing in two forms."""

from datetime import UTC, datetime, timedelta
from itertools import product

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from contracts.vocabulary import OF_A_UNIT
from runtime.http.problems import Refusal
from runtime.identity import tokens
from runtime.identity.tokens import READING_ROLES, ROLES, Gate, Principal, Scope, TokenRefused, issue, scope_of, verify

PRIVATE, PUBLIC = tokens.new_key_pair()
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
CLERK = Principal("a.clerk", "U1", "431226", "clerk")
COMPLETE = {"iss": "duban", "aud": "duban-services", "sub": "x", "division": "43", "role": "clerk", "unit": ""}


def _signed(claims: dict[str, object]) -> str:
    expiry = {"exp": int(NOON.timestamp()) + 60}
    return jwt.encode(
        {"alg": "Ed25519"}, expiry | claims, OKPKey.import_key(orjson.loads(PRIVATE)), algorithms=["Ed25519"]
    )


def test_a_token_says_who_for_eight_hours() -> None:
    token = issue(PRIVATE, CLERK, NOON)
    assert verify(PUBLIC, token, NOON + timedelta(hours=7, minutes=59)) == CLERK
    with pytest.raises(TokenRefused):
        verify(PUBLIC, token, NOON + timedelta(hours=8, seconds=1))


@pytest.mark.parametrize("missing", [*COMPLETE])
def test_a_token_without_what_decides_is_refused(missing: str) -> None:
    claims: dict[str, object] = {name: value for name, value in COMPLETE.items() if name != missing}
    if missing == "unit":
        assert verify(PUBLIC, _signed(claims), NOON).unit == ""
        return
    with pytest.raises(TokenRefused):
        verify(PUBLIC, _signed(claims), NOON)


@pytest.mark.parametrize(
    "changed",
    [{"iss": "else"}, {"aud": "else"}, {"role": "root"}, {"role": ["clerk"]}, {"exp": 1}, {"exp": None}, {"exp": "x"}],
)
def test_a_token_with_a_wrong_claim_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(TokenRefused):
        verify(PUBLIC, _signed({**COMPLETE, **changed}), NOON)


def test_another_key_and_another_algorithm_are_refused() -> None:
    other, _ = tokens.new_key_pair()
    with_public_as_secret = jwt.encode({"alg": "HS256"}, dict(COMPLETE), OctKey.import_key(PUBLIC))
    unsigned = "eyJhbGciOiJub25lIn0." + _signed({**COMPLETE}).split(".")[1] + "."
    for token in (issue(other, CLERK, NOON), with_public_as_secret, unsigned):
        with pytest.raises(TokenRefused):
            verify(PUBLIC, token, NOON)


@given(st.text())
def test_anything_else_is_refused_and_nothing_worse(token: str) -> None:
    with pytest.raises(TokenRefused):
        verify(PUBLIC, token, NOON)


def test_the_gate_lets_the_public_in_without_a_token_and_refuses_a_bad_one() -> None:
    gate = Gate(PUBLIC, lambda: NOON)
    assert gate.principal("") is None
    assert gate.principal(f"Bearer {issue(PRIVATE, CLERK, NOON)}") == CLERK
    with pytest.raises(Refusal) as refused:
        gate.principal("Bearer rubbish")
    assert refused.value.status == 401


def test_a_role_that_is_not_named_is_refused() -> None:
    tokens.require(CLERK, "clerk", "lead")
    with pytest.raises(Refusal) as refused:
        tokens.require(CLERK, "supervisor")
    assert refused.value.status == 403


DIVISIONS = ("", "43", "4312", "431226", "431226100", "431225", "44", "4")
UNITS = ("", "U1", "U2", "nobody")


def _meets(wanted: dict[str, object], matter: dict[str, str]) -> bool:
    """What MongoDB would say to the two operators that a scope uses."""
    for field, condition in wanted.items():
        if isinstance(condition, dict):
            if not (condition["$gte"] <= matter[field] < condition["$lt"]):
                return False
        elif matter[field] != condition:
            return False
    return True


@given(st.sampled_from([*sorted(ROLES), "", "root"]), st.sampled_from(DIVISIONS), st.sampled_from(UNITS))
def test_no_scope_sees_across(role: str, division: str, unit: str) -> None:
    """Over every role, division and unit: filter and predicate agree, and neither looks past its border."""
    scope = scope_of(Principal("s", unit, division, role))
    for there, whose in product(DIVISIONS[1:], UNITS[:3]):
        inside = scope.allows(there, whose)
        assert inside == _meets(scope.filter("d", "u"), {"d": there, "u": whose})
        if inside:
            assert role in READING_ROLES
            assert division
            assert there.startswith(division)
            assert role not in OF_A_UNIT or (whose == unit and unit)


def test_a_system_comes_in_where_systems_may_and_nowhere_else() -> None:
    partner = Principal("platform", "", "431226", "partner")
    gate, signed = Gate(PUBLIC, lambda: NOON), issue(PRIVATE, partner, NOON)
    assert gate.anybody(signed) == partner
    with pytest.raises(Refusal) as refused:
        gate.principal(signed)
    assert refused.value.status == 403
    assert scope_of(partner) == Scope("nowhere")


def test_somebody_sees_something() -> None:
    assert scope_of(Principal("h", "U1", "4312", "head")) == Scope("4312", "U1")
    assert scope_of(Principal("l", "", "4312", "leader")) == Scope("4312")
    assert scope_of(CLERK) == Scope("431226")
    assert scope_of(CLERK).allows("431226100", "U2")
    assert scope_of(Principal("u", "U1", "4312", "unit")).allows("431226", "U1")

"""Units' own systems over HTTP: each is known by what it signs, once; refused alike, and the audit knows why."""

import uuid
from datetime import timedelta
from typing import Any

import orjson
import pytest
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from runtime.identity.assertions import CLOCKS_DIFFER, LIVES_AT_MOST
from runtime.identity.tokens import Principal, new_key_pair, verify
from services.staff.api import assertions
from services.staff.domain.passwords import FREE
from tests.facts.values import COUNTY, UNIT
from tests.unit.staff.house import LI, WANG, ServedStaff
from tests.unit.staff.test_audit import entries

SYSTEM = "water.system"
PRIVATE, PUBLIC = (orjson.loads(half) for half in new_key_pair())
OTHERS = orjson.loads(new_key_pair()[0])
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
WITH_KEY = {"what": "key", "public_key": PUBLIC["x"]}


async def agreed(staff: ServedStaff, public: str = PUBLIC["x"], index: int = 1) -> None:
    """Two configurers agreed on the key of the account."""
    wanted = WITH_KEY | {"public_key": public}
    proposed = await staff.call("POST", f"/accounts/{SYSTEM}/replacements", LI, json=wanted)
    assert proposed.status_code == 200, proposed.text
    path = f"/accounts/{SYSTEM}/replacements/{index}/confirmation"
    assert (await staff.call("POST", path, WANG)).status_code == 200


async def system_joined(staff: ServedStaff, **wanted: Any) -> None:
    """Appointed to be of the unit, and with a key."""
    await staff.appoint(SYSTEM, **({"role": "unit", "unit": UNIT} | wanted))
    await agreed(staff)


def assertion(staff: ServedStaff, key: Any = None, alg: str = "Ed25519", **changed: Any) -> str:
    """Signed by the system now, for a minute; None takes a claim away."""
    until = int((staff.wall() + MINUTE).timestamp())
    plain = {"iss": SYSTEM, "sub": SYSTEM, "aud": assertions.AUDIENCE, "exp": until, "jti": str(uuid.uuid4())}
    said = {name: each for name, each in (plain | changed).items() if each is not None}
    signer = OKPKey.import_key(PRIVATE) if key is None else key
    return jws.serialize_compact({"alg": alg}, orjson.dumps(said), signer, algorithms=[alg])


def form_of(signed: str) -> dict[str, str]:
    return {"grant_type": assertions.GRANT, "assertion": signed}


async def ask(staff: ServedStaff, signed: str) -> Any:
    return await staff.call("POST", "/token", data=form_of(signed))


async def test_a_system_signs_what_it_is_and_gets_a_token_that_every_service_takes(staff: ServedStaff) -> None:
    await system_joined(staff)
    answer = await ask(staff, assertion(staff))
    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"]) == (200, "Bearer", 300)
    known = verify(staff.root_public, told["access_token"], staff.wall(), staff.published())
    assert known == Principal(SYSTEM, UNIT, COUNTY, "unit")
    (said, *_) = await entries(staff, who=SYSTEM)
    assert (said["kind"], said["account"]) == ("SignedIn", SYSTEM)


def wrong_ones(staff: ServedStaff) -> dict[str, str]:
    """By the reason that the audit gives."""
    wall, later = staff.wall(), LIVES_AT_MOST + CLOCKS_DIFFER + SECOND
    secret = OctKey.import_key("s" * 32)
    unsigned = jws.serialize_compact({"alg": "HS256"}, orjson.dumps({"sub": SYSTEM}), secret, algorithms=["HS256"])
    head, claims, _ = assertion(staff).split(".")
    return {
        "issuer": assertion(staff, iss="zhou.qi"),
        "audience": assertion(staff, aud="duban-services"),
        "expired": assertion(staff, exp=int(wall.timestamp())),
        "too_long": assertion(staff, exp=int((wall + later).timestamp())),
        "not_yet": assertion(staff, nbf=int((wall + CLOCKS_DIFFER + SECOND).timestamp())),
        "signature": assertion(staff, key=OKPKey.import_key(OTHERS)),
        "algorithm": f"eyJhbGciOiJub25lIn0.{claims}.",
        "id": assertion(staff, jti=None),
        "malformed": assertion(staff, exp="soon"),
    } | {"algorithm ": unsigned, "signature ": f"{head}.{claims}.", "expired ": assertion(staff, exp=None)}


REASONS = ("issuer", "audience", "expired", "too_long", "not_yet", "signature", "algorithm", "id", "malformed")


@pytest.mark.parametrize("why", [*REASONS, "algorithm ", "signature ", "expired "])
async def test_what_is_refused_is_told_alike_and_apart_in_the_audit(staff: ServedStaff, why: str) -> None:
    await system_joined(staff)
    unknown = await ask(staff, assertion(staff, iss="no.such", sub="no.such"))
    refused = await ask(staff, wrong_ones(staff)[why])
    assert (refused.status_code, refused.json()["error"], refused.text) == (400, "invalid_grant", unknown.text)
    assert [each["reason"] for each in await entries(staff, who=SYSTEM)] == [f"assertion_{why.strip()}"]


async def test_one_that_was_used_is_refused_and_the_next_one_is_not(staff: ServedStaff) -> None:
    await system_joined(staff)
    signed = assertion(staff)
    answers = [await ask(staff, each) for each in (signed, signed, assertion(staff))]
    assert [answer.status_code for answer in answers] == [200, 400, 200]
    assert "assertion_used" in [each["reason"] for each in await entries(staff, 3, who=SYSTEM)]


async def test_one_that_holds_for_as_long_as_may_be_is_taken_and_not_twice_at_its_end(staff: ServedStaff) -> None:
    await system_joined(staff)
    signed = assertion(staff, exp=int((staff.wall() + LIVES_AT_MOST).timestamp()))
    assert (await ask(staff, signed)).status_code == 200
    staff.wall.time += LIVES_AT_MOST - SECOND
    assert (await ask(staff, signed)).status_code == 400
    assert "assertion_used" in [each["reason"] for each in await entries(staff, 2, who=SYSTEM)]


async def test_without_a_key_or_with_one_that_one_configurer_proposed_nobody_comes_in(staff: ServedStaff) -> None:
    await staff.appoint(SYSTEM, role="unit", unit=UNIT)
    await staff.call("POST", f"/accounts/{SYSTEM}/replacements", LI, json=WITH_KEY)
    assert (await ask(staff, assertion(staff))).status_code == 400
    alone = await staff.call("POST", f"/accounts/{SYSTEM}/replacements/1/confirmation", LI)
    assert (alone.status_code, alone.json()["type"]) == (409, "second_account")
    assert [each["reason"] for each in await entries(staff, who=SYSTEM)] == ["assertion_no_key"]


async def test_another_key_takes_the_place_of_the_first(staff: ServedStaff) -> None:
    await system_joined(staff)
    await agreed(staff, OTHERS["x"], index=2)
    answers = [await ask(staff, assertion(staff, key)) for key in (None, OKPKey.import_key(OTHERS))]
    assert [answer.status_code for answer in answers] == [400, 200]


async def test_a_locked_account_is_refused_and_an_ended_appointment_gets_no_token(staff: ServedStaff) -> None:
    await system_joined(staff)
    await staff.call("POST", f"/accounts/{SYSTEM}/lock", LI)
    assert (await ask(staff, assertion(staff))).status_code == 400
    await staff.call("POST", f"/accounts/{SYSTEM}/unlock", LI)
    await staff.call("POST", f"/accounts/{SYSTEM}/appointments/1/end", WANG)
    answer = await ask(staff, assertion(staff))
    assert (answer.status_code, answer.json()["type"]) == (409, "no_appointment")


async def test_of_several_appointments_one_is_named_and_a_role_that_needs_a_code_is_no_systems(
    staff: ServedStaff,
) -> None:
    await system_joined(staff)
    await staff.appoint(SYSTEM, role="supervisor")
    answers = [await ask(staff, assertion(staff, appointment=each)) for each in (None, 1, 2, 3)]
    assert [answer.status_code for answer in answers] == [409, 200, 403, 409]


async def test_whoever_tries_too_often_waits_and_whoever_asks_too_often_does_too(
    staff: ServedStaff, monkeypatch: pytest.MonkeyPatch
) -> None:
    await system_joined(staff)
    monkeypatch.setattr(assertions, "OF_ONE_ACCOUNT", 2)
    answers = [await ask(staff, assertion(staff)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    tried = [await ask(staff, assertion(staff, iss="zhou.qi")) for _ in range(FREE + 2)]
    assert [answer.status_code for answer in tried] == [400] * (FREE + 1) + [429]


@pytest.mark.parametrize(
    "sent",
    [{}, {"grant_type": "password"}, {"assertion": "a.b.c"}, {"grant_type": ["x", assertions.GRANT]}],
)
async def test_another_grant_is_refused_in_words(staff: ServedStaff, sent: dict[str, Any]) -> None:
    answer = await staff.call("POST", "/token", data=sent or {"x": "y"})
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_what_is_no_form_is_refused(staff: ServedStaff) -> None:
    assert (await staff.call("POST", "/token", json={"grant_type": assertions.GRANT})).status_code == 415
    for text in ("", "x", "a.b.c", "x" * 5000, "eyJhbGciOiJub25lIn0.W10."):
        assert (await ask(staff, text)).json()["type"] == "assertion_refused"


@pytest.mark.parametrize(
    ("what", "public"),
    [("key", ""), ("key", "A" * 42), ("key", "A" * 42 + "B"), ("key", PRIVATE["d"] + "A"), ("password", PUBLIC["x"])],
    ids=["none", "short", "no base64", "too long", "of a password"],
)
async def test_a_key_comes_with_its_public_half_and_nothing_else_does(
    staff: ServedStaff, what: str, public: str
) -> None:
    await staff.appoint(SYSTEM, role="unit", unit=UNIT)
    wanted = {"what": what, "public_key": public}
    answer = await staff.call("POST", f"/accounts/{SYSTEM}/replacements", LI, json=wanted)
    (complaint,) = answer.json()["errors"]
    assert (answer.status_code, complaint["pointer"], "Ed25519" in complaint["zh"]) == (422, "/public_key", True)


async def test_whoever_confirms_a_key_sees_which_one(staff: ServedStaff) -> None:
    await staff.appoint(SYSTEM, role="unit", unit=UNIT)
    await staff.call("POST", f"/accounts/{SYSTEM}/replacements", LI, json=WITH_KEY)
    (shown,) = (await staff.call("GET", f"/accounts/{SYSTEM}", WANG)).json()["replacements"]
    assert (shown["what"], shown["state"], shown["public_key"]) == ("key", "proposed", PUBLIC["x"])

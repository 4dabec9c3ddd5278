"""G3: a unit's own system is known by what it signs, and takes a matter from its inbox to completion."""

import asyncio
import sys
import uuid
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import orjson
from joserfc import jwt
from joserfc.jwk import OKPKey

from contracts.topics import SERVICES
from runtime.clock import system_wall
from runtime.identity.tokens import Principal, new_key_pair
from services.staff.api.assertions import AUDIENCE, GRANT
from tests.acceptance.town import COUNTY, RunningSystem

SAMPLE = Path(__file__).parents[2] / "docs/samples/unit_system.py"
LI, WANG = (Principal(name, "", COUNTY, "configurer") for name in ("li.wei", "wang.fang"))
AUDITOR = Principal("shen.ji", "", COUNTY, "auditor")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def joined(town: RunningSystem, name: str, unit: str, division: str) -> str:
    """Appointed to be of the unit, with a key, by two each time; the private half."""
    private, public = new_key_pair()
    wanted = {"role": "unit", "unit": unit, "division": division}
    key = {"what": "key", "public_key": orjson.loads(public)["x"]}
    for what, body in (("appointments", wanted), ("replacements", key)):
        path = f"/v1/accounts/{name}/{what}"
        proposed = await town.call("staff", "POST", path, who=LI, json=body)
        assert proposed.status_code == 200, proposed.text
        confirmed = await town.call("staff", "POST", f"{path}/1/confirmation", who=WANG)
        assert confirmed.status_code == 200, confirmed.text
    return private


def signed(private: str, name: str, holds: timedelta = MINUTE, **changed: Any) -> str:
    until = int((system_wall() + holds).timestamp())
    claims = {"iss": name, "sub": name, "aud": AUDIENCE, "exp": until, "jti": str(uuid.uuid4())} | changed
    return jwt.encode({"alg": "Ed25519"}, claims, OKPKey.import_key(orjson.loads(private)), ["Ed25519"])


async def ask(town: RunningSystem, assertion: str) -> httpx2.Response:
    form = {"grant_type": GRANT, "assertion": assertion}
    return await town.call("staff", "POST", "/v1/token", data=form)


async def test_G3_a_units_own_system_takes_a_matter_from_its_inbox_to_completion(
    town: RunningSystem, tmp_path: Path
) -> None:
    receipt = await town.submit("高村镇停水", "麻阳县高村镇自来水停水三天，水压低，请尽快修好。", place="高村镇")
    unit = town.unit((await town.assigned(receipt)).body.unit)
    key, settings = tmp_path / "key.jwk", town.platforms["staff"].settings
    key.write_text(await joined(town, "unit.system", unit.unit, unit.division))
    sites = [f"{name}=http://127.0.0.1:{settings.port_of(name, 'api')}" for name in SERVICES]
    arguments = (str(SAMPLE), "unit.system", str(key), receipt.number, *sites)
    system = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    said, _ = await system.communicate()
    assert (system.returncode, said.decode().strip()) == (0, f"completed {receipt.number}")
    assert (await town.fact("TicketCompleted", receipt.number)).body.explanation


async def test_G3_what_a_system_signs_is_good_for_once_refused_alike_and_told_apart_in_the_audit(
    town: RunningSystem,
) -> None:
    name = "other.system"
    private, others = await joined(town, name, "431226-GS", COUNTY), new_key_pair()[0]
    once = signed(private, name)
    first = await ask(town, once)
    assert (first.status_code, first.json()["expires_in"]) == (200, 300)
    wrong = (once, signed(others, name), signed(private, name, aud="duban-services"), signed(private, name, HOUR))
    answers = [await ask(town, each) for each in wrong]
    assert {(answer.status_code, answer.text) for answer in answers} == {(400, answers[0].text)}
    reasons: list[str] = []

    async def are_listed() -> bool:
        answer = await town.call("staff", "GET", "/v1/audit", who=AUDITOR, params={"who": name})
        reasons[:] = [each["reason"] for each in answer.json()["entries"]]
        return len(reasons) == len(wrong) + 1

    await town.eventually(are_listed, what="all of them")
    assert reasons[::-1] == ["", *(f"assertion_{why}" for why in ("used", "signature", "audience", "too_long"))]

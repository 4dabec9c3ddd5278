"""B6: the unit accepts under a standard or returns with a ground; the second return is decided, bindingly."""

from tests.acceptance.town import ReporterReceipt, RunningSystem

WATER, ROADS = "431226-GS", "431226-JT"
REASON = "水管产权在该单位，由它维修。"
GIVE_BACK = {"ground": "not_our_duty", "explanation": "管网由另一单位养护，请另行交办。"}


async def dry(town: RunningSystem) -> ReporterReceipt:
    receipt = await town.submit("自来水停水三天", "整栋楼没水，供水电话没人接，请尽快修。", place="麻阳县高村镇")
    assert (await town.assigned(receipt)).body.unit == WATER
    return receipt


async def test_B6_the_unit_accepts_under_a_standard_that_travels_by_value(town: RunningSystem) -> None:
    receipt = await dry(town)
    await town.ok("routing", f"/v1/tickets/{receipt.number}/acceptance", town.unit(WATER), {"standard": "WTR-01"})
    accepted = (await town.fact("TicketAccepted", receipt.number)).body
    assert (accepted.standard.code, accepted.standard.limit > 0, accepted.unit) == ("WTR-01", True, WATER)
    again = await town.call(
        "routing",
        "POST",
        f"/v1/tickets/{receipt.number}/acceptance",
        who=town.unit(WATER),
        json={"standard": "WTR-01"},
    )
    assert (again.status_code, again.json()["type"]) == (409, "not_assigned")


async def test_B6_a_standard_outside_the_units_own_is_refused(town: RunningSystem) -> None:
    receipt, unit = await dry(town), town.unit(WATER)
    for standard, code in (("LND-01", "standard_not_allowed"), ("NONE-99", "unknown_standard")):
        path = f"/v1/tickets/{receipt.number}/acceptance"
        answer = await town.call("routing", "POST", path, who=unit, json={"standard": standard})
        assert (answer.status_code, answer.json()["type"]) == (409, code)
        assert answer.json()["zh"]
        assert answer.json()["en"]


async def test_B6_the_promise_is_one_made_for_the_matter(town: RunningSystem) -> None:
    place = "麻阳县高村镇"
    receipt = await town.submit("小区天然气泄漏", "楼道里天然气味很重，请立即派人。", place=place)
    unit = town.unit((await town.assigned(receipt)).body.unit)
    assert await town.choices(receipt, unit) == ["GAS-01"]
    for standard in ("HSG-01", "GEN-01"):
        path = f"/v1/tickets/{receipt.number}/acceptance"
        refused = await town.call("routing", "POST", path, who=unit, json={"standard": standard})
        assert (refused.status_code, refused.json()["type"]) == (409, "standard_not_allowed")
        assert "GAS-01 燃气故障处置" in refused.json()["zh"]
    await town.ok("routing", f"/v1/tickets/{receipt.number}/acceptance", unit, {"standard": "GAS-01"})


async def test_B6_only_the_unit_that_has_it_sees_and_decides_it(town: RunningSystem) -> None:
    receipt = await dry(town)
    for path, body in (("acceptance", {"standard": "GEN-01"}), ("return", GIVE_BACK)):
        url = f"/v1/tickets/{receipt.number}/{path}"
        assert (await town.call("routing", "POST", url, who=town.unit(ROADS), json=body)).status_code == 404
        assert (await town.call("routing", "POST", url, who=town.staff("lead"), json=body)).status_code == 403


async def test_B6_a_return_needs_a_ground_of_the_list(town: RunningSystem) -> None:
    receipt, unit = await dry(town), town.unit(WATER)
    path = f"/v1/tickets/{receipt.number}/return"
    refused = await town.call("routing", "POST", path, who=unit, json=GIVE_BACK | {"ground": "we_are_busy"})
    silent = await town.call("routing", "POST", path, who=unit, json={"ground": "not_our_duty"})
    assert (refused.status_code, refused.json()["type"], silent.status_code) == (409, "unknown_ground", 422)
    grounds = await town.call("routing", "GET", "/v1/return-grounds")
    assert "not_our_duty" in {each["code"] for each in grounds.json()}


async def test_B6_the_second_return_is_arbitrated_and_the_decision_binds(town: RunningSystem) -> None:
    receipt, lead, supervisor = await dry(town), town.staff("lead"), town.staff("supervisor")
    url = f"/v1/tickets/{receipt.number}"
    first = await town.ok("routing", f"{url}/return", town.unit(WATER), GIVE_BACK)
    again = await town.call("routing", "POST", f"{url}/assignment", who=lead, json={"unit": WATER})
    assert (again.status_code, again.json()["type"]) == (409, "returned_by_this_unit")
    await town.ok("routing", f"{url}/assignment", lead, {"unit": ROADS})
    second = await town.ok("routing", f"{url}/return", town.unit(ROADS), GIVE_BACK)
    assert (first["state"], second["state"]) == ("queued", "disputed")
    refused = await town.call("routing", "POST", f"{url}/assignment", who=lead, json={"unit": WATER})
    assert (refused.status_code, refused.json()["type"]) == (409, "disputed")
    silent = await town.call("routing", "POST", f"{url}/assignment", who=supervisor, json={"unit": WATER})
    assert (silent.status_code, silent.json()["type"]) == (409, "reason_needed")
    await town.ok("routing", f"{url}/assignment", supervisor, {"unit": WATER, "reason": REASON})
    bound = await town.call("routing", "POST", f"{url}/return", who=town.unit(WATER), json=GIVE_BACK)
    assert (bound.status_code, bound.json()["type"]) == (409, "binding")
    await town.ok("routing", f"{url}/acceptance", town.unit(WATER), {"standard": "WTR-01"})
    await town.fact("TicketAccepted", receipt.number)
    returned = [(each.body.count, each.body.disputed) for each in await town.facts("TicketReturned", receipt.number)]
    assigned = [(each.body.hop, each.body.binding) for each in await town.facts("TicketAssigned", receipt.number)]
    explained = [each.body.explanation for each in await town.facts("TicketAssigned", receipt.number)]
    assert [bool(each) for each in explained] == [False, False, True]
    assert REASON not in explained[-1]
    assert returned == [(1, False), (2, True)]
    assert assigned == [(1, False), (2, False), (3, True)]


async def test_B6_a_dispute_is_decided_in_a_fixed_time_or_turns_red(town: RunningSystem) -> None:
    receipt, lead = await dry(town), town.staff("lead")
    url = f"/v1/tickets/{receipt.number}"
    await town.ok("routing", f"{url}/return", town.unit(WATER), GIVE_BACK)
    first = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.kind == "assign_by")).body
    assert first.unit == (await town.assigned(receipt)).body.lead_unit
    await town.ok("routing", f"{url}/assignment", lead, {"unit": ROADS})
    await town.ok("routing", f"{url}/return", town.unit(ROADS), GIVE_BACK)
    decide = (await town.fact("DeadlineSet", receipt.number, lambda m: m.body.unit == "431226-SUP")).body
    assert (decide.kind, decide.due > decide.start) == ("assign_by", True)
    town.wind(decide.due - town.clock.now())
    await town.fact("LightChanged", receipt.number, lambda m: (m.body.clock, m.body.new) == (decide.clock, "red"))
    await town.ok("routing", f"{url}/assignment", town.staff("supervisor"), {"unit": WATER, "reason": "属供水职责"})
    stopped = await town.fact("ClockStopped", receipt.number, lambda m: m.body.clock == decide.clock)
    assert stopped.body.reason == "assigned"


async def test_B6_the_explanation_is_sealed_in_the_log(town: RunningSystem) -> None:
    receipt = await dry(town)
    await town.ok("routing", f"/v1/tickets/{receipt.number}/return", town.unit(WATER), GIVE_BACK)
    returned = (await town.fact("TicketReturned", receipt.number)).body
    assert returned.explanation
    assert GIVE_BACK["explanation"] not in returned.explanation

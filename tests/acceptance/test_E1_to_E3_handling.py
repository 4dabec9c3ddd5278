"""E1 E2 E3: progress, plan, completion report, on the real stack."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from runtime.identity.tokens import Principal
from tests.acceptance.town import ReporterReceipt, RunningSystem

ROADS = "麻阳县尧市镇通村公路坑洼，农用车过不去，请安排人来看。"
DIGEST = "c" * 64


async def in_hand(town: RunningSystem) -> tuple[ReporterReceipt, Principal]:
    """A matter that a unit has accepted."""
    receipt = await town.submit("尧市镇道路破损", ROADS, place="尧市镇")
    unit = await town.accepted(receipt)
    await town.eventually(lambda: known(town, receipt, unit), what="feedback knows the matter")
    return receipt, unit


async def known(town: RunningSystem, receipt: ReporterReceipt, unit: Principal) -> bool:
    """Whether feedback has taken the baton."""
    answer = await town.call("feedback", "GET", f"/v1/tickets/{receipt.number}/requests/none", who=unit)
    return bool(answer.json().get("type") == "request_unknown")


async def said_all(town: RunningSystem, kind: str, receipt: ReporterReceipt, how_many: int) -> list[Any]:
    """The bodies of all facts of a type, once there are so many."""

    async def there() -> bool:
        return len(await town.facts(kind, receipt.number)) >= how_many

    await town.eventually(there, what=f"{how_many} {kind}")
    return [message.body for message in await town.facts(kind, receipt.number)]


async def post(
    town: RunningSystem, receipt: ReporterReceipt, what: str, who: Principal, body: dict[str, Any]
) -> httpx2.Response:
    """Somebody of staff wants something of feedback."""
    return await town.call("feedback", "POST", f"/v1/tickets/{receipt.number}/{what}", who=who, json=body)


async def test_E1_progress_is_reported_at_any_time_and_read_by_the_reporter(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    words = "施工队已进场，预计按期完成。"
    for nth in ("1", "2"):
        answer = await post(town, receipt, "progress", unit, {"text": words})
        assert (answer.status_code, answer.json()["progress"]) == (200, nth)
    said = await said_all(town, "ProgressReported", receipt, 2)
    assert [each.index for each in said] == [1, 2]
    assert all(words not in each.text for each in said)

    async def told() -> bool:
        path = f"/v1/tickets/{receipt.number}"
        page = await town.call("portal", "GET", path, headers={"Query-Code": receipt.code})
        return page.text.count(words) == 2

    await town.eventually(told, what="the reporter reads it")


async def test_E1_nobody_else_reports_on_a_units_matter(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    other, elsewhere = town.unit("431226-JY"), Principal("x", unit.unit, "430000", "unit")
    body = {"text": "已办。"}
    assert (await post(town, receipt, "progress", other, body)).status_code == 404
    assert (await post(town, receipt, "progress", elsewhere, body)).status_code == 404
    assert (await post(town, receipt, "progress", town.staff("auditor"), body)).status_code == 403
    anonymous = await town.call("feedback", "POST", f"/v1/tickets/{receipt.number}/progress", json=body)
    assert anonymous.status_code == 401
    assert await town.facts("ProgressReported", receipt.number) == []


async def test_E1_the_same_key_again_says_nothing_twice(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    path, body = f"/v1/tickets/{receipt.number}/progress", {"text": "已到现场。"}
    answers = [await town.call("feedback", "POST", path, who=unit, key="the-same-key", json=body) for _ in range(3)]
    assert {answer.text for answer in answers} == {answers[0].text}
    assert len(await said_all(town, "ProgressReported", receipt, 1)) == 1


def plan(town: RunningSystem, mode: str, *days: float, **more: Any) -> dict[str, Any]:
    """A plan with a measure due after each of these days."""
    now = town.clock.now()
    due = [(now + timedelta(days=each)).isoformat() for each in days]
    return {"mode": mode, "measures": [{"text": "修", "person": "经办人", "due": each} for each in due], **more}


async def test_E2_a_plan_has_one_of_four_modes_and_a_new_version_replaces_it(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    review = (town.clock.now() + timedelta(days=90)).isoformat()
    held = plan(town, "held_by_policy", rule_quoted="某办法第十二条", review_on=review)
    plans = [plan(town, "at_once", 0.5), plan(town, "within_limit", 5), plan(town, "in_phases", 5, 20), held]
    for version, body in enumerate(plans, start=1):
        answer = await post(town, receipt, "plan", unit, body)
        assert (answer.status_code, answer.json().get("version")) == (200, str(version)), answer.text
    said = await said_all(town, "PlanMade", receipt, 4)
    assert [each.mode for each in said] == ["at_once", "within_limit", "in_phases", "held_by_policy"]
    assert "第十二条" not in said[-1].rule_quoted


async def test_E2_held_by_policy_needs_the_rule_and_a_review_date_and_is_no_end(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    review = (town.clock.now() + timedelta(days=90)).isoformat()
    for body, code in (
        (plan(town, "held_by_policy", review_on=review), "no_rule_quoted"),
        (plan(town, "held_by_policy", rule_quoted="某办法"), "no_review_date"),
        (plan(town, "within_limit"), "no_measures"),
        (plan(town, "in_phases", 5), "not_in_phases"),
    ):
        answer = await post(town, receipt, "plan", unit, body)
        assert answer.status_code == 409
        assert answer.json()["type"] == code
    good = plan(town, "held_by_policy", rule_quoted="某办法第十二条", review_on=review)
    assert (await post(town, receipt, "plan", unit, good)).status_code == 200
    refused = await post(town, receipt, "completion", unit, completion(town))
    assert refused.json()["type"] == "held_by_policy"


def completion(town: RunningSystem, **changed: Any) -> dict[str, Any]:
    """A completion with one piece of evidence."""
    evidence = {"kind": "photos", "digest": DIGEST, "dated": town.clock.now().isoformat()} | changed
    return {"explanation": "路面已修补。", "evidence": [evidence]}


async def test_E3_without_fitting_evidence_nothing_is_completed(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    now = town.clock.now()
    for body, code in (
        ({"explanation": "已修。", "evidence": []}, "no_evidence"),
        (completion(town, kind="promise"), "unknown_evidence_kind"),
        (completion(town, digest=""), "evidence_without_source"),
        (completion(town, digest="", uri="javascript:alert(1)"), "evidence_without_source"),
        (completion(town, dated=(now - timedelta(days=30)).isoformat()), "evidence_too_old"),
        (completion(town, dated=(now + timedelta(days=30)).isoformat()), "evidence_from_the_future"),
    ):
        answer = await post(town, receipt, "completion", unit, body)
        assert (answer.status_code, answer.json()["type"]) == (409, code), answer.text
        assert answer.json()["zh"]
        assert answer.json()["en"]
    assert await town.facts("TicketCompleted", receipt.number) == []


async def test_E3_a_completion_with_evidence_waits_for_the_reporter(town: RunningSystem) -> None:
    receipt, unit = await in_hand(town)
    answer = await post(town, receipt, "completion", unit, completion(town))
    assert (answer.status_code, answer.json()["state"]) == (200, "awaiting_evaluation")
    said = (await town.fact("TicketCompleted", receipt.number)).body
    assert [(each.kind, each.digest) for each in said.evidence] == [("photos", DIGEST)]
    assert "路面已修补" not in said.explanation
    again = await post(town, receipt, "completion", unit, completion(town))
    assert again.json()["type"] == "not_in_hand"


async def test_E1_E2_E3_what_people_write_is_read_by_those_it_is_for(town: RunningSystem) -> None:
    """The reporter judges what the unit wrote and shows, the unit reads why it does it again, the public no word."""
    receipt, unit = await in_hand(town)
    measure = {"text": "铺沥青", "person": "吴样例", "due": (town.clock.now() + timedelta(days=5)).isoformat()}
    said = (
        ("plan", {"mode": "within_limit", "measures": [measure]}),
        ("progress", {"text": "内部先核对预算", "public": False}),
        ("completion", completion(town, digest="", uri="https://example.org/road.jpg")),
    )
    for what, body in said:
        assert (await post(town, receipt, what, unit, body)).status_code == 200
    code = {"Query-Code": receipt.code}
    vote = {"grade": 1, "solved": False, "words": "坑洼还在，电话13900000000"}
    path = f"/v1/tickets/{receipt.number}"
    assert (await town.call("feedback", "POST", f"{path}/evaluation", json=vote, headers=code)).status_code == 200
    to_all = ("铺沥青", "吴样例", "路面已修补", "https://example.org/road.jpg", "坑洼还在", "尧市镇")

    async def read() -> bool:
        return "坑洼还在" in (await town.call("portal", "GET", path, who=unit)).text

    await town.eventually(read, what="the unit reads why")
    own = (await town.call("portal", "GET", path, headers=code)).text
    staff = [(await town.call("portal", "GET", path, who=who)).text for who in (unit, town.staff("lead"))]
    public = (await town.call("portal", "GET", f"/tickets/{receipt.number}")).text
    assert [[words for words in to_all if words not in page] for page in (own, *staff)] == [[], [], []]
    assert ["内部先核对预算" in page for page in (own, *staff)] == [False, True, True]
    assert ["13900000000" in page for page in (own, *staff)] == [True, False, False]
    assert [words for words in to_all[:5] if words in public] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"evidence": []}, "/explanation"),
        ({"explanation": "a\0b", "evidence": []}, "/explanation"),
        ({"explanation": "好", "evidence": [{"kind": "photos", "dated": "yesterday"}]}, "/evidence/0/dated"),
        ({"explanation": "好", "evidence": [], "grade": 5}, "/grade"),
    ],
)
async def test_E3_a_bad_field_is_named_in_two_languages(
    town: RunningSystem, body: dict[str, Any], pointer: str
) -> None:
    answer = await post(town, ReporterReceipt("4312260123456789ABC", ""), "completion", town.unit("431226-JT"), body)
    assert answer.status_code == 422
    found = {error["pointer"]: error for error in answer.json()["errors"]}
    assert set(found[pointer]) >= {"zh", "en", "code"}

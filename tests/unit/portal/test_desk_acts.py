"""The forms of staff: a form loses nothing, says the same as its call, and nobody sends another's."""

import re
from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx2
import orjson
import pytest

from contracts.actions import ACTIONS, REPORTER
from contracts.lifecycle import TicketState
from services.notify.api.app import Resolution
from services.portal import times
from services.portal.pages.desk_acts import choices
from services.portal.pages.desk_acts.acts import DESK_ACTS, FOUND_OUT, body_of, path_of
from services.portal.pages.sign_in.cookie import COOKIE, word_of
from tests.contract.routes import ROUTES
from tests.unit.portal.staffed import CLOCK, NEVER, OF_STAFF, OTHER_SECRET, SECRET, StaffedDesk, staffed
from tests.unit.portal.test_follow import NUMBER
from tests.unit.portal.tickets import NOON


@pytest.fixture
async def desk() -> AsyncIterator[StaffedDesk]:
    async with staffed() as there:
        yield there


def test_every_action_of_staff_has_a_form_and_each_form_is_one() -> None:
    of_staff = {row.path: request for request, row in ACTIONS.items() if row.roles - {REPORTER}}
    assert {name: act.request for name, act in DESK_ACTS.items() if act.request} == of_staff
    assert {each.source for act in DESK_ACTS.values() for each in act.fields if each.source} == set(choices.SOURCES)


GOOD = {(each.service, each.path.replace("{ticket}", "{number}")): each for each in ROUTES if each.method == "POST"}


@pytest.mark.parametrize("act", DESK_ACTS)
def test_a_form_has_a_field_for_all_that_its_route_needs(act: str) -> None:
    of = DESK_ACTS[act]
    route = GOOD[of.service, of.path.replace("{item}", "{order}")]
    names = {"index" if each.kind == "item" else each.name for each in of.fields if not each.in_path}
    assert set(route.needed) <= names <= set(route.good) | {"reason", "category", "ground", "amount"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("act", DESK_ACTS)
async def test_each_form_is_shown_with_its_call(desk: StaffedDesk, act: str, lang: str) -> None:
    row = ACTIONS.get(DESK_ACTS[act].request)
    desk.role = sorted((row.roles if row else DESK_ACTS[act].roles) - {REPORTER})[-1]
    desk.state = next(state for state, roles in row.may.items() if desk.role in roles) if row else TicketState.IN_HAND
    desk.told |= _all_to_choose()
    page = (await desk.client.get(f"/desk/{NUMBER}/{act}?lang={lang}")).text
    assert f'action="/desk/{NUMBER}/{act}?lang={lang}"' in page, page
    assert "curl -X POST &#34;$" + DESK_ACTS[act].service.upper() in page
    assert "{{" not in page.replace("{{7*7}}", "")


def _all_to_choose() -> dict[str, Any]:
    order = {
        "number": "431226J53WKX-c1-1",
        "withdrawn": False,
        "lifted": False,
        "answered": [],
        "answer_by": NOON.isoformat(),
    }
    order |= {"items_zh": ["查进度"], "items_en": ["Progress"]}
    plan = {"version": 3, "mode": "in_phases", "plan_review": "pending", "rule": "", "review_on": None}
    plan |= {"measures": [{"text": "换管", "person": "李", "due": NOON.isoformat()}]}
    asked = {"id": "c1m1", "how": "pause", "ground": "force_majeure", "decided": None}
    review = {
        "number": NUMBER,
        "unit": "u",
        "urgent": False,
        "since": None,
        "what": "completion",
        "round": 1,
        "level": 2,
    }
    return {
        f"/v1/tickets/{NUMBER}": OF_STAFF | {"orders": [order], "plan": plan},
        f"/v1/tickets/{NUMBER}/clocks": {"number": NUMBER, "clocks": [CLOCK | {"more": [asked]}]},
        "/v1/reviews": {"reviews": [review | {"levels": 2}]},
        "/v1/checks": {
            "checks": [{"number": NUMBER, "unit": "u", "draw": "hand/" + "0" * 16, "due": NOON.isoformat()}]
        },
        f"/v1/tickets/{NUMBER}/deliveries": [
            {"ref": "r1", "letter": "L1", "state": "unknown", "audience": "reporter", "channel": "sms"},
            {"ref": "r2", "letter": "L1", "state": "unknown", "audience": "reporter", "channel": "sms"},
            {"ref": "r3", "letter": "", "state": "sent", "audience": "unit", "channel": "sms"},
        ],
        "/v1/units": [{"code": f"U{nth}", "zh": "单位", "en": "Unit"} for nth in range(20)],
    }


async def test_a_letter_of_which_nobody_knows_is_settled_by_its_reference(desk: StaffedDesk) -> None:
    desk.role, desk.told = "supervisor", desk.told | _all_to_choose()
    hidden = await desk.form("delivery")
    await desk.send("delivery", hidden | {"reference": "L1", "outcome": "failed"})
    (request,) = desk.sent
    assert str(request.url) == "http://notify/v1/deliveries/L1/resolution"
    assert orjson.loads(request.read()) == {"number": NUMBER, "outcome": "failed"}
    desk.told[f"/v1/tickets/{NUMBER}/deliveries"] = []
    page = (await desk.client.get(f"/desk/{NUMBER}/delivery")).text
    assert "现在不能办" in page


def test_a_person_finds_out_what_notify_takes() -> None:
    assert set(get_args(Resolution.model_fields["outcome"].annotation)) == set(FOUND_OUT)


async def test_a_form_goes_to_its_service_with_the_token_and_its_key(desk: StaffedDesk) -> None:
    hidden = await desk.form("completion")
    typed = {"explanation": "已换新\r\n现已供水", "evidence-0-uri": "https://example.org/1.jpg"}
    typed |= {"evidence-0-kind": "photos", "evidence-0-dated": "2027-03-01T09:00"}
    answer = await desk.send("completion", hidden | typed)
    where = f"/desk/{NUMBER}/asked?lang=zh&of=completion&sent={'c' * 36}&asked=0"
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    (request,) = desk.sent
    assert (str(request.url), request.headers["Idempotency-Key"]) == (
        f"http://feedback/v1/tickets/{NUMBER}/completion",
        hidden["key"],
    )
    piece = {"kind": "photos", "uri": "https://example.org/1.jpg", "dated": "2027-03-01T09:00:00+08:00"}
    assert orjson.loads(request.read()) == {"explanation": "已换新\n现已供水", "evidence": [piece]}


async def test_each_standard_says_its_day_before_one_is_chosen(desk: StaffedDesk) -> None:
    desk.state = TicketState.ASSIGNED
    page = (await desk.client.get(f"/desk/{NUMBER}/acceptance")).text
    assert f"供水抢修，1天（{times.clock_time(NOON, 'zh')} 前办结）" in page
    (asked,) = [each for each in desk.asked if each.url.path.endswith("/preview")]
    assert (asked.url.host, asked.url.params["ticket"]) == ("sla", NUMBER)


async def test_without_a_word_of_sla_a_standard_is_offered_as_it_is(desk: StaffedDesk) -> None:
    desk.state = TicketState.ASSIGNED
    desk.told["/v1/standards/WTR-01/preview"] = httpx2.Response(503, json={"type": "unavailable"})
    page = (await desk.client.get(f"/desk/{NUMBER}/acceptance")).text
    assert "供水抢修，1天" in page
    assert "前办结" not in page


FILLED: dict[str, str] = {
    "standard": "WTR-01", "ground": "not_our_duty", "explanation": "x", "unit": "U1", "text": "x", "public": "yes",
    "method": "phone", "reached": "no", "until": "2027-03-01T09:00:05", "mode": "at_once", "index": "2", "done": "yes",
    "measures-0-text": "换管", "measures-0-person": "李", "measures-0-due": "2027-03-01T09:00", "version": "3",
    "approved": "no", "grounds-too_late": "yes", "round": "1", "level": "2", "passed": "no", "grounds-untrue": "yes",
    "urgent": "yes", "reason": "poor_feedback", "due": "2027-03-01T09:00", "remote": "no", "draw": "hand/0",
    "clock": "c1", "how": "extension", "amount": "5", "more_time": "c1m1", "item": "431226J53WKX-c1-1.2",
    "reference": "L1", "outcome": "resend", "number": NUMBER,
    "order": "431226J53WKX-c1-1", "lifted": "no", "answer_by": "2027-03-02T09:00", "grade": "5", "solved": "yes",
    "evidence-1-uri": "A" * 64, "evidence-1-kind": "documents", "evidence-1-dated": "2027-03-01T09:00",
}  # fmt: skip


def filled(act: str) -> dict[str, str]:
    """All the fields of a form, by somebody of this session."""
    names = {each.name for each in DESK_ACTS[act].fields}
    typed = {name: each for name, each in FILLED.items() if name.partition("-")[0] in names}
    return typed | {"form": word_of(SECRET), "key": "k"}


def test_what_is_typed_becomes_the_body_of_the_request() -> None:
    assert body_of(DESK_ACTS["plan"], FILLED) == {
        "mode": "at_once",
        "measures": [{"text": "换管", "person": "李", "due": "2027-03-01T09:00:00+08:00"}],
    }
    assert body_of(DESK_ACTS["plan-review"], FILLED) == {"version": 3, "approved": False, "grounds": ["too_late"]}
    assert body_of(DESK_ACTS["question"], FILLED) == {"text": "x", "until": "2027-03-01T09:00:05+08:00"}
    more = body_of(DESK_ACTS["more-time"], FILLED)
    assert (more["amount"], more["evidence"][0]["digest"], "clock" in more) == (5, "A" * 64, False)
    assert path_of(DESK_ACTS["more-time"], NUMBER, FILLED) == f"/v1/tickets/{NUMBER}/clocks/c1/more-time"
    assert body_of(DESK_ACTS["order-answer"], FILLED)["index"] == 2
    assert body_of(DESK_ACTS["accountability"], {"persons": "李某、 王某，"})["persons"] == ["李某", "王某"]
    assert path_of(DESK_ACTS["order-answer"], NUMBER, FILLED) == "/v1/orders/431226J53WKX-c1-1/answers"


@pytest.mark.parametrize("typed", ["soon", "2027-3-1", "²"])
def test_what_is_no_instant_or_number_goes_as_it_was_typed_for_the_api_to_refuse(typed: str) -> None:
    assert body_of(DESK_ACTS["question"], {"text": "x", "until": typed})["until"] == typed
    assert body_of(DESK_ACTS["measures"], {"index": typed})["index"] == typed


@pytest.mark.parametrize("act", DESK_ACTS)
async def test_nothing_is_done_by_a_form_of_no_or_another_session(desk: StaffedDesk, act: str) -> None:
    for word in ("", "ü", word_of(OTHER_SECRET)):
        assert ((await desk.send(act, filled(act) | {"form": word})).status_code, desk.sent) == (403, [])
    for site in ("cross-site", "same-site"):
        assert ((await desk.send(act, filled(act), site=site)).status_code, desk.sent) == (403, [])
    desk.client.cookies.set(COOKIE, OTHER_SECRET)
    assert ((await desk.send(act, filled(act))).status_code, desk.sent) == (403, [])
    desk.client.cookies.clear()
    assert ((await desk.send(act, filled(act))).status_code, desk.sent) == (401, [])


@pytest.mark.parametrize("act", DESK_ACTS)
async def test_the_same_form_of_this_session_is_sent(desk: StaffedDesk, act: str) -> None:
    answer = await desk.send(act, filled(act), site="same-origin")
    assert (answer.status_code, len(desk.sent)) == (303, 1)


async def test_words_survive_a_session_that_ended_and_are_sent_by_the_next_one(desk: StaffedDesk) -> None:
    desk.ended = True
    typed = {"form": word_of(SECRET), "key": "k", "text": f"到场了 {NEVER}"}
    kept = await desk.send("progress", typed)
    assert ("到场了" in kept.text, NEVER in kept.text, word_of(SECRET) in kept.text) == (True, False, False)
    desk.ended = False
    desk.client.cookies.set(COOKIE, OTHER_SECRET)
    again = await desk.send("progress", {"key": "k", "text": typed["text"]})
    assert (again.status_code, "到场了" in again.text, desk.sent) == (403, True, [])
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', again.text))
    assert (await desk.send("progress", hidden | {"text": typed["text"]})).status_code == 303
    assert [each.headers["Idempotency-Key"] for each in desk.sent] == ["k"]


async def test_what_a_service_says_of_a_field_stands_at_the_field(desk: StaffedDesk) -> None:
    error = {"pointer": "/evidence/0/dated", "code": "x", "zh": "时间不对", "en": "wrong"}
    desk.decides = lambda _: httpx2.Response(422, json={"type": "v", "zh": "不对", "en": "no", "errors": [error]})
    hidden = await desk.form("completion")
    typed = {"explanation": "写了很多", "evidence-1-uri": "https://example.org/1", "evidence-1-dated": "yesterday"}
    answer = await desk.send("completion", hidden | typed)
    assert answer.status_code == 422
    assert 'id="evidence-1-dated-wrong">时间不对' in answer.text  # at the piece that was filled in
    assert "写了很多" in answer.text
    assert f'value="{hidden["key"]}"' not in answer.text


@pytest.mark.parametrize(("status", "keeps"), [(409, False), (503, True)])
async def test_a_refusal_keeps_the_words_and_silence_the_key_too(
    desk: StaffedDesk, status: int, *, keeps: bool
) -> None:
    desk.decides = lambda _: httpx2.Response(status, json={"type": "x", "zh": "没有佐证材料", "en": "no"})
    hidden = await desk.form("progress")
    answer = await desk.send("progress", hidden | {"text": "到场了"})
    assert (answer.status_code, "没有佐证材料" in answer.text, "到场了" in answer.text) == (status, True, True)
    assert (f'value="{hidden["key"]}"' in answer.text) == keeps


async def test_the_call_is_shown_as_filled_in_and_nothing_is_sent(desk: StaffedDesk) -> None:
    hidden = await desk.form("progress")
    shown = await desk.send("progress", hidden | {"text": "it's <done>", "public": "no", "to": "call"})
    assert desk.sent == []
    assert "it&#39;&#34;&#39;&#34;&#39;s &lt;done&gt;" in shown.text  # quoted for a shell, and for HTML
    assert f"curl -X POST &#34;$FEEDBACK/v1/tickets/{NUMBER}/progress&#34;" in shown.text
    assert "&#34;public&#34;: false" in shown.text


async def test_what_has_to_be_chosen_for_the_address_is_asked_for_at_its_field(desk: StaffedDesk) -> None:
    answer = await desk.send("more-time", {"form": word_of(SECRET), "key": "k"})
    assert ('id="clock-wrong">请选择一项' in answer.text, answer.status_code, desk.sent) == (True, 422, [])
    evil = {"form": word_of(SECRET), "key": "k", "clock": "../../x"}
    assert ((await desk.send("more-time", evil)).status_code, desk.sent) == (403, [])

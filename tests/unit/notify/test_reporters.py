"""Who has no address reads the same texts with number and code, and everybody says how they want to hear (D1)."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from runtime.change import Change, Reject
from runtime.identity.tokens import Gate, new_key_pair
from services.notify.api.app import build_app
from services.notify.api.signatures import ProviderKeys
from services.notify.domain.deliveries import MUTABLE
from services.notify.workers.dispatch import UNDER_WAY
from tests.facts.intake import erased
from tests.facts.notify import set_preferences
from tests.facts.values import NUMBER, UNIT_ZH
from tests.harness import fact, request
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, assigned, registered
from tests.unit.notify.said import SAID, after, handled

NOBODY = {"channel": "none", "phone": "", "email": "", "code": "QUERYCODE1", "language": "zh"}
MESSAGES, PREFERENCES = f"/v1/tickets/{NUMBER}/messages", f"/v1/tickets/{NUMBER}/preferences"


@pytest.fixture
def desk() -> Desktop:
    return Desktop()


@pytest.fixture
async def client(desk: Desktop) -> AsyncIterator[httpx2.AsyncClient]:
    async def ready() -> bool:
        return True

    wall = desk.stage.clock.wall
    app = build_app(desk.reporters(), Gate(new_key_pair()[1], wall), ready, ProviderKeys(wall))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify") as there:
        yield there


def by_code(code: str = "QUERYCODE1", key: str = "a-key-of-this-test") -> dict[str, str]:
    return {"Query-Code": code, "Idempotency-Key": key}


async def prefer(desk: Desktop, client: httpx2.AsyncClient, code: str = "QUERYCODE1", **wanted: Any) -> Any:
    """The answer is 202 while no loop reads; then it does."""
    answer = await client.put(PREFERENCES, json={"channel": "", "muted": []} | wanted, headers=by_code(code))
    await desk.stage.run()
    return answer


async def test_who_left_no_address_reads_the_same_texts(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await desk.told(registered(2), assigned(), people=(NOBODY, NEIGHBOUR))
    await desk.deliver()
    read = (await client.get(MESSAGES, headers=by_code())).json()
    assert [word in read[0]["text"] for word in (NUMBER, "QUERYCODE1", "登记")] == [True] * 3
    assert [(each["kind"], each["round"]) for each in read] == [("registered", 1), ("assigned", 1)]
    assert UNIT_ZH in read[1]["text"]
    assert (await client.get(MESSAGES, headers=by_code("QUERYCODE2"))).json() == [], "it went by e-mail"


@pytest.mark.parametrize("code", ["QUERYCODE3", "", "查询码"])
async def test_a_wrong_code_reads_nothing_and_guessing_is_limited(
    desk: Desktop, client: httpx2.AsyncClient, code: str
) -> None:
    await desk.told(registered(), people=(NOBODY,))
    headers = [(b"Query-Code", code.encode())]
    answers = [await client.get(MESSAGES, headers=headers) for _ in range(9)]
    assert [each.status_code for each in answers] == [404] * 8 + [429]
    assert answers[0].json()["type"] == "wrong_code"
    assert (await client.get(MESSAGES.replace(NUMBER, "431226AAAAAAAAAAAAAA"), headers=headers)).status_code == 422


async def test_after_an_erasure_the_code_opens_nothing(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await desk.told(registered(), people=(NOBODY,))
    await desk.deliver()
    await desk.vault.erase(next(iter(desk.vault.records)))
    await desk.told(fact(erased(), producer="intake", seq=2))
    assert (await client.get(MESSAGES, headers=by_code())).status_code == 404


async def test_who_wants_the_page_is_not_written_to_any_more(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await desk.told(registered())
    await desk.deliver()
    assert (await prefer(desk, client, channel="page")).status_code == 202
    await desk.told(assigned())
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert [each.deliveries[0] for each in desk.sms.sent.values() if each.address == FILER["phone"]] == [
        desk.stage.document().items[0].ref
    ]
    assert [each["kind"] for each in (await client.get(MESSAGES, headers=by_code())).json()] == ["assigned"]


async def test_who_wants_another_channel_hears_by_it(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await desk.told(registered(), people=(FILER | {"email": "f@example.org"},))
    await prefer(desk, client, channel="email")
    await desk.deliver()
    assert [each.address for each in desk.email.sent.values()] == ["f@example.org"]
    assert "phone" not in str(desk.stage.document().preferences)


async def test_what_is_muted_is_not_told_and_what_waits_of_it_is_dropped(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    await desk.told(registered(2), assigned(), people=(FILER, NEIGHBOUR))
    await prefer(desk, client, muted=["assigned", "progress"])
    await desk.told(*SAID["ProgressReported"])
    states = desk.states()
    assert states["reporter", 0, "assigned"] == "dropped"
    assert ("reporter", 0, "progress") not in states
    assert (states["reporter", 1, "assigned"], states["reporter", 1, "progress"]) == ("planned", "planned")
    await prefer(desk, client)
    assert desk.stage.document().preferences[0].muted == ("assigned", "progress"), "the same key is the same request"
    await client.put(PREFERENCES, json={"channel": "", "muted": []}, headers=by_code(key="another-key"))
    await desk.stage.run()
    assert desk.stage.document().preferences[0].muted == ()


@pytest.mark.parametrize("wanted", [{"muted": ["evaluate"]}, {"muted": ["registered"]}, {"channel": "fax"}, {"x": 1}])
async def test_what_law_or_promise_asks_for_is_not_muted(
    desk: Desktop, client: httpx2.AsyncClient, wanted: dict[str, Any]
) -> None:
    await desk.told(registered())
    answer = await client.put(PREFERENCES, json={"channel": "", "muted": []} | wanted, headers=by_code())
    assert answer.status_code == 422
    assert all(each["zh"] and each["en"].isascii() for each in answer.json()["errors"])


ASKED_FOR = ("registered", "screened_out", "accepted", "deadline_moved", "evaluate", "struck_off", "rework")


@pytest.mark.parametrize("kind", ASKED_FOR)
def test_the_rule_itself_refuses_to_mute_it(kind: str) -> None:
    done = handled(after(registered()), request(set_preferences(muted=("progress", kind))))
    assert isinstance(done, Reject)
    assert (done.code, set(done.detail)) == ("not_muted", {"zh", "en"})


@pytest.mark.parametrize("kind", MUTABLE)
def test_the_rule_takes_what_may_be_muted(kind: str) -> None:
    assert isinstance(handled(after(registered()), request(set_preferences(muted=(kind,)))), Change)


def test_a_seat_that_nobody_holds_has_no_preferences() -> None:
    for post, voter in ((after(registered(2)), 2), (after(registered()), -1), (None, 0)):
        done = handled(post, request(set_preferences(voter=voter)))
        assert isinstance(done, Reject)
        assert done.code == "no_such_reporter"

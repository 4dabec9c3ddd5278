"""A reply by SMS is a vote of whoever was asked; what is not understood is answered once (D1, E5)."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import httpx2
import orjson
import pytest

from cli.reply import OUTCOMES, ReplyRefused, handed_on
from contracts.envelope import Message, type_of
from contracts.messages.feedback import EvaluateTicket
from runtime.delivery.ports import Unavailable
from runtime.identity.tokens import Gate, new_key_pair
from services.notify.adapters.sms import signature
from services.notify.api.app import build_app
from services.notify.api.replies import ReplyDesk, reply_routes
from services.notify.api.signatures import WINDOW, ProviderKeys
from services.notify.domain.questions import OPEN_FOR
from services.notify.domain.replies import ReplyOutcome
from services.notify.ports import BATCH
from services.notify.workers.dispatch import UNDER_WAY
from tests.facts import feedback
from tests.facts.intake import erased, withdrawn
from tests.facts.values import NUMBER
from tests.harness import TICKET, decoded, fact
from tests.unit.notify.matters import FILER, NEIGHBOUR, Desktop, completed, registered
from tests.unit.notify.said import reminded, rework, struck_off

KEY, PHONE = "a-key-of-this-test", FILER["phone"]
NOW = timedelta(0)
OTHER = "Z" + TICKET[1:]
OTHER_NUMBER = NUMBER[:6] + OTHER[: len(NUMBER) - 6]
ENDS = {"withdrawn": fact(withdrawn()), "struck_off": struck_off(), "rework": rework()}


@pytest.fixture
async def desk() -> Desktop:
    """A matter whose filer was asked by SMS to evaluate it."""
    desk = Desktop()
    await desk.told(registered(), completed())
    await desk.deliver()
    return desk


@pytest.fixture
async def client(desk: Desktop) -> AsyncIterator[httpx2.AsyncClient]:
    async def ready() -> bool:
        return True

    wall = desk.stage.clock.wall
    keys = ProviderKeys(wall, {"sms": KEY})
    app = build_app(desk.reporters(), Gate(new_key_pair()[1], wall), ready, keys)
    requests = desk.stage.request_desk()
    reply_routes(app, ReplyDesk(desk.outbox, desk.questions, desk.digests, requests, wall), keys)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notify") as there:
        yield there


def said(text: str, nth: str = "m1", phone: str = PHONE) -> dict[str, str]:
    return {"id": nth, "from": phone, "text": text}


async def send(desk: Desktop, client: httpx2.AsyncClient, body: bytes, key: str = KEY, late: timedelta = NOW) -> Any:
    at = str(int((desk.stage.wall - late).timestamp()))
    headers = {"Timestamp": at, "Signature": signature(key.encode(), f"{at}.".encode() + body)}
    return await client.post("/v1/replies/sms", content=body, headers=headers)


async def post(desk: Desktop, client: httpx2.AsyncClient, *replies: Mapping[str, str]) -> Any:
    """What the door answers; then the loop reads, and what it plans goes."""
    answer = await send(desk, client, orjson.dumps({"replies": replies}))
    await desk.stage.run()
    desk.stage.pass_time(UNDER_WAY)
    await desk.deliver()
    assert answer.status_code == 200, answer.text
    return {outcome: count for outcome, count in answer.json().items() if count}


async def silent(_records: object) -> None:
    raise Unavailable("kafka")


def votes(desk: Desktop) -> list[Message[Any]]:
    """What feedback is asked for, each request once."""
    records = [each for each in desk.stage.log.of_topic("tickets") if type_of(each.headers) == "EvaluateTicket"]
    return list({each.id: each for each in (decoded(record, EvaluateTicket) for record in records)}.values())


def counted(desk: Desktop) -> list[tuple[str, int, int, bool]]:
    return [(each.key, each.body.voter, each.body.grade, each.body.solved) for each in votes(desk)]


def helped(desk: Desktop) -> list[str]:
    """The texts that say how one evaluates by SMS."""
    return [letter.text for letter in desk.sms.sent.values() if "没有记下您的短信评价" in letter.text]


async def one_more(desk: Desktop) -> None:
    """Another matter of the same phone is asked about."""
    await desk.told_as(registered(number=OTHER_NUMBER), OTHER, (FILER,))
    desk.stage.say(replace(completed(), key=OTHER, id="completed other"))
    await desk.stage.run()
    await desk.deliver()


async def test_a_reply_is_the_vote_of_whoever_was_asked(desk: Desktop, client: httpx2.AsyncClient) -> None:
    assert await post(desk, client, said("５，已解决。谢谢")) == {"evaluated": 1}
    assert counted(desk) == [(TICKET, 0, 5, True)]
    (vote,) = votes(desk)
    assert (vote.to, vote.actor and vote.actor.role, vote.actor and vote.actor.principal) == (
        ("feedback",),
        "reporter",
        "voter:0",
    )
    assert vote.body.words == ""
    assert helped(desk) == []


@pytest.mark.parametrize("phone", ["+8613800000001", "8613800000001", "138 0000 0001", "１３８０００００００１"])
async def test_a_phone_is_the_same_however_its_provider_writes_it(
    desk: Desktop, client: httpx2.AsyncClient, phone: str
) -> None:
    assert await post(desk, client, said("不满意", phone=phone)) == {"evaluated": 1}
    assert counted(desk) == [(TICKET, 0, 2, False)]


async def test_a_reply_that_is_handed_on_twice_is_one_vote(desk: Desktop, client: httpx2.AsyncClient) -> None:
    assert await post(desk, client, said("1"), said("1")) == {"evaluated": 2}
    await post(desk, client, said("1"))
    await one_more(desk)
    assert await post(desk, client, said("1")) == {"evaluated": 1}, "late: it is still of the matter that it answered"
    assert counted(desk) == [(TICKET, 0, 1, False)]


async def test_what_nobody_could_be_asked_for_is_asked_for_when_it_comes_again(
    desk: Desktop, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as silence:
        silence.setattr(desk.stage.writer, "publish", silent)
        assert (await send(desk, client, orjson.dumps({"replies": [said("5")]}))).status_code == 503
    assert votes(desk) == []
    await one_more(desk)
    assert await post(desk, client, said("5")) == {"evaluated": 1}
    assert counted(desk) == [(TICKET, 0, 5, True)], "of the question that it answered when it came first"


async def test_a_second_reply_changes_the_vote(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await post(desk, client, said("5"))
    await post(desk, client, said("2", "m2"))
    assert counted(desk) == [(TICKET, 0, 5, True), (TICKET, 0, 2, False)]


async def test_the_reply_after_an_answer_is_of_the_matter_that_waits(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await post(desk, client, said("5"))
    await one_more(desk)
    assert await post(desk, client, said("1", "m2")) == {"evaluated": 1}
    assert counted(desk) == [(TICKET, 0, 5, True), (OTHER, 0, 1, False)]


@pytest.mark.parametrize("text", ["你们好", "满意吗？", "没有不满意", "", "满" * 5000, "5 不满意"])
async def test_what_is_not_understood_is_answered_once_and_the_next_may_be_understood(
    desk: Desktop, client: httpx2.AsyncClient, text: str
) -> None:
    assert await post(desk, client, said(text)) == {"unclear": 1}
    (help_,) = helped(desk)
    assert [word in help_ for word in (NUMBER, FILER["code"], "1至5")] == [True] * 3
    assert await post(desk, client, said("再说一遍", "m2"), said(text)) == {"unclear": 2}
    assert len(helped(desk)) == 1
    assert await post(desk, client, said("5", "m3")) == {"evaluated": 1}
    assert counted(desk) == [(TICKET, 0, 5, True)]


async def test_what_the_command_hands_on_is_taken_and_a_wrong_key_is_said(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    wall = desk.stage.wall
    assert await handed_on(client, KEY, wall, PHONE, "不满意") == "evaluated"
    assert await handed_on(client, KEY, wall, "13899999999", "5") == "nobody"
    assert counted(desk) == [(TICKET, 0, 2, False)]
    with pytest.raises(ReplyRefused, match="not_signed"):
        await handed_on(client, "another key", wall, PHONE, "5")
    assert set(OUTCOMES) == set(get_args(ReplyOutcome))


async def test_half_a_character_of_a_cut_sms_is_read_and_not_understood(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    body = orjson.dumps({"replies": [said("5")]}).replace(b'"5"', b'"5\\ud83d"')
    assert (await send(desk, client, body)).json()["unclear"] == 1


async def test_of_two_open_questions_none_is_guessed_at_and_one_answer_says_so(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    await one_more(desk)
    assert await post(desk, client, said("5"), said("满意", "m2")) == {"ambiguous": 2}
    assert (counted(desk), len(helped(desk))) == ([], 1)
    assert OTHER_NUMBER in helped(desk)[0], "the one that was asked last"


@pytest.mark.parametrize("end", sorted(ENDS))
async def test_a_question_that_is_settled_stands_open_no_more(
    desk: Desktop, client: httpx2.AsyncClient, end: str
) -> None:
    await one_more(desk)
    await desk.told(ENDS[end])
    await desk.deliver()
    assert await post(desk, client, said("5")) == {"evaluated": 1}
    assert counted(desk) == [(OTHER, 0, 5, True)]


async def test_a_reply_for_nobody_is_counted_and_nothing_is_said(desk: Desktop, client: httpx2.AsyncClient) -> None:
    before = len(desk.sms.sent)
    strangers = [said("5", f"m{nth}", phone) for nth, phone in enumerate(("13899999999", "10086", "0745-5822345", "?"))]
    assert await post(desk, client, *strangers) == {"nobody": 4}
    assert (counted(desk), len(desk.sms.sent)) == ([], before)


async def test_a_reply_that_was_nobodys_stays_so_when_it_comes_again(desk: Desktop, client: httpx2.AsyncClient) -> None:
    phone = NEIGHBOUR | {"channel": "sms", "phone": "13800000002"}
    assert await post(desk, client, said("1", phone=phone["phone"])) == {"nobody": 1}
    await desk.told_as(registered(number=OTHER_NUMBER), OTHER, (phone,))
    desk.stage.say(replace(completed(), key=OTHER, id="completed other"))
    await desk.stage.run()
    await desk.deliver()
    assert await post(desk, client, said("1", phone=phone["phone"])) == {"nobody": 1}
    assert await post(desk, client, said("1", "m2", phone["phone"])) == {"evaluated": 1}


async def test_a_question_is_forgotten_after_its_time_and_a_reminder_keeps_it(
    desk: Desktop, client: httpx2.AsyncClient
) -> None:
    desk.stage.pass_time(OPEN_FOR - timedelta(days=1))
    await desk.told(replace(reminded(look_back=False), body=feedback.evaluation_reminded(outstanding=(0,))))
    await desk.deliver()
    desk.stage.pass_time(OPEN_FOR - timedelta(seconds=1))
    assert await post(desk, client, said("4")) == {"evaluated": 1}
    desk.stage.pass_time(timedelta(seconds=1))
    assert await post(desk, client, said("1", "m2")) == {"nobody": 1}
    assert counted(desk) == [(TICKET, 0, 4, True)]


async def test_an_erasure_leaves_nothing_of_what_was_asked(desk: Desktop, client: httpx2.AsyncClient) -> None:
    await post(desk, client, said("说不清"))
    assert (len(desk.questions.questions), len(desk.questions.places)) == (1, 1)
    await desk.told(fact(erased(), producer="intake", seq=9))
    assert (len(desk.questions.questions), len(desk.questions.places)) == (0, 0)
    assert await post(desk, client, said("5", "m2")) == {"nobody": 1}


@pytest.mark.parametrize(
    ("key", "late", "status", "code"),
    [
        (KEY, NOW, 200, ""),
        (KEY, WINDOW + timedelta(seconds=1), 401, "out_of_time"),
        ("another key", NOW, 401, "not_signed"),
    ],
)
async def test_only_who_signs_just_now_is_heard(
    desk: Desktop, client: httpx2.AsyncClient, key: str, late: timedelta, status: int, code: str
) -> None:
    answer = await send(desk, client, orjson.dumps({"replies": [said("5")]}), key, late)
    assert (answer.status_code, answer.json().get("type", "")) == (status, code)
    assert len(votes(desk)) == (status == 200)


@pytest.mark.parametrize(
    ("replies", "place"),
    [
        ([], "/replies"),
        ([said("5", "")], "/replies/0/id"),
        ([said("5", "a b")], "/replies/0/id"),
        ([said("5", phone="")], "/replies/0/from"),
        ([said("5" * 10_001)], "/replies/0/text"),
        ([said("5")] * (BATCH + 1), "/replies"),
    ],
)
async def test_a_bad_reply_is_refused_and_its_place_is_named(
    desk: Desktop, client: httpx2.AsyncClient, replies: list[dict[str, str]], place: str
) -> None:
    answer = await send(desk, client, orjson.dumps({"replies": replies}))
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [place]
    assert votes(desk) == []
